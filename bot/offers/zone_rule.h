/* The rule at the end of a file of the time zone database: "CET-1CEST,M3.5.0,M10.5.0/3"
 * (POSIX.1-2017, 8.3 "TZ", with the hours that RFC 8536, 3.3.1 adds). */
#ifndef CPPO_BOT_OFFERS_ZONE_RULE_H
#define CPPO_BOT_OFFERS_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ZONE_TYPE_NAME = 16 };

struct zone_type {
    int32_t offset; /* seconds ahead of UTC, less than ZONE_FARTHEST either way */
    char short_name[ZONE_TYPE_NAME];
};

enum { ZONE_FARTHEST = 26 * 3600 };

/* The years in which something is known; the moments outside are taken for these. */
enum { ZONE_FIRST_YEAR = 2, ZONE_LAST_YEAR = 9998 };

/* When clocks are set, each year. */
struct zone_change {
    enum zone_change_kind { ZONE_JULIAN, ZONE_DAY_OF_YEAR, ZONE_WEEKDAY } kind;
    int day;         /* 1..365 without 29 February; 0..365; a weekday, 0 is Sunday */
    int week, month; /* of a weekday: 1..5, 5 is the last of the month; 1..12 */
    int32_t second;  /* after midnight, by the clock as it was; up to a week either way */
};

struct zone_rule {
    struct zone_type standard;
    bool changes; /* else it is always that */
    struct zone_type summer;
    struct zone_change begin, end; /* of summer */
};

/* A stretch of time in which clocks are not touched: from ${from} to before ${to}. */
struct zone_span {
    int64_t from, to;
    const struct zone_type *type;
};

/* Are these the letters, digits, + and - of a short name, one at least? */
bool zone_short_name_read(char name[ZONE_TYPE_NAME], const char *text, size_t size);

/* ${size} bytes, the whole rule; false when they are none. */
bool zone_rule_read(struct zone_rule *rule, const char *text, size_t size);

/* The span in which ${utc} lies, between the years above; it may end where nothing changes. */
struct zone_span zone_rule_at(const struct zone_rule *rule, int64_t utc);

#endif
