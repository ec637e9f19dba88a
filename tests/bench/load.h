/* The load generator: Slack's end of Socket Mode in this process, driven in one thread, with no
 * library between it and the bytes but OpenSSL. A client is told where it is by SLACK_API_URL; its
 * calls of the Web API are answered at once, with as little as it needs to go on. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "mail.h"

struct load;

/* Listens on a loopback port that is free. With ${tls}: under a certificate of its own, which is
 * written to ${dir}/load.pem for the clients to trust. Ends the process when that fails. */
struct load *load_open(bool tls, const char *dir);
void load_close(struct load *load);

const char *load_url(const struct load *load); /* "http://localhost:1234/api/" */
const char *load_ca(const struct load *load);  /* the certificate's file, "" without TLS */

/* What the client did since it was opened or load_forget was called. */
struct load_seen {
    int asked;         /* for the address of a socket */
    double asked_ms;   /* when last; of bench_now_ms */
    int greeted;       /* sockets that were told hello */
    double greeted_ms; /* when last */
    int standing;      /* of these, those that still stand */
    long calls;        /* of the Web API, all together */
};
const struct load_seen *load_seen(const struct load *load);

/* Drop all connections, and what was seen. */
void load_forget(struct load *load);

/* Serve until ${sockets} stand, or until ${wait_ms} have gone by; true when they stand. */
bool load_wait(struct load *load, int sockets, double wait_ms);

/* Serve for so long. */
void load_serve(struct load *load, double ms);

/* Do not answer this method of the Web API; NULL: answer them all. */
void load_withhold(struct load *load, const char *method);

/* --- sockets that go --- */

/* Ask for a refresh, by a disconnect on every socket; cut them all; or go on holding them and
 * neither read nor answer anything that comes on them. */
void load_refresh(struct load *load);
void load_cut(struct load *load);
void load_fall_silent(struct load *load);

/* --- envelopes --- */

/* Either so many in flight, each ack sending the next, or so many a second. ${count} of them, or
 * (0) as many as fit into ${seconds}. */
struct drive {
    struct mail *mail;
    int in_flight;
    int per_second;
    long count;
    double seconds;
};

struct driven {
    long acked;
    long lost;      /* sent and not acknowledged within half a minute */
    double seconds; /* from the first envelope to the last ack */
    double p50_ms, p99_ms, worst_ms;
    char *payload; /* of the last ack, JSON text; NULL: none. On the heap */
};

/* Drive it, and wait for the last ack. The envelopes go to the standing sockets by turns. */
void load_drive(struct load *load, const struct drive *drive, struct driven *driven);

#endif
