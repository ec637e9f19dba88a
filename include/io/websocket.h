/* WebSocket clients (RFC 6455) by libwebsockets on the libuv loop. TLS is always verified, also
 * inside a proxy's tunnel, plain ws goes to loopback addresses only, names are resolved off the
 * loop, all addresses of a name are tried, nothing is compressed, no proxy of the environment is
 * used. */
#ifndef CPPO_IO_WEBSOCKET_H
#define CPPO_IO_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "err.h"
#include "io/proxy.h"

struct websockets; /* the library's context */
struct websocket;

/* Never called inside websocket_connect. ${bytes} is borrowed until the callback returns. `down`
 * comes exactly once, whatever happened, and is the last; the websocket is gone then. */
struct websocket_events {
    void (*up)(void *ctx);
    /* A whole message; of one above 2 MiB the first so many bytes, which need not be UTF-8. */
    void (*text)(void *ctx, const char *bytes, size_t size);
    void (*alive)(void *ctx); /* anything at all was received */
    void (*pong)(void *ctx);  /* a ping of ours was answered */
    /* The peer closes: what is sent in this call still goes out, nothing after it. */
    void (*closing)(void *ctx);
    void (*down)(void *ctx, const char *why);
};

/* ${ca_file} "": the system's authorities. */
struct websockets *websockets_open(uv_loop_t *loop, const char *ca_file, struct err *err);

/* All that proxy_for() says goes through ${proxy}, by CONNECT; it must outlive ${sockets}; NULL:
 * none. */
void websockets_use_proxy(struct websockets *sockets, const struct proxy *proxy);

/* Two steps, as the library wants it: close, let the loop run until its handles are gone, free. */
void websockets_close(struct websockets *sockets);
void websockets_free(struct websockets *sockets);

/* Connect to ${url} ("wss://host[:port]/path?query"). NULL with an error when that cannot even be
 * tried; fifteen seconds are allowed to connect, then ten until it is up. */
struct websocket *websocket_connect(struct websockets *sockets, const char *url,
                                    const struct websocket_events *events, void *ctx,
                                    struct err *err);

/* Queue one unfragmented text message; -1 when too much waits already (then it is closed). */
int websocket_send(struct websocket *socket, const char *bytes, size_t size);
void websocket_ping(struct websocket *socket);

/* Write what is queued on any of them, messages, pings and close frames: to be called before the
 * loop can sleep, so that what is said in one round of it leaves together. */
void websockets_write(struct websockets *sockets);

/* Read what has come on any of them under TLS, but no more than a few dozen records: to be called
 * before websockets_write, outside of what the library calls. Without it, each round of the loop
 * reads one record; of a connection without TLS, all that has come. */
void websockets_read(struct websockets *sockets);

/* Is there more to be read at once? One question to the kernel. */
bool websocket_has_more(const struct websocket *socket);

/* Queue a close frame; one second later the connection is cut. `down` follows. */
void websocket_close(struct websocket *socket);

#endif
