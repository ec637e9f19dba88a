/* Working time: days, hours, holidays, and how much of it goes by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>

#include "offers/date.h"
#include "offers/working.h"
#include "run/zones.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct working_hours nine_to_five(void)
{
    struct working_hours hours = {.from = 9 * 60, .to = 17 * 60};
    assert_true(working_days_read(&hours.days, "mon, tue, wed, thu, fri"));
    assert_true(working_dates_read(&hours.holidays, "2026-12-25, 2027-01-01"));
    return hours;
}

static int64_t moment(const char *text)
{
    int64_t ms;
    assert_true(date_time_read(&ms, text));
    return ms;
}

static void working_time_goes_by_while_people_work(void **state)
{
    static const struct {
        const char *zone, *from, *wait, *expected;
    } rows[] = {
        {"UTC", "2026-11-24T08:00:00Z", "4h", "2026-11-24T13:00:00Z"},
        {"UTC", "2026-11-24T10:30:00Z", "4h", "2026-11-24T14:30:00Z"},
        {"UTC", "2026-11-24T13:00:00Z", "4h", "2026-11-25T09:00:00Z"}, /* not at the very end */
        {"UTC", "2026-11-24T15:00:00Z", "4h", "2026-11-25T11:00:00Z"},
        {"UTC", "2026-11-24T15:00:00Z", "1d", "2026-11-25T15:00:00Z"},
        {"UTC", "2026-11-27T15:00:00Z", "1d", "2026-11-30T15:00:00Z"}, /* a weekend */
        {"UTC", "2026-11-28T12:00:00Z", "30m", "2026-11-30T09:30:00Z"},
        {"UTC", "2026-12-24T16:00:00Z", "2h", "2026-12-28T10:00:00Z"}, /* Christmas, a weekend */
        {"Europe/Berlin", "2026-11-24T08:00:00Z", "4h", "2026-11-24T12:00:00Z"},
        {"Europe/Berlin", "2026-03-27T15:00:00Z", "2h", "2026-03-30T08:00:00Z"}, /* summer begins */
        {"America/New_York", "2026-11-24T08:00:00Z", "4h", "2026-11-24T18:00:00Z"},
        {"Asia/Kolkata", "2026-11-24T11:00:00Z", "1h", "2026-11-25T04:00:00Z"},
    };
    struct working_hours hours = nine_to_five();
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct working_waits waits;
        char text[TIME_TEXT];
        assert_true(working_waits_read(&waits, rows[i].wait));
        date_time_write(
            working_after(&hours, zones_get(rows[i].zone), moment(rows[i].from), &waits.at[0]),
            text);
        assert_string_equal(text, rows[i].expected);
    }
}

static void working_time_now_or_next(void **state)
{
    static const char *const rows[][2] = {
        {"2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z"},
        {"2026-11-24T16:59:59Z", "2026-11-24T16:59:59Z"},
        {"2026-11-24T17:00:00Z", "2026-11-25T09:00:00Z"},
        {"2026-11-28T10:00:00Z", "2026-11-30T09:00:00Z"},
        {"2026-12-25T10:00:00Z", "2026-12-28T09:00:00Z"},
    };
    struct working_hours hours = nine_to_five();
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[TIME_TEXT];
        date_time_write(working_next(&hours, NULL, moment(rows[i][0])), text);
        assert_string_equal(text, rows[i][1]);
    }
}

static void where_nobody_ever_works_nothing_is_due(void **state)
{
    struct working_hours hours = {.days = 0, .from = 0, .to = 1};
    (void)state;
    assert_true(working_next(&hours, NULL, moment("2026-11-24T09:00:00Z")) == INT64_MAX);
}

static void what_is_not_understood_is_refused(void **state)
{
    static const char *const days[] = {"", "monday", "mon; tue", "1"};
    static const char *const clocks[] = {"", "9", "9:00", "09:60", "24:01", "09:00 ", "-1:00"};
    static const char *const dates[] = {"2026-02-30", "25.12.2026", "2026-12-25T"};
    static const char *const waits[] = {
        "4", "h", "0h", "1w", "4h1", "1000h", "1h 2h 3h 4h 5h 6h 7h 8h 9h"};
    unsigned set;
    int minutes;
    struct working_dates holidays;
    struct working_waits after;
    (void)state;
    for (size_t i = 0; i < COUNT(days); i++)
        assert_false(working_days_read(&set, days[i]));
    for (size_t i = 0; i < COUNT(clocks); i++)
        assert_false(working_clock_read(&minutes, clocks[i]));
    for (size_t i = 0; i < COUNT(dates); i++)
        assert_false(working_dates_read(&holidays, dates[i]));
    for (size_t i = 0; i < COUNT(waits); i++)
        assert_false(working_waits_read(&after, waits[i]));
    assert_true(working_waits_read(&after, "") && after.count == 0);
    assert_true(working_dates_read(&holidays, "") && holidays.count == 0);
    assert_true(working_clock_read(&minutes, "24:00") && minutes == 1440);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_time_goes_by_while_people_work),
        cmocka_unit_test(working_time_now_or_next),
        cmocka_unit_test(where_nobody_ever_works_nothing_is_due),
        cmocka_unit_test(what_is_not_understood_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
