/* Words behind `/cppo new` that have no key: some say by their look what they are. */
#ifndef OFFERS_BARE_H
#define OFFERS_BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/content.h"

struct bare {
    enum field field;
    char *value; /* on the heap */
    size_t size; /* the bytes read, with brackets, commas and the like around them */
};

/* What stands at ${at}, the beginning of a word: a markup ("25%", or the price
 * that stands for one, "0.0125 USD"), account ids ("1111-2222-3333"),
 * the last day to accept ("2026-12-31", or "60 days" after ${today}), a term ("3 years"). False,
 * and nothing in ${bare}, where it is none of these. */
bool bare_read(const char *at, int32_t today, struct bare *bare);
/* May this word be one of a customer's name? It has a letter, and no sign of a key. */
bool bare_is_name(const char *at);

#endif
