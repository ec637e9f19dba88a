/* Slack's Socket Mode, the client's part: which sockets stand, when one is replaced, which is dead.
 * Pure: driven by the functions below, acting through ports; knows no loop, socket or clock of its
 * own. Source: docs.slack.dev/apis/events-api/using-socket-mode, and what the official clients do.
 *
 * Each slot goes   IDLE -> ASKING (for an address) -> CONNECTING -> WAITING (for hello) -> UP
 * and back to IDLE with a time at which it is tried again. A socket that is to be replaced is
 * RETIRING: it still receives and acknowledges until some seconds after its successor said hello.
 * What crosses its close is handed on, but can be acknowledged no more. */
#ifndef CPPO_SLACK_SOCKET_MODE_H
#define CPPO_SLACK_SOCKET_MODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slack/socket_mode_ports.h"

struct socket_mode;

enum { SOCKET_MODE_MAX_ACK = 20000 }; /* Slack closes a connection on a frame above 20 480 bytes */

/* ${count}: standing sockets, 1..4. */
struct socket_mode *socket_mode_new(const struct socket_mode_ports *ports, int count);
void socket_mode_free(struct socket_mode *mode);

/* Connect, one socket after the other; only from here on the ports are called. */
void socket_mode_start(struct socket_mode *mode);
/* Close all with close frames; nothing is delivered any more. */
void socket_mode_stop(struct socket_mode *mode);
bool socket_mode_stopped(const struct socket_mode *mode); /* and all are down */

/* The answers to what the ports were asked for, and what the sockets tell; of a serial that is gone
 * by now they mean nothing. */
void socket_mode_address(struct socket_mode *mode, uint64_t serial, const char *url);
/* ${lasting}: the token or app is wrong, hurrying does not help. ${retry_after_ms}: -1 none. */
void socket_mode_no_address(struct socket_mode *mode, uint64_t serial, const char *why,
                            bool lasting, int64_t retry_after_ms);
void socket_mode_up(struct socket_mode *mode, uint64_t serial);
void socket_mode_text(struct socket_mode *mode, uint64_t serial, const char *bytes, size_t size);
void socket_mode_alive(struct socket_mode *mode, uint64_t serial); /* something was heard */
void socket_mode_pong(struct socket_mode *mode, uint64_t serial);  /* and we were */
void socket_mode_down(struct socket_mode *mode, uint64_t serial, const char *why);
void socket_mode_tick(struct socket_mode *mode);

/* Acknowledge on the connection on which the envelope came: -1 when that is gone. ${payload}: JSON
 * text or NULL. */
int socket_mode_ack(struct socket_mode *mode, uint64_t serial, const char *envelope,
                    const char *payload);

/* Sockets that Slack counted beside ours when it last said hello: another bot's, or dead ones. */
int socket_mode_others(const struct socket_mode *mode);

int socket_mode_usable(const struct socket_mode *mode); /* sockets that said hello and live */

#endif
