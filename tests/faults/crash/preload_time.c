/* Time: the machine's clocks, moved on by what the runner says; and the sleep, which tells the
 * runner until when. */
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>
#include <sys/syscall.h>

enum { NS_PER_MS = 1000000, MAX_LOOK_MS = 1000 };
static const int64_t NS_PER_S = 1000000000;

static int64_t moved(clockid_t clock)
{
    struct timespec now;
    syscall(SYS_clock_gettime, clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec + (page != NULL ? page->ahead_ns : 0);
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    bool moves = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME ||
                 clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_REALTIME_COARSE ||
                 clock == CLOCK_MONOTONIC_RAW;
    if (!moves)
        return (int)syscall(SYS_clock_gettime, clock, time);
    int64_t now = moved(clock);
    *time = (struct timespec){.tv_sec = now / NS_PER_S, .tv_nsec = now % NS_PER_S};
    return 0;
}

time_t time(time_t *where)
{
    time_t now = moved(CLOCK_REALTIME) / NS_PER_S;
    if (where != NULL)
        *where = now;
    return now;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    int64_t now = moved(CLOCK_REALTIME);
    (void)zone;
    *time = (struct timeval){.tv_sec = now / NS_PER_S, .tv_usec = now % NS_PER_S / 1000};
    return 0;
}

/* --- sleeping --- */

static void tell_sleep(int64_t until)
{
    struct sleeper *me = &page->sleepers[role];
    static const uint64_t one = 1;
    if (role == ROLE_BOT && page->start_allocations == 0)
        page->start_allocations = page->our_allocations;
    me->until = until;
    me->naps++;
    me->asleep = 1;
    syscall(SYS_write, nap_fd, &one, sizeof(one));
}

static void tell_awake(void)
{
    struct sleeper *me = &page->sleepers[role];
    me->asleep = 0;
    me->naps++;
}

/* Until the set is ready, or the moved clock says so. */
static void sleep_until(int set, int64_t until)
{
    for (;;) {
        struct pollfd waits[2] = {{.fd = set, .events = POLLIN}, {.fd = wake_fd, .events = POLLIN}};
        int64_t left =
            until == INT64_MAX ? MAX_LOOK_MS : (until - moved(CLOCK_MONOTONIC)) / NS_PER_MS + 1;
        uint64_t woken;
        if (until != INT64_MAX && until <= moved(CLOCK_MONOTONIC))
            return;
        if (left > MAX_LOOK_MS)
            left = MAX_LOOK_MS;
        struct timespec wait = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * NS_PER_MS};
        long ready = syscall(SYS_ppoll, waits, 2L, &wait, NULL, 8L);
        if (ready > 0 && waits[1].revents != 0)
            syscall(SYS_read, wake_fd, &woken, sizeof(woken));
        if ((ready < 0 && errno == EINTR) || waits[0].revents != 0)
            return;
    }
}

int epoll_pwait(int set, struct epoll_event *events, int capacity, int timeout,
                const sigset_t *mask)
{
    long count =
        syscall(SYS_epoll_pwait, set, events, capacity, page == NULL ? timeout : 0, mask, 8L);
    if (page == NULL || count != 0 || timeout == 0)
        return (int)count;
    int64_t until = timeout < 0 ? INT64_MAX : moved(CLOCK_MONOTONIC) + (int64_t)timeout * NS_PER_MS;
    tell_sleep(until);
    sleep_until(set, until);
    tell_awake();
    return (int)syscall(SYS_epoll_pwait, set, events, capacity, 0, mask, 8L);
}

int epoll_wait(int set, struct epoll_event *events, int capacity, int timeout)
{
    return epoll_pwait(set, events, capacity, timeout, NULL);
}

/* Libuv's way to a thread and back: what is handed over is done before anybody is asleep. */
static bool is_loop(void)
{
    return syscall(SYS_gettid) == syscall(SYS_getpid);
}

void uv_cond_signal(uv_cond_t *changed)
{
    void (*signal)(uv_cond_t *);
    *(void **)&signal = dlsym(RTLD_NEXT, "uv_cond_signal");
    if (page != NULL && is_loop())
        page->sleepers[role].handed = 1;
    signal(changed);
}

int uv_async_send(uv_async_t *answered)
{
    int (*send)(uv_async_t *);
    *(void **)&send = dlsym(RTLD_NEXT, "uv_async_send");
    int result = send(answered);
    if (page != NULL && !is_loop())
        page->sleepers[role].handed = 0;
    return result;
}

/* Helper threads look names up; meanwhile nobody is quite asleep. */
int getaddrinfo(const char *restrict host, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
    int (*look)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&look = dlsym(RTLD_NEXT, "getaddrinfo");
    if (page != NULL)
        page->sleepers[role].busy++;
    int result = look(host, service, hints, list);
    if (page != NULL)
        page->sleepers[role].busy--;
    return result;
}
