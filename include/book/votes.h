/* What people decided on a request, revision by revision. */
#ifndef CPPO_BOOK_VOTES_H
#define CPPO_BOOK_VOTES_H

#include "engine/turn.h"
#include "offers/request.h"

/* A new decision (approve, request changes, reject) on the current revision at this step; false
 * when this person already decided so. Where it was shown to them and by which button, what they
 * saw, and the rule that applied, are kept with it. */
bool votes_give(struct turn *turn, const struct request *request, enum request_event verdict,
                const char *step, const char *person, const char *shown, const char *saw,
                const char *rule);
/* The approvals of a revision that count, oldest first. */
size_t votes_given(struct turn *turn, int64_t number, int revision, struct vote *votes,
                   size_t capacity);
/* An approval counts no more, and why; until the person approves again. */
void votes_lose(struct turn *turn, const struct request *request, const struct vote *vote,
                const char *why);
/* Those that count no more, with the reason, oldest first. */
size_t votes_lost(struct turn *turn, int64_t number, int revision, struct vote *votes,
                  size_t capacity);

#endif
