/* The engine's events, its birth and its death. */
#include "engine/engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"

enum { QUIET_MS = 1000 }; /* with nothing to do for so long, the disk may wait */

/* --- the engine's events --- */

static handler_fn *handler_of(const struct engine *engine, const char *route)
{
    handler_fn *handler = engine->tables.handler_of(route);
    return handler != NULL ? handler : engine->tables.unknown;
}

/* Questions that are to be asked in any case are not undone with the rest of the turn. */
static void keep_asked(struct turn *turn)
{
    size_t kept = 0;
    for (size_t i = 0; i < turn->volatiles.count; i++) {
        struct live_effect effect = turn->volatiles.at[i];
        if (effect.anyway)
            live_effects_wait(turn->engine, effect);
        else
            turn->volatiles.at[kept++] = effect;
    }
    turn->volatiles.count = kept;
}

void engine_envelope(struct engine *engine, const struct delivery *delivery)
{
    struct turn turn;
    char *answer = NULL;
    crowds_note(engine);
    if (inbox_find(engine, delivery->keys, &answer)) {
        engine->counts.repeats++;
        log_info("answer repeated", F_TEXT("envelope", delivery->envelope));
        batch_ack(engine, delivery, batch_of_now(engine), answer);
        return;
    }
    turn_begin(&turn, engine);
    if (engine->tables.delivered != NULL)
        engine->tables.delivered(&turn, delivery->payload);
    struct decision decision = handler_of(engine, delivery->route)(&turn, delivery->payload);
    switch (decision.kind) {
    case DECISION_ERRORS:
        keep_asked(&turn);
        turn_undo(&turn);
        break;
    case DECISION_ANSWER:
        if (turn.has_savepoint)
            inbox_remember(&turn, delivery->keys, decision.answer);
        turn_end(&turn);
        break;
    }
    /* What says the same whatever is stored waits for no disk. */
    batch_ack(engine, delivery, turn.has_read ? batch_of_now(engine) : BATCH_NONE, decision.answer);
    if (batch_is_full(engine)) {
        if (engine->syncing) /* so much has come meanwhile that it is no queue any more */
            engine_synced(engine, engine->ports.wait_synced(engine->ports.ctx));
        batch_commit(engine);
        engine->flush_due = true; /* the effects follow when this round has been read */
    }
}

void engine_do(struct engine *engine, void (*what)(struct turn *turn, const void *about),
               const void *about)
{
    struct turn turn;
    turn_begin(&turn, engine);
    what(&turn, about);
    turn_end(&turn);
}

void engine_tick(struct engine *engine)
{
    timers_run(engine);
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* How long there will be nothing to do, in ms, unless the disk answers first. */
static int64_t idle(struct engine *engine)
{
    int64_t time = engine_time(engine);
    int64_t ms = timers_wait(engine);
    if (engine->draining || engine->syncing)
        return ms;
    int64_t next = volatiles_next(engine);
    if (engine->outbox_changed || engine->outbox_due <= time)
        next = sooner(next, time + crowds_wait(engine));
    else
        next = sooner(next, engine->outbox_due);
    return next < INT64_MAX ? sooner(ms, next > time ? next - time : 0) : ms;
}

static void start_ready(struct engine *engine)
{
    if (!engine->draining)
        volatiles_run(engine);
    outbox_start(engine);
}

/* What the disk has got starts first. Then there is one commit for the turns and for the intents of
 * what they want done. What starts may leave something to be written: a word that was not told. */
static void commit_and_start(struct engine *engine)
{
    do {
        start_ready(engine);
        outbox_choose(engine);
        if (engine->batch_open)
            batch_commit(engine);
        start_ready(engine);
    } while (engine->batch_open && !engine->syncing);
}

void engine_flush(struct engine *engine)
{
    bool quiet = !engine->batch_open && !engine->syncing;
    engine->flush_due = false;
    if (!engine->syncing)
        commit_and_start(engine);
    int64_t ms = idle(engine);
    store_rest(engine->store);
    if (quiet && !engine->syncing && ms >= QUIET_MS)
        store_copy_log(engine->store);
    assert(engine->syncing || (!engine->batch_open && engine->ack_count == 0));
    engine->ports.wake_in(engine->ports.ctx, ms);
}

void engine_settle(struct engine *engine)
{
    engine_flush(engine);
    while (engine->syncing) {
        engine_synced(engine, engine->ports.wait_synced(engine->ports.ctx));
        engine_flush(engine);
    }
}

void engine_start(struct engine *engine)
{
    struct turn turn;
    store_read_together(engine->store); /* from here on each round ends in engine_flush */
    assert(engine->in_flight.count == 0);
    outbox_recover(engine);
    turn_begin(&turn, engine);
    outbox_check_types(&turn);
    timers_check_types(&turn);
    turn_timer(&turn, &inbox_prune, 0, 0);
    engine->tables.start(&turn);
    turn_end(&turn);
    engine_flush(engine);
}

/* --- birth and death --- */

struct engine *engine_new(struct store *store, const struct ports *ports,
                          const struct tables *tables, const void *app)
{
    struct engine *engine = mem_new(1, sizeof(*engine));
    engine->store = store;
    engine->ports = *ports;
    engine->tables = *tables;
    engine->app = app;
    engine->own_timer = &inbox_prune;
    engine->batch = 1;
    engine->outbox_changed = true;
    engine->timers_changed = true;
    clocks_restore(engine);
    return engine;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL)
        return;
    for (size_t i = 0; i < engine->ack_count; i++) {
        free(engine->acks[i].envelope);
        free(engine->acks[i].answer);
    }
    outbox_free(engine);
    stopwatches_clear(&engine->stopwatches);
    notes_free(&engine->notes);
    free(engine->acks);
    free(engine);
}

void engine_drain(struct engine *engine)
{
    engine->draining = true;
}

size_t engine_in_flight(const struct engine *engine)
{
    return engine->in_flight.count;
}

struct engine_counts engine_counts(const struct engine *engine)
{
    return engine->counts;
}
