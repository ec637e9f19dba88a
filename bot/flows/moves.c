#include "flows/moves.h"

#include "book/requests.h"
#include "text.h"

struct told {
    struct offer offer;
    struct move move;
};

static void tell(struct turn *turn, const void *about)
{
    const struct told *told = about;
    flows_tell_move(turn, &(struct moved){&told->offer, &told->move});
}

/* ${can_retry} is in the book before anybody is told. */
static bool apply(struct turn *turn, struct offer *offer, enum offer_event event, struct actor who,
                  const char *why, bool can_retry)
{
    struct told told = {.move = {.offer = offer->number,
                                 .at = turn_now(turn),
                                 .who = who,
                                 .event = event,
                                 .from = offer->state,
                                 .revision = offer->revision}};
    if (!requests_move(turn, offer, event, who, why))
        return false;
    if (can_retry)
        requests_can_retry(turn, offer, can_retry);
    told.offer = *offer;
    told.move.to = offer->state;
    text_fit(told.move.why, sizeof(told.move.why), why);
    turn_tell(turn, tell, &told, sizeof(told));
    return true;
}

bool moves_apply(struct turn *turn, struct offer *offer, enum offer_event event, struct actor who,
                 const char *why)
{
    return apply(turn, offer, event, who, why, false);
}

bool moves_fail(struct turn *turn, int64_t number, struct actor who, const char *why,
                bool can_retry)
{
    struct offer offer;
    return requests_get(turn, number, &offer) &&
           apply(turn, &offer, OFFER_FAIL, who, why, can_retry);
}

bool moves_unseen(const struct moved *moved)
{
    return moved->move->from == OFFER_DRAFT && moved->offer->state == OFFER_WITHDRAWN;
}

void moves_wake(struct turn *turn, const struct offer *offer)
{
    flows_tell_wake(turn, offer);
}

void moves_wake_all(struct turn *turn, enum offer_state state)
{
    struct offer offer = {.number = 0};
    while (requests_next(turn, state, offer.number, &offer))
        moves_wake(turn, &offer);
}
