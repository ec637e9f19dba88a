/* What the announcements channel reads of an offer. */
#ifndef CPPO_VIEWS_ANNOUNCEMENT_H
#define CPPO_VIEWS_ANNOUNCEMENT_H

#include <jansson.h>

#include "views/card_facts.h"

/* In the announcements channel: customer, offer name, buyers, accept-by, buyer's link, and at last
 * what became of it. Never markup, wholesale price, margin or note. */
json_t *announcement_message(const struct card *card);

#endif
