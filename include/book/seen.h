/* The authorization's terms as each approver saw them: the prices that an approval covers. */
#ifndef CPPO_BOOK_SEEN_H
#define CPPO_BOOK_SEEN_H

#include "engine/turn.h"
#include "offers/terms.h"

/* ${terms}: as terms_write has them. Who approves a revision anew has seen what it is now. */
void seen_put(struct turn *turn, int64_t offer, int revision, const char *person,
              const char *terms);

/* Did everybody whose approval of this revision counts see these terms, by meaning? Approvals from
 * before this was kept saw what could be seen then. */
bool seen_same(struct turn *turn, int64_t offer, int revision, const struct terms *now);

#endif
