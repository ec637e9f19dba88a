/* The buyer book: to which accounts, for which customers, and under which authorization offers were
 * sent in. A row for each buyer of an offer, of its newest revision; written as it is sent in. */
#ifndef CPPO_BOOK_BUYER_BOOK_H
#define CPPO_BOOK_BUYER_BOOK_H

#include "engine/turn.h"
#include "offers/content.h"
#include "offers/past_buyers.h"

extern const char book_schema_buyers[]; /* a migration, which fills it with what there is */

/* What was sent in takes the place of what an earlier revision said. */
void buyer_book_learn(struct turn *turn, int64_t offer, int revision,
                      const struct content *content);

/* Whose offers are looked up, and for what they are. All borrowed. */
struct buyer_query {
    const char *customer;
    const char (*buyers)[ACCOUNT_ID];
    size_t buyer_count;
    int64_t before;            /* the customer is new who was in none before this; 0: in none */
    const char *authorization; /* the product is the one of this */
    const char *product;       /* ... by AWS's id, "" where it is not known */
};

/* The customer's last offer that was approved, of those before the one in question. Owned:
 * last_offer_free. */
struct last_offer {
    int64_t number; /* 0: there is none */
    char *content;  /* as it is stored */
    char *terms;    /* that were approved with it (terms_write); "": not known */
};
void last_offer_free(struct last_offer *last);

/* The newest offers to each of the accounts and to the customer; and, where the customer is new,
 * the first ones to those whose names begin or end as theirs does. At most ${capacity}: what is
 * read is bounded, however much there is. ${last}: NULL where it is not asked for; else to be
 * freed.
 */
size_t buyer_book_find(struct turn *turn, const struct buyer_query *query, struct past_offer *found,
                       size_t capacity, struct last_offer *last);

#endif
