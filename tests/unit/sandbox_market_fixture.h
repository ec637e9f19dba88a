/* Calls of the sandbox's Marketplace, without a server: change sets take 600 ms of its own clock.
 */
#ifndef CPPO_TESTS_SANDBOX_MARKET_FIXTURE_H
#define CPPO_TESTS_SANDBOX_MARKET_FIXTURE_H

#include "../sandbox/market.h"
#include "sandbox_fixture.h"

#define BRONZE "resaleauthz-bronze2024"

static struct market *market;
static struct market_answer answer; /* of the last call; owned */
static char last_set[64];           /* that was started last */

static inline void answer_free(void)
{
    json_decref(answer.body);
    memset(&answer, 0, sizeof(answer));
}

/* A switch or a lever of POST /_sandbox/fault. */
static inline void turn_on(const char *json)
{
    const char *error = NULL;
    json_t *wish = parse(json);
    assert_true(market_luck(market, wish, &error));
    if (error != NULL)
        fail_msg("%s", error);
    json_decref(wish);
}

/* POST /_sandbox/market/: what came of it (borrowed until the next one), or the error in *why. */
typedef const char *play(struct market *market, const json_t *order, json_t *reply);
static json_t *played;

static inline const char *try_order(play *run, const char *json)
{
    json_t *order = parse(json);
    json_decref(played);
    played = json_object();
    const char *error = run(market, order, played);
    json_decref(order);
    return error;
}

static inline void order(play *run, const char *json)
{
    const char *error = try_order(run, json);
    if (error != NULL)
        fail_msg("%s: %s", json, error);
}

/* The new authorization's id. */
static inline const char *extend(const char *json)
{
    order(play_extend, json);
    return text_in(played, "authorization");
}

/* Starts ${changes}, ' for ". */
static inline void start(const char *changes)
{
    json_t *args =
        json_pack("{s:s, s:o}", "Catalog", "AWSMarketplace", "ChangeSet", parse(changes));
    answer_free();
    changes_start(market, args, &answer);
    text_fit(last_set, sizeof(last_set), text_in(answer.body, "ChangeSetId"));
    json_decref(args);
}

static inline const json_t *set_now(void)
{
    return json_object_get(market->change_sets, last_set);
}

/* The set's first error code, once it has ended; "" when it succeeded. */
static inline const char *ended(void)
{
    size_t i;
    const json_t *change;
    if (answer.code != NULL)
        fail_msg("refused at once: %s %s", answer.code, answer.message);
    pass(2000);
    json_array_foreach(json_object_get(set_now(), "ChangeSet"), i, change)
    {
        const json_t *error = json_array_get(json_object_get(change, "ErrorDetailList"), 0);
        if (error != NULL)
            return text_in(error, "ErrorCode");
    }
    return strcmp(text_in(set_now(), "Status"), "SUCCEEDED") == 0 ? "" : "without a code";
}

/* One change of an entity. */
static inline const char *change(const char *type, const char *entity, const char *details)
{
    char *json = text_format("[{'ChangeType': '%s', 'Entity': {'Type': 'Offer@1.0', 'Identifier': "
                             "'%s'}, 'DetailsDocument': %s}]",
                             type, entity, details);
    start(json);
    free(json);
    return ended();
}

/* A draft from ${authorization} with a markup; its id, kept until the next one. */
static inline const char *draft(const char *authorization, const char *markup)
{
    static char id[64];
    char *json = text_format(
        "[{'ChangeType': 'CreateOfferUsingResaleAuthorization', 'ChangeName': 'New',"
        " 'Entity': {'Type': 'Offer@1.0'}, 'DetailsDocument': {'ResaleAuthorizationId': '%s',"
        " 'Name': 'Archera', 'Description': 'for Alpha'}},"
        "{'ChangeType': 'UpdateMarkup', 'Entity': {'Type': 'Offer@1.0', 'Identifier':"
        " '$New.Entity.Identifier'}, 'DetailsDocument': {'Percentage': '%s'}},"
        "{'ChangeType': 'UpdateTargeting', 'Entity': {'Type': 'Offer@1.0', 'Identifier':"
        " '$New.Entity.Identifier'}, 'DetailsDocument': {'PositiveTargeting': {'BuyerAccounts':"
        " ['222233334444', '555566667777']}}},"
        "{'ChangeType': 'UpdateAvailability', 'Entity': {'Type': 'Offer@1.0', 'Identifier':"
        " '$New.Entity.Identifier'}, 'DetailsDocument': {'AvailabilityEndDate': '2024-02-01'}}]",
        authorization, markup);
    start(json);
    free(json);
    assert_string_equal(ended(), "");
    const json_t *first = json_array_get(json_object_get(set_now(), "ChangeSet"), 0);
    text_fit(id, sizeof(id), text_in(json_object_get(first, "Entity"), "Identifier"));
    id[strcspn(id, "@")] = '\0';
    return id;
}

/* DetailsDocument of an entity; borrowed until the next call. */
static inline const json_t *read_entity(const char *id)
{
    answer_free();
    entities_describe(market, id, &answer);
    return json_object_get(answer.body, "DetailsDocument");
}

static inline const json_t *typed(const json_t *details, const char *list, const char *type)
{
    return typed_in(json_object_get(details, list), type);
}

static inline const json_t *term(const json_t *details, const char *type)
{
    return typed(details, "Terms", type);
}

/* The price of the first dimension of the first rate card. */
static inline const char *first_price(const json_t *one)
{
    const json_t *card = json_array_get(json_object_get(one, "RateCards"), 0);
    return text_in(json_array_get(json_object_get(card, "RateCard"), 0), "Price");
}

static inline int set_up(void **state)
{
    (void)state;
    fixture_open();
    market = market_open(&fake.box);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    answer_free();
    json_decref(played);
    played = NULL;
    fixture_close();
    market_close(market);
    return 0;
}

#endif
