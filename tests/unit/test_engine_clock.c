/* The engine and a wall clock that is wrong, or is set: a wait lasts as long as it should, a date
 * comes when the clock says so. */
#include "engine_fixture.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE };

/* Somebody sets the wall clock, by so much. */
static void set_clock(int64_t by)
{
    w->now += by;
    w->set_by += by;
}

static void pass(int64_t ms)
{
    w->now += ms;
    engine_tick(w->engine);
    engine_flush(w->engine);
}

static void waits_ten_minutes(struct turn *turn, const void *about)
{
    (void)about;
    turn_timer(turn, &tick_timer, 3, 10 * MINUTE);
}

static void wait_ten_minutes(void)
{
    engine_do(w->engine, waits_ten_minutes, NULL);
    engine_flush(w->engine);
}

static void expect_due_in(int64_t ms)
{
    pass(ms - 1);
    assert_int_equal(w->timers, 0);
    pass(1);
    assert_int_equal(w->timers, 3);
}

/* --- waits --- */

static void test_a_wait_lasts_as_long_when_the_clock_is_set_back(void **state)
{
    (void)state;
    wait_ten_minutes();
    pass(4 * MINUTE);
    set_clock(-2 * HOUR);
    expect_due_in(6 * MINUTE);
}

static void test_a_wait_lasts_as_long_when_the_clock_is_set_forward(void **state)
{
    (void)state;
    wait_ten_minutes();
    pass(4 * MINUTE);
    set_clock(5 * HOUR);
    expect_due_in(6 * MINUTE);
}

/* It ran two hours ahead, was killed, and starts with the right time. */
static void test_after_a_restart_with_the_right_clock_no_wait_is_longer(void **state)
{
    (void)state;
    set_clock(2 * HOUR);
    crash();
    wait_ten_minutes();
    set_clock(-2 * HOUR);
    crash();
    expect_due_in(10 * MINUTE);
}

static void test_what_passed_while_nobody_ran_counts(void **state)
{
    (void)state;
    wait_ten_minutes();
    w->now += 9 * MINUTE;
    crash();
    expect_due_in(MINUTE);
}

static void asks(struct turn *turn, const void *about)
{
    (void)about;
    wish(turn, "ask", NULL, "?");
}

/* A service that asked for a pause is asked again after that, and no later. */
static void test_a_pause_ends_when_the_clock_is_set_back(void **state)
{
    (void)state;
    engine_do(w->engine, asks, NULL);
    engine_flush(w->engine);
    text_clear(&w->told);
    finish(OUTCOME_RETRY, 2000);
    set_clock(-3 * HOUR);
    pass(1999);
    told("");
    pass(1);
    told("run ask ?;");
}

static void test_a_retry_comes_after_a_restart_with_the_right_clock(void **state)
{
    (void)state;
    set_clock(2 * HOUR);
    crash();
    engine_do(w->engine, asks, NULL);
    engine_flush(w->engine);
    finish(OUTCOME_RETRY, -1);
    set_clock(-2 * HOUR);
    text_clear(&w->told);
    crash();
    pass(250);
    told("run ask ?;");
}

/* Patience is no date either. */
static void test_a_clock_set_forward_ends_no_patience(void **state)
{
    (void)state;
    engine_do(w->engine, asks, NULL);
    engine_flush(w->engine);
    set_clock(HOUR);
    finish(OUTCOME_RETRY, -1);
    assert_int_equal(w->results, 0);
    pass(1000);
    told("run ask ?;run ask ?;");
}

/* What was answered is known for a week, however wrong the clock is. */
static void test_a_clock_set_forward_forgets_no_answer(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    set_clock(INT64_C(9) * 24 * HOUR);
    pass(0);
    w->now += 7 * HOUR; /* the pruning comes by */
    engine_tick(w->engine);
    send_as("e2", "k1", "write", NULL);
    assert_int_equal(w->handled, 1);
}

/* --- dates --- */

static void awaits_a_date(struct turn *turn, const void *about)
{
    (void)about;
    turn_date(turn, &tick_timer, 3, turn_now(turn) + 10 * MINUTE);
}

static void test_a_date_comes_by_the_wall_clock(void **state)
{
    (void)state;
    engine_do(w->engine, awaits_a_date, NULL);
    pass(MINUTE);
    set_clock(-HOUR);
    pass(HOUR);
    assert_int_equal(w->timers, 0);
    set_clock(9 * MINUTE);
    pass(0);
    assert_int_equal(w->timers, 3);
}

static void becomes_a_wait(struct turn *turn, const void *about)
{
    (void)about;
    turn_date(turn, &tick_timer, 3, turn_now(turn) + MINUTE);
    turn_timer(turn, &tick_timer, 3, 10 * MINUTE);
}

static void test_the_last_word_on_a_timer_counts(void **state)
{
    (void)state;
    engine_do(w->engine, becomes_a_wait, NULL);
    expect_due_in(10 * MINUTE);
}

/* A thousand things that are due at once leave room for people. */
static void sets_a_thousand(struct turn *turn, const void *about)
{
    (void)about;
    for (int64_t i = 0; i < 1000; i++)
        turn_timer(turn, &tick_timer, 1 + i, MINUTE);
}

static void test_much_that_is_due_at_once_is_done_one_by_one(void **state)
{
    (void)state;
    engine_do(w->engine, sets_a_thousand, NULL);
    w->now += HOUR;
    engine_tick(w->engine);
    assert_int_equal(rows("SELECT count(*) FROM timer WHERE name = 'tick'"), 999);
    engine_flush(w->engine);
    assert_int_equal(w->wake, w->now);
}

static void sets_many_dates(struct turn *turn, const void *about)
{
    (void)about;
    for (int64_t i = 0; i < 10; i++)
        turn_date(turn, &tick_timer, 1 + i, turn_now(turn) + MINUTE);
}

static void test_dates_that_come_together_are_met_one_by_one(void **state)
{
    (void)state;
    engine_do(w->engine, sets_many_dates, NULL);
    w->now += HOUR;
    engine_tick(w->engine);
    assert_int_equal(rows("SELECT count(*) FROM timer WHERE name = 'tick'"), 9);
}

/* It comes first, and would hold up all others. */
static void test_a_timer_whose_name_is_damaged_sleeps(void **state)
{
    (void)state;
    engine_do(w->engine, sets_a_thousand, NULL);
    store_run(w->store, "UPDATE timer SET name = 'a' || hex(zeroblob(50)) WHERE subject = 1",
              SQL_NO_ARGS);
    w->now += HOUR;
    engine_tick(w->engine);
    engine_tick(w->engine);
    assert_int_equal(rows("SELECT count(*) FROM timer WHERE name = 'tick'"), 998);
    assert_int_equal(rows("SELECT count(*) FROM timer WHERE asleep = 1"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_wait_lasts_as_long_when_the_clock_is_set_back),
        TEST(test_a_wait_lasts_as_long_when_the_clock_is_set_forward),
        TEST(test_after_a_restart_with_the_right_clock_no_wait_is_longer),
        TEST(test_what_passed_while_nobody_ran_counts),
        TEST(test_a_pause_ends_when_the_clock_is_set_back),
        TEST(test_a_retry_comes_after_a_restart_with_the_right_clock),
        TEST(test_a_clock_set_forward_ends_no_patience),
        TEST(test_a_clock_set_forward_forgets_no_answer),
        TEST(test_a_date_comes_by_the_wall_clock),
        TEST(test_the_last_word_on_a_timer_counts),
        TEST(test_much_that_is_due_at_once_is_done_one_by_one),
        TEST(test_dates_that_come_together_are_met_one_by_one),
        TEST(test_a_timer_whose_name_is_damaged_sleeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
