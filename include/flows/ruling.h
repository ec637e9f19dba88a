/* By which rule a request is approved: chosen when a revision is sent, by the facts of that moment,
 * and kept with it whatever becomes of the configuration. */
#ifndef CPPO_FLOWS_RULING_H
#define CPPO_FLOWS_RULING_H

#include <stdbool.h>

#include "engine/turn.h"
#include "offers/request.h"

/* What the rules of the configuration say of a request, as everything is now. */
struct ruling {
    bool open;  /* not to be said yet: prices, or the lists of its requester, are not known */
    char *rule; /* as it is stored (offers/rule.h) */
    char *why;  /* the facts that met it, and what was passed over, in lines */
};

/* Asked without a trace. ${by_book}: of people, what was read at any time is enough; and an
 * approval that a rule gave it by itself today does not count against it. */
struct ruling ruling_of(struct turn *turn, const struct request *request, bool by_book);
void ruling_free(struct ruling *ruling);

/* Its current revision was sent: choose a rule and keep it, in the book and in ${request}. Where no
 * rules are configured, nothing is done. */
void ruling_fix(struct turn *turn, struct request *request);

/* Why it cannot be approved by its rule, in words for who tries; on the heap, NULL: it can. */
char *ruling_obstacle(struct turn *turn, const struct request *request);

#endif
