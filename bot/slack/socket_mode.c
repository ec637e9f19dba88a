#include "slack/socket_mode.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"
#include "text.h"

enum {
    MAX_SLOTS = 4,
    MAX_SOCKETS = 3 * MAX_SLOTS, /* each slot's own, its retiring one, and one that still closes */
    ASK_MS = 15000,              /* for an address */
    CONNECT_MS = 25000,          /* all addresses of the host, one after the other; a proxy; TLS */
    HELLO_MS = 10000,
    PING_EVERY_MS = 10000,
    SILENCE_MS = 15000, /* a ping missed: with the successor's handshake, people are unheard for
                           20 s at most */
    DEAD_MS = 30000,    /* two: what was still under way on it is given up */
    FIRST_BACKOFF_MS = 500,
    MAX_BACKOFF_MS = 30000,
    FIRST_TOO_MANY_MS = 10000, /* old sockets of ours may have to go first */
    TOO_MANY_MS = 30000,
    TOO_MANY_FIRST = 2, /* tries after the shorter wait */
    LASTING_MS = 300000,
    LINGER_MS = 5000, /* of a replaced socket: what Slack had already sent to it is answered */
    APART_MS = 1000,  /* between the first openings of the standing sockets */
    STALE_AFTER_MS = 120000,
    STALE_AGAIN_MS = 600000,
    TOLD_AGAIN_MS = 3600000,
};

/* It goes one step on, or closes from whatever is open. */
enum socket_state { FREE, ASKING, CONNECTING, WAITING, UP, RETIRING, CLOSING };

struct socket {
    uint64_t serial;
    enum socket_state state;
    int slot;
    int64_t since; /* of its state */
    int64_t heard_at;
    int64_t pinged_at;
    int64_t missed_at;  /* the first ping of ours without an answer; INT64_MAX: none */
    int64_t replace_at; /* Slack announced its end */
    int64_t leave_at;   /* of a retiring one whose successor is up */
    bool silent;        /* taken for dead: Slack need not know */
};

struct slot {
    int64_t try_at; /* INT64_MAX: it has a socket */
    int failures;   /* in a row; only hello ends the row */
    bool too_many;
};

struct socket_mode {
    struct socket_mode_ports ports;
    int count;
    struct slot slots[MAX_SLOTS];
    struct socket sockets[MAX_SOCKETS];
    uint64_t last_serial;
    bool stopping;
    int64_t ask_from; /* Slack wants to hear of no socket before */
    int64_t stale_since;
    bool stale_reported;
    int others; /* as counted at the last hello */
    bool lasting_reported;
    int64_t too_many_quiet, disabled_quiet; /* until when these are not told again */
};

/* --- small ones --- */

static int64_t now(const struct socket_mode *mode)
{
    return mode->ports.now(mode->ports.ctx);
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Between half and all of ${ms}. */
static int64_t add_jitter(const struct socket_mode *mode, int64_t ms)
{
    return ms / 2 + (int64_t)(mode->ports.random(mode->ports.ctx) % (uint32_t)(ms / 2 + 1));
}

static struct socket *find(struct socket_mode *mode, uint64_t serial)
{
    for (int i = 0; i < MAX_SOCKETS; i++) {
        if (mode->sockets[i].state != FREE && mode->sockets[i].serial == serial)
            return &mode->sockets[i];
    }
    return NULL;
}

static void enter(struct socket_mode *mode, struct socket *socket, enum socket_state state)
{
    assert(state == CLOSING ? socket->state > ASKING : state == socket->state + 1);
    socket->state = state;
    socket->since = now(mode);
}

static bool is_connected(const struct socket *socket)
{
    return socket->state == UP || socket->state == RETIRING;
}

int socket_mode_others(const struct socket_mode *mode)
{
    return mode->others;
}

int socket_mode_usable(const struct socket_mode *mode)
{
    int usable = 0;
    for (int i = 0; i < MAX_SOCKETS; i++)
        usable += is_connected(&mode->sockets[i]) && !mode->sockets[i].silent;
    return usable;
}

static int count_held(const struct socket_mode *mode)
{
    int count = 0;
    for (int i = 0; i < MAX_SOCKETS; i++)
        count += mode->sockets[i].state >= WAITING && !mode->sockets[i].silent;
    return count;
}

static void alarm_about(struct socket_mode *mode, const char *text)
{
    log_error("socket alarm", F_TEXT("why", text));
    mode->ports.alarm(mode->ports.ctx, text);
}

/* What comes back with every try. */
static void alarm_hourly(struct socket_mode *mode, int64_t *quiet, const char *text)
{
    if (now(mode) < *quiet)
        return;
    *quiet = now(mode) + TOLD_AGAIN_MS;
    alarm_about(mode, text);
}

/* --- when to try again --- */

/* Between once and one and a quarter of 10 s, 10 s, 30 s, 1 min ... 8 min. */
static int64_t wait_for_room(const struct socket_mode *mode, int failures)
{
    int later = failures - TOO_MANY_FIRST;
    int64_t wait = later < 0 ? FIRST_TOO_MANY_MS : (int64_t)TOO_MANY_MS << (later < 4 ? later : 4);
    return wait + add_jitter(mode, wait / 2) - wait / 4;
}

/* The first try after a socket that had worked is made at once. */
static void back_off(struct socket_mode *mode, int slot_number, int64_t at_least)
{
    struct slot *slot = &mode->slots[slot_number];
    int64_t wait = 0;
    if (slot->failures > 0) {
        wait = FIRST_BACKOFF_MS;
        for (int i = 1; i < slot->failures && wait < MAX_BACKOFF_MS; i++)
            wait *= 2;
        if (wait > MAX_BACKOFF_MS)
            wait = MAX_BACKOFF_MS;
        wait = add_jitter(mode, wait);
    }
    if (slot->too_many)
        wait = wait_for_room(mode, slot->failures);
    if (wait < at_least)
        wait = at_least;
    slot->failures++;
    slot->try_at = now(mode) + wait;
    log_info("socket retry", F_INT("slot", slot_number), F_INT("in_ms", wait));
}

static void open_one(struct socket_mode *mode, int slot)
{
    if (now(mode) < mode->ask_from) {
        mode->slots[slot].try_at = mode->ask_from;
        return;
    }
    for (int i = 0; i < MAX_SOCKETS; i++) {
        struct socket *socket = &mode->sockets[i];
        if (socket->state != FREE)
            continue;
        *socket = (struct socket){.serial = ++mode->last_serial,
                                  .slot = slot,
                                  .missed_at = INT64_MAX,
                                  .replace_at = INT64_MAX,
                                  .leave_at = INT64_MAX};
        enter(mode, socket, ASKING);
        mode->slots[slot].try_at = INT64_MAX;
        mode->ports.ask(mode->ports.ctx, socket->serial);
        return;
    }
    back_off(mode, slot, TOO_MANY_MS); /* old ones do not end: never pile up */
}

static void begin_close(struct socket_mode *mode, struct socket *socket)
{
    enter(mode, socket, CLOSING);
    mode->ports.close(mode->ports.ctx, socket->serial);
}

/* This attempt is over; its slot tries again. */
static void give_up(struct socket_mode *mode, struct socket *socket, int64_t at_least)
{
    if (socket->state == ASKING)
        socket->state = FREE;
    else
        begin_close(mode, socket);
    back_off(mode, socket->slot, at_least);
}

/* Open a successor; this one answers until a while after that one said hello. */
static void replace(struct socket_mode *mode, struct socket *socket)
{
    if (socket->state != UP)
        return;
    enter(mode, socket, RETIRING);
    mode->slots[socket->slot].failures = 0;
    open_one(mode, socket->slot);
}

/* --- hello, disconnect --- */

/* Slack counts sockets that it has not noticed to be dead, and sends them clicks that nobody
 * answers: for a short time that is normal after a change. Slack counts at hello only, so the
 * socket that heard of them is replaced after a while, to hear whether they are still there. */
static void watch_stale_connections(struct socket_mode *mode, struct socket *socket,
                                    int64_t counted)
{
    char text[200];
    mode->others = counted > count_held(mode) ? (int)(counted - count_held(mode)) : 0;
    if (counted <= count_held(mode)) {
        mode->stale_since = 0;
        mode->stale_reported = false;
        return;
    }
    log_warn("stale sockets counted", F_INT("counted", counted), F_INT("held", count_held(mode)));
    if (mode->stale_since == 0)
        mode->stale_since = now(mode);
    if (mode->stale_reported) { /* somebody may wait for the others to go */
        socket->replace_at = sooner(socket->replace_at, now(mode) + STALE_AGAIN_MS);
        return;
    }
    if (now(mode) - mode->stale_since < STALE_AFTER_MS) {
        socket->replace_at = sooner(socket->replace_at, mode->stale_since + STALE_AFTER_MS);
        return;
    }
    mode->stale_reported = true;
    snprintf(text, sizeof(text),
             "Slack counts %lld sockets of this app, %d are ours: another program uses the same "
             "app token, or dead sockets swallow clicks.",
             (long long)counted, count_held(mode));
    alarm_about(mode, text);
}

static void on_hello(struct socket_mode *mode, struct socket *socket, const json_t *frame)
{
    const json_t *debug = json_object_get(frame, "debug_info");
    int64_t lasts = json_integer_value(json_object_get(debug, "approximate_connection_time"));
    if (socket->state != WAITING)
        return;
    enter(mode, socket, UP);
    mode->slots[socket->slot] = (struct slot){.try_at = INT64_MAX};
    mode->lasting_reported = false;
    /* A tenth of its life before Slack's own date, drawn by lot, so that not all go together. */
    socket->replace_at = lasts >= 120 && lasts < 1000000
                             ? now(mode) + lasts * 900 - add_jitter(mode, lasts * 50)
                             : INT64_MAX;
    for (int i = 0; i < MAX_SOCKETS; i++) {
        struct socket *old = &mode->sockets[i];
        if (old->slot == socket->slot && old->state == RETIRING && old->leave_at == INT64_MAX)
            old->leave_at = now(mode) + LINGER_MS;
    }
    log_info("socket up", F_INT("socket", socket->serial),
             F_INT("usable", socket_mode_usable(mode)));
    watch_stale_connections(mode, socket,
                            json_integer_value(json_object_get(frame, "num_connections")));
    mode->ports.hello(mode->ports.ctx, socket->serial);
}

/* One that has a successor in its slot goes without another. */
static void end_at_once(struct socket_mode *mode, struct socket *socket, int64_t at_least)
{
    if (socket->state == RETIRING)
        begin_close(mode, socket);
    else
        give_up(mode, socket, at_least);
}

static void on_disconnect(struct socket_mode *mode, struct socket *socket, const json_t *frame)
{
    const char *reason = json_string_value(json_object_get(frame, "reason"));
    if (reason == NULL)
        reason = "";
    log_info("socket disconnect asked", F_INT("socket", socket->serial), F_TEXT("why", reason));
    if (strcmp(reason, "too_many_websockets") == 0) {
        alarm_hourly(mode, &mode->too_many_quiet,
                     "Slack says that this app has too many sockets open: is another bot running "
                     "with the same app token?");
        mode->slots[socket->slot].too_many |= socket->state != RETIRING;
        end_at_once(mode, socket, 0);
    } else if (strcmp(reason, "link_disabled") == 0) {
        alarm_hourly(mode, &mode->disabled_quiet,
                     "Socket Mode is switched off in the app's settings: switch it on; I'll retry "
                     "every few minutes.");
        end_at_once(mode, socket, LASTING_MS);
    } else if (socket->state == UP) {
        replace(mode, socket); /* warning, refresh_requested */
    } else if (socket->state == WAITING) {
        give_up(mode, socket, 0);
    }
}

/* --- what happens to a socket --- */

static void rearm(struct socket_mode *mode);

void socket_mode_address(struct socket_mode *mode, uint64_t serial, const char *url)
{
    struct socket *socket = find(mode, serial);
    if (socket == NULL || socket->state != ASKING)
        return;
    enter(mode, socket, CONNECTING);
    if (!mode->ports.connect(mode->ports.ctx, serial, url)) {
        socket->state = FREE;
        back_off(mode, socket->slot, 0);
    }
    rearm(mode);
}

void socket_mode_no_address(struct socket_mode *mode, uint64_t serial, const char *why,
                            bool lasting, int64_t retry_after_ms)
{
    struct socket *socket = find(mode, serial);
    if (socket == NULL || socket->state != ASKING)
        return;
    log_warn("socket address missing", F_TEXT("why", why));
    if (lasting && !mode->lasting_reported) {
        mode->lasting_reported = true;
        alarm_about(mode, why);
    }
    socket->state = FREE;
    if (retry_after_ms > 0) /* it holds the method, whichever socket asks */
        mode->ask_from = later(mode->ask_from, now(mode) + retry_after_ms);
    back_off(mode, socket->slot, lasting ? LASTING_MS : retry_after_ms);
    rearm(mode);
}

void socket_mode_up(struct socket_mode *mode, uint64_t serial)
{
    struct socket *socket = find(mode, serial);
    if (socket == NULL || socket->state != CONNECTING)
        return;
    enter(mode, socket, WAITING);
    socket->heard_at = socket->pinged_at = now(mode);
    rearm(mode);
}

/* It may have been taken for dead too early: then Slack will notice its end. */
static void hear(const struct socket_mode *mode, struct socket *socket)
{
    socket->heard_at = now(mode);
    socket->silent = socket->silent && socket->missed_at != INT64_MAX;
}

void socket_mode_alive(struct socket_mode *mode, uint64_t serial)
{
    struct socket *socket = find(mode, serial);
    if (socket != NULL)
        hear(mode, socket);
}

void socket_mode_pong(struct socket_mode *mode, uint64_t serial)
{
    struct socket *socket = find(mode, serial);
    if (socket == NULL)
        return;
    socket->missed_at = INT64_MAX;
    hear(mode, socket);
}

void socket_mode_text(struct socket_mode *mode, uint64_t serial, const char *bytes, size_t size)
{
    struct socket *socket = find(mode, serial);
    if (socket == NULL || socket->state < WAITING || socket->state == CLOSING || mode->stopping)
        return;
    json_t *frame = json_loadb(bytes, size, 0, NULL);
    const char *type = json_string_value(json_object_get(frame, "type"));
    if (type != NULL && strcmp(type, "hello") == 0) {
        on_hello(mode, socket, frame);
    } else if (type != NULL && strcmp(type, "disconnect") == 0) {
        on_disconnect(mode, socket, frame);
    } else {
        mode->ports.frame(mode->ports.ctx, serial, bytes, size);
    }
    json_decref(frame);
    rearm(mode);
}

void socket_mode_down(struct socket_mode *mode, uint64_t serial, const char *why)
{
    struct socket *socket = find(mode, serial);
    if (socket == NULL)
        return;
    log_info("socket down", F_INT("socket", serial), F_TEXT("why", why));
    bool replaced = socket->state == RETIRING || socket->state == CLOSING;
    socket->state = FREE;
    if (!replaced && !mode->stopping)
        back_off(mode, socket->slot, 0);
    rearm(mode);
}

int socket_mode_ack(struct socket_mode *mode, uint64_t serial, const char *envelope,
                    const char *payload)
{
    struct socket *socket = find(mode, serial);
    if (socket == NULL || !is_connected(socket))
        return -1;
    json_t *id = json_string(envelope);
    char *quoted = json_dumps(id, JSON_ENCODE_ANY);
    char *frame = payload != NULL
                      ? text_format("{\"envelope_id\":%s,\"payload\":%s}", quoted, payload)
                      : text_format("{\"envelope_id\":%s}", quoted);
    int result = -1;
    if (strlen(frame) <= SOCKET_MODE_MAX_ACK)
        result = mode->ports.send(mode->ports.ctx, serial, frame, strlen(frame));
    else
        log_error("ack too large", F_INT("bytes", strlen(frame)));
    json_decref(id);
    free(quoted);
    free(frame);
    return result;
}

/* --- time --- */

/* Since when it is not heard, or does not hear us: whoever hears people but is not heard lets all
 * of them wait in vain. */
static int64_t silent_since(const struct socket *socket)
{
    return sooner(socket->heard_at, socket->missed_at);
}

static const char *silence(const struct socket *socket)
{
    return socket->missed_at < socket->heard_at ? "our pings are not answered" : "nothing is heard";
}

/* A socket that missed a ping gets a successor at once, and is closed later: acknowledgements may
 * be under way on it, and it may only be slow. */
static void suspect(struct socket_mode *mode, struct socket *socket)
{
    if (socket->silent)
        return;
    socket->silent = true;
    log_warn("socket silent", F_INT("socket", socket->serial), F_TEXT("why", silence(socket)));
    replace(mode, socket);
}

/* When this socket wants to be looked at; and if that is now, do what is due. */
static int64_t tend(struct socket_mode *mode, struct socket *socket, int64_t at)
{
    switch (socket->state) {
    case FREE:
    case CLOSING:
        return INT64_MAX;
    case ASKING:
        if (at >= socket->since + ASK_MS)
            give_up(mode, socket, 0);
        return socket->since + ASK_MS;
    case CONNECTING:
        if (at >= socket->since + CONNECT_MS)
            give_up(mode, socket, 0);
        return socket->since + CONNECT_MS;
    case WAITING:
        if (at >= socket->since + HELLO_MS)
            give_up(mode, socket, 0);
        return socket->since + HELLO_MS;
    case UP:
    case RETIRING:
        break;
    }
    if (at >= socket->leave_at && !socket->silent) {
        begin_close(mode, socket);
        return INT64_MAX;
    }
    if (at >= silent_since(socket) + DEAD_MS) {
        log_warn("socket dead", F_INT("socket", socket->serial), F_TEXT("why", silence(socket)));
        begin_close(mode, socket);
        return INT64_MAX;
    }
    if (at >= silent_since(socket) + SILENCE_MS)
        suspect(mode, socket);
    if (at >= socket->replace_at) {
        socket->replace_at = INT64_MAX;
        replace(mode, socket);
    }
    if (at >= socket->pinged_at + PING_EVERY_MS) {
        socket->pinged_at = at;
        socket->missed_at = sooner(socket->missed_at, at);
        mode->ports.ping(mode->ports.ctx, socket->serial);
    }
    int64_t silent_at = silent_since(socket) + (socket->silent ? DEAD_MS : SILENCE_MS);
    return sooner(sooner(socket->pinged_at + PING_EVERY_MS, silent_at),
                  sooner(socket->replace_at, socket->silent ? INT64_MAX : socket->leave_at));
}

/* Open what is due; true when there was something. */
static bool open_due(struct socket_mode *mode, int64_t at)
{
    bool opened = false;
    for (int i = 0; i < mode->count && !mode->stopping; i++) {
        if (mode->slots[i].try_at > at)
            continue;
        open_one(mode, i);
        opened = true;
    }
    return opened;
}

static void rearm(struct socket_mode *mode)
{
    int64_t at = now(mode);
    int64_t next;
    do { /* what was opened has deadlines of its own */
        next = INT64_MAX;
        for (int i = 0; i < MAX_SOCKETS; i++)
            next = sooner(next, tend(mode, &mode->sockets[i], at));
    } while (open_due(mode, at));
    for (int i = 0; i < mode->count && !mode->stopping; i++)
        next = sooner(next, mode->slots[i].try_at);
    mode->ports.wake_at(mode->ports.ctx, next < at ? at : next);
}

void socket_mode_tick(struct socket_mode *mode)
{
    rearm(mode);
}

/* --- birth and death --- */

struct socket_mode *socket_mode_new(const struct socket_mode_ports *ports, int count)
{
    struct socket_mode *mode = mem_new(1, sizeof(*mode));
    mode->ports = *ports;
    mode->count = count < 1 ? 1 : count > MAX_SLOTS ? MAX_SLOTS : count;
    for (int i = 0; i < mode->count; i++)
        mode->slots[i].try_at = INT64_MAX;
    return mode;
}

void socket_mode_free(struct socket_mode *mode)
{
    free(mode);
}

void socket_mode_start(struct socket_mode *mode)
{
    for (int i = 0; i < mode->count; i++)
        mode->slots[i].try_at = now(mode) + (int64_t)i * APART_MS;
    rearm(mode);
}

void socket_mode_stop(struct socket_mode *mode)
{
    mode->stopping = true;
    for (int i = 0; i < MAX_SOCKETS; i++) {
        struct socket *socket = &mode->sockets[i];
        if (socket->state == ASKING)
            socket->state = FREE;
        else if (socket->state != FREE && socket->state != CLOSING)
            begin_close(mode, socket);
    }
    mode->ports.wake_at(mode->ports.ctx, INT64_MAX);
}

bool socket_mode_stopped(const struct socket_mode *mode)
{
    for (int i = 0; i < MAX_SOCKETS; i++) {
        if (mode->sockets[i].state != FREE)
            return false;
    }
    return mode->stopping;
}
