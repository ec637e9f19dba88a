/* ISO 8601 durations as AWS Marketplace writes them ("P3650D", "P12M", "P10Y"), by what they mean:
 * two that mean the same are the same, however they are written. */
#ifndef CPPO_OFFERS_DURATION_H
#define CPPO_OFFERS_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/date.h"

enum { DURATION_TEXT = 16, DURATION_WORDS = 48 };

/* Years, months and days in days: a year has 365, what is left of months 30 each. False when it is
 * not one, or longer than a hundred years. */
bool duration_days(int32_t *days, const char *duration);

/* Do both mean the same? What is no duration equals nothing. */
bool duration_same(const char *a, const char *b);

/* "10 years", "12 months", "450 days"; what is no duration as it is. */
void duration_words(const char *duration, char words[DURATION_WORDS]);

/* The day on which what begins on ${start} ends; "" when ${duration} is none. */
void duration_end(const char *duration, int32_t start, char end[DATE_TEXT]);

#endif
