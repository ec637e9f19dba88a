/* What Slack says of a socket: it stands, it ends, and how many there are. */
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "slack/socket_mode.h"
#include "socket_mode_parts.h"

enum {
    LINGER_MS = 12000, /* of a replaced socket. Ten seconds after a warning Slack closes it, and
                          nothing crosses a close of ours. One that we replace by ourselves is
                          closed by us: of what crosses that, only the answer is lost. */
    STALE_AFTER_MS = 120000,
    STALE_AGAIN_MS = 600000,
    TOLD_AGAIN_MS = 3600000,
};

static int count_held(const struct socket_mode *mode)
{
    int count = 0;
    for (int i = 0; i < MAX_SOCKETS; i++)
        count += mode->sockets[i].state >= WAITING && !mode->sockets[i].silent;
    return count;
}

/* What comes back with every try. */
static void alarm_hourly(struct socket_mode *mode, int64_t *quiet, const char *text)
{
    if (socket_now(mode) < *quiet)
        return;
    *quiet = socket_now(mode) + TOLD_AGAIN_MS;
    socket_alarm(mode, text);
}

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
        mode->stale_since = socket_now(mode);
    if (mode->stale_reported) { /* somebody may wait for the others to go */
        socket->replace_at = socket_sooner(socket->replace_at, socket_now(mode) + STALE_AGAIN_MS);
        return;
    }
    if (socket_now(mode) - mode->stale_since < STALE_AFTER_MS) {
        socket->replace_at = socket_sooner(socket->replace_at, mode->stale_since + STALE_AFTER_MS);
        return;
    }
    mode->stale_reported = true;
    snprintf(text, sizeof(text),
             "Slack counts %lld sockets of this app, %d are ours: another program uses the same "
             "app token, or dead sockets swallow clicks.",
             (long long)counted, count_held(mode));
    socket_alarm(mode, text);
}

void socket_on_hello(struct socket_mode *mode, struct socket *socket, const json_t *frame)
{
    const json_t *debug = json_object_get(frame, "debug_info");
    int64_t lasts = json_integer_value(json_object_get(debug, "approximate_connection_time"));
    if (socket->state != WAITING)
        return;
    socket_enter(mode, socket, UP);
    mode->slots[socket->slot] = (struct slot){.try_at = INT64_MAX};
    mode->lasting_reported = false;
    /* A tenth of its life before Slack's own date, drawn at random, so that not all go together. */
    socket->replace_at = lasts >= 120 && lasts < 1000000
                             ? socket_now(mode) + lasts * 900 - socket_add_jitter(mode, lasts * 50)
                             : INT64_MAX;
    for (int i = 0; i < MAX_SOCKETS; i++) {
        struct socket *old = &mode->sockets[i];
        if (old->slot == socket->slot && old->state == RETIRING && old->leave_at == INT64_MAX)
            old->leave_at = socket_now(mode) + LINGER_MS;
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
        socket_begin_close(mode, socket);
    else
        socket_give_up(mode, socket, at_least);
}

void socket_on_disconnect(struct socket_mode *mode, struct socket *socket, const json_t *frame)
{
    const char *reason = json_string_value(json_object_get(frame, "reason"));
    if (socket->state == CLOSING)
        return; /* it goes already */
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
        socket_replace(mode, socket); /* warning, refresh_requested */
    } else if (socket->state == WAITING) {
        socket_give_up(mode, socket, 0);
    }
}
