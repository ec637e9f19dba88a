/* What follows `/cppo new`: key=value, for fields of the form. */
#ifndef CPPO_OFFERS_PAIRS_H
#define CPPO_OFFERS_PAIRS_H

#include "offers/content.h"
#include "text.h"

/* By field what was given, NULL where nothing was; and what could not be used, a sentence a line in
 * plain words. Owned: pairs_free. */
struct pairs {
    char *typed[FIELD_COUNT];
    struct text notice;
};

/* Read ${line}. A value ends at a space, or stands between double quotes (also the curly ones of
 * phones); term takes 10, 5, 3 or 1 year, too; of two values for one field the last counts. Reading
 * ends at what is no pair. */
void pairs_read(struct pairs *pairs, const char *line);
void pairs_free(struct pairs *pairs);

#endif
