/* What an approver asks to be changed, by the fields that it is about. They just write: a line that
 * begins with a field and a colon, "Markup: 28 at least", is about that field. */
#ifndef CPPO_OFFERS_REMARKS_H
#define CPPO_OFFERS_REMARKS_H

#include "offers/content.h"

/* What ${remarks} say of this field, its lines in their order; NULL: nothing. A field is named as
 * the form has it, by its key, or by the beginning of its name ("Buyer:"), in whatever case. On
 * the heap. */
char *remarks_at(const char *remarks, enum field field);

#endif
