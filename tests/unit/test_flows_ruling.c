/* Rules of approval at work: which is chosen when a request is sent, who decides by it, what is
 * approved by itself; and what becomes of a rule when the configuration changes. */
#include "flows_fixture.h"

#include "book/requests.h"
#include "book/rulings.h"
#include "flows/approvals.h"
#include "flows/moves.h"

#define PEOPLE_OF_RULES                                                                            \
    "people:\n  approvers:\n    users: [U0APPROVER]\n  operators:\n    users: [U0OPERATOR]\n"
#define GROUPS_OF_RULES                                                                            \
    "approvals:\n  groups:\n"                                                                      \
    "    - {name: finance, users: [U0FRIDA, U0FELIX]}\n"                                           \
    "    - {name: directors, users: [U0DORA]}\n"                                                   \
    "    - {name: interns, users: [U0SELLER]}\n"                                                   \
    "    - {name: sales, groups: [S0SALES]}\n"

static int with_rules(const char *rules)
{
    char *whole = text_format("%s%s  rules:\n%s", PEOPLE_OF_RULES, GROUPS_OF_RULES, rules);
    int result = flows_set_up_with(whole);
    free(whole);
    return result;
}

static int in_turn(void **state)
{
    (void)state;
    return with_rules("    - {name: free, markup: 0, approve: 1 of approvers}\n"
                      "    - {name: big, markup: on tier, approve: \"1 of finance, then 1 of "
                      "directors\"}\n");
}

static int together(void **state)
{
    (void)state;
    return with_rules("    - {name: both, approve: 1 of finance and 1 of directors}\n");
}

static int with_one_click(void **state)
{
    (void)state;
    return with_rules(
        "    - {name: one, approve: \"1 of finance or directors, then 1 of finance\", "
        "one_click: all steps}\n");
}

static int by_itself(void **state)
{
    (void)state;
    return with_rules("    - {name: small, price: below 1 USD, approve: \"by itself, 2 a day\"}\n"
                      "    - {name: big, approve: 1 of finance}\n");
}

static int by_requester(void **state)
{
    (void)state;
    return with_rules("    - {name: ours, requester: sales, approve: 1 of finance}\n");
}

static int by_buyer(void **state)
{
    (void)state;
    return with_rules("    - {name: new buyers, buyer: first-time, approve: 1 of directors}\n");
}

#define RULES_TEST(name, set_up) cmocka_unit_test_setup_teardown(name, set_up, flows_tear_down)

/* --- what people do and see --- */

static void know_all(struct turn *turn, const void *unused)
{
    static const char *const ids[] = {"U0FRIDA", "U0FELIX", "U0DORA"};
    (void)unused;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        struct person person = {.team = "T0HOME", .known = true};
        text_fit(person.id, sizeof(person.id), ids[i]);
        people_put(turn, &person);
    }
}

static void submit(void)
{
    flows_do(know_all, NULL);
    flows_submit();
    flows_settle_slack();
}

static void approve(const char *person)
{
    flows_decide(&approve_action, 1, person);
    flows_settle_slack();
}

static char words[9000];

static void read_card(struct turn *turn, const void *unused)
{
    (void)unused;
    struct loaded_card *loaded = cards_load(turn, 1);
    const struct card *card = cards_view(loaded);
    snprintf(words, sizeof(words), "%s | %s", card->rule, card->why_rule);
    cards_free(loaded);
}

static void expect_card(const char *part)
{
    flows_do(read_card, NULL);
    if (strstr(words, part) == NULL)
        fail_msg("“%s” is not on the card: %s", part, words);
}

static size_t told(const char *part)
{
    return flows_count("slack:chat.postMessage", part) +
           flows_count("slack:chat.postEphemeral", part);
}

static char stored[1200];

static void expect_stored(const char *sql, const char *expected)
{
    struct rows *rows = store_query(flows.store, sql, SQL_NO_ARGS);
    stored[0] = '\0';
    if (rows_next(rows)) {
        rows_fit(rows, 0, stored, sizeof(stored));
        rows_close(rows);
    }
    if (strstr(stored, expected) == NULL)
        fail_msg("%s: “%s”, not “%s”", sql, stored, expected);
}

/* --- people decide --- */

static void the_first_rule_that_applies_says_who_decides(void **state)
{
    (void)state;
    submit();
    expect_card("Step 1 of 2, finance: Any one of <@U0FRIDA>, <@U0FELIX> can approve · rule “big”");
    expect_card("Rule “big”, version ");
    expect_card("1 of finance, then 1 of directors\nmarkup: 25 % (on tier, which is 25 %)");
    expect_stored("SELECT rule FROM ruling", "name=big\nmarkup=on tier\n");
}

static void who_is_behind_an_open_step_is_told_to_wait(void **state)
{
    (void)state;
    submit();
    approve("U0DORA");
    assert_int_equal(told("Not yet: CPPO-1 waits for finance first."), 1);
    approve("U0APPROVER");
    assert_int_equal(told("You are not on the list of approvers."), 1);
    assert_string_equal(flows_state(1), "pending");
    approve("U0FRIDA");
    assert_int_equal(told("1 more needed: <@U0DORA>"), 1);
    expect_card("Step 2 of 2, directors: Any one of <@U0DORA> can approve");
    approve("U0FELIX");
    assert_int_equal(told("Your step on CPPO-1 is complete already; it waits for directors now"),
                     1);
    assert_string_equal(flows_state(1), "pending");
    approve("U0DORA");
    assert_string_equal(flows_state(1), "approved");
    expect_stored("SELECT rule FROM vote WHERE person = 'U0DORA'", "rule “big”, version ");
}

static void steps_together_are_open_together(void **state)
{
    (void)state;
    submit();
    expect_card("Step 1 of 2, finance: Any one of <@U0FRIDA>, <@U0FELIX> can approve\n"
                "Step 2 of 2, directors: Any one of <@U0DORA> can approve");
    approve("U0DORA");
    assert_string_equal(flows_state(1), "pending");
    expect_stored("SELECT step FROM vote WHERE person = 'U0DORA'", "directors");
    approve("U0FELIX");
    assert_string_equal(flows_state(1), "approved");
}

static void one_click_counts_for_all_steps_where_the_rule_says_so(void **state)
{
    (void)state;
    submit();
    approve("U0DORA");
    assert_string_equal(flows_state(1), "pending");
    approve("U0FRIDA");
    assert_string_equal(flows_state(1), "approved");
}

/* --- what is approved by itself --- */

static void inside_its_limits_a_request_is_approved_by_itself(void **state)
{
    (void)state;
    submit();
    assert_string_equal(flows_state(1), "approved");
    expect_stored("SELECT person FROM vote WHERE request = 1", "rule:small");
    expect_stored("SELECT why FROM move WHERE event = 'pass'", "by rule “small”, version ");
    assert_int_equal(flows_count("slack:chat.postMessage", "rule “small”") > 0, true);
}

/* To another customer each time: of earlier offers to the same one, a check warns. */
static void submit_to(const char *customer, const char *account)
{
    struct content content = flows_content();
    text_fit(content.customer, sizeof(content.customer), customer);
    text_fit(content.buyers[0], ACCOUNT_ID, account);
    flows_do(know_all, NULL);
    flows_do(flows_add, &content);
    flows_settle_slack();
}

static void the_days_number_is_never_exceeded(void **state)
{
    (void)state;
    submit_to("First Corp", "111122223333");
    submit_to("Second Corp", "444455556666");
    submit_to("Third Corp", "777788889999");
    assert_string_equal(flows_state(2), "approved");
    assert_string_equal(flows_state(3), "pending");
    expect_stored("SELECT why FROM ruling WHERE request = 3",
                  "“small” approves 2 a day by itself: they are used up");
    flows_decide(&approve_action, 3, "U0FRIDA");
    assert_string_equal(flows_state(3), "approved");
    flows_settle_slack();
    flows.now += INT64_C(24) * HOUR_MS;
    flows_pass(0);
    flows_settle_slack();
    submit();
    assert_string_equal(flows_state(4), "approved");
}

static void submit_strange(struct turn *turn, const void *unused)
{
    struct content content = flows_content();
    (void)unused;
    text_fit(content.accept_by, sizeof(content.accept_by), "2026-12-01");
    flows_add(turn, &content);
}

static void what_a_check_warns_of_needs_somebody(void **state)
{
    (void)state;
    flows_do(submit_strange, NULL);
    assert_string_equal(flows_state(1), "pending");
    expect_stored("SELECT why FROM ruling",
                  "“small” does not approve it by itself: The buyer has 7 days to accept");
}

static void put_unread(struct turn *turn, const void *unused)
{
    struct authorization authorization;
    (void)unused;
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    store_run(turn_writes(turn), "UPDATE authorization SET read_at = 0", SQL_NO_ARGS);
}

static void submit_unread(struct turn *turn, const void *unused)
{
    char form[TURN_ID];
    struct content content = flows_content();
    struct pending_action pending = {.what = &submit_action, .revision = 1, .person = "U0SELLER"};
    (void)unused;
    turn_new_id(turn, form);
    pending.request = flows_draft(turn, "U0SELLER", &content, form);
    flows_judge(turn, &pending);
}

static void a_rule_waits_for_prices_and_nobody_approves_meanwhile(void **state)
{
    (void)state;
    flows_do(know_all, NULL);
    flows_do(flows_know, NULL);
    flows_do(put_unread, NULL);
    flows_do(submit_unread, NULL);
    expect_stored("SELECT rule FROM ruling", "?");
    expect_card("which rule it needs, is not known yet");
    approve("U0APPROVER");
    assert_string_equal(flows_state(1), "pending");
    flows_do(flows_know, NULL);
    flows_pass(60000);
    flows_settle_slack();
    assert_string_equal(flows_state(1), "approved");
}

/* --- who asks, who buys --- */

static void whose_lists_are_not_known_waits_for_slack(void **state)
{
    (void)state;
    submit();
    expect_stored("SELECT rule FROM ruling", "?");
    flows_do(know_all, NULL);
    for (struct sent *sent; (sent = flows_find("slack:usergroups.users.list", "S0SALES")) != NULL;)
        flows_answer(sent->call, "S0SALES", "{\"ok\":true,\"users\":[\"U0SELLER\"]}");
    flows_pass(60000);
    if (flows_find("slack:usergroups.users.list", "S0SALES") != NULL)
        flows_answer("slack:usergroups.users.list", "S0SALES",
                     "{\"ok\":true,\"users\":[\"U0SELLER\"]}");
    expect_stored("SELECT rule FROM ruling", "name=ours");
    assert_int_equal(told("waits for a decision, now that it is known who decides: <@U0FRIDA>"), 1);
}

static void buy(struct turn *turn, const void *unused)
{
    (void)unused;
    store_run(turn_writes(turn), "UPDATE request SET published_at = ? WHERE number = 1",
              SQL_ARGS(SQL_INT(turn_now(turn))));
}

static void a_buyer_is_new_until_something_was_published_to_them(void **state)
{
    (void)state;
    submit();
    expect_stored("SELECT rule FROM ruling WHERE request = 1", "name=new buyers");
    flows_do(buy, NULL);
    submit();
    expect_stored("SELECT rule FROM ruling WHERE request = 2",
                  "name=approvals.needed\napprove=1 of approvers");
    expect_stored("SELECT why FROM ruling WHERE request = 2", "no rule applies");
}

/* --- the configuration changes --- */

static void what_was_sent_keeps_its_rule(void **state)
{
    (void)state;
    submit();
    size_t count = flows.config->rule_count;
    flows.config->rule_count = 0;
    approve("U0APPROVER");
    assert_string_equal(flows_state(1), "pending");
    expect_card("rule “big”");
    approve("U0FRIDA");
    approve("U0DORA");
    assert_string_equal(flows_state(1), "approved");
    flows.config->rule_count = count;
}

static void a_rule_whose_list_is_gone_approves_nothing(void **state)
{
    (void)state;
    submit();
    size_t count = flows.config->group_count;
    flows.config->group_count = 0;
    approve("U0APPROVER");
    assert_int_equal(told("its rule cannot be read or met any more; it names a list"), 1);
    assert_string_equal(flows_state(1), "pending");
    flows_decide(&request_changes_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "changes_requested");
    flows.config->group_count = count;
}

static void revise(struct turn *turn, const void *unused)
{
    struct request request;
    struct content content = flows_content();
    (void)unused;
    text_fit(content.markup, sizeof(content.markup), "0");
    assert_true(requests_get(turn, 1, &request));
    assert_true(flows_revise(turn, &request, &content, "another"));
    assert_true(moves_apply(turn, &request, EVENT_SUBMIT, actor_person("U0SELLER"), ""));
}

static void a_revision_is_judged_anew(void **state)
{
    (void)state;
    submit();
    approve("U0FRIDA");
    flows_do(revise, NULL);
    flows_settle_slack();
    expect_card("Any one of <@U0APPROVER> can approve · rule “free”");
    expect_stored("SELECT rule FROM ruling WHERE revision = 2", "name=free");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULES_TEST(the_first_rule_that_applies_says_who_decides, in_turn),
        RULES_TEST(who_is_behind_an_open_step_is_told_to_wait, in_turn),
        RULES_TEST(steps_together_are_open_together, together),
        RULES_TEST(one_click_counts_for_all_steps_where_the_rule_says_so, with_one_click),
        RULES_TEST(inside_its_limits_a_request_is_approved_by_itself, by_itself),
        RULES_TEST(the_days_number_is_never_exceeded, by_itself),
        RULES_TEST(what_a_check_warns_of_needs_somebody, by_itself),
        RULES_TEST(a_rule_waits_for_prices_and_nobody_approves_meanwhile, by_itself),
        RULES_TEST(whose_lists_are_not_known_waits_for_slack, by_requester),
        RULES_TEST(a_buyer_is_new_until_something_was_published_to_them, by_buyer),
        RULES_TEST(what_was_sent_keeps_its_rule, in_turn),
        RULES_TEST(a_rule_whose_list_is_gone_approves_nothing, in_turn),
        RULES_TEST(a_revision_is_judged_anew, in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
