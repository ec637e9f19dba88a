/* Turns: how they begin and end. */
#include <assert.h>
#include <stdlib.h>

#include "internal.h"
#include "io/store.h"

void turn_begin(struct turn *turn, struct engine *engine)
{
    *turn = (struct turn){.engine = engine,
                          .store = engine->store,
                          .now = engine_wall(engine),
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

void turn_read_only(struct store *store, int64_t now, const void *app,
                    void (*read)(struct turn *turn, void *about), void *about)
{
    struct turn turn = {.store = store, .now = now, .app = app};
    read(&turn, about);
    forget_all(&turn);
}

void turn_end(struct turn *turn)
{
    struct engine *engine = turn->engine;
    assert(!turn->rendering && turn->tellings == NULL);
    assert(!turn->has_savepoint || engine->batch_open);
    forget_all(turn);
    if (turn->has_savepoint)
        store_release(engine->store);
    turn->has_savepoint = false;
    for (size_t i = 0; i < turn->volatiles.count; i++)
        live_effects_wait(engine, turn->volatiles.at[i]);
    free(turn->volatiles.at);
    turn->volatiles = (struct live_effects){0};
}

void turn_undo(struct turn *turn)
{
    assert(turn->tellings == NULL);
    forget_all(turn);
    if (turn->has_savepoint)
        store_rollback(turn->engine->store);
    turn->has_savepoint = false;
    if (turn->measured) /* what it measured from is gone, so nothing can be said */
        stopwatches_clear(&turn->engine->stopwatches);
    for (size_t i = 0; i < turn->volatiles.count; i++)
        live_effect_clear(&turn->volatiles.at[i]);
    free(turn->volatiles.at);
    turn->volatiles = (struct live_effects){0};
}
