#include "flows/usable.h"

#include <assert.h>

#include "book/offers.h"
#include "flows/claims.h"
#include "flows/moves.h"
#include "offers/claim.h"
#include "offers/offer.h"

/* The ISV took buyers away since it was approved. */
static void fail_narrowed(struct turn *turn, int64_t offer, const char *buyer)
{
    moves_fail(turn, offer, actor_aws(), true,
               "The resale authorization no longer covers buyer account %s. Ask the "
               "ISV to add it, then try again; or edit the offer.",
               buyer);
}

bool usable_claim(struct turn *turn, const struct request *offer,
                  const struct authorization *authorization)
{
    int64_t owner = claims_take(turn, authorization, offer->number);
    if (owner != 0) { /* we did not know that it is single-use when this offer was approved */
        char taken[CLAIM_WORDS];
        claim_words(owner, taken);
        moves_fail(turn, offer->number, actor_bot(), false,
                   "The resale authorization %s. Edit the offer and choose another.", taken);
        return false;
    }
    struct authorization own = *authorization;
    offers_own_use(turn, offer->number, &own);
    const char *why = authorization_unusable(&own, turn_now(turn));
    if (why != NULL) {
        moves_fail(turn, offer->number, actor_aws(), true,
                   "The resale authorization %s. Edit the offer and choose another; "
                   "if the ISV restores it, try again.",
                   why);
        return false;
    }
    const char *buyer = content_uncovered(offer_content(offer), authorization);
    if (buyer != NULL) {
        fail_narrowed(turn, offer->number, buyer);
        return false;
    }
    assert(!authorization->single_use || offers_claimed(turn, authorization->id) == offer->number);
    return true;
}
