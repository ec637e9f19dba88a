/* Dates and moments, UTC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "offers/date.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int64_t DAY = INT64_C(86400000);

static int32_t day_of(const char *text)
{
    int32_t days;
    if (!date_read(&days, text))
        fail_msg("“%s” was refused", text);
    return days;
}

/* --- dates --- */

static void every_day_agrees_with_the_c_library(void **state)
{
    (void)state;
    int32_t days = 0;
    for (char expected[DATE_TEXT] = ""; strcmp(expected, "2200-12-31") != 0; days++) {
        char written[DATE_TEXT];
        time_t when = (time_t)days * 86400;
        struct tm utc;
        gmtime_r(&when, &utc);
        strftime(expected, sizeof(expected), "%Y-%m-%d", &utc);
        date_write(days, written);
        assert_string_equal(written, expected);
        assert_int_equal(day_of(expected), days);
        utc.tm_hour = 23;
        utc.tm_min = utc.tm_sec = 59;
        assert_int_equal(date_of_ms((int64_t)timegm(&utc) * 1000 + 999), days);
    }
    assert_int_equal(days, 84371);
}

static void the_first_and_the_last_day(void **state)
{
    (void)state;
    char text[DATE_TEXT];
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("9999-12-31"), 2932896);
    date_write(2932896, text);
    assert_string_equal(text, "9999-12-31");
}

static void leap_years(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool leap;
    } cases[] = {{"2024-02-29", true},  {"2025-02-29", false}, {"2000-02-29", true},
                 {"2100-02-29", false}, {"2200-02-29", false}, {"2400-02-29", true},
                 {"1972-02-29", true},  {"1970-02-29", false}, {"2024-02-30", false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int32_t days;
        if (date_read(&days, cases[i].text) != cases[i].leap)
            fail_msg("%s", cases[i].text);
    }
}

static void months_are_those_of_the_calendar(void **state)
{
    static const struct {
        const char *from;
        int months;
        const char *to;
    } cases[] = {{"2026-11-29", 0, "2026-11-29"},  {"2026-11-29", 6, "2027-05-29"},
                 {"2026-11-30", 3, "2027-02-28"},  {"2027-11-30", 3, "2028-02-29"},
                 {"2028-02-29", 12, "2029-02-28"}, {"2028-02-29", 48, "2032-02-29"},
                 {"2026-12-31", 1, "2027-01-31"},  {"2026-01-15", 11, "2026-12-15"},
                 {"2026-01-15", 12, "2027-01-15"}, {"1970-01-01", 1200, "2070-01-01"},
                 {"2026-12-01", 13, "2028-01-01"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char to[DATE_TEXT];
        date_write(date_add_months(day_of(cases[i].from), cases[i].months), to);
        assert_string_equal(to, cases[i].to);
    }
}

static void bad_dates_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",           "2026",        "2026-1-1",    "2026-01-1",   "26-01-01",    "2026-13-01",
        "2026-00-10", "2026-01-00",  "2026-01-32",  "2026-04-31",  "2026-06-31",  "2026-09-31",
        "2026-11-31", "1969-12-31",  "0000-01-01",  "10000-01-01", "2026/01/01",  "2026-01-01 ",
        "2026-01-0x", " 2026-01-01", "2026-01-01T", "20260101",    "2026-01--1",  "+026-01-01",
        "2026-0１-1", "01-01-2026",  "2026.01.01",  "2026-01-011", "-2026-01-01", "today"};
    int32_t days;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (date_read(&days, cases[i]))
            fail_msg("“%s” was taken", cases[i]);
    }
}

static void a_day_has_its_first_and_last_millisecond(void **state)
{
    (void)state;
    static const int32_t cases[] = {0, 1, 19782, 47481, 2932896};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int32_t day = cases[i];
        assert_int_equal(date_end_ms(day), day * DAY + DAY - 1);
        assert_int_equal(date_of_ms(day * DAY), day);
        assert_int_equal(date_of_ms(date_end_ms(day)), day);
        assert_int_equal(date_of_ms(date_end_ms(day) + 1), day + 1);
    }
}

/* --- moments --- */

static void moments_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00:01Z", 1000},
        {"1970-01-01T00:00:00.5Z", 500},
        {"1970-01-01T00:00:00.05Z", 50},
        {"1970-01-01T00:00:00.001Z", 1},
        {"1970-01-01T00:00:00.123456789012345678901234567890Z", 123},
        {"1970-01-02T00:00:00Z", INT64_C(86400000)},
        {"2015-08-30T12:36:00Z", INT64_C(1440938160000)},
        {"2099-12-31T23:59:59.999Z", INT64_C(4102444799999)},
        {"2099-12-31T23:59:59Z", INT64_C(4102444799000)},
        {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t ms = -1;
        if (!date_time_read(&ms, cases[i].text))
            fail_msg("“%s” was refused", cases[i].text);
        assert_int_equal(ms, cases[i].ms);
    }
    int64_t end;
    assert_true(date_time_read(&end, "2099-12-31T23:59:59.999Z"));
    assert_int_equal(end, date_end_ms(day_of("2099-12-31")));
}

/* Until a day means until it is over. */
static void a_day_is_meant_to_its_end(void **state)
{
    (void)state;
    int64_t ms;
    assert_true(date_until_read(&ms, "2099-12-31"));
    assert_int_equal(ms, INT64_C(4102444799999));
    assert_true(date_until_read(&ms, "2099-12-31T12:00:00Z"));
    assert_int_equal(ms, INT64_C(4102401600000));
    assert_false(date_until_read(&ms, ""));
    assert_false(date_until_read(&ms, "2099-12-31Z"));
    assert_false(date_until_read(&ms, "31 December 2099"));
}

static void bad_moments_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"",
                                        "2026-12-31",
                                        "2026-12-31Z",
                                        "2026-12-31T23:59:59",
                                        "2026-12-31T23:59Z",
                                        "2026-12-31 23:59:59Z",
                                        "2026-12-31t23:59:59Z",
                                        "2026-12-31T23:59:59z",
                                        "2026-12-31T24:00:00Z",
                                        "2026-12-31T23:60:00Z",
                                        "2026-12-31T23:59:61Z",
                                        "2026-12-32T23:59:59Z",
                                        "2026-02-29T00:00:00Z",
                                        "1969-12-31T23:59:59Z",
                                        "2026-12-31T23:59:59+00:00",
                                        "2026-12-31T23:59:59.999",
                                        "2026-12-31T23:59:59.999 Z",
                                        "2026-12-31T23:59:59,999Z",
                                        "2026-12-31T23:59:59.9.9Z",
                                        "2026-12-31T23:59:59ZZ",
                                        "2026-12-31T23:59:5Z0",
                                        "2026-12-31T-1:59:59Z",
                                        "2026-12-31T23-59-59Z",
                                        " 2026-12-31T23:59:59Z",
                                        "1798761599"};
    int64_t ms;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (date_time_read(&ms, cases[i]))
            fail_msg("“%s” was taken", cases[i]);
    }
}

static void moments_are_written_without_a_fraction(void **state)
{
    (void)state;
    char text[TIME_TEXT];
    for (int64_t second = 0; second < INT64_C(7258118400); second += 7654321) {
        char expected[TIME_TEXT];
        int64_t ms;
        time_t when = (time_t)second;
        struct tm utc;
        gmtime_r(&when, &utc);
        strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", &utc);
        date_time_write(second * 1000 + 999, text);
        assert_string_equal(text, expected);
        assert_true(date_time_read(&ms, text));
        assert_int_equal(ms, second * 1000);
    }
    date_time_write(INT64_C(253402300799999), text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_agrees_with_the_c_library),
        cmocka_unit_test(the_first_and_the_last_day),
        cmocka_unit_test(leap_years),
        cmocka_unit_test(months_are_those_of_the_calendar),
        cmocka_unit_test(bad_dates_are_refused),
        cmocka_unit_test(a_day_has_its_first_and_last_millisecond),
        cmocka_unit_test(moments_are_read),
        cmocka_unit_test(a_day_is_meant_to_its_end),
        cmocka_unit_test(bad_moments_are_refused),
        cmocka_unit_test(moments_are_written_without_a_fraction),
    };
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
