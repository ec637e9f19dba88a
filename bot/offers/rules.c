#include "offers/rules.h"

#include <stdio.h>
#include <string.h>

#include "offers/lists.h"

enum { DAYS_A_YEAR = 365 };

enum met { MET_NOT, MET, MET_LATER };

/* --- does it apply? --- */

static struct decimal bound_value(enum rule_part part, const struct rule_bound *bound,
                                  const struct rule_facts *facts)
{
    struct decimal value = bound->tier ? facts->tier : bound->at;
    if (part == RULE_TERM)
        value.units *= DAYS_A_YEAR;
    return value;
}

/* On which side of the bound is it? */
static bool keeps(enum rule_part part, const struct rule_bound *bound, int side,
                  const struct rule_facts *facts)
{
    int order = decimal_compare(facts->numbers[part].value, bound_value(part, bound, facts)) * side;
    return !bound->set || order > 0 || (order == 0 && !bound->open);
}

/* A price that is no single number is taken as high, a margin as low: that asks more people, where
 * rules ask more of what is dear or sold for little. No rule approves that by itself. */
static bool keeps_several(const struct rule *rule, enum rule_part part)
{
    const struct rule_range *range = &rule->ranges[part];
    const struct rule_bound *bad = part == RULE_MARGIN ? &range->low : &range->high;
    return !rule->by_itself && !bad->set;
}

static enum met meets_number(const struct rule *rule, enum rule_part part,
                             const struct rule_facts *facts)
{
    const struct rule_range *range = &rule->ranges[part];
    const struct rule_number *number = &facts->numbers[part];
    bool other = *range->currency != '\0' && strcmp(range->currency, number->currency) != 0;
    bool met = false;
    switch (number->state) {
    case FACT_ABSENT:
        break;
    case FACT_LATER:
        return MET_LATER;
    case FACT_SEVERAL:
        met = keeps_several(rule, part);
        break;
    case FACT_KNOWN:
        met = other ? keeps_several(rule, part)
                    : keeps(part, &range->low, 1, facts) && keeps(part, &range->high, -1, facts);
        met = range->off ? decimal_compare(number->value, facts->tier) != 0 : met;
        break;
    }
    return met ? MET : MET_NOT;
}

static enum met meets_word(const struct rule *rule, enum rule_part part,
                           const struct rule_facts *facts, const struct rule_lists *lists)
{
    const struct rule_word *word = &rule->words[part];
    bool same = strcmp(word->word, facts->words[part]) == 0;
    if (part == RULE_REQUESTER) {
        int list = rules_list(lists, word->word);
        unsigned bit = list >= 0 ? LIST_BIT(list) : 0;
        if ((facts->perhaps & bit) != 0)
            return MET_LATER;
        same = (facts->on & bit) != 0;
    } else if (*facts->words[part] == '\0') {
        return MET_NOT;
    }
    return same != word->but ? MET : MET_NOT;
}

static enum met meets(const struct rule *rule, enum rule_part part, const struct rule_facts *facts,
                      const struct rule_lists *lists)
{
    if (*rule->parts[part] == '\0')
        return MET;
    return (size_t)part < RULE_NUMBERS ? meets_number(rule, part, facts)
                                       : meets_word(rule, part, facts, lists);
}

/* All that is certainly not met comes before what is not known yet. */
static enum met applies(const struct rule *rule, const struct rule_facts *facts,
                        const struct rule_lists *lists)
{
    enum met all = MET;
    for (int part = 0; part < RULE_CONDITIONS; part++) {
        enum met one = meets(rule, (enum rule_part)part, facts, lists);
        if (one == MET_NOT)
            return MET_NOT;
        all = one == MET_LATER ? MET_LATER : all;
    }
    if (!rule->by_itself)
        return all;
    if (facts->checks == FACT_LATER)
        return MET_LATER;
    return facts->checks == FACT_KNOWN && *facts->problem == '\0' ? all : MET_NOT;
}

int rules_next(const struct rule *rules, size_t count, size_t from, const struct rule_facts *facts,
               const struct rule_lists *lists)
{
    for (size_t i = from; i < count; i++) {
        enum met one = applies(&rules[i], facts, lists);
        if (one != MET_NOT)
            return one == MET ? (int)i : RULES_LATER;
    }
    return RULES_NONE;
}

/* --- why --- */

static void add_number(struct text *line, enum rule_part part, const struct rule_facts *facts)
{
    const struct rule_number *number = &facts->numbers[part];
    char value[DECIMAL_TEXT];
    decimal_write(number->value, value);
    if (number->state != FACT_KNOWN)
        text_add(line, "no single amount");
    else if (part == RULE_TERM && number->value.units % DAYS_A_YEAR == 0)
        text_addf(line, "%lld years", (long long)(number->value.units / DAYS_A_YEAR));
    else if (part == RULE_TERM)
        text_addf(line, "%s days", value);
    else
        text_addf(line, "%s%s%s%s", value, part == RULE_MARKUP ? " %" : "",
                  *number->currency != '\0' ? " " : "", number->currency);
}

char *rules_why(const struct rule *rule, const struct rule_facts *facts)
{
    struct text lines = {0};
    char tier[DECIMAL_TEXT];
    decimal_write(facts->tier, tier);
    for (int part = 0; part < RULE_CONDITIONS; part++) {
        const struct rule_range *range = part < RULE_NUMBERS ? &rule->ranges[part] : NULL;
        if (*rule->parts[part] == '\0')
            continue;
        text_addf(&lines, "%s%s: ", lines.size > 0 ? "\n" : "",
                  rule_part_key((enum rule_part)part));
        if (range != NULL)
            add_number(&lines, (enum rule_part)part, facts);
        else
            text_add(&lines, part == RULE_REQUESTER ? "them" : facts->words[part]);
        text_addf(&lines, " (%s", rule->parts[part]);
        if (range != NULL && (range->low.tier || range->high.tier))
            text_addf(&lines, ", which is %s %%", tier);
        text_add(&lines, ")");
    }
    if (lines.size == 0)
        text_add(&lines, "it has no conditions");
    return text_take(&lines);
}

/* --- who decides --- */

int rules_list(const struct rule_lists *lists, const char *name)
{
    for (size_t i = 0; i < lists->count; i++) {
        if (strcmp(lists->at[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

bool rules_steps(const struct rule *rule, const struct rule_lists *lists,
                 struct approval_rules *steps)
{
    *steps = (struct approval_rules){.count = rule->step_count, .all_steps = rule->all_steps};
    if (rule->by_itself) {
        *steps = (struct approval_rules){.steps = {{.name = "rule", .needed = 1}}, .count = 1};
        return true;
    }
    for (size_t i = 0; i < rule->step_count; i++) {
        const struct rule_step *from = &rule->steps[i];
        struct approval_step *step = &steps->steps[i];
        text_fit(step->name, sizeof(step->name), from->name);
        step->needed = from->needed;
        step->together = i > 0 && from->stage == rule->steps[i - 1].stage;
        for (size_t j = 0; j < from->list_count; j++) {
            int list = rules_list(lists, from->lists[j]);
            if (list < 0)
                return false;
            step->lists |= LIST_BIT(list);
        }
    }
    return rule->step_count > 0;
}
