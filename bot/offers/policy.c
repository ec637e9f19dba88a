#include "offers/policy.h"

#include <string.h>

bool person_on(const struct person *person, enum list list)
{
    return (person->lists & LIST_BIT(list)) != 0;
}

/* Do they belong to this workspace, or to this organisation? */
static bool belongs_to(const struct person *person, const char *team)
{
    size_t size = strlen(team);
    if (size == 0)
        return false;
    if (strcmp(person->team, team) == 0 || strcmp(person->enterprise, team) == 0)
        return true;
    for (const char *at = person->teams; (at = strstr(at, team)) != NULL; at += size) {
        bool begins = at == person->teams || at[-1] == ' ';
        if (begins && (at[size] == ' ' || at[size] == '\0'))
            return true;
    }
    return false;
}

static bool configured_team(const struct policy *policy, const struct person *person)
{
    for (const char *const *one = policy->teams; *one != NULL; one++) {
        if (belongs_to(person, *one))
            return true;
    }
    return false;
}

/* Somebody of neither our team nor a configured one. */
static const char *words_for_others(const struct policy *policy, const struct person *person)
{
    if (belongs_to(person, policy->enterprise))
        return "Your account belongs to another workspace of our organisation. Ask an operator of "
               "this bot to let that workspace in.";
    if (*person->team == '\0' && *person->teams == '\0')
        return "Slack does not say which workspace you belong to, and only members of our own "
               "organisation can do this. Ask an operator of this bot.";
    return "Only members of our own organisation can do this. Ask your contact there.";
}

/* What holds for whatever anybody may do here. */
static const char *stranger_to(const struct policy *policy, const struct person *person)
{
    if (!person->known)
        return "I could not find out from Slack who you are. Please try again in a moment.";
    if (person->deleted || person->bot)
        return "Only active members can do this.";
    if (!configured_team(policy, person) &&
        (person->stranger || !belongs_to(person, policy->home_team)))
        return words_for_others(policy, person);
    if (person->guest)
        return "Guests cannot do this. Ask a full member of the workspace.";
    return NULL;
}

static const char *may_request(const struct policy *policy, const struct person *person)
{
    const char *why = stranger_to(policy, person);
    if (why != NULL)
        return why;
    if (policy->requesters_configured && !person_on(person, LIST_REQUESTERS))
        return "You are not on the list of people who may request offers. Ask an operator of this "
               "bot to add you.";
    return NULL;
}

static const char *may_decide(const struct policy *policy, const struct person *person, bool own)
{
    const char *why = stranger_to(policy, person);
    if (why != NULL)
        return why;
    if (own)
        return "You requested this offer, so somebody else must decide on it. Ask another "
               "approver.";
    if ((person->lists & policy->open) == 0)
        return "You are not on the list of approvers. Ask one of them to decide, or an operator of "
               "this bot to add you.";
    return NULL;
}

/* At one of the steps, on any request. */
static bool decides(const struct policy *policy, const struct person *person)
{
    return (person->lists & policy->deciders) != 0;
}

/* Who has a part in a request; ${fallback}: what the others are told. */
static const char *outsider_to(const struct policy *policy, const struct person *person, bool part,
                               const char *fallback)
{
    const char *why = stranger_to(policy, person);
    if (why != NULL)
        return why;
    return part || person_on(person, LIST_OPERATORS) ? NULL : fallback;
}

static const char *may_see(const struct policy *policy, const struct person *person, bool own)
{
    return outsider_to(
        policy, person, own || decides(policy, person),
        "Only the requester, approvers and operators can see this. Ask one of them.");
}

static const char *may_retry(const struct policy *policy, const struct person *person, bool own)
{
    return outsider_to(policy, person, own || decides(policy, person),
                       "Only the requester, approvers and operators can try again. Ask one of "
                       "them.");
}

const char policy_not_theirs[] = "Only the person who requested this offer, or an operator of this "
                                 "bot, can do this. Ask one of them.";

static const char *may_edit(const struct policy *policy, const struct person *person, bool own)
{
    const char *why = outsider_to(policy, person, own, policy_not_theirs);
    return why == NULL && !person_on(person, LIST_OPERATORS) ? may_request(policy, person) : why;
}

static const char *may_withdraw(const struct policy *policy, const struct person *person, bool own)
{
    return outsider_to(policy, person, own, policy_not_theirs);
}

const char *policy_may(const struct policy *policy, enum right right, const struct person *person,
                       bool own)
{
    switch (right) {
    case RIGHT_REQUEST:
        return may_request(policy, person);
    case RIGHT_DECIDE:
        return may_decide(policy, person, own);
    case RIGHT_SEE:
        return may_see(policy, person, own);
    case RIGHT_RETRY:
        return may_retry(policy, person, own);
    case RIGHT_EDIT:
        return may_edit(policy, person, own);
    case RIGHT_WITHDRAW:
        break;
    }
    return may_withdraw(policy, person, own);
}

bool policy_sees_cards(const struct policy *policy, const struct person *person)
{
    return decides(policy, person) || person_on(person, LIST_OPERATORS);
}
