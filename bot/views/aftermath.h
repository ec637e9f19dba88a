/* What became of an offer after its release, as AWS tells it. */
#ifndef CPPO_VIEWS_AFTERMATH_H
#define CPPO_VIEWS_AFTERMATH_H

#include <jansson.h>

#include "views/card_facts.h"

/* Until when it can be accepted, as AWS holds it; and in words, on the heap. */
const char *aftermath_accept_by(const struct card *card);
char *aftermath_accept_by_text(const struct card *card);
/* Who accepted it, and what became of that. */
void aftermath_add(json_t *blocks, const struct card *card);

#endif
