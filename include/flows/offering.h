/* A new offer, or other content for one, as it is typed: whatever door it comes by (a form, a file,
 * a copy, an interface), it is read and checked here, and then requested like anything else
 * (flows/requesting.h). And what the common flows ask of offers: the row offer_kind. */
#ifndef CPPO_FLOWS_OFFERING_H
#define CPPO_FLOWS_OFFERING_H

#include "engine/turn.h"
#include "flows/requesting.h"
#include "offers/content.h"
#include "offers/reference.h"

struct offering {
    const char *person;
    const char *by;          /* as in struct asked */
    const char *id;          /* ... */
    struct reference shown;  /* ... */
    struct reference copied; /* ... */
    struct form form;        /* as typed */
};

/* REQUEST_ERRORS: ${errors} say what is wrong with which field. */
struct requested offering_take(struct turn *turn, const struct offering *offering,
                               struct form_errors *errors);

#endif
