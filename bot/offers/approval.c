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

/* Of this revision, by somebody who is not its requester. */
static bool may_count(const struct approval_facts *facts, const struct vote *vote)
{
    return vote->revision == facts->revision && *vote->identity != '\0' && *vote->lost == '\0' &&
           strcmp(vote->identity, facts->requester) != 0;
}

static bool is_valid(const struct approval_rules *rules, const struct approval_facts *facts,
                     const struct vote *vote)
{
    return may_count(facts, vote) && approval_step_named(rules, vote->step) != NULL;
}

static bool is_broken(const struct approval_rules *rules, const struct approval_facts *facts,
                      const struct vote *votes, size_t count)
{
    bool broken = false;
    for (size_t i = 0; i < count; i++)
        broken |= may_count(facts, &votes[i]) && strcmp(votes[i].step, APPROVAL_ALONE) == 0;
    return broken && rules->count > 0 && !rules->unready;
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
                     (rules->all_steps && strcmp(votes[j].step, step) != 0) ||
                     strcmp(votes[j].identity, votes[i].identity) != 0;
        given += counts;
    }
    return given;
}

/* The step at ${place}, with how far it is. */
static struct approval_open look_at(const struct approval_rules *rules,
                                    const struct approval_facts *facts, size_t place,
                                    const struct vote *votes, size_t count)
{
    struct approval_open one = {.place = place, .step = rules->steps[place]};
    one.given = count_given(rules, facts, one.step.name, votes, count);
    one.missing = one.step.needed > one.given ? one.step.needed - one.given : 0;
    return one;
}

static void show(struct approval *approval, const struct approval_open *one)
{
    approval->place = one->place;
    approval->step = one->step;
    approval->given = one->given;
    approval->missing = one->missing;
}

struct approval approval_evaluate(const struct approval_rules *rules,
                                  const struct approval_facts *facts, const struct vote *votes,
                                  size_t count)
{
    struct approval approval = {.steps = rules->count, .step = {.name = ""}, .missing = 1};
    for (size_t i = 0; i < rules->count; i++) {
        if (approval.open_count > 0 && !rules->steps[i].together)
            break;
        struct approval_open one = look_at(rules, facts, i, votes, count);
        if (approval.open_count == 0)
            show(&approval, &one);
        if (one.step.needed <= 0 || one.missing > 0 || rules->unready)
            approval.open[approval.open_count++] = one;
    }
    approval.alone = is_broken(rules, facts, votes, count);
    if (approval.alone) {
        approval.missing = 0;
        approval.open_count = 0;
    }
    approval.complete = rules->count > 0 && approval.open_count == 0;
    return approval;
}

unsigned approval_open_lists(const struct approval *approval)
{
    unsigned lists = approval->open_count == 0 ? approval->step.lists : 0;
    for (size_t i = 0; i < approval->open_count; i++)
        lists |= approval->open[i].step.lists;
    return lists;
}

static const struct approval_step *first_open(const struct approval *approval, unsigned lists)
{
    for (size_t i = 0; i < approval->open_count; i++) {
        if ((approval->open[i].step.lists & lists) != 0)
            return &approval->open[i].step;
    }
    return &approval->step;
}

size_t approval_steps_for(const struct approval_rules *rules, const struct approval *approval,
                          unsigned lists, const struct approval_step *steps[MAX_STEPS])
{
    size_t count = 0;
    for (size_t i = 0; rules->all_steps && i < rules->count; i++) {
        if ((rules->steps[i].lists & lists) != 0)
            steps[count++] = &rules->steps[i];
    }
    if (count == 0)
        steps[count++] = first_open(approval, lists);
    return count;
}

struct approval approval_at(const struct approval *approval, size_t open)
{
    struct approval one = *approval;
    show(&one, &approval->open[open]);
    return one;
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
