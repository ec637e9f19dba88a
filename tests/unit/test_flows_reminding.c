/* Approvers are reminded of what waits for them: when they work, and no more often than they must.
 */
#include "envelope_fixture.h"

#include "flows/actions.h"
#include "flows/card_thread.h"

static const int64_t MINUTE = 60000;
static const int64_t HOUR = INT64_C(3600000);

#define REMINDER "has been waiting for your decision"

/* MORNING_MS is a Tuesday, 8:00 UTC. Of two approvers one sits in Berlin, one in New York. */
static const char two_coasts[] = "people:\n  approvers:\n    users: [U0APPROVER, U0WEST]\n"
                                 "approvals:\n  needed: 2\n";

static bool west_is_gone;
static size_t berlin, west; /* reminders that went out so far */

/* Nobody looks every five minutes who else reads the channel: in weeks that is thousands of times.
 */
static void start_with(const char *config)
{
    west_is_gone = false;
    berlin = west = 0;
    flows_set_up_with(config);
    store_run(flows.store, "DELETE FROM timer WHERE name = 'channel.poll'", SQL_NO_ARGS);
}

static int set_up(void **state)
{
    (void)state;
    start_with(two_coasts);
    return 0;
}

static void zones(struct turn *turn, const void *unused)
{
    struct person people[2] = {
        {.id = "U0APPROVER", .team = "T0HOME", .known = true, .zone = "Europe/Berlin"},
        {.id = "U0WEST", .team = "T0HOME", .known = true, .zone = "America/New_York"}};
    (void)unused;
    people[1].deleted = west_is_gone;
    people_put(turn, &people[0]);
    people_put(turn, &people[1]);
}

static void submit_and_stand(void)
{
    flows_submit();
    flows_do(zones, NULL);
    flows_settle_slack();
}

static void count_reminders(void)
{
    for (size_t i = 0; i < flows.count; i++) {
        bool is_one = strstr(flows.sent[i].body, REMINDER) != NULL;
        berlin += is_one && strstr(flows.sent[i].body, "<@U0APPROVER>") != NULL;
        west += is_one && strstr(flows.sent[i].body, "<@U0WEST>") != NULL;
    }
}

/* Slack takes everything, and knows who people are and where. */
static void answer(struct sent *sent)
{
    char reply[300];
    const char *who = strstr(sent->body, "U0WEST") != NULL ? "U0WEST" : "U0APPROVER";
    snprintf(reply, sizeof(reply),
             "{\"ok\":true,\"channel\":\"D1\",\"ts\":\"1795507200.000100\",\"user\":{\"id\":"
             "\"%s\",\"team_id\":\"T0HOME\",\"tz\":\"%s\",\"deleted\":%s,"
             "\"is_restricted\":false,\"is_ultra_restricted\":false}}",
             who, who[2] == 'W' ? "America/New_York" : "Europe/Berlin",
             who[2] == 'W' && west_is_gone ? "true" : "false");
    flows_answer(sent->call, sent->body, reply);
}

/* ${step}: in which Slack answers; where nothing goes on for longer, that goes by at once. */
static void pass_by(int64_t ms, int64_t step)
{
    for (int64_t until = flows.now + ms; flows.now < until;) {
        int64_t next = flows.now + step > flows.wake ? flows.now + step : flows.wake;
        flows_pass((next < until ? next : until) - flows.now);
        for (size_t i = 0; i < flows.count; i++) {
            if (flows.sent[i].open && strncmp(flows.sent[i].call, "slack:", 6) == 0)
                answer(&flows.sent[i]);
        }
        count_reminders();
        flows_forget_slack();
    }
}

static void pass(int64_t ms)
{
    pass_by(ms, 30 * MINUTE);
}

static void each_is_reminded_in_their_own_working_hours(void **state)
{
    (void)state;
    submit_and_stand();
    pass(3 * HOUR +
         50 * MINUTE); /* it is 12:50 in Berlin, ten minutes before four hours are over */
    assert_int_equal(berlin + west, 0);
    pass(20 * MINUTE);
    assert_int_equal(berlin, 1);
    assert_int_equal(west, 0);    /* who sleeps */
    pass(5 * HOUR + 40 * MINUTE); /* 12:50 in New York */
    assert_int_equal(west, 0);
    pass(30 * MINUTE);
    assert_int_equal(west, 1);
    assert_int_equal(berlin, 1);
}

static void the_distance_grows(void **state)
{
    /* Tuesday 13:00 in Berlin, Wednesday 9:00, Thursday 9:00, Monday 9:00; never again. */
    static const size_t by_evening[] = {1, 2, 3, 3, 3, 3, 4, 4};
    (void)state;
    submit_and_stand();
    pass(10 * HOUR);
    for (size_t day = 0; day < 8; day++) {
        assert_int_equal(berlin, by_evening[day]);
        pass(24 * HOUR);
    }
    assert_int_equal(west, 4);
}

static void who_has_approved_is_left_in_peace(void **state)
{
    (void)state;
    submit_and_stand();
    flows_decide(&approve_action, 1, "U0APPROVER");
    pass(3 * 24 * HOUR);
    assert_int_equal(berlin, 0);
    assert_int_equal(west, 3);
}

static void what_is_decided_is_nobody_s_any_more(void **state)
{
    (void)state;
    submit_and_stand();
    flows_decide(&reject_action, 1, "U0APPROVER");
    pass(3 * 24 * HOUR);
    assert_int_equal(berlin + west, 0);
}

/* Slack took nothing since the reminder was due; then it was decided. */
static void what_is_decided_before_it_is_said_is_not_said(void **state)
{
    (void)state;
    submit_and_stand();
    pass(3 * HOUR + 50 * MINUTE);
    flows_pass(12 * MINUTE);
    flows_hold("slack:chat.postMessage", REMINDER, 30 * MINUTE);
    flows_decide(&reject_action, 1, "U0APPROVER");
    pass(3 * 24 * HOUR);
    assert_int_equal(berlin, 1); /* the one that Slack did not take */
}

static void after_long_silence_one_reminder_is_enough(void **state)
{
    (void)state;
    submit_and_stand();
    flows_stop();
    flows.now += 11 * 24 * HOUR; /* a Saturday, 8:00 */
    flows_start();
    pass(49 * HOUR); /* Monday, 9:00 UTC, 10:00 in Berlin, 4:00 in New York */
    assert_int_equal(berlin, 1);
    assert_int_equal(west, 0);
    pass(3 * 24 * HOUR);
    assert_int_equal(berlin, 1);
    assert_int_equal(west, 1);
}

static void who_has_left_is_not_reminded(void **state)
{
    (void)state;
    submit_and_stand();
    west_is_gone = true; /* Slack will say so, when it is asked */
    pass(3 * 24 * HOUR);
    assert_int_equal(west, 0);
    assert_int_equal(berlin, 3);
}

static int set_up_off(void **state)
{
    (void)state;
    start_with("people:\n  approvers:\n    users: [U0APPROVER]\nreminders:\n  after: []\n");
    return 0;
}

static void none_where_they_are_off(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    pass(3 * 24 * HOUR);
    assert_int_equal(berlin + west, 0);
}

/* Fifty offers that wait do not ring fifty times. */
static void many_that_wait_do_not_ring_at_once(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++) {
        submit_and_stand();
        flows_forget_slack();
    }
    pass(3 * HOUR + 30 * MINUTE);
    pass_by(50 * MINUTE, 2 * MINUTE);
    assert_int_equal(berlin, 5);
    pass_by(150 * MINUTE, 2 * MINUTE);
    assert_int_equal(berlin, 12);
}

static int set_up_rules(void **state)
{
    (void)state;
    start_with("people:\n  approvers:\n    users: [U0OTHER]\n"
               "approvals:\n  groups:\n    - {name: finance, users: [U0APPROVER]}\n"
               "  rules:\n    - {name: all, approve: 1 of finance}\n");
    return 0;
}

static void who_decides_by_a_rule_is_reminded_too(void **state)
{
    (void)state;
    submit_and_stand();
    pass(4 * HOUR + 10 * MINUTE);
    assert_int_equal(berlin, 1);
}

/* --- a nudge --- */

static void set_pending(const void *about, struct pending_action *pending)
{
    *pending = (struct pending_action){.what = &nudge_action, .request = 1, .revision = 0};
    text_fit(pending->person, sizeof(pending->person), about);
    text_fit(pending->channel, sizeof(pending->channel), "C0DEALS");
}

static void start_nudge(struct turn *turn, const void *who)
{
    struct pending_action pending;
    set_pending(who, &pending);
    actions_now_or_later(turn, &pending, NULL);
}

/* What is said to who nudges; how many of these Slack was asked to show. */
static size_t nudge(const char *who, const char *words)
{
    size_t before = flows_count("slack:chat.postEphemeral", words);
    flows_do(start_nudge, who);
    flows_pass(0);
    for (size_t i = 0; i < flows.count; i++)
        if (flows.sent[i].open && strstr(flows.sent[i].call, "users.info") != NULL)
            answer(&flows.sent[i]);
    flows_pass(0);
    return flows_count("slack:chat.postEphemeral", words) - before;
}

#define NUDGE "Somebody asks for your decision"

static void a_nudge_reaches_who_is_at_work(void **state)
{
    (void)state;
    submit_and_stand();
    pass(150 * MINUTE); /* 11:30 in Berlin, 5:30 in New York */
    assert_int_equal(nudge("U0SELLER", "I asked <@U0APPROVER> for a decision"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", NUDGE), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "U0WEST"), 0);
}

static void there_is_one_nudge_a_day(void **state)
{
    (void)state;
    submit_and_stand();
    pass(150 * MINUTE);
    assert_int_equal(nudge("U0SELLER", "I asked <@U0APPROVER>"), 1);
    pass(8 * HOUR);
    assert_int_equal(nudge("U0SELLER", "were nudged in the last 24 hours. Nudge again from"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", NUDGE), 0);
    pass(16 * HOUR);
    assert_int_equal(nudge("U0SELLER", "I asked <@U0APPROVER>"), 1);
}

/* Four hours are over 90 minutes after the nudge; the next reminder is tomorrow's. */
static void no_reminder_comes_right_after_a_nudge(void **state)
{
    (void)state;
    submit_and_stand();
    pass(150 * MINUTE);
    nudge("U0SELLER", "I asked");
    pass(20 * HOUR);
    assert_int_equal(berlin, 0);
    pass(24 * HOUR);
    assert_int_equal(berlin, 1);
}

static void nor_a_nudge_right_after_they_were_asked(void **state)
{
    (void)state;
    submit_and_stand();
    pass(30 * MINUTE);
    assert_int_equal(nudge("U0SELLER", "or was asked within the last hour. Nudge again from"), 1);
    pass(210 * MINUTE + 30 * MINUTE); /* Berlin was reminded a moment ago */
    assert_int_equal(berlin, 1);
    assert_int_equal(nudge("U0SELLER", "or was asked within the last hour. Nudge again from"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", NUDGE), 0);
}

static void only_whose_request_it_is_nudges(void **state)
{
    (void)state;
    submit_and_stand();
    pass(150 * MINUTE);
    assert_int_equal(nudge("U0WEST", "Only <@U0SELLER>, who requested CPPO-1"), 1);
    flows_decide(&reject_action, 1, "U0APPROVER");
    assert_int_equal(nudge("U0SELLER", "There is nobody to nudge: CPPO-1 is"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", NUDGE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_is_reminded_in_their_own_working_hours, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(the_distance_grows, set_up, flows_tear_down),
        cmocka_unit_test_setup_teardown(who_has_approved_is_left_in_peace, set_up, flows_tear_down),
        cmocka_unit_test_setup_teardown(what_is_decided_is_nobody_s_any_more, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(what_is_decided_before_it_is_said_is_not_said, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(after_long_silence_one_reminder_is_enough, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(who_has_left_is_not_reminded, set_up, flows_tear_down),
        cmocka_unit_test_setup_teardown(none_where_they_are_off, set_up_off, flows_tear_down),
        cmocka_unit_test_setup_teardown(many_that_wait_do_not_ring_at_once, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(who_decides_by_a_rule_is_reminded_too, set_up_rules,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(a_nudge_reaches_who_is_at_work, set_up, flows_tear_down),
        cmocka_unit_test_setup_teardown(there_is_one_nudge_a_day, set_up, flows_tear_down),
        cmocka_unit_test_setup_teardown(no_reminder_comes_right_after_a_nudge, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(nor_a_nudge_right_after_they_were_asked, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(only_whose_request_it_is_nudges, set_up, flows_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
