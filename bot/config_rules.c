#include "config_rules.h"

#include <stdlib.h>
#include <string.h>

#include "config_values.h"
#include "mem.h"
#include "offers/rules.h"

#define LIST_NAME(list, name, one, users, groups) name,
static const char *const list_names[LISTS] = {PEOPLE(LIST_NAME)};

size_t config_list_count(const struct config *config)
{
    return LISTS + config->group_count;
}

const struct config_people *config_people(const struct config *config, size_t list)
{
    return list < LISTS ? &config->people[list] : &config->groups[list - LISTS].people;
}

static const char *list_name(const struct config *config, size_t list)
{
    return list < LISTS ? list_names[list] : config->groups[list - LISTS].name;
}

void config_lists(const struct config *config, struct rule_lists *lists)
{
    lists->count = config_list_count(config);
    for (size_t i = 0; i < lists->count; i++) {
        const struct config_people *people = config_people(config, i);
        lists->at[i] = (struct rule_list){.name = list_name(config, i),
                                          .users = people->users,
                                          .groups = people->groups[0] != NULL};
    }
}

/* --- what is wrong --- */

static bool is_word(const char *name)
{
    size_t size = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    return size > 0 && size < RULE_LIST && name[size] == '\0';
}

static void check_groups(const struct config *config, const char *path, struct text *problems)
{
    for (size_t i = 0; i < config->group_count; i++) {
        const struct config_group *group = &config->groups[i];
        bool taken = false;
        for (size_t j = 0; j < LISTS; j++)
            taken |= strcmp(list_names[j], group->name) == 0;
        if (taken)
            config_wrong(problems, path, group->line,
                         "approvals.groups: “%s” is people.%s already; choose another name",
                         group->name, group->name);
        if (!is_word(group->name))
            config_wrong(
                problems, path, group->line,
                "approvals.groups: “%.40s” cannot stand in a rule; use at most %d letters, "
                "digits, - and _",
                group->name, RULE_LIST - 1);
        if (group->people.users[0] == NULL && group->people.groups[0] == NULL)
            config_wrong(problems, path, group->line,
                         "approvals.groups: nobody is in “%s”; name users or groups", group->name);
    }
}

/* --- the rules --- */

static bool is_name(const char *name)
{
    char fitted[RULE_NAME];
    bool good = text_fit(fitted, sizeof(fitted), name);
    for (; *name != '\0' && good; name++)
        good = (unsigned char)*name >= ' ' && *name != 0x7F;
    return good;
}

struct rules_told {
    const struct config *config;
    const char *path;
    struct text *problems;
};

static void tell(void *about, size_t rule, const char *words)
{
    const struct rules_told *telling = about;
    const struct config_rule *written = &telling->config->written[rule];
    config_wrong(telling->problems, telling->path, written->line, "approvals.rules “%s”: %s",
                 written->name, words);
}

/* What is above the cap is refused when it is asked for. */
static void check_markup(struct rules_told *telling, size_t at)
{
    const struct rule_bound *low = &telling->config->rules[at].ranges[RULE_MARKUP].low;
    const struct decimal *cap = &telling->config->markup_cap;
    int order = decimal_compare(low->at, *cap);
    if (low->set && !low->tier && (order > 0 || (order == 0 && low->open)))
        tell(telling, at, "no markup is so high: offer.markup_cap is below it");
}

static void read_rule(const struct config_rule *written, struct rule *rule)
{
    struct text ignored = {0};
    text_fit(rule->name, sizeof(rule->name), written->name);
    for (int part = 0; part < RULE_PARTS; part++)
        rule_read_part(rule, (enum rule_part)part, written->parts[part], &ignored);
    text_free(&ignored);
}

static void read_breakers(struct config *config, const char *path, struct text *problems)
{
    struct rule_lists lists;
    config_lists(config, &lists);
    int list = rules_list(&lists, config->break_glass);
    if (list >= 0)
        config->breakers = LIST_BIT(list);
    else if (*config->break_glass != '\0')
        config_wrong(problems, path, 0,
                     "approvals.break_glass: there is no list “%s”; name it in approvals.groups",
                     config->break_glass);
}

void config_rules_read(struct config *config, const char *path, struct text *problems)
{
    struct rule_lists lists;
    struct approval_rules steps;
    struct rules_told telling = {config, path, problems};
    check_groups(config, path, problems);
    if (problems->size == 0)
        read_breakers(config, path, problems);
    if (config->written_count == 0 || problems->size > 0)
        return;
    config_lists(config, &lists);
    config->rules = mem_new(config->written_count, sizeof(*config->rules));
    config->rule_count = config->written_count;
    for (size_t i = 0; i < config->rule_count; i++) {
        if (!is_name(config->written[i].name))
            config_wrong(problems, path, config->written[i].line,
                         "approvals.rules: “%.40s” is no name; use at most %d characters",
                         config->written[i].name, RULE_NAME - 1);
        read_rule(&config->written[i], &config->rules[i]);
        check_markup(&telling, i);
        if (rules_steps(&config->rules[i], &lists, &steps))
            config->rule_lists |= approval_lists(&steps);
    }
    rules_check(config->rules, config->rule_count, &lists, tell, &telling);
}
