/* A long day at the deal desk: when and where it is, how busy; and what became of it. */
#ifndef SOAK_DAY_H
#define SOAK_DAY_H

#include <stdint.h>

#include "gauge.h"

struct day {
    const char *name;
    const char *zone;   /* TZ of both processes */
    const char *begins; /* UTC, "2028-02-28T18:00:00" */
    int hours;
    int first;  /* offers of a first hour, which is not counted: all that may be kept in memory is
                   filled then, SQLite's two megabytes of pages above all */
    int offers; /* of every hour; 30 other things as well for each of these */
};

extern const struct day days[]; /* ends with a NULL name */
extern const struct day short_day;

/* UTC to ms; the C library's arithmetic, not the bot's. */
int64_t day_ms(const char *utc);

/* Live it; how many things were wrong. ${bin}: where the programs are; ${keep}: where evidence goes
 * if there is need of it. */
int day_live(const struct day *day, const char *bin, const char *keep, uint64_t seed);

#endif
