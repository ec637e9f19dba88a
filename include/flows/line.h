/* AWS works on so many change sets of an account at once, and refuses to start another: 250 open
 * requests, and of those 20 in which offers are created or updated; and it takes 5 starts a second.
 * Nothing is wrong with what it refuses so (ServiceQuotaExceededException, 402): it waits.
 * Sources: "Service quotas for AWS Marketplace Catalog API"
 * (docs.aws.amazon.com/marketplace/latest/APIReference/catalog-service-quotas.html) and
 * API_StartChangeSet there.
 *
 *   wants a change set ──► a place is free, nobody waits ──► it starts
 *          ▲          └──► else: it waits in line ──► admitted: the first, as a place becomes free
 *          └───────────────────────────────────────────────┘
 *
 * A place is free as long as fewer of ours are under way than AWS took at once so far, to begin
 * with as many as it documents. Beyond that one alone asks for another place, and where AWS refuses
 * it, after a while once more. An end of one of ours frees its place at once. Offers of a lower
 * number are admitted first. Whoever is admitted is woken (flows/moves.h) and goes its way from the
 * beginning, so that a release is read back once there is a place for it and not before. */
#ifndef CPPO_FLOWS_LINE_H
#define CPPO_FLOWS_LINE_H

#include <stdbool.h>

#include "engine/turn.h"

/* Is a change set of this offer to be started now? False: it waits in line, and is woken. */
bool line_admits(struct turn *turn, int64_t offer);
/* The same where something is to be read before that: its place is kept until it has started. */
bool line_admits_soon(struct turn *turn, int64_t offer);
void line_started(struct turn *turn, int64_t offer);
/* Does it wait in line? */
bool line_holds(struct turn *turn, int64_t offer);
/* Has it a place that it waited for, or that line_admits_soon keeps for it, and has not started in
 * it yet? */
bool line_calls(struct turn *turn, int64_t offer);

/* AWS answered a start, or one of our change sets ended: who is admitted now? */
void line_moves_on(struct turn *turn);
/* AWS took a change set. */
void line_taken(struct turn *turn);

/* Was a change set refused because as many are under way as AWS takes? */
bool line_is_full(const struct result *result);
/* It was, which is over by now. */
void line_refused(struct turn *turn);
/* ... and its offer waits in line. */
void line_wait(struct turn *turn, int64_t offer);

#endif
