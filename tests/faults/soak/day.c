#include "day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../checker/check.h"
#include "lives.h"
#include "mem.h"
#include "punctual.h"

/* What each is there for is between its beginning and its end. Offers stop three hours before it:
 * then all that is under way has come to something. */
const struct day days[] = {
    {"leap-day", "Europe/Berlin", "2028-02-28T17:00:00", 36, 250, 8},
    {"spring", "Europe/Berlin", "2027-03-27T17:00:00", 36, 250, 8},
    {"autumn", "America/New_York", "2027-11-06T17:00:00", 36, 250, 8},
    {"2038", "Pacific/Auckland", "2038-01-18T17:00:00", 36, 250, 8},
    {0},
};
const struct day short_day = {"leap-day, short", "Europe/Berlin", "2028-02-28T21:00:00", 28, 6, 1};

enum { QUIET_HOURS = 3, OTHERS = 30, SOCKET_EVERY = 11, SERVICE_EVERY = 7 };

static const int64_t HOUR_MS = INT64_C(3600000);

struct course {
    const struct day *day;
    struct hands hands;
    struct lives lives;
    struct gauge gauge;
    char extended[40]; /* an authorization that the ISV extended last */
    int others;
    int given_up;
};

int64_t day_ms(const char *utc)
{
    struct tm when = {0};
    return strptime(utc, "%Y-%m-%dT%H:%M:%S", &when) != NULL ? (int64_t)timegm(&when) * 1000 : 0;
}

/* --- what else happens --- */

static void befall_sockets(struct course *course)
{
    static const char *const what[] = {"refresh_requested", "warning", "cut"};
    static const char *const which[] = {"one", "all"};
    hands_order(&course->hands, "fault",
                json_pack("{s:s, s:s, s:s, s:s}", "where", "socket", "method", "now", "error",
                          what[lives_roll(&course->lives, 3)], "sockets",
                          which[lives_roll(&course->lives, 2)]));
}

static void befall_services(struct course *course)
{
    static const char *const where[] = {"slack", "aws"};
    json_t *fault =
        json_pack("{s:s, s:s}", "where", where[lives_roll(&course->lives, 2)], "method", "*");
    switch (lives_roll(&course->lives, 4)) {
    case 0:
        json_object_set_new(fault, "status", json_integer(500));
        break;
    case 1:
        json_object_set_new(fault, "drop", json_string("after"));
        break;
    case 2:
        json_object_set_new(fault, "drop", json_string("before"));
        break;
    default:
        json_object_set_new(fault, "delay_ms", json_integer(2000));
        break;
    }
    hands_order(&course->hands, "fault", fault);
}

/* The ISV extends another authorization, and takes back the last one. */
static void trade(struct course *course)
{
    if (*course->extended != '\0')
        hands_order(&course->hands, "market/revoke",
                    json_pack("{s:s}", "authorization", course->extended));
    json_t *answer = world_ask(course->hands.world, "market/extend",
                               json_pack("{s:s}", "name", "Archera-Partner-Extra"));
    snprintf(course->extended, sizeof(course->extended), "%s", text_of(answer, "authorization"));
    json_decref(answer);
}

static void look_around(struct course *course)
{
    static const char *const words[] = {"/cppo",      "/cppo list",        "/cppo help",
                                        "/cppo shwo", "/cppo show CPPO-1", "/cppo show CPPO-9999"};
    static const char *const people[] = {"U0SELLER", "U0MIA", "U0MAX", "U0OLGA", "U0OTTO", "U0GUS"};
    static const char *const buttons[] = {"details", "details", "approve"};
    const char *who = people[lives_roll(&course->lives, 6)];
    const json_t *cards = hands_look(&course->hands)->cards;
    size_t count = json_array_size(cards);
    if (count == 0 || lives_roll(&course->lives, 3) > 0) {
        hands_type(&course->hands, who, words[lives_roll(&course->lives, 6)]);
        return;
    }
    const char *button = buttons[lives_roll(&course->lives, 3)];
    const char *ts = text_of(json_array_get(cards, lives_roll(&course->lives, count)), "ts");
    /* Approvals that do not count: by somebody who is no approver. */
    hands_click(&course->hands, strcmp(button, "approve") == 0 ? "U0OLGA" : who, ts, button);
}

static void something_else(struct course *course)
{
    int nth = ++course->others;
    if (nth % SOCKET_EVERY == 0)
        befall_sockets(course);
    else if (nth % SERVICE_EVERY == 0)
        befall_services(course);
    else if (nth % 100 == 50)
        trade(course);
    else
        look_around(course);
}

/* --- the hours --- */

static void live_until(struct course *course, int64_t until)
{
    struct life *life;
    while ((life = lives_next(&course->lives)) != NULL && life->due <= until &&
           !course->hands.ended) {
        hands_wait(&course->hands, life->due);
        course->given_up += !lives_step(&course->lives, life, &course->hands);
    }
    hands_wait(&course->hands, until);
}

static void live_an_hour(struct course *course, int64_t begins, int offers, int others)
{
    int parts = offers * others;
    for (int i = 0; i < parts && !course->hands.ended; i++) {
        int64_t now = begins + HOUR_MS * i / parts;
        live_until(course, now);
        if (i % others == 0)
            lives_begin(&course->lives, now);
        something_else(course);
    }
    live_until(course, begins + HOUR_MS);
}

/* Kilobytes of a file of this world. */
static long size_of(const struct course *course, const char *name)
{
    struct stat file;
    char *path = text_format("%s/%s", course->hands.world->dir, name);
    long size = stat(path, &file) == 0 ? (long)(file.st_size / 1024) : 0;
    free(path);
    return size;
}

static void print_hour(const struct course *course, int hour)
{
    const struct gauge *gauge = &course->gauge;
    printf("  hour %2d: %6ld kB, %2ld descriptors; book %5ld kB, its journal %5ld kB; %3d offers, "
           "%5ld envelopes\n",
           hour, gauge->memory[gauge->hours - 1], gauge->descriptors[gauge->hours - 1],
           gauge->book[gauge->hours - 1], size_of(course, "cppo.db-wal"), course->lives.count,
           course->hands.acts);
    fflush(stdout);
}

/* --- the verdict --- */

static void keep_json(const json_t *json, const char *name, const char *keep)
{
    char *path = text_format("%s/%s", keep, name);
    json_dump_file(json, path, JSON_INDENT(1) | JSON_SORT_KEYS);
    free(path);
}

static int judge_promises(struct course *course, const json_t *book, const char *keep)
{
    struct verdict verdict;
    json_t *state = world_ask(course->hands.world, "state", NULL);
    struct evidence evidence = {
        .log = course->hands.sight.kept, .state = state, .book = book, .needed = 1};
    int wrong = check_all(&evidence, &verdict);
    if (wrong > 0) {
        mkdir(keep, 0755);
        keep_json(evidence.log, "log.json", keep);
        keep_json(state, "state.json", keep);
        keep_json(book, "book.json", keep);
        printf("%s  evidence: %s\n", verdict.lines, keep);
    }
    json_decref(state);
    return wrong;
}

static int judge_time(const struct course *course, const json_t *book)
{
    struct punctual punctual;
    punctual_check(course->hands.sight.kept, book, &punctual);
    printf("  on time: %d lapsed, %d expired, %d acceptances noticed, %d listings; %d early, %d "
           "late\n",
           punctual.lapses, punctual.expiries, punctual.acceptances, punctual.listings,
           punctual.early, punctual.late);
    int missing = (punctual.lapses == 0) + (punctual.expiries == 0) + (punctual.acceptances == 0);
    if (missing > 0)
        printf("  WRONG: no date went by, or no buyer accepted\n");
    return punctual.early + punctual.late + missing;
}

static int judge_growth(const struct gauge *gauge)
{
    bool flat = gauge_is_flat(gauge);
    printf("  at least: %ld kB in the second quarter, %ld kB in the last (the book: %ld, %ld); "
           "descriptors: %ld, %ld: "
           "%s\n",
           gauge_least(gauge->memory, gauge->hours, 2), gauge_least(gauge->memory, gauge->hours, 4),
           gauge_least(gauge->book, gauge->hours, 2), gauge_least(gauge->book, gauge->hours, 4),
           gauge_least(gauge->descriptors, gauge->hours, 2),
           gauge_least(gauge->descriptors, gauge->hours, 4),
           flat                ? "flat"
           : gauge->unread > 0 ? "WRONG: not every hour was read"
                               : "WRONG: they grow");
    return !flat;
}

static int judge(struct course *course, const char *keep)
{
    char *path = text_format("%s/cppo.db", course->hands.world->dir);
    json_t *book = book_read(path);
    hands_look(&course->hands);
    int wrong = judge_promises(course, book, keep) + judge_time(course, book) +
                judge_growth(&course->gauge) + course->given_up;
    if (course->given_up > 0)
        printf("  WRONG: people gave up %d times\n", course->given_up);
    printf("  %ld of %ld envelopes were not acknowledged\n", course->hands.unheeded,
           course->hands.acts);
    json_decref(book);
    free(path);
    return wrong;
}

/* --- all --- */

static int run(struct course *course, const char *keep)
{
    struct world *world = course->hands.world;
    int64_t begins = world->birthday;
    world_start_bot(world, NULL);
    live_an_hour(course, begins, course->day->first, 1);
    begins += HOUR_MS;
    for (int hour = 1; hour <= course->day->hours; hour++) {
        live_an_hour(course, begins,
                     hour > course->day->hours - QUIET_HOURS ? 0 : course->day->offers, OTHERS);
        begins += HOUR_MS;
        if (course->hands.ended) {
            printf("  WRONG: the bot ended; its log is in %s\n", world->dir);
            return 1;
        }
        gauge_read(&course->gauge, world->mothers[ROLE_BOT].child, size_of(course, "cppo.db"));
        print_hour(course, hour);
    }
    return judge(course, keep);
}

int day_live(const struct day *day, const char *bin, const char *keep, uint64_t seed)
{
    static struct world world;
    struct course *course = mem_new(1, sizeof(*course));
    int wrong = 1;
    course->day = day;
    course->hands.world = &world;
    course->lives.dice = seed;
    setenv("TZ", day->zone, 1);
    if (world_open(&world, bin, 0) == 0) {
        world.birthday = day_ms(day->begins);
        world.in_earnest = true;
        if (world_begin(&world, 1) == 0) {
            sight_open(&course->hands.sight);
            course->hands.sight.kept = json_array();
            hands_order(&course->hands, "market/speed",
                        json_pack("{s:i, s:i}", "prepare_ms", 20000, "apply_ms", 60000));
            wrong = run(course, keep);
            sight_close(&course->hands.sight);
        }
        world_close(&world);
    }
    free(course);
    return wrong;
}
