/* Turns: their beginning and end, and what they know. */
#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "internal.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "text.h"

int64_t engine_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t engine_time(const struct engine *engine)
{
    return engine->ports.monotonic(engine->ports.ctx) + engine->ahead;
}

void turn_begin(struct turn *turn, struct engine *engine)
{
    *turn = (struct turn){.engine = engine,
                          .store = engine->store,
                          .now = engine->ports.clock(engine->ports.ctx),
                          .time = engine_time(engine)};
    engine->counts.turns++;
}

static void forget_all(struct turn *turn)
{
    while (turn->memories != NULL) {
        struct memory *memory = turn->memories;
        turn->memories = memory->next;
        free(memory->bytes);
        free(memory);
    }
}

void turn_read_only(struct store *store, int64_t now, void (*read)(struct turn *turn, void *about),
                    void *about)
{
    struct turn turn = {.store = store, .now = now};
    read(&turn, about);
    forget_all(&turn);
}

void turn_end(struct turn *turn)
{
    struct engine *engine = turn->engine;
    assert(!turn->rendering && turn->tellings == NULL);
    assert(!turn->marked || engine->batch_open);
    forget_all(turn);
    if (turn->marked)
        store_keep(engine->store);
    turn->marked = false;
    for (size_t i = 0; i < turn->volatiles.count; i++)
        live_effects_add(&engine->waiting, turn->volatiles.at[i]);
    free(turn->volatiles.at);
    turn->volatiles = (struct live_effects){0};
}

void turn_undo(struct turn *turn)
{
    assert(turn->tellings == NULL);
    forget_all(turn);
    if (turn->marked)
        store_undo(turn->engine->store);
    turn->marked = false;
    if (turn->measured) /* what it measured from is gone: nothing is known */
        stopwatches_clear(&turn->engine->stopwatches);
    for (size_t i = 0; i < turn->volatiles.count; i++)
        live_effect_clear(&turn->volatiles.at[i]);
    free(turn->volatiles.at);
    turn->volatiles = (struct live_effects){0};
}

int64_t turn_now(const struct turn *turn)
{
    return turn->now;
}

int64_t turn_time(const struct turn *turn)
{
    return turn->time;
}

void turn_random(struct turn *turn, void *bytes, size_t size)
{
    turn->engine->ports.random(turn->engine->ports.ctx, bytes, size);
}

void turn_new_id(struct turn *turn, char id[TURN_ID])
{
    unsigned char bytes[(TURN_ID - 1) / 2];
    turn_random(turn, bytes, sizeof(bytes));
    text_hex(id, bytes, sizeof(bytes));
}

const void *turn_app_context(const struct turn *turn)
{
    return turn->engine->app;
}

struct store *turn_reads(struct turn *turn)
{
    return turn->store;
}

struct store *turn_writes(struct turn *turn)
{
    struct engine *engine = turn->engine;
    if (turn->rendering || engine == NULL) {
        log_error("forbidden write", F_TEXT("in", turn->rendering ? "mirror render" : "reader"));
        abort();
    }
    if (!engine->batch_open) {
        store_begin(engine->store);
        engine->batch_open = true;
        engine->batch_turns = 0;
        engine->batch_began = engine_us();
    }
    assert(engine->batch_open);
    if (!turn->marked) {
        store_mark(engine->store);
        turn->marked = true;
        engine->batch_turns++;
    }
    return engine->store;
}

void *turn_memory(struct turn *turn, const void *owner, size_t size)
{
    assert(owner != NULL && size > 0);
    for (struct memory *memory = turn->memories; memory != NULL; memory = memory->next) {
        if (memory->owner == owner)
            return memory->bytes;
    }
    struct memory *memory = mem_new(1, sizeof(*memory));
    *memory = (struct memory){owner, mem_new(1, size), turn->memories};
    turn->memories = memory;
    return memory->bytes;
}

int64_t turn_count(struct turn *turn, const char *counter)
{
    return store_int(turn_writes(turn),
                     "INSERT INTO counter (name, value) VALUES (?, 1)"
                     " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
                     SQL_ARGS(SQL_TEXT(counter)), 0);
}

void turn_count_past(struct turn *turn, const char *counter, int64_t most)
{
    if (most > 0)
        store_run(turn_writes(turn),
                  "INSERT INTO counter (name, value) VALUES (?, ?)"
                  " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                  SQL_ARGS(SQL_TEXT(counter), SQL_INT(most)));
}

struct decision turn_answer(struct turn *turn, char *payload)
{
    (void)turn;
    return (struct decision){DECISION_ANSWER, payload};
}

struct decision turn_errors(struct turn *turn, char *payload)
{
    (void)turn;
    return (struct decision){DECISION_ERRORS, payload};
}

struct decision turn_act_later(struct turn *turn)
{
    turn_writes(turn); /* what is asked for must outlive the ack */
    return (struct decision){DECISION_ANSWER, NULL};
}
