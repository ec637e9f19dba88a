/* Change sets: PREPARING, APPLYING, then SUCCEEDED, FAILED or CANCELLED; entities are locked
 * meanwhile. Time is compressed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "mem.h"

enum { MOST_CHANGES = 20, MOST_OPEN = 250 };

/* One that is on its way; freed when its timer has run out, or with the market. */
struct running {
    struct market *market;
    char *id;
    struct running *next;
};

static void running_free(struct running *running)
{
    struct running **link = &running->market->running;
    while (*link != running)
        link = &(*link)->next;
    *link = running->next;
    free(running->id);
    free(running);
}

void changes_close(struct market *market)
{
    while (market->running != NULL)
        running_free(market->running);
}

static json_t *set_of(struct market *market, const char *id)
{
    return json_object_get(market->change_sets, id);
}

static bool is_open(const json_t *set)
{
    const char *status = text_in(set, "Status");
    return strcmp(status, "PREPARING") == 0 || strcmp(status, "APPLYING") == 0;
}

static void enter(struct market *market, json_t *set, const char *status)
{
    char now[32];
    json_object_set_new(set, "Status", json_string(status));
    if (!is_open(set)) {
        iso_time(market_now(market), now);
        json_object_set_new(set, "EndTime", json_string(now));
    }
    log_entry(market->sandbox, "market.change_set",
              json_pack("{s:s, s:s, s:s}", "id", text_in(set, "ChangeSetId"), "name",
                        text_in(set, "ChangeSetName"), "status", status));
}

/* --- applying ----------------------------------------------------------------------------- */

static void fail_change(json_t *change, const char *code, const char *message)
{
    json_object_set_new(change, "ErrorDetailList",
                        json_pack("[{s:s, s:s}]", "ErrorCode", code, "ErrorMessage", message));
}

/* The draft that the set's first change makes; its new id goes into the change, with a revision. */
static json_t *make_offer(struct market *market, json_t *change, char **id)
{
    const json_t *details = json_object_get(change, "DetailsDocument");
    json_t *offer = json_pack(
        "{s:s, s:O, s:[], s:[], s:i}", "State", "Draft", "ResaleAuthorizationId",
        json_object_get(details, "ResaleAuthorizationId"), "rules", "terms", "revision", 0);
    *id = market_id(market, "offer-");
    char *identifier = text_format("%s@1", *id);
    json_object_set_new(json_object_get(change, "Entity"), "Identifier", json_string(identifier));
    free(identifier);
    return offer;
}

static json_t *offer_named(struct market *market, const json_t *change)
{
    char id[128];
    text_fit(id, sizeof(id), text_in(json_object_get(change, "Entity"), "Identifier"));
    id[strcspn(id, "@")] = '\0';
    return json_object_get(market->offers, id);
}

static void touch(struct market *market, json_t *offer)
{
    char now[32];
    json_int_t revision = json_integer_value(json_object_get(offer, "revision"));
    iso_time(market_now(market), now);
    json_object_set_new(offer, "modified", json_string(now));
    json_object_set_new(offer, "revision", json_integer(revision + 1));
}

/* All or nothing: applied to a copy, which takes the offer's place when all went well. */
static bool apply_all(struct market *market, json_t *set)
{
    json_t *changes = json_object_get(set, "ChangeSet");
    char *id = NULL;
    json_t *offer = NULL;
    bool good = true;
    for (size_t i = 0; i < json_array_size(changes); i++) {
        json_t *change = json_array_get(changes, i);
        const char *entity = text_in(json_object_get(change, "Entity"), "Identifier");
        const char *code = NULL;
        if (strcmp(text_in(change, "ChangeType"), "CreateOfferUsingResaleAuthorization") == 0) {
            offer = make_offer(market, change, &id);
            continue;
        }
        if (offer == NULL) {
            offer = json_deep_copy(offer_named(market, change));
            id = mem_slice(entity, strcspn(entity, "@"));
        }
        code = offer != NULL ? rules_apply(market, change, offer) : "INCOMPATIBLE_PRODUCT";
        if (code != NULL)
            fail_change(change, code, "The sandbox does as AWS documents it.");
        good = good && code == NULL;
    }
    if (good) {
        touch(market, offer);
        json_object_set(market->offers, id, offer);
        log_entry(market->sandbox, "market.entity",
                  json_pack("{s:s, s:s, s:I}", "id", id, "state", text_in(offer, "State"),
                            "release_count",
                            json_integer_value(json_object_get(offer, "release_count"))));
    }
    json_decref(offer);
    free(id);
    return good;
}

/* --- the way ------------------------------------------------------------------------------ */

static void fail_as_ordered(json_t *set, const json_t *luck)
{
    const char *message = text_in(luck, "message");
    bool theirs = json_is_true(json_object_get(luck, "server_fault"));
    fail_change(json_array_get(json_object_get(set, "ChangeSet"), 0), text_in(luck, "code"),
                *message != '\0' ? message : "As was ordered.");
    json_object_set_new(set, "FailureCode", json_string(theirs ? "SERVER_FAULT" : "CLIENT_ERROR"));
}

static void complete(struct market *market, json_t *set)
{
    const json_t *luck = json_object_get(set, "luck");
    bool fails = strcmp(text_in(luck, "change_set"), "fail") == 0;
    if (fails) {
        fail_as_ordered(set, luck);
    } else if (!apply_all(market, set)) {
        fails = true;
        json_object_set_new(set, "FailureCode", json_string("CLIENT_ERROR"));
    }
    enter(market, set, fails ? "FAILED" : "SUCCEEDED");
}

/* Is it to stay in ${state} until holds are released? */
static bool is_held(const json_t *set, const char *state)
{
    const json_t *luck = json_object_get(set, "luck");
    const char *wanted = text_in(luck, "state");
    return strcmp(text_in(luck, "change_set"), "hold") == 0 &&
           strcmp(*wanted != '\0' ? wanted : "APPLYING", state) == 0;
}

static void on_time(void *ctx);

static void wait_on(struct market *market, const char *id, int ms)
{
    struct running *running = mem_new(1, sizeof(*running));
    running->market = market;
    running->id = mem_copy(id);
    running->next = market->running;
    market->running = running;
    sandbox_after(market->sandbox, ms, on_time, running);
}

static void go_on(struct market *market, json_t *set)
{
    const char *state = text_in(set, "Status");
    if (!is_open(set) || is_held(set, state))
        return;
    if (strcmp(state, "APPLYING") == 0) {
        complete(market, set);
    } else if (strcmp(text_in(json_object_get(set, "luck"), "change_set"), "cancel") == 0) {
        enter(market, set, "CANCELLED"); /* by somebody in the console */
    } else {
        enter(market, set, "APPLYING");
        wait_on(market, text_in(set, "ChangeSetId"), market->apply_ms);
    }
}

static void on_time(void *ctx)
{
    struct running *running = ctx;
    go_on(running->market, set_of(running->market, running->id));
    running_free(running);
}

void changes_release_holds(struct market *market)
{
    const char *id;
    json_t *set;
    json_object_foreach(market->change_sets, id, set)
    {
        bool stands = is_open(set) && is_held(set, text_in(set, "Status"));
        if (strcmp(text_in(json_object_get(set, "luck"), "change_set"), "hold") == 0)
            json_object_del(set, "luck"); /* those too that are not that far yet */
        if (stands)
            go_on(market, set);
    }
}

/* --- starting ----------------------------------------------------------------------------- */

/* Details may come as a string (the old dialect) or as DetailsDocument. */
static json_t *normalised(const json_t *changes)
{
    json_t *list = json_deep_copy(changes);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *change = json_array_get(list, i);
        const char *details = json_string_value(json_object_get(change, "Details"));
        if (details != NULL)
            json_object_set_new(change, "DetailsDocument", json_loads(details, 0, NULL));
        json_object_set_new(change, "ErrorDetailList", json_null());
    }
    return list;
}

static bool is_locked(struct market *market, const char *entity)
{
    const char *id;
    json_t *set;
    json_object_foreach(market->change_sets, id, set)
    {
        const json_t *changes = json_object_get(set, "ChangeSet");
        for (size_t i = 0; is_open(set) && i < json_array_size(changes); i++) {
            const json_t *entity_there = json_object_get(json_array_get(changes, i), "Entity");
            if (*entity != '$' && *entity != '\0' &&
                strcmp(text_in(entity_there, "Identifier"), entity) == 0)
                return true;
        }
    }
    return false;
}

static size_t count_open(const struct market *market)
{
    size_t count = 0;
    const char *id;
    json_t *set;
    json_object_foreach(market->change_sets, id, set)
    {
        count += is_open(set);
    }
    return count;
}

/* False when refused. */
static bool check_start(struct market *market, const json_t *args, const json_t *changes,
                        struct market_answer *answer)
{
    if (strcmp(text_in(args, "Catalog"), "AWSMarketplace") != 0 || json_array_size(changes) < 1 ||
        json_array_size(changes) > MOST_CHANGES ||
        text_points(text_in(args, "ChangeSetName")) > 100 ||
        strlen(text_in(args, "ClientRequestToken")) > 64) {
        market_refuse(answer, 422, "ValidationException", "Catalog, ChangeSet, name or token");
        return false;
    }
    if (count_open(market) >= MOST_OPEN) {
        market_refuse(answer, 402, "ServiceQuotaExceededException", "Too many open requests.");
        return false;
    }
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        const char *message = rules_at_once(market, change);
        const char *entity = text_in(json_object_get(change, "Entity"), "Identifier");
        if (is_locked(market, entity)) {
            market_refuse(answer, 423, "ResourceInUseException",
                          "The entity is locked by another change set.");
            return false;
        }
        if (message != NULL) {
            market_refuse(answer, 422, "ValidationException", message);
            return false;
        }
    }
    return true;
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

static json_t *started(const char *id)
{
    char *arn = text_format("arn:aws:aws-marketplace:" SANDBOX_REGION ":" SANDBOX_ACCOUNT
                            ":AWSMarketplace/ChangeSet/%s",
                            id);
    json_t *body = json_pack("{s:s, s:s}", "ChangeSetId", id, "ChangeSetArn", arn);
    free(arn);
    return body;
}

void changes_start(struct market *market, const json_t *args, struct market_answer *answer)
{
    const char *token = text_in(args, "ClientRequestToken");
    const char *same = seen_token(market, token);
    char now[32];
    if (same != NULL) {
        answer->body = started(same);
        return;
    }
    json_t *changes = normalised(json_object_get(args, "ChangeSet"));
    if (!check_start(market, args, changes, answer)) {
        json_decref(changes);
        return;
    }
    char *id = market_id(market, "changeset");
    iso_time(market_now(market), now);
    json_t *set =
        json_pack("{s:s, s:s, s:s, s:s, s:n, s:n, s:n, s:o}", "ChangeSetId", id, "ChangeSetName",
                  text_in(args, "ChangeSetName"), "ClientRequestToken", token, "StartTime", now,
                  "EndTime", "FailureCode", "FailureDescription", "ChangeSet", changes);
    if (json_array_size(market->orders) > 0) {
        json_object_set(set, "luck", json_array_get(market->orders, 0));
        json_array_remove(market->orders, 0);
    }
    json_object_set_new(market->change_sets, id, set);
    enter(market, set, "PREPARING");
    answer->body = started(id);
    wait_on(market, id, market->prepare_ms);
    free(id);
}

/* --- looking, cancelling ------------------------------------------------------------------ */

void changes_describe(struct market *market, const char *id, struct market_answer *answer)
{
    json_t *set = set_of(market, id);
    if (set == NULL) {
        market_refuse(answer, 404, "ResourceNotFoundException", "There is no such change set.");
        return;
    }
    answer->body = json_deep_copy(set);
    json_object_del(answer->body, "ClientRequestToken");
    json_object_del(answer->body, "luck");
}

static bool listed(const json_t *set, const json_t *filters)
{
    for (size_t i = 0; i < json_array_size(filters); i++) {
        const json_t *filter = json_array_get(filters, i);
        const char *wanted =
            json_string_value(json_array_get(json_object_get(filter, "ValueList"), 0));
        const char *name = text_in(filter, "Name");
        if (strcmp(name, "ChangeSetName") == 0 || strcmp(name, "Status") == 0) {
            if (wanted == NULL || strcmp(text_in(set, name), wanted) != 0)
                return false;
        }
    }
    return true;
}

void changes_list(struct market *market, const json_t *args, struct market_answer *answer)
{
    json_t *list = json_array();
    const char *id;
    json_t *set;
    json_object_foreach(market->change_sets, id, set)
    {
        if (listed(set, json_object_get(args, "FilterList")) && json_array_size(list) < 20)
            json_array_insert_new(list, 0,
                                  json_pack("{s:s, s:s, s:s, s:s, s:O, s:O}", "ChangeSetId", id,
                                            "ChangeSetName", text_in(set, "ChangeSetName"),
                                            "Status", text_in(set, "Status"), "StartTime",
                                            text_in(set, "StartTime"), "EndTime",
                                            json_object_get(set, "EndTime"), "FailureCode",
                                            json_object_get(set, "FailureCode")));
    }
    answer->body = json_pack("{s:o, s:n}", "ChangeSetSummaryList", list, "NextToken");
}

void changes_cancel(struct market *market, const char *id, struct market_answer *answer)
{
    json_t *set = set_of(market, id);
    if (set == NULL) {
        market_refuse(answer, 404, "ResourceNotFoundException", "There is no such change set.");
    } else if (strcmp(text_in(set, "Status"), "PREPARING") != 0) {
        market_refuse(answer, 423, "ResourceInUseException", "It can no longer be cancelled.");
    } else {
        enter(market, set, "CANCELLED");
        answer->body = started(id);
    }
}
