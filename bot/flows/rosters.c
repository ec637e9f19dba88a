#include "flows/rosters.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "book/history.h"
#include "book/people.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/approvals.h"
#include "flows/flow.h"
#include "flows/lists.h"
#include "flows/notify.h"
#include "log.h"
#include "mem.h"
#include "offers/kind.h"
#include "slack/api.h"
#include "slack/blocks.h"
#include "slack/replies.h"
#include "text.h"

static const struct effect_type person_read_effect, person_warm_effect, group_read_effect;

enum { MAX_MEMBERS = 20000, MAX_STRANGE = 50 };

/* --- who may --- */

/* Would the answer ${why} change if we knew whether they are on this list? */
static bool list_matters(const struct policy *policy, enum right right, struct person person,
                         bool own, enum list list, const struct policy_rule *why)
{
    person.lists |= LIST_BIT(list);
    return policy_may(policy, right, &person, own) != why;
}

/* The lists that would change the answer if they named this person: only these are worth asking
 * Slack about. A person yet to be read is assumed to be in good standing. */
static unsigned lists_wanted(int count, const struct policy *policy, enum right right,
                             const struct person *person, bool own, unsigned perhaps)
{
    unsigned wanted = 0;
    const struct policy_rule *why = policy_may(policy, right, person, own);
    for (int list = 0; list < count && why != NULL; list++) {
        if ((perhaps & LIST_BIT(list)) != 0 &&
            list_matters(policy, right, *person, own, (enum list)list, why))
            wanted |= LIST_BIT(list);
    }
    return wanted;
}

bool rosters_own(struct turn *turn, enum right right, const struct request *request,
                 const char *user)
{
    bool ever = right == RIGHT_SEE || right == RIGHT_DECIDE || right == RIGHT_CONTINUE ||
                right == RIGHT_BREAK_GLASS;
    return people_same(turn, request->requester, user) ||
           (ever && history_requested_by(turn, request->number, user));
}

/* Nobody may decide on their own request under another id. On Enterprise Grid the requester is read
 * again, since what we have may be older than their other id. */
static bool requester_hides(struct turn *turn, const struct request *request,
                            const struct person *person)
{
    bool grid = *app_context_of(turn)->enterprise != '\0' || *person->enterprise != '\0' ||
                person->id[0] != request->requester[0];
    return grid && !lists_young(turn, request->requester, ROSTERS_KNOWN_MS);
}

/* To let go what one holds oneself takes no more than to hold it. */
static enum right right_for(struct turn *turn, enum right right, const struct request *request,
                            const char *user)
{
    bool theirs = right == RIGHT_CONTINUE && request != NULL && timing_held(&request->timing) &&
                  people_same(turn, request->timing.held_by, user);
    return theirs ? RIGHT_HOLD : right;
}

/* To decide on a request is to decide at its step. */
static struct policy policy_for(struct turn *turn, enum right right, const struct request *request)
{
    struct policy policy = app_policy(turn);
    if (request == NULL)
        return policy;
    struct approval_rules rules = approvals_rules(turn, request);
    policy.steps = approval_lists(&rules);
    policy.deciders |= policy.steps;
    if (right == RIGHT_DECIDE)
        policy.open = approvals_lists(turn, request);
    return policy;
}

static void settle(struct turn *turn, const struct policy *policy, enum right right,
                   const char *user, const struct request *request, int64_t age,
                   struct standing *standing)
{
    struct person *person = &standing->person;
    bool own = request != NULL && rosters_own(turn, right, request, user);
    unsigned perhaps = lists_person(turn, user, age, person);
    struct person assumed = *person;
    standing->unread = lists_young(turn, user, age) ? 0 : UNREAD_PERSON;
    if (standing->unread != 0) {
        assumed.known = true;
        assumed.deleted = assumed.bot = assumed.stranger = false;
        assumed.guest = GUEST_NOT;
        text_fit(assumed.team, sizeof(assumed.team), policy->home_team);
    }
    standing->lists = lists_wanted(lists_count(turn), policy, right, &assumed, own, perhaps);
    standing->hopeless = standing->lists == 0 && policy_may(policy, right, &assumed, own) != NULL;
    bool apart = right == RIGHT_DECIDE || right == RIGHT_CONTINUE || right == RIGHT_BREAK_GLASS;
    if (apart && request != NULL && !own && requester_hides(turn, request, person))
        standing->unread |= UNREAD_REQUESTER;
    standing->why = policy_may(policy, right, person, own);
    standing->settled = standing->unread == 0 && standing->lists == 0;
}

void rosters_settle(struct turn *turn, enum right right, const char *user,
                    const struct request *request, int64_t age, struct standing *standing)
{
    struct policy policy = policy_for(turn, right, request);
    settle(turn, &policy, right_for(turn, right, request, user), user, request, age, standing);
}

void rosters_settle_vote(struct turn *turn, unsigned lists, const char *user,
                         const struct request *request, struct standing *standing)
{
    struct policy policy = app_policy(turn);
    policy.open = lists;
    settle(turn, &policy, RIGHT_DECIDE, user, request, ROSTERS_FRESH_MS, standing);
}

/* --- what is said --- */

/* The first group of a list that Slack would not show us, and why. */
static char *lost_group(struct turn *turn, const struct config_people *people)
{
    char why[300];
    for (char **group = people->groups; *group != NULL; group++) {
        if (people_lost_group(turn, *group, why, sizeof(why)))
            return text_format("Slack does not say who is in the user group %s: %s", *group, why);
    }
    return NULL;
}

const struct policy_rule *rosters_why(struct turn *turn, enum right right,
                                      const struct person *person, bool own)
{
    struct policy policy = app_policy(turn);
    return policy_may(&policy, right, person, own);
}

const struct policy_rule *rosters_refusal(struct turn *turn, enum right right,
                                          const struct person *person,
                                          const struct request *request)
{
    struct policy policy = policy_for(turn, right, request);
    right = right_for(turn, right, request, person->id);
    return policy_may(&policy, right, person, rosters_own(turn, right, request, person->id));
}

bool rosters_may(struct turn *turn, enum right right, const struct person *person,
                 const struct request *request)
{
    return rosters_refusal(turn, right, person, request) == NULL;
}

/* Whose turn it is, to somebody whose it is not. */
static char *not_now_words(struct turn *turn, const struct person *person,
                           const struct request *request)
{
    struct vote votes[MAX_VOTES];
    struct approval_rules rules = approvals_rules(turn, request);
    size_t count = votes_given(turn, request->number, request->revision, votes, MAX_VOTES);
    struct approval approval = approvals_evaluate(turn, request, votes, count);
    bool later = false;
    for (size_t i = approval.place + 1; i < rules.count; i++)
        later |= (rules.steps[i].lists & person->lists) != 0;
    if (later)
        return text_format("Not yet: CPPO-%lld waits for %s first. You will be mentioned when it "
                           "is your turn.",
                           (long long)request->number, approval.step.name);
    return text_format("Your step on CPPO-%lld is complete already; it waits for %s now.",
                       (long long)request->number, approval.step.name);
}

/* The rule's words, with the name of who may instead. */
static char *rule_words(struct turn *turn, const struct policy_rule *why,
                        const struct person *person, const struct kind_words *kind,
                        const struct request *request)
{
    if (why == &policy_not_now && request != NULL)
        return not_now_words(turn, person, request);
    if (why == &policy_not_theirs && request != NULL)
        return text_format("Only " MENTION_PERSON
                           ", who requested CPPO-%lld, or an operator of this bot can do "
                           "this.",
                           request->requester, (long long)request->number);
    return policy_words(why, kind);
}

static char *refused_words(struct turn *turn, enum right right, const struct policy_rule *why,
                           const struct person *person, const struct kind_words *kind,
                           const struct request *request)
{
    struct policy policy = policy_for(turn, right, request);
    if (!person->known && *person->error != '\0')
        return text_format("Slack does not show me your account, so I cannot tell whether you may "
                           "do this: %s (%s). Nothing was changed. Ask an operator of this bot.",
                           slack_error_words(person->error), person->error);
    char *words = rule_words(turn, why, person, kind, request);
    for (int list = 0; list < lists_count(turn); list++) {
        if (person_on(person, (enum list)list) ||
            !list_matters(&policy, right, *person, false, (enum list)list, why))
            continue;
        char *lost = lost_group(turn, lists_people(turn, (enum list)list));
        if (lost == NULL)
            continue;
        char *whole = text_format("%s %s. The operators have been told.", words, lost);
        free(lost);
        free(words);
        return whole;
    }
    return words;
}

char *rosters_words(struct turn *turn, enum right right, const struct policy_rule *why,
                    const struct person *person, const struct request *request)
{
    return refused_words(turn, right, why, person,
                         request != NULL ? request->kind->words : kinds_words(), request);
}

char *rosters_words_new(struct turn *turn, const struct policy_rule *why,
                        const struct person *person, const struct request_kind *kind)
{
    return refused_words(turn, RIGHT_REQUEST, why, person, kind->words, NULL);
}

/* --- reading --- */

/* What is waiting or in flight already is not asked for again: that would cut its back-off short.
 */
static void read_list(struct turn *turn, const struct effect_type *type, const char *key,
                      const char *id)
{
    if (turn_pending_for(turn, type, id))
        return;
    json_t *body = json_pack("{s:s}", key, id);
    flow_effect(turn, &(struct effect){.type = type, .target = id}, body);
}

static void read_groups(struct turn *turn, const struct config_people *people)
{
    for (char **group = people->groups; *group != NULL; group++) {
        if (!lists_young(turn, *group, ROSTERS_FRESH_MS))
            read_list(turn, &group_read_effect, "usergroup", *group);
    }
}

/* A bounded number at a time: the next try goes on. */
static void read_strange(struct turn *turn, const struct config_people *people, const char *user)
{
    struct list_walk walk = {.user = 0};
    const char *id;
    for (int i = 0; i < MAX_STRANGE; i++) {
        id = lists_next_strange(turn, people, user, &walk);
        if (id == NULL)
            break;
        read_list(turn, &person_read_effect, "user", id);
    }
}

void rosters_ask(struct turn *turn, const char *user, const struct request *request,
                 const struct standing *standing)
{
    if (standing->unread & UNREAD_PERSON)
        read_list(turn, &person_read_effect, "user", user);
    if (standing->unread & UNREAD_REQUESTER)
        read_list(turn, &person_read_effect, "user", request->requester);
    for (int list = 0; list < lists_count(turn); list++) {
        if ((standing->lists & LIST_BIT(list)) == 0)
            continue;
        const struct config_people *people = lists_people(turn, (enum list)list);
        read_groups(turn, people);
        read_strange(turn, people, user);
    }
}

int64_t rosters_backoff(struct turn *turn)
{
    int64_t people = turn_backoff(turn, "slack:users.info");
    int64_t groups = turn_backoff(turn, "slack:usergroups.users.list");
    return people > groups ? people : groups;
}

void rosters_warm(struct turn *turn, const char *user)
{
    read_list(turn, &person_warm_effect, "user", user);
}

void rosters_read_groups(struct turn *turn)
{
    for (int list = 0; list < lists_count(turn); list++)
        read_groups(turn, lists_people(turn, (enum list)list));
}

/* --- what Slack answered --- */

/* Is this Slack's last word on this person or group, going by its error code? */
static bool is_answer(const struct result *result)
{
    return result->outcome == OUTCOME_REFUSED && strcmp(result->code, "gave_up") != 0 &&
           strcmp(result->code, "no_place") != 0 && strncmp(result->code, "http_", 5) != 0;
}

/* A fault in the app's set-up, which lasted for as long as we asked. */
static bool is_setup(const struct result *result)
{
    return result->outcome == OUTCOME_REFUSED && slack_error_is_setup(result->last);
}

/* True when it settles something. */
static bool take_person(struct turn *turn, const struct result *result)
{
    struct person person;
    if (result->outcome == OUTCOME_OK && slack_person(result->reply, &person)) {
        text_fit(person.id, sizeof(person.id), result->target);
        people_put(turn, &person);
        return true;
    }
    log_warn("user unreadable", F_TEXT("user", result->target), F_TEXT("code", result->last));
    if (is_answer(result) || is_setup(result))
        people_hide(turn, result->target, result->last, is_answer(result));
    return is_answer(result);
}

static void tell_lost(struct turn *turn, const struct result *result)
{
    notify_operators(turn,
                     "Slack does not say who is in the user group %s: %s (%s). Until it "
                     "does, nobody counts as one of its members. Restore the group, or "
                     "name another one, or people, in the configuration.",
                     result->target, result->text, result->last);
}

static bool take_group(struct turn *turn, const struct result *result)
{
    const char **members = mem_new(MAX_MEMBERS, sizeof(*members));
    int count = result->outcome == OUTCOME_OK
                    ? slack_group_members(result->reply, members, MAX_MEMBERS)
                    : -1;
    if (count >= 0)
        people_put_group(turn, result->target, members, (size_t)count);
    free(members);
    if (count >= 0)
        return true;
    log_warn("user group unreadable", F_TEXT("group", result->target),
             F_TEXT("code", result->last));
    if (!is_answer(result) && !is_setup(result))
        return false;
    if (people_lose_group(turn, result->target, result->last, result->text))
        tell_lost(turn, result);
    return true;
}

void rosters_take_person(struct turn *turn, const struct result *result)
{
    if (take_person(turn, result))
        flows_tell_answer(turn);
}

static void on_group_read(struct turn *turn, const struct result *result)
{
    if (take_group(turn, result))
        flows_tell_answer(turn);
}

static const struct effect_type person_read_effect = {
    .name = "person.read",
    .kind = EFFECT_READ,
    .call = "slack:users.info",
    .done = rosters_take_person,
    .patience_ms = PATIENCE_SHORT_MS,
};
static const struct effect_type person_warm_effect = {
    .name = "person.warm",
    .kind = EFFECT_VOLATILE,
    .call = "slack:users.info",
    .done = rosters_take_person,
};
static const struct effect_type group_read_effect = {
    .name = "group.read",
    .kind = EFFECT_READ,
    .call = "slack:usergroups.users.list",
    .done = on_group_read,
    .patience_ms = PATIENCE_SHORT_MS,
};

const struct flow rosters_flow = {
    .effects = {&person_read_effect, &person_warm_effect, &group_read_effect}};
