#include "flows/live.h"

#include <stdlib.h>

#include "flows/notify.h"
#include "log.h"
#include "text.h"

void live_differs(struct turn *turn, struct draft *draft, const char *differences)
{
    char *words =
        text_format("CPPO-%lld (%s) was released, and what is live is not what was "
                    "approved: %s. The buyer can accept it. End it in the AWS Marketplace "
                    "portal if it is wrong.",
                    (long long)draft->offer, draft->entity, differences);
    log_error("release differs from approval", F_INT("offer", draft->offer),
              F_TEXT("entity", draft->entity));
    notify_operators(turn, words);
    text_fit(draft->why, sizeof(draft->why), differences);
    free(words);
}
