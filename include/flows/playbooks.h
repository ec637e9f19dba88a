/* Playbooks (offers/playbook.h): whose they are, what they fill in, and whether an offer keeps to
 * its own. */
#ifndef CPPO_FLOWS_PLAYBOOKS_H
#define CPPO_FLOWS_PLAYBOOKS_H

#include "engine/turn.h"
#include "offers/checks.h"
#include "offers/date.h"
#include "offers/playbook.h"

/* Those that ${user} may use, by what was read of their list last; the caller frees *${list}. */
size_t playbooks_usable(struct turn *turn, const char *user, struct playbook **list);

/* That of an offer; NULL: it has none, or one that is not configured any more. */
const struct playbook *playbooks_get(struct turn *turn, const struct content *content);

/* What the form proposes; its texts, with room for those that are made here. */
struct playbook_values {
    struct form form;
    char accept_by[DATE_TEXT];
    char markup[DECIMAL_TEXT];
};
/* By the configuration, and over that by ${playbook} (NULL: none): all but the authorization. */
void playbooks_values(struct turn *turn, const struct playbook *playbook,
                      struct playbook_values *values);

/* Does an offer keep to its playbook? Fills one check, or none; returns how many. */
size_t playbooks_check(struct turn *turn, const struct content *content,
                       const struct authorization *authorization, struct check *check);

/* What the customer's unit price should be, by the playbook or else for all offers; "": nothing. */
const char *playbooks_price(struct turn *turn, const struct playbook *playbook);

#endif
