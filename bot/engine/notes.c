/* Notes: what is useful for a moment and must not be stored; by name, in memory only. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "mem.h"

enum { MAX_NOTES = 1000 };

static void note_clear(struct note *note)
{
    free(note->name);
    mem_wipe_free(note->text);
}

/* Drops those that have expired, the one of this name and, if there are too many, the oldest. */
static void evict(struct notes *notes, const char *name, int64_t now)
{
    size_t kept = 0;
    size_t first = notes->count >= MAX_NOTES ? notes->count - MAX_NOTES + 1 : 0;
    for (size_t i = 0; i < notes->count; i++) {
        if (i < first || notes->at[i].until <= now || strcmp(notes->at[i].name, name) == 0)
            note_clear(&notes->at[i]);
        else
            notes->at[kept++] = notes->at[i];
    }
    notes->count = kept;
    assert(notes->count < MAX_NOTES);
}

void turn_note(struct turn *turn, const char *name, const char *text, int64_t ms, int uses)
{
    struct notes *notes = &turn_engine(turn)->notes;
    int64_t now = engine_monotonic(turn_engine(turn));
    assert(ms > 0 && uses > 0);
    evict(notes, name, now);
    notes->at = mem_resize(notes->at, notes->count + 1, sizeof(*notes->at));
    notes->at[notes->count++] = (struct note){mem_copy(name), mem_copy(text), now + ms, uses};
}

char *turn_noted(struct turn *turn, const char *name)
{
    struct notes *notes = &turn_engine(turn)->notes;
    for (size_t i = 0; i < notes->count; i++) {
        struct note *note = &notes->at[i];
        if (strcmp(note->name, name) != 0)
            continue;
        if (note->uses <= 0 || note->until <= engine_monotonic(turn_engine(turn)))
            return NULL;
        note->uses--;
        return mem_copy(note->text);
    }
    return NULL;
}

void notes_free(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        note_clear(&notes->at[i]);
    free(notes->at);
}
