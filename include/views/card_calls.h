/* What calls the approvers, in the thread of a card. */
#ifndef CPPO_VIEWS_CARD_CALLS_H
#define CPPO_VIEWS_CARD_CALLS_H

#include <jansson.h>

#include "text.h"
#include "views/card_facts.h"

/* Why they are called. */
struct card_call {
    const char *name; /* stored while it waits to be said: it stays what it is */
    /* The words between the number and the mention: "was sent again: ", markup. */
    void (*words)(const struct card *card, struct text *line);
};
extern const struct card_call sent_again_call, failed_call;
extern const struct card_call vote_call;          /* another one is missing */
extern const struct card_call authorization_call; /* it cannot be used any more */
/* To ${mention} (markup). */
json_t *card_call_message(const struct card *card, const struct card_call *why,
                          const char *mention);

#endif
