/* A socket's way: opened, replaced, closed; and when its slot tries again. */
#include <assert.h>

#include "log.h"
#include "slack/socket_mode.h"
#include "socket_mode_parts.h"

enum {
    FIRST_BACKOFF_MS = 500,
    MAX_BACKOFF_MS = 30000,
    FIRST_TOO_MANY_MS = 10000, /* old sockets of ours may have to go first */
    TOO_MANY_MS = 30000,
    TOO_MANY_FIRST = 2, /* tries after the shorter wait */
    HURRY_MS = 1000,
};

int64_t socket_now(const struct socket_mode *mode)
{
    return mode->ports.now(mode->ports.ctx);
}

int64_t socket_sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t socket_add_jitter(const struct socket_mode *mode, int64_t ms)
{
    return ms / 2 + (int64_t)(mode->ports.random(mode->ports.ctx) % (uint32_t)(ms / 2 + 1));
}

struct socket *socket_find(struct socket_mode *mode, uint64_t serial)
{
    for (int i = 0; i < MAX_SOCKETS; i++) {
        if (mode->sockets[i].state != FREE && mode->sockets[i].serial == serial)
            return &mode->sockets[i];
    }
    return NULL;
}

void socket_enter(struct socket_mode *mode, struct socket *socket, enum socket_state state)
{
    assert(state == CLOSING ? socket->state > ASKING : state == socket->state + 1);
    socket->state = state;
    socket->since = socket_now(mode);
}

bool socket_is_connected(const struct socket *socket)
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
        usable += socket_is_connected(&mode->sockets[i]) && !mode->sockets[i].silent;
    return usable;
}

void socket_alarm(struct socket_mode *mode, const char *text)
{
    log_error("socket alarm", F_TEXT("why", text));
    mode->ports.alarm(mode->ports.ctx, text);
}

/* Between once and one and a quarter of 10 s, 10 s, 30 s, 1 min ... 8 min. */
static int64_t wait_for_room(const struct socket_mode *mode, int failures)
{
    int later = failures - TOO_MANY_FIRST;
    int64_t wait = later < 0 ? FIRST_TOO_MANY_MS : (int64_t)TOO_MANY_MS << (later < 4 ? later : 4);
    return wait + socket_add_jitter(mode, wait / 2) - wait / 4;
}

/* The first try after a socket that had worked is made at once. */
void slot_back_off(struct socket_mode *mode, int slot_number, int64_t at_least)
{
    struct slot *slot = &mode->slots[slot_number];
    int64_t wait = 0;
    if (slot->failures > 0) {
        wait = FIRST_BACKOFF_MS;
        for (int i = 1; i < slot->failures && wait < MAX_BACKOFF_MS; i++)
            wait *= 2;
        if (wait > MAX_BACKOFF_MS)
            wait = MAX_BACKOFF_MS;
        wait = socket_add_jitter(mode, wait);
    }
    if (slot->too_many)
        wait = wait_for_room(mode, slot->failures);
    if (wait < at_least)
        wait = at_least;
    slot->failures++;
    slot->try_at = socket_now(mode) + wait;
    log_info("socket retry", F_INT("slot", slot_number), F_INT("in_ms", wait));
}

void slot_open(struct socket_mode *mode, int slot)
{
    if (socket_now(mode) < mode->ask_from) {
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
        socket_enter(mode, socket, ASKING);
        mode->slots[slot].try_at = INT64_MAX;
        mode->ports.ask(mode->ports.ctx, socket->serial);
        return;
    }
    slot_back_off(mode, slot, TOO_MANY_MS); /* old ones do not end: never pile up */
}

void socket_begin_close(struct socket_mode *mode, struct socket *socket)
{
    socket_enter(mode, socket, CLOSING);
    mode->ports.close(mode->ports.ctx, socket->serial);
}

void socket_give_up(struct socket_mode *mode, struct socket *socket, int64_t at_least)
{
    if (socket->state == ASKING)
        socket->state = FREE;
    else
        socket_begin_close(mode, socket);
    slot_back_off(mode, socket->slot, at_least);
}

void socket_replace(struct socket_mode *mode, struct socket *socket)
{
    if (socket->state != UP)
        return;
    for (int i = 0; i < MAX_SOCKETS; i++) { /* the one that this replaced: they never pile up */
        struct socket *old = &mode->sockets[i];
        if (old->slot == socket->slot && old->state == RETIRING)
            old->leave_at = socket_sooner(old->leave_at, socket_now(mode) + HURRY_MS);
    }
    socket_enter(mode, socket, RETIRING);
    mode->slots[socket->slot].failures = 0;
    slot_open(mode, socket->slot);
}
