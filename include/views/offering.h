/* What a new offer shows of itself: the views' part of its row, where offers/kind.h has the
 * contract of each under its last word. */
#ifndef CPPO_VIEWS_OFFERING_H
#define CPPO_VIEWS_OFFERING_H

#include <jansson.h>

#include "offers/kind.h"
#include "text.h"
#include "views/card.h"

extern const struct kind_words offering_words;

void offering_title(const struct request *offer, struct text *title);
void offering_listed(const struct request *offer, bool decide, struct text *line);
/* ${internal}: with what the buyer must not know. */
void offering_add_facts(json_t *blocks, const struct card *card, bool internal);
void offering_inside(json_t *blocks, const struct card *card);
char *offering_brief(const struct card *card);
char *offering_plain(const struct card *card);
char *offering_question(const struct card *card);
void offering_progress(json_t *blocks, const struct card *card);
const char *offering_next(const struct card *card);
/* Where the buyer's link is, when it is not sure: more of ${line}. */
void offering_link_hint(struct text *line, const struct card *card);
void offering_link(struct text *line, const struct card *card);
void offering_news(json_t *blocks, const struct card *card);

#endif
