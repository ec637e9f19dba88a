/* Another bot beside this one: on a copy of its state file, or on the clone of its machine. */
#include "flows/catching_up.h"
#include "flows/catching_up_news.h"
#include "flows_restored.h"
#include "slack/api.h"

static void tell_counted(struct turn *turn, const void *unused)
{
    (void)unused;
    flows_tell_counted(turn);
}

static void count(int others)
{
    flows.app.others = others;
    flows_do(tell_counted, NULL);
}

static void look_again(void)
{
    no_posts();
    no_sets();
}

/* A clone of the machine: nothing gives its file away, but Slack counts the sockets of both. */
static void a_clone_beside_another_bot_releases_nothing(void **state)
{
    (void)state;
    submit_and_approve();
    flows.app.others = 1;
    start_again();
    look_again();
    assert_false(is_released());
    count(1); /* the second socket stands: this says nothing new */
    assert_int_equal(told("another bot is connected"), 0);
    flows_pass(2 * MINUTE_MS);
    count(1);
    assert_int_equal(told("another bot is connected"), 1);
    flows_pass(60 * MINUTE_MS);
    look_again();
    assert_false(is_released());
    count(0); /* what it released last may be in no list yet */
    look_again();
    assert_false(is_released());
    second_look();
    assert_true(is_released());
    while (flows_find("slack:chat.postMessage", "C0OPERATORS") != NULL) {
        read_by_operators("C0OPERATORS");
        flows_pass(2 * SECOND_MS);
    }
    assert_int_equal(told("Another bot was connected to Slack with this app"), 1);
}

/* Those of the process that has just died are counted for a while. */
static void sockets_that_have_died_hold_a_release_back_for_minutes(void **state)
{
    (void)state;
    submit_and_approve();
    flows.app.others = 2;
    start_again();
    look_again();
    flows_pass(2 * MINUTE_MS);
    assert_false(is_released());
    count(0);
    assert_false(is_released()); /* it is looked once more */
    look_again();
    assert_true(is_released());
    assert_int_equal(told("copy"), 0);
}

static void a_release_waits_until_slack_has_counted(void **state)
{
    (void)state;
    submit_and_approve();
    flows.app.others = -1;
    start_again();
    look_again();
    assert_false(is_released());
    count(0);
    assert_true(is_released());
}

/* ... but not for ever: Slack may be away. */
static void a_release_waits_for_no_count_for_long(void **state)
{
    (void)state;
    submit_and_approve();
    flows.app.others = -1;
    start_again();
    look_again();
    flows_pass(19 * SECOND_MS);
    assert_false(is_released());
    flows_pass(SECOND_MS);
    look_again();
    assert_true(is_released());
}

static bool numbered;

static void ask_for_numbers(struct turn *turn, const void *unused)
{
    (void)unused;
    numbered = catching_up_may_number(turn);
}

/* Those that are a day old are forgotten. */
static void start_stopwatch(struct turn *turn, const void *unused)
{
    (void)unused;
    turn_stopwatch_start(turn, "anything");
}

static void start_copy_beside(void)
{
    flows.app.copied = true;
    flows.app.others = -1;
    start_again();
    no_posts();
    no_sets();
    count(1);
    flows_pass(SECOND_MS);
}

static void another_bot_on_a_copy_is_told_once_while_it_runs(void **state)
{
    (void)state;
    submit_and_approve();
    start_copy_beside();
    assert_int_equal(told("My state file may be a copy"), 1);
    read_by_operators("My state file may be a copy");
    count(2);
    flows_pass(20 * MINUTE_MS);
    count(1);
    assert_int_equal(told("My state file may be a copy"), 1);
    assert_false(is_released());
    start_again(); /* by the next process, once */
    count(1);
    count(1);
    flows_pass(SECOND_MS);
    assert_int_equal(told("My state file may be a copy"), 1);
}

/* What it released last may be in no list yet: it is looked at anew, and nobody waits for ever. */
static void when_the_other_is_gone_after_a_day_all_is_compared_anew(void **state)
{
    (void)state;
    submit_and_approve();
    start_copy_beside();
    flows.now += 25 * 60 * MINUTE_MS;
    flows_do(start_stopwatch, NULL);
    count(0);
    assert_false(is_released());
    no_posts();
    no_sets();
    flows_pass(11 * MINUTE_MS);
    no_posts();
    no_sets();
    flows_pass(SECOND_MS);
    assert_true(is_released());
}

/* What was found took longer to settle than it is known that both sides were looked at. */
static void what_was_seen_a_day_ago_is_looked_at_anew(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_posts();
    one_release("offer-1", 4);
    flows.now += 25 * 60 * MINUTE_MS;
    flows_do(start_stopwatch, NULL);
    assert_null(flows_find("aws:ListChangeSets", "DESCENDING"));
    describe_offer("Released", "25");
    count(0);
    no_posts();
    assert_non_null(flows_find("aws:ListChangeSets", "DESCENDING"));
}

/* What somebody sends in is taken all the while. */
static void while_the_other_runs_numbers_are_known(void **state)
{
    (void)state;
    start_copy_beside();
    flows_do(ask_for_numbers, NULL);
    assert_true(numbered);
    flows.now += 25 * 60 * MINUTE_MS;
    flows_do(start_stopwatch, NULL);
    count(1);
    no_posts();
    flows_do(ask_for_numbers, NULL);
    assert_true(numbered);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, flows_set_up, flows_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_clone_beside_another_bot_releases_nothing),
        TEST(sockets_that_have_died_hold_a_release_back_for_minutes),
        TEST(a_release_waits_until_slack_has_counted),
        TEST(a_release_waits_for_no_count_for_long),
        TEST(another_bot_on_a_copy_is_told_once_while_it_runs),
        TEST(when_the_other_is_gone_after_a_day_all_is_compared_anew),
        TEST(what_was_seen_a_day_ago_is_looked_at_anew),
        TEST(while_the_other_runs_numbers_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
