/* Stopwatches, by name, for waits that must not be shorter than they seem: the wall clock may be
 * set, and then a minute on it is over in no time. In memory alone: where nothing was started in
 * this process, nothing was waited for. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "mem.h"

/* Longer than any wait that is measured here. */
static const int64_t KEEP_MS = INT64_C(24) * 3600 * 1000;

int64_t turn_stopwatch_ms(const struct turn *turn, const char *name)
{
    const struct stopwatches *stopwatches = &turn_engine(turn)->stopwatches;
    for (size_t i = 0; i < stopwatches->count; i++) {
        if (strcmp(stopwatches->at[i].name, name) == 0)
            return engine_monotonic(turn_engine(turn)) - stopwatches->at[i].since;
    }
    return -1;
}

void turn_stopwatch_stop(struct turn *turn, const char *name)
{
    struct stopwatches *stopwatches = &turn_engine(turn)->stopwatches;
    int64_t now = engine_monotonic(turn_engine(turn));
    size_t kept = 0;
    for (size_t i = 0; i < stopwatches->count; i++) { /* those that nobody will ask for go too */
        if (now - stopwatches->at[i].since > KEEP_MS || strcmp(stopwatches->at[i].name, name) == 0)
            free(stopwatches->at[i].name);
        else
            stopwatches->at[kept++] = stopwatches->at[i];
    }
    stopwatches->count = kept;
}

void turn_stopwatch_start(struct turn *turn, const char *name)
{
    struct stopwatches *stopwatches = &turn_engine(turn)->stopwatches;
    turn_stopwatch_stop(turn, name);
    turn->measured = true;
    stopwatches->at = mem_resize(stopwatches->at, stopwatches->count + 1, sizeof(*stopwatches->at));
    stopwatches->at[stopwatches->count++] =
        (struct stopwatch){mem_copy(name), engine_monotonic(turn_engine(turn))};
}

void stopwatches_clear(struct stopwatches *stopwatches)
{
    for (size_t i = 0; i < stopwatches->count; i++)
        free(stopwatches->at[i].name);
    free(stopwatches->at);
    *stopwatches = (struct stopwatches){NULL, 0};
}
