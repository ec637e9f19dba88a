/* What is shown of an offer beside what is shown of any request. */
#ifndef CPPO_VIEWS_OFFER_FACTS_H
#define CPPO_VIEWS_OFFER_FACTS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#include "offers/acceptance.h"
#include "offers/authorization.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "offers/usual.h"
#include "views/card_facts.h"

/* Borrowed, as the card is. */
struct offer_facts {
    const struct authorization *authorization; /* NULL: not known any more */
    const struct terms *customer;              /* what the customer pays; NULL: not known */
    const struct draft *draft;
    bool waits;             /* for its turn at AWS */
    const char *unit_price; /* the customer's, where one price per unit used is all; else "" */
    const char *expected_unit_price; /* "" when not compared */
    const struct usual *usual;       /* what it is compared with */
    const char *buyer_url;           /* "" until released, and where it is not known */
    const char *link_hint;           /* where else the link is to be had, "" when it is sure */
    const char *ends;                /* AWS's accept-by date where it is another one; else "" */
    const struct acceptance *acceptances; /* AWS's agreements for it */
    size_t acceptance_count;
    bool blocked;           /* AWS does not let us go on: we lack rights */
    bool blind;             /* AWS does not let us see whether it was accepted */
    const char *usual_time; /* "AWS usually takes 11-14 minutes", "" when nothing is known */
};

/* Those of an offer's card. */
static inline const struct offer_facts *offer_facts(const struct card *card)
{
    assert(kind_is(card->request->kind, KIND_OFFER));
    return card->own;
}

#endif
