/* A resale authorization: what the ISV extended to us, as last read from AWS. */
#ifndef CPPO_OFFERS_AUTHORIZATION_H
#define CPPO_OFFERS_AUTHORIZATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AUTHORIZATION_ID = 51, MOST_BUYERS = 24, ACCOUNT_ID = 13, MOST_AUTHORIZED_BUYERS = 32 };

struct authorization {
    char id[AUTHORIZATION_ID];
    char name[401];
    char product_id[64];
    char product_name[401];
    char isv_name[401];
    char status[24];          /* AWS's: Active, Restricted, Draft */
    char extended_status[32]; /* AWS's OfferExtendedStatus, "" when it sent none */
    int64_t ends_at;          /* ms; 0: no end known */
    bool single_use;
    bool gone;           /* no longer listed by AWS */
    char unit_price[24]; /* the wholesale price of its one usage dimension, "" when unclear */
    char currency[4];
    char dimension[201];
    char duration[16];  /* "P3650D" when it fixes one, else "" */
    size_t buyer_count; /* 0: any buyer, or more than fit here: then AWS alone checks them */
    char buyers[MOST_AUTHORIZED_BUYERS][ACCOUNT_ID];
    int64_t read_at; /* ms; when AWS was last asked */
};

/* Active, not past its end, not used up, still listed: NULL when it can be used at ${now}, else
 * why not, in words that continue "This authorization ..." (static text). */
const char *authorization_unusable(const struct authorization *authorization, int64_t now);

/* May this account be offered to under it? */
bool authorization_allows(const struct authorization *authorization, const char *account);

#endif
