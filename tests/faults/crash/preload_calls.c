/* Every call that reaches disk or network: counted in the bot, and the chosen one struck. */
#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_FDS = 1024 };
static enum fd_kind kinds[MAX_FDS];
static _Thread_local bool kill_after; /* this call is the last */

/* --- descriptors --- */

enum fd_kind fd_kind(int fd)
{
    return fd >= 0 && fd < MAX_FDS ? kinds[fd] : FD_OTHER;
}

static bool ends(const char *text, const char *with)
{
    size_t size = strlen(text), end = strlen(with);
    return size >= end && strcmp(text + size - end, with) == 0;
}

static void fd_opened(int fd, const char *path)
{
    if (fd < 0 || fd >= MAX_FDS)
        return;
    kinds[fd] = ends(path, ".db") ? FD_DATABASE : ends(path, ".db-wal") ? FD_JOURNAL : FD_OTHER;
}

static void fd_socket(int fd)
{
    if (fd >= 0 && fd < MAX_FDS)
        kinds[fd] = FD_SOCKET;
}

static void fd_closed(int fd)
{
    if (fd >= 0 && fd < MAX_FDS)
        kinds[fd] = FD_OTHER;
}

static bool is_socket(int fd)
{
    return fd_kind(fd) == FD_SOCKET;
}

/* --- striking --- */

/* Lose what is to be lost, then go. */
static void die(void)
{
    unsynced_lose(page->order.loss, page->order.seed);
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    for (;;)
        syscall(SYS_pause);
}

static void note(const char *name, int fd, const char *path)
{
    static const char *const words[] = {"", "socket", "database", "journal"};
    const char *about = path != NULL ? strrchr(path, '/') : NULL;
    snprintf(page->name, sizeof(page->name), "%s", name);
    snprintf(page->file, sizeof(page->file), "%s",
             about != NULL  ? about + 1
             : path != NULL ? path
                            : words[fd_kind(fd)]);
}

/* What such a call can say when it fails. */
static int likely_error(const char *name, uint64_t lot)
{
    static const struct {
        const char *names;
        int errors[4];
    } likely[] = {
        {"pwrite fdatasync fsync ftruncate unlink ", {EIO, ENOSPC, EINTR, EIO}},
        {"pread ", {EIO, EINTR, EIO, EINTR}},
        {"open socket ", {EMFILE, ENFILE, ENOMEM, EMFILE}},
        {"connect ", {ECONNREFUSED, ENETUNREACH, ETIMEDOUT, EADDRNOTAVAIL}},
        {"recv recvfrom recvmsg read ", {ECONNRESET, EINTR, EAGAIN, ETIMEDOUT}},
        {"send sendto sendmsg write writev ", {ECONNRESET, EPIPE, EINTR, EAGAIN}},
    };
    char word[32];
    snprintf(word, sizeof(word), "%s ", name);
    for (size_t i = 0; i < sizeof(likely) / sizeof(likely[0]); i++) {
        if (strstr(likely[i].names, word) != NULL)
            return likely[i].errors[lot % 4];
    }
    return ENOMEM;
}

/* Is this call struck? Counts it. DEED_NONE, DEED_FAIL (errno is set) or DEED_SHORT; does not
 * return where it kills before. ${fd}, ${path}: what it is about; either may be none. */
static enum strike call_begins(const char *name, int fd, const char *path)
{
    if (page == NULL || role != ROLE_BOT)
        return STRIKE_NONE;
    long nth = ++page->calls; /* of the loop, and of the thread that waits for the disk */
    const struct order *order = &page->order;
    if (nth != order->at || order->strike == STRIKE_NONE || order->strike >= STRIKE_STARVE)
        return STRIKE_NONE;
    page->struck = 1;
    note(name, fd, path);
    switch (order->strike) {
    case STRIKE_KILL_BEFORE:
        die();
        break;
    case STRIKE_KILL_AFTER:
        kill_after = true;
        break;
    case STRIKE_FAIL:
        page->error = errno = likely_error(name, order->seed);
        return STRIKE_FAIL;
    case STRIKE_SHORT:
        return STRIKE_SHORT;
    case STRIKE_SLOW:
        page->ahead_ns += INT64_C(1000000000);
        break;
    case STRIKE_NONE:
    case STRIKE_STARVE:
    case STRIKE_FAMINE:
    case STRIKE_STARVE_OURS:
    case STRIKE_FAMINE_OURS:
        break;
    }
    return STRIKE_NONE;
}

/* Kills after, when that is due; errno stays. */
static void call_done(void)
{
    if (kill_after)
        die();
}

static size_t half(enum strike strike, size_t size)
{
    return strike == STRIKE_SHORT && size > 1 ? size / 2 : size;
}

static ssize_t passed(int fd, ssize_t result, bool out)
{
    if (page != NULL && is_socket(fd) && result > 0)
        *(out ? &page->sleepers[role].sent : &page->sleepers[role].received) += result;
    call_done();
    return result;
}

/* --- files --- */

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at)
{
    enum strike strike = call_begins("pwrite", fd, NULL);
    if (strike == STRIKE_FAIL)
        return -1;
    size = half(strike, size);
    bool ours = page != NULL && role == ROLE_BOT;
    ssize_t result =
        ours ? unsynced_write(fd, at, bytes, size) : syscall(SYS_pwrite64, fd, bytes, size, at);
    call_done();
    return result;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    return pwrite64(fd, bytes, size, at);
}

ssize_t pread64(int fd, void *bytes, size_t size, off_t at)
{
    enum strike strike = call_begins("pread", fd, NULL);
    if (strike == STRIKE_FAIL)
        return -1;
    bool ours = page != NULL && role == ROLE_BOT;
    size = half(strike, size);
    ssize_t result =
        ours ? unsynced_read(fd, bytes, size, at) : syscall(SYS_pread64, fd, bytes, size, at);
    call_done();
    return result;
}

ssize_t pread(int fd, void *bytes, size_t size, off_t at)
{
    return pread64(fd, bytes, size, at);
}

/* Power is lost only when we say so: the page cache is enough of a disk. */
static int sync_file(const char *name, int fd)
{
    if (call_begins(name, fd, NULL) == STRIKE_FAIL)
        return -1;
    if (page != NULL && role == ROLE_BOT)
        unsynced_clear(fd);
    call_done();
    return 0;
}

int fdatasync(int fd)
{
    return sync_file("fdatasync", fd);
}

int fsync(int fd)
{
    return sync_file("fsync", fd);
}

int ftruncate64(int fd, off_t size)
{
    if (call_begins("ftruncate", fd, NULL) == STRIKE_FAIL)
        return -1;
    bool ours = page != NULL && role == ROLE_BOT;
    int result = ours ? unsynced_cut(fd, size) : (int)syscall(SYS_ftruncate, fd, size);
    call_done();
    return result;
}

int ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}

int unlink(const char *path)
{
    if (call_begins("unlink", -1, path) == STRIKE_FAIL)
        return -1;
    int result = (int)syscall(SYS_unlink, path);
    call_done();
    return result;
}

static int open_file(const char *path, int flags, mode_t mode)
{
    if (call_begins("open", -1, path) == STRIKE_FAIL)
        return -1;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    fd_opened(fd, path);
    call_done();
    return fd;
}

#define MODE_OF(flags, mode)                                                                       \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                         \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    MODE_OF(flags, mode)
    return open_file(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_OF(flags, mode)
    return open_file(path, flags, mode);
}

int close(int fd)
{
    fd_closed(fd);
    return (int)syscall(SYS_close, fd);
}

/* --- both --- */

ssize_t write(int fd, const void *bytes, size_t size)
{
    enum strike strike = is_socket(fd) ? call_begins("write", fd, NULL) : STRIKE_NONE;
    if (strike == STRIKE_FAIL)
        return -1;
    return passed(fd, syscall(SYS_write, fd, bytes, half(strike, size)), true);
}

ssize_t read(int fd, void *bytes, size_t size)
{
    enum strike strike = is_socket(fd) ? call_begins("read", fd, NULL) : STRIKE_NONE;
    if (strike == STRIKE_FAIL)
        return -1;
    return passed(fd, syscall(SYS_read, fd, bytes, half(strike, size)), false);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (is_socket(fd) && call_begins("writev", fd, NULL) == STRIKE_FAIL)
        return -1;
    return passed(fd, syscall(SYS_writev, fd, parts, count), true);
}

/* --- sockets --- */

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    enum strike strike = call_begins("send", fd, NULL);
    if (strike == STRIKE_FAIL)
        return -1;
    return passed(fd, syscall(SYS_sendto, fd, bytes, half(strike, size), flags, NULL, 0), true);
}

ssize_t sendto(int fd, const void *bytes, size_t size, int flags, __CONST_SOCKADDR_ARG to,
               socklen_t to_size)
{
    enum strike strike = call_begins("sendto", fd, NULL);
    if (strike == STRIKE_FAIL)
        return -1;
    return passed(
        fd, syscall(SYS_sendto, fd, bytes, half(strike, size), flags, to.__sockaddr__, to_size),
        true);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    if (call_begins("sendmsg", fd, NULL) == STRIKE_FAIL)
        return -1;
    return passed(fd, syscall(SYS_sendmsg, fd, message, flags), true);
}

ssize_t recv(int fd, void *bytes, size_t size, int flags)
{
    enum strike strike = call_begins("recv", fd, NULL);
    if (strike == STRIKE_FAIL)
        return -1;
    ssize_t result = syscall(SYS_recvfrom, fd, bytes, half(strike, size), flags, NULL, NULL);
    return passed(fd, flags & MSG_PEEK ? 0 : result, false) < 0 ? -1 : result;
}

ssize_t recvfrom(int fd, void *restrict bytes, size_t size, int flags, __SOCKADDR_ARG from,
                 socklen_t *restrict from_size)
{
    enum strike strike = call_begins("recvfrom", fd, NULL);
    if (strike == STRIKE_FAIL)
        return -1;
    ssize_t result =
        syscall(SYS_recvfrom, fd, bytes, half(strike, size), flags, from.__sockaddr__, from_size);
    return passed(fd, flags & MSG_PEEK ? 0 : result, false) < 0 ? -1 : result;
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    if (call_begins("recvmsg", fd, NULL) == STRIKE_FAIL)
        return -1;
    return passed(fd, syscall(SYS_recvmsg, fd, message, flags), false);
}

int socket(int domain, int type, int protocol)
{
    if (call_begins("socket", -1, NULL) == STRIKE_FAIL)
        return -1;
    int fd = (int)syscall(SYS_socket, domain, type, protocol);
    fd_socket(fd);
    call_done();
    return fd;
}

int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t size)
{
    if (call_begins("connect", fd, NULL) == STRIKE_FAIL)
        return -1;
    int result = (int)syscall(SYS_connect, fd, to.__sockaddr__, size);
    int failed = errno;
    if (page != NULL && to.__sockaddr__->sa_family == AF_INET &&
        (result == 0 || failed == EINPROGRESS))
        page->sleepers[role].sent++;
    errno = failed;
    call_done();
    return result;
}

int accept4(int fd, __SOCKADDR_ARG from, socklen_t *restrict size, int flags)
{
    int fresh = (int)syscall(SYS_accept4, fd, from.__sockaddr__, size, flags);
    fd_socket(fresh);
    if (page != NULL && fresh >= 0)
        page->sleepers[role].received++;
    return fresh;
}

int accept(int fd, __SOCKADDR_ARG from, socklen_t *restrict size)
{
    return accept4(fd, from, size, 0);
}

int epoll_ctl(int set, int what, int fd, struct epoll_event *event)
{
    if (what == EPOLL_CTL_ADD && call_begins("epoll_ctl", fd, NULL) == STRIKE_FAIL)
        return -1;
    return (int)syscall(SYS_epoll_ctl, set, what, fd, event);
}
