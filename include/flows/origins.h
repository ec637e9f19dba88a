/* Who wrote the legal terms that AWS holds of a draft. AWS gives back its own copy of a custom
 * EULA, at an address of its own: one that a colleague put in the place of ours, or of the ISV's
 * that came with the authorization, reads back as that does. What tells them apart is the entity's
 * revision, which is known of what we made; and where it is another, AWS's list of change sets: one
 * that is not ours and came after ours may have changed them. Where there is none, AWS raised the
 * revision itself. */
#ifndef CPPO_FLOWS_ORIGINS_H
#define CPPO_FLOWS_ORIGINS_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/draft.h"
#include "offers/request.h"

/* A change set of ours is about to write the whole draft, or to make it ${anew}; before anything
 * else of ${draft} is set for that. It has ended, with the entity at this
 * revision ("" where AWS gave none). Both are kept when ${draft} is stored. ${purpose}: what the
 * change set is for. */
void origins_begin(const struct request *offer, struct draft *draft, bool anew);
void origins_end(struct turn *turn, struct draft *draft, const char *purpose, const char *revision);

/* AWS was seen to hold this revision: absence from its lists is counted from here on. Kept when
 * ${draft} is stored. */
void origins_see(const struct turn *turn, struct draft *draft, const char *revision);

/* Find out, where it matters, of what AWS holds at this revision, which reads back as approved.
 * True: it is known. False: it is being asked; the draft is read once more then (on_reread), or the
 * offer waits for the right to ask. */
bool origins_find_out(struct turn *turn, const struct request *offer, struct draft *draft,
                      const char *revision);

/* What is known of it: is it what we wrote; how it differs (on the heap), NULL when it does not. */
bool origins_ours(struct turn *turn, const struct request *offer, const struct draft *draft);
char *origins_difference(struct turn *turn, const struct request *offer, const struct draft *draft);

/* Others changed legal terms that no change set of ours can write again: those that the draft took
 * over from its authorization when it was made. Another is needed. */
bool origins_lost(const struct request *offer, const struct draft *draft);

/* The offer was released. AWS need not heed the revision that was named, and its lists lag: later
 * it is asked once more. */
void origins_audit_later(struct turn *turn, const struct request *offer);

#endif
