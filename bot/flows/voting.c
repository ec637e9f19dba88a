#include "flows/voting.h"

#include <string.h>

#include "book/offers.h"
#include "book/people.h"
#include "flows/house.h"
#include "flows/rosters.h"
#include "log.h"
#include "text.h"

enum { MOST_VOTES = 32 };

/* Approvals that count as the book has them. */
struct votes {
    struct vote at[MOST_VOTES];
    char identities[MOST_VOTES][PERSON_ID];
    size_t count;
};

static void load(struct turn *turn, const struct offer *offer, struct votes *votes)
{
    votes->count = offers_votes(turn, offer->number, offer->revision, votes->at, MOST_VOTES);
    for (size_t i = 0; i < votes->count; i++)
        people_identity(turn, votes->at[i].person, votes->identities[i]);
}

/* How many people they are, ${besides} not counted ("": all of them). */
static int people_in(const struct votes *votes, const char *besides)
{
    int people = 0;
    for (size_t i = 0; i < votes->count; i++) {
        size_t before = 0;
        while (before < i && strcmp(votes->identities[before], votes->identities[i]) != 0)
            before++;
        people += before == i && strcmp(votes->identities[i], besides) != 0;
    }
    return people;
}

bool voting_has(struct turn *turn, const struct offer *offer, const char *person)
{
    struct votes votes;
    char identity[PERSON_ID];
    people_identity(turn, person, identity);
    load(turn, offer, &votes);
    return people_in(&votes, identity) < people_in(&votes, "");
}

bool voting_settled(struct turn *turn, const struct offer *offer, const char *person)
{
    struct votes votes;
    struct standing standing;
    char identity[PERSON_ID];
    bool settled = true;
    if (offer->state != OFFER_PENDING)
        return true;
    people_identity(turn, person, identity);
    load(turn, offer, &votes);
    if (people_in(&votes, identity) + 1 < config_of(turn)->needed)
        return true;
    for (size_t i = 0; i < votes.count; i++) {
        rosters_judge(turn, RIGHT_DECIDE, votes.at[i].person, offer, ROSTERS_FRESH_MS, &standing);
        if (standing.settled)
            continue;
        settled = false;
        rosters_ask(turn, votes.at[i].person, offer, &standing);
    }
    return settled;
}

/* Why an approval counts no more, said of the one who gave it. */
static const char *lost_because(const struct person *person)
{
    if (!person->known)
        return "Slack does not show their account any more";
    if (person->deleted)
        return "their account was deactivated";
    if (person->guest)
        return "they are a guest now";
    if (!person_on(person, LIST_APPROVERS))
        return "they are no longer an approver";
    return "they may not decide on this offer any more";
}

static void lose(struct turn *turn, const struct offer *offer, const struct vote *vote,
                 const char *why)
{
    offers_lose_vote(turn, offer, vote->person, why);
    log_info("approval void", F_INT("offer", offer->number), F_INT("revision", offer->revision),
             F_TEXT("who", vote->person), F_TEXT("why", why));
}

int voting_recount(struct turn *turn, const struct offer *offer, const char *person)
{
    struct votes votes;
    struct standing standing;
    char identity[PERSON_ID];
    size_t kept = 0;
    load(turn, offer, &votes);
    if (people_in(&votes, "") < config_of(turn)->needed)
        return people_in(&votes, "");
    people_identity(turn, person, identity);
    for (size_t i = 0; i < votes.count; i++) {
        bool theirs = strcmp(votes.identities[i], identity) == 0;
        rosters_judge(turn, RIGHT_DECIDE, votes.at[i].person, offer, ROSTERS_FRESH_MS, &standing);
        if (theirs || (standing.settled && standing.why == NULL))
            memmove(votes.identities[kept++], votes.identities[i], PERSON_ID);
        else if (standing.settled)
            lose(turn, offer, &votes.at[i], lost_because(&standing.person));
    }
    votes.count = kept;
    return people_in(&votes, "");
}
