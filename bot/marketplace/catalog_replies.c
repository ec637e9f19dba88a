/* What the replies say of lists and change sets; entities are read next door. */
#include <stdlib.h>
#include <string.h>

#include "catalog_parts.h"
#include "json.h"
#include "marketplace/catalog.h"
#include "marketplace/errors.h"
#include "mem.h"
#include "offers/date.h"
#include "offers/draft.h"
#include "text.h"

/* --- small readers --- */

void catalog_fit(const json_t *object, const char *key, char *array, size_t capacity)
{
    text_fit(array, capacity, json_text(object, key));
}

void catalog_fit_whole(const json_t *object, const char *key, char *array, size_t capacity)
{
    if (!text_fit(array, capacity, json_text(object, key)))
        text_fit(array, capacity, "\x1Ftoo long");
}

void catalog_fit_id(const char *id, char *array, size_t capacity)
{
    text_fit(array, capacity, id);
    array[strcspn(array, "@")] = '\0';
}

void catalog_fit_revision(const char *id, char *array, size_t capacity)
{
    const char *at = strchr(id, '@');
    size_t digits = at != NULL ? strspn(at + 1, "0123456789") : 0;
    array[0] = '\0';
    if (digits > 0 && digits < capacity && at[1 + digits] == '\0')
        text_fit(array, capacity, at + 1);
}

/* AWS's time at ${key} (ISO 8601, UTC) in ms since the epoch; 0: there is none. */
static int64_t time_at(const json_t *object, const char *key)
{
    int64_t ms;
    return date_time_read(&ms, json_text(object, key)) ? ms : 0;
}

int64_t catalog_until(const json_t *object, const char *key, bool *readable)
{
    const char *text = json_text(object, key);
    int64_t ms = 0;
    *readable = date_until_read(&ms, text) || *text == '\0';
    return *readable ? ms : 0;
}

/* --- lists --- */

static void read_summary(const json_t *entity, struct authorization *a)
{
    const json_t *summary = json_object_get(entity, "ResaleAuthorizationSummary");
    bool readable; /* if not, its description is not either: then it is not sold under */
    *a =
        (struct authorization){.ends_at = catalog_until(summary, "AvailabilityEndDate", &readable)};
    catalog_fit_id(json_text(entity, "EntityId"), a->id, sizeof(a->id));
    catalog_fit(summary, "Name", a->name, sizeof(a->name));
    if (a->name[0] == '\0')
        catalog_fit(entity, "Name", a->name, sizeof(a->name));
    catalog_fit(summary, "ProductId", a->product_id, sizeof(a->product_id));
    catalog_fit(summary, "Status", a->status, sizeof(a->status));
    catalog_fit(summary, "OfferExtendedStatus", a->extended_status, sizeof(a->extended_status));
}

struct authorization *catalog_authorizations(const json_t *reply, size_t *count,
                                             char next[NEXT_TOKEN])
{
    const json_t *list = json_object_get(reply, "EntitySummaryList");
    struct authorization *all = mem_new(json_array_size(list), sizeof(*all));
    *count = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        read_summary(json_array_get(list, i), &all[*count]);
        if (all[*count].id[0] != '\0')
            ++*count;
    }
    catalog_fit(reply, "NextToken", next, NEXT_TOKEN);
    return all;
}

size_t catalog_offer_ids(const json_t *reply, char (*ids)[ENTITY_ID], size_t capacity,
                         char next[NEXT_TOKEN])
{
    const json_t *list = json_object_get(reply, "EntitySummaryList");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list) && count < capacity; i++) {
        catalog_fit_id(json_text(json_array_get(list, i), "EntityId"), ids[count], ENTITY_ID);
        count += ids[count][0] != '\0';
    }
    catalog_fit(reply, "NextToken", next, NEXT_TOKEN);
    return count;
}

/* --- change sets --- */

static enum change_set_status status_named(const char *name)
{
    static const char *const names[] = {"PREPARING", "APPLYING", "SUCCEEDED", "FAILED",
                                        "CANCELLED"};
    for (int i = 0; i < 5; i++) {
        if (strcmp(names[i], name) == 0)
            return (enum change_set_status)i;
    }
    return CHANGE_SET_STRANGE;
}

/* The general part of the API names no code for it: the words say "revision". */
static bool is_stale(const char *code, const char *said)
{
    return strcasestr(code, "REVISION") != NULL || strcasestr(said, "revision") != NULL;
}

static void add_failures(const json_t *change, struct change_set_state *state, struct text *why,
                         bool *can_retry)
{
    const json_t *list = json_object_get(change, "ErrorDetailList");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *code = json_text(json_array_get(list, i), "ErrorCode");
        const char *said = json_text(json_array_get(list, i), "ErrorMessage");
        bool may_retry;
        const char *words = aws_change_error(code, &may_retry);
        *can_retry = *can_retry && may_retry;
        state->of_account = state->of_account && aws_change_of_account(code);
        state->stale = state->stale || is_stale(code, said);
        state->unknown = state->unknown && words == NULL;
        text_addf(why, "%s%s: %s%s%s%s", why->size > 0 ? "; " : "", code, said,
                  words != NULL ? " – " : "", words != NULL ? words : "", words != NULL ? "." : "");
    }
}

bool catalog_change_set(const json_t *reply, struct change_set_state *state)
{
    struct text why = {0};
    const json_t *changes = json_object_get(reply, "ChangeSet");
    bool can_retry = true;
    *state = (struct change_set_state){
        .status = status_named(json_text(reply, "Status")), .of_account = true, .unknown = true};
    catalog_fit(reply, "ChangeSetId", state->id, sizeof(state->id));
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        const char *entity = json_text(json_object_get(change, "Entity"), "Identifier");
        if (state->entity[0] == '\0' && entity[0] != '$') {
            catalog_fit_id(entity, state->entity, sizeof(state->entity));
            catalog_fit_revision(entity, state->revision, sizeof(state->revision));
        }
        add_failures(change, state, &why, &can_retry);
    }
    state->server_fault = strcmp(json_text(reply, "FailureCode"), "SERVER_FAULT") == 0;
    if (why.size == 0) { /* nothing says that the same content can succeed */
        can_retry = state->of_account = false;
        text_add(&why, json_text(reply, "FailureDescription"));
        state->stale = is_stale("", text_get(&why));
    }
    if (why.size == 0 && state->status == CHANGE_SET_FAILED)
        text_add(&why, "AWS does not say why");
    state->of_account = state->of_account && state->status == CHANGE_SET_FAILED;
    state->unknown = state->unknown && state->status == CHANGE_SET_FAILED;
    state->can_retry = state->server_fault || (state->status == CHANGE_SET_FAILED && can_retry);
    if (why.size > 0)
        text_hide_addresses(why.bytes);
    text_fit(state->why, sizeof(state->why), text_get(&why));
    text_free(&why);
    return state->id[0] != '\0';
}

/* What these do is compared when the offer is read back. */
static bool leaves_legal_terms(const char *type)
{
    static const char *const types[] = {
        "UpdateInformation",          "UpdateMarkup",        "UpdateTargeting",
        "UpdateAvailability",         "UpdateValidityTerms", "UpdatePricingTerms",
        "UpdatePaymentScheduleTerms", "ReleaseOffer",
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(types[i], type) == 0)
            return true;
    }
    return false;
}

bool catalog_changes_legal_terms(const json_t *reply)
{
    const json_t *changes = json_object_get(reply, "ChangeSet");
    for (size_t i = 0; i < json_array_size(changes); i++) {
        if (!leaves_legal_terms(json_text(json_array_get(changes, i), "ChangeType")))
            return true;
    }
    return json_array_size(changes) == 0; /* what cannot be read may be anything */
}

/* Seconds since the epoch, as JSON 1.0 has them; or a text. */
static int64_t moment_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    double seconds = json_number_value(value);
    if (json_is_number(value))
        return seconds > 0 && seconds < 1e11 ? (int64_t)(seconds * 1000) : 0;
    return time_at(object, key);
}

/* The filter asked for this offer alone; an answer about another is not one. */
size_t catalog_agreements(const json_t *reply, const char *entity, struct acceptance *agreements,
                          size_t capacity, char next[NEXT_TOKEN])
{
    const json_t *list = json_object_get(reply, "agreementViewSummaries");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list) && count < capacity; i++) {
        const json_t *one = json_array_get(list, i);
        struct acceptance *agreement = &agreements[count];
        *agreement = (struct acceptance){.accepted_at = moment_of(one, "acceptanceTime")};
        catalog_fit(one, "agreementId", agreement->agreement, sizeof(agreement->agreement));
        catalog_fit(json_object_get(one, "acceptor"), "accountId", agreement->account,
                    sizeof(agreement->account));
        catalog_fit(one, "status", agreement->status, sizeof(agreement->status));
        count += *agreement->agreement != '\0' &&
                 strcmp(json_text(json_object_get(one, "proposalSummary"), "offerId"), entity) == 0;
    }
    catalog_fit(reply, "nextToken", next, NEXT_TOKEN);
    return count;
}

bool catalog_started(const json_t *reply, char id[ENTITY_ID])
{
    catalog_fit(reply, "ChangeSetId", id, ENTITY_ID);
    return id[0] != '\0';
}

static bool read_change_set(const json_t *one, struct change_set_summary *set)
{
    const char *entity = json_string_value(json_array_get(json_object_get(one, "EntityIdList"), 0));
    *set = (struct change_set_summary){.status = status_named(json_text(one, "Status")),
                                       .at = time_at(one, "StartTime")};
    catalog_fit(one, "ChangeSetId", set->id, sizeof(set->id));
    catalog_fit_id(entity != NULL ? entity : "", set->entity, sizeof(set->entity));
    if (!change_set_name_read(&set->parts, json_text(one, "ChangeSetName")))
        set->parts = (struct change_set_parts){.offer = 0};
    return set->id[0] != '\0';
}

struct change_set_summary *catalog_change_sets(const json_t *reply, size_t *count,
                                               char next[NEXT_TOKEN])
{
    const json_t *list = json_object_get(reply, "ChangeSetSummaryList");
    struct change_set_summary *all = mem_new(json_array_size(list), sizeof(*all));
    *count = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        *count += read_change_set(json_array_get(list, i), &all[*count]);
    catalog_fit(reply, "NextToken", next, NEXT_TOKEN);
    return all;
}

bool catalog_find_change_set(const json_t *reply, const char *name, char id[ENTITY_ID])
{
    const json_t *list = json_object_get(reply, "ChangeSetSummaryList");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (strcmp(json_text(one, "ChangeSetName"), name) == 0) {
            catalog_fit(one, "ChangeSetId", id, ENTITY_ID);
            return id[0] != '\0';
        }
    }
    return false;
}
