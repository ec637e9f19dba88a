#include "offers/approval.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

const struct approval_step *approval_step_named(const struct approval_rules *rules,
                                                const char *name)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (strcmp(rules->steps[i].name, name) == 0)
            return &rules->steps[i];
    }
    return NULL;
}

unsigned approval_lists(const struct approval_rules *rules)
{
    unsigned lists = 0;
    for (size_t i = 0; i < rules->count; i++)
        lists |= rules->steps[i].lists;
    return lists;
}

static bool is_valid(const struct approval_rules *rules, const struct approval_facts *facts,
                     const struct vote *vote)
{
    return vote->revision == facts->revision && *vote->identity != '\0' && *vote->lost == '\0' &&
           strcmp(vote->identity, facts->requester) != 0 &&
           approval_step_named(rules, vote->step) != NULL;
}

/* Approvals of one step. */
static int count_given(const struct approval_rules *rules, const struct approval_facts *facts,
                       const char *step, const struct vote *votes, size_t count)
{
    int given = 0;
    for (size_t i = 0; i < count; i++) {
        bool counts = is_valid(rules, facts, &votes[i]) && strcmp(votes[i].step, step) == 0;
        for (size_t j = 0; j < i && counts; j++)
            counts = !is_valid(rules, facts, &votes[j]) ||
                     strcmp(votes[j].identity, votes[i].identity) != 0;
        given += counts;
    }
    return given;
}

struct approval approval_evaluate(const struct approval_rules *rules,
                                  const struct approval_facts *facts, const struct vote *votes,
                                  size_t count)
{
    struct approval approval = {.steps = rules->count, .step = {.name = ""}, .missing = 1};
    for (size_t i = 0; i < rules->count; i++) {
        const struct approval_step *step = &rules->steps[i];
        approval.place = i;
        approval.step = *step;
        approval.given = count_given(rules, facts, step->name, votes, count);
        approval.missing = step->needed > approval.given ? step->needed - approval.given : 0;
        approval.complete = step->needed > 0 && approval.missing == 0;
        if (!approval.complete)
            break;
    }
    return approval;
}

void approval_place(const struct approval *approval, char text[APPROVAL_PLACE])
{
    text[0] = '\0';
    if (approval->steps > 1)
        snprintf(text, APPROVAL_PLACE, " at step %zu of %zu, %s", approval->place + 1,
                 approval->steps, approval->step.name);
}

char *approval_words(const struct approval *approval, const char *who)
{
    int needed = approval->step.needed;
    struct text words = {0};
    if (approval->steps > 1)
        text_addf(&words, "Step %zu of %zu, %s: ", approval->place + 1, approval->steps,
                  approval->step.name);
    if (needed == 1)
        text_addf(&words, "Any one of %s can approve", who);
    else if (approval->given > 0 && approval->missing > 0)
        text_addf(&words, "%d of %d approvals; %d more of %s", approval->given, needed,
                  approval->missing, who);
    else
        text_addf(&words, "%d approvals are needed, of %s", needed, who);
    return text_take(&words);
}
