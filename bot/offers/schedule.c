#include "offers/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "offers/date.h"
#include "offers/typed.h"
#include "offers/working.h"
#include "text.h"

/* "09:00", "9:05" */
static bool read_clock(const char *word, int32_t *second)
{
    enum { DAY_MINUTES = 24 * 60 };
    char padded[8] = "";
    int minutes = 0;
    bool short_hour = *word != '\0' && word[1] == ':';
    int size = snprintf(padded, sizeof(padded), "%s%s", short_hour ? "0" : "", word);
    bool good =
        size < (int)sizeof(padded) && working_clock_read(&minutes, padded) && minutes < DAY_MINUTES;
    *second = good ? minutes * 60 : 0;
    return good;
}

/* The next word of ${*at}, at most ${capacity} bytes of it with the '\0'; "" at the end. */
static void next_word(const char **at, char *word, size_t capacity)
{
    *at += typed_blanks(*at);
    size_t size = typed_word(*at);
    char *whole = mem_slice(*at, size);
    text_fit(word, capacity, whole);
    free(whole);
    *at += size;
}

static bool is_off(const char *word)
{
    return text_same_nocase(word, "off") || text_same_nocase(word, "none") ||
           text_same_nocase(word, "now");
}

static bool refuse(char why[SCHEDULE_WHY], const char *words)
{
    snprintf(why, SCHEDULE_WHY, "%s", words);
    return false;
}

static bool read_words(const char *plain, struct schedule *schedule, char why[SCHEDULE_WHY])
{
    static const char how[] = "Write date, time and place, like 2026-12-01 09:00 Europe/Berlin; "
                              "without a place your own time zone in Slack counts. “off” sets no "
                              "time any more.";
    char day[24];
    char clock[24];
    char rest[8];
    next_word(&plain, day, sizeof(day));
    if (is_off(day)) {
        schedule->off = true;
        return true;
    }
    char *apart = strchr(day, 'T'); /* 2026-12-01T09:00 */
    if (apart != NULL) {
        text_fit(clock, sizeof(clock), apart + 1);
        *apart = '\0';
    } else {
        next_word(&plain, clock, sizeof(clock));
    }
    next_word(&plain, schedule->zone, sizeof(schedule->zone));
    next_word(&plain, rest, sizeof(rest));
    if (!date_read(&schedule->civil.day, day) || !read_clock(clock, &schedule->civil.second) ||
        *rest != '\0')
        return refuse(why, how);
    return *schedule->zone == '\0' || zone_name_good(schedule->zone) || refuse(why, how);
}

bool schedule_read(const char *typed, struct schedule *schedule, char why[SCHEDULE_WHY])
{
    char *plain = typed_code(typed);
    *schedule = (struct schedule){.off = false};
    bool good = read_words(plain, schedule, why);
    free(plain);
    return good;
}

void schedule_place(struct schedule *schedule, const char *own)
{
    text_fit(schedule->zone, sizeof(schedule->zone), *own != '\0' ? own : "UTC");
    schedule->own = true;
}

bool schedule_needs_zone(const struct schedule *schedule)
{
    return !text_same_nocase(schedule->zone, "UTC");
}

static void write_clock(int32_t second, char text[8])
{
    snprintf(text, 8, "%02d:%02d", (int)(second / 3600) % 24, (int)(second / 60) % 60);
}

bool schedule_at(struct schedule *schedule, const struct zone *zone, char why[SCHEDULE_WHY])
{
    char set[SCHEDULE_TEXT];
    char before[8];
    char after[8];
    struct zone_moments moments = zone_utc(zone, schedule->civil);
    schedule->at = moments.at[0] * 1000;
    schedule->twice = moments.count > 1;
    if (moments.count > 0)
        return true;
    schedule_write(schedule, set);
    write_clock(zone_local(zone, moments.at[0]).civil.second, before);
    write_clock(zone_local(zone, moments.at[1]).civil.second, after);
    snprintf(why, SCHEDULE_WHY,
             "There is no %s: clocks are put forward then. Take %s, the last minute before, or "
             "%s, the first after it.",
             set, before, after);
    return false;
}

void schedule_write(const struct schedule *schedule, char text[SCHEDULE_TEXT])
{
    char day[DATE_TEXT];
    char clock[8];
    date_write(schedule->civil.day, day);
    write_clock(schedule->civil.second, clock);
    snprintf(text, SCHEDULE_TEXT, "%s %s %s", day, clock, schedule->zone);
}
