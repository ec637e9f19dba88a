/* The disk that the state file is on: a full one stops the bot, so it is watched. */
#ifndef CPPO_RUN_DISK_H
#define CPPO_RUN_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* Below this many bytes somebody has to act: weeks of a busy team still fit, beside the write-ahead
 * log at its longest. */
#define DISK_LOW (INT64_C(300) * 1000 * 1000)

/* The folder of ${path}, on the heap. */
char *disk_folder(const char *path);

/* Bytes that are free to us where ${folder} is (statvfs(3), f_bavail); -1: nobody knows. */
int64_t disk_free(const char *folder);

/* Is so much little, and is that new? Once when it is, and again when it has been twice as much in
 * between. ${reported}: that it was little. */
bool disk_is_newly_low(bool *reported, int64_t free_bytes);

/* Looks every ten minutes, and tells ${alarm} in words. The timer is the caller's to close; the
 * folder is freed by disk_watch_clear. */
struct disk_watch {
    uv_timer_t timer;
    char *folder;
    bool reported;
    void (*alarm)(void *ctx, const char *text);
    void *ctx;
};
void disk_watch_start(struct disk_watch *watch, uv_loop_t *loop, const char *path,
                      void (*alarm)(void *ctx, const char *text), void *ctx);
void disk_watch_clear(struct disk_watch *watch);

#endif
