/* The engine: what goes out when, and what has to wait. */
#include "engine_fixture.h"

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

/* Answers that do not come must not keep cards from being shown. */
static void test_a_service_that_hangs_leaves_room_for_the_other(void **state)
{
    (void)state;
    engine_do(w->engine, asks_many, NULL);
    engine_flush(w->engine);
    assert_int_equal(engine_busy(w->engine), 24);
    send_as("e", NULL, "mirror", NULL);
    engine_flush(w->engine);
    assert_non_null(strstr(text_get(&w->told), "run mirror"));
    finish(OUTCOME_OK, -1); /* and as one ends, the next goes out */
    assert_int_equal(engine_busy(w->engine), 24);
}

/* A burst of posts for one channel takes minutes; AWS must not wait for it. */
static void test_a_long_lane_holds_up_nobody_else(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++)
        send_as("e", NULL, "write", "post");
    send_as("e", NULL, "mirror", NULL);
    engine_flush(w->engine);
    assert_non_null(strstr(text_get(&w->told), "run mirror"));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lane_keeps_order_and_pace),
        TEST(test_a_new_wish_has_patience_of_its_own),
        TEST(test_a_service_that_hangs_leaves_room_for_the_other),
        TEST(test_a_long_lane_holds_up_nobody_else),
        TEST(test_retry_after_is_obeyed),
        TEST(test_patience_ends),
        TEST(test_one_read_at_a_time_for_a_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
