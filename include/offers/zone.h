/* What time it is where: UTC and the time on a wall, by a file of the time zone database (TZif,
 * RFC 8536 and 9636, versions 1 to 4). Pure: the bytes are read elsewhere (run/zones.h) and never
 * trusted; the C library's idea of a time zone has no part in it. Behind the file's table of
 * changes its rule for the years to come goes on (a POSIX TZ string).
 *
 * A zone that is NULL is UTC. Moments are seconds since 1970-01-01T00:00:00Z, of the years 2 to
 * 9998: another is taken for the nearest of these. */
#ifndef CPPO_OFFERS_ZONE_H
#define CPPO_OFFERS_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

enum { ZONE_NAME = 64, ZONE_SHORT = 16, ZONE_FILE = 64 * 1024 };

struct zone;

/* The time on a wall; a leap second has none. */
struct civil {
    int32_t day;    /* since 1970-01-01, see offers/date.h */
    int32_t second; /* of it, 0 to 86399 */
};

struct zone_time {
    struct civil civil;
    int32_t offset;              /* seconds ahead of UTC */
    char short_name[ZONE_SHORT]; /* "CEST", "+0530"; letters, digits, + and - */
};

/* When it is that time. Mostly once; twice where clocks are put back; never where they are put
 * forward: then ${at} has the last second before that and the first after it. */
struct zone_moments {
    int count; /* 0, 1, 2 */
    int64_t at[2];
};

/* "Europe/Berlin": up to three names with a slash between them, each of letters, digits, _, + and
 * -. No other may be looked for among files. */
bool zone_name_good(const char *name);

/* NULL, with why in ${err}, for what is no such file, or larger than ZONE_FILE, or counts leap
 * seconds as the clocks of computers do not. Free it with zone_free. */
struct zone *zone_read(const void *bytes, size_t size, struct err *err);
void zone_free(struct zone *zone);

struct zone_time zone_local(const struct zone *zone, int64_t utc);
struct zone_moments zone_utc(const struct zone *zone, struct civil civil);

#endif
