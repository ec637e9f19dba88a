/* When people work: days, hours and holidays, on the clock of a time zone; and how long it takes
 * until so much working time has gone by. Moments are ms since the epoch. Pure. */
#ifndef CPPO_OFFERS_WORKING_H
#define CPPO_OFFERS_WORKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/zone.h"

enum { WORKING_DATES = 100, WORKING_WAITS = 8 };

struct working_dates {
    int32_t at[WORKING_DATES];
    size_t count;
};

struct working_hours {
    unsigned days; /* a bit each, 1: Sunday */
    int from, to;  /* minutes after midnight, ${from} before ${to} */
    struct working_dates holidays;
};

/* Of working time: a day is as long as a working day is. */
struct working_wait {
    int days;
    int minutes;
};

struct working_waits {
    struct working_wait at[WORKING_WAITS]; /* each from the beginning, rising */
    size_t count;
};

/* "mon, tue, fri"; "08:30", up to "24:00"; "2026-12-25, 2027-01-01"; "4h, 1d, 2d", also 30m. False
 * for anything else; what holds several may be empty. */
bool working_days_read(unsigned *days, const char *text);
bool working_clock_read(int *minutes, const char *text);
bool working_dates_read(struct working_dates *dates, const char *text);
bool working_waits_read(struct working_waits *waits, const char *text);

/* Ms of a wait, on any clock: what it takes at least. */
int64_t working_least(const struct working_hours *hours, const struct working_wait *wait);

/* ${ms}, if it is working time; else when it is next. INT64_MAX: in the next year nobody works. */
int64_t working_next(const struct working_hours *hours, const struct zone *zone, int64_t ms);
/* When so much working time has gone by since ${ms}, in working time itself. */
int64_t working_after(const struct working_hours *hours, const struct zone *zone, int64_t ms,
                      const struct working_wait *wait);

#endif
