/* What follows `/cppo new`, for fields of the form: key=value, or words that say by their look what
 * they are. */
#ifndef CPPO_OFFERS_PAIRS_H
#define CPPO_OFFERS_PAIRS_H

#include "offers/content.h"
#include "offers/playbook.h"
#include "text.h"

/* By field what was given, NULL where nothing was; and what could not be used, or was understood in
 * a way that is worth a word, a sentence a line in plain words. Owned: pairs_free. */
struct pairs {
    char *typed[FIELD_COUNT];
    struct text notice;
};

/* What may be meant. */
struct pairs_known {
    int32_t today;
    const struct playbook *playbooks; /* before the customer, the name of one stands for it */
    size_t playbook_count;
};

/* Read ${line}, in any order. Without a key: "25%" is a markup, "0.0125 USD" the price that stands
 * for one (as does price=), some twelve digits are a buyer's account, "60d", "8 weeks" (counted
 * from today) or a date is the last day to accept, "3 years" the term, and the first words that
 * are none of these name the customer, which is said where they might have been meant otherwise.
 * Keys in any case, with a hyphen or an underscore, blanks around the sign as people like; a value
 * ends at a blank, or is enclosed in quotation marks of any kind. More words behind a customer,
 * name, note or list of buyers belong to it. Term takes years, 10, 5, 3 or 1, too. Of two values
 * for one field the last counts, and that is said; accounts without a key become one list. A word
 * that is not understood costs that word alone. */
void pairs_read(struct pairs *pairs, const char *line, const struct pairs_known *known);
void pairs_free(struct pairs *pairs);

/* Such a line from what a message says: the accounts in it, the markup, where there is one, and as
 * the note all of it, or its beginning. On the heap, shorter than 1500 bytes. */
char *pairs_of_message(const char *text);

#endif
