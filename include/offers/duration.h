/* ISO 8601 durations as AWS Marketplace writes them ("P3650D", "P12M", "P10Y"), by what they mean:
 * two that mean the same are equal, even when written differently. */
#ifndef CPPO_OFFERS_DURATION_H
#define CPPO_OFFERS_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/date.h"

enum { DURATION_TEXT = 16, DURATION_WORDS = 48 };

/* Is it one as AWS takes it: "P3650D", "P1Y6M"? */
bool duration_is(const char *text);

/* Do both mean the same, for whoever reads them back? A year has 365 days, what is left of months
 * 30 each. What is no duration, or longer than a hundred years, equals nothing. */
bool duration_same(const char *a, const char *b);

/* "10 years", "12 months", "450 days"; what is no duration as it is. */
void duration_words(const char *duration, char words[DURATION_WORDS]);

/* May an offer ask for ${wanted} where its authorization has ${fixed}? AWS wants the same duration,
 * and does not say whether 365 days are 12 months for it: only what is written alike is sure to be
 * the same. */
bool duration_matches(const char *wanted, const char *fixed);

/* How many days it has, by the same count; 0: it is none. */
int32_t duration_days(const char *duration);

/* The day on which what begins on ${start} ends; "" when it is no duration, or longer than a
 * hundred years. Years and months are those of the calendar. */
void duration_end(const char *duration, int32_t start, char end[DATE_TEXT]);

#endif
