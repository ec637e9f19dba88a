/* What a turn knows and remembers, and how its handler answers. */
#include <assert.h>
#include <stdlib.h>

#include "internal.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "text.h"

struct engine *turn_engine(const struct turn *turn)
{
    if (turn->engine == NULL) {
        log_error("forbidden in a read-only turn");
        abort();
    }
    return turn->engine;
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
    const struct ports *ports = &turn_engine(turn)->ports;
    ports->random(ports->ctx, bytes, size);
}

void turn_new_id(struct turn *turn, char id[TURN_ID])
{
    unsigned char bytes[(TURN_ID - 1) / 2];
    turn_random(turn, bytes, sizeof(bytes));
    text_hex(id, bytes, sizeof(bytes));
}

const void *turn_app_context(const struct turn *turn)
{
    return turn->app != NULL ? turn->app : turn_engine(turn)->app;
}

struct store *turn_reads(struct turn *turn)
{
    turn->has_read = true;
    return turn->store;
}

struct store *turn_writes(struct turn *turn)
{
    struct engine *engine = turn_engine(turn);
    if (turn->rendering) {
        log_error("forbidden write", F_TEXT("in", "mirror render"));
        abort();
    }
    if (!engine->batch_open) {
        store_begin(engine->store);
        engine->batch_open = true;
        engine->batch_turns = 0;
        engine->batch_began = engine_monotonic(engine);
    }
    assert(engine->batch_open);
    turn->has_read = true;
    if (!turn->has_savepoint) {
        store_savepoint(engine->store);
        turn->has_savepoint = true;
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
    struct store *store = turn_writes(turn);
    int64_t value = 1 + store_int(store, "SELECT value FROM counter WHERE name = ?",
                                  SQL_ARGS(SQL_TEXT(counter)), 0);
    store_run(store,
              "INSERT INTO counter (name, value) VALUES (?, ?)"
              " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
              SQL_ARGS(SQL_TEXT(counter), SQL_INT(value)));
    return value;
}

void turn_count_past(struct turn *turn, const char *counter, int64_t max)
{
    if (max > 0)
        store_run(turn_writes(turn),
                  "INSERT INTO counter (name, value) VALUES (?, ?)"
                  " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                  SQL_ARGS(SQL_TEXT(counter), SQL_INT(max)));
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
