/* Approvals that were given before: whether they still count is looked up again when one more would
 * complete the number. */
#ifndef CPPO_FLOWS_VOTING_H
#define CPPO_FLOWS_VOTING_H

#include "engine/turn.h"
#include "offers/approval.h"
#include "offers/request.h"

/* Where an approval by ${person} would complete the number: ask of all others who approved whether
 * they still may, where that is not known. True: nothing had to be asked. */
bool voting_ask_others(struct turn *turn, const struct request *request, const char *person);

/* How far a pending request is approved, a person counted once. When all would be complete, those
 * are taken away before whose givers may not decide any more, with the reason; that of ${person},
 * who was settled just now, stays; and one of whom nothing is known does not count this time. */
struct approval voting_recount(struct turn *turn, const struct request *request,
                               const char *person);

/* Is the approval of this person, by any of their ids, among those that count? */
bool voting_has(struct turn *turn, const struct request *request, const char *person);

#endif
