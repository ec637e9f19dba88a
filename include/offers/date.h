/* UTC civil dates. A date is a count of days since 1970-01-01 (proleptic Gregorian); no time zone
 * and no libc call is involved. */
#ifndef CPPO_OFFERS_DATE_H
#define CPPO_OFFERS_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum { DATE_TEXT = 11, TIME_TEXT = 25 };

/* "2026-12-31" (exactly so, 1970..9999, a day that exists) -> days; false otherwise. */
bool date_read(int32_t *days, const char *text);
void date_write(int32_t days, char text[DATE_TEXT]);

/* A day from its parts, which must be those of one, from year 1 on; the year of a day (that of
 * 0001-01-01 or later); and its weekday, 0: Sunday. */
int32_t date_join(int year, int month, int day);
int date_year(int32_t days);
int date_weekday(int32_t days);

/* The same day of the month ${months} (at least 0) later; its last day where it has no such day:
 * one month from 31 January is 28 February. */
int32_t date_add_months(int32_t days, int32_t months);

int32_t date_of_ms(int64_t ms);    /* the UTC day in which this moment lies */
int64_t date_end_ms(int32_t days); /* its last millisecond, 23:59:59.999 */

/* "2026-12-31T23:59:59Z", with or without a fraction of a second -> ms since the epoch. */
bool date_time_read(int64_t *ms, const char *text);
/* The same, or a day alone, which lasts to its last millisecond. */
bool date_until_read(int64_t *ms, const char *text);
void date_time_write(int64_t ms, char text[TIME_TEXT]); /* "2026-12-31T23:59:59Z" */

#endif
