#include "offers/working.h"

#include <stdlib.h>
#include <string.h>

#include "offers/date.h"
#include "text.h"

static const int64_t SECOND = 1000;

enum { DAY_MINUTES = 24 * 60, MOST_DAYS = 400, WORD = 16 };

/* --- reading --- */

/* The next word of a list, between commas and spaces; false at its end, or when it is too long. */
static bool next_word(const char **at, char word[WORD])
{
    *at += strspn(*at, ", ");
    size_t size = strcspn(*at, ", ");
    if (size == 0 || size >= WORD)
        return false;
    memcpy(word, *at, size);
    word[size] = '\0';
    *at += size;
    return true;
}

bool working_days_read(unsigned *days, const char *text)
{
    static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    char word[WORD];
    *days = 0;
    while (next_word(&text, word)) {
        size_t day = 0;
        while (day < 7 && !text_same_nocase(word, names[day]))
            day++;
        if (day == 7)
            return false;
        *days |= 1U << day;
    }
    return *text == '\0' && *days != 0;
}

/* Up to three digits; what follows them. */
static const char *read_number(const char *text, int *number)
{
    size_t digits = strspn(text, "0123456789");
    *number = digits > 0 && digits <= 3 ? (int)strtol(text, NULL, 10) : -1;
    return text + digits;
}

bool working_clock_read(int *minutes, const char *text)
{
    int hour;
    int minute;
    const char *rest = read_number(text, &hour);
    if (rest != text + 2 || *rest != ':')
        return false;
    const char *end = read_number(rest + 1, &minute);
    *minutes = hour * 60 + minute;
    return end == rest + 3 && *end == '\0' && minute >= 0 && minute < 60 && *minutes <= DAY_MINUTES;
}

bool working_dates_read(struct working_dates *dates, const char *text)
{
    char word[WORD];
    dates->count = 0;
    while (next_word(&text, word)) {
        if (dates->count == WORKING_DATES || !date_read(&dates->at[dates->count], word))
            return false;
        dates->count++;
    }
    return *text == '\0';
}

/* Waits of days and of hours are no further compared: each is told when it is due. */
bool working_waits_read(struct working_waits *waits, const char *text)
{
    char word[WORD];
    *waits = (struct working_waits){.count = 0};
    while (next_word(&text, word)) {
        struct working_wait *wait = &waits->at[waits->count];
        int number;
        const char *unit = read_number(word, &number);
        if (waits->count++ == WORKING_WAITS || number < 1 || strlen(unit) != 1 ||
            strchr("dhm", *unit) == NULL)
            return false;
        *wait = (struct working_wait){
            .days = *unit == 'd' ? number : 0,
            .minutes = *unit == 'h'   ? number * 60
                       : *unit == 'm' ? number
                                      : 0,
        };
    }
    return *text == '\0';
}

/* --- asking --- */

static bool is_working_day(const struct working_hours *hours, int32_t day)
{
    if ((hours->days & (1U << date_weekday(day))) == 0)
        return false;
    for (size_t i = 0; i < hours->holidays.count; i++)
        if (hours->holidays.at[i] == day)
            return false;
    return true;
}

/* A time that is skipped is over as soon as the clock goes on; of one that comes twice, the first.
 */
static int64_t moment_of(const struct zone *zone, int32_t day, int minutes)
{
    day += minutes / DAY_MINUTES;
    minutes %= DAY_MINUTES;
    struct zone_moments moments = zone_utc(zone, (struct civil){day, minutes * 60});
    return moments.at[moments.count == 0] * SECOND;
}

int64_t working_least(const struct working_hours *hours, const struct working_wait *wait)
{
    return ((int64_t)wait->days * (hours->to - hours->from) + wait->minutes) * 60 * SECOND;
}

int64_t working_after(const struct working_hours *hours, const struct zone *zone, int64_t ms,
                      const struct working_wait *wait)
{
    int64_t left = working_least(hours, wait);
    int32_t day = zone_local(zone, ms / SECOND).civil.day;
    int idle = 0; /* days in a row on which nobody works */
    for (; idle < MOST_DAYS; day++) {
        int64_t from = moment_of(zone, day, hours->from);
        int64_t to = moment_of(zone, day, hours->to);
        idle = is_working_day(hours, day) ? 0 : idle + 1;
        if (idle > 0 || to <= ms)
            continue;
        if (from < ms)
            from = ms;
        if (left < to - from)
            return from + left;
        if (to > from)
            left -= to - from;
    }
    return INT64_MAX;
}

int64_t working_next(const struct working_hours *hours, const struct zone *zone, int64_t ms)
{
    return working_after(hours, zone, ms, &(struct working_wait){0, 0});
}
