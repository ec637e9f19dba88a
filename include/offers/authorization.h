/* A resale authorization: what the ISV extended to us, as last read from AWS. */
#ifndef CPPO_OFFERS_AUTHORIZATION_H
#define CPPO_OFFERS_AUTHORIZATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/terms.h"

enum { AUTHORIZATION_ID = 51, MAX_BUYERS = 24, ACCOUNT_ID = 13, MAX_AUTHORIZED_BUYERS = 32 };

/* Can the bot sell under it, so that what is shown is what the customer pays? */
enum authorization_sale {
    SALE_POSSIBLE,
    SALE_CHOICE,      /* the buyer chooses units and duration */
    SALE_DISTRIBUTOR, /* another role, with rules of its own */
    SALE_UNREADABLE,  /* terms or amounts that cannot be shown in full */
};

struct authorization {
    char id[AUTHORIZATION_ID];
    char name[401];
    char product_id[64];
    char product_type[32]; /* AWS's: "SaaSProduct", "AmiProduct"; "?": it does not tell; "": unasked
                            */
    char status[24];       /* AWS's: Active, Restricted, Draft */
    char extended_status[32]; /* AWS's OfferExtendedStatus, "" when it sent none */
    int64_t ends_at;          /* ms; 0: no end known */
    bool single_use;
    bool unlisted; /* no longer listed by AWS */
    enum authorization_sale sale;
    char unit_price[24]; /* the wholesale price, where one price per unit used is all; else "" */
    char currency[4];
    char duration[16];  /* "P12M" when it fixes one, else "" */
    size_t buyer_count; /* 0: any buyer, or more than fit here: then AWS alone checks them */
    char buyers[MAX_AUTHORIZED_BUYERS][ACCOUNT_ID];
    int64_t read_at; /* ms; when AWS was last asked */
};

/* Active, not past its end, not used up, still listed, and sellable: NULL when it can be used at
 * ${now}, else why not, in words that continue "This authorization ..." (static text). */
const char *authorization_unusable(const struct authorization *authorization, int64_t now);

/* The parts of it that are AWS's alone. Why it is not active, in words that continue "This
 * authorization ...", or NULL; whether its one use is spent: API reference of the Catalog API,
 * ResaleAuthorizationSummary: it keeps the status Active then, and says Completed-Used; whether it
 * is past its end. */
const char *authorization_inactive(const struct authorization *authorization);
bool authorization_spent(const struct authorization *authorization);
bool authorization_ended(const struct authorization *authorization, int64_t now);

/* As it is stored: "possible", "choice", ... ; a name that this version does not know is
 * SALE_UNREADABLE until AWS is read again. */
const char *authorization_sale_name(enum authorization_sale sale);
enum authorization_sale authorization_sale_named(const char *name);

/* From its terms, and AWS's word for our role ("" when it gave none). */
enum authorization_sale authorization_sale(const struct terms *terms, const char *role);

/* Why the bot cannot sell under it, in words that continue "This authorization ..."; else NULL. */
const char *authorization_unsellable(const struct authorization *authorization);

/* May this account be offered to under it? */
bool authorization_allows(const struct authorization *authorization, const char *account);

#endif
