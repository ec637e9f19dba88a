/* What follows `/cppo new`: key=value, for fields of the form. */
#ifndef CPPO_OFFERS_PAIRS_H
#define CPPO_OFFERS_PAIRS_H

#include "offers/content.h"
#include "text.h"

/* By field what was given, NULL where nothing was; and what could not be used, or was understood in
 * a way that is worth a word, a sentence a line in plain words. Owned: pairs_free. */
struct pairs {
    char *typed[FIELD_COUNT];
    struct text notice;
};

/* Read ${line}. Keys in any case, with a hyphen or an underscore, blanks around the sign as people
 * like; a value ends at a blank, or is enclosed in quotation marks of any kind. More words behind a
 * customer, name, note or list of buyers belong to it. Term takes years, 10, 5, 3 or 1, too. Of two
 * values for one field the last counts, and that is said. A word that is not understood costs that
 * word alone. */
void pairs_read(struct pairs *pairs, const char *line);
void pairs_free(struct pairs *pairs);

#endif
