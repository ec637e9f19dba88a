/* What people decided on a request, revision by revision. */
#ifndef CPPO_BOOK_VOTES_H
#define CPPO_BOOK_VOTES_H

#include "engine/turn.h"
#include "offers/rejection.h"
#include "offers/request.h"

extern const char book_schema_comments[], book_schema_codes[]; /* migrations */

/* What somebody decides, and what is kept with it; borrowed. */
struct ballot {
    enum request_event verdict; /* approve, request changes, reject */
    const char *step;
    const char *person;
    const char *comment; /* said with it, "" when nothing was */
    const char *code;    /* of a rejection (offers/rejection.h); else "" */
    const char *shown;   /* where it was shown to them, and by which button */
    const char *saw;     /* what they saw there */
    const char *rule;    /* that applied */
};

/* A new decision on the current revision; false when this person already decided so. */
bool votes_give(struct turn *turn, const struct request *request, const struct ballot *ballot);
/* They decided so before, and say something now: it stands with the vote that they gave. */
void votes_comment(struct turn *turn, const struct request *request, const struct ballot *ballot);
/* The approvals of a revision that count, oldest first. */
size_t votes_given(struct turn *turn, int64_t number, int revision, struct vote *votes,
                   size_t capacity);
/* On which of these requests, at the revisions that they have, an approval of ${person} counts, by
 * whatever id of theirs: ${approved} has one for each. */
void votes_approved(struct turn *turn, const char *person, const struct request *requests,
                    size_t count, bool *approved);
/* An approval counts no more, and why; until the person approves again. */
void votes_lose(struct turn *turn, const struct request *request, const struct vote *vote,
                const char *why);
/* Those that count no more, with the reason, oldest first. */
size_t votes_lost(struct turn *turn, int64_t number, int revision, struct vote *votes,
                  size_t capacity);

/* Any decision, as it was given. */
struct decided {
    enum request_event verdict;
    struct vote vote;          /* without the identity */
    char code[REJECTION_CODE]; /* of a rejection; else "" */
};
/* All of a request, of every revision, oldest first. */
size_t votes_all(struct turn *turn, int64_t number, struct decided *decided, size_t capacity);

#endif
