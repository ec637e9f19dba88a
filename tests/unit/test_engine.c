/* The engine: acks, effects that happen once, mirrors, volatiles, timers. */
#include <sqlite3.h>
#include <sys/stat.h>

#include "engine_fixture.h"

/* --- acks --- */

static void test_read_only_answers_at_once(void **state)
{
    (void)state;
    send_as("e1", "k1", "read", NULL);
    told("ack e1 \"menu\";"); /* without a flush: there is nothing to wait for */
    assert_int_equal(rows("SELECT count(*) FROM inbox"), 0);
}

static void test_ack_waits_for_the_commit(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    told(""); /* not before it is on the disk */
    engine_flush(w->engine);
    told("ack e1 \"yes\";run post hello;");
}

static void test_one_commit_for_a_burst(void **state)
{
    (void)state;
    uint64_t before = engine_counts(w->engine).commits;
    char name[16];
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof(name), "e%d", i);
        send_as(name, name, "write", NULL);
    }
    engine_flush(w->engine);
    assert_true(engine_counts(w->engine).acks == 20);
    /* The intents of what it wished are in it. */
    assert_true(engine_counts(w->engine).commits - before == 1);
}

/* What can be read at once is read before the disk is waited for, but not for ever: what a batch
 * that is committed already wants done leaves first. */
static void test_a_burst_is_gathered_and_no_more(void **state)
{
    (void)state;
    assert_false(engine_may_batch(w->engine));
    send_as("e", NULL, "write", NULL);
    assert_true(engine_may_batch(w->engine));
    for (int i = 0; i < 256; i++)
        send_as("e", NULL, "write", NULL);
    assert_true(engine_counts(w->engine).acks == 256);
    assert_false(engine_may_batch(w->engine));
    engine_flush(w->engine);
    send_as("e", NULL, "write", NULL);
    assert_true(engine_may_batch(w->engine));
}

static void test_a_commit_is_put_off_for_five_milliseconds_at_most(void **state)
{
    (void)state;
    send_as("e1", NULL, "write", NULL);
    w->now += 4;
    assert_true(engine_may_batch(w->engine));
    w->now += 1;
    assert_false(engine_may_batch(w->engine));
    told("");
    send_as("e2", NULL, "write", NULL);
    told("ack e1 \"yes\";ack e2 \"yes\";"); /* without waiting for the end of the burst */
}

static void test_second_delivery_gets_the_same_answer(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    text_clear(&w->told);
    send_as("e2", "k1", "write", NULL); /* a new envelope of the same click */
    engine_flush(w->engine);
    told("ack e2 \"yes\";");
    assert_int_equal(w->handled, 1);
    crash();
    send_as("e3", "k1", "write", NULL);
    assert_int_equal(w->handled, 1); /* nor after a restart */
}

static void test_errors_leave_no_trace(void **state)
{
    (void)state;
    send_as("e1", "k1", "refuse", NULL);
    engine_flush(w->engine);
    told("ack e1 \"errors\";"); /* and no effect ran, not even a volatile one */
    assert_int_equal(rows("SELECT count(*) FROM inbox"), 0);
    assert_int_equal(rows("SELECT count(*) FROM counter WHERE name = 'refused'"), 0);
    send_as("e2", "k1", "refuse", NULL); /* the corrected form is a new submission */
    assert_int_equal(w->handled, 2);
}

static void test_errors_undo_their_own_turn_only(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    send_as("e2", "k2", "refuse", NULL);
    engine_flush(w->engine);
    assert_int_equal(rows("SELECT value FROM counter WHERE name = 'writes'"), 1);
    assert_int_equal(rows("SELECT count(*) FROM counter WHERE name = 'refused'"), 0);
}

/* --- what must not happen twice --- */

static void test_intent_is_committed_before_the_call(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    assert_int_equal(rows("SELECT count(*) FROM effect WHERE state = 'under_way'"), 1);
    crash();
    assert_int_equal(w->results, 1); /* it may have happened: somebody must find out */
    assert_int_equal(w->seen, OUTCOME_UNKNOWN);
    engine_flush(w->engine);
    told("ack e1 \"yes\";run post hello;"); /* the first life's: not done again blindly */
    assert_int_equal(rows("SELECT count(*) FROM effect WHERE state = 'unknown'"), 1);
}

static void test_unknown_outcome_is_not_repeated(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    text_clear(&w->told);
    finish(OUTCOME_UNKNOWN, -1);
    w->now += 3600000;
    engine_tick(w->engine);
    engine_flush(w->engine);
    told("");
    assert_int_equal(w->seen, OUTCOME_UNKNOWN);
}

static int64_t resent;

static void resend(struct turn *turn, const void *about)
{
    (void)about;
    turn_resend(turn, resent);
}

static void test_resend_sends_the_same_bytes(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", "exactly this");
    engine_flush(w->engine);
    resent = w->last_call;
    finish(OUTCOME_UNKNOWN, -1);
    text_clear(&w->told);
    engine_do(w->engine, resend, NULL);
    w->now += 2000; /* the lane's pace */
    engine_flush(w->engine);
    told("run post exactly this;");
    assert_int_equal(w->last_call, resent);
}

static void test_definite_refusal_is_told_once(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    finish(OUTCOME_REFUSED, -1);
    assert_int_equal(w->results, 1);
    assert_string_equal(w->seen_code, "code");
    assert_int_equal(rows("SELECT count(*) FROM effect"), 0);
}

static void post_card(struct turn *turn, const void *about)
{
    (void)about;
    wish(turn, "card", NULL, NULL);
}

/* A body that is made when it leaves says what is true then, each time that it leaves. */
static void test_rendered_effect_says_what_is_true_when_it_leaves(void **state)
{
    (void)state;
    engine_do(w->engine, post_card, NULL);
    assert_int_equal(w->renders, 0);
    engine_flush(w->engine);
    told("run card card of 7, look 1;");
    resent = w->last_call;
    finish(OUTCOME_UNKNOWN, -1);
    engine_do(w->engine, resend, NULL);
    engine_flush(w->engine);
    told("run card card of 7, look 2;");
}

static void test_effect_that_cannot_be_shown_has_not_begun(void **state)
{
    (void)state;
    w->renderable = false;
    engine_do(w->engine, post_card, NULL);
    engine_flush(w->engine);
    told("");
    w->now += 100000;
    engine_tick(w->engine);
    engine_flush(w->engine);
    assert_int_equal(w->renders, 1);
    assert_int_equal(rows("SELECT count(*) FROM effect WHERE state = 'waiting'"), 1);
    crash(); /* another version, perhaps */
    assert_int_equal(w->results, 0);
    w->renderable = true;
    crash();
    told("run card card of 7, look 3;");
}

/* --- mirrors, volatiles, timers --- */

static void test_wishes_merge_into_one_update(void **state)
{
    (void)state;
    send_as("e1", "k1", "mirror", NULL);
    send_as("e2", "k2", "mirror", NULL);
    engine_flush(w->engine);
    told("ack e1 -;ack e2 -;run mirror card of 7, look 1;");
    send_as("e3", "k3", "mirror", NULL); /* while one is under way */
    engine_flush(w->engine);
    told("ack e3 -;");
    finish(OUTCOME_OK, -1);
    told("run mirror card of 7, look 2;"); /* rendered when it is sent */
    finish(OUTCOME_OK, -1);
    told("");
    assert_int_equal(rows("SELECT count(*) FROM effect"), 0);
}

static void test_mirror_that_cannot_be_shown_waits_for_a_wish(void **state)
{
    (void)state;
    w->renderable = false;
    send_as("e1", "k1", "mirror", NULL);
    engine_flush(w->engine);
    told("ack e1 -;");
    w->now += 100000;
    engine_flush(w->engine);
    assert_int_equal(w->renders, 1);
    w->renderable = true;
    send_as("e2", "k2", "mirror", NULL);
    engine_flush(w->engine);
    told("ack e2 -;run mirror card of 7, look 2;");
}

static void test_volatile_is_never_stored(void **state)
{
    (void)state;
    send_as("e1", "k1", "open", NULL);
    assert_int_equal(rows("SELECT count(*) FROM effect"), 0);
    engine_flush(w->engine);
    told("ack e1 -;run open view;");
    crash();
    engine_flush(w->engine);
    told("");
}

static void set_timer(struct turn *turn, const void *about)
{
    (void)about;
    turn_timer(turn, &tick_timer, 3, 500);
}

static void test_timer_runs_once_even_over_a_restart(void **state)
{
    (void)state;
    engine_do(w->engine, set_timer, NULL);
    engine_flush(w->engine);
    assert_int_equal(w->wake, w->now + 500);
    crash();
    w->now += 500;
    engine_tick(w->engine);
    engine_flush(w->engine);
    engine_tick(w->engine);
    assert_int_equal(w->timers, 3);
}

static void test_inbox_is_pruned_after_seven_days(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    w->now += INT64_C(8) * 24 * 3600 * 1000;
    engine_tick(w->engine);
    engine_flush(w->engine);
    assert_int_equal(rows("SELECT count(*) FROM inbox"), 0);
}

static void test_second_process_is_refused_by_name(void **state)
{
    struct err err;
    char pid[24];
    (void)state;
    assert_null(store_open(w->path, migrations, 1, &err));
    snprintf(pid, sizeof(pid), "process %ld", (long)getpid());
    assert_non_null(strstr(err.text, pid));
}

static void test_newer_schema_is_refused(void **state)
{
    struct err err;
    (void)state;
    engine_free(w->engine);
    w->engine = NULL;
    store_run(w->store, "PRAGMA user_version = 9", SQL_NO_ARGS);
    store_close(w->store);
    assert_null(store_open(w->path, migrations, 1, &err));
    assert_non_null(strstr(err.text, "newer cppo-bot"));
    w->store = NULL;
}

/* Can another program empty the write-ahead log, or does somebody still look at it? */
static bool log_is_free(void)
{
    int busy = -1;
    sqlite3 *db = NULL;
    sqlite3_stmt *checkpoint = NULL;
    assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
    sqlite3_prepare_v2(db, "PRAGMA wal_checkpoint(TRUNCATE)", -1, &checkpoint, NULL);
    if (sqlite3_step(checkpoint) == SQLITE_ROW)
        busy = sqlite3_column_int(checkpoint, 0);
    sqlite3_finalize(checkpoint);
    sqlite3_close(db);
    return busy == 0;
}

static void set_tick(struct turn *turn, const void *about)
{
    (void)about;
    turn_timer(turn, &tick_timer, 1, 1000);
}

static void test_a_round_reads_in_one_view_and_keeps_none(void **state)
{
    (void)state;
    send_as("e0", "k0", "write", NULL); /* so that there is a log */
    engine_flush(w->engine);            /* which reads what it starts behind its commit */
    assert_true(log_is_free());
    finish(OUTCOME_OK, -1);
    assert_true(log_is_free());
    engine_do(w->engine, set_tick, NULL);
    engine_flush(w->engine); /* which looks when it is due */
    assert_true(log_is_free());
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    send_as("e2", "k2", "read", NULL);
    assert_false(log_is_free());
    engine_flush(w->engine);
    assert_true(log_is_free());
}

static void store_much(struct turn *turn, const void *about)
{
    static char text[5 * 1024 * 1024];
    (void)about;
    memset(text, 'x', sizeof(text) - 1);
    store_run(turn_writes(turn), "INSERT INTO inbox (key, seen_at, answer) VALUES ('k', ?, ?)",
              SQL_ARGS(SQL_INT(turn_time(turn)), SQL_TEXT(text)));
}

static int64_t file_bytes(void)
{
    struct stat about;
    assert_int_equal(stat(w->path, &about), 0);
    return about.st_size;
}

static void test_the_disk_does_more_only_when_it_is_quiet(void **state)
{
    (void)state;
    int64_t before = file_bytes();
    engine_do(w->engine, store_much, NULL);
    engine_flush(w->engine);
    assert_int_equal(file_bytes(), before); /* acks may be on their way */
    engine_do(w->engine, set_tick, NULL);
    engine_flush(w->engine);
    w->now += 1;
    engine_flush(w->engine); /* something is to be done in less than a second */
    assert_int_equal(file_bytes(), before);
    w->now += 1000;
    engine_tick(w->engine);
    engine_flush(w->engine);
    assert_int_equal(file_bytes(), before);
    engine_flush(w->engine);
    assert_true(file_bytes() > before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_read_only_answers_at_once),
        TEST(test_ack_waits_for_the_commit),
        TEST(test_one_commit_for_a_burst),
        TEST(test_a_burst_is_gathered_and_no_more),
        TEST(test_a_commit_is_put_off_for_five_milliseconds_at_most),
        TEST(test_second_delivery_gets_the_same_answer),
        TEST(test_errors_leave_no_trace),
        TEST(test_errors_undo_their_own_turn_only),
        TEST(test_intent_is_committed_before_the_call),
        TEST(test_unknown_outcome_is_not_repeated),
        TEST(test_resend_sends_the_same_bytes),
        TEST(test_rendered_effect_says_what_is_true_when_it_leaves),
        TEST(test_effect_that_cannot_be_shown_has_not_begun),
        TEST(test_definite_refusal_is_told_once),
        TEST(test_wishes_merge_into_one_update),
        TEST(test_mirror_that_cannot_be_shown_waits_for_a_wish),
        TEST(test_volatile_is_never_stored),
        TEST(test_timer_runs_once_even_over_a_restart),
        TEST(test_inbox_is_pruned_after_seven_days),
        TEST(test_a_round_reads_in_one_view_and_keeps_none),
        TEST(test_the_disk_does_more_only_when_it_is_quiet),
        TEST(test_second_process_is_refused_by_name),
        TEST(test_newer_schema_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
