/* Socket Mode: the WebSocket side of the workspace, on a port of its own.
 * Source: docs.slack.dev/apis/events-api/using-socket-mode. */
#ifndef SANDBOX_LINK_H
#define SANDBOX_LINK_H

#include "err.h"
#include "sandbox.h"

enum { LINK_MAX_FRAME = 20480 }; /* bytes a client's message may have; beyond: close code 1009 */

struct link;
struct link *link_open(struct sandbox *sandbox, struct err *err); /* NULL with an error */
void link_close(struct link *link); /* the loop must run on; NULL is fine */
struct envelopes *link_envelopes(struct link *link);
int link_port(const struct link *link);

/* A new single-use address for apps.connections.open; on the heap. */
char *link_ticket(struct link *link);

/* Send text to the socket whose turn it is; its number, 0: there is none. */
uint64_t link_pass(struct link *link, const char *bytes, size_t size);

/* Misbehave. ${reason} "warning", "refresh_requested", "link_disabled", "too_many_websockets": a
 * disconnect frame, no further envelopes (but after a warning), the close soon after; "cut": the
 * connection is reset; "mute": it stays, is given envelopes, but nothing is read or pinged any
 * more; "ghost": the connection is reset, and still counted and given envelopes for a minute.
 * Returns how many sockets it was done to; -1: no such reason. */
int link_disconnect(struct link *link, const char *reason, bool all);
/* Ping every ${ms} (10 s unless told otherwise); false: that is too seldom or too often. */
bool link_ping_every(struct link *link, int64_t ms);
/* Pings as usual, no more ghosts. */
void link_calm(struct link *link);
/* A raw frame to one socket; false: there is none. */
bool link_frame(struct link *link, bool binary, const char *bytes, size_t size);

int link_count(const struct link *link);     /* open sockets */
json_t *link_state(const struct link *link); /* [{socket, state, since_ms}], a new reference */

#endif
