/* What a power cut takes: of the state file and its journal every write since the last fsync is
 * kept here with what stood there before, so that all of it, or any part, can be taken back.
 * Directory entries are not taken back. */
#include "preload.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SECTOR = 512, ROOM = 16 * 1024 * 1024, MAX_WRITES = 8192 };

struct unsynced {
    int fd; /* the descriptor now; files stay open as long as the bot lives */
    enum fd_kind kind;
    off_t at;
    off_t size;    /* bytes; of a cut: what was cut off */
    off_t old_end; /* of the file, before */
    bool is_cut;
    char *old, *new; /* in the room */
};

/* The loop writes while a thread waits for the disk. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct unsynced writes[MAX_WRITES];
static size_t count;
static char *capacity;
static size_t used;

static char *take(size_t size)
{
    if (capacity == NULL)
        capacity = plain_memory(ROOM);
    if (capacity == NULL || used + size > ROOM)
        _exit(98);
    used += size;
    return capacity + used - size;
}

static off_t file_end(int fd)
{
    struct stat seen;
    return fstat(fd, &seen) == 0 ? seen.st_size : 0;
}

static struct unsynced *next(int fd, off_t at, off_t size)
{
    if (count == MAX_WRITES)
        _exit(98);
    struct unsynced *one = &writes[count++];
    *one = (struct unsynced){
        .fd = fd, .kind = fd_kind(fd), .at = at, .size = size, .old_end = file_end(fd)};
    one->old = take((size_t)size);
    memset(one->old, 0, (size_t)size);
    syscall(SYS_pread64, fd, one->old, size, at);
    return one;
}

static bool can_be_lost(int fd)
{
    return fd_kind(fd) == FD_DATABASE || fd_kind(fd) == FD_JOURNAL;
}

ssize_t unsynced_write(int fd, off_t at, const void *bytes, size_t size)
{
    pthread_mutex_lock(&mutex);
    if (can_be_lost(fd)) {
        struct unsynced *one = next(fd, at, (off_t)size);
        one->new = take(size);
        memcpy(one->new, bytes, size);
    }
    ssize_t result = syscall(SYS_pwrite64, fd, bytes, size, at);
    pthread_mutex_unlock(&mutex);
    return result;
}

ssize_t unsynced_read(int fd, void *bytes, size_t size, off_t at)
{
    pthread_mutex_lock(&mutex);
    ssize_t result = syscall(SYS_pread64, fd, bytes, size, at);
    pthread_mutex_unlock(&mutex);
    return result;
}

int unsynced_cut(int fd, off_t size)
{
    pthread_mutex_lock(&mutex);
    off_t end = file_end(fd);
    if (can_be_lost(fd)) {
        struct unsynced *one = next(fd, size, end > size ? end - size : 0);
        one->is_cut = true;
    }
    int result = (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_unlock(&mutex);
    return result;
}

void unsynced_clear(int fd)
{
    size_t kept = 0;
    pthread_mutex_lock(&mutex);
    for (size_t i = 0; i < count; i++) {
        if (writes[i].kind != fd_kind(fd))
            writes[kept++] = writes[i];
    }
    count = kept;
    if (kept == 0)
        used = 0;
    pthread_mutex_unlock(&mutex);
}

/* --- the loss --- */

static uint64_t lot(uint64_t *seed)
{
    uint64_t x = *seed += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static void take_back(const struct unsynced *one)
{
    off_t stood = one->old_end > one->at ? one->old_end - one->at : 0;
    if (stood > one->size)
        stood = one->size;
    if (stood > 0)
        syscall(SYS_pwrite64, one->fd, one->old, stood, one->at);
    if (file_end(one->fd) > one->old_end)
        syscall(SYS_ftruncate, one->fd, one->old_end);
}

/* The disk wrote some sectors and not others. */
static void write_some(const struct unsynced *one, uint64_t *seed)
{
    if (one->is_cut) {
        if (lot(seed) & 1)
            syscall(SYS_ftruncate, one->fd, one->at);
        return;
    }
    for (off_t from = 0; from < one->size;) {
        off_t to = (one->at + from) / SECTOR * SECTOR + SECTOR - one->at;
        if (to > one->size)
            to = one->size;
        if (lot(seed) & 1)
            syscall(SYS_pwrite64, one->fd, one->new + from, to - from, one->at + from);
        from = to;
    }
}

void unsynced_lose(enum loss loss, uint64_t seed)
{
    if (loss == LOSS_NONE)
        return;
    pthread_mutex_lock(&mutex); /* for good: no other thread sees what is left */
    for (size_t i = count; i-- > 0;)
        take_back(&writes[i]);
    for (size_t i = 0; loss == LOSS_SOME && i < count; i++)
        write_some(&writes[i], &seed);
}
