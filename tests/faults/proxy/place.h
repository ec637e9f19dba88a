/* A world behind proxies: the bot reaches the sandbox only through them, Socket Mode through one,
 * the Web API and AWS through the other; with TLS or without. */
#ifndef FAULTS_PLACE_H
#define FAULTS_PLACE_H

#include "../../scenarios/driver.h"
#include "proxy.h"

enum { PATIENCE_MS = 300000 }; /* whoever waits so long waits for a fault, not for a busy machine */

struct place {
    struct world world;
    struct proxies *proxies;
    struct proxy *link, *api;
    struct tls_end *ends[2]; /* NULL: plain */
    const char *book;        /* the state file, in memory: what is tried here is no disk */
    const char *copy;        /* of it: place_copy_book */
    int sockets;             /* that are to stand */
    json_t *log;             /* all that the sandbox saw, as far as it was read */
    long read_to;
};

/* The sandbox and the proxies; the bot is started, and connected. */
void place_open(struct place *place, const char *name, bool tls, int sockets);
/* The same without the bot. */
void place_prepare(struct place *place, const char *name, bool tls, int sockets);
void place_start_bot(struct place *place);
void place_close(struct place *place);

/* The state file, as of one moment. */
void place_copy_book(const struct place *place);
/* Read on in the sandbox's log. */
void place_read(struct place *place);
/* Wait until exactly so many sockets stand as should, for Slack. */
void place_settle(struct place *place);
/* The bot's log: its length, and how often ${words} stand in what follows ${from}. */
long place_log_size(const struct place *place);
long place_said(const struct place *place, long from, const char *words);
/* When the bot heard hello first, at ${at} or later (wall clock, ms), in what follows ${from} of
 * its log; 0: it did not. */
int64_t place_hello(const struct place *place, long from, int64_t at);

/* How long the bot meant to wait before it tried for another socket, ms, in what follows ${from} of
 * its log up to its next hello: what it decided, however late the machine let it. */
int64_t place_planned(const struct place *place, long from);

/* The envelopes, as keys, that the bot read and acted on after the socket of their ack was gone. */
json_t *place_dropped_acks(const struct place *place);

#endif
