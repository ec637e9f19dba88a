/* The engine on bad days: a slow disk, rows of another version, crowds, mistakes of its users. */
#include "engine_fixture.h"

#include <signal.h>
#include <sys/wait.h>

/* --- the disk --- */

static void test_a_disk_that_is_far_too_slow_is_told_once_an_hour(void **state)
{
    (void)state;
    look_us = 1000001;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    told("ack e1 \"yes\";alarm The disk holding the;run post hello;"); /* two commits, one alarm */
    finish(OUTCOME_OK, -1);
    w->now += 3599999;
    send_as("e2", "k2", "refuse", NULL);
    send_as("e3", "k3", "write", NULL);
    engine_flush(w->engine);
    told("ack e2 \"errors\";ack e3 \"yes\";run post hello;");
    w->now += 1;
    finish(OUTCOME_OK, -1);
    told("alarm The disk holding the;");
    assert_true(engine_counts(w->engine).slowest_commit_us >= look_us);
}

static void test_a_slow_commit_is_no_reason_for_an_alarm(void **state)
{
    (void)state;
    look_us = 60000;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    told("ack e1 \"yes\";run post hello;");
}

static void asks(struct turn *turn, const void *unused)
{
    (void)unused;
    wish(turn, "ask", NULL, "who");
}

/* The commit behind a card that cannot be shown yet is slow, and the alarm is written down: what
 * was to start beside it starts all the same. */
static void test_a_slow_commit_between_choice_and_start_is_survived(void **state)
{
    (void)state;
    send_as("e1", NULL, "mirror", NULL);
    engine_flush(w->engine);
    finish(OUTCOME_RETRY, -1);
    engine_do(w->engine, asks, NULL);
    engine_flush(w->engine);
    finish(OUTCOME_RETRY, -1);
    text_clear(&w->told);
    w->now += 1000;
    w->renderable = false;
    w->alarm_writes = true;
    look_us = 2000000;
    engine_flush(w->engine);
    told("alarm The disk holding the;run ask who;");
}

/* --- rows of another version --- */

static void add_row(int64_t id, const char *type, const char *state)
{
    store_run(w->store,
              "INSERT INTO effect (id, type, kind, state, subject, target, body, not_before,"
              " created_at) VALUES (?, ?, 'once', ?, 1, 't', x'', 0, 0)",
              SQL_ARGS(SQL_INT(id), SQL_TEXT(type), SQL_TEXT(state)));
}

/* A later version wrote them, and may want them again: they are kept, and hold up nobody. */
static void test_effects_of_an_unknown_type_are_left_alone(void **state)
{
    (void)state;
    add_row(1001, "later.waiting", "waiting");
    add_row(1002, "later.under_way", "under_way");
    crash();
    assert_int_equal(rows("SELECT count(*) FROM effect WHERE type = 'later.under_way' AND"
                          " state = 'unknown'"),
                     1);
    assert_int_equal(w->results, 0); /* nobody to tell */
    text_clear(&w->told);
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    told("ack e1 \"yes\";run post hello;");
    assert_int_equal(rows("SELECT count(*) FROM effect WHERE type LIKE 'later.%'"), 2);
}

static void test_what_no_table_knows_is_told_and_holds_up_no_lane(void **state)
{
    (void)state;
    add_row(1001, "later.waiting", "waiting");
    store_run(w->store, "UPDATE effect SET lane = 'lane'", SQL_NO_ARGS);
    store_run(w->store, "INSERT INTO timer (name, subject, due_at) VALUES ('later', 1, 0)",
              SQL_NO_ARGS);
    crash();
    told("alarm The state file holds;alarm The state file holds;");
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    told("ack e1 \"yes\";run post hello;");
    engine_tick(w->engine);
    assert_int_equal(rows("SELECT count(*) FROM timer WHERE name = 'later'"), 1);
}

/* As if the version that wrote them came back. */
static void test_what_slept_for_want_of_a_table_wakes_up(void **state)
{
    (void)state;
    add_row(1001, "later", "waiting");
    store_run(w->store, "INSERT INTO timer (name, subject, due_at) VALUES ('later', 4, 0)",
              SQL_NO_ARGS);
    crash();
    text_clear(&w->told);
    store_run(w->store, "UPDATE effect SET type = 'post', body = x'6E6F77'", SQL_NO_ARGS);
    store_run(w->store, "UPDATE timer SET name = 'tick' WHERE name = 'later'", SQL_NO_ARGS);
    crash();
    told("run post now;");
    assert_int_equal(w->timers, 4);
}

/* And nothing of it is lost meanwhile: what was to come later still comes then. */
static const int64_t THREE_WEEKS = INT64_C(21) * 24 * 3600 * 1000;

static void set_far_ones(struct turn *turn, const void *about)
{
    (void)about;
    turn_date(turn, &tick_timer, 3, turn_now(turn) + THREE_WEEKS);
    turn_timer(turn, &tick_timer, 40, THREE_WEEKS);
}

/* As if a version ran that has them under another name. */
static void rename_timers(const char *from, const char *to)
{
    engine_flush(w->engine);
    store_run(w->store, "UPDATE timer SET name = ? WHERE name = ?",
              SQL_ARGS(SQL_TEXT(to), SQL_TEXT(from)));
    crash();
}

static void test_a_timer_that_slept_comes_on_its_day(void **state)
{
    (void)state;
    engine_do(w->engine, set_far_ones, NULL);
    rename_timers("tick", "later");
    w->now += 3600000;
    crash(); /* the next version does not know it, either */
    rename_timers("later", "tick");
    w->now += THREE_WEEKS - 3600000 - 1;
    engine_tick(w->engine);
    assert_int_equal(w->timers, 0);
    w->now += 1;
    engine_tick(w->engine);
    assert_int_equal(w->timers, 43);
}

static void test_a_timer_that_slept_over_its_day_is_due(void **state)
{
    (void)state;
    engine_do(w->engine, set_far_ones, NULL);
    rename_timers("tick", "later");
    w->now += 2 * THREE_WEEKS;
    engine_tick(w->engine);
    assert_int_equal(w->timers, 0);
    rename_timers("later", "tick");
    assert_int_equal(w->timers, 43);
}

/* One mirror is asleep, because this version does not know it; one is hidden, because there is
 * nothing to show yet, which is no reason to ask again at each start. */
static void test_a_mirror_that_slept_for_want_of_a_table_wakes_up(void **state)
{
    (void)state;
    w->renderable = false;
    send_as("e1", "k1", "mirror", NULL);
    engine_flush(w->engine);
    assert_int_equal(w->renders, 1);
    add_row(1001, "later", "waiting");
    crash();
    engine_tick(w->engine);
    assert_int_equal(w->renders, 1);
    text_clear(&w->told);
    w->renderable = true;
    store_run(w->store, "UPDATE effect SET type = 'mirror' WHERE type = 'later'", SQL_NO_ARGS);
    crash();
    told("run mirror card of 1, look 2;");
}

static void set_timers(struct turn *turn, const void *about)
{
    (void)about;
    turn_timer(turn, &tick_timer, 3, 1);
    turn_timer(turn, &tick_timer, 4, 2);
}

static void test_a_timer_that_was_just_stopped_does_not_run(void **state)
{
    (void)state;
    engine_do(w->engine, set_timers, NULL);
    w->now += 2;
    w->tick_stops = 4; /* due in the same round */
    engine_tick(w->engine);
    assert_int_equal(w->timers, 3);
}

static void test_an_unknown_route_is_answered(void **state)
{
    (void)state;
    send_as("e1", "k1", "later", NULL);
    told("ack e1 -;");
}

/* --- crowds and ends --- */

static void test_nothing_starts_while_it_is_held(void **state)
{
    (void)state;
    engine_drain(w->engine);
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    told("ack e1 \"yes\";");
    assert_true(w->wake > w->now); /* nor does the loop spin for it */
    crash();
    told("run post hello;"); /* the next start's */
}

static void test_a_result_that_nobody_waits_for_is_ignored(void **state)
{
    (void)state;
    const struct completion done = {.outcome = OUTCOME_OK};
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    engine_result(w->engine, w->last_call + 1, &done);
    assert_int_equal(w->results, 0);
    assert_int_equal(engine_in_flight(w->engine), 1);
}

/* --- taking back --- */

static bool dropped;

static void drops(struct turn *turn, const void *type)
{
    dropped = turn_cancel_waiting(turn, effect_named(type), 7);
}

static void test_only_what_has_not_started_can_be_dropped(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", NULL);
    engine_flush(w->engine);
    engine_do(w->engine, asks, NULL); /* about the same subject, and not out yet */
    engine_do(w->engine, drops, "post");
    assert_false(dropped);
    engine_do(w->engine, drops, "ask");
    assert_true(dropped);
    engine_do(w->engine, drops, "ask");
    assert_false(dropped);
    text_clear(&w->told);
    engine_flush(w->engine);
    told("");
}

/* --- mistakes of its users --- */

static void wishes_nonsense(struct turn *turn, const void *about)
{
    static const struct effect_type nonsense = {.name = "nonsense", .call = "nonsense"};
    (void)about;
    turn_effect(turn, &(struct effect){.type = &nonsense, .body = ""});
}

static void wish_what_is_not_in_the_table(void)
{
    engine_do(w->engine, wishes_nonsense, NULL);
}

static void sets_nonsense(struct turn *turn, const void *about)
{
    static const struct timer_type nonsense = {.name = "nonsense"};
    (void)about;
    turn_timer(turn, &nonsense, 1, 0);
}

static void wait_for_what_is_not_in_the_table(void)
{
    engine_do(w->engine, sets_nonsense, NULL);
}

static void waits_less_than_no_time(struct turn *turn, const void *about)
{
    (void)about;
    turn_timer(turn, &tick_timer, 1, -1);
}

static void wait_less_than_no_time(void)
{
    engine_do(w->engine, waits_less_than_no_time, NULL);
}

static void waits_for_a_moment(struct turn *turn, const void *about)
{
    (void)about;
    turn_timer(turn, &tick_timer, 1, INT64_C(1795507200000)); /* a day in November 2026 */
}

static void wait_for_a_moment(void)
{
    engine_do(w->engine, waits_for_a_moment, NULL);
}

static void write_while_it_is_rendered(void)
{
    w->render_writes = true;
    send_as("e1", "k1", "mirror", NULL);
    engine_flush(w->engine);
}

/* What a turn that only reads does not have. */

static void counts(struct turn *turn, void *unused)
{
    (void)unused;
    turn_count(turn, "request");
}

static void asks_for_app(struct turn *turn, void *unused)
{
    (void)unused;
    turn_app_context(turn);
}

static void asks_for_an_id(struct turn *turn, void *unused)
{
    char id[TURN_ID];
    (void)unused;
    turn_new_id(turn, id);
}

static void asks_for_a_backoff(struct turn *turn, void *unused)
{
    (void)unused;
    turn_backoff(turn, "call");
}

static void asks_a_stopwatch(struct turn *turn, void *unused)
{
    (void)unused;
    turn_stopwatch_ms(turn, "watch");
}

static void asks_for_a_note(struct turn *turn, void *unused)
{
    (void)unused;
    free(turn_noted(turn, "note"));
}

static void closes_a_gate(struct turn *turn, void *unused)
{
    static const struct gate gate = {.name = "gate"};
    (void)unused;
    turn_close_gate(turn, &gate);
}

static void cancels(struct turn *turn, void *unused)
{
    (void)unused;
    turn_cancel(turn, 1);
}

static void (*const not_in_a_reader[])(struct turn *turn, void *unused) = {
    counts,           asks_for_app,    asks_for_an_id, asks_for_a_backoff,
    asks_a_stopwatch, asks_for_a_note, closes_a_gate,  cancels};

static size_t reading; /* which of them the next reader does */

static void do_it_in_a_reader(void)
{
    turn_read_only(w->store, w->now, NULL, not_in_a_reader[reading], NULL);
}

/* In a process of its own; what it logged is in ${said}. */
static bool ends_the_process(void (*mistake)(void), char *said, size_t capacity)
{
    int out[2], status = 0;
    assert_int_equal(pipe(out), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(out[1], STDERR_FILENO);
        signal(SIGABRT, SIG_DFL); /* cmocka's would report a failed test */
        mistake();
        _exit(0);
    }
    close(out[1]);
    FILE *stream = fdopen(out[0], "r");
    assert_non_null(stream);
    said[fread(said, 1, capacity - 1, stream)] = '\0';
    fclose(stream);
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

/* A process that goes on after such a mistake would promise what it cannot keep. */
static void test_mistakes_end_the_process(void **state)
{
    (void)state;
    static void (*const mistakes[])(void) = {
        wish_what_is_not_in_the_table, wait_for_what_is_not_in_the_table, wait_less_than_no_time,
        wait_for_a_moment, write_while_it_is_rendered};
    char said[4096];
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
        assert_true(ends_the_process(mistakes[i], said, sizeof(said)));
}

static void test_a_reader_that_asks_for_the_engine_is_ended_in_words(void **state)
{
    (void)state;
    char said[4096];
    for (reading = 0; reading < sizeof(not_in_a_reader) / sizeof(not_in_a_reader[0]); reading++) {
        assert_true(ends_the_process(do_it_in_a_reader, said, sizeof(said)));
        assert_non_null(strstr(said, "forbidden in a read-only turn"));
    }
}

/* --- stopwatches and questions --- */

static void starts_watch(struct turn *turn, const void *name)
{
    turn_stopwatch_start(turn, name);
}

static int64_t measured;

static void measures(struct turn *turn, const void *name)
{
    measured = turn_stopwatch_ms(turn, name);
}

/* Somebody's mistake in a form is no reason to wait anew for what has nothing to do with it. */
static void test_a_form_with_errors_stops_no_stopwatch(void **state)
{
    (void)state;
    engine_do(w->engine, starts_watch, "effect 1");
    w->now += 500;
    send_as("e1", NULL, "refuse", NULL);
    engine_do(w->engine, measures, "effect 1");
    assert_int_equal(measured, 500);
}

static void asks_else(struct turn *turn, const void *about)
{
    (void)about;
    wish(turn, "ask", NULL, "whom");
}

static void test_the_newest_wording_of_a_question_is_asked(void **state)
{
    (void)state;
    const struct completion done = {.outcome = OUTCOME_OK};
    engine_do(w->engine, asks, NULL);
    engine_do(w->engine, asks_else, NULL);
    engine_flush(w->engine);
    told("run ask whom;");
    engine_do(w->engine, asks, NULL); /* while it is out: once more, behind it */
    engine_result(w->engine, w->last_call, &done);
    engine_flush(w->engine);
    told("run ask who;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_slow_commit_between_choice_and_start_is_survived),
        TEST(test_a_disk_that_is_far_too_slow_is_told_once_an_hour),
        TEST(test_a_slow_commit_is_no_reason_for_an_alarm),
        TEST(test_effects_of_an_unknown_type_are_left_alone),
        TEST(test_what_no_table_knows_is_told_and_holds_up_no_lane),
        TEST(test_what_slept_for_want_of_a_table_wakes_up),
        TEST(test_a_timer_that_slept_comes_on_its_day),
        TEST(test_a_timer_that_slept_over_its_day_is_due),
        TEST(test_a_mirror_that_slept_for_want_of_a_table_wakes_up),
        TEST(test_a_timer_that_was_just_stopped_does_not_run),
        TEST(test_an_unknown_route_is_answered),
        TEST(test_nothing_starts_while_it_is_held),
        TEST(test_a_result_that_nobody_waits_for_is_ignored),
        TEST(test_only_what_has_not_started_can_be_dropped),
        TEST(test_a_form_with_errors_stops_no_stopwatch),
        TEST(test_the_newest_wording_of_a_question_is_asked),
        TEST(test_mistakes_end_the_process),
        TEST(test_a_reader_that_asks_for_the_engine_is_ended_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
