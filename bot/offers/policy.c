#include "offers/policy.h"

#include <string.h>

static bool configured_team(const struct policy *policy, const char *team)
{
    for (const char *const *one = policy->teams; *one != NULL; one++) {
        if (strcmp(*one, team) == 0)
            return true;
    }
    return false;
}

/* What holds for whatever anybody may do here. */
static const char *stranger_to(const struct policy *policy, const struct person *person)
{
    if (!person->known)
        return "I could not find out from Slack who you are. Please try again in a moment.";
    if (person->deleted || person->bot)
        return "Only active people can do this.";
    if (configured_team(policy, person->team))
        return NULL;
    if (person->stranger || strcmp(person->team, policy->home_team) != 0)
        return "Only members of our own organisation can do this. Ask your contact there.";
    if (person->guest)
        return "Guests cannot do this. Ask a full member of the workspace.";
    return NULL;
}

const char *policy_may_request(const struct policy *policy, const struct person *person)
{
    const char *why = stranger_to(policy, person);
    if (why != NULL)
        return why;
    if (policy->requesters_configured && !person->in_requesters)
        return "You are not on the list of people who may request offers. Ask an operator to add "
               "you (people.requesters).";
    return NULL;
}

const char *policy_may_decide(const struct policy *policy, const struct person *person,
                              const char *requester)
{
    const char *why = stranger_to(policy, person);
    if (why != NULL)
        return why;
    if (!person->in_approvers)
        return "You are not on the list of approvers. Ask one of them to decide, or an operator to "
               "add you (people.approvers).";
    if (strcmp(person->id, requester) == 0)
        return "You requested this offer, so somebody else must decide on it. Ask another "
               "approver.";
    return NULL;
}

/* Who has a part in an offer; ${otherwise}: what the others are told. */
static const char *outsider_to(const struct policy *policy, const struct person *person,
                               const char *requester, const char *otherwise)
{
    const char *why = stranger_to(policy, person);
    if (why != NULL)
        return why;
    bool part = strcmp(person->id, requester) == 0 || person->in_approvers || person->in_operators;
    return part ? NULL : otherwise;
}

const char *policy_may_see(const struct policy *policy, const struct person *person,
                           const char *requester)
{
    return outsider_to(
        policy, person, requester,
        "Only the requester, approvers and operators can see this. Ask one of them.");
}

const char *policy_may_retry(const struct policy *policy, const struct person *person,
                             const char *requester)
{
    return outsider_to(policy, person, requester,
                       "Only the requester, approvers and operators can try again. Ask one of "
                       "them.");
}

bool policy_enough(const struct policy *policy, const char *const *approvers, size_t count)
{
    int distinct = 0;
    for (size_t i = 0; i < count; i++) {
        size_t before = 0;
        while (before < i && strcmp(approvers[before], approvers[i]) != 0)
            before++;
        distinct += before == i;
    }
    return distinct >= policy->needed;
}
