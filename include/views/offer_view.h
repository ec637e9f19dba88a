/* What a new offer shows of itself: the views' part of its row, where offers/kind.h has the
 * contract of each under its last word. */
#ifndef CPPO_VIEWS_OFFER_VIEW_H
#define CPPO_VIEWS_OFFER_VIEW_H

#include <jansson.h>

#include "offers/kind.h"
#include "text.h"
#include "views/card.h"

extern const struct kind_words offer_view_words;

void offer_view_title(const struct request *offer, struct text *title);
void offer_view_listed(const struct request *offer, bool decide, struct text *line);
/* ${internal}: with what the buyer must not know. */
void offer_view_add_facts(json_t *blocks, const struct card *card, bool internal);
void offer_view_glance(json_t *blocks, const struct card *card);
void offer_view_inside(json_t *blocks, const struct card *card);
char *offer_view_agreed(const struct request *offer);
char *offer_view_brief(const struct card *card);
char *offer_view_plain(const struct card *card);
char *offer_view_question(const struct card *card);
void offer_view_progress(json_t *blocks, const struct card *card);
const char *offer_view_next(const struct card *card);
/* Where the buyer's link is, when it is not sure: more of ${line}. */
void offer_view_link_hint(struct text *line, const struct card *card);
void offer_view_link(struct text *line, const struct card *card);
void offer_view_news(json_t *blocks, const struct card *card);

#endif
