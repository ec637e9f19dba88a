#include "offers/policy.h"

#include <string.h>

#include "mem.h"
#include "offers/kind.h"
#include "text.h"

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

/* --- the rules, as they are said --- */

struct policy_rule {
    const char *words;
    enum { NOTHING, ONE, MANY } of; /* what follows: as its kind calls one, or many, of these */
    const char *more;
};

static const struct policy_rule unknown = {
    .words = "I could not find out from Slack who you are. Please try again in a moment."};
static const struct policy_rule inactive = {.words = "Only active members can do this."};
static const struct policy_rule guest = {
    .words = "Guests cannot do this. Ask a full member of the workspace."};
static const struct policy_rule perhaps_guest = {
    .words = "Slack does not say whether you are a guest in your workspace, and guests cannot do "
             "this. Ask a full member of this workspace."};
static const struct policy_rule other_workspace = {
    .words = "Your account belongs to another workspace of our organisation. Ask an operator of "
             "this bot to "
             "let that workspace in."};
static const struct policy_rule no_workspace = {.words =
                                                    "Slack does not say which workspace you belong "
                                                    "to, and only members of our own organisation "
                                                    "can do this. Ask an operator of this bot."};
static const struct policy_rule stranger = {
    .words = "Only members of our own organisation can do this. Ask your contact there."};
static const struct policy_rule no_requester = {
    "You are not on the list of people who may request ", MANY,
    ". Ask an operator of this bot to add you."};
static const struct policy_rule own_request = {
    "You requested this ", ONE, ", so somebody else must decide on it. Ask another approver."};
static const struct policy_rule no_approver = {.words =
                                                   "You are not on the list of approvers. Ask one "
                                                   "of them to decide, or an operator of this bot "
                                                   "to add you."};
const struct policy_rule policy_not_now = {
    .words = "It is not your turn: the step that you decide at is not open."};
static const struct policy_rule may_not_see = {
    .words = "Only the requester, approvers and operators can see this. Ask one of them."};
static const struct policy_rule may_not_retry = {
    .words = "Only the requester, approvers and operators can try again. Ask one of them."};
static const struct policy_rule may_not_hold = {
    .words = "Only the requester, approvers and operators can hold this. Ask one of them."};
static const struct policy_rule held_by_another = {
    "You requested this ", ONE, ", and somebody else holds it. Ask them, or another approver."};
static const struct policy_rule may_not_continue = {
    .words = "Only the person who holds it, or an approver, can let it go on. Ask one of them."};
static const struct policy_rule may_not_break = {
    .words = "You are not one of those who may approve alone in an emergency. Ask an operator of "
             "this bot who is, or an approver to decide."};
const struct policy_rule policy_not_theirs = {
    "Only the person who requested this ", ONE,
    ", or an operator of this bot, can do this. Ask one of them."};

char *policy_words(const struct policy_rule *rule, const struct kind_words *kind)
{
    if (rule->of == NOTHING)
        return mem_copy(rule->words);
    return text_format("%s%s%s", rule->words, rule->of == ONE ? kind->noun : kind->nouns,
                       rule->more);
}

/* --- whom they keep out --- */

/* Somebody of neither our team nor a configured one. */
static const struct policy_rule *rule_for_others(const struct policy *policy,
                                                 const struct person *person)
{
    if (belongs_to(person, policy->enterprise))
        return &other_workspace;
    if (*person->team == '\0' && *person->teams == '\0')
        return &no_workspace;
    return &stranger;
}

/* Of people who are only in other workspaces of our organisation Slack need not tell whether they
 * are guests there. Of other organisations it never does: who lets one in lets its guests in. */
static bool is_perhaps_guest(const struct policy *policy, const struct person *person)
{
    return person->guest == GUEST_UNKNOWN && belongs_to(person, policy->enterprise) &&
           !belongs_to(person, policy->home_team);
}

/* What holds for whatever anybody may do here. */
static const struct policy_rule *stranger_to(const struct policy *policy,
                                             const struct person *person)
{
    if (!person->known)
        return &unknown;
    if (person->deleted || person->bot)
        return &inactive;
    if (!configured_team(policy, person) &&
        (person->stranger || !belongs_to(person, policy->home_team)))
        return rule_for_others(policy, person);
    if (person->guest == GUEST_IS)
        return &guest;
    if (is_perhaps_guest(policy, person))
        return &perhaps_guest;
    return NULL;
}

static const struct policy_rule *may_request(const struct policy *policy,
                                             const struct person *person)
{
    const struct policy_rule *why = stranger_to(policy, person);
    if (why != NULL)
        return why;
    if (policy->requesters_configured && !person_on(person, LIST_REQUESTERS))
        return &no_requester;
    return NULL;
}

/* Nobody has it for their own; ${theirs}: what they are told. */
static const struct policy_rule *apart_from(const struct policy *policy,
                                            const struct person *person, bool own,
                                            const struct policy_rule *theirs)
{
    const struct policy_rule *why = stranger_to(policy, person);
    return why == NULL && own ? theirs : why;
}

static const struct policy_rule *may_decide(const struct policy *policy,
                                            const struct person *person, bool own)
{
    const struct policy_rule *why = apart_from(policy, person, own, &own_request);
    if (why != NULL)
        return why;
    if ((person->lists & policy->open) != 0)
        return NULL;
    return (person->lists & policy->steps) != 0 ? &policy_not_now : &no_approver;
}

/* At one of the steps, on any request. */
static bool decides(const struct policy *policy, const struct person *person)
{
    return (person->lists & policy->deciders) != 0;
}

/* Who has a part in a request; ${fallback}: what the others are told. */
static const struct policy_rule *outsider_to(const struct policy *policy,
                                             const struct person *person, bool part,
                                             const struct policy_rule *fallback)
{
    const struct policy_rule *why = stranger_to(policy, person);
    if (why != NULL)
        return why;
    return part || person_on(person, LIST_OPERATORS) ? NULL : fallback;
}

static const struct policy_rule *may_see(const struct policy *policy, const struct person *person,
                                         bool own)
{
    return outsider_to(policy, person, own || decides(policy, person), &may_not_see);
}

static const struct policy_rule *may_retry(const struct policy *policy, const struct person *person,
                                           bool own)
{
    return outsider_to(policy, person, own || decides(policy, person), &may_not_retry);
}

static const struct policy_rule *may_edit(const struct policy *policy, const struct person *person,
                                          bool own)
{
    const struct policy_rule *why = outsider_to(policy, person, own, &policy_not_theirs);
    return why == NULL && !person_on(person, LIST_OPERATORS) ? may_request(policy, person) : why;
}

static const struct policy_rule *may_withdraw(const struct policy *policy,
                                              const struct person *person, bool own)
{
    return outsider_to(policy, person, own, &policy_not_theirs);
}

static const struct policy_rule *may_hold(const struct policy *policy, const struct person *person,
                                          bool own)
{
    return outsider_to(policy, person, own || decides(policy, person), &may_not_hold);
}

static const struct policy_rule *may_continue(const struct policy *policy,
                                              const struct person *person, bool own)
{
    const struct policy_rule *why = apart_from(policy, person, own, &held_by_another);
    return why != NULL || decides(policy, person) ? why : &may_not_continue;
}

static const struct policy_rule *may_break_glass(const struct policy *policy,
                                                 const struct person *person, bool own)
{
    const struct policy_rule *why = apart_from(policy, person, own, &own_request);
    return why != NULL || (person->lists & policy->breakers) != 0 ? why : &may_not_break;
}

const struct policy_rule *policy_may(const struct policy *policy, enum right right,
                                     const struct person *person, bool own)
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
        return may_withdraw(policy, person, own);
    case RIGHT_HOLD:
        return may_hold(policy, person, own);
    case RIGHT_CONTINUE:
        return may_continue(policy, person, own);
    case RIGHT_BREAK_GLASS:
        break;
    }
    return may_break_glass(policy, person, own);
}

bool policy_sees_cards(const struct policy *policy, const struct person *person)
{
    return decides(policy, person) || person_on(person, LIST_OPERATORS);
}
