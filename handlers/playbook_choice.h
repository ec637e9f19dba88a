/* A playbook is chosen: what that puts into the form. */
#ifndef CPPO_HANDLERS_PLAYBOOK_CHOICE_H
#define CPPO_HANDLERS_PLAYBOOK_CHOICE_H

#include "flows/playbooks.h"
#include "views/form_fields.h"

/* Room for what it puts there. */
struct playbook_choice {
    struct playbook *list; /* that the person may use */
    struct authorization *usable;
    struct playbook_values now, before;
    char last[AUTHORIZATION_ID];
    char *label;
};

/* The only one whose name holds ${part}; NULL when there is none, or more. */
const struct authorization *playbook_choice_only(const struct authorization *usable, size_t count,
                                                 const char *part);

/* ${user} chose the playbook that stands in ${form}, or none, where the form was filled in with
 * ${before}. Whatever nobody typed becomes its values, in ${form} and in what ${follow} puts. */
void playbook_choice_make(struct turn *turn, const char *user, const char *before,
                          struct form *form, struct form_follow *follow,
                          struct playbook_choice *choice);
void playbook_choice_free(struct playbook_choice *choice);

#endif
