/* Requests that come by another door than the form, and whose an authorization is. */
#include "flows_fixture.h"

#include "flows/offering.h"
#include "offers/claim.h"

/* What a line of a file asks for, and what came of it. */
struct line {
    const char *person, *id, *customer;
    struct reference offer;
    struct requested requested;
};

static struct form_errors errors; /* of the newest */

static void ask(struct turn *turn, const void *about)
{
    struct line *line = *(struct line *const *)about;
    const struct content content = flows_content();
    char buyers[200];
    struct offering offering = {
        .person = line->person, .by = "file", .id = line->id, .shown = line->offer};
    content_form(&content, buyers, sizeof(buyers), &offering.form);
    offering.form.typed[FIELD_CUSTOMER] = line->customer;
    line->requested = offering_take(turn, &offering, &errors);
}

static struct requested request(const char *id, const char *customer)
{
    struct line line = {.person = "U0SELLER", .id = id, .customer = customer};
    struct line *const pointer = &line;
    flows_do(ask, &pointer);
    return line.requested;
}

static int64_t offers(void)
{
    return store_int(flows.store, "SELECT count(*) FROM request", SQL_NO_ARGS, 0);
}

static void expect_refused(struct requested requested, const char *words)
{
    assert_int_equal(requested.kind, REQUEST_REFUSED);
    if (strstr(requested.why, words) == NULL)
        fail_msg("“%s” is not in: %s", words, requested.why);
    free(requested.why);
}

static void expect_taken(struct requested requested)
{
    assert_int_equal(requested.kind, REQUEST_TAKEN);
    assert_null(requested.why);
}

static void a_file_makes_an_offer_once(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    expect_taken(request("line 1", "Example Corp"));
    assert_string_equal(flows_state(1), "pending");
    expect_taken(request("line 1", "Example Corp"));
    expect_refused(request("line 1", "Other Corp"), "already created from this file");
    assert_int_equal(offers(), 1);
    expect_taken(request("line 2", "Other Corp"));
    assert_int_equal(offers(), 2);
}

static void what_is_wrong_with_a_field_is_said_of_it(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    struct requested requested = request("line 1", "");
    assert_int_equal(requested.kind, REQUEST_ERRORS);
    assert_string_not_equal(errors.text[FIELD_CUSTOMER], "");
    assert_string_equal(errors.text[FIELD_MARKUP], "");
    assert_int_equal(offers(), 0);
}

/* As anywhere: it is kept, and judged when it is known who they are. */
static void who_is_not_known_yet_is_judged_later(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    struct line line = {.person = "U0NEW", .id = "line 1", .customer = "Example Corp"};
    struct line *const pointer = &line;
    flows_do(ask, &pointer);
    assert_int_equal(line.requested.kind, REQUEST_LATER);
    assert_string_equal(flows_state(1), "draft");
    flows_answer("slack:users.info", "U0NEW",
                 "{\"ok\":true,\"user\":{\"id\":\"U0NEW\",\"team_id\":\"T0HOME\"}}");
    assert_string_equal(flows_state(1), "pending");
}

static void read_first(struct turn *turn, const void *about)
{
    struct line *line = *(struct line *const *)about;
    struct request offer;
    assert_true(offers_get(turn, 1, &offer));
    line->offer = (struct reference){.number = 1, .revision = offer.revision};
    text_fit(line->offer.digest, sizeof(line->offer.digest), offer.digest);
}

static void a_change_is_of_what_was_shown(void **state)
{
    (void)state;
    struct line line = {.person = "U0SELLER", .id = "line 2", .customer = "Other Corp"};
    struct line *const pointer = &line;
    flows_submit();
    flows_do(read_first, &pointer);
    flows_do(ask, &pointer);
    expect_taken(line.requested);
    assert_int_equal(store_int(flows.store, "SELECT revision FROM request", SQL_NO_ARGS, 0), 2);
    line.id = "line 3";
    flows_do(ask, &pointer);
    expect_refused(line.requested, "has changed since you opened this file");
    line.offer.digest[0] ^= 1;
    flows_do(ask, &pointer);
    expect_refused(line.requested, "This file belongs to an earlier set of records");
    assert_int_equal(store_int(flows.store, "SELECT revision FROM request", SQL_NO_ARGS, 0), 2);
}

/* Nothing that only a form can do is asked of whoever came by another door. */
static void a_change_changes_something_that_is_open(void **state)
{
    (void)state;
    struct line line = {.person = "U0SELLER", .id = "line 2"};
    struct line *const pointer = &line;
    const struct content same = flows_content();
    line.customer = same.customer;
    flows_submit();
    flows_do(read_first, &pointer);
    flows_do(ask, &pointer);
    expect_refused(line.requested, "CPPO-1 already says this; nothing was changed.");
    flows_decide(&reject_action, 1, "U0APPROVER");
    line.customer = "Other Corp";
    flows_do(ask, &pointer);
    expect_refused(line.requested, "CPPO-1 can no longer be edited: it is “Rejected”.");
    assert_int_equal(store_int(flows.store, "SELECT revision FROM request", SQL_NO_ARGS, 0), 1);
}

/* Whoever is approved first has it; nobody else asks for it or is approved. */
static void a_single_use_authorization_is_for_one(void **state)
{
    (void)state;
    flows_submit();
    flows_submit();
    flows_do(flows_single_use, NULL);
    flows_decide(&approve_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "approved");
    struct requested requested = request("line 1", "Example Corp");
    assert_int_equal(requested.kind, REQUEST_ERRORS);
    assert_string_equal(errors.text[FIELD_AUTHORIZATION],
                        "This authorization is single-use and already taken by CPPO-1. Choose "
                        "another.");
    flows_decide(&approve_action, 2, "U0APPROVER");
    assert_string_equal(flows_state(2), "pending");
    assert_int_equal(flows_count("slack:chat.postMessage", "already taken by CPPO-1"), 1);
}

static void it_is_taken_by_another_offer_alone(void **state)
{
    static const struct {
        bool single_use;
        int64_t owner, offer, taken;
    } cases[] = {{true, 7, 9, 7},  {true, 7, 7, 0},  {true, 7, 0, 7},
                 {true, 0, 9, 0},  {true, 0, 0, 0},  {false, 7, 9, 0},
                 {false, 7, 0, 0}, {false, 0, 9, 0}, {false, 7, 7, 0}};
    char words[CLAIM_WORDS];
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct authorization authorization = {.single_use = cases[i].single_use};
        assert_int_equal(claim_taken(&authorization, cases[i].owner, cases[i].offer),
                         cases[i].taken);
    }
    claim_words(INT64_MAX, words);
    assert_string_equal(words, "is single-use and already taken by CPPO-9223372036854775807");
}

static void what_it_used_up_itself_is_no_obstacle(void **state)
{
    static const struct {
        bool single_use;
        int64_t owner, offer;
        bool own;
    } cases[] = {{true, 7, 7, true},
                 {true, 7, 9, false},
                 {true, 0, 0, false},
                 {true, 0, 9, false},
                 {false, 7, 7, false}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct authorization authorization = {.single_use = cases[i].single_use,
                                              .extended_status = "Used"};
        claim_own(&authorization, cases[i].owner, cases[i].offer);
        assert_string_equal(authorization.extended_status, cases[i].own ? "" : "Used");
    }
}

/* --- what is against an approval --- */

static void ask_what_hinders(struct turn *turn, const void *words)
{
    struct request offer;
    assert_true(offers_get(turn, 1, &offer));
    char *why = offer_kind.obstacle(turn, &offer);
    if (why == NULL || strstr(why, words) == NULL)
        fail_msg("“%s” is not in: %s", (const char *)words, why);
    free(why);
}

/* Whoever asks leaves no trace; who was told so has them read, and tries again. */
static void prices_that_are_missing_are_asked_for_when_somebody_needs_them(void **state)
{
    (void)state;
    flows_submit();
    store_run(flows.store, "UPDATE authorization SET read_at = 0", SQL_NO_ARGS);
    flows_pass(1000);
    size_t asked = flows_count("aws:ListEntities", "");
    flows_do(ask_what_hinders, "I have not read the prices");
    flows_pass(1000);
    assert_int_equal(flows_count("aws:ListEntities", ""), asked);
    flows_decide(&approve_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(flows_count("slack:chat.postMessage", "I have not read the prices"), 1);
    assert_int_equal(flows_count("aws:ListEntities", ""), asked + 1);
}

/* What is refused for good is no reason to read anything. */
static void what_nothing_is_missing_for_asks_for_nothing(void **state)
{
    (void)state;
    flows_submit();
    store_run(flows.store, "UPDATE authorization SET status = 'Restricted', read_at = 1",
              SQL_NO_ARGS);
    flows_pass(1000);
    size_t asked = flows_count("aws:ListEntities", "");
    flows_decide(&approve_action, 1, "U0APPROVER");
    flows_pass(1000);
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(flows_count("slack:chat.postMessage", "CPPO-1 cannot be approved"), 1);
    assert_int_equal(flows_count("aws:ListEntities", ""), asked);
}

static void an_actor_is_as_it_is_stored(void **state)
{
    static const struct {
        const char *name;
        enum actor_kind kind;
        const char *id;
    } cases[] = {{"bot", ACTOR_BOT, ""},
                 {"aws", ACTOR_AWS, ""},
                 {"U0MIA", ACTOR_PERSON, "U0MIA"},
                 {"W0MIA", ACTOR_PERSON, "W0MIA"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct actor actor = actor_named(cases[i].name);
        assert_int_equal(actor.kind, cases[i].kind);
        assert_string_equal(actor.id, cases[i].id);
        assert_string_equal(actor_name(&actor), cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_file_makes_an_offer_once),
        FLOWS_TEST(what_is_wrong_with_a_field_is_said_of_it),
        FLOWS_TEST(who_is_not_known_yet_is_judged_later),
        FLOWS_TEST(a_change_is_of_what_was_shown),
        FLOWS_TEST(a_change_changes_something_that_is_open),
        FLOWS_TEST(a_single_use_authorization_is_for_one),
        cmocka_unit_test(it_is_taken_by_another_offer_alone),
        cmocka_unit_test(what_it_used_up_itself_is_no_obstacle),
        FLOWS_TEST(prices_that_are_missing_are_asked_for_when_somebody_needs_them),
        FLOWS_TEST(what_nothing_is_missing_for_asks_for_nothing),
        cmocka_unit_test(an_actor_is_as_it_is_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
