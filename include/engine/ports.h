/* What the engine is given and gives: its ports, its tables, and what passes through them. */
#ifndef CPPO_ENGINE_PORTS_H
#define CPPO_ENGINE_PORTS_H

#include "engine/turn.h"

/* One attempt at an effect, given to the port. Borrowed for the call. */
struct effect_call {
    int64_t effect;
    const char *name; /* of its type: "slack:chat.postMessage" */
    enum effect_kind kind;
    const void *body;
    size_t body_size;
    int64_t subject;
    const char *target;
    int attempts; /* made before */
};

struct ports {
    int64_t (*clock)(void *ctx); /* wall clock, ms: dates, and what people and services are told */
    int64_t (*monotonic)(void *ctx); /* monotonic ms, counts through suspend */
    void (*random)(void *ctx, void *bytes, size_t size);
    /* Send the ack of ${envelope} on connection ${serial}; dropped when that one is gone. */
    void (*send_ack)(void *ctx, uint64_t serial, const char *envelope, const char *payload);
    /* Start a call; engine_result must follow, later, exactly once. */
    void (*run_effect)(void *ctx, const struct effect_call *call);
    /* Call engine_tick in so many ms, or sooner; INT64_MAX: not needed. A date may come sooner than
     * it seems, when the wall clock is set: call it every half a minute at least. */
    void (*wake_in)(void *ctx, int64_t ms);
    /* Have another thread do store_sync; engine_synced must follow, later, exactly once, unless
     * ${wait_synced} is called before: that waits for it, and returns how long it took. NULL, both:
     * the engine does it by itself, and the loop waits. */
    void (*sync)(void *ctx);
    int64_t (*wait_synced)(void *ctx);
    void *ctx;
};

/* --- the tables of what there is --- */

struct tables {
    handler_fn *(*handler_of)(const char *route); /* NULL if unknown */
    /* By its stored name; NULL if unknown. */
    const struct effect_type *(*effect_named)(const char *name);
    const struct timer_type *(*timer_named)(const char *name);
    void (*start)(struct turn *turn); /* the event "the process started" */
    /* No route of this name: an answer all the same. */
    handler_fn *unknown;
    /* Something that an operator should know, in words. */
    void (*alarm)(struct turn *turn, const char *text);
    /* Before the handler of every envelope, in its turn; NULL: nothing. */
    void (*delivered)(struct turn *turn, const void *payload);
    /* Before the handler of every result, in its turn; NULL: nothing. */
    void (*completed)(struct turn *turn, const char *type, const char *call,
                      const struct result *result);
};

/* --- what comes in --- */

/* An envelope that wants an answer. ${keys}: up to four names under which a second delivery is
 * recognised (NULL ends them); ${route}: see struct route; ${payload}: for the handler. Borrowed
 * for the call. */
struct delivery {
    uint64_t serial;
    const char *envelope;
    const char *keys[5];
    const char *route;
    const void *payload;
};

/* The end of a call. ${retry_after_ms}: what the service asked for, -1: nothing. With RETRY and
 * a retry_after the whole call (its name) is held back that long, not only this effect. */
struct completion {
    enum outcome outcome;
    const char *code, *text;
    const void *reply;
    int64_t retry_after_ms;
};

/* For operators: counts. */
struct engine_counts {
    uint64_t turns, commits, acks, repeats, effects;
    int64_t slowest_commit_us;
};

#endif
