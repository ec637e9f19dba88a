#include "sim_disk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { FILES = 8, REGIONS = 16, NAME = 128 };

/* A write, or a cut, until a sync makes it final. */
struct change {
    size_t at, end;   /* what was written; a cut: the new end */
    size_t file_size; /* before */
    size_t old_size;
    unsigned char *old, *kept; /* what it replaced; what it wrote, where that survives */
    bool cut;
};

struct disk_file {
    char name[NAME]; /* "": free */
    unsigned char *bytes;
    size_t size, capacity;
    struct change *changes;
    size_t change_count, change_capacity;
};

struct handle {
    sqlite3_file base;
    struct disk_file *file;
    void *regions[REGIONS]; /* the WAL index: lives as long as its process */
};

static struct disk_file files[FILES];
static struct disk_file kept[FILES]; /* the backup */
static bool has_kept;
static uint64_t (*roll)(void *ctx, uint64_t sides);
static void *roll_ctx;
static bool frozen;
static bool at_work;

static void set_size(struct disk_file *file, size_t size)
{
    if (size > file->capacity) {
        file->capacity = size > 2 * file->capacity ? size : 2 * file->capacity;
        file->bytes = mem_resize(file->bytes, file->capacity, 1);
    }
    if (size > file->size)
        memset(file->bytes + file->size, 0, size - file->size);
    file->size = size;
}

/* Before bytes ${at} .. ${end} are written, or everything from ${at} on is cut off. */
static void remember(struct disk_file *file, size_t at, size_t end, bool cut)
{
    size_t there = cut || end > file->size ? file->size : end;
    if (file->change_count == file->change_capacity) {
        file->change_capacity = file->change_capacity > 0 ? 2 * file->change_capacity : 16;
        file->changes = mem_resize(file->changes, file->change_capacity, sizeof(*file->changes));
    }
    size_t old_size = there > at ? there - at : 0;
    file->changes[file->change_count++] = (struct change){
        .at = at,
        .end = end,
        .file_size = file->size,
        .old_size = old_size,
        .old = old_size > 0 ? (unsigned char *)mem_slice(file->bytes + at, old_size) : NULL,
        .cut = cut,
    };
}

static void make_final(struct disk_file *file)
{
    for (size_t i = 0; i < file->change_count; i++) {
        free(file->changes[i].old);
        free(file->changes[i].kept);
    }
    file->change_count = 0;
}

/* All is undone, the newest first; then what survives by chance is done again. */
static void lose(struct disk_file *file, enum disk_loss loss)
{
    for (size_t i = file->change_count; i-- > 0;) {
        struct change *change = &file->changes[i];
        if (loss == DISK_KEEPS_SOME && !change->cut && roll(roll_ctx, 2) == 0)
            change->kept =
                (unsigned char *)mem_slice(file->bytes + change->at, change->end - change->at);
        set_size(file, change->file_size);
        if (change->old_size > 0)
            memcpy(file->bytes + change->at, change->old, change->old_size);
    }
    for (size_t i = 0; i < file->change_count; i++) {
        const struct change *change = &file->changes[i];
        if (change->kept == NULL)
            continue;
        if (change->end > file->size)
            set_size(file, change->end);
        memcpy(file->bytes + change->at, change->kept, change->end - change->at);
    }
    make_final(file);
}

/* --- files
 -------------------------------------------------------------------------------- */

static struct disk_file *file_of(sqlite3_file *base)
{
    return ((struct handle *)base)->file;
}

static struct disk_file *find(const char *name)
{
    for (size_t i = 0; i < FILES; i++) {
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    }
    return NULL;
}

static void forget(struct disk_file *file)
{
    make_final(file);
    free(file->changes);
    free(file->bytes);
    *file = (struct disk_file){.size = 0};
}

static int on_close(sqlite3_file *base)
{
    struct handle *handle = (struct handle *)base;
    for (size_t i = 0; i < REGIONS; i++)
        free(handle->regions[i]);
    return SQLITE_OK;
}

static int on_read(sqlite3_file *base, void *to, int amount, sqlite3_int64 from)
{
    const struct disk_file *file = file_of(base);
    size_t at = (size_t)from;
    size_t wanted = (size_t)amount;
    size_t there = at < file->size ? file->size - at : 0;
    if (there > wanted)
        there = wanted;
    if (there > 0)
        memcpy(to, file->bytes + at, there);
    memset((unsigned char *)to + there, 0, wanted - there);
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *base, const void *from, int amount, sqlite3_int64 to)
{
    struct disk_file *file = file_of(base);
    size_t at = (size_t)to;
    size_t size = (size_t)amount;
    if (frozen)
        return SQLITE_IOERR_WRITE;
    at_work = true;
    remember(file, at, at + size, false);
    if (at + size > file->size)
        set_size(file, at + size);
    at_work = false;
    memcpy(file->bytes + at, from, size);
    return SQLITE_OK;
}

static int on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct disk_file *file = file_of(base);
    if (frozen)
        return SQLITE_IOERR_TRUNCATE;
    at_work = true;
    remember(file, (size_t)size, (size_t)size, true);
    set_size(file, (size_t)size);
    at_work = false;
    return SQLITE_OK;
}

static int on_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    if (frozen)
        return SQLITE_IOERR_FSYNC;
    make_final(file_of(base));
    return SQLITE_OK;
}

static int on_size(sqlite3_file *base, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)file_of(base)->size;
    return SQLITE_OK;
}

/* There is one process and one connection: nobody to lock out. */
static int on_lock(sqlite3_file *base, int level)
{
    (void)base;
    (void)level;
    return SQLITE_OK;
}

static int on_check(sqlite3_file *base, int *reserved)
{
    (void)base;
    *reserved = 0;
    return SQLITE_OK;
}

static int on_control(sqlite3_file *base, int what, void *argument)
{
    (void)base;
    (void)what;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *base)
{
    (void)base;
    return 4096;
}

static int traits(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **at)
{
    struct handle *handle = (struct handle *)base;
    if (region >= REGIONS)
        return SQLITE_IOERR_SHMMAP;
    if (handle->regions[region] == NULL && extend)
        handle->regions[region] = mem_new(1, (size_t)size);
    *at = handle->regions[region];
    return SQLITE_OK;
}

static int shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
    (void)base;
    (void)offset;
    (void)count;
    (void)flags;
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *base)
{
    (void)base;
}

static int shm_unmap(sqlite3_file *base, int delete)
{
    (void)base; /* when the file is closed */
    (void)delete;
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_lock,
    .xCheckReservedLock = on_check,
    .xFileControl = on_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* --- the disk --- */

static int disk_file_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                          int *out)
{
    struct handle *handle = (struct handle *)base;
    (void)vfs;
    *handle = (struct handle){.file = find(name != NULL ? name : "scratch")};
    if (handle->file == NULL) {
        handle->file = find("");
        if (handle->file == NULL)
            return SQLITE_CANTOPEN;
        snprintf(handle->file->name, NAME, "%s", name != NULL ? name : "scratch");
    }
    handle->base.pMethods = &methods;
    if (out != NULL)
        *out = flags;
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    struct disk_file *file = find(name);
    (void)vfs;
    (void)sync;
    if (frozen)
        return SQLITE_IOERR_DELETE;
    if (file != NULL)
        forget(file);
    return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *there)
{
    const struct disk_file *file = find(name);
    (void)vfs;
    (void)flags;
    *there = file != NULL && file->size > 0;
    return SQLITE_OK;
}

static int disk_path(sqlite3_vfs *vfs, const char *name, int capacity, char *path)
{
    (void)vfs;
    snprintf(path, (size_t)capacity, "%s", name);
    return SQLITE_OK;
}

static int disk_random(sqlite3_vfs *vfs, int size, char *bytes)
{
    (void)vfs;
    for (int i = 0; i < size; i++)
        bytes[i] = (char)roll(roll_ctx, 256);
    return size;
}

static int disk_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us;
}

static int disk_time(sqlite3_vfs *vfs, sqlite3_int64 *ms)
{
    (void)vfs;
    *ms = 0;
    return SQLITE_OK;
}

static sqlite3_vfs disk = {
    .iVersion = 2,
    .szOsFile = sizeof(struct handle),
    .mxPathname = NAME - 1,
    .zName = "disk in memory",
    .xOpen = disk_file_open,
    .xDelete = disk_delete,
    .xAccess = disk_access,
    .xFullPathname = disk_path,
    .xRandomness = disk_random,
    .xSleep = disk_sleep,
    .xCurrentTimeInt64 = disk_time,
};

void disk_open(uint64_t (*lot)(void *ctx, uint64_t sides), void *ctx)
{
    roll = lot;
    roll_ctx = ctx;
    frozen = false;
    sqlite3_vfs_register(&disk, 1);
    sqlite3_randomness(0, NULL); /* drawn anew, from the dice */
}

static void empty(struct disk_file *set)
{
    for (size_t i = 0; i < FILES; i++)
        forget(&set[i]);
}

static void copy(struct disk_file *to, const struct disk_file *from)
{
    empty(to);
    for (size_t i = 0; i < FILES; i++) {
        memcpy(to[i].name, from[i].name, NAME);
        if (from[i].size == 0)
            continue;
        to[i].size = to[i].capacity = from[i].size;
        to[i].bytes = (unsigned char *)mem_slice(from[i].bytes, from[i].size);
    }
}

void disk_close(void)
{
    empty(files);
    empty(kept);
    has_kept = false;
}

void disk_put(const char *name, char *bytes, size_t size)
{
    struct disk_file *file = &files[0]; /* the first one of an empty disk */
    snprintf(file->name, NAME, "%s", name);
    file->bytes = (unsigned char *)bytes;
    file->size = file->capacity = size;
}

void disk_back_up(void)
{
    copy(kept, files);
    has_kept = true;
}

bool disk_restore(void)
{
    if (!has_kept)
        return false;
    copy(files, kept);
    return true;
}

bool disk_is_at_work(void)
{
    return at_work;
}

void disk_freeze(void)
{
    frozen = true;
}

void disk_thaw(enum disk_loss loss)
{
    frozen = false;
    for (size_t i = 0; i < FILES; i++) {
        if (loss == DISK_KEEPS)
            make_final(&files[i]);
        else
            lose(&files[i], loss);
    }
}
