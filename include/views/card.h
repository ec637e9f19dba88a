/* The card of a request, and other messages that show one. Pure: structs in, JSON out. All
 * functions return a new reference to a JSON object {"text": fallback, "blocks": [...]} within
 * Slack's limits (50 blocks, 3000 code points a section); user text is escaped or in plain_text
 * objects. */
#ifndef CPPO_VIEWS_CARD_H
#define CPPO_VIEWS_CARD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "views/card_facts.h"

/* Buttons by state: pending: approve (confirm dialog naming customer, buyers, price), reject,
 * request_changes, details, edit, withdraw; approved: withdraw, details; changes_requested: edit,
 * withdraw; failed: retry (only request->can_retry), edit, withdraw; always details. Their value
 * names the request, the revision and what it holds (offers/reference.h). */
json_t *card_message(const struct card *card);

/* The text that a decision covers: the card's facts as plain lines, stored and hashed with it. */
char *card_plain(const struct card *card);

/* The form that shows all that the card does (callback id `approve_form`); sending it is the
 * approval that the button stands for, which ${origin} names: it goes into private_metadata
 * (views/form.h). */
json_t *card_approval(const struct card *card, const char *origin);

/* For requester, approvers and operators: everything, with the history (oldest first) and the
 * buttons of what they may. */
json_t *card_details(const struct card *card, const struct move *moves, size_t count, unsigned may);

/* The same as a modal (callback id `details`), the history by pages, which the buttons `history`
 * and `history_newest` turn: their value is "<number>.<how many of the newest moves are skipped>".
 */
enum { HISTORY_PAGE = 20 };
struct history {
    const struct move *moves; /* the oldest of the page first */
    size_t count;
    size_t skipped;
    bool older; /* there are older ones */
};
json_t *card_modal(const struct card *card, const struct history *history, unsigned may);

/* In the announcements channel: customer, offer name, buyers, accept-by, buyer's link, and at last
 * what became of it. Never markup, wholesale price, margin or note. */
json_t *card_announcement(const struct card *card);

/* Why the approvers are called, in the thread of the card. */
struct card_call {
    const char *name; /* stored while it waits to be said: it stays what it is */
    /* What stands between the number and who is mentioned: "was sent again: ", markup. */
    void (*words)(const struct card *card, struct text *line);
};
extern const struct card_call sent_again_call, failed_call;
extern const struct card_call vote_call;          /* another one is missing */
extern const struct card_call authorization_call; /* it cannot be used any more */
/* To ${mention} (markup). */
json_t *card_reply(const struct card *card, const struct card_call *why, const char *mention);

/* To the requester: how it stands, who did what and why, what can be done now; with the buttons
 * that help (edit, retry, withdraw, details). */
json_t *card_notice(const struct card *card);
/* An earlier one, brought to the present: a newer message has the rest. */
json_t *card_old_notice(const struct card *card);
/* One to a former requester: it is somebody else's now. */
json_t *card_handed_over_notice(const struct card *card);

#endif
