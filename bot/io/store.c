#include "io/store.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "store_parts.h"
#include "text.h"

enum {
    EXIT_STORE = 70,
    LOG_PAGES = 1000, /* of 4 kB */
    MAX_LOG_PAGES = 10000,
    COPIED_PAGES = 2000, /* beside the loop, at once */
    COPIED_LOG_PAGES = 24000,
    MAX_COPIED_LOG_PAGES = 32000,
};

__attribute__((noreturn)) static void die(struct store *store, const char *doing)
{
    log_error("state file failed", F_TEXT("doing", doing),
              F_INT("code", sqlite3_extended_errcode(store->db)),
              F_TEXT("why", sqlite3_errmsg(store->db)),
              F_TEXT("then", "aborting; the next start recovers"));
    _exit(EXIT_STORE);
}

/* --- statements --- */

static struct rows *statement_of(struct store *store, const char *sql)
{
    size_t at = ((uintptr_t)sql >> 3) % STATEMENTS;
    for (size_t tries = 0; tries < STATEMENTS; tries++, at = (at + 1) % STATEMENTS) {
        struct rows *rows = &store->statements[at];
        if (rows->sql == sql)
            return rows;
        if (rows->sql != NULL)
            continue;
        if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &rows->statement,
                               NULL) != SQLITE_OK)
            die(store, sql);
        rows->store = store;
        rows->sql = sql;
        return rows;
    }
    die(store, "more statements than the table holds");
}

static int bind_one(sqlite3_stmt *statement, int at, const struct arg *arg)
{
    if (arg->kind == ARG_INT)
        return sqlite3_bind_int64(statement, at, arg->number);
    if (arg->kind == ARG_TEXT)
        return sqlite3_bind_text(statement, at, arg->bytes, -1, SQLITE_STATIC);
    return sqlite3_bind_blob64(statement, at, arg->bytes != NULL ? arg->bytes : "", arg->size,
                               SQLITE_STATIC);
}

/* What is written by itself is committed by itself. */
static void prepare_view(struct store *store, sqlite3_stmt *statement)
{
    if (!store->together || store->writing)
        return;
    if (!sqlite3_stmt_readonly(statement)) {
        store_rest(store);
    } else if (!store->reading) {
        store->reading = true;
        store_run(store, "BEGIN", SQL_NO_ARGS);
    }
}

struct rows *store_query(struct store *store, const char *sql, const struct arg *args)
{
    struct rows *rows = statement_of(store, sql);
    int count = 0;
    prepare_view(store, rows->statement);
    if (rows->open)
        die(store, "a statement was used while it was open");
    for (; args[count].kind != ARG_END; count++) {
        if (bind_one(rows->statement, count + 1, &args[count]) != SQLITE_OK)
            die(store, sql);
    }
    if (count != sqlite3_bind_parameter_count(rows->statement))
        die(store, "a statement got the wrong number of arguments");
    rows->open = true;
    return rows;
}

bool rows_next(struct rows *rows)
{
    assert(rows->open);
    int code = sqlite3_step(rows->statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        die(rows->store, rows->sql);
    rows_close(rows);
    return false;
}

void rows_close(struct rows *rows)
{
    sqlite3_reset(rows->statement);
    sqlite3_clear_bindings(rows->statement);
    rows->open = false;
}

int64_t rows_int(struct rows *rows, int column)
{
    assert(rows->open && column < sqlite3_column_count(rows->statement));
    return sqlite3_column_int64(rows->statement, column);
}

const char *rows_text(struct rows *rows, int column)
{
    const unsigned char *text = sqlite3_column_text(rows->statement, column);
    return text != NULL ? (const char *)text : "";
}

const void *rows_blob(struct rows *rows, int column, size_t *size)
{
    const void *bytes = sqlite3_column_blob(rows->statement, column);
    *size = (size_t)sqlite3_column_bytes(rows->statement, column);
    return bytes != NULL ? bytes : "";
}

void rows_fit(struct rows *rows, int column, char *array, size_t capacity)
{
    text_fit(array, capacity, rows_text(rows, column));
}

int64_t store_run(struct store *store, const char *sql, const struct arg *args)
{
    struct rows *rows = store_query(store, sql, args);
    while (rows_next(rows))
        ;
    return sqlite3_changes64(store->db);
}

int64_t store_int(struct store *store, const char *sql, const struct arg *args, int64_t fallback)
{
    struct rows *rows = store_query(store, sql, args);
    if (!rows_next(rows))
        return fallback;
    int64_t value = rows_int(rows, 0);
    rows_close(rows);
    return value;
}

void store_release_memory(struct store *store)
{
    sqlite3_db_release_memory(store->db);
}

/* --- transactions --- */

static bool is_in_transaction(const struct store *store)
{
    return sqlite3_get_autocommit(store->db) == 0;
}

void store_read_together(struct store *store)
{
    store->together = true;
}

/* Rows that somebody is still reading keep their view until they are closed. Where memory or the
 * disk failed it, SQLite has ended the transaction itself. */
void store_rest(struct store *store)
{
    if (store->reading && is_in_transaction(store))
        store_run(store, "COMMIT", SQL_NO_ARGS);
    store->reading = false;
}

/* What another program still reads stays for the next time, and a failure loses nothing. */
static void copy_log(struct store *store)
{
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    store->copied = store->log_pages;
    store->rest = false;
}

static void copy_beside(struct store *store)
{
    if (store->copying == 0 && store->copy_beside(store->copy_ctx))
        store->copying = store->log_pages;
}

/* As long as something is written all the while, the log never is copied to its end, and grows: a
 * commit copies the rest, which is short when most of it has just been copied. */
static void copy_as_it_grows(struct store *store)
{
    int more = store->log_pages - store->copied;
    if (store->rest || (more >= COPIED_PAGES && store->log_pages >= MAX_COPIED_LOG_PAGES))
        copy_log(store);
    else if (more >= COPIED_PAGES)
        copy_beside(store);
}

int store_on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
    struct store *store = ctx;
    (void)db;
    (void)name;
    if (pages < store->log_pages) /* it begins anew */
        store->copied = 0;
    store->log_pages = pages;
    if (store->copy_beside != NULL)
        copy_as_it_grows(store);
    else if (pages >= MAX_LOG_PAGES)
        copy_log(store);
    return SQLITE_OK;
}

void store_copy_by(struct store *store, store_copy_fn *begin, void *ctx)
{
    assert(store->copying == 0);
    store->copy_beside = begin;
    store->copy_ctx = ctx;
}

/* What could not be copied is tried again with the next. */
void store_copied(struct store *store)
{
    if (store->copying <= store->log_pages) { /* else it has begun anew meanwhile */
        store->copied = store->copying;
        store->rest = store->copied >= COPIED_LOG_PAGES;
    }
    store->copying = 0;
}

void store_copy_log(struct store *store)
{
    assert(!store->writing && !store->reading);
    if (store->log_pages < LOG_PAGES || store->log_pages <= store->copied)
        return;
    if (store->copy_beside != NULL)
        copy_beside(store);
    else
        copy_log(store);
}

/* The view that was read in goes first: one that another process has overtaken cannot be written
 * in, and whoever waits for that process must not hold one. */
void store_begin(struct store *store)
{
    store_rest(store);
    assert(!store->writing && !is_in_transaction(store));
    store->writing = true;
    store_run(store, "BEGIN IMMEDIATE", SQL_NO_ARGS);
}

/* A write to the log, which SQLite does not wait for (PRAGMA synchronous). */
void store_commit(struct store *store)
{
    assert(store->writing && is_in_transaction(store));
    store_run(store, "COMMIT", SQL_NO_ARGS);
    store->writing = false;
    assert(!is_in_transaction(store)); /* no statement that is still open held it up */
    if (store->next[0] != '\0')
        text_fit(store->committed, sizeof(store->committed), store->next);
    store->next[0] = '\0';
}

/* --- the disk --- */

/* By a clock of its own: how long the disk takes is measured here, and decides nothing. The log is
 * synced as SQLite would, the first time with the folder in which it was made. */
int64_t store_sync(struct store *store)
{
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    if (store->log->pMethods->xSync(store->log, SQLITE_SYNC_NORMAL) != SQLITE_OK)
        return -1;
    clock_gettime(CLOCK_MONOTONIC, &after);
    return (int64_t)(after.tv_sec - before.tv_sec) * 1000000 +
           (after.tv_nsec - before.tv_nsec) / 1000;
}

void store_synced(struct store *store, int64_t took)
{
    if (took < 0)
        die(store, "sync");
    if (store->committed[0] != '\0')
        store_write_beside(store);
}

void store_savepoint(struct store *store)
{
    assert(store->writing); /* or its release would commit */
    store_run(store, "SAVEPOINT turn", SQL_NO_ARGS);
}

void store_release(struct store *store)
{
    store_run(store, "RELEASE turn", SQL_NO_ARGS);
}

void store_rollback(struct store *store)
{
    store_run(store, "ROLLBACK TO turn", SQL_NO_ARGS);
    store_run(store, "RELEASE turn", SQL_NO_ARGS);
}
