/* The form while somebody fills it in: what stands in it, and the same form with what follows from
 * that. ${view} is always a form as Slack sends it (slack_view). */
#ifndef CPPO_VIEWS_FORM_FIELDS_H
#define CPPO_VIEWS_FORM_FIELDS_H

#include <jansson.h>
#include <stdbool.h>

#include "offers/content.h"

/* What Slack takes as the first value of an address, else NULL: it refuses the whole form for one
 * that it does not take. */
const char *form_fields_url(const char *typed);

/* The field for the address of an EULA of our own; ${url}: NULL for none. */
json_t *form_fields_eula_url(const char *url);

/* The block of words (mrkdwn) below a field. */
json_t *form_fields_words(enum field field, const char *markup);

/* The id of a field's block: its name; or, once another value was put into it, its name and a
 * number, "term.2", by which Slack knows that the value is not what was typed. NULL: the form does
 * not show it. Borrowed. */
const char *form_fields_block(const json_t *view, enum field field);

/* What stands in the form, by its state. Borrowed from ${view}. */
void form_fields_read(const json_t *view, struct form *form);

/* Words (mrkdwn) below fields, owned; NULL: none. */
struct form_words {
    char *below[FIELD_COUNT];
};
void form_words_free(struct form_words *words);

/* What the form is to show now. */
struct form_follow {
    bool own_eula;    /* it asks for the address of an EULA */
    const char *term; /* another choice than what stands there; NULL: leave it */
    struct form_words words;
};

/* The form to be shown in place of ${view}: what was typed stays, and what was typed into a field
 * that goes comes back with it. NULL: ${view} is not the form. */
json_t *form_fields_follow(const json_t *view, const struct form_follow *follow);

#endif
