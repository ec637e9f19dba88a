/* What is shown of a request that is approved and waits: for its undo window, for the time that was
 * set for it, or for whoever holds it. */
#ifndef CPPO_VIEWS_TIMING_VIEW_H
#define CPPO_VIEWS_TIMING_VIEW_H

#include <jansson.h>

#include "text.h"
#include "views/card_facts.h"

/* How it stands, and the sign before that; its state's, where nobody holds it. */
const char *timing_view_label(const struct request *request);
const char *timing_view_sign(const struct request *request);

/* What it waits for, and how that ends: markup, on the heap; NULL: nothing. */
char *timing_view_words(const struct request *request);
/* The same, and of what is not approved yet the time that is set for it. */
char *timing_view_plan(const struct request *request);
/* " · set for Dec 1st at 9:00", in a list. */
void timing_view_add_listed(struct text *line, const struct request *request);
/* Why it is held, plain, "" where they did not say; NULL: nobody holds it. */
const char *timing_view_reason(const struct request *request);

/* Schedule, as long as it is not out; Hold while it waits, and Release now while it is held, for
 * whoever ${may}; and what the one who requested it may of these. */
void timing_view_add_buttons(json_t *buttons, const struct card *card, const char *value,
                             unsigned may);
unsigned timing_view_own(const struct request *request);

#endif
