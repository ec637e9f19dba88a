/* The clients that are measured against each other: the bot in a world of its own, its peers, and
 * the floor; each started as its kind wants it. */
#ifndef BENCH_RACERS_H
#define BENCH_RACERS_H

#include "bench.h"
#include "figures.h"
#include "load.h"

struct disk;

/* One run of one client. */
struct racer {
    enum who who;
    struct load *load;
    pid_t pid;
    double began_ms;
    int sockets; /* that it keeps */
    /* The bot's: */
    struct world world;
    char (*waiting)[REFERENCE_TEXT]; /* the values of the buttons of what waits for a decision */
    size_t waiting_count;
    char card_ts[40], card_key[80]; /* where all of them stand */
};

/* Of all clients: where their files are; what they answer with is in it once the bot has said it.
 */
void racers_open(const char *dir);
/* "" when it can be measured, else why not. */
const char *racers_missing(enum who who);
bool racers_stores(enum who who);
/* Version of what the client is made of, as found (static room). */
const char *racers_version(enum who who);

/* A world for the bot with ${offers} in its state file, ${open} of them unfinished; nothing for the
 * others. Not started yet. */
void racer_prepare(struct racer *racer, enum who who, int offers, int open);
/* Start it and serve until its sockets stand; false when they do not. ${disk}: what it asks of the
 * disk is counted there; NULL: nothing is. */
bool racer_start(struct racer *racer, struct load *load, struct disk *disk);
void racer_kill(struct racer *racer);
/* End its world. */
void racer_close(struct racer *racer);

/* What the bot said to a command, for the others to say: the ack's frame. */
void racers_learn_reply(const char *ack);
void racers_learn_list(const char *ack);
/* Is this ack's payload what the bot said? */
bool racers_same(const char *ack, bool list);

/* Rows of the bot's state file (of a stopped bot): "SELECT count(*) ...". */
long racer_count(struct racer *racer, const char *sql);

/* The page that a client and the bench share, in racers_open's directory. */
struct disk *racers_disk(void);

#endif
