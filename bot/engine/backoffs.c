/* Names that are held back until a moment. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "mem.h"

int64_t backoffs_until(const struct backoffs *backoffs, const char *name)
{
    for (size_t i = 0; name != NULL && i < backoffs->count; i++) {
        const struct backoff *backoff = &backoffs->at[i];
        if (strcmp(backoff->name, name) == 0)
            return backoff->until;
    }
    return 0;
}

void backoffs_put(struct backoffs *backoffs, const char *name, int64_t now, int64_t until)
{
    size_t kept = 0;
    assert(until >= now);
    for (size_t i = 0; i < backoffs->count; i++) {
        if (backoffs->at[i].until <= now || strcmp(backoffs->at[i].name, name) == 0)
            free(backoffs->at[i].name);
        else
            backoffs->at[kept++] = backoffs->at[i];
    }
    backoffs->at = mem_resize(backoffs->at, kept + 1, sizeof(*backoffs->at));
    backoffs->at[kept] = (struct backoff){mem_copy(name), until};
    backoffs->count = kept + 1;
}

void backoffs_free(struct backoffs *backoffs)
{
    for (size_t i = 0; i < backoffs->count; i++)
        free(backoffs->at[i].name);
    free(backoffs->at);
}
