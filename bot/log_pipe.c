#include "log_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WAIT_MS = 200, MAX_AT_ONCE = 4096 /* PIPE_BUF: what a pipe that is ready takes whole */ };

enum way {
    WAY_NONE,   /* not looked at yet */
    WAY_PLAIN,  /* a file: it does not wait */
    WAY_SOCKET, /* such as the journal's */
    WAY_OWN,    /* a description of our own on the same pipe or terminal, not blocking */
    WAY_ASKING, /* as it is, asked before each write whether it takes more */
};

static struct {
    enum way way;
    int fd; /* to write to */
    dev_t device;
    ino_t inode; /* what stderr was when we looked */
    char *kept;
    size_t from, size; /* of what is kept and not written */
    unsigned long lost;
} out;

/* A pipe or terminal can be opened once more, with flags of its own. */
static void open_own(void)
{
    out.fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    out.way = out.fd >= 0 ? WAY_OWN : WAY_ASKING;
    if (out.fd < 0)
        out.fd = STDERR_FILENO;
}

/* Standard error may become something else while we run. */
static void find_way(void)
{
    struct stat about;
    if (fstat(STDERR_FILENO, &about) != 0)
        memset(&about, 0, sizeof(about));
    if (out.way != WAY_NONE && about.st_dev == out.device && about.st_ino == out.inode)
        return;
    if (out.way == WAY_OWN)
        close(out.fd);
    out.device = about.st_dev;
    out.inode = about.st_ino;
    out.fd = STDERR_FILENO;
    out.way = S_ISSOCK(about.st_mode) ? WAY_SOCKET : WAY_PLAIN;
    if (S_ISFIFO(about.st_mode) || S_ISCHR(about.st_mode))
        open_own();
}

static ssize_t write_some(const char *bytes, size_t size)
{
    struct pollfd asked = {.fd = out.fd, .events = POLLOUT};
    switch (out.way) {
    case WAY_SOCKET:
        return send(out.fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    case WAY_ASKING:
        if (poll(&asked, 1, 0) <= 0) {
            errno = EAGAIN;
            return -1;
        }
        return write(out.fd, bytes, size < MAX_AT_ONCE ? size : MAX_AT_ONCE);
    case WAY_NONE:
    case WAY_PLAIN:
    case WAY_OWN:
        break;
    }
    return write(out.fd, bytes, size);
}

/* How many of these bytes are done with: written, or never to be. */
static size_t write_most(const char *bytes, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t put = write_some(bytes + done, size - done);
        if (put > 0)
            done += (size_t)put;
        else if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        else if (put == 0 || errno != EINTR)
            return size; /* nobody is there, the disk is full: told to nobody */
    }
    return done;
}

bool log_pipe_flush(void)
{
    if (out.kept == NULL)
        return true;
    find_way();
    size_t done = write_most(out.kept + out.from, out.size);
    out.from += done;
    out.size -= done;
    if (out.size > 0)
        return false;
    free(out.kept);
    out.kept = NULL;
    out.from = 0;
    return true;
}

/* False when there is no room. Room is taken by the whole, once, and given back when all went. */
static bool keep(const char *bytes, size_t size)
{
    if (out.kept == NULL)
        out.kept = malloc(LOG_PIPE_KEPT); /* not mem_new: its end is told by a line of the log */
    if (out.kept == NULL || size > LOG_PIPE_KEPT - out.size)
        return false;
    if (size > LOG_PIPE_KEPT - out.from - out.size) {
        memmove(out.kept, out.kept + out.from, out.size);
        out.from = 0;
    }
    memcpy(out.kept + out.from + out.size, bytes, size);
    out.size += size;
    return true;
}

bool log_pipe_put(const char *line, size_t size)
{
    find_way();
    size_t done = log_pipe_flush() ? write_most(line, size) : 0;
    if (done == size || keep(line + done, size - done))
        return true;
    out.lost++;
    return false;
}

void log_pipe_wait(void)
{
    struct pollfd asked = {.events = POLLOUT};
    if (log_pipe_flush())
        return;
    asked.fd = out.fd;
    (void)poll(&asked, 1, WAIT_MS);
    (void)log_pipe_flush();
}

unsigned long log_pipe_lost(void)
{
    return out.lost;
}

void log_pipe_lost_reported(unsigned long lines)
{
    out.lost -= lines;
}
