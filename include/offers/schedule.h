/* The time that people set for a release, "2026-12-01 09:00 Europe/Berlin", as the clocks of a
 * place show it. Pure. */
#ifndef CPPO_OFFERS_SCHEDULE_H
#define CPPO_OFFERS_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/zone.h"

enum { SCHEDULE_TEXT = 100, SCHEDULE_WHY = 300 };

/* Where it is typed into a form, these are fields of their own. */
enum schedule_part { SCHEDULE_DAY, SCHEDULE_CLOCK, SCHEDULE_ZONE };

struct schedule {
    struct civil civil;
    char zone[ZONE_NAME];     /* "" where none was given */
    bool own;                 /* ... and that of who set it was taken (schedule_place) */
    bool off;                 /* "off": none any more */
    int64_t at;               /* ms since the epoch; by schedule_at */
    bool twice;               /* clocks are put back then: that is the first of two such times */
    enum schedule_part wrong; /* where it cannot be */
};

/* False, with what is wrong and what to type instead in ${why}. */
bool schedule_read(const char *typed, struct schedule *schedule, char why[SCHEDULE_WHY]);

/* It says no place: that of who set it is taken, ${own}, and UTC where that is "". */
void schedule_place(struct schedule *schedule, const char *own);

/* Does it name a place whose ${zone} must be known? UTC has none. */
bool schedule_needs_zone(const struct schedule *schedule);

/* When that is; the first, where it comes twice. False, with the times before and after it in
 * ${why}, where clocks are put forward and it never is. */
bool schedule_at(struct schedule *schedule, const struct zone *zone, char why[SCHEDULE_WHY]);

/* "2026-12-01 09:00 Europe/Berlin" */
void schedule_write(const struct schedule *schedule, char text[SCHEDULE_TEXT]);

#endif
