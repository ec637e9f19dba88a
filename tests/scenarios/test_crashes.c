/* kill -9 between any two steps, then a new start: the offer ends in the right state, released
 * once, announced once, with one card. The moments are spread over the whole way by counting what
 * the sandbox saw. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "crashes", true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void restart(void)
{
    world_kill_bot(&w);
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is back");
}

/* A click may fall into the gap: people click again. */
static void approve_until_it_counts(void)
{
    for (int i = 0; i < 5; i++) {
        if (strcmp(world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve"),
                   "acked") == 0)
            return;
    }
    expect(&w, false, "a click is acknowledged in the end");
}

static void test_killed_right_after_the_submission(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    restart();
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is made");
    approve_until_it_counts();
    world_published_once(&w);
}

static void test_killed_right_after_the_approval(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    approve_until_it_counts();
    restart();
    world_published_once(&w);
}

static void test_killed_while_the_release_runs(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "market/speed", json_pack("{s:i, s:i}", "prepare_ms", 300, "apply_ms", 300));
    approve_until_it_counts();
    expect(&w, world_sees(&w, "C0APPROVALS", "*Publishing*"), "the release runs");
    restart();
    world_published_once(&w);
}

static void test_killed_three_times(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    restart();
    expect(&w, world_sees(&w, "C0APPROVALS", "CPPO-1"), "the card is there");
    restart();
    approve_until_it_counts();
    restart();
    world_published_once(&w);
}

/* The start of the release is answered by nobody, and the bot is killed while it waits. */
static void test_killed_with_an_unknown_outcome(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(
        &w, "fault",
        json_pack("{s:s, s:s, s:i}", "where", "aws", "method", "StartChangeSet", "delay_ms", 3000));
    approve_until_it_counts();
    expect(&w, world_sees(&w, "C0APPROVALS", "*Publishing*"), "the release was sent");
    restart();
    world_published_once(&w);
}

/* The machine's clock was two hours ahead, and is right again: nothing waits for these hours. */
static void test_killed_with_a_clock_that_was_ahead(void **state)
{
    (void)state;
    world_stop_bot(&w);
    world_set_clock(&w, INT64_C(2) * 3600 * 1000);
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is back");
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "market/speed", json_pack("{s:i, s:i}", "prepare_ms", 300, "apply_ms", 300));
    approve_until_it_counts();
    expect(&w, world_sees(&w, "C0APPROVALS", "*Publishing*"), "the release runs");
    world_kill_bot(&w);
    world_set_clock(&w, 0);
    world_start_bot(&w);
    world_published_once(&w);
}

static void test_stop_in_good_order(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_stop_bot(&w) == 0, "SIGTERM ends it with status 0");
    expect(&w, json_integer_value(json_object_get(world_state(&w), "sockets")) == 0,
           "no socket is left behind at Slack");
    world_start_bot(&w);
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "it goes on where it was");
    approve_until_it_counts();
    world_published_once(&w);
}

static void test_stop_while_publishing(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "hold"));
    approve_until_it_counts();
    expect(&w, world_sees(&w, "C0APPROVALS", "*Publishing*"), "the release runs");
    expect(&w, world_stop_bot(&w) == 0, "SIGTERM ends it with status 0, and does not wait for AWS");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "go_on"));
    world_start_bot(&w);
    world_published_once(&w);
}

static void test_stop_while_aws_does_not_answer(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(
        &w, "fault",
        json_pack("{s:s, s:s, s:i}", "where", "aws", "method", "StartChangeSet", "delay_ms", 3000));
    approve_until_it_counts();
    expect(&w, world_sees(&w, "C0APPROVALS", "*Publishing*"), "the release was sent");
    expect(&w, world_stop_bot(&w) == 0, "SIGTERM ends it with status 0");
    world_start_bot(&w);
    world_published_once(&w);
    expect(&w, strstr(world_bot_log(&w), "outcome unknown after restart") == NULL,
           "the answer that came while it stopped was kept");
}

static void test_second_bot_is_refused(void **state)
{
    (void)state;
    pid_t first = w.bot;
    world_start_bot(&w);
    int status = world_wait_bot(&w);
    w.bot = first;
    expect(&w, status == 75, "a second bot on the same state ends with status 75");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_killed_right_after_the_submission),
        TEST(test_killed_right_after_the_approval),
        TEST(test_killed_while_the_release_runs),
        TEST(test_killed_three_times),
        TEST(test_killed_with_an_unknown_outcome),
        TEST(test_killed_with_a_clock_that_was_ahead),
        TEST(test_stop_in_good_order),
        TEST(test_stop_while_publishing),
        TEST(test_stop_while_aws_does_not_answer),
        TEST(test_second_bot_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
