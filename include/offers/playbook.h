/* Playbooks: named presets of the configuration, by which the form is filled in. An offer keeps the
 * name of its own, so that whoever decides sees what it does otherwise. Pure. */
#ifndef CPPO_OFFERS_PLAYBOOK_H
#define CPPO_OFFERS_PLAYBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "offers/authorization.h"
#include "offers/content.h"
#include "text.h"

/* Its texts are the configuration's. */
struct playbook {
    const char *name;
    const char *authorization; /* a part of the names of those that it goes with; "": any */
    const char *list;          /* whose members may use it; "": whoever may request */
    const char *price;         /* per unit, that the customer is to pay; "": it names none */
    int days;                  /* the buyer has to accept; 0: as without it */
    struct form form;          /* what it puts into fields, but for those two; NULL: nothing */
};

/* The one of that name, in any case; NULL: there is none. */
const struct playbook *playbook_named(const struct playbook *list, size_t count, const char *name);

/* Does it go with the authorization of this name? */
bool playbook_covers(const struct playbook *playbook, const char *authorization);

/* Where the form holds what nobody typed, which is nothing or what ${before} says (what it was
 * filled in with), ${into} gets what is to stand there now: ${values}, or "" where these have none.
 * What is so already, or was typed, is NULL there. */
void playbook_fill(const struct form *values, const struct form *now, const struct form *before,
                   struct form *into);

/* What an offer does otherwise: "markup 25 % instead of 20 %, term 5 years instead of 10 years",
 * "" when nothing. Of an offer's content, or of a form, where an empty field says nothing.
 * ${authorization}: the one it is made from, NULL where it is not known. Plain, on the heap. */
char *playbook_differences(const struct playbook *playbook, const struct form *form,
                           const struct authorization *authorization);

#endif
