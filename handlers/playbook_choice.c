#include "playbook_choice.h"

#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/offers.h"
#include "text.h"
#include "views/form.h"
#include "views/form_rare.h"

const struct authorization *playbook_choice_only(const struct authorization *usable, size_t count,
                                                 const char *part)
{
    const struct authorization *found = NULL;
    for (size_t i = 0; i < count; i++) {
        if (strcasestr(usable[i].name, part) == NULL)
            continue;
        if (found != NULL)
            return NULL;
        found = &usable[i];
    }
    return found;
}

/* Did the person choose this authorization, and neither the form nor the playbook before? */
static bool is_theirs(struct turn *turn, const char *user, const char *id,
                      const struct authorization *chosen, const struct playbook *before,
                      struct playbook_choice *choice)
{
    offers_last_authorization(turn, user, choice->last);
    return id != NULL && strcmp(id, choice->last) != 0 &&
           (before == NULL || chosen == NULL || !playbook_covers(before, chosen->name));
}

/* The one that goes with it, where there is only one. */
static void choose_authorization(struct turn *turn, const char *user,
                                 const struct playbook *playbook, const struct playbook *before,
                                 struct form *form, struct form_follow *follow,
                                 struct playbook_choice *choice)
{
    struct authorization chosen;
    const char *id = form->typed[FIELD_AUTHORIZATION];
    bool known = id != NULL && authorizations_get(turn, id, &chosen);
    if (*playbook->authorization == '\0' || (known && playbook_covers(playbook, chosen.name)) ||
        is_theirs(turn, user, id, known ? &chosen : NULL, before, choice))
        return;
    size_t count = authorizations_usable(turn, &choice->usable);
    const struct authorization *only =
        playbook_choice_only(choice->usable, count, playbook->authorization);
    if (only == NULL)
        return;
    choice->label = form_authorization_label(only);
    follow->authorization = choice->label;
    follow->put.typed[FIELD_AUTHORIZATION] = form->typed[FIELD_AUTHORIZATION] = only->id;
}

void playbook_choice_make(struct turn *turn, const char *user, const char *before,
                          struct form *form, struct form_follow *follow,
                          struct playbook_choice *choice)
{
    *choice = (struct playbook_choice){.list = NULL};
    size_t count = playbooks_usable(turn, user, &choice->list);
    const char *name = form->typed[FIELD_PLAYBOOK];
    const struct playbook *playbook =
        name != NULL ? playbook_named(choice->list, count, name) : NULL;
    const struct playbook *earlier = playbook_named(choice->list, count, before);
    playbooks_values(turn, playbook, &choice->now);
    playbooks_values(turn, earlier, &choice->before);
    playbook_fill(&choice->now.form, form, &choice->before.form, &follow->put);
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (follow->put.typed[i] != NULL)
            form->typed[i] = form_fields_meant((enum field)i, follow->put.typed[i]);
    }
    playbooks_values(turn, NULL, &choice->before);
    follow->more = form_rare_differs(form, &choice->before.form);
    follow->playbook = playbook != NULL ? playbook->name : "";
    follow->way = playbook != NULL ? (unsigned)(playbook - choice->list) + 1 : 0;
    if (playbook != NULL)
        choose_authorization(turn, user, playbook, earlier, form, follow, choice);
}

void playbook_choice_free(struct playbook_choice *choice)
{
    free(choice->list);
    free(choice->usable);
    free(choice->label);
}
