/* The sections of which cards, details and messages to the requester are put together. */
#ifndef CPPO_VIEWS_SECTIONS_H
#define CPPO_VIEWS_SECTIONS_H

#include <jansson.h>

#include "text.h"
#include "views/card_facts.h"

/* Append ${markup} as a section; or, line by line, as many as it needs. Both empty it. */
void sections_add_markup(json_t *blocks, struct text *markup);
void sections_add_markup_lines(json_t *blocks, struct text *lines);

/* How the request stands. */
const char *sections_label(const struct card *card);

/* Their name: a mention would notify them of what they did themselves. */
void sections_add_requester(struct text *line, const struct card *card);

/* What cards and details begin with: number and title, state, revision, requester. Then, where
 * there is anything to say: what was checked; what it is a copy of, and what is changed in it; what
 * changed since the last revision; who must approve, and who did; what they said with it, but for
 * what the last move says; that last decision, refusal or failure. */
void sections_add_heading(json_t *blocks, const struct card *card);
/* On the card, what passed is one line, in which only AWS's own verdicts are named. */
void sections_add_checks_brief(json_t *blocks, const struct card *card);
void sections_add_checks(json_t *blocks, const struct card *card);
void sections_add_changes(json_t *blocks, const struct card *card);
void sections_add_copied(json_t *blocks, const struct card *card);
void sections_add_votes(json_t *blocks, const struct card *card);
void sections_add_comments(json_t *blocks, const struct card *card);
void sections_add_last_move(json_t *blocks, const struct card *card);

/* What stands for the whole on phones and for screen readers, on the heap: which request, and how
 * it stands; and with what there is to decide: who asks, markup, price, accept-by date. */
char *sections_fallback(const struct card *card);
char *sections_decision(const struct card *card);
/* Such a text is read as mrkdwn in notifications: escaped here. */
json_t *sections_message(const char *text, json_t *blocks);

#endif
