/* The list of entries, and the way from an envelope to one of them. */
#include <string.h>

#include "answers.h"

#define HANDLERS_ADDRESS(name) &name##_entry,
const struct entry *const handlers[] = {HANDLERS(HANDLERS_ADDRESS) NULL};

handler_fn *handlers_route(const char *route)
{
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        for (size_t i = 0; i < MAX_ROUTES && (*entry)->routes[i].name != NULL; i++) {
            if (strcmp((*entry)->routes[i].name, route) == 0)
                return (*entry)->routes[i].handle;
        }
    }
    return NULL;
}

const struct opening *handlers_opening(const char *action)
{
    for (const struct entry *const *entry = handlers; *entry != NULL; entry++) {
        const char *opened_by = (*entry)->opening.action;
        if (opened_by != NULL && strcmp(opened_by, action) == 0)
            return &(*entry)->opening;
    }
    return NULL;
}

struct decision handlers_unknown(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    if (from->kind == SLACK_COMMAND)
        return answer_message(turn, from,
                              message_plain("I don't know this command. Type /cppo help."));
    return turn_answer(turn, NULL);
}
