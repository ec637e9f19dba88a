/* The engine's clocks: two that the ports provide, and its own, which is not affected when the wall
 * clock is set and goes on where the last process stopped. */
#include <assert.h>

#include "internal.h"
#include "io/store.h"

static const char time_counter[] = "engine.time";

int64_t engine_wall(const struct engine *engine)
{
    return engine->ports.clock(engine->ports.ctx);
}

int64_t engine_monotonic(const struct engine *engine)
{
    return engine->ports.monotonic(engine->ports.ctx);
}

int64_t engine_time(const struct engine *engine)
{
    return engine_monotonic(engine) + engine->ahead;
}

void clocks_store(struct engine *engine)
{
    assert(engine->batch_open);
    store_run(engine->store,
              "INSERT INTO counter (name, value) VALUES (?, ?)"
              " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
              SQL_ARGS(SQL_TEXT(time_counter), SQL_INT(engine_time(engine))));
}

void clocks_restore(struct engine *engine)
{
    int64_t wall = engine_wall(engine);
    int64_t last = store_int(engine->store, "SELECT value FROM counter WHERE name = ?",
                             SQL_ARGS(SQL_TEXT(time_counter)), 0);
    engine->ahead = (wall > last ? wall : last) - engine_monotonic(engine);
    assert(engine_time(engine) >= last); /* it never goes back */
}
