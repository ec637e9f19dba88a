/* The time that people set for a release, by the clocks of a place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "offers/date.h"
#include "offers/schedule.h"
#include "run/zones.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool take(const char *typed, struct schedule *schedule, char why[SCHEDULE_WHY])
{
    why[0] = '\0';
    if (!schedule_read(typed, schedule, why))
        return false;
    if (*schedule->zone == '\0')
        schedule_place(schedule, "");
    const struct zone *zone = schedule_needs_zone(schedule) ? zones_get(schedule->zone) : NULL;
    return schedule_at(schedule, zone, why);
}

static void a_time_is_that_of_its_place(void **state)
{
    static const struct {
        const char *typed, *utc, *written;
    } cases[] = {
        {"2026-12-01 09:00 Europe/Berlin", "2026-12-01T08:00:00Z",
         "2026-12-01 09:00 Europe/Berlin"},
        {"2026-07-01 09:00 Europe/Berlin", "2026-07-01T07:00:00Z",
         "2026-07-01 09:00 Europe/Berlin"},
        {"2026-12-01 9:05", "2026-12-01T09:05:00Z", "2026-12-01 09:05 UTC"},
        {" 2026-12-01T23:59  utc ", "2026-12-01T23:59:00Z", "2026-12-01 23:59 utc"},
        {"2026‑12‑01 00:00 Asia/Kathmandu", "2026-11-30T18:15:00Z",
         "2026-12-01 00:00 Asia/Kathmandu"},
        {"`2026-12-01 09:00 America/New_York`", "2026-12-01T14:00:00Z",
         "2026-12-01 09:00 America/New_York"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct schedule schedule;
        char why[SCHEDULE_WHY];
        char text[SCHEDULE_TEXT];
        char utc[TIME_TEXT];
        if (!take(cases[i].typed, &schedule, why))
            fail_msg("“%s”: %s", cases[i].typed, why);
        date_time_write(schedule.at, utc);
        assert_string_equal(utc, cases[i].utc);
        assert_false(schedule.twice);
        schedule_write(&schedule, text);
        assert_string_equal(text, cases[i].written);
    }
}

static void without_a_place_it_is_where_they_live(void **state)
{
    struct schedule schedule;
    char why[SCHEDULE_WHY];
    char text[SCHEDULE_TEXT];
    (void)state;
    assert_true(schedule_read("2026-12-01 09:00", &schedule, why));
    assert_string_equal(schedule.zone, "");
    schedule_place(&schedule, "Europe/Berlin");
    schedule_write(&schedule, text);
    assert_string_equal(text, "2026-12-01 09:00 Europe/Berlin");
}

static void a_time_that_never_is_names_its_neighbours(void **state)
{
    struct schedule schedule;
    char why[SCHEDULE_WHY];
    (void)state;
    assert_false(take("2027-03-28 02:30 Europe/Berlin", &schedule, why));
    assert_string_equal(why,
                        "There is no 2027-03-28 02:30 Europe/Berlin: clocks are put forward then. "
                        "Take 01:59, the last minute before, or 03:00, the first after it.");
}

static void of_a_time_that_comes_twice_the_first_counts(void **state)
{
    struct schedule schedule;
    char why[SCHEDULE_WHY];
    char utc[TIME_TEXT];
    (void)state;
    assert_true(take("2027-10-31 02:30 Europe/Berlin", &schedule, why));
    assert_true(schedule.twice);
    date_time_write(schedule.at, utc);
    assert_string_equal(utc, "2027-10-31T00:30:00Z");
}

static void what_is_no_time_is_told_how_to_write_one(void **state)
{
    static const char *const typed[] = {"",
                                        "tomorrow",
                                        "2026-12-01",
                                        "2026-13-01 09:00",
                                        "2026-12-01 24:00",
                                        "2026-12-01 9",
                                        "2026-12-01 9:5",
                                        "2026-12-01 09:60",
                                        "2026-12-01 -9:00",
                                        "2026-12-01 09:00:00",
                                        "2026-12-01 09:00 ../etc/passwd",
                                        "2026-12-01 09:00 Europe/Berlin please",
                                        "2026-12-01 : UTC",
                                        "01.12.2026 09:00"};
    (void)state;
    for (size_t i = 0; i < COUNT(typed); i++) {
        struct schedule schedule;
        char why[SCHEDULE_WHY];
        if (schedule_read(typed[i], &schedule, why))
            fail_msg("“%s” was taken", typed[i]);
        assert_non_null(strstr(why, "like 2026-12-01 09:00 Europe/Berlin"));
    }
}

static void off_sets_none(void **state)
{
    struct schedule schedule;
    char why[SCHEDULE_WHY];
    (void)state;
    assert_true(schedule_read("Off", &schedule, why));
    assert_true(schedule.off);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_that_of_its_place),
        cmocka_unit_test(without_a_place_it_is_where_they_live),
        cmocka_unit_test(a_time_that_never_is_names_its_neighbours),
        cmocka_unit_test(of_a_time_that_comes_twice_the_first_counts),
        cmocka_unit_test(what_is_no_time_is_told_how_to_write_one),
        cmocka_unit_test(off_sets_none),
    };
    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
