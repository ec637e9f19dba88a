/* The sockets of Socket Mode as link*.c see them. */
#ifndef SANDBOX_LINK_PARTS_H
#define SANDBOX_LINK_PARTS_H

#include <uv.h>

#include "link.h"
#include "ws.h"

enum state {
    STATE_HANDSHAKE,
    STATE_OPEN,
    STATE_LEAVING, /* was told to go; gets an envelope only where no other socket is */
    STATE_CLOSING, /* a close frame was sent or came */
};

struct socket {
    uv_tcp_t tcp;
    struct link *link;
    struct socket *next;
    uint64_t number;
    enum state state;
    bool heard_close; /* what comes behind the client's close is dropped, and only that (1.4) */
    bool mute;
    bool ghost;  /* its connection is gone, and Slack has not noticed */
    bool gone;   /* out of the list, to be freed when libuv lets go of it */
    bool closed; /* libuv has let go of it */
    struct text head;
    struct ws_parser parser;
    struct sandbox_timer *ping;
    struct sandbox_timer *end;
    int64_t heard; /* monotonic ms of the last byte */
    int64_t since;
};

struct link {
    uv_tcp_t listener;
    struct sandbox *sandbox;
    struct envelopes *envelopes;
    struct socket *sockets;
    json_t *tickets; /* ticket -> when it was made */
    uint64_t count;
    uint64_t turn; /* the socket that got the last envelope */
    int64_t ping_ms;
    int port;
};

enum { LINK_PING_MS = 10000 };

/* link.c */
void link_destroy(struct socket *socket, int code, const char *why, bool reset);
/* Cut the connection, but go on counting it and handing it envelopes, for a minute. */
void link_haunt(struct socket *socket);
void link_send_disconnect(struct socket *socket, const char *reason);
void link_plan_ping(struct socket *socket, int64_t ms);
/* Close it in ${ms}, with the handshake. */
void link_plan_end(struct socket *socket, int64_t ms);
struct socket *link_next_socket(struct link *link);

/* handshake.c: NULL, or the status line to refuse it with; *why in words. Uses up the ticket. */
const char *handshake_check(struct link *link, const char *head, char accept[WS_ACCEPT],
                            const char **why);

#endif
