/* What the engine's own files share. */
#ifndef CPPO_ENGINE_INTERNAL_H
#define CPPO_ENGINE_INTERNAL_H

#include "engine/ports.h"

/* An ack that waits for the disk. */
struct pending_ack {
    uint64_t batch; /* that it rests on */
    uint64_t serial;
    char *envelope;
    char *answer;
};

/* An effect in memory: a volatile one that waits, or one that is in flight. */
struct live_effect {
    int64_t id;     /* negative: volatile, no row */
    uint64_t batch; /* that it rests on */
    bool started;
    const struct effect_type *type;
    int64_t subject;
    char *target;
    char *lane;
    char *body;
    size_t body_size;
    int64_t version; /* of a mirror: rises with each update */
    int attempts;
    int64_t created_at;
    bool anyway; /* volatile: whatever becomes of its turn */
};

struct live_effects {
    struct live_effect *at;
    size_t count;
};

/* In flight at once: of the outbox, and volatile ones. */
enum { MAX_CALLS = 32, MAX_VOLATILE_CALLS = 16 };

enum { MAX_TYPE_SET = 128 }; /* more than there are */

/* Types of which rows may wait. */
struct type_set {
    const struct effect_type *at[MAX_TYPE_SET];
    size_t count;
};

/* A named backoff: a lane's pacing or a call's rate limit. */
struct backoff {
    char *name;
    int64_t until;
};

struct backoffs {
    struct backoff *at;
    size_t count;
};

/* A stopwatch: when it was started, on the monotonic clock. */
struct stopwatch {
    char *name;
    int64_t since;
};

struct stopwatches {
    struct stopwatch *at;
    size_t count;
};

/* What is kept for a moment, and never stored. */
struct note {
    char *name;
    char *text;
    int64_t until; /* on the monotonic clock */
    int uses;      /* left */
};

struct notes {
    struct note *at;
    size_t count;
};

/* People who come one behind the other (crowds.c); times are the monotonic clock's. */
struct crowd {
    int64_t last;      /* when the last of them came */
    int64_t size;      /* how many they are */
    int64_t served_at; /* when the background had its last round */
    bool answer_waits; /* one that is a row of the outbox */
};

enum { MAX_CLOSED = 4 };

struct engine {
    struct store *store;
    struct ports ports;
    struct tables tables;
    const void *app;
    const struct timer_type *own_timer;

    uint64_t batch;  /* the one that is open, or the next */
    uint64_t synced; /* the last that is on the disk, with all before */
    bool batch_open;
    bool syncing;   /* the disk has been asked for all that is committed */
    bool flush_due; /* a batch was committed in the middle of a burst: what it wants done waits */
    int64_t batch_began; /* on the monotonic clock */
    unsigned batch_turns;
    unsigned syncing_turns; /* of what is being synced, or was last */
    struct pending_ack *acks;
    size_t ack_count;
    size_t ack_capacity;

    struct live_effects waiting; /* volatile ones of committed turns */
    struct live_effects in_flight;
    struct backoffs lanes;
    struct backoffs calls;
    struct backoffs alarms; /* told lately */
    struct stopwatches stopwatches;
    struct notes notes;
    int64_t last_volatile;
    int64_t last_effect; /* 0: not read yet */
    bool draining;
    struct crowd crowd;
    const struct gate *closed_gates[MAX_CLOSED];
    struct type_set has_waiting;
    bool outbox_changed;
    int64_t outbox_due; /* when the next of what waits can start */
    bool timers_changed;
    int64_t waits_due; /* the first of either kind of timer */
    int64_t dates_due;
    int64_t ahead; /* the engine's own clock, of the monotonic one */

    struct engine_counts counts;
};

/* What somebody keeps until the turn ends. */
struct memory {
    const void *owner;
    void *bytes;
    struct memory *next;
};

/* Something that is still to be told. */
struct telling {
    void (*tell)(struct turn *turn, const void *about);
    void *about;
    struct telling *next;
};

struct turn {
    struct engine *engine; /* NULL in one that only reads */
    const void *app;       /* of one that only reads; NULL: it has none */
    struct store *store;
    int64_t now;        /* wall clock */
    int64_t time;       /* the engine's own */
    bool has_savepoint; /* it wrote: a savepoint is open */
    bool has_read;      /* what it says rests on the state file */
    bool rendering;
    bool measured;            /* it started a stopwatch */
    bool telling;             /* somebody is being told something */
    struct telling *tellings; /* that is told after it */
    struct memory *memories;
    struct live_effects volatiles;
};

/* backoffs.c: ${until} of this name, 0: it is not held back. */
int64_t backoffs_until(const struct backoffs *backoffs, const char *name);
void backoffs_put(struct backoffs *backoffs, const char *name, int64_t now, int64_t until);
void backoffs_free(struct backoffs *backoffs);

/* stopwatches.c */
void stopwatches_clear(struct stopwatches *stopwatches);

/* notes.c */
void notes_free(struct notes *notes);

/* clocks.c: the ports' two, and the engine's own (see turn_time). */
int64_t engine_wall(const struct engine *engine);
int64_t engine_monotonic(const struct engine *engine);
int64_t engine_time(const struct engine *engine);
/* In the open batch: the next process goes on from here. What waits by then waits no longer than
 * its own length, even if the wall clock was set back meanwhile. */
void clocks_store(struct engine *engine);
void clocks_restore(struct engine *engine);

/* turns.c: the engine of a turn that has one. A turn that only reads ends the process here. */
struct engine *turn_engine(const struct turn *turn);

/* turn_life.c: a turn is on the stack of whoever begins it, and is ended or undone exactly once. */
void turn_begin(struct turn *turn, struct engine *engine);
void turn_end(struct turn *turn);  /* keep what it did; its volatiles wait for the commit */
void turn_undo(struct turn *turn); /* drop what it did */

/* alarms.c: tell the operators ${text}; once an hour for each ${about}. */
void turn_alarm(struct turn *turn, const char *about, const char *text);
/* The state file holds ${what} ("reminders") by a name that the tables do not have. */
void turn_alarm_unknown(struct turn *turn, const char *what, const char *name);
enum { TYPE_NAME = 64 }; /* room for the name of an effect's type or of a timer */

/* batch.c: commit what the turns since the last commit did, and have the disk sync it; acks and
 * calls that rest on it leave when it has. One commit at a time waits for the disk. */
void batch_commit(struct engine *engine);
enum { BATCH_NONE = 0 }; /* of what rests on nothing that is stored */
/* The batch on which rests whatever is said and done now: what was read may be as young as that. */
static inline uint64_t batch_of_now(const struct engine *engine)
{
    return engine->batch_open ? engine->batch : engine->batch - 1;
}
/* The answer to this delivery, which rests on ${batch}; takes ${answer}. Where the disk has that,
 * it leaves at once. */
void batch_ack(struct engine *engine, const struct delivery *delivery, uint64_t batch,
               char *answer);
/* Is it time to commit what is open? */
bool batch_is_full(const struct engine *engine);

/* crowds.c: an envelope came; the background has a round now; how long it waits for people, in ms,
 * 0: it does not. */
void crowds_note(struct engine *engine);
void crowds_served(struct engine *engine);
int64_t crowds_wait(const struct engine *engine);

/* inbox.c: was a delivery of one of these keys answered before? *${answer}: what with, on the heap;
 * NULL: by a bare ack. */
bool inbox_find(struct engine *engine, const char *const *keys, char **answer);
/* It was answered so, for a week; ${answer} NULL: by a bare ack. */
void inbox_remember(struct turn *turn, const char *const *keys, const char *answer);
extern const struct timer_type inbox_prune; /* sets itself again */

/* gates.c: do effects of this type wait, in this process? */
bool gates_closed(const struct engine *engine, const struct effect_type *type);

/* live_effects.c: takes ${effect}; and gives it back, to be cleared by whoever has it. */
void live_effects_add(struct live_effects *effects, struct live_effect effect);
/* A volatile one, which was asked for just now; takes it. It waits for all that was done until now,
 * whether or not its turn has read any of that. */
void live_effects_wait(struct engine *engine, struct live_effect effect);
struct live_effect live_effects_remove(struct live_effects *effects, size_t at);
void live_effects_free(struct live_effects *effects);
bool live_effects_has(const struct live_effects *effects, int64_t id);
void live_effect_clear(struct live_effect *effect);
bool live_effect_is_volatile(const struct live_effect *effect);
/* How many of these are volatile, and of this call (NULL: of any). */
size_t live_effects_volatile(const struct live_effects *effects, const char *call);
/* One that is in flight: the call, which is on its way from here on. */
void live_effect_start(struct engine *engine, struct live_effect *effect);
/* Its handler hears how it ended. ${last}: the service's own code, where the completion has one of
 * ours. */
void live_effect_complete(struct turn *turn, const struct live_effect *effect,
                          const struct completion *completion, const char *last);

/* volatiles.c: start what there is a place for, give up what waited too long; and when to look
 * again. */
void volatiles_run(struct engine *engine);
int64_t volatiles_next(const struct engine *engine);

/* choosing.c: of this type one waits from now on. */
void choosing_add(struct engine *engine, const struct effect_type *type);
/* Rows of the outbox that can start, in the order in which they are to, at most MAX_CALLS; when to
 * look again where nothing changes before. */
struct choice {
    int64_t id;
    const struct effect_type *type;
};
struct chosen {
    struct choice at[MAX_CALLS];
    size_t count;
};
int64_t choosing_find(struct engine *engine, int64_t time, struct chosen *chosen);

/* The not_before of a hidden row of the outbox, one of which nothing can be shown yet: INT64_MAX,
 * as SQL writes it. It never comes, so a search for what is due passes such rows over. */
#define HIDDEN "9223372036854775807"

/* outbox.c: at the start, what must not happen twice and was in flight has an unknown outcome: its
 * handler hears so. */
void outbox_recover(struct engine *engine);
/* At the start: what no table knows holds up nothing, and the operators are told. */
void outbox_check_types(struct turn *turn);
/* Choose what can start now, as it is now: in flight from here on. What must not happen twice is
 * marked as under way, in the open batch. */
void outbox_choose(struct engine *engine);
/* Start what was chosen and is on the disk. */
void outbox_start(struct engine *engine);
void outbox_free(struct engine *engine);

/* timers.c: run one wait that is over by the engine's clock, and one date that has come by the
 * wall's. */
void timers_run(struct engine *engine);
int64_t timers_wait(struct engine *engine); /* ms until the next is due */
void timers_check_types(struct turn *turn); /* as outbox_check_types */

#endif
