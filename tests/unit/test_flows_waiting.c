/* Between the approval and the release: the undo window, Hold, and Release now. */
#include "flows_restored.h"
#include "handlers_fixture.h"

static const int64_t WINDOW_MS = 10 * 60000;

static const char with_window[] =
    "people:\n  approvers:\n    users: [U0APPROVER, U0SECOND]\n"
    "  operators:\n    users: [U0OPERATOR]\napprovals:\n  undo_window: 10m\n";

#define WAITING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, flows_tear_down)

static void know(struct turn *turn, const void *id)
{
    struct person person = {.team = "T0HOME", .known = true};
    text_fit(person.id, sizeof(person.id), id);
    people_put(turn, &person);
}

static int set_up(void **state)
{
    (void)state;
    if (flows_set_up_with(with_window) != 0)
        return -1;
    flows_do(know, "U0OPERATOR");
    flows_do(know, "U0SECOND");
    return 0;
}

/* A process that was started anew looks at the world once more before it releases anything. */
static bool is_being_released(void)
{
    no_posts();
    no_sets();
    return flows_find("aws:DescribeEntity", "resaleauthz-1") != NULL;
}

/* In a direct message: these clicks come from nowhere. */
static size_t answered(const char *words)
{
    flows_settle_slack();
    return flows_count("slack:chat.postMessage", words);
}

static int64_t noted(const char *event)
{
    return store_int(flows.store, "SELECT count(*) FROM move WHERE event = ?",
                     SQL_ARGS(SQL_TEXT(event)), -1);
}

static void restart(void)
{
    start_again();
}

static void hold(const char *person)
{
    flows_decide(&hold_action, 1, person);
}

static void let_go_on(const char *person)
{
    flows_decide(&continue_action, 1, person);
}

/* --- the window --- */

static void an_approved_offer_waits_for_its_window_and_is_then_released(void **state)
{
    (void)state;
    submit_and_approve();
    flows_pass(WINDOW_MS - 1);
    assert_false(is_being_released());
    flows_pass(1);
    assert_true(is_being_released());
    release_starts("cs-release");
    end("cs-release", "SUCCEEDED", "");
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
    assert_int_equal(noted("due"), 1);
}

static void no_window_is_no_wait(void **state)
{
    (void)state;
    submit_and_approve();
    assert_true(is_being_released());
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM timing", SQL_NO_ARGS, -1), 0);
}

static void a_window_outlives_the_process(void **state)
{
    (void)state;
    submit_and_approve();
    flows_pass(WINDOW_MS / 2);
    restart();
    flows_pass(WINDOW_MS / 2 - 1);
    assert_false(is_being_released());
    flows_pass(1);
    assert_true(is_being_released());
}

/* Somebody sets the clock of the machine: the window is as long as it was. */
static void expect_whole_window(int64_t jump)
{
    submit_and_approve();
    flows.now += jump;
    flows.set_by += jump;
    flows_pass(WINDOW_MS - 1);
    assert_false(is_being_released());
    flows_pass(1);
    assert_true(is_being_released());
}

static void a_clock_that_is_set_back_makes_no_window_longer(void **state)
{
    (void)state;
    expect_whole_window(-2 * WINDOW_MS);
}

static void a_clock_that_is_put_forward_makes_no_window_shorter(void **state)
{
    (void)state;
    expect_whole_window(2 * WINDOW_MS);
}

/* A draft that is made meanwhile is ready when the window ends, and not released before. */
static void drafting_goes_on_within_the_window(void **state)
{
    (void)state;
    flows_submit();
    flows_decide(&approve_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "approved");
    start("CreateCPPO", "cs-make");
    end("cs-make", "SUCCEEDED", "");
    flows_pass(MINUTE_MS);
    assert_false(is_being_released());
    flows_pass(WINDOW_MS);
    assert_true(is_being_released());
}

static void the_card_says_until_when(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    approve_submitted();
    flows_settle_slack();
    assert_true(flows_count("slack:chat.update", "Publishing <!date^") > 0);
    assert_true(flows_count("slack:chat.update", "\"action_id\":\"hold\"") > 0);
    assert_int_equal(flows_count("slack:chat.update", "\"action_id\":\"continue\""), 0);
}

/* --- hold --- */

static void what_is_held_is_not_released(void **state)
{
    (void)state;
    submit_and_approve();
    hold("U0SELLER");
    flows_pass(10 * WINDOW_MS);
    restart();
    flows_pass(10 * WINDOW_MS);
    assert_false(is_being_released());
    assert_string_equal(flows_state(1), "approved");
    let_go_on("U0SELLER"); /* their own hold */
    assert_true(is_being_released());
    assert_int_equal(noted("hold"), 1);
    assert_int_equal(noted("continue"), 1);
}

/* Within the window, too: that is what the button says. */
static void release_now_does_not_wait_for_the_rest_of_the_window(void **state)
{
    (void)state;
    submit_and_approve();
    hold("U0APPROVER");
    let_go_on("U0SECOND");
    assert_true(is_being_released());
    flows_pass(2 * WINDOW_MS);
    assert_int_equal(noted("due"), 0);
}

static void a_requester_alone_cannot_release_what_an_approver_holds(void **state)
{
    (void)state;
    submit_and_approve();
    flows_settle_slack();
    hold("U0APPROVER");
    let_go_on("U0SELLER");
    assert_false(is_being_released());
    assert_int_equal(answered("somebody else holds it"), 1);
    let_go_on("U0APPROVER");
    assert_true(is_being_released());
}

/* Whoever comes second is told; but what the requester holds, they could let go alone. */
static void an_approver_takes_over_what_its_requester_holds(void **state)
{
    (void)state;
    submit_and_approve();
    flows_settle_slack();
    hold("U0SELLER");
    hold("U0SELLER");
    assert_int_equal(answered("is on hold already, by <@U0SELLER>"), 1);
    hold("U0APPROVER");
    hold("U0SECOND");
    assert_int_equal(answered("is on hold already, by <@U0APPROVER>"), 1);
    let_go_on("U0SELLER");
    assert_false(is_being_released());
    let_go_on("U0SECOND");
    assert_true(is_being_released());
}

static void operators_hold_and_let_go_what_they_hold(void **state)
{
    (void)state;
    submit_and_approve();
    flows_settle_slack();
    hold("U0OPERATOR");
    let_go_on("U0OPERATOR");
    assert_true(is_being_released());
    hold("U0SELLER");
    let_go_on("U0OPERATOR");
    assert_int_equal(answered("Only the person who holds it, or an approver"), 1);
    assert_int_equal(noted("continue"), 1);
}

/* It had been read back, and was about to be asked for. */
static void a_hold_stops_what_is_being_read_back(void **state)
{
    (void)state;
    submit_and_approve();
    flows_pass(WINDOW_MS);
    describe_authorization();
    hold("U0SELLER");
    describe_offer("Draft", "25");
    assert_null(flows_find("aws:StartChangeSet", "ReleaseOffer"));
    let_go_on("U0SELLER");
    release_starts("cs-release");
}

static void a_hold_after_the_release_was_asked_for_comes_too_late(void **state)
{
    (void)state;
    submit_and_approve();
    flows_settle_slack();
    flows_pass(WINDOW_MS);
    describe_authorization();
    describe_offer("Draft", "25");
    assert_string_equal(flows_state(1), "publishing"); /* nothing has left yet */
    hold("U0SELLER");
    assert_int_equal(answered("Too late to hold CPPO-1: AWS has it."), 1);
    assert_int_equal(noted("hold"), 0);
}

static void nothing_else_can_be_held(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    hold("U0SELLER");
    assert_int_equal(answered("There is nothing to hold: CPPO-1 is “Waiting for approval”"), 1);
    let_go_on("U0APPROVER");
    assert_int_equal(answered("CPPO-1 is not on hold (any more)"), 1);
}

/* It fails while it is held, and somebody tries it again: it is still held. */
static void trying_again_does_not_lift_a_hold(void **state)
{
    (void)state;
    flows_submit();
    flows_decide(&approve_action, 1, "U0APPROVER");
    hold("U0APPROVER");
    start("CreateCPPO", "cs-make");
    end("cs-make", "FAILED",
        ",\"ErrorDetailList\":[{\"ErrorCode\":\"INVALID_INPUT\",\"ErrorMessage\":\"x\"}]");
    assert_string_equal(flows_state(1), "failed");
    store_run(flows.store, "UPDATE request SET can_retry = 1", SQL_NO_ARGS);
    flows_decide(&retry_action, 1, "U0SELLER");
    assert_string_equal(flows_state(1), "publishing");
    start("CreateCPPO", "cs-again");
    end("cs-again", "SUCCEEDED", "");
    flows_pass(2 * WINDOW_MS);
    assert_false(is_being_released());
}

/* Withdrawn, or edited and sent in again: nothing of the hold is left. */
static void a_hold_ends_with_its_approval(void **state)
{
    (void)state;
    submit_and_approve();
    hold("U0APPROVER");
    flows_decide(&withdraw_action, 1, "U0SELLER");
    assert_string_equal(flows_state(1), "withdrawn");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM timing WHERE held_by <> '' OR opens <> 0",
                               SQL_NO_ARGS, -1),
                     0);
    flows_pass(2 * WINDOW_MS);
    assert_int_equal(noted("due"), 0);
}

/* A backup from before the hold: the card tells that there was one. */
static void a_hold_that_a_backup_does_not_know_is_no_release(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    one_card_in(1, "held");
    no_sets();
    second_look();
    flows_pass(2 * WINDOW_MS);
    assert_false(is_being_released());
    assert_string_equal(flows_state(1), "failed");
}

static void a_hold_that_a_backup_knows_is_still_one(void **state)
{
    (void)state;
    submit_and_approve();
    hold("U0SELLER");
    start_restored();
    one_card_in(1, "held");
    no_sets();
    second_look();
    assert_string_equal(flows_state(1), "approved");
    let_go_on("U0APPROVER");
    assert_true(is_being_released());
}

static void the_card_of_what_is_held_says_so_to_machines(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    approve_submitted();
    hold("U0SELLER");
    flows_settle_slack();
    assert_true(flows_count("slack:chat.update", "\"state\":\"held\"") > 0);
}

/* --- a time that is set for it --- */

static void set_time(const char *person, const char *time)
{
    struct pending_action pending = {.what = &schedule_action, .request = 1};
    text_fit(pending.person, sizeof(pending.person), person);
    text_fit(pending.reason, sizeof(pending.reason), time);
    flows_do(flows_judge, &pending);
}

/* It is 8:00 UTC, 9:00 in Berlin. */
static void what_is_approved_goes_out_when_its_time_comes(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0SELLER", "2026-11-24 11:30 Europe/Berlin");
    approve_submitted();
    flows_pass(150 * MINUTE_MS - 1 - (flows.now - MORNING_MS));
    assert_false(is_being_released());
    flows_pass(1);
    assert_true(is_being_released());
    assert_int_equal(noted("schedule"), 1);
}

static void what_is_approved_later_goes_out_once_it_is(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    set_time("U0SELLER", "2026-11-24 08:30");
    flows_pass(60 * MINUTE_MS);
    flows_settle_slack();
    assert_int_equal(flows_count("slack:chat.postMessage", "and waits for a decision"), 1);
    assert_true(flows_count("slack:chat.update", "that time has passed") > 0);
    approve_submitted();
    flows_pass(WINDOW_MS);
    assert_true(is_being_released());
}

static void a_time_outlives_the_process_and_later_revisions(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0SELLER", "2026-11-24 10:00");
    flows_do(ask_for_more, NULL);
    restart();
    assert_int_equal(
        store_int(flows.store, "SELECT count(*) FROM timing WHERE date > 0", SQL_NO_ARGS, -1), 1);
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM timer WHERE name = 'release.date' AND dated",
                               SQL_NO_ARGS, -1),
                     1);
}

/* A date is one of the calendar: it comes when the clock says so. */
static void a_clock_that_is_set_back_keeps_its_time_away(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0SELLER", "2026-11-24 08:30");
    approve_submitted();
    flows.now -= 60 * MINUTE_MS;
    flows.set_by -= 60 * MINUTE_MS;
    flows_pass(60 * MINUTE_MS);
    assert_false(is_being_released());
    flows_pass(30 * MINUTE_MS);
    assert_true(is_being_released());
}

static void a_time_is_changed_and_taken_back(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0SELLER", "2026-11-24 08:30");
    set_time("U0OPERATOR", "2026-11-25 08:30");
    approve_submitted();
    flows_pass(60 * MINUTE_MS);
    assert_false(is_being_released());
    set_time("U0SELLER", "off");
    assert_true(is_being_released());
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM timer WHERE name ="
                               " 'release.date'",
                               SQL_NO_ARGS, -1),
                     0);
}

static void what_is_held_when_its_time_comes_stays_and_is_told(void **state)
{
    (void)state;
    submit_and_approve();
    flows_settle_slack();
    hold("U0APPROVER");
    set_time("U0SELLER", "2026-11-24 09:00");
    flows_pass(90 * MINUTE_MS);
    flows_settle_slack();
    assert_false(is_being_released());
    assert_int_equal(flows_count("slack:chat.postMessage", "and is on hold"), 1);
    let_go_on("U0SECOND");
    assert_true(is_being_released());
}

/* What is let go on before its time waits for that. */
static void continue_is_not_release_now(void **state)
{
    (void)state;
    submit_and_approve();
    set_time("U0SELLER", "2026-11-24 10:00");
    hold("U0SELLER");
    let_go_on("U0SELLER");
    assert_false(is_being_released());
    flows_pass(130 * MINUTE_MS);
    assert_true(is_being_released());
}

static void a_time_that_cannot_be_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"2026-11-24 07:59", "That time has passed"},
        {"2027-03-28 02:30 Europe/Berlin", "Take 01:59"},
        {"2027-01-21 00:00", "its accept-by date 2027-01-20 has passed by then"},
        {"2026-12-01 09:00 Europe/Atlantis", "I know no place called Europe/Atlantis"},
        {"soon", "Write date, time and place"},
    };
    (void)state;
    flows_submit();
    flows_settle_slack();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        set_time("U0SELLER", cases[i][0]);
        if (answered(cases[i][1]) != 1)
            fail_msg("“%s” is not answered with “%s”", cases[i][0], cases[i][1]);
    }
    assert_int_equal(noted("schedule"), 0);
}

static void only_requester_and_operators_set_it(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0APPROVER", "2026-11-24 10:00");
    assert_int_equal(noted("schedule"), 0);
}

static void a_time_that_a_backup_does_not_know_is_no_release(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    one_card_in(1, "until 1796115600");
    no_sets();
    second_look();
    flows_pass(2 * WINDOW_MS);
    assert_false(is_being_released());
    assert_string_equal(flows_state(1), "failed");
}

static void a_time_is_typed(void **state)
{
    (void)state;
    flows_submit();
    type("U0SELLER", "schedule CPPO-1");
    assert_int_equal(noted("schedule"), 0);
    type("U0SELLER", "schedule CPPO-1 2026-12-01 09:00 Europe/Berlin");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM timing WHERE date = 1796112000000"
                               " AND zone = 'Europe/Berlin'",
                               SQL_NO_ARGS, -1),
                     1);
    type("U0SELLER", "list");
    expect_acked("set for <!date^1796112000");
}

static void the_card_of_what_is_set_for_a_time_says_so_to_machines(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    set_time("U0SELLER", "2026-12-01 09:00 Europe/Berlin");
    approve_submitted();
    flows_settle_slack();
    assert_true(flows_count("slack:chat.update", "\"state\":\"until 1796112000\"") > 0);
}

/* --- who is told --- */

static void its_requester_is_told_of_the_hold_of_another(void **state)
{
    struct pending_action pending = {
        .what = &hold_action, .request = 1, .person = "U0APPROVER", .reason = "Ask <legal> first"};
    (void)state;
    flows_submit();
    flows_settle_slack();
    approve_submitted();
    flows_settle_slack();
    size_t before = flows_count("slack:chat.postMessage", "\"channel\":\"U0SELLER\"");
    flows_do(flows_judge, &pending);
    flows_settle_slack();
    assert_int_equal(flows_count("slack:chat.postMessage", "\"channel\":\"U0SELLER\""), before + 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "On hold (revision 1): Ask &lt;legal"),
                     1);
    assert_true(flows_count("slack:chat.update", "Held by <@U0APPROVER>") > 0);
    assert_int_equal(flows_count("slack:chat.postMessage", "thread_ts"), 0);
}

static void their_own_hold_is_no_news(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    approve_submitted();
    flows_settle_slack();
    hold("U0SELLER");
    assert_int_equal(answered("On hold (revision 1)"), 0);
    assert_int_equal(answered("CPPO-1 is on hold"), 1); /* where they acted */
    assert_true(flows_count("slack:chat.update", "Held by <@U0SELLER>") > 0);
}

static void a_list_says_what_is_held(void **state)
{
    (void)state;
    submit_and_approve();
    hold("U0SELLER");
    type("U0SELLER", "list");
    expect_acked("*CPPO-1* · On hold");
}

static void hold_is_typed_with_a_reason(void **state)
{
    (void)state;
    submit_and_approve();
    type("U0SELLER", "hold");
    expect_acked("Which one? Type /cppo hold CPPO-12");
    type("U0SELLER", "hold cppo 1 wait for *legal*");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM timing WHERE held_by = 'U0SELLER'"
                               " AND held_why = 'wait for *legal*'",
                               SQL_NO_ARGS, -1),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WAITING_TEST(an_approved_offer_waits_for_its_window_and_is_then_released),
        FLOWS_TEST(no_window_is_no_wait),
        WAITING_TEST(a_window_outlives_the_process),
        WAITING_TEST(a_clock_that_is_set_back_makes_no_window_longer),
        WAITING_TEST(a_clock_that_is_put_forward_makes_no_window_shorter),
        WAITING_TEST(drafting_goes_on_within_the_window),
        WAITING_TEST(the_card_says_until_when),
        WAITING_TEST(what_is_held_is_not_released),
        WAITING_TEST(release_now_does_not_wait_for_the_rest_of_the_window),
        WAITING_TEST(a_requester_alone_cannot_release_what_an_approver_holds),
        WAITING_TEST(an_approver_takes_over_what_its_requester_holds),
        WAITING_TEST(operators_hold_and_let_go_what_they_hold),
        WAITING_TEST(a_hold_stops_what_is_being_read_back),
        WAITING_TEST(a_hold_after_the_release_was_asked_for_comes_too_late),
        WAITING_TEST(nothing_else_can_be_held),
        WAITING_TEST(trying_again_does_not_lift_a_hold),
        WAITING_TEST(a_hold_ends_with_its_approval),
        WAITING_TEST(a_hold_that_a_backup_does_not_know_is_no_release),
        WAITING_TEST(a_hold_that_a_backup_knows_is_still_one),
        WAITING_TEST(the_card_of_what_is_held_says_so_to_machines),
        WAITING_TEST(what_is_approved_goes_out_when_its_time_comes),
        WAITING_TEST(what_is_approved_later_goes_out_once_it_is),
        WAITING_TEST(a_time_outlives_the_process_and_later_revisions),
        WAITING_TEST(a_clock_that_is_set_back_keeps_its_time_away),
        WAITING_TEST(a_time_is_changed_and_taken_back),
        WAITING_TEST(what_is_held_when_its_time_comes_stays_and_is_told),
        WAITING_TEST(continue_is_not_release_now),
        WAITING_TEST(a_time_that_cannot_be_is_refused),
        WAITING_TEST(only_requester_and_operators_set_it),
        WAITING_TEST(a_time_that_a_backup_does_not_know_is_no_release),
        WAITING_TEST(a_time_is_typed),
        WAITING_TEST(the_card_of_what_is_set_for_a_time_says_so_to_machines),
        WAITING_TEST(its_requester_is_told_of_the_hold_of_another),
        WAITING_TEST(their_own_hold_is_no_news),
        WAITING_TEST(a_list_says_what_is_held),
        WAITING_TEST(hold_is_typed_with_a_reason),
    };
    return cmocka_run_group_tests_name("flows_waiting", tests, NULL, NULL);
}
