/* A world: one sandbox and one bot, both copied from processes that wait in front of main(), on one
 * clock that this side moves. Nothing here waits for wall time: when both sleep and nothing is on
 * its way, the clock is moved to the next moment that one of them waits for. */
#ifndef CRASH_WORLD_H
#define CRASH_WORLD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "page.h"
#include "text.h"

struct mother {
    pid_t pid;
    int talk; /* wishes and news */
    int wake;
    pid_t child; /* 0: none lives */
    int status;  /* of the one that ended last, as waitpid has it */
};

struct world {
    char dir[100];
    struct page *page;
    struct mother mothers[ROLES];
    int nap_fd;
    char environment[WISH_ROOM]; /* the bot's, from sandbox.env */
    int port;
    int http;               /* the connection to the sandbox, -1: none */
    int64_t sent, received; /* on it */
    int64_t lost;           /* bytes that somebody sent and nobody will ever read */
    unsigned naps;          /* of the bot, when the world was last seen quiet */
    int starts;             /* of the bot in this run */
    int64_t birthday;       /* wall ms at which a run begins; 0: now */
    bool in_earnest;        /* AWS is asked as seldom as where the bot works */
    bool on_approval;       /* drafts are made then */
};

/* Make the directory and the two mothers. ${bin}: where the programs are. -1: it cannot be done,
 * and why was printed. */
int world_open(struct world *world, const char *bin, int number);
void world_close(struct world *world);

/* A fresh sandbox, no bot, no book. The line "needed: 1" of the configuration becomes ${needed}. */
int world_begin(struct world *world, int needed);
/* Kill what lives. */
void world_end(struct world *world);

/* Start the bot; ${order} is what it will suffer, NULL: nothing. */
void world_start_bot(struct world *world, const struct order *order);
void world_kill_bot(struct world *world);
/* The same, and before it ends it writes into its log where it was. */
void world_fell_bot(struct world *world);

/* A copy of the state file and its journal, and of the line beside it; put back while no bot lives:
 * into the same files, with the line or without. -1: the disk does not let us. */
int world_keep_book(const struct world *world);
bool world_has_kept(const struct world *world);
int world_put_back(const struct world *world, bool with_line);

int64_t world_now_ms(const struct world *world); /* wall clock, moved */

/* Let time go on until all is quiet after something happened, until the bot has ended, or until
 * ${until} (wall ms, moved). Hanging: one of the two neither sleeps nor ends. */
enum seen { SEEN_QUIET, SEEN_END, SEEN_TIME, SEEN_HANGING };
enum seen world_wait(struct world *world, int64_t until);

/* POST (with a body, which is taken) or GET ${path} below /_sandbox/; the answer, a new reference;
 * NULL when the sandbox does not answer. Time goes on meanwhile, and the bot may end. */
json_t *world_ask(struct world *world, const char *path, json_t *body);
/* All of the log, every page of it. */
json_t *world_log(struct world *world);

#endif
