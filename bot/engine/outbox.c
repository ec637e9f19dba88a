/* Effects: rows that say what is to be done in the outside world, and the errands that do it. */
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
    MOST_OUT = 32,
    MOST_OUT_TO_ONE = 24, /* service: one that hangs must not take all the places */
    FIRST_RETRY_MS = 250,
    SLOWEST_RETRY_MS = 60000,
    MANY_TRIES = 40,
};

static const char *const kind_names[] = {"deed", "mirror", "notice", "read", "volatile"};

/* --- lists in memory ---------------------------------------------------------------------- */

void flights_add(struct flights *flights, struct flight flight)
{
    flights->at = mem_resize(flights->at, flights->count + 1, sizeof(*flights->at));
    flights->at[flights->count++] = flight;
}

static struct flight flights_remove(struct flights *flights, size_t at)
{
    struct flight flight = flights->at[at];
    flights->count--;
    memmove(&flights->at[at], &flights->at[at + 1], (flights->count - at) * sizeof(flight));
    return flight;
}

void flight_clear(struct flight *flight)
{
    free(flight->target);
    free(flight->lane);
    free(flight->body);
}

void outbox_free(struct engine *engine)
{
    for (size_t i = 0; i < engine->waiting.count; i++)
        flight_clear(&engine->waiting.at[i]);
    for (size_t i = 0; i < engine->out.count; i++)
        flight_clear(&engine->out.at[i]);
    free(engine->waiting.at);
    free(engine->out.at);
    holds_free(&engine->lanes);
    holds_free(&engine->calls);
    holds_free(&engine->alarms);
}

const struct effect_type *outbox_type(const struct engine *engine, const char *name)
{
    const struct effect_type *type = engine->tables.effects;
    while (type->name != NULL && strcmp(type->name, name) != 0)
        type++;
    return type->name != NULL ? type : NULL;
}

static bool is_out(const struct engine *engine, int64_t id)
{
    for (size_t i = 0; i < engine->out.count; i++) {
        if (engine->out.at[i].id == id)
            return true;
    }
    return false;
}

static bool lane_is_out(const struct engine *engine, const char *lane)
{
    for (size_t i = 0; i < engine->out.count; i++) {
        if (engine->out.at[i].lane != NULL && strcmp(engine->out.at[i].lane, lane) == 0)
            return true;
    }
    return false;
}

/* --- wishes ------------------------------------------------------------------------------- */

static const struct effect_type *must_type(const struct turn *turn, const char *name)
{
    const struct effect_type *type = outbox_type(turn->engine, name);
    if (type == NULL) {
        log_error("an effect that the table does not have", F_TEXT("type", name));
        abort();
    }
    return type;
}

static int64_t add_volatile(struct turn *turn, const struct effect_type *type, const char *target,
                            const struct effect *effect)
{
    struct flight flight = {
        .id = --turn->engine->last_volatile,
        .type = type,
        .subject = effect->subject,
        .target = mem_copy(target),
        .body = mem_slice(effect->body, effect->body_size),
        .body_size = effect->body_size,
        .created_at = turn->now,
    };
    flights_add(&turn->volatiles, flight);
    return flight.id;
}

int64_t turn_effect(struct turn *turn, const struct effect *effect)
{
    const struct effect_type *type = must_type(turn, effect->type);
    const char *target = effect->target != NULL ? effect->target : "";
    bool single = type->kind == EFFECT_MIRROR || (type->kind == EFFECT_READ && *target != '\0');
    if (type->kind == EFFECT_VOLATILE)
        return add_volatile(turn, type, target, effect);

    char *name =
        single ? text_format("%s %s %lld", type->name, target, (long long)effect->subject) : NULL;
    int64_t id = turn_count(turn, "effect");
    store_run(turn_writes(turn),
              "INSERT INTO effect (id, type, kind, state, subject, target, single, lane, body,"
              " not_before, created_at) VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?)"
              " ON CONFLICT (single) DO UPDATE SET version = version + 1, body = excluded.body,"
              " not_before = min(not_before, excluded.not_before)",
              ARGS(INT(id), TEXT(type->name), TEXT(kind_names[type->kind]), INT(effect->subject),
                   TEXT(target), TEXT(name), TEXT(effect->lane),
                   BLOB(effect->body, effect->body_size), INT(effect->not_before), INT(turn->now)));
    free(name);
    turn->engine->outbox_changed = true;
    return id;
}

void turn_mirror(struct turn *turn, const char *type, const char *target, int64_t subject)
{
    turn_effect(turn, &(struct effect){.type = type, .target = target, .subject = subject});
}

enum deed_state turn_deed(struct turn *turn, int64_t effect)
{
    int64_t unknown =
        store_int(turn_reads(turn), "SELECT state = 'unknown' FROM effect WHERE id = ?",
                  ARGS(INT(effect)), -1);
    if (unknown < 0)
        return DEED_CLOSED;
    return unknown ? DEED_UNKNOWN : DEED_OPEN;
}

enum { WATCH_NAME = 32 };

static void watch_name(char name[WATCH_NAME], int64_t effect)
{
    snprintf(name, WATCH_NAME, "deed %" PRId64, effect);
}

void turn_settle(struct turn *turn, int64_t effect)
{
    char name[WATCH_NAME];
    store_run(turn_writes(turn), "DELETE FROM effect WHERE id = ? AND state = 'unknown'",
              ARGS(INT(effect)));
    watch_name(name, effect);
    turn_watch_stop(turn, name);
}

void turn_resend(struct turn *turn, int64_t effect, int64_t not_before)
{
    char name[WATCH_NAME];
    store_run(turn_writes(turn),
              "UPDATE effect SET state = 'waiting', not_before = ?"
              " WHERE id = ? AND state = 'unknown'",
              ARGS(INT(not_before), INT(effect)));
    turn->engine->outbox_changed = true;
    watch_name(name, effect);
    turn_watch_stop(turn, name);
}

int64_t turn_missed(struct turn *turn, int64_t effect, int64_t apart)
{
    char name[WATCH_NAME];
    watch_name(name, effect);
    int64_t waited = turn_watched(turn, name);
    if (waited < 0)
        turn_watch(turn, name);
    return waited < 0 ? apart : waited < apart ? apart - waited : 0;
}

bool turn_pending(struct turn *turn, const char *type, int64_t subject)
{
    return store_int(turn_reads(turn),
                     "SELECT EXISTS (SELECT 1 FROM effect WHERE type = ? AND subject = ?)",
                     ARGS(TEXT(type), INT(subject)), 0) != 0;
}

bool turn_drop(struct turn *turn, const char *type, int64_t subject)
{
    struct engine *engine = turn->engine;
    for (size_t i = 0; i < engine->out.count; i++) {
        const struct flight *flight = &engine->out.at[i];
        if (flight->subject == subject && strcmp(flight->type->name, type) == 0)
            return false;
    }
    return store_run(turn_writes(turn),
                     "DELETE FROM effect WHERE type = ? AND subject = ? AND state = 'waiting'",
                     ARGS(TEXT(type), INT(subject))) > 0;
}

/* --- errands ------------------------------------------------------------------------------ */

static void start(struct engine *engine, struct flight flight)
{
    struct errand errand = {
        .effect = flight.id,
        .call = flight.type->call,
        .kind = flight.type->kind,
        .body = flight.body,
        .body_size = flight.body_size,
        .subject = flight.subject,
        .target = flight.target,
        .attempts = flight.attempts,
    };
    flights_add(&engine->out, flight);
    engine->counts.effects++;
    engine->ports.run_effect(engine->ports.ctx, &errand);
}

static bool load(struct engine *engine, int64_t id, struct flight *flight)
{
    struct rows *rows = store_query(engine->store,
                                    "SELECT type, subject, target, lane, lane IS NULL, body,"
                                    " version, attempts, created_at FROM effect WHERE id = ?",
                                    ARGS(INT(id)));
    size_t size;
    if (!rows_next(rows))
        return false;
    const void *body = rows_blob(rows, 5, &size);
    *flight = (struct flight){
        .id = id,
        .type = outbox_type(engine, rows_text(rows, 0)),
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

/* The body of a mirror as of now; one that cannot be shown yet sleeps until it is wished again. */
static bool render(struct engine *engine, struct flight *flight)
{
    struct turn turn;
    turn_begin(&turn, engine);
    turn.rendering = true;
    char *body = flight->type->render(&turn, flight->subject, flight->target);
    turn.rendering = false;
    if (body == NULL)
        store_run(turn_writes(&turn), "UPDATE effect SET not_before = ? WHERE id = ?",
                  ARGS(INT(INT64_MAX), INT(flight->id)));
    turn_end(&turn);
    if (body == NULL)
        return false;
    free(flight->body);
    flight->body = body;
    flight->body_size = strlen(body);
    return true;
}

static void mark_under_way(struct engine *engine, int64_t id)
{
    struct turn turn;
    turn_begin(&turn, engine);
    store_run(turn_writes(&turn), "UPDATE effect SET state = 'under_way' WHERE id = ?",
              ARGS(INT(id)));
    turn_end(&turn);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Do these go to one service: "aws:DescribeEntity" and "aws:StartChangeSet"? */
static bool one_service(const char *call, const char *other)
{
    return strncmp(call, other, strcspn(call, ":") + 1) == 0;
}

/* How many errands to the service of this call are out, or chosen to go out. */
static size_t out_to(const struct engine *engine, const struct effect_type *const *chosen,
                     size_t count, const char *call)
{
    size_t there = 0;
    for (size_t i = 0; i < engine->out.count; i++)
        there += one_service(call, engine->out.at[i].type->call);
    for (size_t i = 0; i < count; i++)
        there += one_service(call, chosen[i]->call);
    return there;
}

/* Ids of effects that can start now, in order: the first of each lane, so that one that waits holds
 * up those behind it and nobody else, and those without a lane. *${due}: when the next of the
 * others can. */
static size_t choose(struct engine *engine, int64_t now, int64_t *chosen, int64_t *due)
{
    const struct effect_type *types[MOST_OUT];
    size_t count = 0;
    size_t room = MOST_OUT > engine->out.count ? MOST_OUT - engine->out.count : 0;
    struct rows *rows = store_query(
        engine->store,
        "SELECT id, type, lane, lane IS NULL, not_before FROM effect"
        " WHERE state = 'waiting' AND not_before < ?1 AND (lane IS NULL OR NOT EXISTS"
        "  (SELECT 1 FROM effect AS ahead WHERE ahead.lane = effect.lane"
        "   AND ahead.id < effect.id AND ahead.state = 'waiting' AND ahead.not_before < ?1))"
        " ORDER BY id",
        ARGS(INT(INT64_MAX)));
    while (count < room && rows_next(rows)) {
        int64_t id = rows_int(rows, 0);
        const struct effect_type *type = outbox_type(engine, rows_text(rows, 1));
        const char *lane = rows_int(rows, 3) ? NULL : rows_text(rows, 2);
        if (type == NULL || is_out(engine, id) || (lane && lane_is_out(engine, lane)) ||
            out_to(engine, types, count, type->call) >= MOST_OUT_TO_ONE)
            continue;
        int64_t from = later(rows_int(rows, 4), later(holds_until(&engine->calls, type->call, now),
                                                      holds_until(&engine->lanes, lane, now)));
        if (from <= now) {
            types[count] = type;
            chosen[count++] = id;
        } else if (from < *due) {
            *due = from;
        }
    }
    if (count == room)
        rows_close(rows);
    return count;
}

static void start_volatiles(struct engine *engine)
{
    while (engine->waiting.count > 0)
        start(engine, flights_remove(&engine->waiting, 0));
}

void outbox_pump(struct engine *engine)
{
    int64_t now = engine->ports.clock(engine->ports.ctx);
    int64_t chosen[MOST_OUT];
    struct flight ready[MOST_OUT];
    size_t count = 0;
    if (engine->held)
        return;
    start_volatiles(engine);
    if (!engine->outbox_changed && now < engine->outbox_due && now >= engine->looked_at)
        return;
    engine->looked_at = now;
    engine->outbox_changed = false;
    engine->outbox_due = INT64_MAX;
    size_t many = choose(engine, now, chosen, &engine->outbox_due);
    for (size_t i = 0; i < many; i++) {
        struct flight *flight = &ready[count];
        if (!load(engine, chosen[i], flight))
            continue;
        if (flight->type->kind == EFFECT_MIRROR && !render(engine, flight)) {
            flight_clear(flight);
            continue;
        }
        if (flight->type->kind == EFFECT_DEED)
            mark_under_way(engine, flight->id);
        if (flight->lane != NULL && flight->type->gap_ms > 0)
            holds_put(&engine->lanes, flight->lane, now, now + flight->type->gap_ms);
        count++;
    }
    engine_commit(engine); /* the intents of the deeds */
    for (size_t i = 0; i < count; i++)
        start(engine, ready[i]);
}

/* --- results ------------------------------------------------------------------------------ */

static void tell(struct turn *turn, const struct flight *flight, const struct finish *finish)
{
    struct result result = {
        .effect = flight->id,
        .subject = flight->subject,
        .target = flight->target,
        .outcome = finish->outcome,
        .code = finish->code != NULL ? finish->code : "",
        .text = finish->text != NULL ? finish->text : "",
        .reply = finish->reply,
        .body = flight->body,
        .body_size = flight->body_size,
        .created_at = flight->created_at,
    };
    flight->type->done(turn, &result);
}

/* How long to wait before the next attempt: doubled each time, the upper half drawn by lot, so
 * that a crowd does not come back together. */
static int64_t retry_delay(struct turn *turn, int attempts)
{
    int64_t whole = FIRST_RETRY_MS;
    uint32_t lot;
    for (int i = 0; i < attempts && whole < SLOWEST_RETRY_MS; i++)
        whole *= 2;
    if (whole > SLOWEST_RETRY_MS)
        whole = SLOWEST_RETRY_MS;
    turn_random(turn, &lot, sizeof(lot));
    return whole / 2 + (int64_t)(lot % (uint32_t)(whole / 2 + 1));
}

static void try_again(struct turn *turn, const struct flight *flight, const struct finish *finish)
{
    int64_t delay = retry_delay(turn, flight->attempts);
    if (finish->retry_after_ms > 0) {
        delay = finish->retry_after_ms;
        holds_put(&turn->engine->calls, flight->type->call, turn->now, turn->now + delay);
    }
    log_info("an effect is tried again later", F_TEXT("type", flight->type->name),
             F_INT("effect", flight->id), F_INT("subject", flight->subject),
             F_TEXT("code", finish->code), F_TEXT("why", finish->text), F_INT("in_ms", delay));
    store_run(turn_writes(turn),
              "UPDATE effect SET state = 'waiting', attempts = attempts + 1, not_before = ?"
              " WHERE id = ?",
              ARGS(INT(turn->now + delay), INT(flight->id)));
}

/* It is tried for ever, but not in silence. */
static void tell_if_long(struct turn *turn, const struct flight *flight,
                         const struct finish *finish)
{
    if (flight->attempts + 1 < MANY_TRIES)
        return;
    char *words = text_format("%s (%s) has failed %d times: %s (%s). I keep trying; nothing is "
                              "lost.",
                              flight->type->call, flight->type->name, flight->attempts + 1,
                              finish->text, finish->code);
    turn_alarm(turn, flight->type->call, words);
    free(words);
}

static void close_row(struct turn *turn, const struct flight *flight)
{
    struct store *store = turn_writes(turn);
    if (store_run(store, "DELETE FROM effect WHERE id = ? AND version = ?",
                  ARGS(INT(flight->id), INT(flight->version))) == 0)
        store_run(store,
                  "UPDATE effect SET attempts = 0, not_before = 0, created_at = ? WHERE id = ?",
                  ARGS(INT(turn->now), INT(flight->id)));
}

static void finish_row(struct turn *turn, const struct flight *flight, struct finish finish)
{
    const struct effect_type *type = flight->type;
    bool again = finish.outcome == OUTCOME_RETRY ||
                 (finish.outcome == OUTCOME_UNKNOWN && type->kind != EFFECT_DEED);
    if (again && (type->patience_ms == 0 || turn->now - flight->created_at < type->patience_ms)) {
        try_again(turn, flight, &finish);
        tell_if_long(turn, flight, &finish);
        return;
    }
    if (again) {
        finish.outcome = OUTCOME_REFUSED;
        finish.code = "gave_up";
    }
    if (finish.outcome == OUTCOME_UNKNOWN)
        store_run(turn_writes(turn), "UPDATE effect SET state = 'unknown' WHERE id = ?",
                  ARGS(INT(flight->id)));
    else
        close_row(turn, flight);
    tell(turn, flight, &finish);
}

void engine_result(struct engine *engine, int64_t effect, const struct finish *finish)
{
    struct turn turn;
    size_t at = 0;
    while (at < engine->out.count && engine->out.at[at].id != effect)
        at++;
    if (at == engine->out.count) {
        log_error("a result for an effect that is not out", F_INT("effect", effect));
        return;
    }
    struct flight flight = flights_remove(&engine->out, at);
    engine->outbox_changed = true;
    turn_begin(&turn, engine);
    if (flight.id < 0)
        tell(&turn, &flight, finish);
    else
        finish_row(&turn, &flight, *finish);
    turn_end(&turn);
    flight_clear(&flight);
}

/* A deed that was under way when the process ended may have happened. */
void outbox_recover(struct engine *engine)
{
    const struct finish unknown = {.outcome = OUTCOME_UNKNOWN,
                                   .code = "restarted",
                                   .text = "the bot was stopped while this was under way"};
    int64_t id;
    while ((id = store_int(engine->store,
                           "SELECT id FROM effect WHERE state = 'under_way' ORDER BY id LIMIT 1",
                           NO_ARGS, 0)) != 0) {
        struct flight flight;
        struct turn turn;
        if (!load(engine, id, &flight))
            return;
        log_warn("an outcome is unknown after the restart", F_INT("effect", id),
                 F_INT("subject", flight.subject));
        turn_begin(&turn, engine);
        store_run(turn_writes(&turn), "UPDATE effect SET state = 'unknown' WHERE id = ?",
                  ARGS(INT(id)));
        if (flight.type != NULL)
            tell(&turn, &flight, &unknown);
        turn_end(&turn);
        flight_clear(&flight);
    }
    engine->outbox_changed = true;
}
