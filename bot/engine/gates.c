/* Gates: no effect behind a closed one starts. Kept in memory only: whatever closes a gate knows at
 * the next start whether to close it again. */
#include <assert.h>
#include <stdlib.h>

#include "internal.h"

bool gates_closed(const struct engine *engine, const struct effect_type *type)
{
    for (size_t i = 0; type->gate != NULL && i < MAX_CLOSED; i++) {
        if (engine->closed_gates[i] == type->gate)
            return true;
    }
    return false;
}

static bool replace(struct engine *engine, const struct gate *old, const struct gate *new)
{
    size_t i = 0;
    while (i < MAX_CLOSED && engine->closed_gates[i] != old)
        i++;
    if (i < MAX_CLOSED)
        engine->closed_gates[i] = new;
    engine->outbox_changed = true;
    return i < MAX_CLOSED;
}

void turn_close_gate(struct turn *turn, const struct gate *gate)
{
    replace(turn_engine(turn), gate, NULL); /* once is enough */
    bool closed = replace(turn_engine(turn), NULL, gate);
    assert(closed); /* MAX_CLOSED holds all there are */
    (void)closed;
}

void turn_open_gate(struct turn *turn, const struct gate *gate)
{
    replace(turn_engine(turn), gate, NULL);
}
