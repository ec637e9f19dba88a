/* What the book has of offers alone, beside what it has of every request. */
#ifndef CPPO_BOOK_OFFERS_H
#define CPPO_BOOK_OFFERS_H

#include "book/requests.h"
#include "offers/offer.h"

/* False for a request of another kind. */
bool offers_get(struct turn *turn, int64_t number, struct request *offer);
/* The next offer in any of these states after number ${after}; false at the end. */
bool offers_next(struct turn *turn, unsigned states, int64_t after, struct request *offer);
/* What this revision asks for; false if it does not exist or is not an offer's. */
bool offers_revision(struct turn *turn, int64_t number, int revision, struct content *content);
/* requests_adopt, with content of an offer. */
bool offers_adopt(struct turn *turn, struct request *offer, int revision,
                  const struct content *content, const char *form_id);

/* How long publishing took lately (approved to published), ms, the newest at most ${capacity}. */
size_t offers_times(struct turn *turn, int64_t *took, size_t capacity);

/* A single-use authorization belongs to at most one approved offer (offers/claim.h). Claim it; one
 * that has an owner keeps it. */
void offers_claim(struct turn *turn, const char *authorization, int64_t number);
/* It has used it up at AWS: whoever claimed it before. */
void offers_claim_over(struct turn *turn, const char *authorization, int64_t number);
/* Whose it is; 0: nobody's. */
int64_t offers_claimed(struct turn *turn, const char *authorization);
/* It needs none any more: what it has claimed is free again. */
void offers_unclaim(struct turn *turn, int64_t number);
/* ${authorization} as it is for that offer (claim_own). */
void offers_own_use(struct turn *turn, int64_t number, struct authorization *authorization);

/* Was an offer to this account published before? */
bool offers_bought(struct turn *turn, const char *account);

/* The last authorization that this person chose, "" when none. */
void offers_last_authorization(struct turn *turn, const char *requester, char id[AUTHORIZATION_ID]);

#endif
