/* Fields of the form that come and go. */
#ifndef CPPO_VIEWS_FORM_FIELDS_H
#define CPPO_VIEWS_FORM_FIELDS_H

#include <jansson.h>

/* What Slack takes as the first value of an address, else NULL: it refuses the whole form for one
 * that it does not take. */
const char *form_fields_url(const char *typed);

/* The field for the address of an EULA of our own; ${url}: NULL for none. */
json_t *form_fields_eula_url(const char *url);

#endif
