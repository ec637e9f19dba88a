/* What of the outbox can start now. Each type that has something waiting is asked for the first of
 * it, by an index, so that what has to wait, however much, costs nothing meanwhile. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "io/store.h"
#include "mem.h"

enum { MAX_OUT_TO_ONE = 24 }; /* service: one that hangs must not take all the places */

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

/* --- what is found --- */

struct find {
    struct choice choice;
    int64_t rank;
    int64_t from; /* when it could start */
};

struct finds {
    struct find *at;
    size_t count;
    int64_t time; /* of the looking */
    int64_t due;  /* when the next of those that have to wait can start */
};

static void may_come(struct finds *finds, int64_t when)
{
    if (when < finds->due)
        finds->due = when;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool is_out(const struct engine *engine, int64_t id)
{
    for (size_t i = 0; i < engine->in_flight.count; i++) {
        if (engine->in_flight.at[i].id == id)
            return true;
    }
    return false;
}

static bool lane_is_out(const struct engine *engine, const char *lane)
{
    for (size_t i = 0; i < engine->in_flight.count; i++) {
        if (engine->in_flight.at[i].lane != NULL && strcmp(engine->in_flight.at[i].lane, lane) == 0)
            return true;
    }
    return false;
}

/* Now or later. */
static void add(struct finds *finds, const struct find *find)
{
    if (find->from > finds->time) {
        may_come(finds, find->from);
        return;
    }
    finds->at = mem_resize(finds->at, finds->count + 1, sizeof(*finds->at));
    finds->at[finds->count++] = *find;
}

/* The first of a lane holds up those behind it and nobody else; one that sleeps holds up nobody. */
#define FIRST_OF_LANE                                                                              \
    "id = (SELECT ahead.id FROM effect AS ahead WHERE ahead.lane = effect.lane"                    \
    " AND ahead.state = 'waiting' AND ahead.not_before < 9223372036854775807"                      \
    " ORDER BY ahead.rank, ahead.id LIMIT 1)"

/* --- types whose lanes are paced: few lanes, however much waits in each --- */

/* The first of ${type} in the next lane, where ${lane} says which was before. */
static bool look_into_lane(struct engine *engine, const struct effect_type *type,
                           struct finds *finds, char **lane)
{
    struct rows *rows = store_query(
        engine->store,
        "SELECT id, lane, rank, not_before, " FIRST_OF_LANE " FROM effect"
        " WHERE type = ? AND state = 'waiting' AND lane > ? AND not_before < 9223372036854775807"
        " ORDER BY lane, rank, id LIMIT 1",
        SQL_ARGS(SQL_TEXT(type->name), SQL_TEXT(*lane != NULL ? *lane : "")));
    if (!rows_next(rows))
        return false;
    struct find find = {{rows_int(rows, 0), type}, rows_int(rows, 2), rows_int(rows, 3)};
    bool first = rows_int(rows, 4) != 0;
    free(*lane);
    *lane = mem_copy(rows_text(rows, 1));
    rows_close(rows);
    find.from = later(find.from, backoffs_until(&engine->lanes, *lane));
    if (first && !lane_is_out(engine, *lane))
        add(finds, &find);
    return true;
}

static void look_into_lanes(struct engine *engine, const struct effect_type *type,
                            struct finds *finds)
{
    char *lane = NULL;
    while (look_into_lane(engine, type, finds, &lane))
        ;
    free(lane);
}

/* --- all others: what can start since long ago goes first --- */

static void look_at_ready(struct engine *engine, const struct effect_type *type,
                          struct finds *finds)
{
    size_t before = finds->count;
    struct rows *rows =
        store_query(engine->store,
                    "SELECT id, lane, lane IS NULL, rank, not_before FROM effect"
                    " WHERE type = ? AND state = 'waiting' AND not_before <= ?"
                    " AND (lane IS NULL OR " FIRST_OF_LANE ") ORDER BY not_before, id",
                    SQL_ARGS(SQL_TEXT(type->name), SQL_INT(finds->time)));
    while (finds->count - before < PLACES && rows_next(rows)) {
        struct find find = {{rows_int(rows, 0), type}, rows_int(rows, 3), rows_int(rows, 4)};
        const char *lane = rows_int(rows, 2) ? NULL : rows_text(rows, 1);
        find.from = later(find.from, backoffs_until(&engine->lanes, lane));
        if (!is_out(engine, find.choice.id) && (lane == NULL || !lane_is_out(engine, lane)))
            add(finds, &find);
    }
    if (finds->count - before == PLACES)
        rows_close(rows);
}

static void look_ahead(struct engine *engine, const struct effect_type *type, struct finds *finds)
{
    may_come(finds, store_int(engine->store,
                              "SELECT not_before FROM effect WHERE type = ? AND state = 'waiting'"
                              " AND not_before > ? ORDER BY not_before LIMIT 1",
                              SQL_ARGS(SQL_TEXT(type->name), SQL_INT(finds->time)), INT64_MAX));
}

/* --- choosing --- */

static void look_at_type(struct engine *engine, const struct effect_type *type, struct finds *finds)
{
    int64_t held = backoffs_until(&engine->calls, type->call);
    if (gates_shut(engine, type))
        return;
    if (held > finds->time) {
        may_come(finds, held);
    } else if (type->gap_ms > 0) {
        look_into_lanes(engine, type, finds);
    } else {
        look_at_ready(engine, type, finds);
        look_ahead(engine, type, finds);
    }
}

static bool some_wait(struct engine *engine, const struct effect_type *type)
{
    return store_int(engine->store,
                     "SELECT 1 FROM effect WHERE type = ? AND state = 'waiting'"
                     " AND not_before < 9223372036854775807 LIMIT 1",
                     SQL_ARGS(SQL_TEXT(type->name)), 0) != 0;
}

/* Answers first, then what can start since longest: one that fails again and again has its turn,
 * and no more. */
static int in_order(const void *a, const void *b)
{
    const struct find *left = a;
    const struct find *right = b;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return left->choice.id < right->choice.id ? -1 : left->choice.id > right->choice.id;
}

/* Do these go to one service: "aws:DescribeEntity" and "aws:StartChangeSet"? */
static bool one_service(const char *call, const char *other)
{
    return strncmp(call, other, strcspn(call, ":") + 1) == 0;
}

/* How many calls to the service of this call are out, or chosen to go out. */
static size_t out_to(const struct engine *engine, const struct chosen *chosen, const char *call)
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
    struct finds finds = {.time = time, .due = INT64_MAX};
    size_t out = engine->in_flight.count - live_effects_volatile(&engine->in_flight, NULL);
    size_t kept = 0;
    if (out >= PLACES)
        return INT64_MAX; /* a result makes room */
    for (size_t i = 0; i < set->count; i++) {
        size_t before = finds.count;
        look_at_type(engine, set->at[i], &finds);
        if (finds.count > before || some_wait(engine, set->at[i]))
            set->at[kept++] = set->at[i];
    }
    set->count = kept;
    if (finds.count > 1)
        qsort(finds.at, finds.count, sizeof(*finds.at), in_order);
    for (size_t i = 0; i < finds.count && chosen->count < PLACES - out; i++) {
        if (out_to(engine, chosen, finds.at[i].choice.type->call) < MAX_OUT_TO_ONE)
            chosen->at[chosen->count++] = finds.at[i].choice;
    }
    free(finds.at);
    return finds.due;
}
