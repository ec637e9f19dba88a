/* What the views share. */
#ifndef CPPO_VIEWS_PARTS_H
#define CPPO_VIEWS_PARTS_H

#include <jansson.h>

#include "offers/kind.h"
#include "text.h"
#include "views/card_facts.h"

/* The value of every button of a request (offers/reference.h). */
enum { BUTTON_VALUE = REFERENCE_TEXT };
void parts_button_value(const struct request *offer, char value[BUTTON_VALUE]);

/* The buttons that the request allows now to somebody who ${may}. */
json_t *parts_buttons(const struct card *card, unsigned may);
/* Those by which an approver says no; they open forms. */
void parts_add_refusing(json_t *buttons, const struct request *offer, const char *value);

/* What its kind has to show: what it is called, the facts, what goes on and what became of it. */
void parts_add_title(struct text *line, const struct request *offer);
void parts_add_facts(json_t *blocks, const struct card *card);
void parts_add_progress(json_t *blocks, const struct card *card);

/* One fact among ${fields}; and a line of plain text of its own, unless it is "". */
void parts_add_fact(json_t *fields, const char *label, const char *value);
void parts_add_plain(json_t *blocks, const char *label, const char *text);

/* "Approved by Mia (Nov 23, 20:03): why". Markup, on the heap. */
char *parts_move_line(const struct request_kind *kind, const struct move *move);

/* Until when it can be accepted, as AWS holds it; and in words, on the heap. */
const char *aftermath_accept_by(const struct card *card);
char *aftermath_accept_by_text(const struct card *card);
/* Who accepted it, and what became of that. */
void aftermath_add(json_t *blocks, const struct card *card);

/* ${lines} (plain, separated by newlines) below ${heading} (mrkdwn), in as many sections as it
 * takes. */
enum { SECTION_POINTS = 2800 };
void parts_add_lines(json_t *blocks, const char *heading, const char *lines);

/* Append ${markup} as a section; or, line by line, as many as it needs. Both empty it. */
void sections_add_markup(json_t *blocks, struct text *markup);
void sections_add_markup_lines(json_t *blocks, struct text *lines);

/* How the request stands. */
const char *sections_label(const struct card *card);

/* Whoever did something. */
void parts_add_actor(struct text *line, const struct actor *actor);

/* Their name: a mention would notify them of what they did themselves. */
void sections_add_requester(struct text *line, const struct card *card);

/* What cards and details begin with: number and title, state, revision, requester. Then, where
 * there is anything to say: what was checked; what changed since the last revision; who must
 * approve, and who did; the last decision, refusal or failure. */
void sections_add_heading(json_t *blocks, const struct card *card);
void sections_add_checks(json_t *blocks, const struct card *card);
void sections_add_changes(json_t *blocks, const struct card *card);
void sections_add_votes(json_t *blocks, const struct card *card);
void sections_add_last_move(json_t *blocks, const struct card *card);

/* What stands for the whole on phones and for screen readers, on the heap: which request, and how
 * it stands; and with what there is to decide: who asks, markup, price, accept-by date. */
char *sections_fallback(const struct card *card);
char *sections_decision(const struct card *card);
/* Such a text is read as mrkdwn in notifications: escaped here. */
json_t *sections_message(const char *text, json_t *blocks);

#endif
