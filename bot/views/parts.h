/* What views of a request are made of: its buttons, what its kind shows, and single lines. */
#ifndef CPPO_VIEWS_PARTS_H
#define CPPO_VIEWS_PARTS_H

#include <jansson.h>

#include "offers/kind.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/card_facts.h"

/* The value of every button of a request (offers/reference.h). */
enum { BUTTON_VALUE = REFERENCE_TEXT };
void parts_button_value(const struct request *request, char value[BUTTON_VALUE]);

/* The buttons that the request allows now to somebody who ${may}. */
json_t *parts_buttons(const struct card *card, unsigned may);
/* Those by which an approver says no, which open forms: how many, with ${value}, which is borrowed.
 */
enum { PARTS_REFUSING = 2 };
size_t parts_refusing(const struct request *request, const char *value,
                      struct block_button buttons[PARTS_REFUSING]);

/* What its kind has to show: what it is called, the facts, what goes on and what became of it. */
void parts_add_title(struct text *line, const struct request *request);
void parts_add_facts(json_t *blocks, const struct card *card);
void parts_add_glance(json_t *blocks, const struct card *card);
void parts_add_progress(json_t *blocks, const struct card *card);

/* One fact among ${fields}; and a line of plain text of its own, unless it is "". */
void parts_add_fact(json_t *fields, const char *label, const char *value);
void parts_add_plain(json_t *blocks, const char *label, const char *text);

/* ${lines} (plain, separated by newlines) below ${heading} (mrkdwn), in as many sections as it
 * takes. */
enum { SECTION_POINTS = 2800 };
void parts_add_lines(json_t *blocks, const char *heading, const char *lines);

/* Whoever did something. */
void parts_add_actor(struct text *line, const struct actor *actor);
/* "Approved by Mia (Nov 23, 20:03): why". Markup, on the heap. */
char *parts_move_line(const struct request_kind *kind, const struct move *move);

#endif
