/* What is told within a turn, one after the other. */
#include <stdlib.h>

#include "internal.h"
#include "log.h"
#include "mem.h"

enum { MAX_TELLINGS = 32 }; /* by one event; more means that the listeners go round in a circle */

static void put_last(struct turn *turn, struct telling *telling)
{
    struct telling **end = &turn->tellings;
    while (*end != NULL)
        end = &(*end)->next;
    *end = telling;
}

void turn_tell(struct turn *turn, void (*tell)(struct turn *turn, const void *about),
               const void *about, size_t size)
{
    struct telling *telling = mem_new(1, sizeof(*telling));
    telling->tell = tell;
    telling->about = mem_slice(about, size);
    put_last(turn, telling);
    if (turn->telling)
        return;
    turn->telling = true;
    for (int told = 0; (telling = turn->tellings) != NULL; told++) {
        if (told == MAX_TELLINGS) {
            log_error("notification loop");
            abort();
        }
        turn->tellings = telling->next;
        telling->tell(turn, telling->about);
        free(telling->about);
        free(telling);
    }
    turn->telling = false;
}
