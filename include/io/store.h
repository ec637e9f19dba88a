/* The state file: one SQLite database, one connection, one thread. Everything here but store_sync
 * runs on the loop (io/store_copier.h has a connection of its own). A statement that fails means
 * that nothing can be promised any more: the process logs it and ends with status 70, and the next
 * start recovers from disk. So only opening returns errors. */
#ifndef CPPO_IO_STORE_H
#define CPPO_IO_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct store;

/* Open ${path} for writing, alone: makes it when it is missing, brings its schema up to date
 * (migrations[i] is the SQL that leads from user_version i to i+1; never edit one that was ever
 * released; it runs without foreign keys, which must hold at its end), checks its integrity:
 * whole, or where it is large the tables that do not grow with what has been (but not what single
 * rows say). Fails, with words for
 * the operator, when another process holds it, by whatever name (names its pid), when it has two
 * names, when its schema is newer than ours, when it is damaged or not ours. */
struct store *store_open(const char *path, const char *const *migrations, size_t count,
                         struct err *err);

/* Open an existing one to read only, beside a running bot. */
struct store *store_open_reader(const char *path, size_t migrations, struct err *err);

/* Check all of it, which takes the longer the larger it is: some ten seconds a gigabyte. */
int store_check(struct store *store, struct err *err);
/* Its size in bytes; and is it so large that a start checks only a part of it? */
int64_t store_size(struct store *store);
bool store_is_large(struct store *store);

/* Give back what was kept of the file in memory, as far as nothing is open. */
void store_release_memory(struct store *store);

void store_close(struct store *store); /* NULL is fine */

/* A line in a file beside the state file (<path>.mark), as it stood there at the opening, "" where
 * it was missing; and what it is to say from the next commit on. A state file that is restored
 * or lost does not take it along. */
const char *store_beside(const struct store *store);
void store_put_beside(struct store *store, const char *words);
/* The line is there, and was written beside another file: this one was copied or put back. */
bool store_moved(const struct store *store);

/* Arguments of a statement: SQL_ARGS(SQL_INT(5), SQL_TEXT(name), SQL_BLOB(bytes, size)) or
 * SQL_NO_ARGS. SQL_TEXT(NULL) is SQL's NULL. Borrowed for the call; a query's until its rows are
 * closed. */
enum arg_kind { ARG_END, ARG_INT, ARG_TEXT, ARG_BLOB };
struct arg {
    enum arg_kind kind;
    int64_t number;
    const void *bytes;
    size_t size;
};
#define SQL_INT(v) ((struct arg){.kind = ARG_INT, .number = (int64_t)(v)})
#define SQL_TEXT(v) ((struct arg){.kind = ARG_TEXT, .bytes = (const char *){(v)}})
#define SQL_BLOB(v, n) ((struct arg){.kind = ARG_BLOB, .bytes = (v), .size = (n)})
#define SQL_ARGS(...) ((const struct arg[]){__VA_ARGS__, {.kind = ARG_END}})
#define SQL_NO_ARGS ((const struct arg[]){{.kind = ARG_END}})

/* Run a statement that gives no rows; how many rows it changed. ${sql} must be a literal: compiled
 * statements are kept by its address. */
int64_t store_run(struct store *store, const char *sql, const struct arg *args);

/* Rows of a query: while (rows_next(rows)) ...; the loop's end closes them, rows_close an earlier
 * exit. One statement can be open once at a time. Columns count from 0; NULL reads as 0 and "".
 * Texts live until the next row. */
struct rows;
struct rows *store_query(struct store *store, const char *sql, const struct arg *args);
bool rows_next(struct rows *rows);
void rows_close(struct rows *rows);
int64_t rows_int(struct rows *rows, int column);
const char *rows_text(struct rows *rows, int column);
const void *rows_blob(struct rows *rows, int column, size_t *size);
/* Text into a fixed array (text_fit). */
void rows_fit(struct rows *rows, int column, char *array, size_t capacity);

/* The first column of the first row, or ${fallback} without one. */
int64_t store_int(struct store *store, const char *sql, const struct arg *args, int64_t fallback);

/* From now on what is read outside of a transaction is read in one, which begins with the first
 * statement and lasts until store_rest or store_begin: SQLite takes its locks once and not for each
 * statement. Whoever asked for it rests before it waits for anything: a view that is kept lets the
 * write-ahead log grow. */
void store_read_together(struct store *store);
void store_rest(struct store *store); /* where nothing was read, nothing happens */

/* What was committed lies in a log until it is copied into the state file, for which the disk is
 * waited for twice: when this is called, where nobody waits meanwhile, and the log holds 4 MB; in
 * any case, in the midst of a commit, when it holds 40.
 * With somebody who copies beside the loop (io/store_copier.h) it is done there, and after each 8
 * MB even while others wait; a commit copies what little came meanwhile once the log holds 96 MB,
 * so that it begins anew, and all of it when it holds 128. */
void store_copy_log(struct store *store);

/* Transactions; the engine alone calls these. */
void store_begin(struct store *store);
void store_commit(struct store *store);    /* others can read it; a power cut may still take it */
void store_savepoint(struct store *store); /* they do not nest here */
void store_release(struct store *store);   /* the savepoint: what was done since stays */
void store_rollback(struct store *store);  /* to the savepoint, which is released */

/* Wait for the disk: what was committed before survives a power cut once store_synced has been told
 * what came of it. How long it took, in microseconds; negative: it failed. The one function that
 * another thread may call, while the loop goes on in the next transaction, which is not committed
 * before. It neither logs nor allocates. */
int64_t store_sync(struct store *store);
void store_synced(struct store *store, int64_t took); /* ends the process where it failed */

#endif
