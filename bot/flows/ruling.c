#include "flows/ruling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "book/rulings.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/approvals.h"
#include "flows/lists.h"
#include "log.h"
#include "offers/date.h"
#include "offers/kind.h"
#include "offers/rules.h"
#include "text.h"

enum { KNOWN_MS = 600000 };

_Static_assert((int)RULE_TEXT == (int)REQUEST_RULE, "a rule is kept whole with its request");

/* --- facts --- */

/* A list that Slack does not show, or only in part, says of nobody that they are not on it. */
static bool is_lost(struct turn *turn, int list)
{
    char why[300];
    for (char **group = lists_people(turn, (enum list)list)->groups; *group != NULL; group++) {
        if (people_lost_group(turn, *group, why, sizeof(why)))
            return true;
    }
    return false;
}

/* In the book nobody is in one of its groups: it is empty, or was never read. */
static bool is_unread(struct turn *turn, int list)
{
    for (char **group = lists_people(turn, (enum list)list)->groups; *group != NULL; group++) {
        char member[PERSON_ID] = "";
        if (!people_next_member(turn, *group, member))
            return true;
    }
    return false;
}

static void add_requester(struct turn *turn, const struct request *request, bool by_book,
                          struct rule_facts *facts)
{
    struct person person;
    if (by_book)
        lists_known_person(turn, request->requester, &person);
    else
        facts->perhaps = lists_person(turn, request->requester, KNOWN_MS, &person);
    facts->on = person.lists;
    for (int list = 0; list < lists_count(turn); list++) {
        if ((facts->on & LIST_BIT(list)) == 0 &&
            (is_lost(turn, list) || (by_book && is_unread(turn, list))))
            facts->perhaps |= LIST_BIT(list);
    }
}

static bool asks_requester(const struct config *config)
{
    for (size_t i = 0; i < config->rule_count; i++) {
        if (config->rules[i].words[RULE_REQUESTER].set)
            return true;
    }
    return false;
}

static void look_up(struct turn *turn, const struct request *request, bool by_book,
                    struct rule_facts *facts)
{
    const struct config *config = app_config(turn);
    *facts = (struct rule_facts){.tier = config_markup(config), .checks = FACT_KNOWN};
    text_fit(facts->words[RULE_KIND], RULE_WORD, request->kind->name);
    if (asks_requester(config))
        add_requester(turn, request, by_book, facts);
    if (request->kind->rule_facts != NULL)
        request->kind->rule_facts(turn, request, facts);
    if (request->kind->obstacle == NULL || facts->checks != FACT_KNOWN)
        return;
    char *obstacle = request->kind->obstacle(turn, request);
    if (obstacle != NULL && *facts->problem == '\0')
        text_fit(facts->problem, sizeof(facts->problem), obstacle);
    free(obstacle);
}

/* --- choosing --- */

/* What stood before the chosen one and would have approved by itself, but for a check. */
static void add_passed(struct text *why, const struct config *config, size_t end,
                       const struct rule_facts *facts, const struct rule_lists *lists)
{
    struct rule_facts well = *facts;
    well.problem[0] = '\0';
    for (size_t i = 0; i < end && *facts->problem != '\0'; i++) {
        const struct rule *rule = &config->rules[i];
        if (rule->by_itself && rules_next(config->rules, i + 1, i, &well, lists) == (int)i)
            text_addf(why, "\n“%s” does not approve it by itself: %s", rule->name, facts->problem);
    }
}

/* The rule at ${at}, or none, and why. Empties ${passed}: what was passed over for its number. */
static struct ruling found(const struct config *config, int at, const struct rule_facts *facts,
                           const struct rule_lists *lists, struct text *passed)
{
    struct text why = {0};
    const struct rule *rule = at >= 0 ? &config->rules[at] : NULL;
    char *facts_met = rule != NULL ? rules_why(rule, facts) : text_format("no rule applies");
    text_addf(&why, "%s%s", facts_met, text_get(passed));
    add_passed(&why, config, at >= 0 ? (size_t)at : config->rule_count, facts, lists);
    text_free(passed);
    free(facts_met);
    return (struct ruling){
        .rule = rule != NULL ? rule_write(rule)
                             : text_format("name=approvals.needed\napprove=%d of approvers\n",
                                           config->needed),
        .why = text_take(&why)};
}

/* How many others of the day's number are gone: the request may be one of those that it was used
 * for. */
static int64_t used_by_others(struct turn *turn, const struct request *request,
                              const struct rule *rule, bool by_book)
{
    struct vote votes[MAX_VOTES];
    char voter[RULE_VOTER];
    int32_t today = date_of_ms(turn_now(turn));
    int64_t used = rulings_used(turn, rule->name, request->requester, today);
    if (!by_book || used == 0) /* what was sent just now has no approval */
        return used;
    rule_voter(rule->name, voter);
    size_t count = votes_given(turn, request->number, request->revision, votes, MAX_VOTES);
    for (size_t i = 0; i < count; i++)
        used -= strcmp(votes[i].person, voter) == 0 && date_of_ms(votes[i].at) == today;
    return used;
}

struct ruling ruling_of(struct turn *turn, const struct request *request, bool by_book)
{
    const struct config *config = app_config(turn);
    struct rule_facts facts;
    struct rule_lists lists;
    struct text passed = {0};
    int at;
    config_lists(config, &lists);
    look_up(turn, request, by_book, &facts);
    for (size_t from = 0;; from = (size_t)at + 1) {
        at = rules_next(config->rules, config->rule_count, from, &facts, &lists);
        if (at < 0 || !config->rules[at].by_itself)
            break;
        const struct rule *rule = &config->rules[at];
        if (used_by_others(turn, request, rule, by_book) < rule->quota)
            break;
        text_addf(&passed, "\n“%s” approves %d a day by itself: they are used up", rule->name,
                  rule->quota);
    }
    if (at == RULES_LATER) {
        text_free(&passed);
        return (struct ruling){.open = true};
    }
    return found(config, at, &facts, &lists, &passed);
}

void ruling_free(struct ruling *ruling)
{
    free(ruling->rule);
    free(ruling->why);
}

void ruling_fix(struct turn *turn, struct request *request)
{
    if (app_config(turn)->rule_count == 0 && strcmp(request->rule, REQUEST_RULE_OPEN) != 0)
        return;
    struct ruling ruling = ruling_of(turn, request, false);
    char version[RULE_VERSION] = "";
    if (!ruling.open)
        rule_version(ruling.rule, version);
    if (strcmp(request->rule, ruling.open ? REQUEST_RULE_OPEN : ruling.rule) != 0)
        rulings_put(turn, request, ruling.open ? REQUEST_RULE_OPEN : ruling.rule,
                    ruling.open ? "" : ruling.why);
    log_info("rule chosen", F_INT("request", request->number), F_INT("revision", request->revision),
             F_TEXT("version", version));
    ruling_free(&ruling);
}

/* --- what stands in its way --- */

char *ruling_obstacle(struct turn *turn, const struct request *request)
{
    struct approval_rules rules = approvals_rules(turn, request);
    if (!rules.unready)
        return NULL;
    if (strcmp(request->rule, REQUEST_RULE_OPEN) == 0)
        return text_format("CPPO-%lld cannot be approved yet: which rule it is approved by hangs "
                           "on its prices or on who its requester is, and I am still asking AWS "
                           "and Slack. Try again in a minute.",
                           (long long)request->number);
    return text_format("CPPO-%lld cannot be approved: its rule cannot be read or met any more; it "
                       "names a list that the configuration does not have. Ask an operator of this "
                       "bot, or use “Request changes”: sent again, it is judged by the rules of "
                       "today.",
                       (long long)request->number);
}
