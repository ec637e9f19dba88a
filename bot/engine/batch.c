/* Batches: the turns that one commit makes durable, and the acks that wait for it. */
#include <assert.h>
#include <stdlib.h>

#include "engine/engine.h"
#include "internal.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"

enum { BATCH_TURNS = 256, BATCH_MS = 5, SLOW_COMMIT_US = 50000, ALARM_COMMIT_US = 1000000 };

static void send_acks(struct engine *engine)
{
    assert(!engine->batch_open); /* persist, then ack */
    for (size_t i = 0; i < engine->ack_count; i++) {
        struct pending_ack *ack = &engine->acks[i];
        engine->ports.send_ack(engine->ports.ctx, ack->serial, ack->envelope, ack->answer);
        engine->counts.acks++;
        free(ack->envelope);
        free(ack->answer);
    }
    engine->ack_count = 0;
}

/* The alarm is a turn of its own, committed with the next. */
static void report_slow_commit(struct engine *engine, int64_t took)
{
    struct turn turn;
    if (took > engine->counts.slowest_commit_us)
        engine->counts.slowest_commit_us = took;
    if (took > SLOW_COMMIT_US)
        log_warn("slow commit", F_INT("us", took), F_INT("turns", engine->batch_turns));
    if (took <= ALARM_COMMIT_US)
        return;
    turn_begin(&turn, engine);
    turn_alarm(&turn, "commit",
               "The disk holding the state file is too slow: a commit took more than a second, "
               "and Slack gives up after three.");
    turn_end(&turn);
}

void engine_commit(struct engine *engine)
{
    int64_t took = 0;
    if (engine->batch_open) {
        clocks_store(engine);
        took = store_commit(engine->store);
        engine->batch_open = false;
        engine->counts.commits++;
    }
    store_rest(engine->store);
    send_acks(engine);
    report_slow_commit(engine, took);
}

void batch_ack(struct engine *engine, const struct delivery *delivery, char *answer)
{
    if (engine->ack_count == engine->ack_capacity) {
        engine->ack_capacity = engine->ack_capacity > 0 ? 2 * engine->ack_capacity : 64;
        engine->acks = mem_resize(engine->acks, engine->ack_capacity, sizeof(*engine->acks));
    }
    engine->acks[engine->ack_count++] =
        (struct pending_ack){delivery->serial, mem_copy(delivery->envelope), answer};
    if (!engine->batch_open)
        send_acks(engine);
}

bool engine_may_batch(const struct engine *engine)
{
    return engine->batch_open && !engine->flush_due && !batch_is_full(engine);
}

bool batch_is_full(const struct engine *engine)
{
    return engine->batch_open && (engine->batch_turns >= BATCH_TURNS ||
                                  engine_monotonic(engine) - engine->batch_began >= BATCH_MS);
}
