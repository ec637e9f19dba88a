/* What the WebSocket client's own files share: the library, and the connections. */
#ifndef CPPO_IO_WEBSOCKET_PARTS_H
#define CPPO_IO_WEBSOCKET_PARTS_H

/* The library's header would define _DEBUG for us. Our own assertions stand. */
#ifndef NDEBUG
#define NDEBUG 1
#include <libwebsockets.h>
#undef NDEBUG
#else
#include <libwebsockets.h>
#endif

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#include "io/dial.h"
#include "io/websocket.h"
#include "text.h"

enum { MASK = 4, MASKS = 64 }; /* bytes of one, and those that are drawn at once */

struct websockets {
    uv_loop_t *loop;
    struct lws_context *context;
    const struct proxy *proxy;
    struct websocket *first;         /* all that there are */
    unsigned char mask[MASKS][MASK]; /* for frames to come: the first so many */
    size_t masks;
    int door[2]; /* where nobody opens, and who stands before it (give_socket) */
    char knock[32];
};

/* A connection owns its guard timer and its dialing; it is freed when the library and the timer
 * have let go of it. */
struct websocket {
    struct websockets *sockets;
    struct websocket *next;
    struct websocket_events events;
    void *ctx;
    char *host;
    char *path;
    int port;
    bool secure;
    struct lws *wsi;
    uv_timer_t guard;
    struct dial *dial; /* NULL: not dialing (any more) */
    bool up;
    bool closing;
    bool ended;        /* down was told */
    bool deaf;         /* what comes is dropped */
    bool said_goodbye; /* a close frame was sent, or is being sent by the library */
    enum lws_close_status close_code;
    bool due;  /* there is something to write */
    bool held; /* not written when it could have been: see websockets_write */
    bool ping;
    struct text out; /* frames */
    struct text message;
    size_t skipped; /* of a message that is too large */
    char why[200];
};

/* websocket_open.c: the door at which libwebsockets waits to be given our connection; -1, and
 * errno, when it cannot be built. */
int websockets_build_door(struct websockets *sockets);
void websockets_tear_down_door(struct websockets *sockets);

/* websocket_receive.c: a fragment came; a whole message is told. */
void websocket_receive(struct websocket *socket, const void *bytes, size_t size);

/* websocket_send.c: write what there is. -1, as the library wants it: it is to be ended. */
int websocket_write(struct websocket *socket);
/* The peer closes: what is said in answer goes out at once. */
void websocket_answer_close(struct websocket *socket);

/* websocket_end.c: the guard runs out after ${ms}: the connection is cut then. */
void websocket_guard(struct websocket *socket, uint64_t ms);
/* Cut it, for ${why} where no other reason is known. */
void websocket_kill(struct websocket *socket, const char *why);
/* It is over: told once, and freed when library and guard have let go of it. */
void websocket_end(struct websocket *socket, const char *why);
/* The library lets go of it. */
void websocket_drop(struct websocket *socket, struct lws *wsi, const char *why);
/* Freed as soon as nothing holds it. */
void websocket_let_go(struct websocket *socket);

#endif
