#include "flows/approvals.h"

#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "book/votes.h"
#include "flows/app_context.h"
#include "flows/lists.h"
#include "text.h"

struct approval approvals_evaluate(struct turn *turn, const struct request *request,
                                   const struct vote *votes, size_t count)
{
    char requester[PERSON_ID];
    struct approval_rules rules = app_rules(turn);
    struct approval_facts facts = {.revision = request->revision, .requester = requester};
    people_identity(turn, request->requester, requester);
    return approval_evaluate(&rules, &facts, votes, count);
}

/* Where there is but one step, no vote changes who decides. */
unsigned approvals_lists(struct turn *turn, const struct request *request)
{
    struct approval_rules rules = app_rules(turn);
    struct vote votes[MAX_VOTES];
    if (rules.count == 1)
        return rules.steps[0].lists;
    size_t count = votes_given(turn, request->number, request->revision, votes, MAX_VOTES);
    return approvals_evaluate(turn, request, votes, count).step.lists;
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

char *approvals_mention(struct turn *turn, const struct request *request,
                        const struct approval *approval, const struct vote *votes, size_t count)
{
    struct text who = {0};
    for (int list = 0; list < LISTS; list++) {
        const struct config_people *people = lists_people(turn, (enum list)list);
        if ((approval->step.lists & LIST_BIT(list)) == 0)
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

char *approvals_rule(struct turn *turn, const struct request *request,
                     const struct approval *approval, const struct vote *votes, size_t count)
{
    char *who = approvals_mention(turn, request, approval, votes, count);
    char *rule = approval_words(approval, who);
    free(who);
    return rule;
}
