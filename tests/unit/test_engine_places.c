/* The engine: places for what is worthless in a moment, and who is first in a lane. */
#include "engine_fixture.h"

static void finish_one(int64_t effect, enum outcome outcome, int64_t retry_after)
{
    const struct completion result = {.outcome = outcome, .retry_after_ms = retry_after};
    engine_result(w->engine, effect, &result);
    engine_flush(w->engine);
}

static void whispers(struct turn *turn, const void *about)
{
    (void)about;
    wish(turn, "whisper", NULL, "psst");
}

static void whisper(int times)
{
    for (int i = 0; i < times; i++)
        engine_do(w->engine, whispers, NULL);
    engine_flush(w->engine);
}

/* --- volatile effects --- */

/* However many answers hang, what was decided is done. */
static void test_what_is_durable_does_not_wait_for_what_is_volatile(void **state)
{
    (void)state;
    whisper(40);
    assert_int_equal(engine_in_flight(w->engine), 12);
    text_clear(&w->told);
    send_as("e", NULL, "write", NULL);
    engine_flush(w->engine);
    told("ack e \"yes\";run post hello;");
}

static void test_a_form_opens_while_answers_hang(void **state)
{
    (void)state;
    whisper(40);
    text_clear(&w->told);
    for (int i = 0; i < 6; i++)
        send_as("e", NULL, "open", NULL);
    engine_flush(w->engine);
    assert_int_equal(engine_in_flight(w->engine), 16);
    assert_non_null(strstr(text_get(&w->told), "run open view;"));
}

static void test_one_that_ends_makes_place_for_the_next(void **state)
{
    (void)state;
    whisper(13);
    text_clear(&w->told);
    finish_one(-1, OUTCOME_OK, -1);
    told("run whisper psst;");
    assert_int_equal(engine_in_flight(w->engine), 12);
}

enum { PLACES = 24 };

static void show_most(struct turn *turn, const void *unused)
{
    char target[24];
    (void)unused;
    for (int i = 1; i < PLACES; i++) {
        snprintf(target, sizeof(target), "%d", i);
        turn_mirror(turn, effect_named("mirror"), target, i);
    }
}

static void show_three_more(struct turn *turn, const void *unused)
{
    (void)unused;
    turn_mirror(turn, effect_named("mirror"), "a", 101);
    turn_mirror(turn, effect_named("mirror"), "b", 102);
    turn_mirror(turn, effect_named("mirror"), "c", 103);
}

static void test_a_place_that_is_not_taken_is_given_to_the_next(void **state)
{
    (void)state;
    w->renderable = true;
    engine_do(w->engine, show_most, NULL);
    do {
        engine_flush(w->engine);
    } while (w->wake == w->now);
    assert_int_equal(engine_in_flight(w->engine), PLACES - 1);
    w->renderable = false;
    w->renders = 0;
    engine_do(w->engine, show_three_more, NULL);
    for (int i = 1; i <= 3; i++) {
        engine_flush(w->engine);
        assert_int_equal(w->renders, i);
        assert_true(i == 3 || w->wake == w->now);
    }
}

/* Its type says what becomes of it: an answer is said in another way. */
static void test_what_finds_no_place_in_time_is_given_up(void **state)
{
    (void)state;
    whisper(13);
    text_clear(&w->told);
    assert_true(w->wake <= w->now + 3000);
    w->now += 2999;
    engine_flush(w->engine);
    assert_int_equal(w->results, 0);
    w->now += 1;
    engine_flush(w->engine);
    told("");
    assert_int_equal(w->results, 1);
    assert_int_equal(w->seen, OUTCOME_REFUSED);
    assert_string_equal(w->seen_code, "no_place");
}

static void test_few_wait_for_a_place(void **state)
{
    (void)state;
    whisper(100);
    assert_int_equal(engine_in_flight(w->engine), 12);
    assert_int_equal(w->results, 100 - 12 - 64);
}

/* Slack asks for a pause: whispers keep it, and forms open meanwhile. */
static void test_a_pause_is_kept_by_what_is_volatile(void **state)
{
    (void)state;
    whisper(1);
    finish_one(-1, OUTCOME_RETRY, 2000);
    text_clear(&w->told);
    whisper(1);
    send_as("e", NULL, "open", NULL);
    engine_flush(w->engine);
    told("ack e -;run open view;");
    assert_true(w->wake <= w->now + 2000);
    w->now += 2000;
    engine_flush(w->engine);
    told("run whisper psst;");
}

/* --- one taker --- */

/* Another process took the effect between the choice and the intent. */
static void test_an_effect_that_somebody_else_took_is_not_done(void **state)
{
    (void)state;
    send_as("e0", NULL, "mirror", NULL);
    send_as("e1", NULL, "write", NULL);
    w->strike = "UPDATE effect SET state = 'under_way' WHERE type = 'post'";
    engine_flush(w->engine);
    told("ack e0 -;ack e1 \"yes\";run mirror card of 7, look 1;");
    assert_int_equal(engine_in_flight(w->engine), 1);
}

/* --- a lane --- */

static void notice(struct turn *turn, const char *body, bool answer, const char *topic)
{
    turn_effect(turn, &(struct effect){.type = effect_named("notice"),
                                       .lane = "person",
                                       .answer = answer,
                                       .topic = topic,
                                       .body = body});
}

static void news(struct turn *turn, const void *body)
{
    notice(turn, body, false, NULL);
}

static void news_of_seven(struct turn *turn, const void *body)
{
    notice(turn, body, false, "seven");
}

static void answers(struct turn *turn, const void *body)
{
    notice(turn, body, true, NULL);
}

/* Let all go out that waits. */
static void drain(void)
{
    for (int i = 0; i < 10 && engine_in_flight(w->engine) > 0; i++) {
        finish(OUTCOME_OK, -1);
        w->now += 1000;
        engine_flush(w->engine);
    }
}

static void test_an_answer_goes_ahead_of_old_news(void **state)
{
    (void)state;
    engine_do(w->engine, news, "one");
    engine_do(w->engine, news, "two");
    engine_do(w->engine, news, "three");
    engine_flush(w->engine);
    engine_do(w->engine, answers, "answer");
    engine_do(w->engine, answers, "and another");
    drain();
    told("run notice one;run notice answer;run notice and another;run notice two;"
         "run notice three;");
}

static void test_newer_news_take_the_place_of_unsent_older(void **state)
{
    (void)state;
    engine_do(w->engine, news, "first");
    engine_flush(w->engine);
    engine_do(w->engine, news_of_seven, "waiting");
    engine_do(w->engine, news, "last");
    engine_do(w->engine, news_of_seven, "published");
    drain();
    told("run notice first;run notice published;run notice last;");
}

static void test_news_that_are_out_are_followed_by_the_newer(void **state)
{
    (void)state;
    engine_do(w->engine, news_of_seven, "waiting");
    engine_flush(w->engine);
    engine_do(w->engine, news_of_seven, "approved");
    engine_do(w->engine, news_of_seven, "published");
    drain();
    told("run notice waiting;run notice published;");
}

static bool crowded;

static void asks_for_room(struct turn *turn, const void *topic)
{
    crowded = turn_crowded(
        turn, &(struct effect){.type = effect_named("notice"), .lane = "person", .topic = topic},
        3);
}

static void test_a_lane_says_when_it_is_full(void **state)
{
    (void)state;
    engine_do(w->engine, news, "one");
    engine_do(w->engine, news_of_seven, "two");
    engine_do(w->engine, answers, "no news");
    engine_do(w->engine, asks_for_room, NULL);
    assert_false(crowded);
    engine_do(w->engine, news, "three");
    engine_do(w->engine, asks_for_room, NULL);
    assert_true(crowded);
    engine_do(w->engine, asks_for_room, "eight");
    assert_true(crowded);
    engine_do(w->engine, asks_for_room, "seven"); /* it takes the other's place */
    assert_false(crowded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_durable_does_not_wait_for_what_is_volatile),
        TEST(test_a_form_opens_while_answers_hang),
        TEST(test_one_that_ends_makes_place_for_the_next),
        TEST(test_what_finds_no_place_in_time_is_given_up),
        TEST(test_few_wait_for_a_place),
        TEST(test_a_pause_is_kept_by_what_is_volatile),
        TEST(test_a_place_that_is_not_taken_is_given_to_the_next),
        TEST(test_an_effect_that_somebody_else_took_is_not_done),
        TEST(test_an_answer_goes_ahead_of_old_news),
        TEST(test_newer_news_take_the_place_of_unsent_older),
        TEST(test_news_that_are_out_are_followed_by_the_newer),
        TEST(test_a_lane_says_when_it_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
