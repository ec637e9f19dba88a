/* The fields of the form that are seldom changed: they stand behind "More", and until that is
 * pressed their values are kept beside the form. Pure. */
#ifndef CPPO_VIEWS_FORM_RARE_H
#define CPPO_VIEWS_FORM_RARE_H

#include <jansson.h>
#include <stdbool.h>

#include "offers/content.h"

#define FORM_MORE "more" /* block and action of the button */

bool form_rare_is(enum field field);

/* Is there more to see than what the form proposes itself? The authorization's own term is no other
 * than the usual one: which it is follows from the authorization. */
bool form_rare_differs(const struct form *form, const struct form *usual);

/* Can the values wait beside the form, or are they too long? */
bool form_rare_fits(const struct form *form);

/* The fields themselves, blocks in an array; and what stands in their place: the button, and what
 * is behind it. */
json_t *form_rare_blocks(const struct form *form);
json_t *form_rare_closed(const struct form *form);

/* Kept in the form's metadata, taken from there (borrowed), and dropped. */
void form_rare_keep(json_t *metadata, const struct form *form);
void form_rare_read(const json_t *metadata, struct form *form);
void form_rare_drop(json_t *metadata);

/* The field for the address of an EULA of our own; ${url}: NULL for none. */
json_t *form_rare_eula_url(const char *url);

/* What Slack takes as the first value of an address, else NULL: it refuses the whole form for one
 * that it does not take. */
const char *form_rare_url(const char *typed);

#endif
