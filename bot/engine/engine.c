/* Turns, batches and acks. */
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "text.h"

enum { BATCH_TURNS = 256, BATCH_US = 5000, SLOW_COMMIT_US = 50000, ALARM_COMMIT_US = 1000000 };

static const int64_t ALARM_AGAIN_MS = INT64_C(3600) * 1000;

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* --- turns -------------------------------------------------------------------------------- */

int64_t engine_time(const struct engine *engine)
{
    return engine->ports.steady(engine->ports.ctx) + engine->ahead;
}

void turn_begin(struct turn *turn, struct engine *engine)
{
    *turn = (struct turn){.engine = engine,
                          .now = engine->ports.clock(engine->ports.ctx),
                          .time = engine_time(engine)};
    engine->counts.turns++;
}

void turn_end(struct turn *turn)
{
    struct engine *engine = turn->engine;
    if (turn->marked)
        store_keep(engine->store);
    turn->marked = false;
    for (size_t i = 0; i < turn->volatiles.count; i++)
        flights_add(&engine->waiting, turn->volatiles.at[i]);
    free(turn->volatiles.at);
    turn->volatiles = (struct flights){0};
}

void turn_undo(struct turn *turn)
{
    if (turn->marked)
        store_undo(turn->engine->store);
    turn->marked = false;
    if (turn->watched) /* what it measured from is gone: nothing is known */
        watches_clear(&turn->engine->watches);
    for (size_t i = 0; i < turn->volatiles.count; i++)
        flight_clear(&turn->volatiles.at[i]);
    free(turn->volatiles.at);
    turn->volatiles = (struct flights){0};
}

int64_t turn_now(const struct turn *turn)
{
    return turn->now;
}

int64_t turn_time(const struct turn *turn)
{
    return turn->time;
}

void turn_random(struct turn *turn, void *bytes, size_t size)
{
    turn->engine->ports.random(turn->engine->ports.ctx, bytes, size);
}

void turn_mint(struct turn *turn, char id[TURN_ID])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[(TURN_ID - 1) / 2];
    turn_random(turn, bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        id[2 * i] = digits[bytes[i] >> 4];
        id[2 * i + 1] = digits[bytes[i] & 15];
    }
    id[TURN_ID - 1] = '\0';
}

const void *turn_house(const struct turn *turn)
{
    return turn->engine->house;
}

struct store *turn_reads(struct turn *turn)
{
    return turn->engine->store;
}

struct store *turn_writes(struct turn *turn)
{
    struct engine *engine = turn->engine;
    if (turn->rendering) {
        log_error("mirror wrote while rendering");
        abort();
    }
    if (!engine->batch_open) {
        store_begin(engine->store);
        engine->batch_open = true;
        engine->batch_turns = 0;
        engine->batch_began = monotonic_us();
    }
    if (!turn->marked) {
        store_mark(engine->store);
        turn->marked = true;
        engine->batch_turns++;
    }
    return engine->store;
}

int64_t turn_count(struct turn *turn, const char *counter)
{
    store_run(turn_writes(turn),
              "INSERT INTO counter (name, value) VALUES (?, 1)"
              " ON CONFLICT (name) DO UPDATE SET value = value + 1",
              ARGS(TEXT(counter)));
    return store_int(turn->engine->store, "SELECT value FROM counter WHERE name = ?",
                     ARGS(TEXT(counter)), 0);
}

void turn_count_past(struct turn *turn, const char *counter, int64_t most)
{
    if (most > 0)
        store_run(turn_writes(turn),
                  "INSERT INTO counter (name, value) VALUES (?, ?)"
                  " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                  ARGS(TEXT(counter), INT(most)));
}

struct decision turn_answer(struct turn *turn, char *payload)
{
    (void)turn;
    return (struct decision){DECISION_ANSWER, payload};
}

struct decision turn_errors(struct turn *turn, char *payload)
{
    (void)turn;
    return (struct decision){DECISION_ERRORS, payload};
}

struct decision turn_judge_later(struct turn *turn)
{
    turn_writes(turn); /* what is to be judged must outlive the ack */
    return (struct decision){DECISION_ANSWER, NULL};
}

/* --- batches ------------------------------------------------------------------------------ */

static void send_acks(struct engine *engine)
{
    for (size_t i = 0; i < engine->ack_count; i++) {
        struct pending_ack *ack = &engine->acks[i];
        engine->ports.send_ack(engine->ports.ctx, ack->serial, ack->envelope, ack->answer);
        engine->counts.acks++;
        free(ack->envelope);
        free(ack->answer);
    }
    engine->ack_count = 0;
}

void turn_alarm(struct turn *turn, const char *about, const char *text)
{
    struct engine *engine = turn->engine;
    if (holds_until(&engine->alarms, about) > turn->time)
        return;
    holds_put(&engine->alarms, about, turn->time, turn->time + ALARM_AGAIN_MS);
    engine->tables.alarm(turn, text);
}

void turn_alarm_unknown(struct turn *turn, const char *what, const char *name)
{
    char *words = text_format("The state file holds %s that this version of the bot does not know "
                              "(“%s”): another version wrote them. I keep them until a version "
                              "that knows them is started; nothing else waits for them.",
                              what, name);
    log_error("unknown stored name", F_TEXT("name", name));
    turn_alarm(turn, name, words);
    free(words);
}

/* The alarm is a turn of its own, committed with the next. */
static void judge_commit(struct engine *engine, int64_t took)
{
    struct turn turn;
    if (took > engine->counts.slowest_commit_us)
        engine->counts.slowest_commit_us = took;
    if (took > SLOW_COMMIT_US)
        log_warn("slow commit", F_INT("us", took), F_INT("turns", engine->batch_turns));
    if (took <= ALARM_COMMIT_US)
        return;
    turn_begin(&turn, engine);
    turn_alarm(&turn, "commit",
               "The disk under the state file is far too slow: a commit took more than a second, "
               "and Slack gives up after three.");
    turn_end(&turn);
}

static const char time_counter[] = "engine.time";

/* The next process goes on from here: what waits by then waits no longer than its own length, even
 * if the wall clock was set back meanwhile. */
static void keep_time(struct engine *engine)
{
    store_run(engine->store,
              "INSERT INTO counter (name, value) VALUES (?, ?)"
              " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
              ARGS(TEXT(time_counter), INT(engine_time(engine))));
}

static void take_time(struct engine *engine)
{
    int64_t wall = engine->ports.clock(engine->ports.ctx);
    int64_t last = store_int(engine->store, "SELECT value FROM counter WHERE name = ?",
                             ARGS(TEXT(time_counter)), 0);
    engine->ahead = (wall > last ? wall : last) - engine->ports.steady(engine->ports.ctx);
}

void engine_commit(struct engine *engine)
{
    int64_t took = 0;
    if (engine->batch_open) {
        keep_time(engine);
        took = store_commit(engine->store);
        engine->batch_open = false;
        engine->counts.commits++;
    }
    send_acks(engine);
    judge_commit(engine, took);
}

/* Takes ${answer}. Without an open batch there is nothing to wait for. */
static void ack(struct engine *engine, const struct arrival *arrival, char *answer)
{
    if (engine->ack_count == engine->ack_room) {
        engine->ack_room = engine->ack_room > 0 ? 2 * engine->ack_room : 64;
        engine->acks = mem_resize(engine->acks, engine->ack_room, sizeof(*engine->acks));
    }
    engine->acks[engine->ack_count++] =
        (struct pending_ack){arrival->serial, mem_copy(arrival->envelope), answer};
    if (!engine->batch_open)
        send_acks(engine);
}

/* --- the engine's events ------------------------------------------------------------------ */

static handler_fn *handler_of(const struct engine *engine, const char *name)
{
    const struct route *route = engine->tables.routes;
    while (route->name != NULL && strcmp(route->name, name) != 0)
        route++;
    return route->name != NULL ? route->handle : engine->tables.unknown;
}

/* What was to be asked in any case is not undone with the rest. */
static void keep_asked(struct turn *turn)
{
    size_t kept = 0;
    for (size_t i = 0; i < turn->volatiles.count; i++) {
        struct flight flight = turn->volatiles.at[i];
        if (flight.anyway)
            flights_add(&turn->engine->waiting, flight);
        else
            turn->volatiles.at[kept++] = flight;
    }
    turn->volatiles.count = kept;
}

void engine_envelope(struct engine *engine, const struct arrival *arrival)
{
    struct turn turn;
    char *answer = NULL;
    if (inbox_find(engine, arrival->keys, &answer)) {
        engine->counts.repeats++;
        log_info("answer repeated", F_TEXT("envelope", arrival->envelope));
        ack(engine, arrival, answer);
        return;
    }
    turn_begin(&turn, engine);
    if (engine->tables.arrived != NULL)
        engine->tables.arrived(&turn, arrival->payload);
    struct decision decision = handler_of(engine, arrival->route)(&turn, arrival->payload);
    switch (decision.kind) {
    case DECISION_ERRORS:
        keep_asked(&turn);
        turn_undo(&turn);
        break;
    case DECISION_ANSWER:
        if (turn.marked)
            inbox_remember(&turn, arrival->keys, decision.answer);
        turn_end(&turn);
        break;
    }
    ack(engine, arrival, decision.answer);
    if (engine->batch_open &&
        (engine->batch_turns >= BATCH_TURNS || monotonic_us() - engine->batch_began >= BATCH_US))
        engine_commit(engine); /* the effects follow when the burst has been read */
}

void engine_do(struct engine *engine, void (*what)(struct turn *turn, const void *about),
               const void *about)
{
    struct turn turn;
    turn_begin(&turn, engine);
    what(&turn, about);
    turn_end(&turn);
}

void engine_tick(struct engine *engine)
{
    timers_run(engine);
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* How long nothing is to be done, ms. */
static int64_t idle(struct engine *engine)
{
    int64_t time = engine_time(engine);
    int64_t ms = timers_in(engine);
    if (engine->held)
        return ms;
    if (engine->outbox_changed)
        return 0;
    int64_t next = sooner(engine->outbox_due, volatiles_next(engine));
    return next < INT64_MAX ? sooner(ms, next > time ? next - time : 0) : ms;
}

void engine_flush(struct engine *engine)
{
    engine_commit(engine);
    outbox_pump(engine);
    engine->ports.wake_in(engine->ports.ctx, idle(engine));
}

void engine_start(struct engine *engine)
{
    struct turn turn;
    outbox_recover(engine);
    turn_begin(&turn, engine);
    outbox_sort_out(&turn);
    timers_sort_out(&turn);
    turn_timer(&turn, "engine.prune", 0, turn.now);
    engine->tables.start(&turn);
    turn_end(&turn);
    engine_flush(engine);
}

/* --- birth and death ---------------------------------------------------------------------- */

struct engine *engine_new(struct store *store, const struct ports *ports,
                          const struct tables *tables, const void *house)
{
    struct engine *engine = mem_new(1, sizeof(*engine));
    engine->store = store;
    engine->ports = *ports;
    engine->tables = *tables;
    engine->house = house;
    engine->outbox_changed = true;
    engine->timers_changed = true;
    take_time(engine);
    return engine;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL)
        return;
    for (size_t i = 0; i < engine->ack_count; i++) {
        free(engine->acks[i].envelope);
        free(engine->acks[i].answer);
    }
    outbox_free(engine);
    watches_clear(&engine->watches);
    notes_free(&engine->notes);
    free(engine->acks);
    free(engine);
}

void engine_hold(struct engine *engine)
{
    engine->held = true;
}

size_t engine_busy(const struct engine *engine)
{
    return engine->out.count;
}

struct engine_counts engine_counts(const struct engine *engine)
{
    return engine->counts;
}
