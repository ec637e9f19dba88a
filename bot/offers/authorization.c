#include "offers/authorization.h"

#include <string.h>

const char *authorization_inactive(const struct authorization *authorization)
{
    if (strcmp(authorization->status, "Restricted") == 0)
        return "was restricted by the ISV";
    return strcmp(authorization->status, "Active") != 0 ? "is not active" : NULL;
}

bool authorization_spent(const struct authorization *authorization)
{
    return strcmp(authorization->extended_status, "Completed-Used") == 0;
}

bool authorization_ended(const struct authorization *authorization, int64_t now)
{
    return authorization->ends_at != 0 && authorization->ends_at <= now;
}

const char *authorization_unusable(const struct authorization *authorization, int64_t now)
{
    if (authorization->unlisted)
        return "is no longer listed by AWS: it was withdrawn, or it never was ours";
    if (authorization_inactive(authorization) != NULL)
        return authorization_inactive(authorization);
    if (authorization_spent(authorization))
        return "has already been used (single-use)";
    if (authorization_ended(authorization, now))
        return "has expired";
    return authorization_unsellable(authorization);
}

/* Amounts that are to be paid must be readable, and in one currency. */
static bool readable(const struct terms *terms)
{
    const char *currency = terms_currency(terms);
    struct decimal amount;
    for (size_t i = 0; i < terms->count; i++) {
        const struct term_line *line = &terms->lines[i];
        bool price =
            line->kind == TERM_UNIT || line->kind == TERM_UPFRONT || line->kind == TERM_INSTALMENT;
        if (line->kind == TERM_OTHER || (price && (!decimal_read_price(&amount, line->amount) ||
                                                   strcmp(line->currency, currency) != 0)))
            return false;
        if (line->kind == TERM_UPFRONT && *line->duration != '\0' &&
            !duration_same(line->duration, terms_fixed_duration(terms)))
            return false;
    }
    return !terms->more;
}

enum authorization_sale authorization_sale(const struct terms *terms, const char *role)
{
    if (strcmp(role, "Distributor") == 0)
        return SALE_DISTRIBUTOR;
    for (size_t i = 0; i < terms->count; i++) {
        if (terms->lines[i].kind == TERM_CHOICE)
            return SALE_CHOICE;
    }
    return readable(terms) ? SALE_POSSIBLE : SALE_UNREADABLE;
}

static const char *const sale_names[] = {[SALE_POSSIBLE] = "possible",
                                         [SALE_CHOICE] = "choice",
                                         [SALE_DISTRIBUTOR] = "distributor",
                                         [SALE_UNREADABLE] = "unreadable"};

const char *authorization_sale_name(enum authorization_sale sale)
{
    return sale_names[sale];
}

enum authorization_sale authorization_sale_named(const char *name)
{
    for (int sale = SALE_POSSIBLE; sale < SALE_UNREADABLE; sale++) {
        if (strcmp(sale_names[sale], name) == 0)
            return (enum authorization_sale)sale;
    }
    return SALE_UNREADABLE;
}

const char *authorization_unsellable(const struct authorization *authorization)
{
    switch (authorization->sale) {
    case SALE_CHOICE:
        return "lets the buyer choose units and duration: make the offer in the AWS Marketplace "
               "portal";
    case SALE_DISTRIBUTOR:
        return "was extended to us as a distributor: make the offer in the AWS Marketplace portal";
    case SALE_UNREADABLE:
        return "has terms that I cannot show in full: make the offer in the AWS Marketplace portal";
    case SALE_POSSIBLE:
        break;
    }
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
