#include "offers/release.h"

#include <string.h>

static bool is_approved(const struct release_facts *facts)
{
    struct approval_facts asked = {.revision = facts->revision, .requester = facts->requester};
    return approval_evaluate(facts->rules, &asked, facts->votes, facts->vote_count).complete;
}

const char *release_allowed(const struct release_facts *facts)
{
    if (facts->state != STATE_APPROVED && facts->state != STATE_PUBLISHING)
        return "it is not approved";
    if (timing_held(facts->timing))
        return "it is on hold";
    if (timing_waits(facts->timing))
        return "its time has not come";
    if (!is_approved(facts))
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
