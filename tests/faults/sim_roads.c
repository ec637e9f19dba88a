#include "sim_roads.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../bot/engine/internal.h"
#include "../sandbox/market.h"
#include "io/store.h"
#include "mem.h"
#include "text.h"

enum { SEEN_BITS = 24, SEEN = 1 << SEEN_BITS, ROAD = 2000 };

/* What all processes know. */
struct common {
    atomic_uint_fast64_t worlds, lives, again, failures;
    atomic_uint_fast64_t seen[SEEN]; /* hashes, open addressing */
};

/* Numbers from here on are ms since 1970: moments. */
static const int64_t MOMENT = INT64_C(1500000000000);

static struct common *common;
static const struct road_plan *plan;
static int64_t until;     /* no turning after this moment */
static unsigned done;     /* bit of each actor who has acted */
static int troubles;      /* that may still come */
static uint64_t crossing; /* the number of this one, on this road */
static uint64_t here;     /* the world at the last one */
static char road[ROAD];   /* the turnings taken */
static const char *guide; /* the road to be taken, NULL: all of them */

/* --- has this world been met? --- */

static uint64_t mix(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
    return (hash ^ 0xFF) * UINT64_C(0x100000001B3);
}

static uint64_t mix_number(uint64_t hash, int64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, number);
    return mix(hash, text);
}

/* A moment that was written down, by AWS or by Slack. */
static bool is_moment(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return (digits == 4 && text[4] == '-' && strchr(text, 'T') != NULL) ||
           (digits == 10 && text[10] == '.');
}

static uint64_t mix_json(uint64_t hash, const json_t *value)
{
    const char *key;
    json_t *one;
    size_t i;
    if (json_is_string(value))
        return is_moment(json_string_value(value)) ? hash : mix(hash, json_string_value(value));
    if (json_is_integer(value))
        return mix_number(hash, json_integer_value(value) < MOMENT ? json_integer_value(value) : 0);
    hash = mix_number(hash, (int64_t)json_typeof(value));
    json_array_foreach(value, i, one)
    {
        hash = mix_json(hash, one);
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, one)
    {
        if (strcmp(key, "before") != 0 && strcmp(key, "envelope") != 0)
            hash = mix_json(mix(hash, key), one);
    }
    return hash;
}

/* When something was noted down decides nothing later, nor does the number of an effect but for the
 * order of effects; other times count from now. */
static bool is_mere_record(const char *table, const char *column)
{
    return strcmp(column, "at") == 0 || strcmp(column, "created_at") == 0 ||
           strcmp(column, "changed_at") == 0 || strcmp(column, "published_at") == 0 ||
           (strcmp(table, "effect") == 0 && strcmp(column, "id") == 0);
}

/* Of these it only decides whether there is one: an effect's number, a message's moment. */
static bool is_mere_name(const char *column)
{
    return strcmp(column, "effect") == 0 || strcmp(column, "ts") == 0;
}

/* A column of a row as text, the moment ?1 being now; the caller frees. */
static char *column_text(const char *name)
{
    if (is_mere_name(name))
        return text_format("(\"%s\" NOT IN (0, ''))", name);
    return text_format("CASE WHEN typeof(\"%s\") = 'integer' AND \"%s\""
                       " BETWEEN 1500000000000 AND 5000000000000 THEN \"%s\" - ?1"
                       " ELSE quote(\"%s\") END",
                       name, name, name, name);
}

/* One query for the whole table, in an order that hangs on what is in it alone. */
static char *table_query(struct store *store, const char *table)
{
    char *columns = mem_copy("''");
    struct rows *rows =
        store_query(store, "SELECT name FROM pragma_table_info(?)", SQL_ARGS(SQL_TEXT(table)));
    while (rows_next(rows)) {
        const char *name = rows_text(rows, 0);
        if (is_mere_record(table, name))
            continue;
        char *one = column_text(name);
        char *more = text_format("%s || '|' || %s", columns, one);
        free(one);
        free(columns);
        columns = more;
    }
    char *query = text_format("SELECT group_concat(line, char(10)) FROM (SELECT %s AS line FROM"
                              " \"%s\" ORDER BY line) WHERE ?1 > 0",
                              columns, table);
    free(columns);
    return query;
}

/* The inbox only tells deliveries apart, and here nothing is delivered twice; counters give out
 * numbers. */
static uint64_t mix_store(uint64_t hash, struct sim *sim)
{
    enum { MAX_TABLES = 80 };
    static char *queries[MAX_TABLES];
    static size_t count;
    if (count == 0) {
        struct rows *rows = store_query(sim->store,
                                        "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                        " AND name NOT IN ('inbox', 'counter') ORDER BY name",
                                        SQL_NO_ARGS);
        while (rows_next(rows)) {
            assert(count < MAX_TABLES);
            queries[count++] = mem_copy(rows_text(rows, 0));
        }
        for (size_t i = 0; i < count; i++) {
            char *table = queries[i];
            queries[i] = table_query(sim->store, table);
            free(table);
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct rows *rows = store_query(sim->store, queries[i], SQL_ARGS(SQL_INT(sim->now)));
        if (rows_next(rows)) {
            hash = mix(hash, rows_text(rows, 0));
            rows_close(rows);
        }
    }
    return hash;
}

/* What is due at one moment comes in every order, so the order of the heap says nothing. */
static uint64_t events_hash(const struct sim *sim)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < sim->event_count; i++) {
        const struct sim_event *event = &sim->events[i];
        char *text = wire_text(event);
        if (text == NULL)
            text = people_text(event);
        if (text == NULL || text[0] != '\0') {
            uint64_t hash = mix_number(1, event->at - sim->now);
            hash = mix_number(hash, (int64_t)(uintptr_t)event->run);
            sum += text != NULL ? mix(hash, text) : hash;
        }
        free(text);
    }
    return sum;
}

/* Nor does it matter in which order messages came into different channels. */
static uint64_t messages_hash(const struct sim *sim)
{
    uint64_t sum = 0;
    size_t i;
    const json_t *message;
    json_array_foreach(sim->messages, i, message)
    {
        sum += mix_json(1, message);
    }
    return sum;
}

/* The stopwatches, which a death takes away: how long an effect has been missed; that a list was
 * read, since it stays young until all is over. */
static uint64_t watches_hash(const struct sim *sim)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < sim->engine->stopwatches.count; i++) {
        const struct stopwatch *watch = &sim->engine->stopwatches.at[i];
        bool effect = strncmp(watch->name, "effect ", 7) == 0;
        sum += effect ? mix_number(2, sim->now - watch->since) : mix(3, watch->name);
    }
    return sum;
}

static uint64_t world_hash(struct sim *sim)
{
    uint64_t hash = mix_number(UINT64_C(0xCBF29CE484222325), done);
    hash = mix_number(hash, troubles);
    hash = mix_number(hash, until - sim->now);
    hash = mix_number(hash, (int64_t)events_hash(sim));
    hash = mix_number(hash, (int64_t)messages_hash(sim));
    hash = mix_json(hash, sim->submissions);
    hash = mix_json(hash, sim->approvals);
    hash = mix_json(hash, sim->market->offers);
    hash = mix_json(hash, sim->market->change_sets);
    if (sim->engine == NULL)
        return mix(hash, "dead");
    hash = mix_number(hash, sim->wake < INT64_MAX ? sim->wake - sim->now : -1);
    hash = mix_number(hash, (int64_t)watches_hash(sim));
    return mix_store(hash, sim);
}

static bool is_new(uint64_t hash)
{
    size_t at = hash >> (64 - SEEN_BITS);
    hash += hash == 0;
    for (size_t tries = 0; tries < SEEN; tries++, at = (at + 1) % SEEN) {
        uint_fast64_t there = 0;
        if (atomic_compare_exchange_strong(&common->seen[at], &there, hash))
            return true;
        if (there == hash)
            return false;
    }
    fputs("the table of worlds is full\n", stderr);
    abort();
}

/* --- the process divides --- */

/* A process that broke down is a failure of its own. */
static void reap(pid_t child)
{
    int status;
    pid_t ended;
    while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR)
        ;
    if (ended > 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
        printf("%s: the process broke down (%d) beyond SMALL_ROAD=%s\n", plan->title, status, road);
        atomic_fetch_add(&common->failures, 1);
    }
}

__attribute__((noreturn)) static void leave(void)
{
    fflush(stdout);
    _exit(0);
}

/* True in the one that takes the turning; the other goes on when that is at its end. */
static bool turn_off(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        abort();
    }
    if (child == 0)
        return true;
    reap(child);
    return false;
}

/* Is this turning, the next one of this crossing, to be taken? */
static bool take(unsigned turning)
{
    char step[40];
    snprintf(step, sizeof(step), "%" PRIu64 ":%u,", crossing, turning);
    if (guide != NULL ? strncmp(guide, step, strlen(step)) != 0 : !turn_off())
        return false;
    if (guide != NULL)
        guide += strlen(step);
    strncat(road, step, sizeof(road) - strlen(road) - 1);
    return true;
}

/* --- at a crossing --- */

/* Somebody does their thing now. */
static bool somebody_acts(struct sim *sim, unsigned *turning)
{
    for (size_t i = 0; i < plan->actor_count; i++) {
        if ((done & 1U << i) != 0)
            continue;
        for (size_t choice = 0; choice < plan->actors[i].choices; choice++) {
            if (!take(++*turning))
                continue;
            done |= 1U << i;
            plan->actors[i].act(sim, choice);
            return true;
        }
    }
    return false;
}

/* What is due now may come in another order. */
static bool another_is_first(struct sim *sim, unsigned *turning)
{
    for (size_t i = 1; i < sim->event_count; i++) {
        if (sim->events[i].at <= sim->now && take(++*turning)) {
            sim_first(sim, i);
            return true;
        }
    }
    return false;
}

static bool sudden_death(struct sim *sim, unsigned *turning)
{
    if (sim->engine == NULL || !take(++*turning))
        return false;
    sim->dying = true;
    return true;
}

/* What the bot does not see before its next step changes nothing that could happen here: calls on
 * their way out, what AWS does by itself, what is only told to somebody; and a click that was made
 * at this crossing comes at this crossing. */
static bool is_outside(const struct sim_event *event)
{
    return !wire_is_answer(event) || wire_is_notice(event);
}

/* The answer to this call is lost, before the call has done anything, or after. */
static void may_be_lost(const struct sim_event *event)
{
    crossing++;
    for (unsigned turning = 1; turning <= 2; turning++) {
        if (!take(turning))
            continue;
        troubles--;
        wire_lose(event, turning == 2);
        return;
    }
}

/* Such a step goes first. True: there was one. */
static bool outside_goes_first(struct sim *sim)
{
    for (size_t i = 0; i < sim->event_count; i++) {
        const struct sim_event *event = &sim->events[i];
        if (event->at > sim->now || !is_outside(event))
            continue;
        if (troubles > 0 && wire_is_out(event) && !wire_is_notice(event))
            may_be_lost(event);
        sim_first(sim, i);
        return true;
    }
    return false;
}

/* A step that changed nothing leads to the same turnings once more. */
static bool is_met(struct sim *sim)
{
    uint64_t now = world_hash(sim);
    if (now == here)
        return true;
    here = now;
    if (guide == NULL && !is_new(now)) {
        atomic_fetch_add(&common->again, 1);
        leave();
    }
    return false;
}

static bool at_crossing(struct sim *sim, bool between)
{
    unsigned turning = 0;
    if (sim->now >= until)
        return false;
    if (!between && outside_goes_first(sim))
        return false;
    crossing++;
    if (!between && is_met(sim))
        return false;
    if (!between) {
        atomic_fetch_add(&common->worlds, 1);
        if (sim->engine != NULL && somebody_acts(sim, &turning))
            return true;
        if (another_is_first(sim, &turning))
            return false;
    }
    if (troubles == 0 || !sudden_death(sim, &turning))
        return false;
    troubles--;
    return true;
}

/* --- a whole life --- */

/* In a process of its own, and all that divide from it. */
__attribute__((noreturn)) static void live(struct sim *sim)
{
    sim->crossing = at_crossing;
    sim_run(sim, plan->for_ms);
    sim->crossing = NULL;
    sim_run(sim, plan->calm_ms);
    atomic_fetch_add(&common->lives, 1);
    char *wrong = sim_judge(sim);
    if (wrong != NULL) {
        printf("%s: SMALL_ROAD=%s: %s\n", plan->title, road, wrong);
        atomic_fetch_add(&common->failures, 1);
    }
    leave();
}

struct road_tally roads_walk(struct sim *sim, const struct road_plan *of)
{
    common = mmap(NULL, sizeof(*common), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (common == MAP_FAILED)
        abort();
    plan = of;
    until = sim->now + plan->for_ms;
    troubles = plan->troubles;
    guide = getenv("SMALL_ROAD");
    if (turn_off())
        live(sim);
    struct road_tally tally = {common->worlds, common->lives, common->again, common->failures};
    munmap(common, sizeof(*common));
    return tally;
}
