/* Fields of the form that come and go. */
#ifndef CPPO_VIEWS_FORM_FIELDS_H
#define CPPO_VIEWS_FORM_FIELDS_H

#include <jansson.h>
#include <stdbool.h>

/* What Slack takes as the first value of an address, else NULL: it refuses the whole form for one
 * that it does not take. */
const char *form_fields_url(const char *typed);

/* The field for the address of an EULA of our own; ${url}: NULL for none. */
json_t *form_fields_eula_url(const char *url);

/* The form has the field for the EULA's address only with an EULA of our own. ${view}: the
 * form as Slack sends it (slack_view); the same with that field, or without, to be shown in its
 * place: what was typed stays, and comes back with the field. NULL when there is nothing to change,
 * or it is not the form. */
bool form_has_eula_url(const json_t *view);
json_t *form_with_eula_url(const json_t *view, bool shown);

#endif
