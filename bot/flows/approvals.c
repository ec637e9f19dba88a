#include "flows/approvals.h"

#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/lists.h"
#include "offers/rules.h"
#include "slack/blocks.h"
#include "text.h"

struct approval_rules approvals_rules(struct turn *turn, const struct request *request)
{
    struct rule rule;
    struct rule_lists lists;
    struct approval_rules rules;
    if (*request->rule == '\0')
        return app_rules(turn);
    config_lists(app_config(turn), &lists);
    if (rule_read(&rule, request->rule) && rules_steps(&rule, &lists, &rules))
        return rules;
    rules = app_rules(turn);
    rules.unready = true;
    return rules;
}

struct approval approvals_evaluate(struct turn *turn, const struct request *request,
                                   const struct vote *votes, size_t count)
{
    char requester[PERSON_ID];
    struct approval_rules rules = approvals_rules(turn, request);
    struct approval_facts facts = {.revision = request->revision, .requester = requester};
    people_identity(turn, request->requester, requester);
    return approval_evaluate(&rules, &facts, votes, count);
}

/* Where there is but one step, no vote changes who decides. */
unsigned approvals_lists(struct turn *turn, const struct request *request)
{
    struct approval_rules rules = approvals_rules(turn, request);
    struct vote votes[MAX_VOTES];
    if (rules.count == 1)
        return rules.steps[0].lists;
    size_t count = votes_given(turn, request->number, request->revision, votes, MAX_VOTES);
    struct approval approval = approvals_evaluate(turn, request, votes, count);
    return approval_open_lists(&approval);
}

static bool has_voted(struct turn *turn, const struct vote *votes, size_t count, const char *person)
{
    for (size_t i = 0; i < count; i++) {
        if (people_same(turn, person, votes[i].person))
            return true;
    }
    return false;
}

static void mention(struct text *who, const char *before, const char *id)
{
    text_addf(who, "%s%s%s>", who->size > 0 ? ", " : "", before, id);
}

static char *mention_lists(struct turn *turn, const struct request *request, unsigned lists,
                           const struct vote *votes, size_t count)
{
    struct text who = {0};
    for (int list = 0; list < lists_count(turn); list++) {
        const struct config_people *people = lists_people(turn, (enum list)list);
        if ((lists & LIST_BIT(list)) == 0)
            continue;
        for (char **group = people->groups; *group != NULL; group++)
            mention(&who, "<!subteam^", *group);
        for (char **user = people->users; *user != NULL; user++) {
            if (!people_same(turn, *user, request->requester) &&
                !has_voted(turn, votes, count, *user))
                mention(&who, "<@", *user);
        }
    }
    return text_take(&who);
}

char *approvals_mention(struct turn *turn, const struct request *request,
                        const struct approval *approval, const struct vote *votes, size_t count)
{
    return mention_lists(turn, request, approval_open_lists(approval), votes, count);
}

char *approvals_mention_all(struct turn *turn, const struct request *request,
                            const struct vote *votes, size_t count)
{
    struct approval_rules rules = approvals_rules(turn, request);
    return mention_lists(turn, request, approval_lists(&rules), votes, count);
}

static void add_quoted(struct text *words, const char *name)
{
    text_add(words, " · rule “");
    mrkdwn_escape(words, name);
    text_add(words, "”");
}

/* A rule of its own is named. */
static void add_name(const struct request *request, struct text *words)
{
    struct rule rule;
    if (*request->rule == '\0')
        return;
    if (strcmp(request->rule, REQUEST_RULE_OPEN) == 0)
        text_add(words, " · which rule it needs, is not known yet");
    else if (!rule_read(&rule, request->rule))
        text_add(words, " · its rule cannot be read any more");
    else
        add_quoted(words, rule.name);
}

char *approvals_rule(struct turn *turn, const struct request *request,
                     const struct approval *approval, const struct vote *votes, size_t count)
{
    struct text words = {0};
    size_t open = approval->open_count > 0 ? approval->open_count : 1;
    for (size_t i = 0; i < open; i++) {
        struct approval one = approval->open_count > 0 ? approval_at(approval, i) : *approval;
        char *who = mention_lists(turn, request, one.step.lists, votes, count);
        char *line = approval_words(&one, who);
        text_addf(&words, "%s%s", i > 0 ? "\n" : "", line);
        free(line);
        free(who);
    }
    add_name(request, &words);
    return text_take(&words);
}
