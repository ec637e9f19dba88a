/* Effects: rows that say what is to be done in the outside world, and the calls that do it. */
#include "engine/engine.h"

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

enum {
    FIRST_RETRY_MS = 250,
    MAX_RETRY_MS = 60000,
    ALARM_AFTER_TRIES = 40,
    STARTS_AT_ONCE = 2, /* each is written out as of now: whoever clicks meanwhile waits */
};

void outbox_free(struct engine *engine)
{
    live_effects_free(&engine->waiting);
    live_effects_free(&engine->in_flight);
    backoffs_free(&engine->lanes);
    backoffs_free(&engine->calls);
    backoffs_free(&engine->alarms);
}

/* --- calls --- */

static bool load(struct engine *engine, int64_t id, struct live_effect *effect)
{
    struct rows *rows = store_query(engine->store,
                                    "SELECT type, subject, target, lane, lane IS NULL, body,"
                                    " version, attempts, created_at FROM effect WHERE id = ?",
                                    SQL_ARGS(SQL_INT(id)));
    size_t size;
    if (!rows_next(rows))
        return false;
    const void *body = rows_blob(rows, 5, &size);
    *effect = (struct live_effect){
        .id = id,
        .type = engine->tables.effect_named(rows_text(rows, 0)),
        .subject = rows_int(rows, 1),
        .target = mem_copy(rows_text(rows, 2)),
        .lane = rows_int(rows, 4) ? NULL : mem_copy(rows_text(rows, 3)),
        .body = mem_slice(body, size),
        .body_size = size,
        .version = rows_int(rows, 6),
        .attempts = (int)rows_int(rows, 7),
        .created_at = rows_int(rows, 8),
    };
    rows_close(rows);
    return true;
}

/* Renders the body as of now. False: it cannot be shown yet, and is hidden until it is queued again
 * or another process starts. */
static bool render(struct engine *engine, struct live_effect *effect)
{
    struct turn turn;
    turn_begin(&turn, engine);
    turn.rendering = true;
    char *body = effect->type->render(&turn, effect->subject, effect->target);
    turn.rendering = false;
    if (body == NULL)
        store_run(turn_writes(&turn),
                  "UPDATE effect SET state = 'waiting', not_before = " HIDDEN " WHERE id = ?",
                  SQL_ARGS(SQL_INT(effect->id)));
    turn_end(&turn);
    if (body == NULL)
        return false;
    free(effect->body);
    effect->body = body;
    effect->body_size = strlen(body);
    return true;
}

/* Records the intent. False: it does not wait any more, because it was cancelled or another process
 * took it. */
static bool mark_under_way(struct engine *engine, int64_t id)
{
    struct turn turn;
    turn_begin(&turn, engine);
    bool ours = store_run(turn_writes(&turn),
                          "UPDATE effect SET state = 'under_way' WHERE id = ?"
                          " AND state = 'waiting'",
                          SQL_ARGS(SQL_INT(id))) == 1;
    turn_end(&turn);
    if (!ours)
        log_error("effect taken elsewhere", F_INT("effect", id));
    return ours;
}

/* As it is now. False: it does not start; something that was found behind it may. */
static bool prepare(struct engine *engine, const struct choice *choice, struct live_effect *effect)
{
    if (choice->type->kind == EFFECT_ONCE && !mark_under_way(engine, choice->id))
        return false;
    if (!load(engine, choice->id, effect))
        return false;
    assert(effect->type == choice->type);
    /* A row of an earlier version may have the body that is rendered since. */
    if (effect->body_size > 0 || effect->type->render == NULL || render(engine, effect))
        return true;
    live_effect_clear(effect);
    return false;
}

void outbox_choose(struct engine *engine)
{
    int64_t time = engine_time(engine);
    size_t before = engine->in_flight.count;
    struct chosen chosen = {.count = 0};
    assert(!engine->syncing); /* or what it reads now would be sent when only the past is safe */
    if (engine->draining || (!engine->outbox_changed && time < engine->outbox_due) ||
        crowds_wait(engine) > 0)
        return;
    engine->outbox_changed = false;
    engine->outbox_due = choosing_find(engine, time, &chosen);
    if (chosen.count > STARTS_AT_ONCE) {
        chosen.count = STARTS_AT_ONCE;
        engine->outbox_changed = true; /* the rest after whatever else has come */
    } else {
        crowds_served(engine);
    }
    for (size_t i = 0; i < chosen.count; i++) {
        struct live_effect effect;
        if (!prepare(engine, &chosen.at[i], &effect)) {
            engine->outbox_changed = true; /* its place is free for another */
            continue;
        }
        if (effect.lane != NULL && effect.type->gap_ms > 0)
            backoffs_put(&engine->lanes, effect.lane, time, time + effect.type->gap_ms);
        live_effects_add(&engine->in_flight, effect);
    }
    for (size_t i = before; i < engine->in_flight.count; i++)
        engine->in_flight.at[i].batch = batch_of_now(engine);
    assert(engine->in_flight.count <= MAX_CALLS + MAX_VOLATILE_CALLS);
}

void outbox_start(struct engine *engine)
{
    for (size_t i = 0; i < engine->in_flight.count; i++) {
        struct live_effect *effect = &engine->in_flight.at[i];
        if (!effect->started && effect->batch <= engine->synced)
            live_effect_start(engine, effect);
    }
}

/* --- results --- */

/* How long to wait before the next attempt: doubled each time, the upper half drawn at random, so
 * that a crowd does not come back together. */
static int64_t retry_delay(struct turn *turn, int attempts)
{
    int64_t whole = FIRST_RETRY_MS;
    uint32_t draw;
    for (int i = 0; i < attempts && whole < MAX_RETRY_MS; i++)
        whole *= 2;
    if (whole > MAX_RETRY_MS)
        whole = MAX_RETRY_MS;
    turn_random(turn, &draw, sizeof(draw));
    return whole / 2 + (int64_t)(draw % (uint32_t)(whole / 2 + 1));
}

static void try_again(struct turn *turn, const struct live_effect *effect,
                      const struct completion *completion)
{
    int64_t delay = retry_delay(turn, effect->attempts);
    assert(effect->type->kind != EFFECT_ONCE || completion->outcome == OUTCOME_RETRY);
    if (completion->retry_after_ms > 0)
        delay = completion->retry_after_ms;
    log_info("effect retry", F_TEXT("type", effect->type->name), F_INT("effect", effect->id),
             F_INT("subject", effect->subject), F_TEXT("code", completion->code),
             F_TEXT("why", completion->text), F_INT("in_ms", delay));
    store_run(turn_writes(turn),
              "UPDATE effect SET state = 'waiting', attempts = attempts + 1, not_before = ?"
              " WHERE id = ? AND state <> 'unknown'",
              SQL_ARGS(SQL_INT(turn->time + delay), SQL_INT(effect->id)));
}

/* It is retried for ever, but not silently. */
static void alarm_if_long(struct turn *turn, const struct live_effect *effect,
                          const struct completion *completion)
{
    if (effect->attempts + 1 < ALARM_AFTER_TRIES)
        return;
    char *words =
        text_format("%s (%s) has failed %d times: %s (%s). I'll keep trying; nothing is lost.",
                    effect->type->call, effect->type->name, effect->attempts + 1, completion->text,
                    completion->code);
    turn_alarm(turn, effect->type->call, words);
    free(words);
}

static void close_row(struct turn *turn, const struct live_effect *effect)
{
    struct store *store = turn_writes(turn);
    if (store_run(store, "DELETE FROM effect WHERE id = ? AND version = ?",
                  SQL_ARGS(SQL_INT(effect->id), SQL_INT(effect->version))) == 0)
        store_run(store,
                  "UPDATE effect SET attempts = 0, not_before = ?1, created_at = ?1 WHERE id = ?2",
                  SQL_ARGS(SQL_INT(turn->time), SQL_INT(effect->id)));
}

static void finish_row(struct turn *turn, const struct live_effect *effect,
                       struct completion completion)
{
    const struct effect_type *type = effect->type;
    const char *last = completion.code;
    choosing_add(turn->engine, type); /* its row may wait once more */
    assert(completion.outcome >= OUTCOME_OK && completion.outcome <= OUTCOME_UNKNOWN);
    bool again = completion.outcome == OUTCOME_RETRY ||
                 (completion.outcome == OUTCOME_UNKNOWN && type->kind != EFFECT_ONCE);
    if (again && (type->patience_ms == 0 || turn->time - effect->created_at < type->patience_ms)) {
        try_again(turn, effect, &completion);
        alarm_if_long(turn, effect, &completion);
        return;
    }
    if (again) {
        completion.outcome = OUTCOME_REFUSED;
        completion.code = "gave_up";
    }
    if (completion.outcome == OUTCOME_UNKNOWN)
        store_run(turn_writes(turn), "UPDATE effect SET state = 'unknown' WHERE id = ?",
                  SQL_ARGS(SQL_INT(effect->id)));
    else
        close_row(turn, effect);
    live_effect_complete(turn, effect, &completion, last);
}

void engine_result(struct engine *engine, int64_t id, const struct completion *completion)
{
    struct turn turn;
    size_t at = 0;
    while (at < engine->in_flight.count && engine->in_flight.at[at].id != id)
        at++;
    if (at == engine->in_flight.count) {
        log_error("unexpected result", F_INT("effect", id));
        return;
    }
    struct live_effect effect = live_effects_remove(&engine->in_flight, at);
    engine->outbox_changed = true;
    turn_begin(&turn, engine);
    if (completion->outcome == OUTCOME_RETRY && completion->retry_after_ms > 0)
        backoffs_put(&engine->calls, effect.type->call, turn.time,
                     turn.time + completion->retry_after_ms);
    if (live_effect_is_volatile(&effect))
        live_effect_complete(&turn, &effect, completion, completion->code);
    else
        finish_row(&turn, &effect, *completion);
    turn_end(&turn);
    live_effect_clear(&effect);
}

/* A once effect that was in flight when the process ended may have happened. */
void outbox_recover(struct engine *engine)
{
    const struct completion unknown = {.outcome = OUTCOME_UNKNOWN,
                                       .code = "restarted",
                                       .text = "the bot was stopped while this was under way"};
    int64_t id;
    while ((id = store_int(engine->store,
                           "SELECT id FROM effect WHERE state = 'under_way' ORDER BY id LIMIT 1",
                           SQL_NO_ARGS, 0)) != 0) {
        struct live_effect effect;
        struct turn turn;
        if (!load(engine, id, &effect))
            return;
        log_warn("outcome unknown after restart", F_INT("effect", id),
                 F_INT("subject", effect.subject));
        turn_begin(&turn, engine);
        store_run(turn_writes(&turn), "UPDATE effect SET state = 'unknown' WHERE id = ?",
                  SQL_ARGS(SQL_INT(id)));
        if (effect.type != NULL)
            live_effect_complete(&turn, &effect, &unknown, unknown.code);
        turn_end(&turn);
        live_effect_clear(&effect);
    }
    engine->outbox_changed = true;
}

/* The next type of which there are rows: the one after ${name}, which becomes it. */
static bool next_type(struct engine *engine, char name[TYPE_NAME])
{
    struct rows *rows =
        store_query(engine->store, "SELECT type FROM effect WHERE type > ? ORDER BY type LIMIT 1",
                    SQL_ARGS(SQL_TEXT(name)));
    if (!rows_next(rows))
        return false;
    rows_fit(rows, 0, name, TYPE_NAME);
    rows_close(rows);
    return true;
}

/* Hidden effects: this version may be able to show them. Mirrors are queued again by whatever makes
 * them visible. */
static void try_hidden(struct turn *turn, const struct effect_type *type)
{
    if (type->kind == EFFECT_ONCE && type->render != NULL)
        store_run(turn_writes(turn),
                  "UPDATE effect SET not_before = ? WHERE type = ? AND state = 'waiting'"
                  " AND not_before = " HIDDEN,
                  SQL_ARGS(SQL_INT(turn->time), SQL_TEXT(type->name)));
}

static void take_up(struct turn *turn, const struct effect_type *type)
{
    if (type->gap_ms > 0) /* not so when it was written, perhaps */
        store_run(turn_writes(turn),
                  "UPDATE effect SET lane = type WHERE type = ? AND lane IS NULL",
                  SQL_ARGS(SQL_TEXT(type->name)));
    try_hidden(turn, type);
    choosing_add(turn->engine, type);
}

/* Rows of a type that this version does not have are put to sleep, and hold up nothing, until a
 * version that has it starts. */
void outbox_check_types(struct turn *turn)
{
    char name[TYPE_NAME] = "";
    while (next_type(turn->engine, name)) {
        const struct effect_type *type = turn->engine->tables.effect_named(name);
        bool known = type != NULL;
        store_run(turn_writes(turn), "UPDATE effect SET state = ? WHERE type = ? AND state = ?",
                  SQL_ARGS(SQL_TEXT(known ? "waiting" : "asleep"), SQL_TEXT(name),
                           SQL_TEXT(known ? "asleep" : "waiting")));
        if (known)
            take_up(turn, type);
        else
            turn_alarm_unknown(turn, "things to do", name);
    }
}
