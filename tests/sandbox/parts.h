/* The sandbox as its own files see it: one struct, the parts by name. */
#ifndef SANDBOX_PARTS_H
#define SANDBOX_PARTS_H

#include <uv.h>

#include "app.h"
#include "sandbox.h"

struct child;
struct http;
struct link;
struct log;
struct fault_queue;

/* The workspace is kept as JSON, which is what people and tests look at anyway. */
struct workspace {
    json_t *users;      /* id -> {id, name, real_name, team_id, is_restricted, deleted, unseen?:
                           what Slack answers instead} */
    json_t *channels;   /* id -> {id, name, ..., members: [id], messages: [message]} */
    json_t *ephemerals; /* user -> [message] */
    json_t *groups;     /* id -> {id, handle, name, users, disabled?} */
    json_t *views;      /* id -> see modal.h */
    json_t *stacks;     /* user -> [view id], the bottom first */
    json_t *homes;      /* user -> view id */
    json_t *triggers;   /* trigger id -> {user, at, used} */
    json_t *responses;  /* response url's key -> {user, channel, ts, ephemeral, at, uses} */
    json_t *submitted;  /* user -> the payload of their last submission */
    json_t *buckets;    /* rate limits: key -> {level, at} */
    json_t *scopes;     /* of the bot token: [text] */
    json_t *switches;   /* see switches.h */
    struct app app;
    bool limits;     /* are rate limits kept? */
    int64_t last_ts; /* microseconds */
};

struct sandbox {
    uv_loop_t loop;
    char url[64]; /* http://127.0.0.1:PORT */
    json_t
        *front; /* {api, link}: what the bot is told instead of our own addresses; NULL: nothing */
    struct sandbox_timer *timers;
    struct log *log;
    struct fault_queue *faults;
    struct workspace *workspace;
    struct http *http;
    struct link *link;
    struct market *market;
    struct tunnel *tunnel;      /* NULL: no proxy was asked for */
    struct child *child;        /* the bot; NULL: it was started by somebody else */
    struct sandbox_timer *away; /* Slack is away until it is due */
    int64_t away_until;         /* by sandbox_monotonic_ms */
};

#endif
