/* What the form shows below its fields of what follows from what was typed. Pure; mrkdwn on the
 * heap. */
#ifndef CPPO_VIEWS_FORM_FACTS_H
#define CPPO_VIEWS_FORM_FACTS_H

#include "offers/authorization.h"
#include "offers/terms.h"

/* Of the chosen authorization: product, whom it is for, until when and how often it can be used,
 * what the ISV charges us, and its terms. ${why}: why it cannot be used, to continue "This
 * authorization ..."; NULL: it can. */
char *form_facts_authorization(const struct authorization *authorization, const struct terms *terms,
                               const char *why);

#endif
