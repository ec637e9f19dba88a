/* Socket Mode (slack/socket_mode.h) on real websockets, timers and calls to Slack. */
#ifndef CPPO_RUN_LINKS_H
#define CPPO_RUN_LINKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "io/websocket.h"
#include "run/ports.h"

struct links;

struct links_events {
    void (*frame)(void *ctx, uint64_t serial, json_t *frame); /* an envelope; takes ${frame} */
    void (*flush)(void *ctx);               /* a socket ends: acknowledge what came, now */
    void (*counted)(void *ctx, int others); /* so many sockets of this app are not ours */
    void (*alarm)(void *ctx, const char *text);
    void *ctx;
};

/* ${count} standing sockets. What is given must outlive it. */
struct links *links_new(uv_loop_t *loop, struct websockets *websockets, struct slack_port *slack,
                        int count, const struct links_events *events);
void links_start(struct links *links);
void links_stop(struct links *links); /* close frames; nothing is delivered any more */
bool links_stopped(const struct links *links);

/* Is more to be read at once on any of them? */
bool links_have_more(const struct links *links);

/* On the connection on which the envelope came: -1 when that is gone. ${payload}: JSON or NULL. */
int links_ack(struct links *links, uint64_t serial, const char *envelope, const char *payload);

/* Let go of the loop; then, when that has run, free. NULL is fine in both. */
void links_close(struct links *links);
void links_free(struct links *links);

#endif
