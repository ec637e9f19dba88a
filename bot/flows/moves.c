#include "flows/moves.h"

#include <stdarg.h>
#include <stdlib.h>

#include "book/requests.h"
#include "flows/ruling.h"
#include "text.h"

struct told {
    struct request request;
    struct move move;
};

static void tell(struct turn *turn, const void *about)
{
    const struct told *told = about;
    flows_tell_move(turn, &(struct moved){&told->request, &told->move});
}

/* ${can_retry} is in the book before anybody is told. */
static bool apply(struct turn *turn, struct request *request, enum request_event event,
                  struct actor who, const char *why, bool can_retry)
{
    struct told told = {.move = {.request = request->number,
                                 .at = turn_now(turn),
                                 .who = who,
                                 .event = event,
                                 .from = request->state,
                                 .revision = request->revision}};
    if (!requests_move(turn, request, event, who, why))
        return false;
    if (event == EVENT_SUBMIT)
        ruling_fix(turn, request);
    if (can_retry)
        requests_can_retry(turn, request, can_retry);
    told.request = *request;
    told.move.to = request->state;
    text_fit(told.move.why, sizeof(told.move.why), why);
    turn_tell(turn, tell, &told, sizeof(told));
    return true;
}

bool moves_apply(struct turn *turn, struct request *request, enum request_event event,
                 struct actor who, const char *why)
{
    return apply(turn, request, event, who, why, false);
}

bool moves_fail(struct turn *turn, int64_t number, struct actor who, bool can_retry,
                const char *format, ...)
{
    struct request request;
    va_list args;
    va_start(args, format);
    char *why = text_vformat(format, args);
    va_end(args);
    bool moved = requests_get(turn, number, &request) &&
                 apply(turn, &request, EVENT_FAIL, who, why, can_retry);
    free(why);
    return moved;
}

bool moves_unseen(const struct moved *moved)
{
    return moved->move->from == STATE_DRAFT && moved->request->state == STATE_WITHDRAWN;
}

void moves_wake(struct turn *turn, const struct request *request)
{
    flows_tell_wake(turn, request);
}

void moves_wake_all(struct turn *turn, unsigned states)
{
    struct request request = {.number = 0};
    while (requests_next(turn, states, request.number, &request))
        moves_wake(turn, &request);
}
