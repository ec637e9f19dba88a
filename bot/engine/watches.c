/* Stopwatches, by name, for waits that must not be shorter than they seem: the wall clock may be
 * set, and then a minute on it is over in no time. In memory alone: where nothing was started in
 * this process, nothing was waited for. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "mem.h"

/* Longer than anything is waited for here. */
static const int64_t KEEP_MS = INT64_C(24) * 3600 * 1000;

static int64_t monotonic(const struct engine *engine)
{
    return engine->ports.monotonic(engine->ports.ctx);
}

int64_t turn_watched(const struct turn *turn, const char *name)
{
    const struct watches *watches = &turn->engine->watches;
    for (size_t i = 0; i < watches->count; i++) {
        if (strcmp(watches->at[i].name, name) == 0)
            return monotonic(turn->engine) - watches->at[i].since;
    }
    return -1;
}

void turn_watch_stop(struct turn *turn, const char *name)
{
    struct watches *watches = &turn->engine->watches;
    int64_t now = monotonic(turn->engine);
    size_t kept = 0;
    for (size_t i = 0; i < watches->count; i++) { /* those that nobody will ask for go too */
        if (now - watches->at[i].since > KEEP_MS || strcmp(watches->at[i].name, name) == 0)
            free(watches->at[i].name);
        else
            watches->at[kept++] = watches->at[i];
    }
    watches->count = kept;
}

void turn_watch(struct turn *turn, const char *name)
{
    struct watches *watches = &turn->engine->watches;
    turn_watch_stop(turn, name);
    turn->watched = true;
    watches->at = mem_resize(watches->at, watches->count + 1, sizeof(*watches->at));
    watches->at[watches->count++] = (struct watch){mem_copy(name), monotonic(turn->engine)};
}

void watches_clear(struct watches *watches)
{
    for (size_t i = 0; i < watches->count; i++)
        free(watches->at[i].name);
    free(watches->at);
    *watches = (struct watches){NULL, 0};
}
