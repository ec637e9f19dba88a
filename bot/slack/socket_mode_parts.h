/* What the client's own files share: its sockets, and the slots in which they stand. */
#ifndef CPPO_SLACK_SOCKET_MODE_PARTS_H
#define CPPO_SLACK_SOCKET_MODE_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "slack/socket_mode_ports.h"

enum {
    MAX_SLOTS = 4,
    MAX_SOCKETS = 3 * MAX_SLOTS, /* each slot's own, its retiring one, and one that still closes */
    LASTING_MS = 300000,
};

/* It goes one step on, or closes from whatever is open. */
enum socket_state { FREE, ASKING, CONNECTING, WAITING, UP, RETIRING, CLOSING };

struct socket {
    uint64_t serial;
    enum socket_state state;
    int slot;
    int64_t since; /* of its state */
    int64_t heard_at;
    int64_t pinged_at;
    int64_t missed_at;  /* the first ping of ours without an answer; INT64_MAX: none */
    int64_t replace_at; /* Slack announced its end */
    int64_t leave_at;   /* of a retiring one whose successor is up */
    bool silent;        /* taken for dead: Slack need not know */
};

struct slot {
    int64_t try_at; /* INT64_MAX: it has a socket */
    int failures;   /* in a row; only hello ends the row */
    bool too_many;
};

struct socket_mode {
    struct socket_mode_ports ports;
    int count;
    struct slot slots[MAX_SLOTS];
    struct socket sockets[MAX_SOCKETS];
    uint64_t last_serial;
    bool stopping;
    int64_t ask_from; /* Slack wants to hear of no socket before */
    int64_t stale_since;
    bool stale_reported;
    int others; /* as counted at the last hello */
    bool lasting_reported;
    int64_t too_many_quiet, disabled_quiet; /* until when these are not told again */
};

/* socket_mode_sockets.c: what can be done to one. */
int64_t socket_now(const struct socket_mode *mode);
int64_t socket_sooner(int64_t a, int64_t b);
/* Between half and all of ${ms}. */
int64_t socket_add_jitter(const struct socket_mode *mode, int64_t ms);
struct socket *socket_find(struct socket_mode *mode, uint64_t serial);
void socket_enter(struct socket_mode *mode, struct socket *socket, enum socket_state state);
bool socket_is_connected(const struct socket *socket);
void socket_alarm(struct socket_mode *mode, const char *text);
/* Its slot tries again after a while, not before ${at_least} ms. */
void slot_back_off(struct socket_mode *mode, int slot_number, int64_t at_least);
void slot_open(struct socket_mode *mode, int slot);
void socket_begin_close(struct socket_mode *mode, struct socket *socket);
/* This attempt is over; its slot tries again. */
void socket_give_up(struct socket_mode *mode, struct socket *socket, int64_t at_least);
/* Open a successor; this one answers until a while after that one said hello. */
void socket_replace(struct socket_mode *mode, struct socket *socket);

/* socket_mode_said.c: what Slack says of a socket. */
void socket_on_hello(struct socket_mode *mode, struct socket *socket, const json_t *frame);
void socket_on_disconnect(struct socket_mode *mode, struct socket *socket, const json_t *frame);

#endif
