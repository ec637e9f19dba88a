/* Between the files of the load generator. */
#ifndef BENCH_LOAD_PARTS_H
#define BENCH_LOAD_PARTS_H

#include <openssl/ssl.h>

#include "load.h"
#include "text.h"

enum { MAX_CONNS = 1024 };

/* One connection: HTTP until it is upgraded, frames from then on. */
struct conn {
    struct load *load;
    int fd;
    SSL *ssl; /* NULL: none */
    bool shaken;
    bool socket;
    bool silent;
    bool closing; /* when all is written */
    bool gone;
    bool blocked; /* waits for room to write */
    struct text in;
    struct text parts; /* of a message that comes in several */
    struct text out;
    size_t out_at;
};

struct load {
    int listener, epoll, port;
    SSL_CTX *tls;
    char url[64], ca[256];
    struct conn *conn[MAX_CONNS];
    int count;
    int turn; /* which socket gets the next envelope */
    double pinged_ms;
    const char *withheld;
    long posts;
    struct load_seen seen;
    /* The drive under way. */
    double *sent_ms; /* by number */
    long *us;        /* of the acks */
    size_t room;
    long first, next; /* numbers of its envelopes: first..next-1 are sent */
    long acked;
    double last_ms;
    char *payload;
};

/* load_conn.c: the bytes. */
struct conn *conn_new(struct load *load, int fd);
void conn_free(struct conn *conn);
void conn_read(struct conn *conn);  /* all that is there, and act on it */
void conn_flush(struct conn *conn); /* what waits to be written */
/* Queue a frame from the server, unmasked, and so never copied twice. ${opcode}: RFC 6455. */
void conn_frame(struct conn *conn, int opcode, const char *bytes, size_t size);

/* load_api.c: answer a request whose body is whole. */
void api_answer(struct conn *conn, const char *head, const char *body, size_t size);

/* load.c: a message of the client came. */
void load_message(struct load *load, const char *bytes, size_t size);

#endif
