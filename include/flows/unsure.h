/* An offer of which our own messages say that it is out, while AWS does not show it: there is no
 * right to look, it is not found, or nobody knows any more where it is. A second one would be worse
 * than none: it is never made anew, and waits until AWS shows it, or until an operator who has
 * looked there tries again. */
#ifndef CPPO_FLOWS_UNSURE_H
#define CPPO_FLOWS_UNSURE_H

#include "book/finds.h"
#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/policy.h"

/* Hold it back, from now on; ${find}: the entity, where it is known, and the revision that was
 * shown. ${why}: what AWS says, for people. */
void unsure_hold(struct turn *turn, const struct request *offer, const struct find *find,
                 const char *why);
/* It is known by now. */
void unsure_end(struct turn *turn, int64_t offer);

/* Is it held back? */
bool unsure_holds(struct turn *turn, int64_t offer);
/* Before anything of it is made or released: stop it where it is held (true); an approved one fails
 * then, with words. */
bool unsure_stop(struct turn *turn, int64_t offer);
/* An operator has looked at AWS: nothing holds it back any more. Does nothing where nothing did.
 * ${person} is an operator where it is held: nobody else's word counts (unsure_holds). */
void unsure_clear(struct turn *turn, int64_t offer, const struct person *person);

#endif
