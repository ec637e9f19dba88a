#include "flows/claims.h"

#include "book/offers.h"

static void on_move(struct turn *turn, const struct moved *moved)
{
    enum offer_state state = moved->offer->state;
    if (state == OFFER_PENDING || state == OFFER_CHANGES_REQUESTED || state == OFFER_REJECTED ||
        state == OFFER_WITHDRAWN)
        offers_unclaim(turn, moved->offer->number);
}

const struct flow claims_flow = {.on_move = on_move};
