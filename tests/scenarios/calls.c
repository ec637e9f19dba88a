/* Loaded in front of the C library: counts what the bot asks of the kernel, in the page that
 * WORLD_CALLS names (calls.h). */
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "calls.h"

static struct calls *calls;

__attribute__((constructor)) static void share(void)
{
    const char *path = getenv("WORLD_CALLS");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *page = fd >= 0 ? mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                         : MAP_FAILED;
    calls = page != MAP_FAILED ? page : NULL;
    if (fd >= 0)
        close(fd);
}

/* The next library's. */
static void *counted(enum call call, const char *name)
{
    if (calls != NULL)
        calls->count[call]++;
    return dlsym(RTLD_NEXT, name);
}

#define COUNTED(call, result, name, parameters, ...)                                               \
    result name parameters                                                                         \
    {                                                                                              \
        result(*real) parameters;                                                                  \
        *(void **)&real = counted(call, #name);                                                    \
        return real(__VA_ARGS__);                                                                  \
    }

COUNTED(EPOLL_WAIT, int, epoll_wait, (int fd, struct epoll_event *events, int max, int ms), fd,
        events, max, ms)
COUNTED(EPOLL_WAIT, int, epoll_pwait,
        (int fd, struct epoll_event *events, int max, int ms, const sigset_t *mask), fd, events,
        max, ms, mask)
COUNTED(EPOLL_CTL, int, epoll_ctl, (int fd, int what, int on, struct epoll_event *event), fd, what,
        on, event)
COUNTED(RECV, ssize_t, recv, (int fd, void *bytes, size_t size, int flags), fd, bytes, size, flags)
COUNTED(SEND, ssize_t, send, (int fd, const void *bytes, size_t size, int flags), fd, bytes, size,
        flags)
COUNTED(READ, ssize_t, read, (int fd, void *bytes, size_t size), fd, bytes, size)
COUNTED(WRITE, ssize_t, write, (int fd, const void *bytes, size_t size), fd, bytes, size)
COUNTED(POLL, int, poll, (struct pollfd * fds, nfds_t count, int ms), fds, count, ms)
COUNTED(PREAD, ssize_t, pread64, (int fd, void *bytes, size_t size, off_t at), fd, bytes, size, at)
COUNTED(PWRITE, ssize_t, pwrite64, (int fd, const void *bytes, size_t size, off_t at), fd, bytes,
        size, at)
COUNTED(SYNC, int, fdatasync, (int fd), fd)
COUNTED(SYNC, int, fsync, (int fd), fd)

/* SQLite's locks are fcntl's; some builds call it by its other name. All that is passed fits into
 * a long. */
#define COUNTED_FCNTL(name)                                                                        \
    int name(int fd, int what, ...)                                                                \
    {                                                                                              \
        int (*real)(int, int, ...);                                                                \
        va_list rest;                                                                              \
        va_start(rest, what);                                                                      \
        long with = va_arg(rest, long);                                                            \
        va_end(rest);                                                                              \
        *(void **)&real = counted(FCNTL, #name);                                                   \
        return real(fd, what, with);                                                               \
    }

COUNTED_FCNTL(fcntl)
COUNTED_FCNTL(fcntl64)
