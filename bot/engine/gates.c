/* Gates: types of effects of which nothing starts for now. In memory alone: what shuts one knows at
 * the next start whether it is to be shut again. */
#include <stdlib.h>

#include "internal.h"
#include "io/store.h"
#include "log.h"

bool gates_shut(const struct engine *engine, const struct effect_type *type)
{
    for (size_t i = 0; i < MOST_SHUT; i++) {
        if (engine->shut[i] == type)
            return true;
    }
    return false;
}

static void replace(struct engine *engine, const struct effect_type *old,
                    const struct effect_type *new)
{
    size_t i = 0;
    while (i < MOST_SHUT && engine->shut[i] != old)
        i++;
    if (i < MOST_SHUT)
        engine->shut[i] = new;
    else if (old == NULL)
        abort(); /* more types than there is room for */
    engine->outbox_changed = true;
}

void turn_shut(struct turn *turn, const char *type)
{
    const struct effect_type *found = outbox_type(turn->engine, type);
    if (found != NULL && !gates_shut(turn->engine, found))
        replace(turn->engine, NULL, found);
}

void turn_open(struct turn *turn, const char *type)
{
    const struct effect_type *found = outbox_type(turn->engine, type);
    if (found != NULL)
        replace(turn->engine, found, NULL);
}

void turn_cancel(struct turn *turn, int64_t effect)
{
    for (size_t i = 0; i < turn->engine->out.count; i++) {
        if (turn->engine->out.at[i].id == effect)
            return;
    }
    store_run(turn_writes(turn),
              "DELETE FROM effect WHERE id = ? AND state IN ('waiting', 'unknown')",
              ARGS(INT(effect)));
}
