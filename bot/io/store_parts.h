/* What the store's own files share. */
#ifndef CPPO_IO_STORE_PARTS_H
#define CPPO_IO_STORE_PARTS_H

#include <sqlite3.h>
#include <stdbool.h>

enum { STATEMENTS = 512, BESIDE_TEXT = 200 };

/* A compiled statement, found again by the address of its SQL. */
struct rows {
    struct store *store;
    const char *sql;
    sqlite3_stmt *statement;
    bool open;
};

struct store {
    sqlite3 *db;
    sqlite3_file *log;           /* the write-ahead log; SQLite's */
    char *path;                  /* without links in it */
    int file;                    /* the state file, locked; -1 for a reader */
    int lock;                    /* of the file <path>.lock, -1 for a reader */
    char place[BESIDE_TEXT];     /* which file this is, on this disk */
    char beside[BESIDE_TEXT];    /* what stood in <path>.mark */
    char next[BESIDE_TEXT];      /* what is to stand there after the next commit, "" nothing new */
    char committed[BESIDE_TEXT]; /* the same, once the disk has that commit */
    bool moved;
    bool together; /* what is read outside of a transaction is read in one */
    bool reading;  /* and that is open */
    bool writing;  /* between store_begin and store_commit */
    int log_pages; /* in the write-ahead log, as of the last commit */
    int copied;    /* of them, at least, or tried; beside the loop */
    int copying;   /* so many are being copied there, 0: none */
    bool rest;     /* the next commit copies the rest */
    bool (*copy_beside)(void *ctx);
    void *copy_ctx;
    struct rows statements[STATEMENTS];
};

/* store.c: SQLite tells, within each commit, how long the log is. */
int store_on_commit(void *ctx, sqlite3 *db, const char *name, int pages);
/* Who copies the log beside the loop, NULL: nobody. ${begin}: false when it cannot begin; after it
 * has, store_copied follows, once. */
typedef bool store_copy_fn(void *ctx);
void store_copy_by(struct store *store, store_copy_fn *begin, void *ctx);
void store_copied(struct store *store);

/* store_beside.c: what stands beside the state file as it is opened; and what is to stand there is
 * written, once it is committed. */
void store_read_beside(struct store *store);
void store_write_beside(struct store *store);

#endif
