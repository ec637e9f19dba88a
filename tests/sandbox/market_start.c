/* StartChangeSet: what is refused at once, the token, the quotas and the locks. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"

enum { MAX_CHANGES = 20, MAX_OPEN = 250 };

static char why[200]; /* kept until the next call */

static const char *id_of(const json_t *change)
{
    return text_in(json_object_get(change, "Entity"), "Identifier");
}

static bool is_create(const json_t *change)
{
    return strcmp(text_in(change, "ChangeType"), "CreateOfferUsingResaleAuthorization") == 0;
}

/* --- the shape --- */

/* Details come as a string (the old dialect) or as a document, and are kept as both. */
static json_t *normalised(const json_t *changes)
{
    json_t *list = json_deep_copy(changes);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *change = json_array_get(list, i);
        json_t *document = json_object_get(change, "DetailsDocument");
        const char *details = json_string_value(json_object_get(change, "Details"));
        if (document != NULL && details != NULL) {
            json_object_del(change, "DetailsDocument"); /* one of them: refused below */
            json_object_del(change, "Details");
        } else if (details != NULL) {
            json_object_set_new(change, "DetailsDocument", json_loads(details, 0, NULL));
        } else if (document != NULL) {
            char *text = json_dumps(document, JSON_COMPACT);
            json_object_set_new(change, "Details", json_string(text));
            free(text);
        }
        if (json_object_get(change, "ChangeName") == NULL)
            json_object_set_new(change, "ChangeName", json_null());
        json_object_set_new(change, "ErrorDetailList", json_null());
    }
    return list;
}

static bool is_made_of(const char *text, const char *more)
{
    while (isalnum((unsigned char)*text) || (*text != '\0' && strchr(more, *text) != NULL))
        text++;
    return *text == '\0';
}

static const char *check_request(const json_t *args, const json_t *changes)
{
    const char *name = text_in(args, "ChangeSetName");
    const char *token = text_in(args, "ClientRequestToken");
    const char *intent = text_in(args, "Intent");
    if (strcmp(text_in(args, "Catalog"), "AWSMarketplace") != 0)
        return "Catalog is AWSMarketplace.";
    if (json_array_size(changes) < 1 || json_array_size(changes) > MAX_CHANGES)
        return "A change set has 1 to 20 changes.";
    if (strlen(name) > 100 || !is_made_of(name, "_ \t+=.:@-"))
        return "ChangeSetName has 1 to 100 letters, digits, spaces and + = . : @ - _.";
    if (strlen(token) > 64)
        return "ClientRequestToken has 1 to 64 characters.";
    for (; *token != '\0'; token++) {
        if (*token < 0x21 || *token > 0x7e)
            return "ClientRequestToken is printable ASCII.";
    }
    if (*intent != '\0' && strcmp(intent, "APPLY") != 0)
        return "Intent VALIDATE is not supported for these change types.";
    return NULL;
}

static const json_t *named(const json_t *changes, const char *reference)
{
    size_t size = strcspn(reference + 1, ".");
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const char *name = text_in(json_array_get(changes, i), "ChangeName");
        if (strlen(name) == size && strncmp(name, reference + 1, size) == 0 &&
            strcmp(reference + 1 + size, ".Entity.Identifier") == 0)
            return json_array_get(changes, i);
    }
    return NULL;
}

static const char *check_shape(const json_t *changes, const json_t *change)
{
    const char *name = text_in(change, "ChangeName");
    const char *id = id_of(change);
    size_t details = strlen(text_in(change, "Details"));
    if (strcmp(text_in(json_object_get(change, "Entity"), "Type"), "Offer@1.0") != 0)
        return "Entity.Type is Offer@1.0 for these change types.";
    if (details < 2 || details > 16384)
        return "A change has Details or DetailsDocument, one of them, of 2 to 16384 characters.";
    if (strlen(name) > 72 || name[strcspn(name, "0123456789_ .@")] != '\0')
        return "ChangeName has up to 72 letters.";
    if (is_create(change) ? *id != '\0' : *id == '\0')
        return "Entity.Identifier is for changes of what exists, or is made in the same set.";
    if (*id == '$' && named(changes, id) == NULL)
        return "Entity.Identifier refers to a change that is not in the set.";
    return NULL;
}

/* --- the entity --- */

static bool same_entity(const char *a, const char *b)
{
    size_t size = strcspn(a, "@");
    return size > 0 && size == strcspn(b, "@") && strncmp(a, b, size) == 0;
}

/* The type twice on one entity, or another entity (the sandbox works on one offer a set). */
static const char *check_others(const json_t *changes, size_t at)
{
    const json_t *change = json_array_get(changes, at);
    for (size_t i = 0; i < at; i++) {
        const json_t *before = json_array_get(changes, i);
        if (strcmp(text_in(before, "ChangeType"), text_in(change, "ChangeType")) == 0 &&
            (is_create(change) || same_entity(id_of(before), id_of(change)))) {
            snprintf(why, sizeof(why), "%s is there twice for one entity.",
                     text_in(change, "ChangeType"));
            return why;
        }
        if (!is_create(before) && !is_create(change) && !same_entity(id_of(before), id_of(change)))
            return "This sandbox works on one offer in a change set.";
    }
    return NULL;
}

static bool is_locked(struct market *market, const char *entity)
{
    const char *id;
    json_t *set;
    json_object_foreach(market->change_sets, id, set)
    {
        const json_t *changes = json_object_get(set, "ChangeSet");
        for (size_t i = 0; changes_is_open(set) && i < json_array_size(changes); i++) {
            if (*entity != '$' && same_entity(id_of(json_array_get(changes, i)), entity))
                return true;
        }
    }
    return false;
}

/* False when refused. */
static bool check_entity(struct market *market, const char *entity, struct market_answer *answer)
{
    size_t size = strcspn(entity, "@");
    char id[128];
    if (*entity == '$' || *entity == '\0')
        return true;
    snprintf(id, sizeof(id), "%.*s", (int)size, entity);
    const json_t *offer = json_object_get(market->offers, id);
    long newest = (long)json_integer_value(json_object_get(offer, "revision"));
    if (offer == NULL) {
        market_refuse(answer, 404, "ResourceNotFoundException", "There is no such entity.");
    } else if (is_locked(market, entity)) {
        market_refuse(answer, 423, "ResourceInUseException",
                      "The entity is locked by another change set.");
    } else if (entity[size] == '@' && way_is(market, "revisions", "refused") &&
               strtol(entity + size + 1, NULL, 10) != newest) {
        snprintf(why, sizeof(why), "The entity was changed: its newest revision is %s@%ld.", id,
                 newest);
        market_refuse(answer, 422, "ValidationException", why);
    }
    return answer->code == NULL;
}

/* --- quotas --- */

/* Each open set works on one offer here. */
static const char *check_quotas(const struct market *market)
{
    int count = 0;
    const char *id;
    json_t *set;
    json_object_foreach(market->change_sets, id, set)
    {
        count += changes_is_open(set);
    }
    if (count >= MAX_OPEN)
        return "There are 250 open requests already.";
    if (count < way_number(market, "offers_at_once"))
        return NULL;
    snprintf(why, sizeof(why), "%d offers are being created or updated already.", count);
    return why;
}

/* A token that was seen gets the first answer again. */
static const char *seen_token(struct market *market, const char *token)
{
    const char *id;
    json_t *set;
    if (*token == '\0' || !market->honours_tokens)
        return NULL;
    json_object_foreach(market->change_sets, id, set)
    {
        if (strcmp(text_in(set, "ClientRequestToken"), token) == 0)
            return id;
    }
    return NULL;
}

/* False when refused. */
static bool check_start(struct market *market, const json_t *args, const json_t *changes,
                        struct market_answer *answer)
{
    const char *wrong = check_request(args, changes);
    for (size_t i = 0; wrong == NULL && i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        wrong = check_shape(changes, change);
        if (wrong == NULL)
            wrong = check_others(changes, i);
        if (wrong == NULL && !check_entity(market, id_of(change), answer))
            return false;
        if (wrong == NULL)
            wrong = rules_at_once(market, change);
    }
    if (wrong != NULL) {
        market_refuse(answer, 422, "ValidationException", wrong);
        return false;
    }
    wrong = check_quotas(market);
    if (wrong != NULL)
        market_refuse(answer, 402, "ServiceQuotaExceededException", wrong);
    return wrong == NULL;
}

void changes_start(struct market *market, const json_t *args, struct market_answer *answer)
{
    const char *same = seen_token(market, text_in(args, "ClientRequestToken"));
    if (same != NULL) {
        answer->body = changes_started(same);
        return;
    }
    json_t *changes = normalised(json_object_get(args, "ChangeSet"));
    if (check_start(market, args, changes, answer))
        changes_begin(market, args, changes, answer);
    json_decref(changes);
}
