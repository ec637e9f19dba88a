/* Mentions of the approvers in the thread of a card: Slack notifies of these. */
#ifndef CPPO_VIEWS_CARD_MENTIONS_H
#define CPPO_VIEWS_CARD_MENTIONS_H

#include <jansson.h>

#include "text.h"
#include "views/card_facts.h"

/* Why they are mentioned. */
struct card_mention {
    const char *name; /* stored while it waits to be said: it stays what it is */
    /* The words between the number and the mention: "was sent again: ", markup. */
    void (*words)(const struct card *card, struct text *line);
};
extern const struct card_mention sent_again_mention, failed_mention;
extern const struct card_mention vote_mention;          /* another one is missing */
extern const struct card_mention ruled_mention;         /* its rule is known now */
extern const struct card_mention authorization_mention; /* it cannot be used any more */
extern const struct card_mention reminder_mention;      /* it still waits for them */
extern const struct card_mention nudge_mention;         /* and somebody asks for it now */
/* To ${mention} (markup). */
json_t *card_mention_message(const struct card *card, const struct card_mention *why,
                             const char *mention);

#endif
