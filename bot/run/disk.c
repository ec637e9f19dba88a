#include "run/disk.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "log.h"
#include "mem.h"
#include "text.h"

enum { FIRST_CHECK_MS = 5000, EVERY_MS = 600000 };

char *disk_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return mem_copy(".");
    return slash == path ? mem_copy("/") : mem_slice(path, (size_t)(slash - path));
}

int64_t disk_free(const char *folder)
{
    struct statvfs disk;
    if (statvfs(folder, &disk) != 0)
        return -1;
    return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

bool disk_is_newly_low(bool *reported, int64_t free_bytes)
{
    bool low = free_bytes >= 0 && free_bytes < DISK_LOW;
    bool newly = low && !*reported;
    if (low || free_bytes >= 2 * DISK_LOW)
        *reported = low;
    return newly;
}

static void on_check(uv_timer_t *timer)
{
    struct disk_watch *watch = timer->data;
    int64_t free_bytes = disk_free(watch->folder);
    if (!disk_is_newly_low(&watch->reported, free_bytes))
        return;
    char *words = text_format("The disk with the state file is nearly full: %lld MB are free in "
                              "%s. Make room; I stop when I can no longer write.",
                              (long long)(free_bytes / 1000000), watch->folder);
    log_error("disk nearly full", F_INT("free_bytes", free_bytes), F_TEXT("folder", watch->folder));
    watch->alarm(watch->ctx, words);
    free(words);
}

void disk_watch_start(struct disk_watch *watch, uv_loop_t *loop, const char *path,
                      void (*alarm)(void *ctx, const char *text), void *ctx)
{
    *watch = (struct disk_watch){.folder = disk_folder(path), .alarm = alarm, .ctx = ctx};
    uv_timer_init(loop, &watch->timer);
    watch->timer.data = watch;
    uv_timer_start(&watch->timer, on_check, FIRST_CHECK_MS, EVERY_MS);
}

void disk_watch_clear(struct disk_watch *watch)
{
    free(watch->folder);
    watch->folder = NULL;
}
