/* The card of a request, and the form by which it is approved. Pure: structs in, JSON out. As all
 * messages of views/ they are new references to {"text": fallback, "blocks": [...]} within Slack's
 * limits (50 blocks, 3000 code points a section); user text is escaped or in plain_text objects. */
#ifndef CPPO_VIEWS_CARD_H
#define CPPO_VIEWS_CARD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "views/card_facts.h"

/* Buttons by state: pending: approve (confirm dialog naming customer, buyers, price), reject,
 * request_changes, a menu with approve_comment, details, edit, withdraw; approved: withdraw,
 * details; publishing: withdraw, while AWS has it not; changes_requested: edit, withdraw; failed:
 * retry (only request->can_retry), edit, withdraw; always details. Their value names the request,
 * the revision and what it holds (offers/reference.h). */
json_t *card_message(const struct card *card);

/* The text that a decision covers: the card's facts as plain lines, stored and hashed with it. */
char *card_plain(const struct card *card);

/* The form that shows all that the card does (callback id `approve_form`), with room for a comment
 * (block `comment`); sending it is the approval that the button is for, which ${origin} names: it
 * goes into private_metadata (views/form.h). */
json_t *card_approval(const struct card *card, const char *origin);

/* The same for who approves alone in an emergency (callback id `break_glass_form`): the comment is
 * a reason, ${reason} as far as it was typed already, and must be given. */
json_t *card_break_glass(const struct card *card, const char *origin, const char *reason);

#endif
