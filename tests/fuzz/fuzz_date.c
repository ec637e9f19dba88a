/* Dates and times against the C library's calendar. */
#include <time.h>

#include "fuzz.h"
#include "offers/date.h"

/* "dddd-dd-dd" with digits for d. */
static bool shaped(const char *text, const char *shape)
{
    for (; *shape != '\0'; shape++, text++) {
        bool digit = *text >= '0' && *text <= '9';
        if (*shape == 'd' ? !digit : *text != *shape)
            return false;
    }
    return true;
}

static int number(const char *text, int size)
{
    return (int)strtol(
        (char[5]){text[0], text[1], size > 2 ? text[2] : '\0', size > 3 ? text[3] : '\0', '\0'},
        NULL, 10);
}

/* The seconds of a day's begin, -1 when there is no such day: the calendar would shift it. */
static int64_t day_of(const char *text)
{
    struct tm day = {.tm_year = number(text, 4) - 1900,
                     .tm_mon = number(text + 5, 2) - 1,
                     .tm_mday = number(text + 8, 2)};
    struct tm same = day;
    int64_t seconds = timegm(&same);
    return same.tm_year == day.tm_year && same.tm_mon == day.tm_mon && same.tm_mday == day.tm_mday
               ? seconds
               : -1;
}

static void read_day(const char *text)
{
    int32_t days;
    char written[DATE_TEXT];
    int64_t expected = shaped(text, "dddd-dd-dd") && strlen(text) == 10 ? day_of(text) : -1;
    bool good = date_read(&days, text);
    must(good == (expected >= 0), "what is a day is agreed on");
    if (!good)
        return;
    must(days == expected / 86400, "the day is agreed on");
    date_write(days, written);
    must(strcmp(written, text) == 0, "a day is written as it was read");
}

static void read_moment(const char *text)
{
    int64_t ms;
    int64_t day = shaped(text, "dddd-dd-ddTdd:dd:dd") ? day_of(text) : -1;
    const char *rest = day >= 0 ? text + 19 : "";
    int64_t part = 0;
    if (rest[0] == '.' && rest[1] >= '0' && rest[1] <= '9') {
        size_t digits = strspn(rest + 1, "0123456789");
        char three[4] = "000";
        memcpy(three, rest + 1, digits < 3 ? digits : 3);
        part = strtol(three, NULL, 10);
        rest += 1 + digits;
    }
    bool expected = strcmp(rest, "Z") == 0 && number(text + 11, 2) < 24 &&
                    number(text + 14, 2) < 60 && number(text + 17, 2) < 61;
    bool good = date_time_read(&ms, text);
    must(good == expected, "what is a moment is agreed on");
    must(!good || ms == (day + number(text + 11, 2) * 3600 + number(text + 14, 2) * 60 +
                         number(text + 17, 2)) *
                                1000 +
                            part,
         "the moment is agreed on");
}

/* Any moment up to the end of the year 9999. */
static void write_moment(int64_t ms)
{
    time_t seconds = ms / 1000;
    struct tm utc;
    char expected[40];
    char written[TIME_TEXT];
    gmtime_r(&seconds, &utc);
    strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", &utc);
    date_time_write(ms, written);
    must(strcmp(written, expected) == 0, "a moment is written as the C library does");
    int32_t day = date_of_ms(ms);
    must(date_end_ms(day - 1) < ms && ms <= date_end_ms(day), "a moment lies in its day");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    uint64_t ms = 0;
    char *text = fuzz_rest(&fuzz);
    read_day(text);
    read_moment(text);
    free(text);
    for (size_t i = 0; i < size && i < 8; i++)
        ms = ms << 8 | data[i];
    write_moment((int64_t)(ms % UINT64_C(253402300800000)));
    return 0;
}
