/* Gates: behind one that is shut no effect starts. In memory alone: what shuts one knows at
 * the next start whether it is to be shut again. */
#include <assert.h>
#include <stdlib.h>

#include "internal.h"

bool gates_shut(const struct engine *engine, const struct effect_type *type)
{
    for (size_t i = 0; type->gate != NULL && i < MAX_SHUT; i++) {
        if (engine->shut[i] == type->gate)
            return true;
    }
    return false;
}

static bool replace(struct engine *engine, const struct gate *old, const struct gate *new)
{
    size_t i = 0;
    while (i < MAX_SHUT && engine->shut[i] != old)
        i++;
    if (i < MAX_SHUT)
        engine->shut[i] = new;
    engine->outbox_changed = true;
    return i < MAX_SHUT;
}

void turn_shut(struct turn *turn, const struct gate *gate)
{
    replace(turn_engine(turn), gate, NULL); /* once is enough */
    bool shut = replace(turn_engine(turn), NULL, gate);
    assert(shut); /* MAX_SHUT holds all there are */
    (void)shut;
}

void turn_open(struct turn *turn, const struct gate *gate)
{
    replace(turn_engine(turn), gate, NULL);
}
