/* A file that is only in memory, under a name that others can open. */
#ifndef CPPO_TESTS_FUZZ_MEMORY_FILE_H
#define CPPO_TESTS_FUZZ_MEMORY_FILE_H

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

struct memory_file {
    int fd;
    char path[40];
};

static inline void memory_file_write(struct memory_file *file, const void *bytes, size_t size)
{
    if (file->path[0] == '\0') {
        file->fd = memfd_create("fuzz", MFD_CLOEXEC);
        must(file->fd >= 0, "there is a file in memory");
        snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
    }
    must(ftruncate(file->fd, 0) == 0 && pwrite(file->fd, bytes, size, 0) == (ssize_t)size,
         "a file in memory is written");
}

#endif
