#include "flows/live.h"

#include <assert.h>

#include "book/authorizations.h"
#include "flows/app_context.h"
#include "flows/notify.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "offers/offer.h"
#include "text.h"

char *live_differences(struct turn *turn, const struct request *offer,
                       const struct catalog_offer *held)
{
    struct terms authorized;
    authorizations_terms(turn, offer_content(offer)->authorization, &authorized);
    const struct approved approved = {
        .offer = offer->number,
        .revision = offer->revision,
        .content = offer_content(offer),
        .authorized = &authorized,
        .eula_version = app_config(turn)->eula_version,
    };
    return catalog_differences(held, &approved);
}

void live_differs(struct turn *turn, struct draft *draft, const char *differences)
{
    assert(draft->offer > 0 && *differences != '\0');
    log_error("release differs from approval", F_INT("request", draft->offer),
              F_TEXT("entity", draft->entity));
    notify_operators(turn,
                     "CPPO-%lld (%s) was released, and what is live is not what was "
                     "approved: %s. The buyer can accept it. End it in the AWS Marketplace "
                     "portal if it is wrong.",
                     (long long)draft->offer, draft->entity, differences);
    text_fit(draft->why, sizeof(draft->why), differences);
}
