/* What a bot asks of the kernel, counted by calls.c in a page that its test sees. */
#ifndef SCENARIO_CALLS_H
#define SCENARIO_CALLS_H

#include <stdatomic.h>

enum call {
    EPOLL_WAIT,
    EPOLL_CTL,
    RECV,
    SEND,
    READ,
    WRITE,
    POLL,
    FCNTL,
    PREAD,
    PWRITE,
    SYNC,
    CALLS
};

struct calls {
    atomic_long count[CALLS];
};

#endif
