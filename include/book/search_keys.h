/* By what requests are found: words of their titles, accounts, as their kind names them for the
 * revision that counts (offers/kind.h: found_by). */
#ifndef CPPO_BOOK_SEARCH_KEYS_H
#define CPPO_BOOK_SEARCH_KEYS_H

#include "engine/turn.h"
#include "text.h"

extern const char book_schema_search[]; /* a migration */

/* The request is found by ${after}, and no more by ${before}: keys, one a line. */
void search_keys_put(struct turn *turn, int64_t request, const char *before, const char *after);

/* Those that begin with ${beginning}, as a JSON array on the heap: at most SEARCH_KEYS, the first
 * in their order; how many. ${*more}: there are more. */
enum { SEARCH_KEYS = 40 };
size_t search_keys_like(struct turn *turn, const char *beginning, char **keys, bool *more);

#endif
