/* What a buyer's acceptance of an offer became: an agreement at AWS, one for each buyer account
 * that accepted. Source: API reference of the Agreement API, SearchAgreements. */
#ifndef CPPO_OFFERS_ACCEPTANCE_H
#define CPPO_OFFERS_ACCEPTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/authorization.h"

enum { AGREEMENT_ID = 65, AGREEMENT_STATUS = 24, MAX_ACCEPTANCES = 100 };

struct acceptance {
    char agreement[AGREEMENT_ID];
    char account[ACCOUNT_ID];      /* "" when AWS tells none */
    char status[AGREEMENT_STATUS]; /* AWS's word: ACTIVE, CANCELLED ... */
    int64_t accepted_at;           /* wall ms since the epoch; 0: AWS tells none */
};

/* Is it a sale? It is while it runs, and after it ran to its end or was carried on; not when it was
 * cancelled, terminated, rolled back or replaced, nor with a word that we do not know. */
bool acceptance_counts(const struct acceptance *acceptance);

/* How many buyer accounts have one that counts. */
size_t acceptance_buyers(const struct acceptance *list, size_t count);

/* The whole in words, one line each: "1 of 3 accepted: account 123456789012 (agreement agmt-1,
 * 2026-12-01)", and what became of those that do not count. On the heap, "" when there is none. */
char *acceptance_words(const struct acceptance *list, size_t count, size_t buyers);

/* What became of one that does not count, continuing "The agreement ... ": on the heap. */
char *acceptance_undone(const struct acceptance *acceptance);

#endif
