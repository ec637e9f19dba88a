/* Is a revision approved? Pure: rules, facts and votes in; out come the step that is open, who
 * decides there, what it lacks, and whether all is complete. An approval takes one step after the
 * other, or several that are open together. */
#ifndef CPPO_OFFERS_APPROVAL_H
#define CPPO_OFFERS_APPROVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "offers/request.h"

enum { MAX_STEPS = 8, APPROVAL_PLACE = VOTE_STEP + 60 };

/* In place of a step: an approval by which somebody broke the glass. No list of people, and so no
 * step of a rule, can have this name. */
#define APPROVAL_ALONE "break glass"

/* This many of those on one of these lists. */
struct approval_step {
    char name[VOTE_STEP]; /* kept with every vote for it, so it stays what it is */
    unsigned lists;       /* a set (offers/lists.h) */
    int needed;           /* at least 1: no step does without anybody */
    bool together; /* open as soon as the step before it is, not only when that is complete */
};

struct approval_rules {
    struct approval_step steps[MAX_STEPS]; /* in their order */
    size_t count;
    bool all_steps; /* a person counts once at each step, and not once in all */
    bool unready;   /* they are not known, or cannot be met: never complete, whoever approves */
};

struct approval_facts {
    int revision;          /* what is to be approved: votes of others say nothing of it */
    const char *requester; /* their identity, as the votes have it: they never approve */
};

/* A step that is open. */
struct approval_open {
    size_t place;              /* among all, from 0 */
    struct approval_step step; /* who decides, and how many of them */
    int given;                 /* approvals of it that count */
    int missing;               /* and how many more it needs */
};

struct approval {
    size_t steps; /* how many there are */
    size_t place; /* of the first that is open, from 0; of the last when all is complete */
    struct approval_step step; /* that one, as below */
    int given;
    int missing;
    bool complete;                        /* no step is open */
    bool alone;                           /* ... since somebody broke the glass */
    struct approval_open open[MAX_STEPS]; /* all that are */
    size_t open_count;
};

/* A vote counts for the step that it names, of a person once, whatever id they clicked with: who
 * approved one step is nobody new at another. ${votes}: the oldest first. Rules without a step, and
 * steps that need nobody, are never complete. One vote by which somebody broke the glass completes
 * all; who may give it, is looked up at the click (offers/policy.h), and here as ever: not the
 * requester, not for another revision, and not where the rules are not known. */
struct approval approval_evaluate(const struct approval_rules *rules,
                                  const struct approval_facts *facts, const struct vote *votes,
                                  size_t count);

/* The step of that name; NULL if it does not exist (any more). */
const struct approval_step *approval_step_named(const struct approval_rules *rules,
                                                const char *name);

/* The lists whose members decide at some step; and at those that are open. */
unsigned approval_lists(const struct approval_rules *rules);
unsigned approval_open_lists(const struct approval *approval);

/* The steps that an approval of somebody on these lists counts for: the first of theirs that is
 * open; where the rules say so, all that they are in. How many. */
size_t approval_steps_for(const struct approval_rules *rules, const struct approval *approval,
                          unsigned lists, const struct approval_step *steps[MAX_STEPS]);

/* The same with that open step as its step. */
struct approval approval_at(const struct approval *approval, size_t open);

/* " at step 2 of 2, director": continues a sentence; "" where there is but one step. */
void approval_place(const struct approval *approval, char text[APPROVAL_PLACE]);

/* Who must approve, for people: "Any one of <@U1>, <!subteam^S1> can approve"; where some of
 * several have done so, how many more. ${who}: those who may, as mentions. On the heap. */
char *approval_words(const struct approval *approval, const char *who);

#endif
