/* Who may do what when people come and go: operators take over, lists stay closed, and what AWS
 * restored is usable again. */
#include "handlers_fixture.h"

/* --- when the requester is gone --- */

static void deactivate(struct turn *turn, const void *id)
{
    struct person person = {.team = "T0HOME", .known = true, .deleted = true};
    text_fit(person.id, sizeof(person.id), id);
    people_put(turn, &person);
}

static void join(struct turn *turn, const void *id)
{
    struct person person = {.team = "T0HOME", .known = true};
    text_fit(person.id, sizeof(person.id), id);
    people_put(turn, &person);
}

static void approve(const char *person, int shown)
{
    struct pending_action pending = {.what = &approve_action, .request = 1, .revision = shown};
    text_fit(pending.person, sizeof(pending.person), person);
    flows_do(judge_now, &pending);
}

/* As by the button of the question that /cppo withdraw asks. */
static void withdraw(const char *person, int64_t offer)
{
    struct pending_action pending = {.what = &withdraw_action, .request = offer};
    text_fit(pending.person, sizeof(pending.person), person);
    flows_do(judge_now, &pending);
}

/* Olga is its requester then, and history says so; neither of the two may approve it. */
static void operators_take_over_what_nobody_else_can_mend(void **state)
{
    (void)state;
    flows_tear_down(NULL);
    flows_set_up_with("people:\n  approvers:\n    users: [U0APPROVER, U0OPERATOR, U0SELLER]\n"
                      "  operators:\n    users: [U0OPERATOR]\n");
    flows_submit();
    flows_do(deactivate, "U0SELLER");
    flows_do(join, "U0OPERATOR");
    type("U0OPERATOR", "edit CPPO-1");
    assert_non_null(flows_find("slack:views.open", "Edit CPPO-1"));
    assert_int_equal(
        store_int(flows.store, "SELECT requester = 'U0SELLER' FROM request", SQL_NO_ARGS, 0),
        1); /* looking is not taking */
    send_change("U0OPERATOR", "f2", "Another");
    assert_int_equal(revision(), 2);
    assert_int_equal(
        store_int(flows.store, "SELECT requester = 'U0OPERATOR' FROM request", SQL_NO_ARGS, 0), 1);
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM move WHERE event = 'take_over'"
                               " AND who = 'U0OPERATOR' AND why = 'U0SELLER'",
                               SQL_NO_ARGS, 0),
                     1);
    flows_do(join, "U0SELLER"); /* back again */
    approve("U0OPERATOR", 2);
    approve("U0SELLER", 2);
    assert_string_equal(flows_state(1), "pending");
    withdraw("U0SELLER", 1); /* it is no longer theirs */
    assert_string_equal(flows_state(1), "pending");
    approve("U0APPROVER", 2);
    assert_string_equal(flows_state(1), "approved");
}

static void operators_withdraw_what_somebody_left(void **state)
{
    (void)state;
    flows_submit();
    flows_do(deactivate, "U0SELLER");
    withdraw("U0OPERATOR", 1);
    show("U0OPERATOR", "");
    assert_string_equal(flows_state(1), "withdrawn");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM move WHERE event = 'withdraw'"
                               " AND who = 'U0OPERATOR'",
                               SQL_NO_ARGS, 0),
                     1);
}

/* A slip in the number would be another offer's end. */
static void the_command_asks_before_it_withdraws(void **state)
{
    (void)state;
    flows_submit();
    type("U0SELLER", "withdraw CPPO-1");
    expect_acked("Withdraw CPPO-1 for Example Corp?");
    expect_acked("\"action_id\":\"withdraw\"");
    assert_string_equal(flows_state(1), "pending");
}

static void others_neither_edit_nor_withdraw(void **state)
{
    static const char *const others[] = {"U0APPROVER", "U0STRANGER"};
    (void)state;
    flows_submit();
    flows_do(join, "U0STRANGER");
    for (size_t i = 0; i < 2; i++) {
        type(others[i], "withdraw CPPO-1");
        type(others[i], "edit CPPO-1");
        expect_acked("Only <@U0SELLER>, who requested CPPO-1, or an operator");
        send_change(others[i], "f2", "Another");
    }
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(revision(), 1);
    assert_null(flows_find("slack:views.open", ""));
    assert_int_equal(flows_count("slack:chat.postEphemeral", "Only <@U0SELLER>"), 2);
}

/* It does no harm: what was known of them last is enough, for as long as that was good. */
static void taking_back_ones_own_waits_for_nobody(void **state)
{
    (void)state;
    flows_submit();
    flows_submit();
    flows.now += A_WHILE_MS;
    withdraw("U0SELLER", 1);
    assert_string_equal(flows_state(1), "withdrawn");
    flows_do(deactivate, "U0SELLER");
    flows.now += A_WHILE_MS;
    withdraw("U0SELLER", 2);
    assert_string_equal(flows_state(2), "pending");
    show("U0SELLER", ",\"deleted\":true");
    assert_string_equal(flows_state(2), "pending");
}

/* --- lists --- */

static void managers(const char *members)
{
    flows_answer("slack:usergroups.users.list", "S0MANAGERS", members);
}

static void with_groups(void)
{
    flows_tear_down(NULL);
    flows_set_up_with("people:\n  approvers:\n    groups: [S0MANAGERS]\n"
                      "  operators:\n    users: [U0OPERATOR]\n");
    flows_submit();
    flows_pass(2000);
    managers("{\"ok\":true,\"users\":[\"U0MIA\"]}");
    flows_forget_slack();
}

static void approvers_see_what_waits_once_they_are_known(void **state)
{
    (void)state;
    with_groups();
    flows_do(join, "U0MIA");
    type("U0MIA", "list");
    expect_acked("Waiting for approval");
    expect_acked("Example Corp");
    flows_stop();
    flows_start(); /* what was read is of an age that nobody knows */
    type("U0MIA", "list");
    assert_null(strstr(flows.ack, "Example Corp"));
    assert_int_equal(flows_count("slack:chat.postEphemeral", "Example Corp"), 0);
    show("U0MIA", "");
    managers("{\"ok\":true,\"users\":[\"U0MIA\"]}");
    assert_int_equal(flows_count("slack:chat.postEphemeral", "Example Corp"), 1);
}

static void who_is_no_approver_any_more_sees_nothing_of_others(void **state)
{
    static const struct {
        const char *more, *members;
    } cases[] = {{"", "{\"ok\":true,\"users\":[\"U0MAX\"]}"},
                 {",\"is_restricted\":true", "{\"ok\":true,\"users\":[\"U0MIA\"]}"},
                 {"", NULL}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        with_groups();
        flows_do(join, "U0MIA");
        flows_stop();
        flows_start();
        type("U0MIA", "list");
        assert_null(strstr(flows.ack, "Example Corp"));
        show("U0MIA", cases[i].more);
        if (cases[i].members != NULL)
            managers(cases[i].members);
        else
            flows_fail("slack:usergroups.users.list", "S0MANAGERS", OUTCOME_REFUSED,
                       "no_such_subteam");
        assert_int_equal(flows_count("slack:chat.postEphemeral", "Example Corp"), 0);
        type("U0MIA", "list");
        assert_null(strstr(flows.ack, "Example Corp"));
        type("U0MIA", "");
        assert_null(strstr(flows.ack, "pending_offers"));
    }
}

static void card_at(struct turn *turn, const void *unused)
{
    struct thread thread = {.request = 1, .ts = "1.1", .permalink = "https://a.slack.com/p1"};
    struct post post;
    (void)unused;
    assert_true(posts_get(turn, POST_CARD, 1, &post));
    text_fit(post.ts, sizeof(post.ts), thread.ts);
    posts_put(turn, &post);
    threads_put(turn, &thread);
}

/* Who decides does it there; who only sees the card gets the way to it; others get neither. */
static void a_list_has_what_its_reader_may_do(void **state)
{
    static const struct {
        const char *user;
        bool decides, sees_card;
    } readers[] = {{"U0MIA", true, true}, {"U0OPERATOR", false, true}, {"U0SELLER", false, false}};
    (void)state;
    with_groups();
    flows_do(card_at, NULL);
    flows_do(join, "U0MIA");
    flows_do(join, "U0OPERATOR");
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        type(readers[i].user, "list");
        expect_acked("Example Corp");
        assert_int_equal(strstr(flows.ack, "\"approve_again\"") != NULL, readers[i].decides);
        assert_int_equal(strstr(flows.ack, "\"reject\"") != NULL, readers[i].decides);
        assert_int_equal(strstr(flows.ack, "https://a.slack.com/p1") != NULL, readers[i].sees_card);
    }
}

/* Sellers need no question for their own. */
static void ones_own_list_is_shown_at_once(void **state)
{
    (void)state;
    with_groups();
    flows.now += 300000;
    type("U0SELLER", "list");
    expect_acked("Example Corp");
    type("U0SELLER", "");
    expect_acked("pending_offers");
    type("U0OTTO", "");
    assert_null(strstr(flows.ack, "pending_offers"));
    assert_int_equal(flows_count("slack:users.info", ""), 0);
}

/* --- an authorization that was restored --- */

static void restrict_it(struct turn *turn, const void *unused)
{
    struct authorization authorization;
    (void)unused;
    struct terms terms;
    authorizations_get(turn, "resaleauthz-1", &authorization);
    authorizations_terms(turn, "resaleauthz-1", &terms);
    text_fit(authorization.status, sizeof(authorization.status), "Restricted");
    authorizations_put(turn, &authorization, &terms);
}

static const char restored[] =
    "{\"EntityType\":\"ResaleAuthorization@1.0\",\"EntityIdentifier\":\"resaleauthz-1@2\","
    "\"DetailsDocument\":{\"Name\":\"Archera-Us-Subscription-2024\",\"Status\":\"Active\","
    "\"ProductId\":\"prod-1\",\"Terms\":[{\"Type\":\"ResaleUsageBasedPricingTerm\","
    "\"CurrencyCode\":\"USD\",\"RateCards\":[{\"RateCard\":[{\"DimensionKey\":\"PremiumUnits\","
    "\"Price\":\"0.0075\"}]}]}]}}";

static void an_approval_asks_whether_it_was_restored(void **state)
{
    (void)state;
    flows_submit();
    flows_do(restrict_it, NULL);
    approve("U0APPROVER", 1);
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(flows_count("slack:chat.postMessage", "cannot be approved"), 0);
    flows_answer("aws:DescribeEntity", "resaleauthz-1", restored);
    assert_string_equal(flows_state(1), "approved");
}

static void what_stays_restricted_is_refused_when_aws_has_said_so(void **state)
{
    (void)state;
    flows_submit();
    flows_do(restrict_it, NULL);
    approve("U0APPROVER", 1);
    flows_fail("aws:DescribeEntity", "resaleauthz-1", OUTCOME_REFUSED, "ResourceNotFoundException");
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(flows_count("slack:chat.postMessage", "cannot be approved"), 1);
    flows_submit();
    flows.now += 100000;
    flows_do(flows_know, NULL);
    flows_do(restrict_it, NULL);
    flows_forget_slack();
    approve("U0APPROVER", 1); /* and AWS says nothing */
    flows_pass(31000);
    assert_int_equal(flows_count("slack:chat.postMessage", "cannot be approved"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "in time"), 0);
}

static void a_form_that_is_refused_for_it_asks_for_the_next_try(void **state)
{
    (void)state;
    flows_submit();
    flows_do(restrict_it, NULL);
    send_change("U0SELLER", "f2", "Another");
    expect_acked("\"authorization\"");
    assert_int_equal(revision(), 1);
    flows_answer("aws:DescribeEntity", "resaleauthz-1", restored);
    send_change("U0SELLER", "f2", "Another");
    assert_int_equal(revision(), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(operators_take_over_what_nobody_else_can_mend),
        FLOWS_TEST(operators_withdraw_what_somebody_left),
        FLOWS_TEST(the_command_asks_before_it_withdraws),
        FLOWS_TEST(others_neither_edit_nor_withdraw),
        FLOWS_TEST(taking_back_ones_own_waits_for_nobody),
        FLOWS_TEST(approvers_see_what_waits_once_they_are_known),
        FLOWS_TEST(who_is_no_approver_any_more_sees_nothing_of_others),
        FLOWS_TEST(a_list_has_what_its_reader_may_do),
        FLOWS_TEST(ones_own_list_is_shown_at_once),
        FLOWS_TEST(an_approval_asks_whether_it_was_restored),
        FLOWS_TEST(what_stays_restricted_is_refused_when_aws_has_said_so),
        FLOWS_TEST(a_form_that_is_refused_for_it_asks_for_the_next_try),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
