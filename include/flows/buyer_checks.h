/* What earlier offers say of an offer's buyers and customer (offers/past_buyers.h), by the buyer
 * book, which learns from each that is sent in. */
#ifndef CPPO_FLOWS_BUYER_CHECKS_H
#define CPPO_FLOWS_BUYER_CHECKS_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/authorization.h"
#include "offers/checks.h"
#include "offers/content.h"
#include "offers/usual.h"
#include "text.h"

/* Of an offer ${number} (0: one that is not sent in yet) with this content; ${authorization}: NULL
 * where it is not known. Fills at most MAX_PAST_CHECKS, returns how many; and ${usual}, NULL where
 * that is not asked for. */
size_t buyer_checks_make(struct turn *turn, int64_t number, const struct content *content,
                         const struct authorization *authorization, struct check *checks,
                         struct usual *usual);

/* The same of what a form is filled with, before it is sent in: a line each in ${notice}. */
void buyer_checks_tell(struct turn *turn, const struct form *form,
                       const struct authorization *chosen, struct text *notice);

/* Where the form has a customer and no buyers: the accounts of the last offer to that customer that
 * ${chosen} (NULL: not known) is for, a line each; ${notice} says whence they are. */
enum { PROPOSED_BUYERS = MAX_BUYERS * ACCOUNT_ID + 1 };
void buyer_checks_propose(struct turn *turn, struct form *form, const struct authorization *chosen,
                          char buyers[PROPOSED_BUYERS], struct text *notice);

#endif
