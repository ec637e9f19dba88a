/* What is wrong with the rules of a configuration, told before any of them judges. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "offers/content.h"
#include "offers/lists.h"
#include "offers/rules.h"

struct checking {
    const struct rule *rules;
    const struct rule_lists *lists;
    size_t at;
    void (*wrong)(void *about, size_t rule, const char *words);
    void *about;
};

static void complain(const struct checking *checking, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void complain(const struct checking *checking, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *words = text_vformat(format, args);
    va_end(args);
    checking->wrong(checking->about, checking->at, words);
    free(words);
}

/* --- people --- */

static bool knows_list(const struct checking *checking, const char *name)
{
    const char *nearest = text_nearest(name, &checking->lists->at[0].name,
                                       sizeof(checking->lists->at[0]), checking->lists->count, 4);
    if (rules_list(checking->lists, name) >= 0)
        return true;
    complain(checking, "there is no list “%s”%s%s%s; name it in approvals.groups", name,
             nearest != NULL ? ", did you mean “" : "", nearest != NULL ? nearest : "",
             nearest != NULL ? "”?" : "");
    return false;
}

/* Does a list before number ${list} of the set, or an earlier place of it, have this person? */
static bool counted_before(const struct rule_lists *lists, unsigned set, size_t list, size_t user)
{
    const char *id = lists->at[list].users[user];
    for (size_t i = 0; i <= list; i++) {
        char *const *users = lists->at[i].users;
        for (size_t j = 0; (set & LIST_BIT(i)) != 0 && users[j] != NULL; j++) {
            if ((i < list || j < user) && strcmp(users[j], id) == 0)
                return true;
        }
    }
    return false;
}

/* How many people these lists have; -1: user groups are among them, so nobody knows. */
static int count_people(const struct rule_lists *lists, unsigned set)
{
    int count = 0;
    for (size_t i = 0; i < lists->count; i++) {
        if ((set & LIST_BIT(i)) == 0)
            continue;
        if (lists->at[i].groups)
            return -1;
        for (size_t j = 0; lists->at[i].users[j] != NULL; j++)
            count += !counted_before(lists, set, i, j);
    }
    return count;
}

static void check_number(const struct checking *checking, const char *step, int needed,
                         unsigned set)
{
    int people = count_people(checking->lists, set);
    if (people >= 0 && needed > people)
        complain(checking, "%s wants %d approvals of %d %s: nobody can satisfy it", step, needed,
                 people, people == 1 ? "person" : "people");
}

static void check_steps(const struct checking *checking)
{
    const struct rule *rule = &checking->rules[checking->at];
    struct approval_rules steps;
    unsigned all = 0;
    int needed = 0;
    bool known = true;
    for (size_t i = 0; i < rule->step_count; i++) {
        const struct rule_step *step = &rule->steps[i];
        for (size_t j = 0; j < step->list_count; j++)
            known = knows_list(checking, step->lists[j]) && known;
        for (size_t j = 0; j < i; j++) {
            if (strcmp(rule->steps[j].name, step->name) == 0)
                complain(checking, "“%s” is in two steps; put them together in one", step->name);
        }
    }
    if (!known || rule->by_itself || !rules_steps(rule, checking->lists, &steps))
        return;
    for (size_t i = 0; i < steps.count; i++) {
        check_number(checking, steps.steps[i].name, steps.steps[i].needed, steps.steps[i].lists);
        all |= steps.steps[i].lists;
        needed += steps.steps[i].needed;
    }
    if (steps.count > 1 && !rule->all_steps)
        check_number(checking, "it", needed, all);
}

/* --- requests --- */

/* Does whatever the later rule is for meet the earlier one? As far as the same words say so. */
static bool covers(const struct rule *earlier, const struct rule *later)
{
    for (int part = 0; part < RULE_CONDITIONS; part++) {
        if (*earlier->parts[part] != '\0' && strcmp(earlier->parts[part], later->parts[part]) != 0)
            return false;
    }
    return !earlier->by_itself; /* its day's number may be used up, or a check not be well */
}

static void check_reach(const struct checking *checking)
{
    const struct rule *rule = &checking->rules[checking->at];
    for (size_t i = 0; i < checking->at; i++) {
        if (!covers(&checking->rules[i], rule))
            continue;
        complain(checking, "no request reaches it: “%s” above takes all that it is for",
                 checking->rules[i].name);
        return;
    }
}

/* At least one buyer, at most as many as an offer takes. */
static void check_buyers(const struct checking *checking)
{
    const struct rule *rule = &checking->rules[checking->at];
    const struct rule_range *range = &rule->ranges[RULE_BUYERS];
    const struct decimal most = {MAX_BUYERS, 0};
    const struct decimal least = {1, 0};
    int over = decimal_compare(range->low.at, most);
    int under = decimal_compare(range->high.at, least);
    if ((range->low.set && (over > 0 || (over == 0 && range->low.open))) ||
        (range->high.set && (under < 0 || (under == 0 && range->high.open))))
        complain(checking, "no offer has buyers “%s”: it has 1 to %d", rule->parts[RULE_BUYERS],
                 MAX_BUYERS);
}

void rules_check(const struct rule *rules, size_t count, const struct rule_lists *lists,
                 void (*wrong)(void *about, size_t rule, const char *words), void *about)
{
    struct checking checking = {.rules = rules, .lists = lists, .wrong = wrong, .about = about};
    for (; checking.at < count; checking.at++) {
        const struct rule *rule = &rules[checking.at];
        char *text = rule_write(rule);
        if (strlen(text) >= RULE_TEXT)
            complain(&checking, "it is too long: %d characters at most", RULE_TEXT - 1);
        free(text);
        if (rule->words[RULE_REQUESTER].set)
            knows_list(&checking, rule->words[RULE_REQUESTER].word);
        check_steps(&checking);
        check_buyers(&checking);
        check_reach(&checking);
    }
}
