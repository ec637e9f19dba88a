#include "flows/claims.h"

#include "book/offers.h"
#include "offers/claim.h"
#include "offers/kind.h"

int64_t claims_taken(struct turn *turn, const struct authorization *authorization, int64_t offer)
{
    int64_t owner = authorization->single_use ? offers_claimed(turn, authorization->id) : 0;
    return claim_taken(authorization, owner, offer);
}

int64_t claims_take(struct turn *turn, const struct authorization *authorization, int64_t offer)
{
    int64_t taken = claims_taken(turn, authorization, offer);
    if (authorization->single_use && taken == 0)
        offers_claim(turn, authorization->id, offer);
    return taken;
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    enum request_state state = moved->request->state;
    if (moved->move->from == STATE_DRAFT)
        return; /* it has claimed nothing yet */
    if (state == STATE_PENDING || state == STATE_CHANGES_REQUESTED || state == STATE_REJECTED ||
        state == STATE_WITHDRAWN)
        offers_unclaim(turn, moved->request->number);
}

const struct flow claims_flow = {.kind = KIND_OFFER, .on_move = on_move};
