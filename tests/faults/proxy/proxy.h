/* A TCP proxy that misbehaves on command: it stands between the bot and the sandbox, passes bytes
 * on as they come, in pieces or slowly, and stalls, resets, ends or swallows a connection after so
 * many bytes or TLS records. All proxies of a set live on one loop, in a thread of its own; the
 * functions below may be called from any other. */
#ifndef FAULTS_PROXY_H
#define FAULTS_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct proxies;
struct proxy;

enum way { TO_SERVER, TO_BOT };

enum strike {
    STRIKE_RESET, /* RST to both */
    STRIKE_FIN,   /* the end of the stream to both */
    STRIKE_STALL, /* nothing more in this direction */
    STRIKE_HOLE,  /* both are read, nothing is passed on, and neither hears of the other's end */
};

/* What befalls a connection when ${records} whole TLS records and then ${bytes} bytes have gone
 * ${way}. */
struct plan {
    enum strike strike;
    enum way way;
    long records, bytes;
    long stall_ms; /* 0: for ever */
};

struct proxies *proxies_open(void);
void proxies_close(struct proxies *proxies); /* and all of them */

/* Run ${fn} on the loop, and wait for it. */
void proxies_do(struct proxies *proxies, void (*fn)(void *ctx), void *ctx);
uv_loop_t *proxies_loop(struct proxies *proxies);

/* A proxy on localhost in front of 127.0.0.1:${target}. */
struct proxy *proxy_open(struct proxies *proxies, int target);
int proxy_port(const struct proxy *proxy);

/* From now on: pieces of ${size} bytes, every ${every_ms} (0: one after the other); 0: whole. */
void proxy_pieces(struct proxy *proxy, size_t size, long every_ms);
/* The plan for the next connection alone, or for all bytes from now on, whichever connections they
 * go through. It replaces an earlier one. */
void proxy_plan_next(struct proxy *proxy, struct plan plan);
void proxy_plan_all(struct proxy *proxy, struct plan plan);
/* No plan any more; true when it had been carried out. */
bool proxy_unplan(struct proxy *proxy);
/* Now, to the newest connection or to all. */
void proxy_strike(struct proxy *proxy, enum strike strike, bool all);
/* Connections are taken, or refused. */
void proxy_listen(struct proxy *proxy, bool listen);
/* Those that were swallowed or stalled end for the server as well. */
void proxy_bury(struct proxy *proxy);

/* Wait until the plan is carried out; false after ${ms}. */
bool proxy_wait(struct proxy *proxy, long ms);
int64_t proxy_struck_at(struct proxy *proxy); /* wall clock, ms: the last strike */
/* How much went ${way} since it was opened. */
void proxy_passed(struct proxy *proxy, enum way way, long *bytes, long *records);

#endif
