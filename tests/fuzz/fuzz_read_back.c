/* AWS tells back the draft that it was given, but for one thing: no difference may go unseen, and
 * none may be made up. Bytes: where the details stand, what is different; then the offer's name,
 * the customer, the EULA's address and what AWS holds instead, each up to a 0x1E. */
#include <jansson.h>

#include "fuzz.h"
#include "marketplace/catalog.h"
#include "marketplace/change_sets.h"

enum { OFFER = 12, REVISION = 2, SAME = 10 };

static const char eula_version[] = "2022-07-14";

/* What AWS may hold otherwise, by number; then nothing. */
struct held {
    const char *name, *description, *authorization, *markup, *accept_by, *term;
    const char *eula_type, *eula_url, *eula_version, *buyer;
    const char *third; /* a buyer too many, or NULL */
};

/* Longer than any name may be. Takes the text. */
static char *repeated(char *text)
{
    struct text whole = {0};
    while (*text != '\0' && whole.size < 5 * NAME_POINTS)
        text_add(&whole, text);
    free(text);
    return text_take(&whole);
}

static void fill_content(struct content *content, enum offer_eula eula, char **texts)
{
    *content = (struct content){.authorization = "resaleauthz-1",
                                .buyer_count = 2,
                                .buyers = {"123456789012", "210987654321"},
                                .markup = "33.3",
                                .term = "P3650D",
                                .accept_by = "2027-01-15",
                                .eula = eula};
    text_fit(content->offer_name, sizeof(content->offer_name), texts[0]);
    text_fit(content->customer, sizeof(content->customer), texts[1]);
    if (eula == EULA_CUSTOM)
        text_fit(content->eula_url, sizeof(content->eula_url), texts[2]);
}

static const char *type_of(enum offer_eula eula)
{
    return eula == EULA_CUSTOM ? "CustomEula" : "StandardEula";
}

static json_t *details_of(const struct held *held)
{
    json_t *buyers = json_pack("[s, s]", "210987654321", held->buyer);
    if (held->third != NULL)
        json_array_append_new(buyers, json_string(held->third));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:[{s:s, s:s}, {s:s, s:{s:o}}], s:[{s:s, s:s}, {s:s, "
        "s:[{s:s, s:s, s:s}]}]}",
        "State", "Draft", "Name", held->name, "Description", held->description,
        "ResaleAuthorizationId", held->authorization, "MarkupPercentage", held->markup, "Rules",
        "Type", "AvailabilityRule", "AvailabilityEndDate", held->accept_by, "Type", "TargetingRule",
        "PositiveTargeting", "BuyerAccounts", buyers, "Terms", "Type", "ValidityTerm",
        "AgreementDuration", held->term, "Type", "LegalTerm", "Documents", "Type", held->eula_type,
        "Url", held->eula_url, "Version", held->eula_version);
}

/* As a document, or as AWS wrote it before: JSON in a text. */
static json_t *reply_of(const struct held *held, bool document)
{
    json_t *details = details_of(held);
    json_t *reply = json_pack("{s:s}", "EntityIdentifier", "offer-abc@3");
    must(details != NULL && reply != NULL, "AWS says UTF-8");
    if (document) {
        json_object_set_new(reply, "DetailsDocument", details);
    } else {
        char *text = json_dumps(details, JSON_COMPACT);
        json_object_set_new(reply, "Details", json_string(text));
        free(text);
        json_decref(details);
    }
    return reply;
}

/* Is it the same markup? Only zeros in front and at its end may be more. */
static bool same_markup(const char *text)
{
    text += strspn(text, "0");
    return strncmp(text, "33.3", 4) == 0 && text[4 + strspn(text + 4, "0")] == '\0' &&
           strlen(text) <= 9 + 3;
}

/* Of these AWS holds something else, and it matters: not the address, which AWS makes itself, nor a
 * version that it does not tell. */
static bool differs(const struct held *held, const struct held *same, const struct content *content)
{
    bool differs = held->third != NULL || strcmp(held->name, same->name) != 0 ||
                   !change_set_describes(held->description, OFFER, REVISION, content->customer) ||
                   strcmp(held->authorization, same->authorization) != 0 ||
                   strlen(held->term) >= DURATION_TEXT || !duration_same(held->term, same->term) ||
                   strcmp(held->buyer, same->buyer) != 0 || !same_markup(held->markup) ||
                   strncmp(held->accept_by, same->accept_by, strlen(same->accept_by)) != 0 ||
                   strcmp(held->eula_type, same->eula_type) != 0;
    if (content->eula == EULA_STANDARD && *held->eula_version != '\0')
        differs = differs || strcmp(held->eula_version, same->eula_version) != 0;
    return differs;
}

static void judge(const struct content *content, const char *whole_name, unsigned what,
                  unsigned flags, const char *other)
{
    struct catalog_offer offer;
    char *description = change_set_description(OFFER, REVISION, content->customer);
    const struct held same = {content->offer_name,
                              description,
                              content->authorization,
                              content->markup,
                              content->accept_by,
                              content->term,
                              type_of(content->eula),
                              content->eula_url,
                              eula_version,
                              content->buyers[0],
                              NULL};
    struct held held = same;
    const char **const parts[SAME] = {
        &held.name, &held.description, &held.authorization, &held.markup,       &held.accept_by,
        &held.term, &held.eula_type,   &held.eula_url,      &held.eula_version, &held.buyer};
    char *longer = text_format("%s%s", what % 16 < SAME ? *parts[what % 16] : "", other);
    if (what % 16 == SAME)
        held.third = other;
    if (flags & 16)
        held.name = whole_name;
    if (what % 16 < SAME)
        *parts[what % 16] = flags & 8 ? longer : other;
    json_t *reply = reply_of(&held, flags & 4);
    must(catalog_offer(reply, &offer), "it is an offer");
    const struct terms authorized = {
        .count = content->eula == EULA_AS_AUTHORIZED,
        .lines = {{.kind = TERM_LEGAL, .key = "StandardEula"}},
    };
    const struct approved approved = {OFFER, REVISION, content, &authorized, eula_version};
    char *told = catalog_differences(&offer, &approved);
    must((told != NULL) == differs(&held, &same, content), "a difference is seen");
    free(told);
    json_decref(reply);
    free(longer);
    free(description);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    struct content content;
    unsigned flags = fuzz_byte(&fuzz);
    unsigned what = fuzz_byte(&fuzz);
    char *texts[4];
    for (int i = 0; i < 4; i++) {
        texts[i] = fuzz_field(&fuzz);
        text_repair(texts[i]);
    }
    if (flags & 32)
        texts[0] = repeated(texts[0]);
    fill_content(&content, (enum offer_eula)(flags % 4 % 3), texts);
    judge(&content, texts[0], what, flags, texts[3]);
    for (int i = 0; i < 4; i++)
        free(texts[i]);
    return 0;
}
