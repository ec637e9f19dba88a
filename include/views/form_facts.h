/* What the form shows below its fields of what follows from what was typed. Pure; mrkdwn on the
 * heap. */
#ifndef CPPO_VIEWS_FORM_FACTS_H
#define CPPO_VIEWS_FORM_FACTS_H

#include "offers/authorization.h"
#include "offers/decimal.h"
#include "offers/playbook.h"
#include "offers/terms.h"

/* Of the chosen authorization: product, whom it is for, until when and how often it can be used,
 * what the ISV charges us, and its terms. ${why}: why it cannot be used, to continue "This
 * authorization ..."; NULL: it can. */
char *form_facts_authorization(const struct authorization *authorization, const struct terms *terms,
                               const char *why);

/* Of the markup or price that stands in its field: what the customer pays, and our margin, line by
 * line; or what is wrong with it. NULL when nothing stands there. */
struct form_limits {
    struct decimal cap;   /* the most that may be asked for */
    const char *expected; /* what the customer's unit price should come to; "": nothing */
    const char *currency; /* of that */
};
char *form_facts_prices(const char *typed, const struct terms *terms,
                        const struct form_limits *limits);

/* Of the chosen playbook: what stands in the form otherwise. */
char *form_facts_playbook(const struct playbook *playbook, const struct form *form,
                          const struct authorization *authorization);

#endif
