/* `cppo-bot check`, who is on the lists of people, and whether they are enough for each rule. */
#include <stdlib.h>
#include <string.h>

#include "check_up.h"
#include "mem.h"
#include "offers/kind.h"
#include "offers/rules.h"
#include "slack/replies.h"
#include "text.h"

/* Those of a list who could decide. */
struct check_list {
    struct check_people people;
    bool unread; /* not all: Slack did not show a group of it */
};

/* --- one, and a group --- */

/* Would this person be let in at the click? The policy itself is asked. ${person} when it is true.
 */
static bool check_user(struct check_up *up, const char *what, const char *id,
                       const struct policy *policy, struct person *person)
{
    struct slack_answer answer;
    bool fine = false;
    ask_slack(&up->asker, "users.info", up->bot_token, json_pack("{s:s}", "user", id), &answer,
              NULL);
    const struct policy_rule *why = NULL;
    if (answer.outcome != OUTCOME_OK)
        check_wrong(up, what, "%s: %s (%s)", id, answer.text, answer.code);
    else if (!slack_person(answer.root, person))
        check_wrong(up, what, "%s: unexpected reply from Slack", id);
    else
        fine = (why = policy_may(policy, RIGHT_REQUEST, person, true)) == NULL;
    if (why != NULL) {
        char *words = policy_words(why, kinds_words());
        check_wrong(up, what, "%s (%s): %s", person->name, id, words);
        free(words);
    }
    if (fine)
        check_good(what, "%s (%s)", person->name, id);
    slack_answer_clear(&answer);
    return fine;
}

/* Members are read one by one: a group may hold guests, and people who have left. */
static void check_members(struct check_up *up, const char *what, const char *id,
                          const struct slack_answer *answer, const struct policy *policy,
                          struct check_list *listed)
{
    const char *members[CHECK_MAX_PEOPLE];
    struct person person;
    int count = slack_group_members(answer->root, members, CHECK_MAX_PEOPLE);
    if (count <= 0) {
        check_wrong(up, what, "user group %s has no members", id);
        return;
    }
    check_good(what, "user group %s: %d people", id, count);
    for (int i = 0; policy != NULL && i < count; i++) {
        if (check_user(up, what, members[i], policy, &person))
            check_people_add(&listed->people, members[i], person.identity);
    }
}

static void check_group(struct check_up *up, const char *what, const char *id,
                        const struct policy *policy, struct check_list *listed)
{
    struct slack_answer answer;
    ask_slack(&up->asker, "usergroups.users.list", up->bot_token,
              json_pack("{s:s}", "usergroup", id), &answer, NULL);
    if (answer.outcome != OUTCOME_OK)
        check_wrong(up, what, "user group %s: %s (%s)", id, answer.text, answer.code);
    else
        check_members(up, what, id, &answer, policy, listed);
    listed->unread |= answer.outcome != OUTCOME_OK;
    slack_answer_clear(&answer);
}

/* --- the lists --- */

/* Do its members decide, so that each must be one who may? */
static bool decides(const struct config *config, size_t list)
{
    return list == LIST_APPROVERS || (config->rule_lists & LIST_BIT(list)) != 0;
}

static void check_list(struct check_up *up, size_t list, struct check_list *listed)
{
    const struct config_people *people = config_people(up->config, list);
    const struct policy policy = {.home_team = up->home_team,
                                  .enterprise = up->enterprise,
                                  .teams = (const char *const *)up->config->teams};
    struct person person;
    const char *what =
        list < LISTS ? lists_word((enum list)list) : up->config->groups[list - LISTS].name;
    for (char **user = people->users; *user != NULL; user++) {
        if (check_user(up, what, *user, &policy, &person))
            check_people_add(&listed->people, *user, person.identity);
    }
    for (char **group = people->groups; *group != NULL; group++)
        check_group(up, what, *group, decides(up->config, list) ? &policy : NULL, listed);
}

/* Of people of other organisations Slack tells little (docs.slack.dev/apis/slack-connect). */
static void check_teams(const struct check_up *up)
{
    struct text others = {0};
    for (char **team = up->config->teams; *team != NULL; team++) {
        if (strcmp(*team, up->enterprise) != 0)
            text_addf(&others, "%s%s", others.size > 0 ? ", " : "", *team);
    }
    if (others.size > 0)
        check_note("people.teams",
                   "%s: Slack does not say who is a guest in another organisation, so its guests "
                   "may act as its members do",
                   text_get(&others));
    text_free(&others);
}

static void check_enough(struct check_up *up)
{
    size_t needed = (size_t)up->config->needed;
    size_t count = up->approvers.count;
    if (count < needed)
        check_wrong(up, "approvals", "%zu %s needed, but only %zu %s can approve", needed,
                    needed == 1 ? "approval is" : "approvals are", count,
                    count == 1 ? "person" : "people");
    else if (count == needed)
        check_note("approvals",
                   "every approver is needed (%zu of %zu): none of them can request an offer "
                   "themselves",
                   needed, count);
    else
        check_good("approvals", "any %zu of %zu people", needed, count);
}

/* --- the rules --- */

/* How many different people could give an approval at one of these steps, a set. */
static size_t count_people(const struct check_list *listed, const struct approval_rules *steps,
                           unsigned set)
{
    struct check_people *all = mem_new(1, sizeof(*all));
    unsigned lists = 0;
    for (size_t i = 0; i < steps->count; i++)
        lists |= (set & 1U << i) != 0 ? steps->steps[i].lists : 0;
    for (size_t list = 0; list < RULE_MAX_LISTS; list++) {
        if ((lists & LIST_BIT(list)) == 0)
            continue;
        for (size_t i = 0; i < listed[list].people.count; i++)
            check_people_add(all, listed[list].people.at[i].id, listed[list].people.at[i].identity);
    }
    size_t count = all->count;
    check_people_clear(all);
    free(all);
    return count;
}

static size_t count_needed(const struct approval_rules *steps, unsigned set, struct text *names)
{
    size_t needed = 0;
    for (size_t i = 0; i < steps->count; i++) {
        if ((set & 1U << i) == 0)
            continue;
        needed += (size_t)steps->steps[i].needed;
        text_addf(names, "%s%s", names->size > 0 ? " and " : "", steps->steps[i].name);
    }
    return needed;
}

/* Where a click counts for one step, people must be found for each set of steps at once; that is
 * then enough (Hall). */
static void check_rule(struct check_up *up, const struct check_list *listed, size_t at,
                       const struct approval_rules *steps)
{
    const struct config_rule *written = &up->config->written[at];
    bool scarce = false;
    for (unsigned set = 1; set < 1U << steps->count; set++) {
        struct text names = {0};
        bool several = (set & (set - 1)) != 0;
        size_t needed = count_needed(steps, set, &names);
        size_t count = several && steps->all_steps ? needed + 1 : count_people(listed, steps, set);
        if (needed > count)
            check_wrong(up, "rules", "line %zu, “%s”: %s %s %zu approvals, but only %zu %s can",
                        written->line, written->name, text_get(&names), several ? "need" : "needs",
                        needed, count, count == 1 ? "person" : "people");
        scarce |= needed == count;
        text_free(&names);
        if (needed > count)
            return;
    }
    if (scarce)
        check_note("rules",
                   "line %zu, “%s”: every one of them is needed, so none can request such an offer "
                   "themselves",
                   written->line, written->name);
    else
        check_good("rules", "“%s” can be met", written->name);
}

static void check_rules(struct check_up *up, const struct check_list *listed)
{
    struct rule_lists lists;
    config_lists(up->config, &lists);
    for (size_t at = 0; at < up->config->rule_count; at++) {
        struct approval_rules steps;
        bool unread = false;
        const struct rule *rule = &up->config->rules[at];
        if (rule->by_itself || !rules_steps(rule, &lists, &steps))
            continue;
        for (size_t list = 0; list < lists.count; list++)
            unread |= (approval_lists(&steps) & LIST_BIT(list)) != 0 && listed[list].unread;
        if (unread)
            check_wrong(up, "rules",
                        "line %zu, “%s”: Slack does not show a user group that it names",
                        up->config->written[at].line, rule->name);
        else
            check_rule(up, listed, at, &steps);
    }
}

void check_lists(struct check_up *up)
{
    size_t count = config_list_count(up->config);
    struct check_list *listed = mem_new(count, sizeof(*listed));
    for (size_t list = 0; list < count; list++)
        check_list(up, list, &listed[list]);
    for (size_t i = 0; i < listed[LIST_APPROVERS].people.count; i++)
        check_people_add(&up->approvers, listed[LIST_APPROVERS].people.at[i].id,
                         listed[LIST_APPROVERS].people.at[i].identity);
    check_teams(up);
    check_enough(up);
    check_rules(up, listed);
    for (size_t list = 0; list < count; list++)
        check_people_clear(&listed[list].people);
    free(listed);
}
