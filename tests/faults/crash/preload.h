/* The library that is loaded in front of the C library into the bot and the sandbox of a world:
 * it moves the clock, tells when the process sleeps, and in the bot counts and strikes calls. */
#ifndef CRASH_PRELOAD_H
#define CRASH_PRELOAD_H

#include <stddef.h>
#include <sys/types.h>

#include "page.h"

extern struct page *page; /* NULL until a copy was started: then nothing is touched */
extern enum role role;
extern int wake_fd; /* the runner writes to it after it moved the clock */
extern int nap_fd;  /* written to before every sleep */

/* Descriptors: which are sockets, which are files whose writes can be lost. */
enum fd_kind { FD_OTHER, FD_SOCKET, FD_DATABASE, FD_JOURNAL };
enum fd_kind fd_kind(int fd);

/* Writes that no fsync has covered yet: these do it, and remember it. */
ssize_t unsynced_write(int fd, off_t at, const void *bytes, size_t size);
int unsynced_cut(int fd, off_t size);
/* A read that waits while another thread is losing them: a disk without power is not read. */
ssize_t unsynced_read(int fd, void *bytes, size_t size, off_t at);
void unsynced_clear(int fd);
void unsynced_lose(enum loss loss, uint64_t seed);

/* Before the first copy: learn which code is ours. */
void memory_born(void);

/* Plain memory, from the kernel: the allocator may be the one that is struck. */
void *plain_memory(size_t size);

#endif
