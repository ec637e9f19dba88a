/* What the requester is told of a request, in direct messages. */
#ifndef CPPO_VIEWS_NOTICE_H
#define CPPO_VIEWS_NOTICE_H

#include <jansson.h>

#include "views/card_facts.h"

/* To the requester: its state, who did what and why, what can be done now; with the buttons
 * that help (edit, retry, withdraw, details). */
json_t *notice_message(const struct card *card);
/* An earlier one, brought to the present: a newer message has the rest. */
json_t *notice_old(const struct card *card);
/* One to a former requester: it is somebody else's now. */
json_t *notice_handed_over(const struct card *card);

#endif
