/* The engine in a world of its own: a clock that stands, ports that write down what they are told.
 */
#ifndef CPPO_TESTS_ENGINE_FIXTURE_H
#define CPPO_TESTS_ENGINE_FIXTURE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/engine.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "text.h"

/* --- the world --- */

/* How long a batch has been open and how long a commit took is measured by this: each look at the
 * clock, of which a commit takes two, costs ${look_us}. */
static int64_t monotonic_now_us, look_us;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    monotonic_now_us += look_us;
    now->tv_sec = monotonic_now_us / 1000000;
    now->tv_nsec = monotonic_now_us % 1000000 * 1000;
    return 0;
}

struct world {
    char path[64];
    struct store *store;
    struct engine *engine;
    int64_t now;
    int64_t set_by; /* the wall clock was put forward by so much */
    int64_t wake;
    struct text told; /* everything that left, in order: "ack e1 yes;run post#1 hello;" */
    int64_t last_call;
    int results;
    int timers;
    int renders;
    int handled;
    bool renderable;
    bool render_writes; /* which it must not */
    bool alarm_writes;
    bool own_disk;      /* it answers when the test says so */
    int waits;          /* how often somebody waited for it */
    const char *strike; /* what another process does to the state file before the next turn */
    int64_t tick_stops; /* the subject of a timer that the next tick stops */
    enum outcome seen;
    char seen_code[40];
};

static struct world *w; /* handlers take no context but the turn's */

static inline int64_t world_clock(void *ctx)
{
    struct world *world = ctx;
    const char *strike = world->strike;
    world->strike = NULL;
    if (strike != NULL)
        store_run(world->store, strike, SQL_NO_ARGS);
    return world->now;
}

static inline int64_t world_monotonic(void *ctx)
{
    const struct world *world = ctx;
    return world->now - world->set_by;
}

static inline void world_random(void *ctx, void *bytes, size_t size)
{
    (void)ctx;
    memset(bytes, 0x5A, size);
}

static inline void world_ack(void *ctx, uint64_t serial, const char *envelope, const char *payload)
{
    (void)serial;
    text_addf(&((struct world *)ctx)->told, "ack %s %s;", envelope,
              payload != NULL ? payload : "-");
}

static inline void world_run(void *ctx, const struct effect_call *call)
{
    struct world *world = ctx;
    world->last_call = call->effect;
    text_addf(&world->told, "run %s %.*s;", call->name, (int)call->body_size,
              (const char *)call->body);
}

static inline void world_sync(void *ctx)
{
    text_addf(&((struct world *)ctx)->told, "sync;");
}

static inline int64_t world_wait_synced(void *ctx)
{
    ((struct world *)ctx)->waits++;
    return 5;
}

static inline void world_wake(void *ctx, int64_t ms)
{
    struct world *world = ctx;
    world->wake = ms < INT64_MAX ? world->now + ms : INT64_MAX;
}

/* --- handlers --- */

static inline const struct effect_type *effect_named(const char *name);
static const struct timer_type tick_timer;

static inline void wish(struct turn *turn, const char *type, const char *lane, const char *body)
{
    turn_effect(
        turn,
        &(struct effect){
            .type = effect_named(type), .subject = 7, .target = "t", .lane = lane, .body = body});
}

static inline struct decision read_only(struct turn *turn, const void *payload)
{
    (void)payload;
    w->handled++;
    store_int(turn_reads(turn), "SELECT count(*) FROM effect", SQL_NO_ARGS, 0);
    return turn_answer(turn, mem_copy("\"menu\""));
}

static inline struct decision says(struct turn *turn, const void *payload)
{
    (void)payload;
    return turn_answer(turn, mem_copy("\"help\""));
}

static inline struct decision writes(struct turn *turn, const void *payload)
{
    w->handled++;
    turn_count(turn, "writes");
    wish(turn, "post", "lane", payload != NULL ? payload : "hello");
    return turn_answer(turn, mem_copy("\"yes\""));
}

static inline struct decision refuses(struct turn *turn, const void *payload)
{
    (void)payload;
    w->handled++;
    turn_count(turn, "refused");
    wish(turn, "post", "lane", "never");
    wish(turn, "open", NULL, "never");
    return turn_errors(turn, mem_copy("\"errors\""));
}

static inline struct decision opens(struct turn *turn, const void *payload)
{
    (void)payload;
    (void)turn_reads(turn);
    wish(turn, "open", NULL, "view");
    return turn_answer(turn, NULL);
}

static inline struct decision mirrors(struct turn *turn, const void *payload)
{
    (void)payload;
    turn_mirror(turn, effect_named("mirror"), "card 7", 7);
    return turn_answer(turn, NULL);
}

static inline struct decision unknown(struct turn *turn, const void *payload)
{
    (void)payload;
    return turn_answer(turn, NULL);
}

static inline void on_result(struct turn *turn, const struct result *result)
{
    (void)turn;
    w->results++;
    w->seen = result->outcome;
    text_fit(w->seen_code, sizeof(w->seen_code), result->code);
}

static inline char *on_render(struct turn *turn, int64_t subject, const char *target)
{
    (void)target;
    w->renders++;
    if (w->render_writes)
        turn_count(turn, "renders");
    return w->renderable ? text_format("card of %lld, look %d", (long long)subject, w->renders)
                         : NULL;
}

static inline void on_timer(struct turn *turn, int64_t subject)
{
    w->timers += (int)subject;
    if (w->tick_stops != 0)
        turn_timer_stop(turn, &tick_timer, w->tick_stops);
}

static inline void on_start(struct turn *turn)
{
    (void)turn;
}

static const struct route routes[] = {{"read", read_only}, {"write", writes}, {"refuse", refuses},
                                      {"say", says},       {"open", opens},   {"mirror", mirrors},
                                      {NULL, NULL}};
static const struct effect_type effects[] = {
    {.name = "post", .kind = EFFECT_ONCE, .call = "post", .done = on_result, .gap_ms = 1000},
    {.name = "ask", .kind = EFFECT_READ, .call = "ask", .done = on_result, .patience_ms = 5000},
    {.name = "mirror",
     .kind = EFFECT_MIRROR,
     .call = "mirror",
     .done = on_result,
     .render = on_render},
    {.name = "card", .kind = EFFECT_ONCE, .call = "card", .done = on_result, .render = on_render},
    {.name = "open", .kind = EFFECT_VOLATILE, .call = "open", .done = on_result},
    {.name = "whisper", .kind = EFFECT_VOLATILE, .call = "whisper", .done = on_result},
    {.name = "notice", .kind = EFFECT_NOTICE, .call = "notice", .done = on_result, .gap_ms = 1000},
};
static const struct timer_type tick_timer = {.name = "tick", .due = on_timer};

/* NULL: there is none. */
static inline const struct effect_type *effect_named(const char *name)
{
    for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++) {
        if (strcmp(effects[i].name, name) == 0)
            return &effects[i];
    }
    return NULL;
}

static inline const struct timer_type *timer_named(const char *name)
{
    return strcmp(name, tick_timer.name) == 0 ? &tick_timer : NULL;
}

static inline void on_alarm(struct turn *turn, const char *text)
{
    if (w->alarm_writes)
        turn_count(turn, "alarms");
    text_addf(&w->told, "alarm %.20s;", text);
}

static inline handler_fn *handler_named(const char *name)
{
    const struct route *route = routes;
    while (route->name != NULL && strcmp(route->name, name) != 0)
        route++;
    return route->handle;
}

static const struct tables tables = {.handler_of = handler_named,
                                     .effect_named = effect_named,
                                     .timer_named = timer_named,
                                     .start = on_start,
                                     .unknown = unknown,
                                     .alarm = on_alarm};
static const char *const migrations[] = {engine_schema,   engine_schema_2, engine_schema_3,
                                         engine_schema_4, engine_schema_5, engine_schema_6,
                                         engine_schema_7};

static inline void open_world(void)
{
    struct err err;
    const struct ports ports = {
        .clock = world_clock,
        .monotonic = world_monotonic,
        .random = world_random,
        .send_ack = world_ack,
        .run_effect = world_run,
        .wake_in = world_wake,
        .sync = w->own_disk ? world_sync : NULL,
        .wait_synced = world_wait_synced,
        .ctx = w,
    };
    w->store = store_open(w->path, migrations, sizeof(migrations) / sizeof(migrations[0]), &err);
    assert_non_null(w->store);
    w->engine = engine_new(w->store, &ports, &tables, NULL);
    engine_start(w->engine);
    engine_tick(w->engine); /* the pruning that every start brings */
    engine_flush(w->engine);
}

static inline int set_up(void **state)
{
    (void)state;
    w = mem_new(1, sizeof(*w));
    w->now = 1000000;
    look_us = 0;
    w->renderable = true;
    snprintf(w->path, sizeof(w->path), "/tmp/cppo-test-XXXXXX");
    int fd = mkstemp(w->path);
    close(fd);
    unlink(w->path);
    log_set_level(LOG_LEVEL_ERROR);
    open_world();
    return 0;
}

static inline void remove_files(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".mark"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char *name = text_format("%s%s", w->path, ends[i]);
        unlink(name);
        free(name);
    }
}

static inline int tear_down(void **state)
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
static inline void crash(void)
{
    struct engine *dead = w->engine;
    w->engine = NULL;
    engine_free(dead);
    store_close(w->store);
    open_world();
}

static inline void send_as(const char *envelope, const char *key, const char *route,
                           const char *payload)
{
    struct delivery delivery = {
        .serial = 1, .envelope = envelope, .keys = {key, NULL}, .route = route, .payload = payload};
    engine_envelope(w->engine, &delivery);
}

static inline void finish(enum outcome outcome, int64_t retry_after)
{
    const struct completion result = {
        .outcome = outcome, .code = "code", .text = "text", .retry_after_ms = retry_after};
    engine_result(w->engine, w->last_call, &result);
    engine_flush(w->engine);
}

static inline void told(const char *expected)
{
    assert_string_equal(text_get(&w->told), expected);
    text_clear(&w->told);
}

static inline int64_t rows(const char *sql)
{
    return store_int(w->store, sql, SQL_NO_ARGS, -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
