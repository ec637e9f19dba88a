#include "offers/date.h"

#include <stdio.h>
#include <string.h>

static const int64_t DAY_MS = INT64_C(86400000);

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first of January of ${year}, at least 1. */
static int32_t year_start(int year)
{
    int before = year - 1;
    return (year - 1970) * 365 + (before / 4 - before / 100 + before / 400) -
           (1969 / 4 - 1969 / 100 + 1969 / 400);
}

int32_t date_join(int year, int month, int day)
{
    int32_t days = year_start(year) + day - 1;
    for (int m = 1; m < month; m++)
        days += month_days(year, m);
    return days;
}

static bool read_number(const char *text, int size, int *value)
{
    *value = 0;
    for (int i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

static bool read_ymd(const char *text, int32_t *days)
{
    int year;
    int month;
    int day;
    if (strlen(text) < 10 || text[4] != '-' || text[7] != '-' || !read_number(text, 4, &year) ||
        !read_number(text + 5, 2, &month) || !read_number(text + 8, 2, &day))
        return false;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
        return false;
    *days = date_join(year, month, day);
    return true;
}

bool date_read(int32_t *days, const char *text)
{
    return strlen(text) == 10 && read_ymd(text, days);
}

int date_year(int32_t days)
{
    int year = 1970 + days / (days < 0 ? 365 : 366) - (days < 0);
    if (year < 1)
        year = 1;
    while (year_start(year + 1) <= days)
        ++year;
    return year;
}

int date_weekday(int32_t days)
{
    return (int)(((days + 4) % 7 + 7) % 7); /* 1970 began with a Thursday */
}

static void split(int32_t days, int *year, int *month, int *day)
{
    *year = date_year(days);
    *month = 1;
    int32_t rest = days - year_start(*year);
    while (rest >= month_days(*year, *month))
        rest -= month_days(*year, (*month)++);
    *day = rest + 1;
}

void date_write(int32_t days, char text[DATE_TEXT])
{
    int year;
    int month;
    int day;
    split(days, &year, &month, &day);
    snprintf(text, DATE_TEXT, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
             (unsigned)day % 100);
}

int32_t date_add_months(int32_t days, int32_t months)
{
    int year;
    int month;
    int day;
    split(days, &year, &month, &day);
    months += month - 1;
    year += months / 12;
    month = months % 12 + 1;
    int last = month_days(year, month);
    return date_join(year, month, day < last ? day : last);
}

int32_t date_of_ms(int64_t ms)
{
    return (int32_t)(ms / DAY_MS);
}

int64_t date_end_ms(int32_t days)
{
    return (days + 1) * DAY_MS - 1;
}

bool date_time_read(int64_t *ms, const char *text)
{
    int32_t days;
    int hour;
    int minute;
    int second;
    if (!read_ymd(text, &days) || strlen(text) < 20 || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':' || !read_number(text + 11, 2, &hour) ||
        !read_number(text + 14, 2, &minute) || !read_number(text + 17, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    *ms = days * DAY_MS + ((int64_t)hour * 3600 + (int64_t)minute * 60 + second) * 1000;
    const char *rest = text + 19;
    if (*rest == '.' && rest[1] >= '0' && rest[1] <= '9') {
        int64_t part = 100;
        for (rest++; *rest >= '0' && *rest <= '9'; rest++, part /= 10)
            *ms += (*rest - '0') * part;
    }
    return strcmp(rest, "Z") == 0;
}

bool date_until_read(int64_t *ms, const char *text)
{
    int32_t day;
    if (!date_read(&day, text))
        return date_time_read(ms, text);
    *ms = date_end_ms(day);
    return true;
}

void date_time_write(int64_t ms, char text[TIME_TEXT])
{
    char day[DATE_TEXT];
    int64_t second = ms % DAY_MS / 1000;
    date_write(date_of_ms(ms), day);
    snprintf(text, TIME_TEXT, "%sT%02u:%02u:%02uZ", day, (unsigned)(second / 3600) % 100,
             (unsigned)(second / 60 % 60), (unsigned)(second % 60));
}
