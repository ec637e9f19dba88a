/* Batches: the turns that one commit keeps together, and the acks that wait until the disk has it.
 *
 * While the disk is waited for, the loop goes on: what comes meanwhile is the next batch, which is
 * committed when the disk is free. So whoever comes waits for one sync that is under way and for
 * their own, however slow the disk is, and for none where the answer says nothing of what is
 * stored. Nothing leaves that rests on what a power cut could still take: each ack and each call
 * knows the batch that it rests on. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "internal.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"

enum { BATCH_TURNS = 256, BATCH_MS = 5, SLOW_COMMIT_US = 50000, ALARM_COMMIT_US = 1000000 };

/* Takes ${answer}. */
static void send_ack(struct engine *engine, uint64_t serial, const char *envelope, char *answer)
{
    engine->ports.send_ack(engine->ports.ctx, serial, envelope, answer);
    engine->counts.acks++;
    free(answer);
}

static void send_acks(struct engine *engine)
{
    size_t sent = 0;
    while (sent < engine->ack_count && engine->acks[sent].batch <= engine->synced) {
        struct pending_ack *ack = &engine->acks[sent++];
        send_ack(engine, ack->serial, ack->envelope, ack->answer);
        free(ack->envelope);
    }
    engine->ack_count -= sent;
    if (sent > 0 && engine->ack_count > 0)
        memmove(engine->acks, engine->acks + sent, engine->ack_count * sizeof(*engine->acks));
}

/* The alarm is a turn of its own, committed with the next. */
static void report_slow_disk(struct engine *engine, int64_t took)
{
    struct turn turn;
    if (took > engine->counts.slowest_commit_us)
        engine->counts.slowest_commit_us = took;
    if (took > SLOW_COMMIT_US)
        log_warn("slow commit", F_INT("us", took), F_INT("turns", engine->syncing_turns));
    if (took <= ALARM_COMMIT_US)
        return;
    turn_begin(&turn, engine);
    turn_alarm(&turn, "commit",
               "The disk holding the state file is too slow: a commit took more than a second, "
               "and Slack gives up after three.");
    turn_end(&turn);
}

void engine_synced(struct engine *engine, int64_t took)
{
    assert(engine->syncing);
    store_synced(engine->store, took);
    engine->syncing = false;
    engine->synced = engine->batch - 1;
    send_acks(engine);
    report_slow_disk(engine, took);
}

void batch_commit(struct engine *engine)
{
    assert(engine->batch_open && !engine->syncing);
    clocks_store(engine);
    store_commit(engine->store);
    engine->batch_open = false;
    engine->batch++;
    engine->counts.commits++;
    engine->syncing = true;
    engine->syncing_turns = engine->batch_turns;
    if (engine->ports.sync != NULL)
        engine->ports.sync(engine->ports.ctx);
    else
        engine_synced(engine, store_sync(engine->store));
}

void batch_ack(struct engine *engine, const struct delivery *delivery, uint64_t batch, char *answer)
{
    if (batch <= engine->synced) {
        send_ack(engine, delivery->serial, delivery->envelope, answer);
        return;
    }
    if (engine->ack_count == engine->ack_capacity) {
        engine->ack_capacity = engine->ack_capacity > 0 ? 2 * engine->ack_capacity : 64;
        engine->acks = mem_resize(engine->acks, engine->ack_capacity, sizeof(*engine->acks));
    }
    engine->acks[engine->ack_count++] =
        (struct pending_ack){batch, delivery->serial, mem_copy(delivery->envelope), answer};
}

bool engine_may_batch(const struct engine *engine)
{
    return engine->batch_open && !engine->syncing && !engine->flush_due && !batch_is_full(engine);
}

/* While the disk is busy, waiting longer costs nobody anything: only the number counts. */
bool batch_is_full(const struct engine *engine)
{
    return engine->batch_open &&
           (engine->batch_turns >= BATCH_TURNS ||
            (!engine->syncing && engine_monotonic(engine) - engine->batch_began >= BATCH_MS));
}
