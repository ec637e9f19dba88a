/* What the files of the proxy know of each other; all of it belongs to the loop's thread, but for
 * what says otherwise. */
#ifndef FAULTS_PROXY_PARTS_H
#define FAULTS_PROXY_PARTS_H

#include <pthread.h>

#include "proxy.h"
#include "text.h"

enum { WAYS = 2, RECORD_HEAD = 5 };

struct proxies {
    uv_loop_t loop;
    pthread_t thread;
    uv_async_t wake;
    pthread_mutex_t lock; /* of what follows, and of proxy.carried_out */
    pthread_cond_t news;
    void (*fn)(void *ctx); /* NULL: nothing is to be done */
    void *ctx;
    struct proxy *list;
};

/* Where TLS's records end in a stream of bytes (RFC 8446, 5.1). */
struct records {
    unsigned char head[RECORD_HEAD];
    size_t have; /* of the head */
    size_t left; /* of the body */
    long whole;
};

/* One direction of a connection. */
struct lane {
    struct pair *pair;
    uv_tcp_t *from, *to;
    enum way way;
    struct text held; /* came and was not passed on yet */
    size_t at;
    struct records records;
    bool stalled;
    bool ended; /* no more will come */
    bool shut;  /* and that was passed on */
};

struct pair {
    struct pair *next;
    struct proxy *proxy;
    uv_tcp_t ends[WAYS]; /* the bot's and the server's */
    struct lane lanes[WAYS];
    uv_timer_t timers[WAYS]; /* until the next piece, or the end of a stall */
    uv_connect_t connect;
    bool connected, hole, deaf, gone;
    int handles;
};

struct proxy {
    struct proxy *next;
    struct proxies *proxies;
    uv_tcp_t *listener;
    struct sockaddr_storage address; /* where it listens */
    int target;
    struct pair *pairs; /* the newest first */
    size_t piece;
    long every_ms;
    struct plan plan;
    bool planned, for_next;
    const struct pair *planned_for; /* NULL: all, or nobody yet */
    bool carried_out;
    int64_t struck_at;
    long bytes[WAYS], records[WAYS];
};

/* pair.c */
void pair_take(struct proxy *proxy, uv_stream_t *listener);
void pair_strike(struct pair *pair, enum strike strike, enum way way, long stall_ms);
void pair_bury(struct pair *pair);
void pair_go(struct pair *pair, bool reset); /* and free it, by and by */

#endif
