#include "zone_rule.h"

#include <stdlib.h>
#include <string.h>

#include "offers/date.h"

static const int64_t DAY = 86400;

/* --- reading --- */

struct reader {
    const char *at, *end;
};

static bool next_is(struct reader *in, char c)
{
    if (in->at == in->end || *in->at != c)
        return false;
    in->at++;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool read_number(struct reader *in, int least, int most, int *number)
{
    const char *from = in->at;
    *number = 0;
    while (in->at < in->end && is_digit(*in->at) && in->at - from < 3)
        *number = *number * 10 + (*in->at++ - '0');
    return in->at > from && *number >= least && *number <= most;
}

/* "[+-]hh[:mm[:ss]]", in seconds. */
static bool read_time(struct reader *in, int most_hours, int32_t *seconds)
{
    int hours;
    int minutes = 0;
    int rest = 0;
    bool minus = next_is(in, '-');
    if (!minus)
        next_is(in, '+');
    if (!read_number(in, 0, most_hours, &hours))
        return false;
    if (next_is(in, ':') && !read_number(in, 0, 59, &minutes))
        return false;
    if (next_is(in, ':') && !read_number(in, 0, 59, &rest))
        return false;
    *seconds = hours * 3600 + minutes * 60 + rest;
    if (minus)
        *seconds = -*seconds;
    return true;
}

bool zone_short_name_read(char name[ZONE_TYPE_NAME], const char *text, size_t size)
{
    if (size == 0 || size >= ZONE_TYPE_NAME)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_letter(text[i]) && !is_digit(text[i]) && text[i] != '+' && text[i] != '-')
            return false;
    memcpy(name, text, size);
    name[size] = '\0';
    return true;
}

/* "CET", or "<+0530>" where there are others than letters. */
static bool read_name(struct reader *in, char name[ZONE_TYPE_NAME])
{
    bool quoted = next_is(in, '<');
    const char *from = in->at;
    while (in->at < in->end && (quoted ? *in->at != '>' : is_letter(*in->at)))
        in->at++;
    size_t size = (size_t)(in->at - from);
    return zone_short_name_read(name, from, size) && (!quoted || next_is(in, '>'));
}

/* An offset here is what is missing to UTC: west is positive. */
static bool read_offset(struct reader *in, int32_t *offset)
{
    if (!read_time(in, 24, offset))
        return false;
    *offset = -*offset;
    return true;
}

static bool read_day(struct reader *in, struct zone_change *change)
{
    if (next_is(in, 'J')) {
        change->kind = ZONE_JULIAN;
        return read_number(in, 1, 365, &change->day);
    }
    if (!next_is(in, 'M')) {
        change->kind = ZONE_DAY_OF_YEAR;
        return read_number(in, 0, 365, &change->day);
    }
    change->kind = ZONE_WEEKDAY;
    return read_number(in, 1, 12, &change->month) && next_is(in, '.') &&
           read_number(in, 1, 5, &change->week) && next_is(in, '.') &&
           read_number(in, 0, 6, &change->day);
}

static bool read_change(struct reader *in, struct zone_change *change)
{
    change->second = 2 * 3600;
    return next_is(in, ',') && read_day(in, change) &&
           (!next_is(in, '/') || read_time(in, 167, &change->second));
}

bool zone_rule_read(struct zone_rule *rule, const char *text, size_t size)
{
    struct reader in = {text, text + size};
    *rule = (struct zone_rule){.changes = false};
    if (!read_name(&in, rule->standard.short_name) || !read_offset(&in, &rule->standard.offset))
        return false;
    if (in.at == in.end)
        return true;
    rule->changes = true;
    rule->summer.offset = rule->standard.offset + 3600;
    return read_name(&in, rule->summer.short_name) &&
           (in.at == in.end || *in.at == ',' || read_offset(&in, &rule->summer.offset)) &&
           read_change(&in, &rule->begin) && read_change(&in, &rule->end) && in.at == in.end;
}

/* --- asking --- */

static int32_t weekday_of(const struct zone_change *change, int year)
{
    int32_t first = date_join(year, change->month, 1);
    int32_t next =
        change->month == 12 ? date_join(year + 1, 1, 1) : date_join(year, change->month + 1, 1);
    int32_t day = first + (change->day - date_weekday(first) + 7) % 7 + 7 * (change->week - 1);
    return day < next ? day : day - 7;
}

static int32_t day_of(const struct zone_change *change, int year)
{
    int32_t first = date_join(year, 1, 1);
    if (change->kind == ZONE_WEEKDAY)
        return weekday_of(change, year);
    if (change->kind == ZONE_DAY_OF_YEAR)
        return first + change->day;
    bool leaps = date_join(year, 3, 1) - first == 60;
    return first + change->day - 1 + (leaps && change->day > 59);
}

/* The begin of summer and its end in ${year}, by the offset that holds before each. */
static int64_t begin_of(const struct zone_rule *rule, int year)
{
    return day_of(&rule->begin, year) * DAY + rule->begin.second - rule->standard.offset;
}

static int64_t end_of(const struct zone_rule *rule, int year)
{
    return day_of(&rule->end, year) * DAY + rule->end.second - rule->summer.offset;
}

/* Looks at each change of five years: one may lie a week outside of its own. Where summer begins in
 * the moment in which it ends, it never does. */
struct zone_span zone_rule_at(const struct zone_rule *rule, int64_t utc)
{
    struct zone_span span = {INT64_MIN, INT64_MAX, &rule->standard};
    if (!rule->changes)
        return span;
    int year = date_year((int32_t)(utc / DAY));
    for (int y = year > 3 ? year - 2 : 1; y <= year + 2; y++) {
        int64_t begin = begin_of(rule, y);
        int64_t end = end_of(rule, y);
        if (begin <= utc && begin >= span.from)
            span = (struct zone_span){begin, span.to, &rule->summer};
        if (end <= utc && end > span.from)
            span = (struct zone_span){end, span.to, &rule->standard};
        if (begin > utc && begin < span.to)
            span.to = begin;
        if (end > utc && end < span.to)
            span.to = end;
    }
    return span;
}
