/* Time zones: against zdump, the C library's own reader; and files that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"
#include "offers/date.h"
#include "offers/zone.h"
#include "run/zones.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int64_t DAY = 86400;

/* From the summer time of one hemisphere to half an hour of it, none any more, and none ever; one
 * that skipped a day, one whose winter is the exception, one whose rule counts hours beyond a day,
 * and one whose files end with a table. */
static const char *const zones[] = {
    "Europe/Berlin",       "America/New_York",  "Australia/Sydney", "Asia/Kolkata",
    "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia",     "Europe/Dublin",
    "Asia/Gaza",           "Africa/Casablanca", "Antarctica/Troll", "Etc/GMT+5",
};

static struct civil civil_of(const char *text)
{
    struct civil civil = {0};
    char day[DATE_TEXT];
    snprintf(day, sizeof(day), "%.10s", text);
    assert_true(date_read(&civil.day, day));
    civil.second = (int32_t)(strtol(text + 11, NULL, 10) * 3600 + strtol(text + 14, NULL, 10) * 60);
    return civil;
}

static int64_t seconds_of(struct civil civil)
{
    return civil.day * DAY + civil.second;
}

/* "Sun Mar 31 00:59:59 2030": what zdump prints. */
static struct civil dumped(char **word)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int month = (int)(strstr(months, word[1]) - months) / 3 + 1;
    int year = (int)strtol(word[4], NULL, 10);
    const char *clock = word[3];
    return (struct civil){date_join(year, month, (int)strtol(word[2], NULL, 10)),
                          (int32_t)(strtol(clock, NULL, 10) * 3600 +
                                    strtol(clock + 3, NULL, 10) * 60 +
                                    strtol(clock + 6, NULL, 10))};
}

/* Zone, five words, "UT", "=", five words, short name, "isdst=…", "gmtoff=…". */
static bool agrees_with(const struct zone *zone, char *line)
{
    char *word[16];
    size_t count = 0;
    for (char *rest = NULL, *at = strtok_r(line, " \n", &rest); at != NULL && count < COUNT(word);
         at = strtok_r(NULL, " \n", &rest))
        word[count++] = at;
    if (count != 16)
        return false; /* the ends of time have no date */
    int64_t utc = seconds_of(dumped(word + 1));
    struct civil there = dumped(word + 8);
    struct zone_time time = zone_local(zone, utc);
    assert_int_equal(seconds_of(time.civil), seconds_of(there));
    assert_string_equal(time.short_name, word[13]);
    assert_int_equal(time.offset, strtol(word[15] + strlen("gmtoff="), NULL, 10));
    struct zone_moments moments = zone_utc(zone, there);
    assert_true(moments.count >= 1);
    assert_true(moments.at[0] == utc || moments.at[1] == utc);
    return true;
}

static void every_change_is_where_zdump_sees_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(zones); i++) {
        char *command = NULL;
        char *line = NULL;
        size_t room = 0;
        int count = 0;
        const struct zone *zone = zones_get(zones[i]);
        assert_true(asprintf(&command, "zdump -v -c 1900,2140 %s", zones[i]) > 0);
        FILE *dump = popen(command, "r");
        assert_non_null(dump);
        while (getline(&line, &room, dump) > 0)
            count += agrees_with(zone, line);
        if (pclose(dump) != 0 || (count == 0 && strchr(zones[i], '+') == NULL))
            fail_msg("“%s” says nothing: zdump comes with Debian's libc-bin, the zones with tzdata",
                     command);
        free(command);
        free(line);
    }
}

/* --- there and back --- */

static void an_hour_that_is_skipped_has_two_sides(void **state)
{
    (void)state;
    struct zone_moments gap = zone_utc(zones_get("Europe/Berlin"), civil_of("2026-03-29 02:30"));
    assert_int_equal(gap.count, 0);
    assert_int_equal(gap.at[0], seconds_of(civil_of("2026-03-29 01:00")) - 1);
    assert_int_equal(gap.at[1], seconds_of(civil_of("2026-03-29 01:00")));
    assert_string_equal(zone_local(zones_get("Europe/Berlin"), gap.at[0]).short_name, "CET");
    assert_string_equal(zone_local(zones_get("Europe/Berlin"), gap.at[1]).short_name, "CEST");
}

static void a_day_that_is_skipped_has_two_sides(void **state)
{
    (void)state;
    struct zone_moments gap = zone_utc(zones_get("Pacific/Apia"), civil_of("2011-12-30 12:00"));
    assert_int_equal(gap.count, 0);
    assert_int_equal(gap.at[1], seconds_of(civil_of("2011-12-30 10:00")));
    assert_int_equal(gap.at[0], gap.at[1] - 1);
}

static void an_hour_that_comes_twice_has_two_moments(void **state)
{
    (void)state;
    struct zone_moments twice =
        zone_utc(zones_get("America/New_York"), civil_of("2026-11-01 01:30"));
    assert_int_equal(twice.count, 2);
    assert_int_equal(twice.at[0], seconds_of(civil_of("2026-11-01 05:30")));
    assert_int_equal(twice.at[1], seconds_of(civil_of("2026-11-01 06:30")));
    twice = zone_utc(zones_get("Australia/Lord_Howe"), civil_of("2040-04-01 01:45"));
    assert_int_equal(twice.count, 2);
    assert_int_equal(twice.at[1] - twice.at[0], 1800);
}

static void every_other_hour_comes_once(void **state)
{
    (void)state;
    struct zone_moments once = zone_utc(zones_get("Asia/Kolkata"), civil_of("2026-12-01 09:00"));
    assert_int_equal(once.count, 1);
    assert_int_equal(once.at[0], seconds_of(civil_of("2026-12-01 03:30")));
}

static void no_zone_is_utc(void **state)
{
    (void)state;
    struct zone_moments once = zone_utc(NULL, civil_of("2026-12-01 09:00"));
    assert_int_equal(once.count, 1);
    assert_int_equal(once.at[0], seconds_of(civil_of("2026-12-01 09:00")));
    assert_string_equal(zone_local(NULL, 0).short_name, "UTC");
}

static void the_ends_of_time_are_the_nearest_years(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(zones); i++) {
        assert_int_equal(date_year(zone_local(zones_get(zones[i]), INT64_MAX).civil.day) / 10, 999);
        assert_true(date_year(zone_local(zones_get(zones[i]), INT64_MIN).civil.day) <= 2);
        assert_int_equal(zone_utc(zones_get(zones[i]), (struct civil){INT32_MAX, 0}).count, 1);
        assert_int_equal(zone_utc(zones_get(zones[i]), (struct civil){INT32_MIN, 0}).count, 1);
    }
}

/* --- names and files --- */

static void a_name_leads_nowhere_else(void **state)
{
    static const char *const good[] = {"UTC", "Europe/Berlin", "America/Argentina/Ushuaia",
                                       "Etc/GMT+5", "America/Port-au-Prince"};
    static const char *const bad[] = {
        "",
        "/etc/passwd",
        "../../etc/passwd",
        "Europe//Berlin",
        "Europe/",
        "a/b/c/d",
        "Europe/B.rlin",
        "Europe/Berlin\n",
        "Europe/Bérlin",
        "../zoneinfo/UTC",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(zone_name_good(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(zone_name_good(bad[i]));
        assert_null(zones_get(bad[i]));
    }
}

static void what_is_no_zone_is_utc(void **state)
{
    (void)state;
    assert_null(zones_get("Europe/Atlantis"));
    assert_null(zones_get("Europe/Atlantis"));
    assert_null(zones_get("Europe"));       /* a folder */
    assert_null(zones_get("zone1970_tab")); /* none */
    assert_null(zones_get("leapseconds"));  /* text, where there is one */
}

static void more_zones_than_are_kept_are_read_again(void **state)
{
    char name[ZONE_NAME];
    (void)state;
    assert_non_null(zones_get("Europe/Berlin"));
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof(name), "Nowhere/N%d", i);
        assert_null(zones_get(name));
    }
    assert_int_equal(zone_local(zones_get("Europe/Berlin"), 0).offset, 3600);
}

/* A file of version ${version} with one change, from UTC to an hour ahead, in 1970 after 100 s. */
struct file {
    uint8_t bytes[512];
    size_t size;
};

static void put(struct file *file, const void *bytes, size_t size)
{
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
}

static void put_number(struct file *file, int64_t number, size_t size)
{
    for (size_t i = size; i-- > 0;)
        put(file, &(uint8_t){(uint8_t)((uint64_t)number >> (8 * i))}, 1);
}

static void put_block(struct file *file, char version, size_t time, int leaps)
{
    put(file, "TZif", 4);
    put(file, &version, 1);
    put(file, (char[15]){0}, 15);
    const int counts[] = {0, 0, leaps, 1, 2, 8};
    for (size_t i = 0; i < COUNT(counts); i++)
        put_number(file, counts[i], 4);
    put_number(file, 100, time);
    put_number(file, 1, 1);
    put(file, "\0\0\0\0\0\0\0\0\x0e\x10\1\4", 12);
    put(file, "UTC\0ONE", 8);
    put(file, (char[16]){0}, (size_t)leaps * (time + 4));
}

static struct file file_of(char version, const char *footer)
{
    struct file file = {.size = 0};
    put_block(&file, version, 4, 0);
    if (version == '\0')
        return file;
    put_block(&file, version, 8, 0);
    put(&file, footer, strlen(footer));
    return file;
}

static struct zone *read_file(const struct file *file, size_t size)
{
    struct err err = {0};
    void *bytes = mem_slice(file->bytes, size); /* reading past its end is seen */
    struct zone *zone = zone_read(bytes, size, &err);
    assert_true((zone == NULL) == (*err.text != '\0'));
    free(bytes);
    return zone;
}

static void every_version_is_read(void **state)
{
    static const char versions[] = {'\0', '2', '3', '4'};
    (void)state;
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct file file = file_of(versions[i], "\nONE-1\n");
        struct zone *zone = read_file(&file, file.size);
        assert_non_null(zone);
        assert_string_equal(zone_local(zone, 99).short_name, "UTC");
        assert_string_equal(zone_local(zone, 100).short_name, "ONE");
        assert_int_equal(zone_local(zone, 4000000000).offset, 3600);
        zone_free(zone);
    }
}

static void a_file_that_is_cut_short_is_none(void **state)
{
    (void)state;
    struct file file = file_of('2', "\nONE-1\n");
    for (size_t size = 0; size < file.size; size++)
        assert_null(read_file(&file, size));
}

static void what_counts_leap_seconds_is_refused(void **state)
{
    struct file file = {.size = 0};
    (void)state;
    put_block(&file, '\0', 4, 1);
    assert_null(read_file(&file, file.size));
}

static void summer_all_year_long(void **state)
{
    (void)state;
    struct file file = file_of('3', "\nXXX3EDT4,0/0,J365/23\n");
    struct zone *zone = read_file(&file, file.size);
    assert_non_null(zone);
    for (int64_t utc = 1000; utc < 100 * 366 * DAY; utc += 7777777)
        assert_int_equal(zone_local(zone, utc).offset, -4 * 3600);
    zone_free(zone);
}

static void rules_that_are_none(void **state)
{
    static const char *const rules[] = {
        "ONE",
        "ONE-",
        "ONE-25",
        "-1",
        "<ONE-1",
        "ONE-1TWO",
        "ONE-1TWO,M3.5.0",
        "ONE-1TWO,M3.5.0,",
        "ONE-1TWO,M13.5.0,M10.5.0",
        "ONE-1TWO,M3.6.0,M10.5.0",
        "ONE-1TWO,M3.5.7,M10.5.0",
        "ONE-1TWO,J0,J365",
        "ONE-1TWO,366,1",
        "ONE-1TWO,J1,J365/168",
        "ONE-1TWO,M3.5.0,M10.5.0 ",
        "ONE-1:60",
        "<O\x01E>-1",
        "<>-1",
        "ABCDEFGHIJKLMNOPQ-1",
        "ONE-1TWO,M3.5.0/,M10.5.0",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rules); i++) {
        char footer[80];
        snprintf(footer, sizeof(footer), "\n%s\n", rules[i]);
        struct file file = file_of('3', footer);
        struct zone *zone = read_file(&file, file.size);
        if (zone != NULL)
            fail_msg("“%s” was taken for a rule", rules[i]);
    }
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_is_where_zdump_sees_it),
        cmocka_unit_test(an_hour_that_is_skipped_has_two_sides),
        cmocka_unit_test(a_day_that_is_skipped_has_two_sides),
        cmocka_unit_test(an_hour_that_comes_twice_has_two_moments),
        cmocka_unit_test(every_other_hour_comes_once),
        cmocka_unit_test(no_zone_is_utc),
        cmocka_unit_test(the_ends_of_time_are_the_nearest_years),
        cmocka_unit_test(a_name_leads_nowhere_else),
        cmocka_unit_test(what_is_no_zone_is_utc),
        cmocka_unit_test(more_zones_than_are_kept_are_read_again),
        cmocka_unit_test(every_version_is_read),
        cmocka_unit_test(a_file_that_is_cut_short_is_none),
        cmocka_unit_test(what_counts_leap_seconds_is_refused),
        cmocka_unit_test(summer_all_year_long),
        cmocka_unit_test(rules_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
