/* The engine while the disk takes its time: the loop goes on, and nothing leaves that a power cut
 * could still take. */
#include "engine_fixture.h"

static int set_up_disk(void **state)
{
    set_up(state);
    w->own_disk = true;
    crash();
    engine_settle(w->engine); /* what every start writes */
    w->waits = 0;
    text_clear(&w->told);
    return 0;
}

#define DISK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_disk, tear_down)

static void synced(void)
{
    engine_synced(w->engine, 5);
    engine_flush(w->engine);
}

static void test_acks_and_calls_wait_for_the_disk(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    told("sync;");
    engine_flush(w->engine);
    told(""); /* it is asked once */
    synced();
    told("ack e1 \"yes\";run post hello;");
}

static void test_what_comes_meanwhile_waits_for_the_next(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", "one");
    engine_flush(w->engine);
    send_as("e2", "k2", "write", "two");
    engine_flush(w->engine);
    told("sync;"); /* one at a time */
    synced();
    told("ack e1 \"yes\";run post one;sync;");
    synced();
    told("ack e2 \"yes\";");
}

static void write_something(struct turn *turn, const void *unused)
{
    (void)unused;
    turn_count(turn, "something");
}

static void test_a_look_waits_for_what_nobody_asked_for(void **state)
{
    (void)state;
    engine_do(w->engine, write_something, NULL);
    engine_flush(w->engine);
    send_as("e1", "k1", "read", NULL);
    told("sync;");
    synced();
    told("ack e1 \"menu\";");
}

/* It may have read what a power cut still takes. */
static void test_a_look_waits_for_what_it_may_have_seen(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    send_as("e2", "k2", "read", NULL);
    engine_flush(w->engine);
    send_as("e3", "k3", "read", NULL);
    send_as("e4", "k4", "write", NULL);
    send_as("e5", "k5", "read", NULL);
    engine_flush(w->engine);
    told("sync;");
    synced();
    told("ack e1 \"yes\";ack e2 \"menu\";ack e3 \"menu\";run post hello;sync;");
    synced();
    told("ack e4 \"yes\";ack e5 \"menu\";");
    send_as("e6", "k6", "read", NULL);
    told("ack e6 \"menu\";"); /* nothing is under way */
}

static void test_what_is_always_said_waits_for_no_disk(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    send_as("e2", "k2", "say", NULL);
    engine_flush(w->engine);
    send_as("e3", "k3", "say", NULL);
    told("ack e2 \"help\";sync;ack e3 \"help\";");
    synced();
    told("ack e1 \"yes\";run post hello;");
}

static void test_a_form_opens_when_the_disk_has_what_it_shows(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    send_as("e2", "k2", "open", NULL);
    send_as("e3", "k3", "write", NULL);
    send_as("e4", "k4", "open", NULL);
    engine_flush(w->engine);
    told("sync;");
    synced();
    told("ack e1 \"yes\";ack e2 -;run open view;run post hello;sync;");
    synced();
    told("ack e3 \"yes\";ack e4 -;run open view;");
}

static void test_a_card_shows_what_the_disk_has(void **state)
{
    (void)state;
    send_as("e1", "k1", "mirror", NULL);
    engine_flush(w->engine);
    send_as("e2", "k2", "mirror", NULL); /* it changes while the disk is waited for */
    synced();
    told("sync;ack e1 -;run mirror card of 7, look 1;sync;");
    synced();
    told("ack e2 -;"); /* one lane: the first is in flight */
    finish(OUTCOME_OK, -1);
    told("sync;");
    synced();
    told("run mirror card of 7, look 2;");
}

static bool cancelled;

static void cancel(struct turn *turn, const void *unused)
{
    (void)unused;
    cancelled = turn_cancel_waiting(turn, effect_named("post"), 7);
}

/* It is marked as begun, and a power cut would leave it in doubt. */
static void test_what_was_chosen_can_not_be_taken_back(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    assert_int_equal(rows("SELECT count(*) FROM effect WHERE state = 'under_way'"), 1);
    engine_do(w->engine, cancel, NULL);
    assert_false(cancelled);
    synced();
    told("sync;ack e1 \"yes\";run post hello;");
}

static void test_a_stop_waits_for_the_disk(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    send_as("e2", "k2", "write", NULL);
    engine_drain(w->engine);
    engine_settle(w->engine);
    told("sync;ack e1 \"yes\";run post hello;sync;ack e2 \"yes\";");
    assert_int_equal(w->waits, 2);
    assert_int_equal(engine_in_flight(w->engine), 1);
}

static void test_a_crowd_waits_for_the_disk(void **state)
{
    (void)state;
    send_as("e0", "k0", "write", NULL);
    engine_flush(w->engine);
    for (int i = 1; i < 256; i++)
        send_as("e", NULL, "write", NULL);
    assert_int_equal(w->waits, 0);
    send_as("e", NULL, "write", NULL);
    assert_int_equal(w->waits, 1);
    assert_true(engine_counts(w->engine).acks == 1);
}

/* Nobody comes to the loop's timers while the disk is busy. */
static void test_the_loop_sleeps_meanwhile(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    send_as("e2", "k2", "write", NULL);
    engine_flush(w->engine);
    assert_true(w->wake > w->now);
}

static void test_a_crash_before_the_disk_answers_tells_nobody(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    told("sync;");
    w->own_disk = false;
    crash(); /* without a power cut: it is in the file */
    told("");
    assert_int_equal(w->seen, OUTCOME_UNKNOWN);
    send_as("e1", "k1", "write", NULL);
    told("ack e1 \"yes\";"); /* Slack asks again */
    assert_int_equal(w->handled, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DISK_TEST(test_acks_and_calls_wait_for_the_disk),
        DISK_TEST(test_what_comes_meanwhile_waits_for_the_next),
        DISK_TEST(test_a_look_waits_for_what_nobody_asked_for),
        DISK_TEST(test_a_look_waits_for_what_it_may_have_seen),
        DISK_TEST(test_what_is_always_said_waits_for_no_disk),
        DISK_TEST(test_a_form_opens_when_the_disk_has_what_it_shows),
        DISK_TEST(test_a_card_shows_what_the_disk_has),
        DISK_TEST(test_what_was_chosen_can_not_be_taken_back),
        DISK_TEST(test_a_stop_waits_for_the_disk),
        DISK_TEST(test_a_crowd_waits_for_the_disk),
        DISK_TEST(test_the_loop_sleeps_meanwhile),
        DISK_TEST(test_a_crash_before_the_disk_answers_tells_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
