/* What people type behind /cppo list, mine and search, and how they turn the pages. */
#include "handlers_fixture.h"

#include "book/search_keys.h"
#include "book/settings.h"
#include "offers/filter.h"

/* --- a book of offers --- */

static void send_in(const char *customer, const char *account)
{
    struct content content = flows_content();
    text_fit(content.customer, sizeof(content.customer), customer);
    text_fit(content.buyers[0], sizeof(content.buyers[0]), account);
    flows_do(flows_add, &content);
    flows_forget_slack();
}

/* CPPO-1 is the oldest. */
static void some_offers(void)
{
    send_in("Acme Corp", "111122223333");
    send_in("Müller & Søn", "111155556666");
    send_in("Umbrella Corp", "999999999999");
    flows_do(flows_know, NULL);
}

/* ${numbers}: "3 1", those that the answer has, in its order. */
static void expect_listed(const char *answer, const char *numbers)
{
    struct text listed = {0};
    for (const char *at = answer; (at = strstr(at, "\"*CPPO-")) != NULL; at++)
        text_addf(&listed, "%s%d", listed.size > 0 ? " " : "", atoi(at + strlen("\"*CPPO-")));
    if (strcmp(text_get(&listed), numbers) != 0)
        fail_msg("%s are listed and not %s: %s", text_get(&listed), numbers, answer);
    text_free(&listed);
}

static void expect_found(const char *user, const char *line, const char *numbers)
{
    type(user, line);
    expect_listed(flows.ack, numbers);
}

/* --- filters --- */

static void what_is_typed_is_found(void **state)
{
    static const char *const cases[][2] = {
        {"list state:failed", ""},
        {"list state=pending", "1 2 3"}, /* what waits, the oldest first */
        {"list customer:acme", "1"},
        {"list CORP", "3 1"},
        {"list muller", "2"},
        {"list umb corp", "3"},
        {"search son mul", "2"},
        {"search corp muller", ""},
        {"search zzz", ""},
        {"list buyer:1111", "2 1"},
        {"list buyer:1111-2222-3333", "1"},
        {"list 111155556666", "2"},
        {"list buyer:1111 customer:corp state:open", "1"},
        {"list age:<1h", "3 2 1"},
        {"list age:>1h", ""},
        {"mine", "3 2 1"},
        {"mine state:pending corp", "1 3"},
        {"list by:me", "3 2 1"},
    };
    (void)state;
    some_offers();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect_found("U0SELLER", cases[i][0], cases[i][1]);
    expect_found("U0APPROVER", "mine", "");
    expect_found("U0APPROVER", "list state:all", "3 2 1");
    expect_found("U0APPROVER", "list by:<@U0SELLER|sam> corp", "3 1");
    expect_acked("by <@U0SELLER> · customer “corp…”");
}

static void ages_count_from_the_request(void **state)
{
    (void)state;
    send_in("Old Corp", "111122223333");
    flows_pass(INT64_C(4) * 24 * HOUR_MS);
    flows_forget_slack();
    send_in("New Corp", "111122223333");
    flows_do(flows_know, NULL);
    expect_found("U0SELLER", "list age:>3d", "1");
    expect_found("U0SELLER", "list age:<3d corp", "2");
    expect_found("U0SELLER", "list age:>5d", "");
    expect_acked("No offers like this.");
}

/* Nothing is listed for what was not meant. */
static void what_is_wrong_is_named_with_what_was_typed(void **state)
{
    (void)state;
    some_offers();
    type("U0SELLER", "list stat:pending acme");
    expect_listed(flows.ack, "");
    expect_acked("“stat” is no filter. Did you mean state:pending?");
    expect_acked("/cppo list stat:pending acme");
    type("U0SELLER", "search");
    expect_acked("What for? Type /cppo search and words of a customer's name");
    type("U0SELLER", "search CPPO-1");
    expect_acked("Type /cppo show CPPO-1 to see that one.");
}

static void name_them(struct turn *turn, const void *unused)
{
    struct person people[] = {
        {.id = "U0SELLER", .name = "Ana Lopez", .team = "T0HOME", .known = true},
        {.id = "U0OTHER", .name = "Ana Moss", .team = "T0HOME", .known = true},
        {.id = "U0BOB", .name = "bob", .team = "T0HOME", .known = true}};
    (void)unused;
    for (size_t i = 0; i < 3; i++)
        people_put(turn, &people[i]);
}

static void a_name_is_somebody_whom_the_book_knows(void **state)
{
    (void)state;
    some_offers();
    flows_do(name_them, NULL);
    expect_found("U0APPROVER", "list by:@bob", "");
    expect_acked("No offers like this.");
    expect_found("U0APPROVER", "list by:\\\"@ana lopez\\\" acme", "1");
    type("U0APPROVER", "list by:@ana");
    expect_acked("I know more than one person called “ana”. Type the whole name");
    type("U0APPROVER", "list by:@zoe");
    expect_acked("I know nobody called “zoe”.");
    expect_acked("by:U0123ABCD");
}

/* Others' offers are for approvers and operators. */
static void sellers_find_their_own_alone(void **state)
{
    (void)state;
    some_offers();
    flows_do(name_them, NULL);
    expect_found("U0BOB", "list corp", "");
    expect_found("U0BOB", "list state:pending", "");
    expect_acked("Yours, waiting for approval");
    type("U0BOB", "list by:<@U0SELLER>");
    expect_listed(flows.ack, "");
    expect_acked("those of others are for approvers and operators");
    expect_found("U0APPROVER", "list corp", "3 1");
}

/* Who decides finds what they decide on; nobody else does. */
static void prices_are_for_who_decides(void **state)
{
    (void)state;
    some_offers();
    expect_found("U0APPROVER", "list acme", "1");
    expect_acked("markup 25 % · accept by 2027-01-20 · 0.009375 USD per unit");
    expect_found("U0SELLER", "list acme", "1");
    assert_null(strstr(flows.ack, "25 %"));
    assert_null(strstr(flows.ack, "0.009375"));
}

/* --- what changes --- */

static void revise_first(struct turn *turn, const void *customer)
{
    struct request offer;
    struct content content = flows_content();
    text_fit(content.customer, sizeof(content.customer), customer);
    assert_true(offers_get(turn, 1, &offer));
    assert_true(flows_revise(turn, &offer, &content, "form-x"));
}

static void an_offer_is_found_by_what_it_asks_for_now(void **state)
{
    (void)state;
    some_offers();
    flows_do(revise_first, "Initech");
    expect_found("U0SELLER", "list acme", "");
    expect_found("U0SELLER", "list initech", "1");
    expect_found("U0SELLER", "list buyer:1234", "1");
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM search_key WHERE request = 1",
                               SQL_NO_ARGS, -1),
                     2);
}

static void what_one_has_approved_is_said_of_what_stands_there_now(void **state)
{
    (void)state;
    flows_tear_down(NULL);
    flows_set_up_with("people:\n  approvers:\n    users: [U0APPROVER, U0OPERATOR]\n"
                      "approvals:\n  needed: 2\n");
    some_offers();
    flows_decide(&approve_action, 1, "U0APPROVER");
    expect_found("U0APPROVER", "list acme", "1");
    expect_acked("you have approved it");
    expect_found("U0APPROVER", "list umbrella", "3");
    assert_null(strstr(flows.ack, "you have approved it"));
    flows_do(revise_first, "Acme Corp");
    expect_found("U0APPROVER", "list acme", "1");
    assert_null(strstr(flows.ack, "you have approved it"));
}

/* As a file from before leaves it. */
static void forget_keys(struct turn *turn, const void *unused)
{
    (void)unused;
    store_run(turn_writes(turn), "DELETE FROM search_key WHERE request > 0", SQL_NO_ARGS);
    settings_put(turn, SETTING_SEARCH_BELOW, "4");
}

static void what_an_earlier_version_wrote_is_found_soon(void **state)
{
    (void)state;
    some_offers();
    flows_do(forget_keys, NULL);
    expect_found("U0SELLER", "list acme", "");
    flows_stop();
    flows_start();
    flows_pass(1000);
    expect_found("U0SELLER", "list acme", "1");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM setting WHERE name = 'search.below' AND"
                               " value <> ''",
                               SQL_NO_ARGS, -1),
                     0);
}

/* --- pages --- */

static void many_offers(int count)
{
    for (int i = 0; i < count; i++)
        send_in(i % 2 ? "Acme Corp" : "Umbrella Corp", "111122223333");
    flows_do(flows_know, NULL);
}

/* What the button ${action} of ${message} carries (static room). */
static const char *value_in(const char *message, const char *action)
{
    static char value[PAGE_TEXT];
    char *named = text_format("\"action_id\":\"%s\"", action);
    const char *at = strstr(message, named);
    free(named);
    if (at == NULL || (at = strstr(at, "\"value\":\"")) == NULL)
        return NULL;
    at += strlen("\"value\":\"");
    snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\""), at);
    return value;
}

/* The message that takes the place of the one with the button (static room). */
static const char *turned(const char *user, const char *action, const char *value)
{
    static char *shown;
    free(shown);
    send_frame("interactive",
               text_format("{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\"},"
                           "\"response_url\":\"http://127.0.0.1:1/r\","
                           "\"channel\":{\"id\":\"C0DEALS\"},\"container\":{\"type\":\"message\","
                           "\"message_ts\":\"7.7\",\"is_ephemeral\":true,\"channel_id\":"
                           "\"C0DEALS\"},\"actions\":[{\"action_id\":\"%s\",\"value\":\"%s\","
                           "\"action_ts\":\"3.%zu\"}]}",
                           user, action, value, flows.count));
    struct sent *answer = flows_expect("slack:response", "");
    assert_non_null(strstr(answer->body, "\"replace_original\":true"));
    shown = mem_copy(answer->body);
    flows_forget_slack();
    return shown;
}

static void pages_turn_in_place(void **state)
{
    (void)state;
    many_offers(45);
    type("U0SELLER", "mine");
    expect_listed(flows.ack, "45 44 43 42 41 40 39 38 37 36 35 34 33 32 31 30 29 28 27 26");
    expect_acked("The newest 20 of 45.");
    assert_null(value_in(flows.ack, "list_back"));
    const char *page = turned("U0SELLER", "list_on", value_in(flows.ack, "list_on"));
    expect_listed(page, "25 24 23 22 21 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6");
    assert_string_equal(value_in(page, "list_back"), "<25 by:U0SELLER");
    page = turned("U0SELLER", "list_on", value_in(page, "list_on"));
    expect_listed(page, "5 4 3 2 1");
    assert_null(value_in(page, "list_on"));
    page = turned("U0SELLER", "list_back", value_in(page, "list_back"));
    expect_listed(page, "25 24 23 22 21 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6");
    page = turned("U0SELLER", "list_back", value_in(page, "list_back"));
    expect_listed(page, "45 44 43 42 41 40 39 38 37 36 35 34 33 32 31 30 29 28 27 26");
    assert_null(value_in(page, "list_back"));
}

/* The same by words, where no index has them in one piece. */
static void pages_of_a_search_turn_as_well(void **state)
{
    (void)state;
    many_offers(45);
    type("U0APPROVER", "search umbr corp");
    expect_listed(flows.ack, "45 43 41 39 37 35 33 31 29 27 25 23 21 19 17 15 13 11 9 7");
    expect_acked("The newest 20 of 23.");
    const char *page = turned("U0APPROVER", "list_on", value_in(flows.ack, "list_on"));
    expect_listed(page, "5 3 1");
    page = turned("U0APPROVER", "list_back", value_in(page, "list_back"));
    expect_listed(page, "45 43 41 39 37 35 33 31 29 27 25 23 21 19 17 15 13 11 9 7");
    type("U0APPROVER", "list state:pending buyer:1111");
    expect_listed(flows.ack, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20");
    page = turned("U0APPROVER", "list_on", value_in(flows.ack, "list_on"));
    expect_listed(page, "21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40");
}

static void withdraw_all(struct turn *turn, const void *unused)
{
    (void)unused;
    store_run(turn_writes(turn), "UPDATE request SET state = 'withdrawn' WHERE number > 21",
              SQL_NO_ARGS);
}

/* Lists change while people read them. */
static void a_page_that_is_gone_is_the_first_one(void **state)
{
    static char value[PAGE_TEXT];
    (void)state;
    many_offers(25);
    type("U0APPROVER", "list state:pending");
    text_fit(value, sizeof(value), value_in(flows.ack, "list_on"));
    assert_string_equal(value, ">20 state:pending");
    flows_do(withdraw_all, NULL);
    const char *page = turned("U0APPROVER", "list_on", value);
    expect_listed(page, "21");
    assert_string_equal(value_in(page, "list_back"), "<21 state:pending");
    expect_listed(turned("U0APPROVER", "list_on", ">21 state:pending"),
                  "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20");
}

/* Values in buttons are keys to what their reader may see, and nothing else. */
static void a_forged_page_shows_nothing_of_others(void **state)
{
    static const char *const forged[] = {"",   "state:pending",  "<99 corp",  "x:y",
                                         ">1", ">0 by:U0SELLER", "buyer:1111"};
    (void)state;
    some_offers();
    flows_do(name_them, NULL);
    for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++)
        expect_listed(turned("U0BOB", "list_on", forged[i]), "");
    assert_non_null(strstr(turned("U0BOB", "list_on", "by:U0SELLER"), "those of others"));
}

/* However much there is to look at, the work ends, and the next page goes on from there. */
static void add_alike(struct turn *turn, const void *unused)
{
    (void)unused;
    store_run(turn_writes(turn),
              "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)"
              " INSERT INTO search_key (key, request) SELECT CASE WHEN i % 2 THEN 'cacme' ELSE"
              " 'cglobex' END, i FROM n",
              SQL_NO_ARGS);
}

static void a_search_without_an_end_is_done_in_parts(void **state)
{
    (void)state;
    some_offers();
    flows_do(add_alike, NULL);
    send_in("Acme Globex", "111122223333");
    flows_do(flows_know, NULL);
    type("U0APPROVER", "search acme globex");
    const char *value = value_in(flows.ack, "list_on");
    assert_non_null(value);
    expect_acked("more than");
    for (int pages = 0; value != NULL; pages++) {
        const char *page = turned("U0APPROVER", "list_on", value);
        value = value_in(page, "list_on");
        assert_in_range(pages, 0, 20);
        if (value == NULL)
            expect_listed(page, "4");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(what_is_typed_is_found),
        FLOWS_TEST(ages_count_from_the_request),
        FLOWS_TEST(what_is_wrong_is_named_with_what_was_typed),
        FLOWS_TEST(a_name_is_somebody_whom_the_book_knows),
        FLOWS_TEST(sellers_find_their_own_alone),
        FLOWS_TEST(prices_are_for_who_decides),
        FLOWS_TEST(an_offer_is_found_by_what_it_asks_for_now),
        FLOWS_TEST(what_one_has_approved_is_said_of_what_stands_there_now),
        FLOWS_TEST(what_an_earlier_version_wrote_is_found_soon),
        FLOWS_TEST(pages_turn_in_place),
        FLOWS_TEST(pages_of_a_search_turn_as_well),
        FLOWS_TEST(a_page_that_is_gone_is_the_first_one),
        FLOWS_TEST(a_forged_page_shows_nothing_of_others),
        FLOWS_TEST(a_search_without_an_end_is_done_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
