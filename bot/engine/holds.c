/* Names that are held back until a moment. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "mem.h"

int64_t holds_until(const struct holds *holds, const char *name)
{
    for (size_t i = 0; name != NULL && i < holds->count; i++) {
        const struct hold *hold = &holds->at[i];
        if (strcmp(hold->name, name) == 0)
            return hold->until;
    }
    return 0;
}

void holds_put(struct holds *holds, const char *name, int64_t now, int64_t until)
{
    size_t kept = 0;
    for (size_t i = 0; i < holds->count; i++) {
        if (holds->at[i].until <= now || strcmp(holds->at[i].name, name) == 0)
            free(holds->at[i].name);
        else
            holds->at[kept++] = holds->at[i];
    }
    holds->at = mem_resize(holds->at, kept + 1, sizeof(*holds->at));
    holds->at[kept] = (struct hold){mem_copy(name), until};
    holds->count = kept + 1;
}

void holds_free(struct holds *holds)
{
    for (size_t i = 0; i < holds->count; i++)
        free(holds->at[i].name);
    free(holds->at);
}
