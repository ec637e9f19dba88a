#include "points.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const kind_words[KINDS] = {"kill", "power", "twice", "call", "memory", "start"};
const char *const kind_names[KINDS] = {
    [KIND_KILL] = "killed",
    [KIND_POWER] = "power lost",
    [KIND_TWICE] = "killed again while it recovers",
    [KIND_CALL] = "a call fails",
    [KIND_MEMORY] = "an allocation fails",
    [KIND_START] = "an allocation of the start fails",
};
enum { STRIKES = STRIKE_FAMINE_OURS + 1, LOSSES = LOSS_SOME + 1 };
static const char *const strike_names[STRIKES] = {
    "none", "kill-before", "kill-after", "fail",        "short",
    "slow", "starve",      "famine",     "starve-ours", "famine-ours"};
static const char *const loss_names[LOSSES] = {"none", "all", "some"};

/* Calls of a start that finds a book: where the second crash falls. */
enum { RECOVERY_CALLS = 260 };

static uint64_t draw(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static long below(uint64_t *state, long most)
{
    return most > 0 ? (long)(draw(state) % (uint64_t)most) : 0;
}

/* The ${nth} of ${sites} places, spread evenly, none twice before each was there once. */
static long spread(uint64_t seed, long nth, long sites)
{
    long step = sites > 3 ? sites * 618 / 1000 : 1;
    for (long a = sites, b = step; b != 1 && sites > 3;) { /* until they have no common divisor */
        long rest = a % b;
        if (rest == 0) {
            a = sites;
            b = ++step;
        } else {
            a = b;
            b = rest;
        }
    }
    return (long)(((uint64_t)nth * (uint64_t)step + seed) % (uint64_t)sites);
}

static struct order draw_kill(uint64_t *state, long calls, bool power)
{
    return (struct order){
        .strike = below(state, 2) ? STRIKE_KILL_BEFORE : STRIKE_KILL_AFTER,
        .at = 1 + below(state, calls),
        .loss = power ? (below(state, 3) ? LOSS_SOME : LOSS_ALL) : LOSS_NONE,
        .seed = draw(state) % 100000,
    };
}

/* Ways in which one call is struck: its errors (preload_calls.c), half its bytes, a slow second. */
enum { ERRORS = 4, FAILURES = ERRORS + 2 };

static struct order order_failure(long at, long way)
{
    static const enum strike others[] = {STRIKE_SHORT, STRIKE_SLOW};
    return way < ERRORS ? (struct order){.strike = STRIKE_FAIL, .at = at, .seed = (uint64_t)way}
                        : (struct order){.strike = others[way - ERRORS], .at = at};
}

/* The places of one scenario. */
static long sites_of(enum kind kind, const struct measure *measures, long scenario)
{
    if (kind == KIND_KILL)
        return 2 * measures[scenario].calls;
    if (kind == KIND_CALL)
        return FAILURES * measures[scenario].calls;
    if (kind == KIND_START && scenario == 0) /* every scenario begins with the same start */
        return 2 * measures[scenario].start;
    return 0;
}

long point_sites(enum kind kind, const struct measure *measures)
{
    long all = 0;
    for (long i = 0; scenarios[i].name != NULL; i++)
        all += sites_of(kind, measures, i);
    return all;
}

static struct point point_at(enum kind kind, long site, const struct measure *measures)
{
    long chosen = 0;
    for (; site >= sites_of(kind, measures, chosen); chosen++)
        site -= sites_of(kind, measures, chosen);
    struct point point = {.kind = kind, .scenario = &scenarios[chosen]};
    if (kind == KIND_CALL)
        point.orders[0] = order_failure(1 + site / FAILURES, site % FAILURES);
    else if (kind == KIND_KILL)
        point.orders[0] = (struct order){
            .strike = site % 2 ? STRIKE_KILL_AFTER : STRIKE_KILL_BEFORE, .at = 1 + site / 2};
    else
        point.orders[0] = (struct order){
            .strike = site % 2 ? STRIKE_FAMINE_OURS : STRIKE_STARVE_OURS, .at = 1 + site / 2};
    return point;
}

struct point point_draw(uint64_t seed, enum kind kind, long nth, const struct measure *measures)
{
    uint64_t state =
        (seed * UINT64_C(1000003) + (uint64_t)kind) * UINT64_C(1000003) + (uint64_t)nth;
    long sites = point_sites(kind, measures);
    if (sites > 0)
        return point_at(kind, spread(seed, nth, sites), measures);
    long count = 0;
    while (scenarios[count].name != NULL)
        count++;
    long chosen = nth % count;
    long calls = measures[chosen].calls;
    struct point point = {.kind = kind, .scenario = &scenarios[chosen]};
    if (kind == KIND_MEMORY) {
        point.orders[0] = (struct order){.strike = below(&state, 2) ? STRIKE_STARVE : STRIKE_FAMINE,
                                         .at = 1 + below(&state, measures[chosen].allocations)};
        return point;
    }
    point.orders[0] = draw_kill(&state, calls, kind == KIND_POWER || below(&state, 2));
    if (kind == KIND_TWICE)
        point.orders[1] = draw_kill(&state, RECOVERY_CALLS, below(&state, 2));
    return point;
}

/* --- as text --- */

static size_t order_text(const struct order *order, char *text, size_t capacity)
{
    int size = snprintf(text, capacity, "%s:%ld:%s:%" PRIu64, strike_names[order->strike],
                        order->at, loss_names[order->loss], order->seed);
    return (size_t)size;
}

void point_text(const struct point *point, char text[POINT_TEXT])
{
    size_t used = (size_t)snprintf(text, POINT_TEXT, "%s ", point->scenario->name);
    used += order_text(&point->orders[0], text + used, POINT_TEXT - used);
    if (point->orders[1].strike == STRIKE_NONE)
        return;
    text[used++] = ',';
    order_text(&point->orders[1], text + used, POINT_TEXT - used);
}

static int named(const char *word, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], word) == 0)
            return i;
    }
    return -1;
}

static bool order_read(struct order *order, const char *text)
{
    char strike[20], loss[20];
    if (sscanf(text, "%19[^:]:%ld:%19[^:]:%" SCNu64, strike, &order->at, loss, &order->seed) != 4)
        return false;
    int d = named(strike, strike_names, STRIKES), l = named(loss, loss_names, LOSSES);
    order->strike = (enum strike)d;
    order->loss = (enum loss)l;
    return d >= 0 && l >= 0;
}

static enum kind kind_of(const struct order orders[2])
{
    switch (orders[0].strike) {
    case STRIKE_STARVE:
    case STRIKE_FAMINE:
        return KIND_MEMORY;
    case STRIKE_STARVE_OURS:
    case STRIKE_FAMINE_OURS:
        return KIND_START;
    case STRIKE_FAIL:
    case STRIKE_SHORT:
    case STRIKE_SLOW:
        return KIND_CALL;
    case STRIKE_NONE:
    case STRIKE_KILL_BEFORE:
    case STRIKE_KILL_AFTER:
        break;
    }
    return orders[1].strike != STRIKE_NONE ? KIND_TWICE
           : orders[0].loss != LOSS_NONE   ? KIND_POWER
                                           : KIND_KILL;
}

bool point_read(struct point *point, const char *text)
{
    size_t size = strcspn(text, " ");
    const char *comma = strchr(text, ',');
    *point = (struct point){0};
    for (const struct scenario *one = scenarios; one->name != NULL; one++) {
        if (strlen(one->name) == size && strncmp(one->name, text, size) == 0)
            point->scenario = one;
    }
    if (point->scenario == NULL || text[size] == '\0' ||
        !order_read(&point->orders[0], text + size + 1) ||
        (comma != NULL && !order_read(&point->orders[1], comma + 1)))
        return false;
    point->kind = kind_of(point->orders);
    return true;
}
