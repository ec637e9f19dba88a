/* Which effects in the outbox can start now. Only the first waiting one of each type is looked up,
 * by an index, so that a long queue costs nothing while it waits. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "io/store.h"
#include "mem.h"

enum { MAX_CALLS_TO_ONE = 24 }; /* service: one that hangs must not take all the calls */

void choosing_add(struct engine *engine, const struct effect_type *type)
{
    struct type_set *set = &engine->has_waiting;
    for (size_t i = 0; i < set->count; i++) {
        if (set->at[i] == type)
            return;
    }
    assert(set->count < MAX_TYPE_SET);
    set->at[set->count++] = type;
}

/* --- candidates --- */

/* An effect that can start. */
struct candidate {
    struct choice choice;
    int64_t rank;
    int64_t ready_at;
};

struct candidates {
    struct candidate *at;
    size_t count;
    int64_t time; /* of the search */
    int64_t next; /* when the first of those that have to wait can start */
};

static void note_next(struct candidates *candidates, int64_t when)
{
    if (when < candidates->next)
        candidates->next = when;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool lane_is_busy(const struct engine *engine, const char *lane)
{
    for (size_t i = 0; i < engine->in_flight.count; i++) {
        if (engine->in_flight.at[i].lane != NULL && strcmp(engine->in_flight.at[i].lane, lane) == 0)
            return true;
    }
    return false;
}

/* Now, or noted for later. */
static void add(struct candidates *candidates, const struct candidate *candidate)
{
    if (candidate->ready_at > candidates->time) {
        note_next(candidates, candidate->ready_at);
        return;
    }
    candidates->at = mem_resize(candidates->at, candidates->count + 1, sizeof(*candidates->at));
    candidates->at[candidates->count++] = *candidate;
}

/* The first in a lane holds up those behind it and no others; one that is hidden holds up none. */
#define FIRST_OF_LANE                                                                              \
    "id = (SELECT ahead.id FROM effect AS ahead WHERE ahead.lane = effect.lane"                    \
    " AND ahead.state = 'waiting' AND ahead.not_before < " HIDDEN                                  \
    " ORDER BY ahead.rank, ahead.id LIMIT 1)"

/* --- types whose lanes are paced: few lanes, however much waits in each --- */

/* The first of ${type} in the lane behind ${lane}, which becomes that one. */
static bool next_in_lanes(struct engine *engine, const struct effect_type *type,
                          struct candidates *candidates, char **lane)
{
    struct rows *rows =
        store_query(engine->store,
                    "SELECT id, lane, rank, not_before, " FIRST_OF_LANE " FROM effect"
                    " WHERE type = ? AND state = 'waiting' AND lane > ? AND not_before < " HIDDEN
                    " ORDER BY lane, rank, id LIMIT 1",
                    SQL_ARGS(SQL_TEXT(type->name), SQL_TEXT(*lane != NULL ? *lane : "")));
    if (!rows_next(rows))
        return false;
    struct candidate candidate = {{rows_int(rows, 0), type}, rows_int(rows, 2), rows_int(rows, 3)};
    bool first = rows_int(rows, 4) != 0;
    free(*lane);
    *lane = mem_copy(rows_text(rows, 1));
    rows_close(rows);
    candidate.ready_at = later(candidate.ready_at, backoffs_until(&engine->lanes, *lane));
    if (first && !lane_is_busy(engine, *lane))
        add(candidates, &candidate);
    return true;
}

static void scan_lanes(struct engine *engine, const struct effect_type *type,
                       struct candidates *candidates)
{
    char *lane = NULL;
    while (next_in_lanes(engine, type, candidates, &lane))
        ;
    free(lane);
}

/* --- all others: no lane, or many lanes in which little waits; the longest ready goes first --- */

static void scan_ready(struct engine *engine, const struct effect_type *type,
                       struct candidates *candidates)
{
    size_t before = candidates->count;
    struct rows *rows =
        store_query(engine->store,
                    "SELECT id, lane, lane IS NULL, rank, not_before FROM effect"
                    " WHERE type = ? AND state = 'waiting' AND not_before <= ?"
                    " AND (lane IS NULL OR " FIRST_OF_LANE ") ORDER BY not_before, id",
                    SQL_ARGS(SQL_TEXT(type->name), SQL_INT(candidates->time)));
    while (candidates->count - before < MAX_CALLS && rows_next(rows)) {
        struct candidate candidate = {
            {rows_int(rows, 0), type}, rows_int(rows, 3), rows_int(rows, 4)};
        const char *lane = rows_int(rows, 2) ? NULL : rows_text(rows, 1);
        candidate.ready_at = later(candidate.ready_at, backoffs_until(&engine->lanes, lane));
        if (!live_effects_has(&engine->in_flight, candidate.choice.id) &&
            (lane == NULL || !lane_is_busy(engine, lane)))
            add(candidates, &candidate);
    }
    if (candidates->count - before == MAX_CALLS)
        rows_close(rows);
}

static void note_next_ready(struct engine *engine, const struct effect_type *type,
                            struct candidates *candidates)
{
    note_next(candidates,
              store_int(engine->store,
                        "SELECT not_before FROM effect WHERE type = ? AND state = 'waiting'"
                        " AND not_before > ? ORDER BY not_before LIMIT 1",
                        SQL_ARGS(SQL_TEXT(type->name), SQL_INT(candidates->time)), INT64_MAX));
}

/* --- choosing --- */

static void scan_type(struct engine *engine, const struct effect_type *type,
                      struct candidates *candidates)
{
    int64_t backoff = backoffs_until(&engine->calls, type->call);
    if (gates_closed(engine, type))
        return;
    if (backoff > candidates->time) {
        note_next(candidates, backoff);
    } else if (type->gap_ms > 0) {
        scan_lanes(engine, type, candidates);
    } else {
        scan_ready(engine, type, candidates);
        note_next_ready(engine, type, candidates);
    }
}

static bool has_waiting(struct engine *engine, const struct effect_type *type)
{
    return store_int(engine->store,
                     "SELECT 1 FROM effect WHERE type = ? AND state = 'waiting'"
                     " AND not_before < " HIDDEN " LIMIT 1",
                     SQL_ARGS(SQL_TEXT(type->name)), 0) != 0;
}

/* Answers first, then whatever could have started longest ago: one that keeps failing gets its
 * turn, but no more than that. */
static int by_priority(const void *a, const void *b)
{
    const struct candidate *left = a;
    const struct candidate *right = b;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    if (left->ready_at != right->ready_at)
        return left->ready_at < right->ready_at ? -1 : 1;
    return left->choice.id < right->choice.id ? -1 : left->choice.id > right->choice.id;
}

/* Do these go to one service: "aws:DescribeEntity" and "aws:StartChangeSet"? */
static bool one_service(const char *call, const char *other)
{
    return strncmp(call, other, strcspn(call, ":") + 1) == 0;
}

/* How many calls to the service of this call are in flight, or chosen to start. */
static size_t calls_to(const struct engine *engine, const struct chosen *chosen, const char *call)
{
    size_t there = 0;
    for (size_t i = 0; i < engine->in_flight.count; i++) {
        const struct live_effect *effect = &engine->in_flight.at[i];
        there += !live_effect_is_volatile(effect) && one_service(call, effect->type->call);
    }
    for (size_t i = 0; i < chosen->count; i++)
        there += one_service(call, chosen->at[i].type->call);
    return there;
}

int64_t choosing_find(struct engine *engine, int64_t time, struct chosen *chosen)
{
    struct type_set *set = &engine->has_waiting;
    struct candidates candidates = {.time = time, .next = INT64_MAX};
    size_t in_flight = engine->in_flight.count - live_effects_volatile(&engine->in_flight, NULL);
    size_t kept = 0;
    if (in_flight >= MAX_CALLS)
        return INT64_MAX; /* a result makes room */
    for (size_t i = 0; i < set->count; i++) {
        size_t before = candidates.count;
        scan_type(engine, set->at[i], &candidates);
        if (candidates.count > before || has_waiting(engine, set->at[i]))
            set->at[kept++] = set->at[i];
    }
    set->count = kept;
    if (candidates.count > 1)
        qsort(candidates.at, candidates.count, sizeof(*candidates.at), by_priority);
    for (size_t i = 0; i < candidates.count && chosen->count < MAX_CALLS - in_flight; i++) {
        if (calls_to(engine, chosen, candidates.at[i].choice.type->call) < MAX_CALLS_TO_ONE)
            chosen->at[chosen->count++] = candidates.at[i].choice;
    }
    free(candidates.at);
    return candidates.next;
}
