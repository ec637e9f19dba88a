/* Misbehaviour on command, of sockets that are open: the rest is in the queue of faults, which
 * link.c asks. */
#include <string.h>

#include "link_parts.h"

enum { WARNING_MS = 10000, REFRESH_MS = 2000, MAX_PING_MS = 60000 };

static void misbehave(struct socket *socket, const char *reason)
{
    if (strcmp(reason, "cut") == 0) {
        link_destroy(socket, 1006, "cut on command", true);
    } else if (strcmp(reason, "mute") == 0) {
        socket->mute = true;
    } else if (strcmp(reason, "ghost") == 0) {
        link_haunt(socket);
    } else {
        bool warning = strcmp(reason, "warning") == 0;
        link_send_disconnect(socket, reason);
        if (!warning)
            socket->state = STATE_LEAVING;
        link_plan_end(socket, warning ? WARNING_MS : REFRESH_MS);
    }
}

int link_disconnect(struct link *link, const char *reason, bool all)
{
    static const char *const reasons[] = {"warning", "refresh_requested",   "link_disabled",
                                          "cut",     "too_many_websockets", "mute",
                                          "ghost"};
    const struct socket *one = link_next_socket(link);
    int told = 0;
    size_t i = 0;
    while (i < sizeof(reasons) / sizeof(reasons[0]) && strcmp(reasons[i], reason) != 0)
        i++;
    if (i == sizeof(reasons) / sizeof(reasons[0]))
        return -1;
    for (struct socket *socket = link->sockets, *next; socket != NULL; socket = next) {
        next = socket->next;
        if (socket->state != STATE_OPEN || socket->ghost || (!all && socket != one))
            continue;
        told++;
        misbehave(socket, reason);
    }
    return told;
}

bool link_ping_every(struct link *link, int64_t ms)
{
    if (ms < 1 || ms > MAX_PING_MS)
        return false;
    link->ping_ms = ms;
    for (struct socket *socket = link->sockets; socket != NULL; socket = socket->next) {
        if (socket->ping != NULL)
            link_plan_ping(socket, ms);
    }
    return true;
}

void link_calm(struct link *link)
{
    link_ping_every(link, LINK_PING_MS);
    for (struct socket *socket = link->sockets, *next; socket != NULL; socket = next) {
        next = socket->next;
        if (socket->ghost)
            link_destroy(socket, 1006, "noticed as dead on command", false);
    }
}
