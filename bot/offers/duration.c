#include "offers/duration.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

enum { YEAR_DAYS = 365, MONTH_DAYS = 30, MAX_YEARS = 100 };

struct duration {
    int32_t years, months, days;
};

/* "12M" -> 12, for the unit M; what is not there is 0. */
static bool read_part(const char **at, char unit, int32_t *number)
{
    size_t digits = strspn(*at, "0123456789");
    *number = 0;
    if (digits == 0 || (*at)[digits] != unit)
        return true;
    if (digits > 6)
        return false;
    for (size_t i = 0; i < digits; i++)
        *number = *number * 10 + ((*at)[i] - '0');
    *at += digits + 1;
    return true;
}

static bool read_duration(struct duration *duration, const char *text)
{
    const char *at = text + 1;
    return text[0] == 'P' && text[1] != '\0' && read_part(&at, 'Y', &duration->years) &&
           read_part(&at, 'M', &duration->months) && read_part(&at, 'D', &duration->days) &&
           *at == '\0';
}

bool duration_is(const char *text)
{
    struct duration duration;
    return read_duration(&duration, text);
}

static int64_t months_of(const struct duration *duration)
{
    return INT64_C(12) * duration->years + duration->months;
}

/* Of years of 365 days and months of 30: to compare, not to reckon with. */
static int64_t days_of(const struct duration *duration)
{
    int64_t months = months_of(duration);
    return months / 12 * YEAR_DAYS + months % 12 * MONTH_DAYS + duration->days;
}

/* False when it is not one, or longer than a hundred years. */
static bool read_bounded(struct duration *duration, const char *text)
{
    return read_duration(duration, text) && days_of(duration) <= (int64_t)MAX_YEARS * YEAR_DAYS;
}

bool duration_same(const char *a, const char *b)
{
    struct duration first;
    struct duration second;
    return read_bounded(&first, a) && read_bounded(&second, b) &&
           days_of(&first) == days_of(&second);
}

int32_t duration_days(const char *text)
{
    struct duration duration;
    return read_bounded(&duration, text) ? (int32_t)days_of(&duration) : 0;
}

bool duration_matches(const char *wanted, const char *fixed)
{
    return strcmp(wanted, fixed) == 0;
}

static void add_part(struct text *words, int32_t number, const char *unit)
{
    if (number > 0)
        text_addf(words, "%s%d %s%s", words->size > 0 ? ", " : "", (int)number, unit,
                  number == 1 ? "" : "s");
}

void duration_words(const char *text, char words[DURATION_WORDS])
{
    struct text all = {0};
    struct duration duration;
    if (!read_duration(&duration, text)) {
        text_fit(words, DURATION_WORDS, text);
        return;
    }
    if (duration.days > 0 && duration.days % YEAR_DAYS == 0) {
        duration.years += duration.days / YEAR_DAYS;
        duration.days = 0;
    }
    add_part(&all, duration.years, "year");
    add_part(&all, duration.months, "month");
    add_part(&all, duration.days, "day");
    text_fit(words, DURATION_WORDS, all.size > 0 ? text_get(&all) : "0 days");
    text_free(&all);
}

void duration_end(const char *text, int32_t start, char end[DATE_TEXT])
{
    struct duration duration;
    end[0] = '\0';
    if (read_bounded(&duration, text))
        date_write(date_add_months(start, (int32_t)months_of(&duration)) + duration.days, end);
}
