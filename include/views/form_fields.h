/* The form while somebody fills it in: what stands in it, and the same form with what follows from
 * that. ${view} is always a form as Slack sends it (slack_view). */
#ifndef CPPO_VIEWS_FORM_FIELDS_H
#define CPPO_VIEWS_FORM_FIELDS_H

#include <jansson.h>
#include <stdbool.h>

#include "offers/content.h"

/* The block of words (mrkdwn) below a field. */
json_t *form_fields_words(enum field field, const char *markup);

/* The id of a field's block: its name; or, once another value was put into it, its name and a
 * number, "term.2", by which Slack knows that the value is not what was typed. NULL: the form does
 * not show it. Borrowed. */
const char *form_fields_block(const json_t *view, enum field field);

/* What stands in the form, by its state, and what is kept of the fields behind "More". Borrowed
 * from ${view}, and from what is returned: a reference of the caller's, or NULL. */
json_t *form_fields_read(const json_t *view, struct form *form);
/* Are these fields (views/form_rare.h) not shown? */
bool form_fields_closed(const json_t *view);
/* What stands in a field where this is chosen; NULL: nothing. */
const char *form_fields_meant(enum field field, const char *value);
#define FORM_NO_PLAYBOOK "-" /* the option for none */

/* Words (mrkdwn) below fields, owned; NULL: none. */
struct form_words {
    char *below[FIELD_COUNT];
};
void form_words_free(struct form_words *words);

/* What the form is to show now. */
struct form_follow {
    bool more;       /* what is behind "More" comes out */
    bool own_eula;   /* it asks for the address of an EULA */
    struct form put; /* other values than what stands there, "" for none; NULL: leave it */
    const char *authorization; /* how that one reads which is put */
    const char *playbook;      /* the form is filled in with it, "" with none; NULL: as it was */
    unsigned way; /* of several values that may be put into the same form: under ids of their own */
    struct form_words words;
};

/* The form to be shown in place of ${view}: what was typed stays, and what was typed into a field
 * that goes comes back with it. NULL: ${view} is not the form. */
json_t *form_fields_follow(const json_t *view, const struct form_follow *follow);

#endif
