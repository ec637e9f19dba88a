/* The engine in a world of its own: a clock that stands, ports that write down what they are told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/engine.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "text.h"

/* --- the world ---------------------------------------------------------------------------- */

struct world {
    char path[64];
    struct store *store;
    struct engine *engine;
    int64_t now;
    int64_t wake;
    struct text told; /* everything that left, in order: "ack e1 yes;run post#1 hello;" */
    int64_t last_errand;
    int results;
    int timers;
    int renders;
    int handled;
    bool renderable;
    enum outcome seen;
    char seen_code[40];
};

static struct world *w; /* handlers take no context but the turn's */

static int64_t world_clock(void *ctx)
{
    return ((struct world *)ctx)->now;
}

static void world_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    memset(bytes, 0x5A, size);
}

static void world_ack(void *ctx, uint64_t serial, const char *envelope, const char *payload)
{
    (void)serial;
    text_addf(&((struct world *)ctx)->told, "ack %s %s;", envelope,
              payload != NULL ? payload : "-");
}

static void world_run(void *ctx, const struct errand *errand)
{
    struct world *world = ctx;
    world->last_errand = errand->effect;
    text_addf(&world->told, "run %s %.*s;", errand->call, (int)errand->body_size,
              (const char *)errand->body);
}

static void world_wake(void *ctx, int64_t when)
{
    ((struct world *)ctx)->wake = when;
}

/* --- handlers ----------------------------------------------------------------------------- */

static void wish(struct turn *turn, const char *type, const char *lane, const char *body)
{
    turn_effect(turn, &(struct effect){.type = type,
                                       .subject = 7,
                                       .target = "t",
                                       .lane = lane,
                                       .body = body,
                                       .body_size = strlen(body)});
}

static struct decision read_only(struct turn *turn, const void *payload)
{
    (void)payload;
    w->handled++;
    return turn_answer(turn, mem_copy("\"menu\""));
}

static struct decision writes(struct turn *turn, const void *payload)
{
    w->handled++;
    turn_count(turn, "writes");
    wish(turn, "post", "lane", payload != NULL ? payload : "hello");
    return turn_answer(turn, mem_copy("\"yes\""));
}

static struct decision refuses(struct turn *turn, const void *payload)
{
    (void)payload;
    w->handled++;
    turn_count(turn, "refused");
    wish(turn, "post", NULL, "never");
    wish(turn, "open", NULL, "never");
    return turn_errors(turn, mem_copy("\"errors\""));
}

static struct decision opens(struct turn *turn, const void *payload)
{
    (void)payload;
    wish(turn, "open", NULL, "view");
    return turn_answer(turn, NULL);
}

static struct decision mirrors(struct turn *turn, const void *payload)
{
    (void)payload;
    turn_mirror(turn, "mirror", "card 7", 7);
    return turn_answer(turn, NULL);
}

static struct decision unknown(struct turn *turn, const void *payload)
{
    (void)payload;
    return turn_answer(turn, NULL);
}

static void on_result(struct turn *turn, const struct result *result)
{
    (void)turn;
    w->results++;
    w->seen = result->outcome;
    text_fit(w->seen_code, sizeof(w->seen_code), result->code);
}

static char *on_render(struct turn *turn, int64_t subject, const char *target)
{
    (void)turn;
    (void)target;
    w->renders++;
    return w->renderable ? text_format("card of %lld, look %d", (long long)subject, w->renders)
                         : NULL;
}

static void on_timer(struct turn *turn, int64_t subject)
{
    (void)turn;
    w->timers += (int)subject;
}

static void on_start(struct turn *turn)
{
    (void)turn;
}

static const struct route routes[] = {{"read", read_only}, {"write", writes},   {"refuse", refuses},
                                      {"open", opens},     {"mirror", mirrors}, {NULL, NULL}};
static const struct effect_type effects[] = {
    {"post", EFFECT_DEED, "post", on_result, NULL, 1000, 0},
    {"ask", EFFECT_READ, "ask", on_result, NULL, 0, 5000},
    {"mirror", EFFECT_MIRROR, "mirror", on_result, on_render, 0, 0},
    {"open", EFFECT_VOLATILE, "open", on_result, NULL, 0, 0},
    {NULL, EFFECT_READ, NULL, NULL, NULL, 0, 0},
};
static const struct timer_type timers[] = {{"tick", on_timer}, {NULL, NULL}};
static void on_alarm(struct turn *turn, const char *text)
{
    (void)turn;
    text_addf(&w->told, "alarm %.20s;", text);
}

static const struct tables tables = {routes, effects, timers, on_start, unknown, on_alarm};
static const char *const migrations[] = {engine_schema};

static void open_world(void)
{
    struct err err;
    const struct ports ports = {world_clock, world_random, world_ack, world_run, world_wake, w};
    w->store = store_open(w->path, migrations, 1, &err);
    assert_non_null(w->store);
    w->engine = engine_new(w->store, &ports, &tables, NULL);
    engine_start(w->engine);
    engine_tick(w->engine); /* the pruning that every start brings */
    engine_flush(w->engine);
}

static int set_up(void **state)
{
    (void)state;
    w = mem_new(1, sizeof(*w));
    w->now = 1000000;
    w->renderable = true;
    snprintf(w->path, sizeof(w->path), "/tmp/cppo-test-XXXXXX");
    int fd = mkstemp(w->path);
    close(fd);
    unlink(w->path);
    log_set_level(LOG_ERROR);
    open_world();
    return 0;
}

static void remove_files(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < 4; i++) {
        char *name = text_format("%s%s", w->path, ends[i]);
        unlink(name);
        free(name);
    }
}

static int tear_down(void **state)
{
    (void)state;
    engine_free(w->engine);
    store_close(w->store);
    remove_files();
    text_free(&w->told);
    free(w);
    return 0;
}

/* As after kill -9: nothing of the engine's memory is left. */
static void crash(void)
{
    struct engine *dead = w->engine;
    w->engine = NULL;
    engine_free(dead);
    store_close(w->store);
    open_world();
}

static void send_as(const char *envelope, const char *key, const char *route, const char *payload)
{
    struct arrival arrival = {
        .serial = 1, .envelope = envelope, .keys = {key, NULL}, .route = route, .payload = payload};
    engine_envelope(w->engine, &arrival);
}

static void finish(enum outcome outcome, int64_t retry_after)
{
    const struct finish result = {
        .outcome = outcome, .code = "code", .text = "text", .retry_after_ms = retry_after};
    engine_result(w->engine, w->last_errand, &result);
    engine_flush(w->engine);
}

static void told(const char *expected)
{
    assert_string_equal(text_get(&w->told), expected);
    text_clear(&w->told);
}

static int64_t rows(const char *sql)
{
    return store_int(w->store, sql, NO_ARGS, -1);
}

/* --- acks --------------------------------------------------------------------------------- */

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
    assert_true(engine_counts(w->engine).commits - before <= 4);
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

/* --- deeds -------------------------------------------------------------------------------- */

static void test_intent_is_committed_before_the_deed(void **state)
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

static void test_unknown_deed_is_not_repeated(void **state)
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
    turn_resend(turn, resent, 0);
}

static void test_resend_sends_the_same_bytes(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", "exactly this");
    engine_flush(w->engine);
    resent = w->last_errand;
    finish(OUTCOME_UNKNOWN, -1);
    text_clear(&w->told);
    engine_do(w->engine, resend, NULL);
    w->now += 2000; /* the lane's pace */
    engine_flush(w->engine);
    told("run post exactly this;");
    assert_int_equal(w->last_errand, resent);
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

/* --- pace --------------------------------------------------------------------------------- */

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

static void test_a_clock_set_back_holds_up_no_lane(void **state)
{
    (void)state;
    send_as("e1", "k1", "write", "first");
    send_as("e2", "k2", "write", "second");
    engine_flush(w->engine);
    finish(OUTCOME_OK, -1);
    text_clear(&w->told);
    w->now -= 600000;
    engine_flush(w->engine);
    told("run post second;");
}

static void asks_many(struct turn *turn, const void *about)
{
    (void)about;
    for (int64_t i = 0; i < 100; i++)
        turn_effect(turn, &(struct effect){.type = "ask", .subject = i, .target = "t", .body = ""});
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

/* --- mirrors, volatiles, timers ----------------------------------------------------------- */

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
    turn_timer(turn, "tick", 3, w->now + 500);
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
    store_run(w->store, "PRAGMA user_version = 9", NO_ARGS);
    store_close(w->store);
    assert_null(store_open(w->path, migrations, 1, &err));
    assert_non_null(strstr(err.text, "newer cppo-bot"));
    w->store = NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_read_only_answers_at_once),
        TEST(test_ack_waits_for_the_commit),
        TEST(test_one_commit_for_a_burst),
        TEST(test_second_delivery_gets_the_same_answer),
        TEST(test_errors_leave_no_trace),
        TEST(test_errors_undo_their_own_turn_only),
        TEST(test_intent_is_committed_before_the_deed),
        TEST(test_unknown_deed_is_not_repeated),
        TEST(test_resend_sends_the_same_bytes),
        TEST(test_definite_refusal_is_told_once),
        TEST(test_lane_keeps_order_and_pace),
        TEST(test_a_clock_set_back_holds_up_no_lane),
        TEST(test_a_new_wish_has_patience_of_its_own),
        TEST(test_a_service_that_hangs_leaves_room_for_the_other),
        TEST(test_a_long_lane_holds_up_nobody_else),
        TEST(test_retry_after_is_obeyed),
        TEST(test_patience_ends),
        TEST(test_one_read_at_a_time_for_a_target),
        TEST(test_wishes_merge_into_one_update),
        TEST(test_mirror_that_cannot_be_shown_waits_for_a_wish),
        TEST(test_volatile_is_never_stored),
        TEST(test_timer_runs_once_even_over_a_restart),
        TEST(test_inbox_is_pruned_after_seven_days),
        TEST(test_second_process_is_refused_by_name),
        TEST(test_newer_schema_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
