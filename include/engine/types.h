/* What there is to do and to wait for. A flow defines its types of effects and timers as const
 * objects at the end of its file; all of them are in one table (bot/run/tables.c). What is stored
 * of them is their name: a new one needs a migration of the rows that have the old. */
#ifndef CPPO_ENGINE_TYPES_H
#define CPPO_ENGINE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct turn;

enum effect_kind {
    EFFECT_ONCE,     /* must not happen twice: intent first, an unknown outcome is reconciled */
    EFFECT_MIRROR,   /* shows the book's present state: rendered, newer updates merge */
    EFFECT_NOTICE,   /* told at least once, decides nothing */
    EFFECT_READ,     /* asks; repeated freely */
    EFFECT_VOLATILE, /* worthless in a moment: in places of its own, at most once, not after a
                        restart */
};

/* --- how it ended --- */

enum outcome {
    OUTCOME_OK,
    OUTCOME_REFUSED, /* it certainly did not happen, and trying the same again is pointless */
    OUTCOME_RETRY,   /* it certainly did not happen (or may be repeated): the engine tries again */
    OUTCOME_UNKNOWN, /* it may have happened */
};

/* A finished effect is an event. A handler of results sees OK, REFUSED, and for EFFECT_ONCE
 * UNKNOWN; RETRY is the engine's own business until the type's patience ends (then: REFUSED,
 * "gave_up"). A volatile one for which there was no place in time is REFUSED, "no_place". */
struct result {
    int64_t effect;
    int64_t subject;
    const char *target; /* "" when none */
    enum outcome outcome;
    const char *code;  /* the service's error code, "" when OK */
    const char *last;  /* the same; of one that was given up, the code of the last attempt */
    const char *text;  /* in plain words, "" when OK */
    const void *reply; /* decoded by the port, of the type that the effect's call promises; may be
                          NULL; borrowed */
    const void *body;  /* what was sent */
    size_t body_size;
};

/* --- the types --- */

/* Incoming events are dispatched by route name. */
struct decision; /* engine/turn.h */
typedef struct decision handler_fn(struct turn *turn, const void *payload);

struct route {
    const char *name; /* "command:/cppo", "action:approve", "view:offer_form" */
    handler_fn *handle;
};

typedef void result_fn(struct turn *turn, const struct result *result);
typedef void timer_fn(struct turn *turn, int64_t subject);
/* What is sent, as of now, on the heap; NULL: it cannot be shown yet, and is hidden: a mirror until
 * its next update, what must be done once until the next start. Must not write. */
typedef char *render_fn(struct turn *turn, int64_t subject, const char *target);

/* Behind it effects wait while it is closed. */
struct gate {
    const char *name;
};

struct effect_type {
    const char *name;
    enum effect_kind kind;
    const char *call; /* "slack:chat.postMessage" */
    result_fn *done;
    render_fn *render;       /* makes the body when it is sent; NULL: it is added with one */
    int gap_ms;              /* at least this long between two starts in one lane; where much can
                                wait in one it must not be 0: then the first alone is looked at */
    int64_t patience_ms;     /* how long RETRY is tried, 0: for ever */
    const struct gate *gate; /* NULL: none */
};

struct timer_type {
    const char *name;
    timer_fn *due;
    /* When it is due: can this version not read what it is about? Then it sleeps until the next
     * start, and keeps its time. NULL: it always can. */
    bool (*rests)(struct turn *turn, int64_t subject);
};

#endif
