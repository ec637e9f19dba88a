/* How far a request is on its way to being approved, by the rules of the configuration. */
#ifndef CPPO_FLOWS_APPROVALS_H
#define CPPO_FLOWS_APPROVALS_H

#include "engine/turn.h"
#include "offers/approval.h"

/* By which rules it is approved: those that it was given when it was sent, else those of the
 * configuration. Unready: they are not known yet, or cannot be read or met any more; who decides by
 * the configuration may then reject it or ask for changes. */
struct approval_rules approvals_rules(struct turn *turn, const struct request *request);

/* ${votes}: of the request's revision, as the book has them. */
struct approval approvals_evaluate(struct turn *turn, const struct request *request,
                                   const struct vote *votes, size_t count);

/* The lists whose members decide on it now, a set. */
unsigned approvals_lists(struct turn *turn, const struct request *request);

/* The mentions of those whose approval the open step still needs: groups and people, without the
 * requester and those who gave theirs, by whatever id. On the heap. */
char *approvals_mention(struct turn *turn, const struct request *request,
                        const struct approval *approval, const struct vote *votes, size_t count);

/* The same of all who decide at any of its steps. */
char *approvals_mention_all(struct turn *turn, const struct request *request,
                            const struct vote *votes, size_t count);

/* Who must approve, for people (approval_words). On the heap. */
char *approvals_rule(struct turn *turn, const struct request *request,
                     const struct approval *approval, const struct vote *votes, size_t count);

#endif
