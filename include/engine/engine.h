/* The engine: events -> turns -> commit -> acks -> effects -> results, which are events again.
 * Knows the C library and the store, and no service, socket or loop: it is driven through the
 * functions below and acts through its ports, so that a simulator can be its world.
 *
 * Nothing here is reentrant: ports must not call back into the engine. A store that fails ends the
 * process (io/store.h), so no function returns an error. */
#ifndef CPPO_ENGINE_ENGINE_H
#define CPPO_ENGINE_ENGINE_H

#include "engine/turn.h"

/* The engine's own tables: the first part of every migration list. */
extern const char engine_schema[];
extern const char engine_schema_2[];
extern const char engine_schema_3[];

/* One attempt at an effect, given to the port. Borrowed for the call. */
struct errand {
    int64_t effect;
    const char *call; /* of its type: "slack:chat.postMessage" */
    enum effect_kind kind;
    const void *body;
    size_t body_size;
    int64_t subject;
    const char *target;
    int attempts; /* made before */
};

struct ports {
    int64_t (*clock)(void *ctx);  /* wall clock, ms: dates, and what people and services are told */
    int64_t (*steady)(void *ctx); /* ms since some moment; nobody sets it, and nothing stops it */
    void (*random)(void *ctx, void *bytes, size_t size);
    /* Send the ack of ${envelope} on connection ${serial}; dropped when that one is gone. */
    void (*send_ack)(void *ctx, uint64_t serial, const char *envelope, const char *payload);
    /* Start an errand; engine_result must follow, later, exactly once. */
    void (*run_effect)(void *ctx, const struct errand *errand);
    /* Call engine_tick in so many ms, or sooner; INT64_MAX: not needed. A date may come sooner than
     * it seems, when the wall clock is set: call it every half a minute at least. */
    void (*wake_in)(void *ctx, int64_t ms);
    void *ctx;
};

/* --- the tables of what there is --- */

typedef struct decision handler_fn(struct turn *turn, const void *payload);
typedef void result_fn(struct turn *turn, const struct result *result);
typedef void timer_fn(struct turn *turn, int64_t subject);
/* The body of a mirror, as of now, on the heap; NULL: it cannot be shown yet (the next wish asks
 * again). Must not write. */
typedef char *render_fn(struct turn *turn, int64_t subject, const char *target);

struct route {
    const char *name; /* "command", "action:approve", "view:offer_form", "options:authorization" */
    handler_fn *handle;
};

struct effect_type {
    const char *name;
    enum effect_kind kind;
    const char *call;
    result_fn *done;
    render_fn *render;   /* mirrors */
    int gap_ms;          /* at least this long between two starts in one lane */
    int64_t patience_ms; /* how long RETRY is tried, 0: for ever */
};

struct timer_type {
    const char *name;
    timer_fn *due;
};

/* Arrays that end with a NULL name. */
struct tables {
    const struct route *routes;
    const struct effect_type *effects;
    const struct timer_type *timers;
    void (*start)(struct turn *turn); /* the event "the process started" */
    /* No route of this name: an answer all the same. */
    handler_fn *unknown;
    /* Something that an operator should know, in words. */
    void (*alarm)(struct turn *turn, const char *text);
    /* Before the handler of every envelope, in its turn; NULL: nothing. */
    void (*arrived)(struct turn *turn, const void *payload);
    /* Before the handler of every result, in its turn; NULL: nothing. */
    void (*finished)(struct turn *turn, const char *type, const char *call,
                     const struct result *result);
};

struct engine *engine_new(struct store *store, const struct ports *ports,
                          const struct tables *tables, const void *house);
/* What was not flushed is lost, as it would be in a crash. NULL is fine. */
void engine_free(struct engine *engine);

/* Recover: deeds that were under way are unknown now; then the start event. Call once, first. */
void engine_start(struct engine *engine);

/* An envelope that wants an answer. ${keys}: up to four names under which a second delivery is
 * recognised (NULL ends them); ${route}: see struct route; ${payload}: for the handler. Borrowed
 * for the call. */
struct arrival {
    uint64_t serial;
    const char *envelope;
    const char *keys[5];
    const char *route;
    const void *payload;
};
void engine_envelope(struct engine *engine, const struct arrival *arrival);

/* The end of an errand. ${retry_after_ms}: what the service asked for, -1: nothing. With RETRY and
 * a retry_after the whole call (its name) is held back that long, not only this effect. */
struct finish {
    enum outcome outcome;
    const char *code, *text;
    const void *reply;
    int64_t retry_after_ms;
};
void engine_result(struct engine *engine, int64_t effect, const struct finish *finish);

/* Something else happened, that ${what} handles in a turn of its own. */
void engine_do(struct engine *engine, void (*what)(struct turn *turn, const void *about),
               const void *about);

/* Run what is due. */
void engine_tick(struct engine *engine);

/* Commit what is open, send its acks, start effects. To be called before the loop can sleep. */
void engine_flush(struct engine *engine);

/* No new effects are started from now on (an orderly stop); results are still taken. */
void engine_hold(struct engine *engine);
/* Errands that are out. */
size_t engine_busy(const struct engine *engine);

/* For operators: counts. */
struct engine_counts {
    uint64_t turns, commits, acks, repeats, effects;
    uint64_t crowded_out; /* volatile effects that found no place in time */
    int64_t slowest_commit_us;
};
struct engine_counts engine_counts(const struct engine *engine);

#endif
