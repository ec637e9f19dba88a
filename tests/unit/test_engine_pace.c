/* The engine: what goes out when, and what has to wait. */
#include "engine_fixture.h"

#include <sqlite3.h>

/* What SQLite is asked to do, counted in steps of its machine. */
static long steps;

static int count_step(void *unused)
{
    (void)unused;
    steps++;
    return 0;
}

static int watch(sqlite3 *db, char **error, const struct sqlite3_api_routines *unused)
{
    (void)error;
    (void)unused;
    sqlite3_progress_handler(db, 1, count_step, NULL);
    return SQLITE_OK;
}

/* --- pace --- */

static void test_lane_keeps_order_and_pace(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", "first");
    send_as("e2", "k2", "write", "second");
    engine_flush(w->engine);
    told("ack e1 \"yes\";ack e2 \"yes\";run post first;");
    finish(OUTCOME_OK, -1);
    told(""); /* one message a second in a channel */
    assert_true(w->wake > w->now && w->wake <= w->now + 1000);
    w->now += 1000;
    engine_flush(w->engine);
    told("run post second;");
}

static void says_two_things(struct turn *turn, const void *unused)
{
    (void)unused;
    wish(turn, "post", "lane", "first");
    wish(turn, "notice", "lane", "second");
}

static void test_a_lane_keeps_its_order_across_types(void **state)
{
    (void)state;
    engine_do(w->engine, says_two_things, NULL);
    engine_flush(w->engine);
    told("run post first;");
    finish(OUTCOME_RETRY, -1);
    w->now += 1000;
    engine_flush(w->engine);
    told("run post first;");
    finish(OUTCOME_OK, -1);
    w->now += 1000;
    engine_flush(w->engine);
    told("run notice second;");
}

static void asks(struct turn *turn, const void *about)
{
    (void)about;
    wish(turn, "ask", NULL, "who");
}

/* What is wished anew while it is under way has the whole patience once more. */
static void test_a_new_wish_has_patience_of_its_own(void **state)
{
    (void)state;
    engine_do(w->engine, asks, NULL);
    engine_flush(w->engine);
    w->now += 4000;
    engine_do(w->engine, asks, NULL);
    finish(OUTCOME_OK, -1);
    w->now += 3000;
    w->results = 0;
    finish(OUTCOME_RETRY, -1);
    assert_int_equal(w->results, 0);
    w->now += 3000;
    engine_flush(w->engine);
    finish(OUTCOME_RETRY, -1);
    assert_int_equal(w->results, 1);
    assert_string_equal(w->seen_code, "gave_up");
}

static void asks_many(struct turn *turn, const void *about)
{
    (void)about;
    for (int64_t i = 0; i < 100; i++)
        turn_effect(
            turn,
            &(struct effect){.type = effect_named("ask"), .subject = i, .target = "t", .body = ""});
}

/* All that can start, however many rounds it takes. */
static void flush_all(void)
{
    do {
        engine_flush(w->engine);
    } while (w->wake == w->now);
}

/* Whoever clicks meanwhile does not wait until all of them are written out. */
static void test_what_can_start_at_once_starts_in_portions(void **state)
{
    (void)state;
    engine_do(w->engine, asks_many, NULL);
    engine_flush(w->engine);
    assert_int_equal(engine_in_flight(w->engine), 2);
    assert_int_equal(w->wake, w->now);
    engine_flush(w->engine);
    assert_int_equal(engine_in_flight(w->engine), 4);
}

/* Answers that do not come must not keep cards from being shown. */
static void test_a_service_that_hangs_leaves_room_for_the_other(void **state)
{
    (void)state;
    engine_do(w->engine, asks_many, NULL);
    flush_all();
    assert_int_equal(engine_in_flight(w->engine), 24);
    send_as("e", NULL, "mirror", NULL);
    engine_flush(w->engine);
    assert_non_null(strstr(text_get(&w->told), "run mirror"));
    finish(OUTCOME_OK, -1); /* and as one ends, the next goes out */
    assert_int_equal(engine_in_flight(w->engine), 24);
}

/* A burst of posts for one channel takes minutes; AWS must not wait for it. */
static void test_a_long_lane_holds_up_nobody_else(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++)
        send_as("e", NULL, "write", "post");
    w->now += 10;
    send_as("e", NULL, "mirror", NULL);
    engine_flush(w->engine);
    assert_non_null(strstr(text_get(&w->told), "run mirror"));
}

static void ask_each(struct turn *turn, const void *about)
{
    const long *many = about;
    char target[24];
    for (long i = 0; i < *many; i++) {
        snprintf(target, sizeof(target), "%ld", i);
        turn_effect(turn,
                    &(struct effect){.type = effect_named("ask"), .target = target, .body = ""});
    }
}

/* So many wait for their place in a channel, and for a service that wants to be left alone. */
static void let_wait(long many)
{
    engine_do(w->engine, ask_each, &many);
    for (long i = 0; i < many; i++)
        send_as("e", NULL, "write", "post");
    engine_flush(w->engine);
}

static long steps_for_a_card(void)
{
    long before = steps;
    send_as("e", NULL, "mirror", NULL);
    engine_flush(w->engine);
    finish(OUTCOME_OK, -1);
    return steps - before;
}

static void test_what_has_to_wait_costs_nothing_meanwhile(void **state)
{
    (void)state;
    engine_do(w->engine, asks, NULL);
    engine_flush(w->engine);
    finish(OUTCOME_RETRY, 3600000);
    let_wait(20);
    long few = steps_for_a_card();
    let_wait(2000);
    assert_in_range(steps_for_a_card(), 1, few * 3 / 2);
}

static void test_retry_after_is_obeyed(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", "first");
    engine_flush(w->engine);
    text_clear(&w->told);
    finish(OUTCOME_RETRY, 7000);
    w->now += 6999;
    engine_flush(w->engine);
    told("");
    w->now += 1;
    engine_flush(w->engine);
    told("run post first;");
    assert_int_equal(w->results, 0); /* retrying is the engine's own business */
}

static void ask(struct turn *turn, const void *about)
{
    (void)about;
    wish(turn, "ask", NULL, "?");
}

static void test_patience_ends(void **state)
{
    (void)state;
    engine_do(w->engine, ask, NULL);
    engine_flush(w->engine);
    for (int i = 0; i < 20 && w->results == 0; i++) {
        finish(OUTCOME_UNKNOWN, -1); /* a read may be repeated freely */
        w->now += 1000;
        engine_flush(w->engine);
    }
    assert_int_equal(w->results, 1);
    assert_int_equal(w->seen, OUTCOME_REFUSED);
    assert_string_equal(w->seen_code, "gave_up");
}

static void test_one_read_at_a_time_for_a_target(void **state)
{
    (void)state;
    engine_do(w->engine, ask, NULL);
    engine_do(w->engine, ask, NULL);
    engine_flush(w->engine);
    told("run ask ?;");
}

/* --- crowds --- */

/* So many that what they ask for waits, a millisecond apart. */
static void crowd(int size)
{
    for (int i = 0; i < size; i++) {
        w->now++;
        send_as("e", NULL, "read", NULL);
    }
    text_clear(&w->told);
}

static void test_a_crowd_is_answered_before_what_it_asked_for_is_done(void **state)
{
    (void)state;
    crowd(15);
    send_as("e", NULL, "mirror", NULL);
    engine_flush(w->engine);
    told("ack e -;");
    assert_int_equal(w->wake, w->now + 5);
    w->now += 4;
    engine_flush(w->engine);
    told("");
    w->now++; /* nobody comes any more */
    engine_flush(w->engine);
    told("run mirror card of 7, look 1;");
}

static void test_a_few_people_hold_up_nothing(void **state)
{
    (void)state;
    crowd(14);
    send_as("e", NULL, "mirror", NULL);
    engine_flush(w->engine);
    told("ack e -;run mirror card of 7, look 1;");
}

static void test_a_crowd_that_does_not_end_holds_up_nothing_for_long(void **state)
{
    (void)state;
    crowd(16);
    send_as("e", NULL, "mirror", NULL);
    engine_flush(w->engine);
    told("ack e -;");
    crowd(249);
    engine_flush(w->engine);
    told("");
    crowd(1);
    engine_flush(w->engine);
    told("run mirror card of 7, look 1;");
    send_as("e", NULL, "write", NULL);
    crowd(249);
    engine_flush(w->engine);
    assert_null(strstr(text_get(&w->told), "run")); /* one round, and then the crowd again */
}

static void answer(struct turn *turn, const void *unused)
{
    (void)unused;
    turn_effect(turn, &(struct effect){.type = effect_named("notice"),
                                       .subject = 7,
                                       .target = "t",
                                       .lane = "U1",
                                       .answer = true,
                                       .body = "sorry"});
}

static void test_an_answer_does_not_wait_for_the_crowd(void **state)
{
    (void)state;
    crowd(100);
    engine_do(w->engine, answer, NULL);
    engine_flush(w->engine);
    told("run notice sorry;");
}

int main(void)
{
    sqlite3_auto_extension((void (*)(void))watch);
    const struct CMUnitTest tests[] = {
        TEST(test_lane_keeps_order_and_pace),
        TEST(test_a_lane_keeps_its_order_across_types),
        TEST(test_a_new_wish_has_patience_of_its_own),
        TEST(test_what_can_start_at_once_starts_in_portions),
        TEST(test_a_service_that_hangs_leaves_room_for_the_other),
        TEST(test_a_long_lane_holds_up_nobody_else),
        TEST(test_what_has_to_wait_costs_nothing_meanwhile),
        TEST(test_retry_after_is_obeyed),
        TEST(test_patience_ends),
        TEST(test_one_read_at_a_time_for_a_target),
        TEST(test_a_crowd_is_answered_before_what_it_asked_for_is_done),
        TEST(test_a_few_people_hold_up_nothing),
        TEST(test_a_crowd_that_does_not_end_holds_up_nothing_for_long),
        TEST(test_an_answer_does_not_wait_for_the_crowd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
