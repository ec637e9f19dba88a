#include "offers/action.h"

#include <string.h>

static const struct action_type unknown = {
    .name = "", .verb = "do this to", .right = RIGHT_SEE, .binding = BINDS_NOTHING};

const struct action_type *action_named(const char *name)
{
    for (const struct action_type *const *type = action_types; *type != NULL; type++) {
        if (strcmp((*type)->name, name) == 0)
            return *type;
    }
    return &unknown;
}
