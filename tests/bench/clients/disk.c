/* Loaded in front of the C library: counts what a client asks of the disk, how long each of these
 * calls takes, and makes them slower. What BENCH_DISK names is shared with the bench (disk.h). */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../disk.h"

static struct disk *disk;

__attribute__((constructor)) static void share(void)
{
    const char *path = getenv("BENCH_DISK");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *page =
        fd >= 0 ? mmap(NULL, sizeof(*disk), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    disk = page != MAP_FAILED ? page : NULL;
    if (fd >= 0)
        close(fd);
}

static long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int measured(const char *name, int fd)
{
    int (*real)(int);
    *(void **)&real = dlsym(RTLD_NEXT, name);
    if (disk == NULL)
        return real(fd);
    long began = now_us();
    int result = real(fd);
    long delay_us = disk->delay_us;
    if (delay_us > 0)
        nanosleep(&(struct timespec){delay_us / 1000000, delay_us % 1000000 * 1000}, NULL);
    long at = disk->calls++;
    if (at < DISK_CALLS)
        disk->us[at] = now_us() - began;
    return result;
}

int fdatasync(int fd)
{
    return measured("fdatasync", fd);
}

int fsync(int fd)
{
    return measured("fsync", fd);
}
