#include "flows/voting.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "book/votes.h"
#include "flows/approvals.h"
#include "flows/lists.h"
#include "flows/rosters.h"
#include "log.h"
#include "mem.h"
#include "offers/kind.h"
#include "text.h"

/* Approvals that count, by the book, with room for those of one more person. */
struct votes {
    struct vote at[MAX_VOTES + MAX_STEPS];
    size_t count;
};

static void load(struct turn *turn, const struct request *request, struct votes *votes)
{
    votes->count = votes_given(turn, request->number, request->revision, votes->at, MAX_VOTES);
}

bool voting_has(struct turn *turn, const struct request *request, const char *person)
{
    struct votes votes;
    char identity[PERSON_ID];
    bool found = false;
    people_identity(turn, person, identity);
    load(turn, request, &votes);
    for (size_t i = 0; i < votes.count; i++)
        found |= strcmp(votes.at[i].identity, identity) == 0;
    return found;
}

/* At which steps it would count; where but one is open, that is so whatever lists they are on. */
static size_t steps_of(struct turn *turn, const struct approval_rules *rules,
                       const struct approval *now, const char *id,
                       const struct approval_step *steps[MAX_STEPS])
{
    struct person person = {.lists = 0};
    if (now->open_count > 1 || rules->all_steps)
        lists_known_person(turn, id, &person);
    return approval_steps_for(rules, now, person.lists, steps);
}

/* With an approval of ${person}. */
static bool would_complete(struct turn *turn, const struct request *request,
                           const struct approval_rules *rules, struct votes *votes,
                           const char *person)
{
    const struct approval_step *steps[MAX_STEPS];
    struct approval now = approvals_evaluate(turn, request, votes->at, votes->count);
    size_t more = steps_of(turn, rules, &now, person, steps);
    for (size_t i = 0; i < more; i++) {
        struct vote *theirs = &votes->at[votes->count + i];
        *theirs = (struct vote){.revision = request->revision, .at = turn_now(turn)};
        text_fit(theirs->person, sizeof(theirs->person), person);
        text_fit(theirs->step, sizeof(theirs->step), steps[i]->name);
        people_identity(turn, person, theirs->identity);
    }
    return approvals_evaluate(turn, request, votes->at, votes->count + more).complete;
}

bool voting_ask_others(struct turn *turn, const struct request *request, const char *person)
{
    struct approval_rules rules = approvals_rules(turn, request);
    struct votes votes;
    struct standing standing;
    bool settled = true;
    if (request->state != STATE_PENDING)
        return true;
    load(turn, request, &votes);
    if (!would_complete(turn, request, &rules, &votes, person))
        return true;
    for (size_t i = 0; i < votes.count; i++) {
        const struct vote *vote = &votes.at[i];
        const struct approval_step *step = approval_step_named(&rules, vote->step);
        if (step == NULL)
            continue;
        rosters_settle_vote(turn, step->lists, vote->person, request, &standing);
        if (standing.settled)
            continue;
        settled = false;
        rosters_ask(turn, vote->person, request, &standing);
    }
    return settled;
}

/* Why an approval does not count any more, as a sentence about who gave it; on the heap. */
static char *lost_because(const struct person *person, const struct approval_step *step,
                          const struct request *request)
{
    if (!person->known)
        return mem_copy("Slack does not show their account any more");
    if (person->deleted)
        return mem_copy("their account was deactivated");
    if (person->guest == GUEST_IS)
        return mem_copy("they are a guest now");
    if ((person->lists & step->lists) == 0)
        return mem_copy("they are no longer an approver");
    return text_format("they may not decide on this %s any more", request->kind->words->noun);
}

/* Takes ${why}. */
static void lose(struct turn *turn, const struct request *request, const struct vote *vote,
                 char *why)
{
    votes_lose(turn, request, vote, why);
    log_info("approval void", F_INT("request", request->number),
             F_INT("revision", request->revision), F_TEXT("who", vote->person), F_TEXT("why", why));
    free(why);
}

struct approval voting_recount(struct turn *turn, const struct request *request, const char *person)
{
    struct approval_rules rules = approvals_rules(turn, request);
    struct votes votes;
    struct standing standing;
    char identity[PERSON_ID];
    size_t kept = 0;
    assert(request->state == STATE_PENDING); /* what is decided stays so */
    load(turn, request, &votes);
    struct approval approval = approvals_evaluate(turn, request, votes.at, votes.count);
    if (!approval.complete || approval.alone) /* who broke the glass was settled just now */
        return approval;
    people_identity(turn, person, identity);
    for (size_t i = 0; i < votes.count; i++) {
        const struct vote *vote = &votes.at[i];
        const struct approval_step *step = approval_step_named(&rules, vote->step);
        if (step == NULL)
            continue;
        bool theirs = strcmp(vote->identity, identity) == 0;
        rosters_settle_vote(turn, step->lists, vote->person, request, &standing);
        if (theirs || (standing.settled && standing.why == NULL))
            votes.at[kept++] = *vote;
        else if (standing.settled)
            lose(turn, request, vote, lost_because(&standing.person, step, request));
    }
    return approvals_evaluate(turn, request, votes.at, kept);
}
