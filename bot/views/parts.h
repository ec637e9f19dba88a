/* What the views share. */
#ifndef CPPO_VIEWS_PARTS_H
#define CPPO_VIEWS_PARTS_H

#include <jansson.h>

#include "views/card.h"

/* The value of every button of an offer (offers/reference.h). */
enum { BUTTON_VALUE = OFFER_REFERENCE };
void button_value(const struct offer *offer, char value[BUTTON_VALUE]);

/* The buttons that ${offer} allows now; ${decide}: with those of the approvers. */
json_t *offer_buttons(const struct card *card, bool decide);

/* The buyers, separated by ", ". On the heap. */
char *buyers_line(const struct content *content);

/* The facts as an array of blocks is extended by them. */
void add_facts(json_t *blocks, const struct card *card, bool internal);

/* "Mia approved CPPO-12 (Nov 23, 20:03): why". Markup, on the heap. */
char *move_line(const struct move *move);

/* What the customer pays, a line each; "" when it is not known. How long it runs. All that must be
 * read before an approval, whole, with what the checks warn of. On the heap, plain text. */
char *amounts_text(const struct card *card);
char *term_text(const struct card *card);
char *approval_text(const struct card *card);

/* ${lines} (plain, separated by newlines) below ${heading} (mrkdwn), in as many sections as it
 * takes. */
enum { SECTION_POINTS = 2800 };
void add_lines(json_t *blocks, const char *heading, const char *lines);

#endif
