/* Who stands where, as Slack tells it: groups that are gone, people that it does not show, and
 * people with two ids. Slack is asked only for what an answer hangs on. */
#include "flows_fixture.h"

#include "book/seen.h"
#include "flows/actions.h"

static int two_lists(void **state)
{
    (void)state;
    return flows_set_up_with("people:\n  approvers:\n    users: [U0MIA]\n    groups: [S0MANAGERS]\n"
                             "  operators:\n    users: [U0OPERATOR]\n    groups: [S0GONE]\n");
}

static int two_needed(void **state)
{
    (void)state;
    return flows_set_up_with("people:\n  approvers:\n    groups: [S0MANAGERS]\n"
                             "  operators:\n    users: [U0OPERATOR]\n"
                             "approvals:\n  needed: 2\n");
}

/* Some of them by the id that they do not click with. */
static int either_ids(void **state)
{
    (void)state;
    return flows_set_up_with("people:\n  approvers:\n    users: [W0SELLER, W0MAX, U0MIA]\n"
                             "  operators:\n    users: [U0OPERATOR]\n"
                             "approvals:\n  needed: 2\n");
}

static void ask(struct turn *turn, const void *about)
{
    const struct pending_action pending = flows_click(turn, about);
    actions_now_or_later(turn, &pending, NULL);
}

static void click(const struct action_type *what, const char *person, int revision)
{
    struct pending_action pending = {.what = what, .request = 1, .revision = revision};
    text_fit(pending.person, sizeof(pending.person), person);
    flows_do(ask, &pending);
}

/* users.info of somebody in good standing, but for ${more} (",\"is_restricted\":true"). */
static void show(const char *asked, const char *more)
{
    char reply[500];
    snprintf(reply, sizeof(reply),
             "{\"ok\":true,\"user\":{\"id\":\"%s\",\"team_id\":\"T0HOME\"%s}}", asked, more);
    flows_answer("slack:users.info", asked, reply);
}

static void refuse_group(const char *group, const char *code)
{
    flows_fail("slack:usergroups.users.list", group, OUTCOME_REFUSED, code);
}

static size_t told(const char *words)
{
    return flows_count("slack:chat.postMessage", words);
}

/* All that was read is an hour old. */
static void grow_old(void)
{
    flows_forget_slack();
    flows.now += HOUR_MS;
    flows_pass(0);
    flows_forget_slack();
}

static void a_decision_asks_only_for_what_it_hangs_on(void **state)
{
    (void)state;
    flows_submit();
    flows_forget_slack();
    flows.now += 120000;
    click(&approve_action, "U0MIA", 1); /* named: no group says anything about them */
    assert_int_equal(flows_count("slack:usergroups.users.list", ""), 0);
    show("U0MIA", "");
    assert_string_equal(flows_state(1), "approved");
    click(&reject_action, "U0MAX", 1);
    assert_int_equal(flows_count("slack:usergroups.users.list", "S0MANAGERS"), 1);
    assert_int_equal(flows_count("slack:usergroups.users.list", "S0GONE"), 0);
    click(&details_action, "U0SELLER", 1); /* their own */
    assert_int_equal(flows_count("slack:usergroups.users.list", ""), 1);
    click(&details_action, "U0OTTO", 1);
    assert_int_equal(flows_count("slack:usergroups.users.list", "S0GONE"), 1);
}

/* A decision used to wait for a list that has nothing to say about it. */
static void a_group_of_others_that_is_gone_stops_nobody(void **state)
{
    (void)state;
    flows_submit();
    grow_old();
    click(&approve_action, "U0MAX", 1);
    show("U0MAX", "");
    assert_string_equal(flows_state(1), "pending");
    flows_answer("slack:usergroups.users.list", "S0MANAGERS",
                 "{\"ok\":true,\"users\":[\"U0MAX\"]}");
    assert_string_equal(flows_state(1), "approved");
}

static void a_group_that_is_gone_has_nobody_in_it_and_is_told_once(void **state)
{
    static const char *const codes[] = {"no_such_subteam", "plan_upgrade_required"};
    (void)state;
    flows_submit();
    for (size_t i = 0; i < 2; i++) {
        grow_old();
        click(&approve_action, "U0MAX", 1);
        flows_answer("slack:usergroups.users.list", "S0MANAGERS",
                     "{\"ok\":true,\"users\":[\"U0SUE\"]}");
        assert_int_equal(told("one of its members"), 0);
        grow_old();
        click(&approve_action, "U0SUE", 1);
        show("U0SUE", "");
        refuse_group("S0MANAGERS", codes[i]);
        assert_string_equal(flows_state(1), "pending");
        assert_int_equal(told("nobody counts as one of its members"), 1); /* to the operators */
        assert_int_equal(flows_count("slack:chat.postMessage", codes[i]), 2);
        assert_int_equal(told("not on the list of approvers"), 1); /* to Sue, with the reason */
        flows_pass(120000);
        click(&approve_action, "U0SUE", 1);
        show("U0SUE", "");
        refuse_group("S0MANAGERS", codes[i]);
        assert_int_equal(told("nobody counts as one of its members"), 1);
    }
}

/* Slack that says nothing is no answer: nobody is put out of a group by that. */
static void silence_about_a_group_is_no_answer(void **state)
{
    static const char *const codes[] = {"gave_up", "http_404"};
    (void)state;
    flows_submit();
    for (size_t i = 0; i < 2; i++) {
        grow_old();
        click(&approve_action, "U0MAX", 1);
        show("U0MAX", "");
        refuse_group("S0MANAGERS", codes[i]);
        assert_int_equal(told("nobody counts"), 0);
        flows_pass(31000);
        assert_int_equal(told("did not tell me in time"), 1);
    }
}

static void whom_slack_does_not_show_is_told_so_at_once(void **state)
{
    static const char *const codes[] = {"user_not_found", "user_not_visible"};
    (void)state;
    flows_submit();
    for (size_t i = 0; i < 2; i++) {
        grow_old();
        click(&approve_action, "U0MIA", 1);
        flows_fail("slack:users.info", "U0MIA", OUTCOME_REFUSED, codes[i]);
        assert_int_equal(told(codes[i]), 1);
        assert_int_equal(told("in time"), 0);
    }
    assert_string_equal(flows_state(1), "pending");
    grow_old();
    click(&approve_action, "U0MIA", 1);
    show("U0MIA", "");
    assert_string_equal(flows_state(1), "approved");
}

static void a_time_that_slack_names_is_waited_for_and_told(void **state)
{
    (void)state;
    flows_submit();
    grow_old();
    click(&approve_action, "U0MAX", 1);
    show("U0MAX", "");
    flows_hold("slack:usergroups.users.list", "S0MANAGERS", 45000);
    flows_pass(5000);
    assert_int_equal(told("wait about 42 seconds"), 1);
    flows_pass(39000);
    assert_int_equal(told("Slack"), 1);
    flows_pass(5000);
    flows_answer("slack:usergroups.users.list", "S0MANAGERS",
                 "{\"ok\":true,\"users\":[\"U0MAX\"]}");
    assert_string_equal(flows_state(1), "approved");
}

/* --- one person, two ids --- */

/* A workspace that came to a Grid: Sam clicks with the id of the organisation by now. */
static void nobody_approves_their_own_offer_under_another_id(void **state)
{
    (void)state;
    flows_submit();
    flows_forget_slack();
    flows.now += HOUR_MS;
    flows_pass(0);
    flows_answer("slack:usergroups.users.list", "S0MANAGERS",
                 "{\"ok\":true,\"users\":[\"W0SELLER\"]}");
    click(&approve_action, "W0SELLER", 1);
    show("W0SELLER", "");
    assert_string_equal(flows_state(1), "pending"); /* nobody knows yet who that is */
    flows_answer("slack:users.info", "U0SELLER",
                 "{\"ok\":true,\"user\":{\"id\":\"W0SELLER\",\"team_id\":\"T0HOME\"}}");
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(told("somebody else must decide"), 1);
}

static void either_id_stands_on_a_list_of_the_other(void **state)
{
    (void)state;
    flows_submit();
    grow_old();
    click(&approve_action, "W0MAX", 1);
    flows_answer("slack:users.info", "W0MAX",
                 "{\"ok\":true,\"user\":{\"id\":\"U0MAX\",\"enterprise_user\":{\"id\":\"W0MAX\","
                 "\"enterprise_id\":\"E0\",\"teams\":[\"T0OTHER\",\"T0HOME\"]}}}");
    flows_answer("slack:usergroups.users.list", "S0MANAGERS",
                 "{\"ok\":true,\"users\":[\"U0MAX\"]}");
    show("U0SELLER", "");
    assert_string_equal(flows_state(1), "pending"); /* U0MAX was not looked at yet */
    flows_answer("slack:users.info", "U0MAX",
                 "{\"ok\":true,\"user\":{\"id\":\"U0MAX\",\"team_id\":\"T0HOME\","
                 "\"enterprise_user\":{\"id\":\"W0MAX\"}}}");
    assert_string_equal(flows_state(1), "approved");
}

static void one_person_votes_once_whatever_their_id(void **state)
{
    (void)state;
    flows_submit();
    grow_old();
    click(&approve_action, "U0MAX", 1);
    flows_answer("slack:users.info", "U0MAX",
                 "{\"ok\":true,\"user\":{\"id\":\"W0MAX\",\"team_id\":\"T0HOME\"}}");
    flows_answer("slack:usergroups.users.list", "S0MANAGERS",
                 "{\"ok\":true,\"users\":[\"W0MAX\",\"W0MIA\"]}");
    assert_int_equal(told("is recorded: 1 of 2"), 1);
    click(&approve_action, "W0MAX", 1);
    show("W0MAX", "");
    if (flows_find("slack:users.info", "U0SELLER") != NULL)
        show("U0SELLER", "");
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM vote", SQL_NO_ARGS, 0), 2);
}

/* ${user} has the organisation's id W0... as well. */
static void have_two_ids(struct turn *turn, const void *user)
{
    struct person person = {.team = "T0HOME", .known = true};
    text_fit(person.id, sizeof(person.id), user);
    text_fit(person.identity, sizeof(person.identity), user);
    person.identity[0] = 'W';
    people_put(turn, &person);
}

static void nobody_is_called_by_their_other_id(void **state)
{
    (void)state;
    flows_do(have_two_ids, "U0SELLER");
    flows_do(have_two_ids, "U0MAX");
    flows_submit();
    flows_pass(1200);
    assert_non_null(flows_find("slack:chat.postMessage", "<@W0MAX>, <@U0MIA>"));
    assert_int_equal(told("W0SELLER"), 0); /* who asks */
    flows_answer("slack:chat.postMessage", "cppo_post", "{\"ok\":true,\"ts\":\"1.1\"}");
    flows_decide(&approve_action, 1, "U0MAX");
    flows_pass(2000);
    assert_non_null(flows_find("slack:chat.postMessage", "\"thread_ts\":\"1.1\""));
    assert_int_equal(told("<@W0MAX>"), 1); /* who has voted; and not the requester */
    assert_int_equal(told("W0SELLER"), 0);
}

/* What one does oneself is no news, whatever the id. */
static void who_withdraws_by_another_id_is_not_told_of_it(void **state)
{
    static const char to_them[] = "\"channel\":\"U0SELLER\"";
    (void)state;
    flows_do(have_two_ids, "U0SELLER");
    flows_do(have_two_ids, "W0SELLER");
    flows_submit();
    flows_pass(1200);
    flows_answer("slack:chat.postMessage", "cppo_post", "{\"ok\":true,\"ts\":\"1.1\"}");
    flows_pass(1200);
    flows_answer("slack:chat.postMessage", to_them,
                 "{\"ok\":true,\"channel\":\"D0SELLER\",\"ts\":\"5.1\"}");
    flows_decide(&withdraw_action, 1, "W0SELLER");
    assert_string_equal(flows_state(1), "withdrawn");
    flows_pass(2000);
    assert_non_null(flows_find("slack:chat.update", "D0SELLER"));
    assert_int_equal(told(to_them), 1);
}

/* --- votes, judged again --- */

static void approve_first(const char *person)
{
    click(&approve_action, person, 1);
    show(person, "");
    flows_answer("slack:usergroups.users.list", "S0MANAGERS",
                 "{\"ok\":true,\"users\":[\"U0MAX\",\"U0MIA\",\"U0SUE\"]}");
    assert_int_equal(told("is recorded: 1 of 2"), 1);
}

/* ${more}: what users.info says of Max by the time that Mia approves. */
static void approve_last(const char *more, const char *members)
{
    grow_old();
    click(&approve_action, "U0MIA", 1);
    show("U0MIA", "");
    assert_string_equal(flows_state(1), "pending");
    flows_answer("slack:usergroups.users.list", "S0MANAGERS", members);
    if (more != NULL)
        show("U0MAX", more);
    else
        flows_fail("slack:users.info", "U0MAX", OUTCOME_REFUSED, "user_not_found");
}

static const char all_three[] = "{\"ok\":true,\"users\":[\"U0MAX\",\"U0MIA\",\"U0SUE\"]}";

static void the_last_vote_looks_at_the_others_again(void **state)
{
    (void)state;
    flows_submit();
    grow_old();
    approve_first("U0MAX");
    approve_last("", all_three);
    assert_string_equal(flows_state(1), "approved");
}

static void who_has_left_by_the_last_vote_does_not_count(void **state)
{
    static const struct {
        const char *more, *members, *why;
    } cases[] = {
        {"", "{\"ok\":true,\"users\":[\"U0MIA\",\"U0SUE\"]}", "no longer an approver"},
        {",\"deleted\":true", all_three, "deactivated"},
        {",\"is_restricted\":true", all_three, "a guest now"},
        {NULL, all_three, "does not show"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        flows_tear_down(NULL);
        two_needed(NULL);
        flows_submit();
        grow_old();
        approve_first("U0MAX");
        approve_last(cases[i].more, cases[i].members);
        assert_string_equal(flows_state(1), "pending");
        assert_int_equal(told("is recorded: 1 of 2"), 1);
        assert_int_equal(
            store_int(flows.store, "SELECT count(*) FROM vote WHERE lost <> ''", SQL_NO_ARGS, 0),
            1);
        flows_pass(2000);
        assert_non_null(flows_find("slack:chat.update", cases[i].why));
        click(&approve_action, "U0SUE", 1);
        show("U0SUE", "");
        assert_string_equal(flows_state(1), "approved");
    }
}

/* Back in the group, Max approves once more. */
static void who_came_back_approves_anew(void **state)
{
    (void)state;
    flows_submit();
    grow_old();
    approve_first("U0MAX");
    approve_last("", "{\"ok\":true,\"users\":[\"U0MIA\"]}");
    assert_string_equal(flows_state(1), "pending");
    grow_old();
    click(&approve_action, "U0MAX", 1);
    show("U0MAX", "");
    flows_answer("slack:usergroups.users.list", "S0MANAGERS", all_three);
    show("U0MIA", "");
    assert_string_equal(flows_state(1), "approved");
}

static void raise_price(struct turn *turn, const void *unused)
{
    struct authorization authorization;
    struct terms terms;
    (void)unused;
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    authorizations_terms(turn, "resaleauthz-1", &terms);
    text_fit(terms.lines[0].amount, sizeof(terms.lines[0].amount), "0.008");
    authorizations_put(turn, &authorization, &terms);
}

static void expect_seen(struct turn *turn, const void *unused)
{
    struct terms terms;
    (void)unused;
    authorizations_terms(turn, "resaleauthz-1", &terms);
    assert_true(seen_same(turn, 1, 1, &terms));
}

/* Max saw the old price, and does not count any more: that covers what the others saw. Back again,
 * Max has approved the new one. */
static void who_saw_another_price_covers_none_until_they_approve_anew(void **state)
{
    static const char *const last[] = {"U0SUE", "U0MAX"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        flows_tear_down(NULL);
        two_needed(NULL);
        flows_submit();
        grow_old();
        approve_first("U0MAX");
        flows_do(raise_price, NULL);
        approve_last("", "{\"ok\":true,\"users\":[\"U0MIA\"]}");
        assert_string_equal(flows_state(1), "pending");
        grow_old();
        click(&approve_action, last[i], 1);
        show(last[i], "");
        flows_answer("slack:usergroups.users.list", "S0MANAGERS", all_three);
        show("U0MIA", "");
        assert_string_equal(flows_state(1), "approved");
        flows_do(expect_seen, NULL);
    }
}

#define LISTS_TEST(name) cmocka_unit_test_setup_teardown(name, two_lists, flows_tear_down)
#define IDS_TEST(name) cmocka_unit_test_setup_teardown(name, either_ids, flows_tear_down)
#define VOTES_TEST(name) cmocka_unit_test_setup_teardown(name, two_needed, flows_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LISTS_TEST(a_decision_asks_only_for_what_it_hangs_on),
        LISTS_TEST(a_group_of_others_that_is_gone_stops_nobody),
        LISTS_TEST(a_group_that_is_gone_has_nobody_in_it_and_is_told_once),
        LISTS_TEST(silence_about_a_group_is_no_answer),
        LISTS_TEST(whom_slack_does_not_show_is_told_so_at_once),
        LISTS_TEST(a_time_that_slack_names_is_waited_for_and_told),
        LISTS_TEST(nobody_approves_their_own_offer_under_another_id),
        LISTS_TEST(either_id_stands_on_a_list_of_the_other),
        VOTES_TEST(one_person_votes_once_whatever_their_id),
        IDS_TEST(nobody_is_called_by_their_other_id),
        IDS_TEST(who_withdraws_by_another_id_is_not_told_of_it),
        VOTES_TEST(the_last_vote_looks_at_the_others_again),
        VOTES_TEST(who_has_left_by_the_last_vote_does_not_count),
        VOTES_TEST(who_came_back_approves_anew),
        VOTES_TEST(who_saw_another_price_covers_none_until_they_approve_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
