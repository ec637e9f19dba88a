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

/* False when it is not one, or longer than a hundred years. */
static bool days_of(int32_t *days, const char *text)
{
    struct duration duration;
    if (!read_duration(&duration, text))
        return false;
    int64_t months = INT64_C(12) * duration.years + duration.months;
    int64_t all = months / 12 * YEAR_DAYS + months % 12 * MONTH_DAYS + duration.days;
    if (all > (int64_t)MAX_YEARS * YEAR_DAYS)
        return false;
    *days = (int32_t)all;
    return true;
}

bool duration_same(const char *a, const char *b)
{
    int32_t first;
    int32_t second;
    return days_of(&first, a) && days_of(&second, b) && first == second;
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

void duration_end(const char *duration, int32_t start, char end[DATE_TEXT])
{
    int32_t days;
    end[0] = '\0';
    if (days_of(&days, duration))
        date_write(start + days, end);
}
