#include "marketplace/change_sets.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "json.h"
#include "text.h"

enum { DESCRIPTION_UNITS = 255 };

static const char offer_type[] = "Offer@1.0";

void change_set_name(const struct change_set_id *id, char name[SET_NAME])
{
    snprintf(name, SET_NAME, "cppo.%.32s.%lld.r%d.%s.%d.%d%s%.30s", id->install,
             (long long)id->offer, id->revision, id->purpose, id->number, id->attempt,
             *id->mark != '\0' ? "." : "", id->mark);
}

/* The word of small letters and digits in front of the next point, which is passed. */
static bool take_word(const char **at, char *word, size_t capacity)
{
    size_t size = strspn(*at, "abcdefghijklmnopqrstuvwxyz0123456789");
    if (size == 0 || size >= capacity || (*at)[size] != '.')
        return false;
    memcpy(word, *at, size);
    word[size] = '\0';
    *at += size + 1;
    return true;
}

/* A number of at most ${digits} digits; what follows is left there. -1: there is none. */
static int64_t take_digits(const char **at, size_t digits)
{
    char *end;
    size_t size = strspn(*at, "0123456789");
    if (size == 0 || size > digits)
        return -1;
    int64_t number = strtoll(*at, &end, 10);
    *at = end;
    return number;
}

static bool take_char(const char **at, char c)
{
    bool there = **at == c;
    *at += there;
    return there;
}

bool change_set_name_read(struct change_set_parts *parts, const char *name)
{
    const char *at = name + 5;
    *parts = (struct change_set_parts){.offer = 0};
    if (strncmp(name, "cppo.", 5) != 0 || !take_word(&at, parts->install, sizeof(parts->install)))
        return false;
    parts->offer = take_digits(&at, 18);
    if (!take_char(&at, '.') || !take_char(&at, 'r'))
        return false;
    parts->revision = (int)take_digits(&at, 6);
    if (!take_char(&at, '.') || !take_word(&at, parts->purpose, sizeof(parts->purpose)))
        return false;
    parts->number = (int)take_digits(&at, 6);
    if (!take_char(&at, '.'))
        return false;
    parts->attempt = (int)take_digits(&at, 6);
    if (parts->offer <= 0 || parts->revision <= 0 || parts->number < 0 || parts->attempt <= 0)
        return false;
    return *at == '\0' || (take_char(&at, '.') && text_fit(parts->mark, sizeof(parts->mark), at));
}

/* A UUID-shaped text from SHA-256 of the name (which holds all of ${id}) and the changes. */
static void make_token(const char *name, const char *changes, char token[SET_TOKEN])
{
    char digest[HASH_HEX];
    struct text all = {0};
    text_add(&all, name);
    text_add(&all, "\n");
    text_add(&all, changes);
    hash_hex(text_get(&all), all.size, digest);
    text_free(&all);
    snprintf(token, SET_TOKEN, "%.8s-%.4s-5%.3s-a%.3s-%.12s", digest, digest + 8, digest + 12,
             digest + 15, digest + 18);
}

static char *describe(int64_t offer, int revision, const char *customer, const char *between)
{
    char tail[64];
    snprintf(tail, sizeof(tail), " %s CPPO-%lld r%d", between, (long long)offer, revision);
    size_t capacity = DESCRIPTION_UNITS - text_utf16(tail);
    return text_format("%.*s%s", (int)text_cut_utf16(customer, capacity), customer, tail);
}

char *change_set_description(int64_t offer, int revision, const char *customer)
{
    return describe(offer, revision, customer, "-");
}

/* Drafts that were made before the tail was ASCII are ours, too. */
bool change_set_describes(const char *held, int64_t offer, int revision, const char *customer)
{
    static const char *const between[] = {"-", "·"};
    bool same = false;
    for (size_t i = 0; i < 2 && !same; i++) {
        char *ours = describe(offer, revision, customer, between[i]);
        same = strcmp(held, ours) == 0;
        free(ours);
    }
    return same;
}

static void add_change(json_t *changes, const char *type, const char *entity, json_t *details)
{
    json_array_append_new(changes, json_pack("{s:s, s:{s:s, s:s}, s:o}", "ChangeType", type,
                                             "Entity", "Type", offer_type, "Identifier", entity,
                                             "DetailsDocument", details));
}

static json_t *legal_terms(const struct content *content, const char *eula_version)
{
    json_t *document =
        content->eula == EULA_CUSTOM
            ? json_pack("{s:s, s:s}", "Type", "CustomEula", "Url", content->eula_url)
            : json_pack("{s:s, s:s}", "Type", "StandardEula", "Version", eula_version);
    return json_pack("{s:[{s:s, s:[o]}]}", "Terms", "Type", "LegalTerm", "Documents", document);
}

/* Everything that can be said of a draft, in one order. Percentage is a string for AWS. */
static void add_updates(json_t *changes, const char *entity, const struct change_set_id *id,
                        const struct content *content, const char *eula_version)
{
    json_t *buyers = json_array();
    char *description = change_set_description(id->offer, id->revision, content->customer);
    for (size_t i = 0; i < content->buyer_count; i++)
        json_array_append_new(buyers, json_string(content->buyers[i]));
    add_change(changes, "UpdateInformation", entity,
               json_pack("{s:s, s:s}", "Name", content->offer_name, "Description", description));
    add_change(changes, "UpdateMarkup", entity, json_pack("{s:s}", "Percentage", content->markup));
    add_change(changes, "UpdateTargeting", entity,
               json_pack("{s:{s:o}}", "PositiveTargeting", "BuyerAccounts", buyers));
    add_change(changes, "UpdateAvailability", entity,
               json_pack("{s:s}", "AvailabilityEndDate", content->accept_by));
    if (strcmp(content->term, term_as_authorized) != 0)
        add_change(changes, "UpdateValidityTerms", entity,
                   json_pack("{s:[{s:s, s:s}]}", "Terms", "Type", "ValidityTerm",
                             "AgreementDuration", content->term));
    if (content->eula != EULA_AS_AUTHORIZED)
        add_change(changes, "UpdateLegalTerms", entity, legal_terms(content, eula_version));
    free(description);
}

/* What is quoted behind ${key}; "" where it does not fit. */
static void take_quoted(const char *body, const char *key, char *value, size_t capacity)
{
    const char *at = strstr(body, key);
    size_t size = at != NULL ? strcspn(at + strlen(key), "\"") : capacity;
    value[0] = '\0';
    if (size < capacity)
        snprintf(value, capacity, "%.*s", (int)size, at + strlen(key));
}

/* They stand in front of all that people typed, as body_of writes it. */
void change_set_asked(const char *body, char name[SET_NAME], char token[SET_TOKEN])
{
    take_quoted(body, "\"ChangeSetName\":\"", name, SET_NAME);
    take_quoted(body, "\"ClientRequestToken\":\"", token, SET_TOKEN);
}

/* Takes ${changes}. */
static char *body_of(const struct change_set_id *id, json_t *changes)
{
    char name[SET_NAME];
    char token[SET_TOKEN];
    char *text = json_write(changes);
    change_set_name(id, name);
    make_token(name, text, token);
    struct text body = {0};
    text_addf(&body,
              "{\"Catalog\":\"AWSMarketplace\",\"ChangeSetName\":\"%s\","
              "\"ClientRequestToken\":\"%s\",\"ChangeSet\":",
              name, token); /* neither needs an escape */
    text_add(&body, text);
    text_add(&body, "}");
    free(text);
    return text_take(&body);
}

char *change_set_make(const struct change_set_id *id, const struct content *content,
                      const char *eula_version)
{
    json_t *changes = json_array();
    char *description = change_set_description(id->offer, id->revision, content->customer);
    json_array_append_new(changes,
                          json_pack("{s:s, s:s, s:{s:s}, s:{s:s, s:s, s:s}}", "ChangeType",
                                    "CreateOfferUsingResaleAuthorization", "ChangeName",
                                    "CreateCPPO", "Entity", "Type", offer_type, "DetailsDocument",
                                    "ResaleAuthorizationId", content->authorization, "Name",
                                    content->offer_name, "Description", description));
    free(description);
    add_updates(changes, "$CreateCPPO.Entity.Identifier", id, content, eula_version);
    return body_of(id, changes);
}

char *change_set_update(const struct change_set_id *id, const char *entity,
                        const struct content *content, const char *eula_version)
{
    json_t *changes = json_array();
    add_updates(changes, entity, id, content, eula_version);
    return body_of(id, changes);
}

char *change_set_release(const struct change_set_id *id, const char *entity,
                         const char *entity_revision)
{
    json_t *changes = json_array();
    char *identifier =
        text_format("%s%s%s", entity, *entity_revision != '\0' ? "@" : "", entity_revision);
    add_change(changes, "ReleaseOffer", identifier, json_object());
    free(identifier);
    return body_of(id, changes);
}
