#include "slack/socket_mode.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "mem.h"
#include "slack/payload.h"
#include "socket_mode_parts.h"
#include "text.h"

enum {
    ASK_MS = 15000,     /* for an address */
    CONNECT_MS = 25000, /* all addresses of the host, one after the other; a proxy; TLS */
    HELLO_MS = 10000,
    PING_EVERY_MS = 10000,
    SILENCE_MS = 15000, /* a ping missed: with the successor's handshake, people are unheard for
                           20 s at most */
    DEAD_MS = 30000,    /* two: what was still under way on it is given up */
    APART_MS = 1000,    /* between the first openings of the standing sockets */
};

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* --- what happens to a socket --- */

static void rearm(struct socket_mode *mode);

void socket_mode_address(struct socket_mode *mode, uint64_t serial, const char *url)
{
    struct socket *socket = socket_find(mode, serial);
    if (socket == NULL || socket->state != ASKING)
        return;
    socket_enter(mode, socket, CONNECTING);
    if (!mode->ports.connect(mode->ports.ctx, serial, url)) {
        socket->state = FREE;
        slot_back_off(mode, socket->slot, 0);
    }
    rearm(mode);
}

void socket_mode_no_address(struct socket_mode *mode, uint64_t serial, const char *why,
                            bool lasting, int64_t retry_after_ms)
{
    struct socket *socket = socket_find(mode, serial);
    if (socket == NULL || socket->state != ASKING)
        return;
    log_warn("socket address missing", F_TEXT("why", why));
    if (lasting && !mode->lasting_reported) {
        mode->lasting_reported = true;
        socket_alarm(mode, why);
    }
    socket->state = FREE;
    if (retry_after_ms > 0) /* it holds the method, whichever socket asks */
        mode->ask_from = later(mode->ask_from, socket_now(mode) + retry_after_ms);
    slot_back_off(mode, socket->slot, lasting ? LASTING_MS : retry_after_ms);
    rearm(mode);
}

void socket_mode_up(struct socket_mode *mode, uint64_t serial)
{
    struct socket *socket = socket_find(mode, serial);
    if (socket == NULL || socket->state != CONNECTING)
        return;
    socket_enter(mode, socket, WAITING);
    socket->heard_at = socket->pinged_at = socket_now(mode);
    rearm(mode);
}

/* It may have been taken for dead too early: then Slack will notice its end. */
static void hear(const struct socket_mode *mode, struct socket *socket)
{
    socket->heard_at = socket_now(mode);
    socket->silent = socket->silent && socket->missed_at != INT64_MAX;
}

void socket_mode_alive(struct socket_mode *mode, uint64_t serial)
{
    struct socket *socket = socket_find(mode, serial);
    if (socket != NULL)
        hear(mode, socket);
}

void socket_mode_pong(struct socket_mode *mode, uint64_t serial)
{
    struct socket *socket = socket_find(mode, serial);
    if (socket == NULL)
        return;
    socket->missed_at = INT64_MAX;
    hear(mode, socket);
}

void socket_mode_text(struct socket_mode *mode, uint64_t serial, const char *bytes, size_t size)
{
    struct socket *socket = socket_find(mode, serial);
    if (socket == NULL || socket->state < WAITING || mode->stopping)
        return;
    struct err err;
    json_t *frame = slack_frame_parse(bytes, size, &err);
    const char *type = json_text(frame, "type");
    if (strcmp(type, "hello") == 0)
        socket_on_hello(mode, socket, frame);
    else if (strcmp(type, "disconnect") == 0)
        socket_on_disconnect(mode, socket, frame);
    else if (frame != NULL)
        mode->ports.frame(mode->ports.ctx, serial, json_incref(frame));
    else
        log_warn("frame ignored", F_TEXT("why", err.text), F_INT("bytes", size));
    json_decref(frame);
    rearm(mode);
}

void socket_mode_down(struct socket_mode *mode, uint64_t serial, const char *why)
{
    struct socket *socket = socket_find(mode, serial);
    if (socket == NULL)
        return;
    log_info("socket down", F_INT("socket", serial), F_TEXT("why", why));
    bool replaced = socket->state == RETIRING || socket->state == CLOSING;
    socket->state = FREE;
    if (!replaced && !mode->stopping)
        slot_back_off(mode, socket->slot, 0);
    rearm(mode);
}

int socket_mode_ack(struct socket_mode *mode, uint64_t serial, const char *envelope,
                    const char *payload)
{
    struct socket *socket = socket_find(mode, serial);
    if (socket == NULL || !socket_is_connected(socket))
        return -1;
    json_t *id = json_string(envelope);
    char *quoted = json_dumps(id, JSON_ENCODE_ANY);
    struct text frame = {0};
    text_add(&frame, "{\"envelope_id\":");
    text_add(&frame, quoted);
    if (payload != NULL) {
        text_add(&frame, ",\"payload\":");
        text_add(&frame, payload);
    }
    text_add(&frame, "}");
    int result = -1;
    if (frame.size <= SOCKET_MODE_MAX_ACK)
        result = mode->ports.send(mode->ports.ctx, serial, text_get(&frame), frame.size);
    else
        log_error("ack too large", F_INT("bytes", frame.size));
    json_decref(id);
    free(quoted);
    text_free(&frame);
    return result;
}

/* --- time --- */

/* Since when it is not heard, or does not hear us: whoever hears people but is not heard lets all
 * of them wait in vain. */
static int64_t silent_since(const struct socket *socket)
{
    return socket_sooner(socket->heard_at, socket->missed_at);
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
    socket_replace(mode, socket);
}

/* It opens, a step at a time, and each step has to be done within ${ms}. */
static int64_t tend_opening(struct socket_mode *mode, struct socket *socket, int64_t at, int64_t ms)
{
    if (at < socket->since + ms)
        return socket->since + ms;
    socket_give_up(mode, socket, 0);
    return INT64_MAX;
}

static int64_t tend_open(struct socket_mode *mode, struct socket *socket, int64_t at)
{
    if (at >= socket->leave_at && !socket->silent) {
        socket_begin_close(mode, socket);
        return INT64_MAX;
    }
    if (at >= silent_since(socket) + DEAD_MS) {
        log_warn("socket dead", F_INT("socket", socket->serial), F_TEXT("why", silence(socket)));
        socket_begin_close(mode, socket);
        return INT64_MAX;
    }
    if (at >= silent_since(socket) + SILENCE_MS)
        suspect(mode, socket);
    if (at >= socket->replace_at) {
        socket->replace_at = INT64_MAX;
        socket_replace(mode, socket);
    }
    if (at >= socket->pinged_at + PING_EVERY_MS) {
        socket->pinged_at = at;
        socket->missed_at = socket_sooner(socket->missed_at, at);
        mode->ports.ping(mode->ports.ctx, socket->serial);
    }
    int64_t silent_at = silent_since(socket) + (socket->silent ? DEAD_MS : SILENCE_MS);
    return socket_sooner(
        socket_sooner(socket->pinged_at + PING_EVERY_MS, silent_at),
        socket_sooner(socket->replace_at, socket->silent ? INT64_MAX : socket->leave_at));
}

/* When this socket wants to be looked at; and if that is now, do what is due. */
static int64_t tend(struct socket_mode *mode, struct socket *socket, int64_t at)
{
    switch (socket->state) {
    case FREE:
    case CLOSING:
        break;
    case ASKING:
        return tend_opening(mode, socket, at, ASK_MS);
    case CONNECTING:
        return tend_opening(mode, socket, at, CONNECT_MS);
    case WAITING:
        return tend_opening(mode, socket, at, HELLO_MS);
    case UP:
    case RETIRING:
        return tend_open(mode, socket, at);
    }
    return INT64_MAX;
}

/* Open what is due; true when there was something. */
static bool open_due(struct socket_mode *mode, int64_t at)
{
    bool opened = false;
    for (int i = 0; i < mode->count && !mode->stopping; i++) {
        if (mode->slots[i].try_at > at)
            continue;
        slot_open(mode, i);
        opened = true;
    }
    return opened;
}

static void rearm(struct socket_mode *mode)
{
    int64_t at = socket_now(mode);
    int64_t next;
    do { /* what was opened has deadlines of its own */
        next = INT64_MAX;
        for (int i = 0; i < MAX_SOCKETS; i++)
            next = socket_sooner(next, tend(mode, &mode->sockets[i], at));
    } while (open_due(mode, at));
    for (int i = 0; i < mode->count && !mode->stopping; i++)
        next = socket_sooner(next, mode->slots[i].try_at);
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
        mode->slots[i].try_at = socket_now(mode) + (int64_t)i * APART_MS;
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
            socket_begin_close(mode, socket);
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
