/* Names as people search for them: word by word, whatever the case and the accents. Pure. */
#ifndef CPPO_OFFERS_FOLDED_H
#define CPPO_OFFERS_FOLDED_H

#include <stdbool.h>
#include <stddef.h>

enum { FOLDED_WORD = 49 }; /* bytes and a NUL; of a longer word only its beginning counts */

/* The next word at *${at}, which is passed: a run of letters and digits, in small letters, those of
 * Latin without their accents ("Müller & Søn" has "muller" and "son"). False at the end. Bytes that
 * are not UTF-8 are no letters: what comes out is UTF-8, without quotes, blanks and controls. */
bool folded_next(const char **at, char word[FOLDED_WORD]);

#endif
