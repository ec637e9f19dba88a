#include "offers/authorization.h"

#include <string.h>

/* API reference of the Catalog API, ResaleAuthorizationSummary: a single-use authorization that was
 * spent keeps the status Active and says Completed-Used. */
const char *authorization_unusable(const struct authorization *authorization, int64_t now)
{
    if (authorization->gone)
        return "is no longer listed by AWS: it was withdrawn, or it never was ours";
    if (strcmp(authorization->status, "Restricted") == 0)
        return "was restricted by the ISV";
    if (strcmp(authorization->status, "Active") != 0)
        return "is not active";
    if (strcmp(authorization->extended_status, "Completed-Used") == 0)
        return "is used up: it was good for one offer";
    if (authorization->ends_at != 0 && authorization->ends_at <= now)
        return "has expired";
    return NULL;
}

bool authorization_allows(const struct authorization *authorization, const char *account)
{
    for (size_t i = 0; i < authorization->buyer_count; i++) {
        if (strcmp(authorization->buyers[i], account) == 0)
            return true;
    }
    return authorization->buyer_count == 0;
}
