#include "flows/playbooks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flows/app_context.h"
#include "flows/lists.h"
#include "mem.h"
#include "offers/rules.h"

/* --- whose they are --- */

static bool is_theirs(const struct playbook *playbook, const struct rule_lists *lists,
                      const struct person *person)
{
    int list = *playbook->list != '\0' ? rules_list(lists, playbook->list) : -1;
    return *playbook->list == '\0' || (list >= 0 && person_on(person, (enum list)list));
}

size_t playbooks_usable(struct turn *turn, const char *user, struct playbook **list)
{
    const struct config *config = app_config(turn);
    struct person person;
    struct rule_lists lists;
    size_t count = 0;
    *list = NULL;
    if (config->preset_count == 0)
        return 0;
    lists_known_person(turn, user, &person);
    config_lists(config, &lists);
    *list = mem_new(config->preset_count, sizeof(**list));
    for (size_t i = 0; i < config->preset_count; i++) {
        if (is_theirs(&config->playbooks[i], &lists, &person))
            (*list)[count++] = config->playbooks[i];
    }
    return count;
}

const struct playbook *playbooks_get(struct turn *turn, const struct content *content)
{
    const struct config *config = app_config(turn);
    return *content->playbook != '\0'
               ? playbook_named(config->playbooks, config->preset_count, content->playbook)
               : NULL;
}

/* --- what they fill in --- */

void playbooks_values(struct turn *turn, const struct playbook *playbook,
                      struct playbook_values *values)
{
    const struct config *config = app_config(turn);
    int days = playbook != NULL && playbook->days > 0 ? playbook->days : config->accept_within_days;
    const char **typed = values->form.typed;
    date_write(date_of_ms(turn_now(turn)) + days, values->accept_by);
    decimal_write(config_markup(config), values->markup);
    values->form = (struct form){.typed = {[FIELD_OFFER_NAME] = config->offer_name,
                                           [FIELD_MARKUP] = values->markup,
                                           [FIELD_TERM] = term_usual,
                                           [FIELD_ACCEPT_BY] = values->accept_by,
                                           [FIELD_EULA] = eula_value(EULA_AS_AUTHORIZED)}};
    for (int i = 0; playbook != NULL && i < FIELD_COUNT; i++) {
        if (playbook->form.typed[i] != NULL)
            typed[i] = playbook->form.typed[i];
    }
}

/* --- whether an offer keeps to its own --- */

const char *playbooks_price(struct turn *turn, const struct playbook *playbook)
{
    return playbook != NULL && *playbook->price != '\0' ? playbook->price
                                                        : app_config(turn)->expected_unit_price;
}

size_t playbooks_check(struct turn *turn, const struct content *content,
                       const struct authorization *authorization, struct check *check)
{
    char buyers[MAX_BUYERS * (ACCOUNT_ID + 1)];
    struct form form;
    const struct playbook *playbook = playbooks_get(turn, content);
    if (*content->playbook == '\0')
        return 0;
    *check = (struct check){.outcome = CHECK_NOTE};
    if (playbook == NULL) {
        snprintf(check->text, sizeof(check->text), "Playbook %s is not configured any more",
                 content->playbook);
        return 1;
    }
    content_form(content, buyers, sizeof(buyers), &form);
    char *differs = playbook_differences(playbook, &form, authorization);
    char *words = *differs != '\0' ? text_format("Playbook %s: %s", playbook->name, differs)
                                   : text_format("Matches playbook %s", playbook->name);
    check->verdict = true;
    if (*differs == '\0')
        check->outcome = CHECK_PASSED;
    text_fit(check->text, sizeof(check->text), words);
    free(words);
    free(differs);
    return 1;
}
