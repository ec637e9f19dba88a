/* Is a revision approved? Pure: rules, facts and votes in; out come the step that is open, who
 * decides there, what it lacks, and whether all is complete. An approval takes one step after the
 * other. */
#ifndef CPPO_OFFERS_APPROVAL_H
#define CPPO_OFFERS_APPROVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "offers/request.h"

enum { MAX_STEPS = 8, APPROVAL_PLACE = VOTE_STEP + 60 };

/* This many of those on one of these lists. */
struct approval_step {
    const char *name; /* kept with every vote for it, so it stays what it is; below VOTE_STEP */
    unsigned lists;   /* a set (offers/lists.h) */
    int needed;       /* at least 1: no step does without anybody */
};

struct approval_rules {
    struct approval_step steps[MAX_STEPS]; /* in their order */
    size_t count;
};

struct approval_facts {
    int revision;          /* what is to be approved: votes of others say nothing of it */
    const char *requester; /* their identity, as the votes have it: they never approve */
};

struct approval {
    size_t steps; /* how many there are */
    size_t place; /* of the step that is open, from 0; of the last when all is complete */
    struct approval_step step; /* that one: who decides, and how many of them */
    int given;                 /* approvals of it that count */
    int missing;               /* and how many more it needs */
    bool complete;             /* no step is open */
};

/* A vote counts for the step that it names, of a person once, whatever id they clicked with: who
 * approved one step is nobody new at another. ${votes}: the oldest first. Rules without a step, and
 * steps that need nobody, are never complete. */
struct approval approval_evaluate(const struct approval_rules *rules,
                                  const struct approval_facts *facts, const struct vote *votes,
                                  size_t count);

/* The step of that name; NULL if it does not exist (any more). */
const struct approval_step *approval_step_named(const struct approval_rules *rules,
                                                const char *name);

/* The lists whose members decide at some step. */
unsigned approval_lists(const struct approval_rules *rules);

/* " at step 2 of 2, director": continues a sentence; "" where there is but one step. */
void approval_place(const struct approval *approval, char text[APPROVAL_PLACE]);

/* Who must approve, for people: "Any one of <@U1>, <!subteam^S1> can approve"; where some of
 * several have done so, how many more. ${who}: those who may, as mentions. On the heap. */
char *approval_words(const struct approval *approval, const char *who);

#endif
