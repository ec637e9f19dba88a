/* The page of memory that a world's runner shares with its two processes, the bot and the sandbox.
 * The runner is the master of time: the clock of both is the machine's plus `ahead_ns`, and it
 * moves that on when both sleep and nothing is on its way between them. What the bot is to suffer
 * stands in `order`. */
#ifndef CRASH_PAGE_H
#define CRASH_PAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum role { ROLE_BOT, ROLE_SANDBOX, ROLES };

/* What happens at the chosen call or allocation. */
enum strike {
    STRIKE_NONE,        /* only count */
    STRIKE_KILL_BEFORE, /* SIGKILL instead of the call */
    STRIKE_KILL_AFTER,
    STRIKE_FAIL,        /* it fails as such a call can, at random; nothing is done */
    STRIKE_SHORT,       /* half of the bytes */
    STRIKE_SLOW,        /* it takes a second of everybody's time */
    STRIKE_STARVE,      /* the allocation gives NULL; from here on the place is an allocation */
    STRIKE_FAMINE,      /* and every later one as well */
    STRIKE_STARVE_OURS, /* the same, the place counted among our own allocations (preload_memory.c)
                         */
    STRIKE_FAMINE_OURS,
};

/* What becomes of writes that no fsync has covered, when the bot is killed. */
enum loss { LOSS_NONE, LOSS_ALL, LOSS_SOME };

struct order {
    enum strike strike;
    long at; /* the number of the call or of the allocation, from 1 */
    enum loss loss;
    uint64_t seed; /* of LOSS_SOME and FAIL */
};

struct sleeper {
    _Atomic int asleep;
    _Atomic unsigned naps; /* rises with every sleep begun or ended */
    _Atomic int64_t until; /* ns on the moved monotonic clock; INT64_MAX: for ever */
    _Atomic int64_t sent;  /* bytes and connections through sockets, out and in */
    _Atomic int64_t received;
    _Atomic int busy;   /* helper threads that look up names */
    _Atomic int handed; /* the loop has given a thread something to do, and had no answer */
};

struct page {
    _Atomic int64_t ahead_ns;
    struct sleeper sleepers[ROLES];
    struct order order;
    _Atomic long calls;
    _Atomic long allocations;
    _Atomic long our_allocations;   /* of the bot and of what it must see through */
    _Atomic long start_allocations; /* ours before the bot slept for the first time */
    _Atomic int struck;             /* the order was carried out */
    char name[24]; /* of the call that was struck, or the library that asked for memory */
    char file[24]; /* and the file's name or the kind of socket */
    int error;     /* what a failed call said */
};

/* Between the runner and a process that waits in front of main() to be copied. */
enum { WISH_ROOM = 4096 };
struct wish {
    char environment[WISH_ROOM]; /* NAME=VALUE, each ended by NUL, the last by an empty one */
};
struct news {
    int born;   /* pid, 0: this is an end */
    int status; /* as waitpid has it */
};

#endif
