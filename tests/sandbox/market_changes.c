/* Change sets: PREPARING, APPLYING, then SUCCEEDED, FAILED or CANCELLED; entities are locked
 * meanwhile. Time is compressed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "mem.h"

/* Nowhere is it written down how a change set says that an entity was changed meanwhile. */

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

bool changes_is_open(const json_t *set)
{
    const char *status = text_in(set, "Status");
    return strcmp(status, "PREPARING") == 0 || strcmp(status, "APPLYING") == 0;
}

char *changes_arn(const char *id)
{
    return text_format("arn:aws:aws-marketplace:" SANDBOX_REGION ":" SANDBOX_ACCOUNT
                       ":AWSMarketplace/ChangeSet/%s",
                       id);
}

static void enter(struct market *market, json_t *set, const char *status)
{
    char now[32];
    json_object_set_new(set, "Status", json_string(status));
    if (!changes_is_open(set)) {
        iso_time(market_now(market), now);
        json_object_set_new(set, "EndTime", json_string(now));
    }
    log_entry(market->sandbox, "market.change_set",
              json_pack("{s:s, s:s, s:s}", "id", text_in(set, "ChangeSetId"), "name",
                        text_in(set, "ChangeSetName"), "status", status));
}

/* --- applying --- */

static void fail_change(json_t *change, const char *code, const char *message)
{
    json_object_set_new(change, "ErrorDetailList",
                        json_pack("[{s:s, s:s}]", "ErrorCode", code, "ErrorMessage", message));
}

/* No page names the code of a change set that was too late for its revision. */
static void fail_as_stale(const struct market *market, json_t *change)
{
    if (way_is(market, "stale_words", "other"))
        fail_change(change, "CONFLICTING_REQUEST", "Another request was first.");
    else if (!way_is(market, "stale_words", "none"))
        fail_change(change, "INVALID_ENTITY_REVISION", "The sandbox does as AWS documents it.");
}

/* The draft that the create change makes, with the authorization's buyers where it names some; its
 * new id goes into the change, with a revision. */
static json_t *make_offer(struct market *market, json_t *change, char **id)
{
    json_t *details = json_object_get(change, "DetailsDocument");
    json_t *authorization = json_object_get(details, "ResaleAuthorizationId");
    const json_t *buyers = json_object_get(
        json_object_get(market->authorizations, json_string_value(authorization)), "buyers");
    json_t *offer =
        json_pack("{s:s, s:O, s:O*, s:O*, s:[], s:[], s:i, s:I}", "State", "Draft",
                  "ResaleAuthorizationId", authorization, "Name", json_object_get(details, "Name"),
                  "Description", json_object_get(details, "Description"), "rules", "terms",
                  "revision", 0, "made_ms", (json_int_t)market_now(market));
    if (json_array_size(buyers) > 0)
        json_array_append_new(json_object_get(offer, "rules"),
                              json_pack("{s:s, s:{s:o}}", "Type", "TargetingRule",
                                        "PositiveTargeting", "BuyerAccounts",
                                        json_deep_copy(buyers)));
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

/* The service orders the work itself: what makes the offer comes first, its release last. */
static int turn_of(const json_t *change)
{
    const char *type = text_in(change, "ChangeType");
    if (strncmp(type, "Create", 6) == 0)
        return 0;
    return strcmp(type, "ReleaseOffer") == 0 ? 2 : 1;
}

/* Was the offer changed since the revision that the change names? */
static bool is_stale(const struct market *market, const json_t *change, const json_t *offer)
{
    const char *at = strchr(text_in(json_object_get(change, "Entity"), "Identifier"), '@');
    return at != NULL && !way_is(market, "revisions", "ignored") &&
           strtol(at + 1, NULL, 10) != json_integer_value(json_object_get(offer, "revision"));
}

/* One change, on the offer that is worked on: the first one finds or makes it. */
static bool apply_one(struct market *market, json_t *change, json_t **offer, char **id)
{
    const char *entity = text_in(json_object_get(change, "Entity"), "Identifier");
    const char *code = "INCOMPATIBLE_PRODUCT";
    if (turn_of(change) == 0) {
        code = rules_create(market, change);
        if (code == NULL)
            *offer = make_offer(market, change, id);
    } else {
        if (*offer == NULL && *entity != '$') {
            *offer = json_deep_copy(offer_named(market, change));
            *id = mem_slice(entity, strcspn(entity, "@"));
        }
        if (*offer != NULL && is_stale(market, change, *offer)) {
            fail_as_stale(market, change);
            return false;
        }
        if (*offer != NULL)
            code = rules_apply(market, change, *offer);
    }
    if (code != NULL)
        fail_change(change, code, "The sandbox does as AWS documents it.");
    return code == NULL;
}

/* What it was stays to be read for a while, where that was ordered. */
static void put(struct market *market, const char *id, json_t *offer, const char *by)
{
    json_t *before = json_incref(json_object_get(market->offers, id));
    int stale = way_number(market, "stale_reads");
    if (stale > 0)
        json_object_set_new(market->older, id,
                            json_pack("{s:i, s:O*}", "left", stale, "offer", before));
    touch(market, offer);
    json_object_set(market->offers, id, offer);
    json_int_t count = json_integer_value(json_object_get(offer, "release_count"));
    bool now = count != json_integer_value(json_object_get(before, "release_count"));
    log_entry(market->sandbox, "market.entity",
              json_pack("{s:s, s:s, s:s, s:I, s:o*}", "id", id, "state", text_in(offer, "State"),
                        "by", by, "release_count", count, "released",
                        now ? json_deep_copy(offer) : NULL));
    json_decref(before);
}

/* All or nothing: applied to a copy, which takes the offer's place when all went well. */
static bool apply_all(struct market *market, json_t *set)
{
    json_t *changes = json_object_get(set, "ChangeSet");
    char *id = NULL;
    json_t *offer = NULL;
    bool good = true;
    for (int turn = 0; turn <= 2; turn++) {
        for (size_t i = 0; i < json_array_size(changes); i++) {
            json_t *change = json_array_get(changes, i);
            if (turn_of(change) == turn && (turn == 0 || offer != NULL || good))
                good &= apply_one(market, change, &offer, &id);
        }
    }
    if (good)
        put(market, id, offer, text_in(set, "by"));
    json_decref(offer);
    free(id);
    return good;
}

/* --- the way --- */

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
    if (!changes_is_open(set) || is_held(set, state))
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

void changes_finish(struct market *market, const char *id)
{
    json_t *set = set_of(market, id);
    if (!changes_is_open(set))
        return;
    enter(market, set, "APPLYING");
    complete(market, set);
}

void changes_release_holds(struct market *market)
{
    const char *id;
    json_t *set;
    json_object_foreach(market->change_sets, id, set)
    {
        bool stands = changes_is_open(set) && is_held(set, text_in(set, "Status"));
        if (strcmp(text_in(json_object_get(set, "luck"), "change_set"), "hold") == 0)
            json_object_del(set, "luck"); /* those too that are not that far yet */
        if (stands)
            go_on(market, set);
    }
}

/* --- starting, looking, cancelling --- */

json_t *changes_started(const char *id)
{
    char *arn = changes_arn(id);
    json_t *body = json_pack("{s:s, s:s}", "ChangeSetId", id, "ChangeSetArn", arn);
    free(arn);
    return body;
}

void changes_begin(struct market *market, const json_t *args, json_t *changes,
                   struct market_answer *answer)
{
    char now[32];
    const char *name = text_in(args, "ChangeSetName");
    char *id = market_id(market, "changeset");
    char *arn = changes_arn(id);
    iso_time(market_now(market), now);
    json_t *set =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:n, s:n, s:n, s:O, s:I, s:s}", "ChangeSetId", id,
                  "ChangeSetArn", arn, "ChangeSetName",
                  *name != '\0' ? name : "Submitted by " SANDBOX_ACCOUNT, "Intent", "APPLY",
                  "ClientRequestToken", text_in(args, "ClientRequestToken"), "StartTime", now,
                  "EndTime", "FailureCode", "FailureDescription", "ChangeSet", changes, "made_ms",
                  (json_int_t)market_now(market), "by", market->by != NULL ? market->by : "bot");
    if (market->by == NULL && json_array_size(market->orders) > 0) {
        json_object_set(set, "luck", json_array_get(market->orders, 0));
        json_array_remove(market->orders, 0);
    }
    json_object_set_new(market->change_sets, id, set);
    enter(market, set, "PREPARING");
    answer->body = changes_started(id);
    wait_on(market, id, market->prepare_ms);
    free(arn);
    free(id);
}

void changes_describe(struct market *market, const char *id, struct market_answer *answer)
{
    static const char *const ours[] = {"ClientRequestToken", "luck", "made_ms", "by"};
    json_t *set = set_of(market, id);
    if (set == NULL) {
        market_refuse(answer, 404, "ResourceNotFoundException", "There is no such change set.");
        return;
    }
    answer->body = json_deep_copy(set);
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        json_object_del(answer->body, ours[i]);
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
        answer->body = changes_started(id);
    }
}
