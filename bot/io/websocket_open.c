/* How a connection comes about: its address taken apart, the host dialed (io/dial.h, through a
 * proxy where there is one), and what was dialed handed to libwebsockets at a door that it cannot
 * pass by itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/http.h"
#include "mem.h"
#include "websocket_parts.h"

enum {
    DIALED_WITHIN_MS = 15000, /* a name server may be silent */
    UP_WITHIN_MS = 10000,     /* from then on */
};

/* --- the door --- */

/* A local socket with a name that the kernel gives, its queue filled by a connection that nobody
 * accepts: whoever else comes has to wait. -1: there is none. */
int websockets_build_door(struct websockets *sockets)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    socklen_t size = sizeof(name.sun_family);
    for (int i = 0; i < 2; i++)
        sockets->door[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sockets->door[0] < 0 || sockets->door[1] < 0 ||
        bind(sockets->door[0], (const struct sockaddr *)&name, size) != 0 ||
        listen(sockets->door[0], 0) != 0)
        return -1;
    size = sizeof(name);
    if (getsockname(sockets->door[0], (struct sockaddr *)&name, &size) != 0 ||
        connect(sockets->door[1], (const struct sockaddr *)&name, size) != 0)
        return -1;
    snprintf(sockets->knock, sizeof(sockets->knock), "+@%.*s",
             (int)(size - offsetof(struct sockaddr_un, sun_path) - 1), name.sun_path + 1);
    return 0;
}

void websockets_tear_down_door(struct websockets *sockets)
{
    for (int i = 0; i < 2; i++) {
        if (sockets->door[i] >= 0)
            close(sockets->door[i]);
    }
}

/* libwebsockets 4.1.6 makes its own connections: to one address, by a proxy only as it sees fit.
 * So that it takes ours, it is sent to a door that stays shut (a local socket whose queue is full),
 * and while it waits to be let in, its descriptor is made ours. It has not been polled yet. */
static bool give_socket(struct websocket *socket, int fd)
{
    struct lws_client_connect_info info = {
        .context = socket->sockets->context,
        .address = socket->sockets->knock,
        .port = socket->port,
        .path = socket->path,
        .host = socket->host, /* for SNI, certificate and Host header */
        .origin = NULL,
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (socket->secure ? LCCSCF_USE_SSL : 0),
        .local_protocol_name = "slack",
        .userdata = socket,
        .pwsi = &socket->wsi,
        .alpn = "http/1.1",
    };
    struct lws *wsi = lws_client_connect_via_info(&info);
    lws_cancel_service(socket->sockets->context); /* or its timers sleep: called from outside */
    if (wsi == NULL)
        socket->wsi = NULL;
    return wsi != NULL && dup3(fd, lws_get_socket_fd(wsi), O_CLOEXEC) >= 0;
}

static void on_dialed(void *ctx, int fd, const char *why)
{
    struct websocket *socket = ctx;
    assert(socket->wsi == NULL && !socket->ended);
    socket->dial = NULL;
    if (fd >= 0 && !socket->closing)
        websocket_guard(socket, UP_WITHIN_MS);
    if (fd < 0)
        websocket_end(socket, why);
    else if (!give_socket(socket, fd))
        websocket_kill(socket, "it could not be connected");
    if (fd >= 0)
        close(fd);
}

/* "wss://host:port/path" -> its parts; false when it is not one. */
static bool split_url(struct websocket *socket, const char *url)
{
    socket->secure = strncmp(url, "wss://", 6) == 0;
    if (!socket->secure && strncmp(url, "ws://", 5) != 0)
        return false;
    const char *host = url + (socket->secure ? 6 : 5);
    size_t size = strcspn(host, "/?#");
    const char *colon = memchr(host, ':', size);
    size_t name = colon != NULL ? (size_t)(colon - host) : size;
    if (name == 0 || memchr(host, '@', size) != NULL || *host == '[')
        return false;
    socket->port = socket->secure ? 443 : 80;
    if (colon != NULL) {
        char *after;
        long port = strtol(colon + 1, &after, 10);
        if (after != host + size || port < 1 || port > 65535)
            return false;
        socket->port = (int)port;
    }
    socket->host = mem_slice(host, name);
    socket->path = host[size] == '/' ? mem_copy(host + size) : text_format("/%s", host + size);
    return true;
}

struct websocket *websocket_connect(struct websockets *sockets, const char *url,
                                    const struct websocket_events *events, void *ctx,
                                    struct err *err)
{
    struct websocket *socket = mem_new(1, sizeof(*socket));
    socket->close_code = LWS_CLOSE_STATUS_NORMAL;
    if (!split_url(socket, url) ||
        (!socket->secure && !http_plain_allowed(url, HTTP_PLAIN_LOOPBACK))) {
        err_set(err, "not an address that a WebSocket may go to");
        free(socket->host);
        free(socket->path);
        free(socket);
        return NULL;
    }
    socket->sockets = sockets;
    socket->next = sockets->first;
    sockets->first = socket;
    socket->events = *events;
    socket->ctx = ctx;
    uv_timer_init(sockets->loop, &socket->guard);
    socket->guard.data = socket;
    websocket_guard(socket, DIALED_WITHIN_MS);
    socket->dial = dial_start(sockets->loop, socket->host, socket->port,
                              proxy_for(sockets->proxy, socket->host), on_dialed, socket, err);
    if (socket->dial == NULL) {
        socket->ended = true;
        websocket_let_go(socket);
        return NULL;
    }
    return socket;
}
