#include "io/store_copier.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "log.h"
#include "mem.h"
#include "store_parts.h"

struct store_copier {
    uv_work_t work;
    uv_loop_t *loop;
    struct store *store;
    char *path;
    int code; /* SQLite's, of the last copy */
};

/* In the other thread. What is written meanwhile, or read by another program, stays for the next
 * time. */
static void copy(uv_work_t *work)
{
    struct store_copier *copier = work->data;
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    copier->code = sqlite3_open_v2(copier->path, &db, flags, NULL);
    if (copier->code == SQLITE_OK)
        copier->code = sqlite3_exec(db,
                                    "PRAGMA synchronous = FULL; PRAGMA mmap_size = 0;"
                                    "PRAGMA wal_checkpoint(PASSIVE)",
                                    NULL, NULL, NULL);
    sqlite3_close(db);
}

static void on_copied(uv_work_t *work, int status)
{
    struct store_copier *copier = work->data;
    if (status == 0 && copier->code != SQLITE_OK)
        log_warn("log not copied", F_TEXT("why", sqlite3_errstr(copier->code)));
    store_copied(copier->store);
}

static bool begin(void *ctx)
{
    struct store_copier *copier = ctx;
    return uv_queue_work(copier->loop, &copier->work, copy, on_copied) == 0;
}

struct store_copier *store_copier_new(uv_loop_t *loop, struct store *store)
{
    struct store_copier *copier = mem_new(1, sizeof(*copier));
    *copier = (struct store_copier){.loop = loop, .store = store, .path = mem_copy(store->path)};
    copier->work.data = copier;
    store_copy_by(store, begin, copier);
    return copier;
}

void store_copier_free(struct store_copier *copier)
{
    if (copier == NULL)
        return;
    store_copy_by(copier->store, NULL, NULL);
    free(copier->path);
    free(copier);
}
