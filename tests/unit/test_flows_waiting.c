/* Between the approval and the release: the undo window, Hold, and Release now. */
#include "waiting_fixture.h"

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
        WAITING_TEST(its_requester_is_told_of_the_hold_of_another),
        WAITING_TEST(their_own_hold_is_no_news),
        WAITING_TEST(a_list_says_what_is_held),
        WAITING_TEST(hold_is_typed_with_a_reason),
    };
    return cmocka_run_group_tests_name("flows_waiting", tests, NULL, NULL);
}
