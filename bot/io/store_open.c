/* Opening the state file: alone, whole, and brought up to date; and closing it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hash.h"
#include "io/store.h"
#include "log.h"
#include "mem.h"
#include "store_parts.h"
#include "text.h"

enum { APPLICATION_ID = 0x4350504F, MAX_ROWS_CHECKED = 20000 };

static const int64_t CHECKED_WHOLE = INT64_C(32) * 1024 * 1024; /* bytes: a third of a second */

/* The file and what is to be known of it. Whoever may write to it may approve: it is ours alone. */
static int open_file(struct store *store, const char *path, struct err *err)
{
    struct stat about;
    store->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->file < 0 || fstat(store->file, &about) != 0)
        return err_set(err, "%s cannot be opened: %s. Check store.path", path, strerror(errno));
    if (!S_ISREG(about.st_mode))
        return err_set(err, "%s cannot be opened: it is not a file. Check store.path", path);
    if (about.st_nlink > 1)
        return err_set(err,
                       "%s has %lu names (hard links), and SQLite keeps its journal by the name: "
                       "remove the other ones (find them with: find / -samefile %s)",
                       path, (unsigned long)about.st_nlink, path);
    if ((about.st_mode & 077) != 0 && fchmod(store->file, 0600) != 0)
        return err_set(err,
                       "%s can be read or written by others, and that cannot be changed: %s. Make "
                       "it yours with: chown %ld %s; chmod 600 %s",
                       path, strerror(errno), (long)geteuid(), path, path);
    if ((about.st_mode & 077) != 0)
        log_warn("state file permissions tightened", F_TEXT("path", path));
    store->path = realpath(path, NULL);
    if (store->path == NULL)
        return err_set(err, "%s cannot be opened: %s. Check store.path", path, strerror(errno));
    char digest[HASH_HEX];
    hash_hex(store->path, strlen(store->path), digest);
    snprintf(store->place, sizeof(store->place), "%llu-%.8s", (unsigned long long)about.st_ino,
             digest);
    return 0;
}

static int in_use(const char *path, const char *owner, struct err *err)
{
    return err_set(err,
                   "%s is in use by another bot (process %s). Stop that one first: two bots on one "
                   "state would publish twice",
                   path, owner);
}

/* The lock that tells who has it is a file of its own, found by the file's real name, whatever
 * links led there. The state file is locked as well: a name can be given to another file, or the
 * file be reached under another name (a bind mount). SQLite's own locks are of another kind
 * (fcntl), and come and go with transactions, so that a reader can open it while the bot runs. */
static int take_lock(struct store *store, const char *path, struct err *err)
{
    char *name = text_format("%s.lock", store->path);
    char owner[32] = "";
    store->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int failed = errno;
    free(name);
    if (store->lock < 0)
        return err_set(err, "%s.lock cannot be opened: %s. Check store.path", path,
                       strerror(failed));
    if (flock(store->lock, LOCK_EX | LOCK_NB) != 0) {
        if (read(store->lock, owner, sizeof(owner) - 1) <= 0)
            text_fit(owner, sizeof(owner), "unknown");
        owner[strcspn(owner, "\n")] = '\0';
        return in_use(path, owner, err);
    }
    if (flock(store->file, LOCK_EX | LOCK_NB) != 0)
        return in_use(path, "unknown", err);
    int size = snprintf(owner, sizeof(owner), "%ld\n", (long)getpid());
    if (ftruncate(store->lock, 0) != 0 || pwrite(store->lock, owner, (size_t)size, 0) != size)
        return err_set(err, "%s.lock cannot be written: %s", path, strerror(errno));
    return 0;
}

static int try_run(struct store *store, const char *sql, struct err *err)
{
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return err_set(err, "%s", sqlite3_errmsg(store->db));
}

static int try_text(struct store *store, const char *sql, char *answer, size_t capacity,
                    struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int result = -1;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const unsigned char *text = sqlite3_column_text(statement, 0);
        text_fit(answer, capacity, text != NULL ? (const char *)text : "");
        result = 0;
    } else {
        err_set(err, "%s", sqlite3_errmsg(store->db));
    }
    sqlite3_finalize(statement);
    return result;
}

static int try_number(struct store *store, const char *sql, int64_t *value, struct err *err)
{
    char text[32];
    if (try_text(store, sql, text, sizeof(text), err) != 0)
        return -1;
    *value = strtoll(text, NULL, 10);
    return 0;
}

static int check_identity(struct store *store, size_t migrations, int64_t *version, struct err *err)
{
    int64_t id = 0;
    int64_t tables = 0;
    if (try_number(store, "PRAGMA user_version", version, err) != 0 ||
        try_number(store, "PRAGMA application_id", &id, err) != 0 ||
        try_number(store, "SELECT count(*) FROM sqlite_schema", &tables, err) != 0)
        return -1;
    if (id != APPLICATION_ID && (id != 0 || tables != 0))
        return err_set(err, "it is some other program's database. Check store.path");
    if (*version < 0 || (size_t)*version > migrations)
        return err_set(err,
                       "it was written by a newer cppo-bot (schema %" PRId64
                       ", this one knows %zu). Start that version, or restore a backup",
                       *version, migrations);
    return 0;
}

static int note_damage(struct store *store, struct err *err)
{
    if (sqlite3_errcode(store->db) != SQLITE_CORRUPT)
        return -1;
    return err_set(err, "it is damaged (%s). Restore a backup", sqlite3_errmsg(store->db));
}

static int check_by(struct store *store, const char *sql, struct err *err)
{
    char verdict[200];
    if (try_text(store, sql, verdict, sizeof(verdict), err) != 0)
        return note_damage(store, err);
    if (strcmp(verdict, "ok") != 0)
        return err_set(err, "it is damaged (%s). Restore a backup", verdict);
    return 0;
}

/* At most so many rows: the keys from the first to the last. */
static int check_table(struct store *store, const char *table, struct err *err)
{
    int64_t rows = 0;
    char *span = text_format("SELECT coalesce(max(rowid) - min(rowid) + 1, 0)"
                             " FROM (SELECT max(rowid) AS rowid FROM \"%s\""
                             " UNION ALL SELECT min(rowid) FROM \"%s\")",
                             table, table);
    char *check = text_format("PRAGMA quick_check(\"%s\")", table);
    int failed = try_number(store, span, &rows, err) != 0 ? note_damage(store, err) : 0;
    if (failed == 0 && rows <= MAX_ROWS_CHECKED)
        failed = check_by(store, check, err);
    free(span);
    free(check);
    return failed;
}

/* A large file would take long, and longer every year: of that the tables that do not grow with
 * what has been are checked. Damage to the rest is noticed when it is read. */
static int check_tables(struct store *store, struct err *err)
{
    char table[64] = "";
    int failed = 0;
    while (failed == 0) {
        char *next = text_format("SELECT coalesce(min(name), '') FROM sqlite_schema"
                                 " WHERE type = 'table' AND name > '%s'"
                                 " AND name NOT LIKE 'sqlite%%'",
                                 table);
        failed = try_text(store, next, table, sizeof(table), err);
        free(next);
        if (failed == 0 && *table == '\0')
            return 0;
        if (failed == 0)
            failed = check_table(store, table, err);
    }
    return -1;
}

int64_t store_size(struct store *store)
{
    int64_t pages = 0;
    int64_t bytes = 0;
    struct err unread; /* of a file that cannot be read the check tells */
    if (try_number(store, "PRAGMA page_count", &pages, &unread) != 0 ||
        try_number(store, "PRAGMA page_size", &bytes, &unread) != 0)
        return 0;
    return pages * bytes;
}

bool store_is_large(struct store *store)
{
    return store_size(store) > CHECKED_WHOLE;
}

static int check_integrity(struct store *store, struct err *err)
{
    /* A single row that says what it may not is no damage to the file: it is for its reader. */
    if (try_run(store, "PRAGMA ignore_check_constraints = ON", err) != 0)
        return note_damage(store, err);
    int failed = store_is_large(store) ? check_tables(store, err)
                                       : check_by(store, "PRAGMA quick_check(1)", err);
    if (failed == 0)
        failed = try_run(store, "PRAGMA ignore_check_constraints = OFF", err);
    return failed;
}

int store_check(struct store *store, struct err *err)
{
    if (check_by(store, "PRAGMA quick_check(1)", err) == 0)
        return 0;
    return err_wrap(err, "the state file");
}

/* Does every row that names another find it? */
static int check_keys(struct store *store, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->db, "PRAGMA foreign_key_check", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        err_set(err,
                "FOREIGN KEY constraint failed: a row of %s names one of %s that is "
                "not there",
                (const char *)sqlite3_column_text(statement, 0),
                (const char *)sqlite3_column_text(statement, 2));
    else if (code != SQLITE_DONE)
        err_set(err, "%s", sqlite3_errmsg(store->db));
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? 0 : -1;
}

/* A step runs without foreign keys, so that it can rebuild a table that others name, and what they
 * name is checked as a whole before it is committed (sqlite.org/lang_altertable.html). */
static int migrate(struct store *store, const char *const *migrations, size_t count,
                   int64_t version, struct err *err)
{
    if (try_run(store, "PRAGMA foreign_keys = OFF", err) != 0)
        return -1;
    for (size_t i = (size_t)version; i < count; i++) {
        char *stamp = text_format("PRAGMA user_version = %zu; PRAGMA application_id = %d; COMMIT",
                                  i + 1, APPLICATION_ID);
        int failed = try_run(store, "BEGIN IMMEDIATE", err) != 0 ||
                     try_run(store, migrations[i], err) != 0 || check_keys(store, err) != 0 ||
                     try_run(store, stamp, err) != 0;
        free(stamp);
        if (failed)
            return err_wrap(err, "schema step %zu", i + 1);
    }
    return try_run(store, "PRAGMA foreign_keys = ON", err);
}

/* SQLite syncs its log before it copies it into the file, and where the log begins anew; behind a
 * commit, the engine does (store_sync). */
static const char settings[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                               "PRAGMA trusted_schema = OFF;"
                               "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
                               "PRAGMA temp_store = MEMORY;" /* no offers in /tmp */
                               "PRAGMA busy_timeout = 5000";

/* The write-ahead log, which SQLite opens with the first that is read
 * (sqlite.org/c3ref/c_fcntl_begin_atomic_write.html). What a process that was killed had committed,
 * and not synced, is read from here on. */
static int open_log(struct store *store, struct err *err)
{
    if (try_run(store, "SELECT 1 FROM sqlite_schema", err) != 0)
        return -1;
    int code = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &store->log);
    if (code != SQLITE_OK || store->log == NULL || store->log->pMethods == NULL)
        return err_set(err, "its write-ahead log cannot be opened");
    if (store_sync(store) < 0)
        return err_set(err, "its write-ahead log cannot be synced: %s", strerror(errno));
    return 0;
}

struct store *store_open(const char *path, const char *const *migrations, size_t count,
                         struct err *err)
{
    struct store *store = mem_new(1, sizeof(*store));
    int64_t version = 0;
    /* One thread uses it, and nobody asks how much memory it takes: no locks, no counts. */
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* nothing happens where it runs already */
    mode_t mask = umask(077); /* offers are nobody else's business on this machine */
    store->lock = store->file = -1;
    if (open_file(store, path, err) != 0 || take_lock(store, path, err) != 0)
        goto failed;
    store_read_beside(store);
    if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK) {
        err_set(err, "%s cannot be opened: %s", path, sqlite3_errmsg(store->db));
        goto failed;
    }
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (check_identity(store, count, &version, err) != 0 || check_integrity(store, err) != 0 ||
        try_run(store, settings, err) != 0 ||
        migrate(store, migrations, count, version, err) != 0 || open_log(store, err) != 0) {
        err_wrap(err, "the state file %s", path);
        goto failed;
    }
    sqlite3_wal_hook(store->db, store_on_commit, store);
    umask(mask);
    return store;
failed:
    umask(mask);
    store_close(store);
    return NULL;
}

struct store *store_open_reader(const char *path, size_t migrations, struct err *err)
{
    struct store *store = mem_new(1, sizeof(*store));
    int64_t version = 0;
    store->lock = store->file = -1;
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        err_set(err, "there is no state file %s yet: cppo-bot run makes it", path);
        goto failed;
    }
    if (sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        err_set(err, "%s cannot be opened: %s", path, sqlite3_errmsg(store->db));
        goto failed;
    }
    sqlite3_busy_timeout(store->db, 5000); /* the bot may just be recovering it */
    if (check_identity(store, migrations, &version, err) != 0) {
        err_wrap(err, "the state file %s", path);
        goto failed;
    }
    if ((size_t)version != migrations) {
        err_set(err, "the state file %s is of an older version: start the bot once", path);
        goto failed;
    }
    return store;
failed:
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    store_rest(store);
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(store->statements[i].statement);
    if (store->db != NULL && store->lock >= 0) /* a courtesy to copies; a failure loses nothing */
        sqlite3_exec(store->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
    sqlite3_close(store->db);
    if (store->file >= 0) /* not before SQLite has: closing it drops all fcntl locks on it */
        close(store->file);
    if (store->lock >= 0)
        close(store->lock); /* the lock file stays: removing it would race with the next owner */
    free(store->path);
    free(store);
}
