#include "offers/release.h"

#include <string.h>

/* Distinct people who approved exactly this revision, the requester left out. */
static int approvals(const struct release_facts *facts)
{
    int count = 0;
    for (size_t i = 0; i < facts->vote_count; i++) {
        const struct vote *vote = &facts->votes[i];
        bool counts = vote->revision == facts->revision && *vote->person != '\0' &&
                      *vote->lost == '\0' && strcmp(vote->person, facts->requester) != 0;
        for (size_t j = 0; j < i && counts; j++)
            counts = facts->votes[j].revision != facts->revision ||
                     strcmp(facts->votes[j].person, vote->person) != 0;
        count += counts;
    }
    return count;
}

const char *release_allowed(const struct release_facts *facts)
{
    if (facts->state != OFFER_APPROVED && facts->state != OFFER_PUBLISHING)
        return "it is not approved";
    if (facts->needed < 1 || approvals(facts) < facts->needed)
        return "approvals of this revision are missing";
    if (facts->draft_state != DRAFT_READY || *facts->entity == '\0')
        return "its Marketplace draft is not ready";
    if (facts->draft_revision != facts->revision)
        return "its Marketplace draft holds another revision";
    if (!facts->buyers_covered)
        return "the authorization does not cover all of its buyers any more";
    if (!facts->terms_as_seen)
        return "the authorization's terms are not those that the approvers saw";
    if (!facts->read_back_equal)
        return "what AWS holds is not what was approved";
    if (!facts->legal_ours)
        return "whether its EULA at AWS is the approved one is not known";
    return NULL;
}
