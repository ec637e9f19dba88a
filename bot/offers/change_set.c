#include "offers/change_set.h"

#include <string.h>

static const char *const names[SET_STATES] = {
    [SET_STARTING] = "starting",     [SET_LOST] = "lost",     [SET_RUNNING] = "running",
    [SET_SUCCEEDED] = "succeeded",   [SET_FAILED] = "failed", [SET_CANCELLED] = "cancelled",
    [SET_REFUSED] = "refused",       [SET_ABSENT] = "absent", [SET_ABANDONED] = "abandoned",
    [SET_UNREADABLE] = "unreadable",
};

const char *set_state_name(enum set_state state)
{
    return names[(unsigned)state < SET_STATES ? state : SET_UNREADABLE];
}

int set_state_named(const char *name)
{
    for (int state = 0; state < SET_UNREADABLE; state++) {
        if (strcmp(names[state], name) == 0)
            return state;
    }
    return -1;
}

bool set_state_open(enum set_state state)
{
    return state == SET_STARTING || state == SET_LOST || state == SET_RUNNING;
}
