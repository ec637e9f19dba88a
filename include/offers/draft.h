/* AWS's side of an offer, as the book has it. */
#ifndef CPPO_OFFERS_DRAFT_H
#define CPPO_OFFERS_DRAFT_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/authorization.h"
#include "offers/machine.h"
#include "offers/request.h"

enum { ENTITY_ID = 128 };

/* Of what AWS holds at some revision of it: did we write its legal terms, and nobody after us? */
enum draft_origin { ORIGIN_UNKNOWN, ORIGIN_OURS, ORIGIN_FOREIGN };

/* The Marketplace draft of an offer, the newest, and its offer at AWS after the release: one row an
 * offer. It counts what reads of it showed; what AWS is asked to do with it are change sets, and
 * how often that failed, they count (offers/change_set.h). */
struct draft {
    int64_t offer;
    enum draft_state state;
    int number;             /* 1, 2, ...: a new draft abandons the old */
    int revision;           /* whose content it holds, or will hold when the change set ends */
    char entity[ENTITY_ID]; /* "offer-...", "" until made */
    char authorization[AUTHORIZATION_ID]; /* it was made from */
    bool own_eula;                        /* legal terms of our own were added to it */
    int empty_reads;                      /* how often it did not show itself as released */
    int64_t polled_since;                 /* ... since when, on the engine's clock */
    char entity_revision[24]; /* AWS's, that was read back and is released; "" while none was */
    enum draft_origin origin; /* at the revision that follows (flows/origins.h) */
    char origin_revision[24]; /* AWS's; "" while none was seen since the last change set */
    int64_t origin_since;     /* first seen, on the engine's clock; where it is not known */
    int differing_reads;      /* in a row that showed something else than was approved */
    int price_reads;          /* in a row that showed other prices than the card */
    bool prices_read;         /* AWS's own were read back */
    char price_problem[300];  /* and differ so; "" when they do not */
    char why[WHY_TEXT];       /* refused, or not released: AWS's code and text in plain words */
};

#endif
