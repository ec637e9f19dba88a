#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../blank_book.h"
#include "../sandbox/market.h"
#include "handlers.h"
#include "io/store.h"
#include "mem.h"
#include "run/migrations.h"
#include "run/tables.h"
#include "run/zones.h"
#include "sim_disk.h"
#include "slack/payload.h"
#include "text.h"

/* 2026-11-24T08:00:00Z: an ordinary morning. */
static const int64_t BEGIN_MS = INT64_C(1795507200000);

/* --- dice: splitmix64 --- */

uint64_t sim_roll(struct sim *sim, uint64_t sides)
{
    uint64_t z = (sim->dice += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % sides;
}

bool sim_chance(struct sim *sim, unsigned per_mille)
{
    return sim_roll(sim, 1000) < per_mille;
}

bool sim_fault(struct sim *sim, enum sim_fault kind, unsigned per_mille)
{
    return sim->faults && (sim->kinds & 1U << kind) != 0 && sim_chance(sim, per_mille);
}

/* --- time --- */

static bool sooner(const struct sim_event *a, const struct sim_event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void sim_after(struct sim *sim, int64_t ms, void (*run)(void *ctx), void *ctx)
{
    if (sim->event_count == sim->event_capacity) {
        sim->event_capacity = sim->event_capacity > 0 ? 2 * sim->event_capacity : 256;
        sim->events = mem_resize(sim->events, sim->event_capacity, sizeof(*sim->events));
    }
    size_t at = sim->event_count++;
    struct sim_event event = {sim->now + ms, ++sim->order, run, ctx};
    for (; at > 0 && sooner(&event, &sim->events[(at - 1) / 2]); at = (at - 1) / 2)
        sim->events[at] = sim->events[(at - 1) / 2];
    sim->events[at] = event;
}

static struct sim_event take_event(struct sim *sim)
{
    struct sim_event first = sim->events[0];
    struct sim_event last = sim->events[--sim->event_count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < sim->event_count; at = child) {
        child +=
            child + 1 < sim->event_count && sooner(&sim->events[child + 1], &sim->events[child]);
        if (!sooner(&sim->events[child], &last))
            break;
        sim->events[at] = sim->events[child];
    }
    sim->events[at] = last;
    return first;
}

void sim_first(struct sim *sim, size_t i)
{
    struct sim_event event = sim->events[i];
    event.order = 0;
    for (; i > 0 && sooner(&event, &sim->events[(i - 1) / 2]); i = (i - 1) / 2)
        sim->events[i] = sim->events[(i - 1) / 2];
    sim->events[i] = event;
}

/* The bot's stopwatch (linked in the place of the C library's): no time goes by within a turn. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
static struct sim *current;

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    (void)clock;
    *time = (struct timespec){.tv_sec = current != NULL ? current->now / 1000 : 0};
    return 0;
}

/* There is one process, whose lives follow each other: nobody to lock out. */
int __wrap_flock(int fd, int operation);

int __wrap_flock(int fd, int operation)
{
    (void)fd;
    (void)operation;
    return 0;
}

/* What the sandbox's Marketplace asks of its surroundings. */

int64_t sandbox_now_ms(void);

int64_t sandbox_now_ms(void)
{
    return current->now;
}

struct sandbox_timer *sandbox_after(struct sandbox *sandbox, int64_t ms, void (*fn)(void *ctx),
                                    void *ctx)
{
    (void)sandbox;
    sim_after(current, ms, fn, ctx);
    return NULL;
}

void log_entry(struct sandbox *sandbox, const char *kind, json_t *fields)
{
    (void)sandbox;
    strange_log(current, kind, fields);
    json_decref(fields);
}

/* --- the bot's ports --- */

static int64_t port_clock(void *ctx)
{
    const struct sim *sim = ctx;
    return true_clock_ms(&sim->clock, sim->now + sim->skew, sim->now);
}

static int64_t port_monotonic(void *ctx)
{
    return ((const struct sim *)ctx)->now;
}

static void port_random(void *ctx, void *bytes, size_t size)
{
    unsigned char *at = bytes;
    while (size-- > 0)
        *at++ = (unsigned char)sim_roll(ctx, 256);
}

static void cross(struct sim *sim, bool between)
{
    while (sim->crossing != NULL && !sim->dying && sim->crossing(sim, between))
        ;
}

/* Death may come between the commit and any ack, or right behind it. */
static void port_ack(void *ctx, uint64_t serial, const char *envelope, const char *payload)
{
    struct sim *sim = ctx;
    (void)serial;
    cross(sim, true);
    if (sim_fault(sim, SIM_KILL, 4))
        sim->dying = true;
    if (!sim->dying && !sim_fault(sim, SIM_ACK_LOST, 20))
        people_acked(sim, envelope, payload);
    if (sim_fault(sim, SIM_KILL, 4))
        sim->dying = true;
}

/* And between the commit and any call, or right behind it. */
static void port_run(void *ctx, const struct effect_call *call)
{
    struct sim *sim = ctx;
    cross(sim, true);
    if (sim_fault(sim, SIM_KILL, 3))
        sim->dying = true;
    if (!sim->dying)
        wire_call(sim, call);
    if (sim_fault(sim, SIM_KILL, 3))
        sim->dying = true;
}

static void port_wake(void *ctx, int64_t ms)
{
    struct sim *sim = ctx;
    sim->wake = ms < INT64_MAX ? sim->now + ms : INT64_MAX;
}

/* --- its disk --- */

/* One of a process that died meanwhile may answer for the next one's: sooner than that was to be.
 */
static void on_synced(void *ctx)
{
    struct sim *sim = ctx;
    if (sim->engine == NULL || !sim->syncing)
        return;
    sim->syncing = false;
    engine_synced(sim->engine, store_sync(sim->store));
}

static void port_sync(void *ctx)
{
    struct sim *sim = ctx;
    int64_t most = sim_chance(sim, 50) ? 5000 : 20;
    sim->syncing = true;
    if (sim->scripted) { /* one more thing to happen at any moment would make a small world large */
        on_synced(sim);
        return;
    }
    sim_after(sim, (int64_t)sim_roll(sim, (uint64_t)most), on_synced, sim);
}

static int64_t port_wait_synced(void *ctx)
{
    struct sim *sim = ctx;
    sim->syncing = false;
    return store_sync(sim->store);
}

/* --- its life and death --- */

static void be_born(void *ctx)
{
    struct sim *sim = ctx;
    const struct ports ports = {
        .clock = port_clock,
        .monotonic = port_monotonic,
        .random = port_random,
        .send_ack = port_ack,
        .run_effect = port_run,
        .wake_in = port_wake,
        .sync = sim->kinds & 1U << SIM_DISK ? port_sync : NULL,
        .wait_synced = port_wait_synced,
        .ctx = sim,
    };
    struct err err;
    if (sim->engine != NULL)
        return;
    sim->store = store_open(sim->path, bot_migrations, bot_migration_count, &err);
    if (sim->store == NULL) {
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)sim->seed, err.text);
        abort();
    }
    sim->process++;
    sim->clock = (struct true_clock){false, 0};
    sim->dying = false;
    text_fit(sim->app.beside, sizeof(sim->app.beside), store_beside(sim->store));
    sim->engine = engine_new(sim->store, &ports, &bot_tables, &sim->app);
    engine_start(sim->engine);
}

static int64_t highest(const struct sim *sim)
{
    return store_int(sim->store, "SELECT value FROM counter WHERE name = 'request'", SQL_NO_ARGS,
                     0);
}

/* Between two things that the bot does. */
static void sim_back_up(struct sim *sim)
{
    const char *customer;
    json_t *submission;
    if (sim->engine == NULL)
        return;
    engine_settle(sim->engine);
    disk_back_up();
    sim->backed_up = highest(sim);
    json_object_foreach(sim->submissions, customer, submission)
    {
        json_object_set(submission, "kept", json_object_get(submission, "acked"));
    }
}

/* The bot has died, and its file is put back as it was; half of the time with the line beside it.
 * What was acknowledged meanwhile is lost, and the judge knows it. */
static void restore(struct sim *sim, int64_t most)
{
    const char *customer;
    json_t *submission;
    if (!disk_restore())
        return;
    sim->restores++;
    restored_note(sim);
    if (sim_chance(sim, 500)) {
        char *name = text_format("%s.mark", sim->path);
        unlink(name);
        free(name);
    }
    for (int64_t number = sim->backed_up + 1; number <= most; number++)
        json_array_append_new(sim->lost, json_integer(number));
    json_object_foreach(sim->submissions, customer, submission)
    {
        if (!json_is_true(json_object_get(submission, "kept")))
            json_object_set_new(submission, "lost", json_true());
    }
}

/* What nobody had synced may be gone, or half of it. */
static void die(struct sim *sim)
{
    int64_t most = highest(sim);
    enum disk_loss loss = DISK_KEEPS;
    if (sim_fault(sim, SIM_POWER, 700))
        loss = sim_chance(sim, 500) ? DISK_DROPS : DISK_KEEPS_SOME;
    disk_freeze();
    engine_free(sim->engine);
    store_close(sim->store);
    disk_thaw(loss);
    if (sim->backed_up >= 0 && sim_fault(sim, SIM_RESTORE, sim->restores_wanted))
        restore(sim, most);
    sim->engine = NULL;
    sim->store = NULL;
    sim->wake = INT64_MAX;
    sim->dying = false;
    sim->syncing = false;
    sim->kills++;
    sim_after(sim, sim->at_once ? 0 : 50 + (int64_t)sim_roll(sim, 5000), be_born, sim);
}

/* What the loop does before it sleeps; unless death comes first, with a batch open. */
static void settle(struct sim *sim)
{
    if (sim->engine == NULL)
        return;
    if (sim_fault(sim, SIM_KILL, 1))
        sim->dying = true;
    while (!sim->dying) {
        engine_flush(sim->engine);
        if (sim->wake > sim->now || sim->dying)
            break;
        engine_tick(sim->engine);
    }
    if (sim->dying)
        die(sim);
}

bool sim_envelope(struct sim *sim, const char *id, json_t *payload, const char *type)
{
    json_t *frame =
        json_pack("{s:s, s:s, s:O}", "envelope_id", id, "type", type, "payload", payload);
    char *bytes = json_dumps(frame, JSON_COMPACT);
    struct err err;
    char route[SLACK_ROUTE];
    char keys[SLACK_KEYS][SLACK_KEY];
    struct delivery delivery = {.serial = 1, .envelope = id, .route = route};
    bool alive = sim->engine != NULL;
    if (alive) {
        struct slack_envelope *envelope =
            slack_envelope_decode(slack_frame_parse(bytes, strlen(bytes), &err), &err);
        slack_route(envelope, route);
        slack_keys(envelope, keys, delivery.keys);
        delivery.payload = envelope;
        engine_envelope(sim->engine, &delivery);
        slack_envelope_free(envelope);
    }
    free(bytes);
    json_decref(frame);
    return alive;
}

/* The real one sleeps half a minute at most: by then it sees that the clock was set. */
static void notice_clock(struct sim *sim)
{
    static const int64_t longest_sleep = 30000;
    if (sim->skew != sim->skew_seen && sim->wake > sim->now + longest_sleep)
        sim->wake = sim->now + longest_sleep;
    sim->skew_seen = sim->skew;
}

void sim_run(struct sim *sim, int64_t ms)
{
    int64_t until = sim->now + ms;
    for (;;) {
        cross(sim, false);
        if (sim->dying && sim->engine != NULL)
            die(sim);
        int64_t next = sim->event_count > 0 ? sim->events[0].at : INT64_MAX;
        notice_clock(sim);
        int64_t wake = sim->engine != NULL ? sim->wake : INT64_MAX;
        int64_t first = wake < next ? wake : next;
        if (first > until)
            break;
        if (first > sim->now)
            sim->now = first;
        if (wake <= next) {
            engine_tick(sim->engine);
        } else {
            struct sim_event event = take_event(sim);
            event.run(event.ctx);
        }
        settle(sim);
    }
    sim->now = until;
}

/* --- birth and death of the world --- */

static uint64_t lot(void *ctx, uint64_t sides)
{
    return sim_roll(ctx, sides);
}

/* Some faults, many, or all: what hides behind one kind shows where that is missing. */
static void draw_kinds(struct sim *sim)
{
    const unsigned all = (1U << SIM_FAULTS) - 1;
    unsigned drawn = (unsigned)sim_roll(sim, all + UINT64_C(1));
    switch (sim_roll(sim, 4)) {
    case 0:
        drawn &= (unsigned)sim_roll(sim, all + UINT64_C(1));
        break;
    case 1:
        drawn = all;
        break;
    default:
        break;
    }
    sim->kinds = drawn;
    sim->pace = (unsigned[]){1, 20, 60}[sim_roll(sim, 3)];
    const char *wanted = getenv("SIM_RESTORES");
    sim->restores_wanted = wanted != NULL ? (unsigned)atoi(wanted) : 60;
}

/* To bring one up takes longer than a day of this bot's life. */
static void put_blank_book(const struct sim *sim)
{
    size_t size;
    char *bytes = blank_book_read(&size);
    disk_put(sim->path, bytes, size);
}

void sim_open(struct sim *sim, uint64_t seed, const struct config *config, const char *dir)
{
    *sim = (struct sim){.seed = seed, .dice = seed, .now = BEGIN_MS, .wake = INT64_MAX};
    current = sim;
    sim->config = *config;
    sim->app = (struct app_context){.config = &sim->config,
                                    .flows = bot_flows,
                                    .opening_of = handlers_opening,
                                    .zone_of = zones_get,
                                    .home_team = "T0HOME",
                                    .bot_user = "U0BOT",
                                    .slack_url = "http://127.0.0.1:1/api/"};
    snprintf(sim->path, sizeof(sim->path), "%s/sim-%ld.db", dir, (long)getpid());
    disk_open(lot, sim);
    put_blank_book(sim);
    sim->market = market_open(NULL);
    sim->messages = json_array();
    sim->cards = json_object();
    sim->views = json_object();
    sim->submissions = json_object();
    sim->approvals = json_array();
    sim->deleted = json_array();
    sim->lost = json_array();
    sim->askers = json_object();
    sim->ended = json_object();
    sim->backed_up = -1;
    others_open(sim);
    draw_kinds(sim);
    strange_open(sim);
    be_born(sim);
    settle(sim);
}

void sim_close(struct sim *sim)
{
    engine_free(sim->engine);
    store_close(sim->store);
    sim->engine = NULL;
    sim->faults = false;
    while (sim->event_count > 0) { /* what is still on its way has an owner nowhere else */
        struct sim_event event = take_event(sim);
        if (event.run != be_born)
            event.run(event.ctx);
    }
    disk_close();
    static const char *const ends[] = {"", ".lock", ".mark"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char *name = text_format("%s%s", sim->path, ends[i]);
        unlink(name);
        free(name);
    }
    market_close(sim->market);
    json_decref(sim->messages);
    json_decref(sim->cards);
    json_decref(sim->views);
    json_decref(sim->askers);
    json_decref(sim->submissions);
    json_decref(sim->approvals);
    json_decref(sim->deleted);
    json_decref(sim->lost);
    json_decref(sim->ended);
    json_decref(sim->staff);
    json_decref(sim->entitled);
    strange_close(sim);
    free(sim->events);
}

/* --- trouble that lasts a while --- */

static void refuse_for_a_while(struct sim *sim, const char *call, const char *code)
{
    sim->refused_call = call;
    sim->refused_code = code;
    sim->trouble_until = sim->now + 30000 + (int64_t)sim_roll(sim, 180000);
}

static void delete_card(struct sim *sim)
{
    size_t at = sim_roll(sim, 1 + json_array_size(sim->messages));
    const json_t *message = json_array_get(sim->messages, at);
    const json_t *payload = json_object_get(json_object_get(message, "metadata"), "event_payload");
    const char *channel = json_string_value(json_object_get(message, "channel"));
    if (channel == NULL || strcmp(channel, "C0APPROVALS") != 0)
        return;
    json_array_append(sim->deleted, json_object_get(payload, "offer"));
    json_array_remove(sim->messages, at);
}

void sim_trouble(struct sim *sim)
{
    static const int64_t hour = INT64_C(3600000);
    sim->market->honours_tokens = (sim->kinds & 1U << SIM_TOKEN) == 0;
    sim->market->list_lag_ms = sim->kinds & 1U << SIM_LIST_LAG ? 240000 : 0;
    if (sim->now >= sim->trouble_until)
        sim->refused_call = NULL;
    if (sim_fault(sim, SIM_CLOCK, 20))
        sim->skew = ((int64_t)sim_roll(sim, 13) - 6) * hour;
    if (sim_fault(sim, SIM_LISTS, 20))
        refuse_for_a_while(sim, "slack:usergroups.users.list", "internal_error");
    if (sim_fault(sim, SIM_SHUT, 10))
        refuse_for_a_while(sim, "slack:chat.postMessage", "is_archived");
    if (sim_fault(sim, SIM_RESTORE, 20))
        sim_back_up(sim);
    if (sim_fault(sim, SIM_CARD_GONE, 20))
        delete_card(sim);
}

void sim_calm(struct sim *sim)
{
    sim->faults = false;
    sim->refused_call = NULL;
    sim->skew = 0;
    sim->market->list_lag_ms = 0;
    strange_calm(sim);
}

static void read_time(struct turn *turn, const void *about)
{
    **(int64_t *const *)about = turn_time(turn);
}

int64_t sim_own_time(struct sim *sim)
{
    int64_t now = 0;
    int64_t *const pointer = &now;
    engine_do(sim->engine, read_time, &pointer);
    return now;
}
