/* What a turn does with effects: it queues them, asks about them, and takes them back. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "text.h"

/* --- queuing --- */

static const char *const kind_names[] = {"once", "mirror", "notice", "read", "volatile"};

/* An effect whose type is in no table could not be found again after a restart. */
static void require_listed(const struct turn *turn, const struct effect_type *type)
{
    if (turn_engine(turn)->tables.effect_named(type->name) == type)
        return;
    log_error("unknown effect", F_TEXT("type", type->name));
    abort();
}

static size_t text_size(const char *text)
{
    return text != NULL ? strlen(text) : 0;
}

static int64_t add_volatile(struct turn *turn, const struct effect_type *type, const char *target,
                            const struct effect *effect)
{
    struct live_effect live = {
        .id = --turn->engine->last_volatile,
        .type = type,
        .subject = effect->subject,
        .target = mem_copy(target),
        .body = mem_copy(effect->body),
        .body_size = text_size(effect->body),
        .created_at = turn->time,
        .anyway = effect->anyway,
    };
    live_effects_add(&turn->volatiles, live);
    return live.id;
}

/* The name under which at most one is kept, on the heap; NULL: there may be many. */
static char *single_name(const struct effect_type *type, const char *target,
                         const struct effect *effect)
{
    if (type->kind == EFFECT_MIRROR || (type->kind == EFFECT_READ && *target != '\0'))
        return text_format("%s %s %lld", type->name, target, (long long)effect->subject);
    if (type->kind == EFFECT_NOTICE && effect->topic != NULL)
        return text_format("%s %s %s", type->name, effect->lane, effect->topic);
    return NULL;
}

/* The table counts those that it has ever had (a trigger); what a turn that was undone has taken is
 * left out. */
static int64_t new_id(struct turn *turn)
{
    struct engine *engine = turn->engine;
    if (engine->last_effect == 0)
        engine->last_effect = store_int(
            turn_writes(turn), "SELECT value FROM counter WHERE name = 'effect'", SQL_NO_ARGS, 0);
    return ++engine->last_effect;
}

static void add_row(struct turn *turn, int64_t id, const char *single, const char *target,
                    const struct effect *effect)
{
    store_run(turn_writes(turn),
              "INSERT INTO effect (id, type, kind, state, subject, target, single, lane, rank,"
              " body, not_before, created_at)"
              " VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?, ?)"
              " ON CONFLICT (single) DO UPDATE SET version = version + 1, body = excluded.body,"
              " rank = min(rank, excluded.rank),"
              " not_before = min(not_before, excluded.not_before)",
              SQL_ARGS(SQL_INT(id), SQL_TEXT(effect->type->name),
                       SQL_TEXT(kind_names[effect->type->kind]), SQL_INT(effect->subject),
                       SQL_TEXT(target), SQL_TEXT(single), SQL_TEXT(effect->lane),
                       SQL_INT(!effect->answer), SQL_BLOB(effect->body, text_size(effect->body)),
                       SQL_INT(turn->time + effect->wait_ms), SQL_INT(turn->time)));
}

int64_t turn_effect(struct turn *turn, const struct effect *effect)
{
    const struct effect_type *type = effect->type;
    const char *target = effect->target != NULL ? effect->target : "";
    require_listed(turn, type);
    assert((effect->body == NULL) == (type->render != NULL));
    assert(type->kind != EFFECT_MIRROR || type->render != NULL);
    assert(type->kind != EFFECT_VOLATILE || type->render == NULL);
    assert(type->gap_ms == 0 || effect->lane != NULL);
    if (type->kind == EFFECT_VOLATILE)
        return add_volatile(turn, type, target, effect);

    char *single = single_name(type, target, effect);
    int64_t id = new_id(turn);
    add_row(turn, id, single, target, effect);
    if (single != NULL)
        id = 0;
    free(single);
    choosing_add(turn->engine, type);
    turn->engine->outbox_changed = true;
    if (effect->answer && effect->wait_ms == 0)
        turn->engine->crowd.answer_waits = true;
    return id;
}

bool turn_pending_for(struct turn *turn, const struct effect_type *type, const char *target)
{
    const struct effect effect = {.type = type};
    char *single = single_name(type, target, &effect);
    int64_t waits = store_int(turn_reads(turn), "SELECT 1 FROM effect WHERE single = ?",
                              SQL_ARGS(SQL_TEXT(single)), 0);
    free(single);
    return waits != 0;
}

int64_t turn_backoff(const struct turn *turn, const char *call)
{
    int64_t rest = backoffs_until(&turn_engine(turn)->calls, call) - turn->time;
    return rest > 0 ? rest : 0;
}

bool turn_crowded(struct turn *turn, const struct effect *effect, size_t max)
{
    char *single = single_name(effect->type, "", effect);
    int64_t waits = store_int(turn_reads(turn), "SELECT 1 FROM effect WHERE single = ?",
                              SQL_ARGS(SQL_TEXT(single)), 0);
    free(single);
    return waits == 0 &&
           store_int(turn_reads(turn),
                     "SELECT count(*) FROM (SELECT 1 FROM effect WHERE lane = ?"
                     " AND state = 'waiting' AND rank = ? LIMIT ?)",
                     SQL_ARGS(SQL_TEXT(effect->lane), SQL_INT(!effect->answer), SQL_INT(max)),
                     0) >= (int64_t)max;
}

void turn_mirror(struct turn *turn, const struct effect_type *type, const char *target,
                 int64_t subject)
{
    turn_effect(turn, &(struct effect){.type = type, .target = target, .subject = subject});
}

enum once_state turn_once_state(struct turn *turn, int64_t effect)
{
    int64_t unknown =
        store_int(turn_reads(turn), "SELECT state = 'unknown' FROM effect WHERE id = ?",
                  SQL_ARGS(SQL_INT(effect)), -1);
    if (unknown < 0)
        return ONCE_CLOSED;
    return unknown ? ONCE_UNKNOWN : ONCE_OPEN;
}

enum { STOPWATCH_NAME = 32 };

static void stopwatch_name(char name[STOPWATCH_NAME], int64_t effect)
{
    snprintf(name, STOPWATCH_NAME, "effect %" PRId64, effect);
}

void turn_resolve(struct turn *turn, int64_t effect)
{
    char name[STOPWATCH_NAME];
    store_run(turn_writes(turn), "DELETE FROM effect WHERE id = ? AND state = 'unknown'",
              SQL_ARGS(SQL_INT(effect)));
    stopwatch_name(name, effect);
    turn_stopwatch_stop(turn, name);
}

/* It waits again. */
static void requeue(struct turn *turn, int64_t effect)
{
    struct rows *rows = store_query(turn_reads(turn), "SELECT type FROM effect WHERE id = ?",
                                    SQL_ARGS(SQL_INT(effect)));
    if (!rows_next(rows))
        return;
    const struct effect_type *type = turn->engine->tables.effect_named(rows_text(rows, 0));
    rows_close(rows);
    if (type != NULL)
        choosing_add(turn->engine, type);
    turn->engine->outbox_changed = true;
}

void turn_resend(struct turn *turn, int64_t effect)
{
    char name[STOPWATCH_NAME];
    store_run(turn_writes(turn),
              "UPDATE effect SET state = 'waiting', not_before = 0"
              " WHERE id = ? AND state = 'unknown'",
              SQL_ARGS(SQL_INT(effect)));
    requeue(turn, effect);
    stopwatch_name(name, effect);
    turn_stopwatch_stop(turn, name);
}

int64_t turn_reconcile_wait(struct turn *turn, int64_t effect, int64_t apart)
{
    char name[STOPWATCH_NAME];
    assert(apart > 0);
    stopwatch_name(name, effect);
    int64_t waited = turn_stopwatch_ms(turn, name);
    if (waited < 0)
        turn_stopwatch_start(turn, name);
    return waited < 0 ? apart : waited < apart ? apart - waited : 0;
}

bool turn_pending(struct turn *turn, const struct effect_type *type, int64_t subject)
{
    return store_int(turn_reads(turn),
                     "SELECT EXISTS (SELECT 1 FROM effect WHERE type = ? AND subject = ?)",
                     SQL_ARGS(SQL_TEXT(type->name), SQL_INT(subject)), 0) != 0;
}

bool turn_cancel_waiting(struct turn *turn, const struct effect_type *type, int64_t subject)
{
    const struct engine *engine = turn_engine(turn);
    turn->has_read = true;
    for (size_t i = 0; i < engine->in_flight.count; i++) {
        const struct live_effect *effect = &engine->in_flight.at[i];
        if (effect->subject == subject && effect->type == type)
            return false;
    }
    return store_run(turn_writes(turn),
                     "DELETE FROM effect WHERE type = ? AND subject = ? AND state = 'waiting'",
                     SQL_ARGS(SQL_TEXT(type->name), SQL_INT(subject))) > 0;
}

bool turn_cancel(struct turn *turn, int64_t effect)
{
    turn->has_read = true;
    if (live_effects_has(&turn_engine(turn)->in_flight, effect))
        return false;
    return store_run(turn_writes(turn),
                     "DELETE FROM effect WHERE id = ? AND state IN ('waiting', 'unknown')",
                     SQL_ARGS(SQL_INT(effect))) > 0;
}
