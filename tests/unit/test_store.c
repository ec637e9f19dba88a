/* The state file: statements, transactions, and reading beside the bot. */
#include "store_fixture.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "text.h"

/* The status with which ${act} ends in a process of its own, with what that opened; its words on
 * stderr are dropped. */
static int status_of(bool reader, void (*act)(struct store *store))
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct err err;
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        struct store *store =
            reader ? store_open_reader(path, 3, &err) : store_open(path, steps, 3, &err);
        if (store == NULL)
            _exit(1);
        act(store);
        store_close(store);
        _exit(0);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- reading beside it --- */

static void write_it(struct store *store)
{
    store_run(store, "INSERT INTO t (n) VALUES (99)", SQL_NO_ARGS);
}

static ino_t synced; /* the file that the disk was asked for last */

/* In front of the C library's. */
int fdatasync(int fd)
{
    struct stat about;
    assert_int_equal(fstat(fd, &about), 0);
    synced = about.st_ino;
    return 0;
}

static void a_commit_is_on_the_disk_when_it_was_synced(void **state)
{
    (void)state;
    struct store *store = open_good(3);
    struct stat about;
    char *log = text_format("%s-wal", path);
    assert_int_equal(stat(log, &about), 0);
    assert_int_equal(synced, about.st_ino); /* of what was found the disk may not have all */
    synced = 0;
    store_begin(store);
    write_it(store);
    store_commit(store);
    assert_int_equal(synced, 0); /* nobody waits */
    assert_true(store_sync(store) >= 0);
    assert_int_equal(synced, about.st_ino);
    free(log);
    store_close(store);
}

static void a_reader_sees_what_is_committed_and_writes_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    expect_refused(store_open_reader(path, 3, &err), &err, "cppo-bot run makes it");
    assert_int_not_equal(access(path, F_OK), 0); /* not made by that */
    struct store *writer = open_good(3);
    struct store *reader = store_open_reader(path, 3, &err);
    assert_non_null(reader);
    store_begin(writer);
    write_it(writer);
    assert_int_equal(rows_in(reader), 1);
    store_commit(writer);
    assert_int_equal(rows_in(reader), 2);
    assert_int_equal(status_of(true, write_it), 70);
    assert_int_equal(rows_in(reader), 2);
    store_close(reader);
    write_it(writer);
    store_close(writer);
    expect_refused(store_open_reader(path, 4, &err), &err, "of an older version");
}

/* --- statements --- */

static void arguments_of_every_kind(void **state)
{
    (void)state;
    static const char insert[] = "INSERT INTO t (n, s, b) VALUES (?, ?, ?)";
    struct store *store = open_good(1);
    char bytes[] = {0, 1, 0, (char)0xFF};
    size_t size = 9;
    assert_int_equal(store_run(store, "DELETE FROM t", SQL_NO_ARGS), 1);
    store_run(store, insert,
              SQL_ARGS(SQL_INT(INT64_MIN), SQL_TEXT("ü'; DROP TABLE t; --"), SQL_BLOB(bytes, 4)));
    store_run(store, insert, SQL_ARGS(SQL_INT(INT64_MAX), SQL_TEXT(NULL), SQL_BLOB(NULL, 0)));
    store_run(store, insert, SQL_ARGS(SQL_INT(0), SQL_TEXT(""), SQL_BLOB("", 0)));
    struct rows *rows = store_query(
        store, "SELECT n, s, b, s IS NULL, b IS NULL, NULL FROM t ORDER BY rowid", SQL_NO_ARGS);
    assert_true(rows_next(rows));
    assert_true(rows_int(rows, 0) == INT64_MIN);
    assert_string_equal(rows_text(rows, 1), "ü'; DROP TABLE t; --");
    const void *blob = rows_blob(rows, 2, &size);
    assert_int_equal(size, 4);
    assert_memory_equal(blob, bytes, 4);
    char array[3];
    rows_fit(rows, 1, array, sizeof(array));
    assert_string_equal(array, "ü");
    rows_fit(rows, 1, array, 2);
    assert_string_equal(array, "");
    assert_true(rows_next(rows));
    assert_true(rows_int(rows, 0) == INT64_MAX);
    assert_int_equal(rows_int(rows, 3), 1); /* NULL was written, */
    assert_string_equal(rows_text(rows, 1), "");
    assert_int_equal(rows_int(rows, 4), 0); /* an empty blob is none */
    assert_non_null(rows_blob(rows, 2, &size));
    assert_int_equal(size, 0);
    assert_int_equal(rows_int(rows, 5), 0); /* NULL reads as 0 */
    assert_true(rows_next(rows));
    assert_int_equal(rows_int(rows, 3), 0);
    assert_false(rows_next(rows));
    assert_int_equal(store_run(store, "UPDATE t SET n = 1 WHERE n <> ?", SQL_ARGS(SQL_INT(0))), 2);
    assert_int_equal(store_run(store, "UPDATE t SET n = 1 WHERE n = ?", SQL_ARGS(SQL_INT(5))), 0);
    assert_int_equal(store_int(store, "SELECT n FROM t WHERE n = 5", SQL_NO_ARGS, -77), -77);
    store_close(store);
}

static void rows_can_be_left_early_and_asked_again(void **state)
{
    (void)state;
    static const char sql[] = "SELECT n FROM t WHERE n >= ? ORDER BY n";
    struct store *store = open_good(1);
    for (int i = 2; i <= 5; i++)
        store_run(store, "INSERT INTO t (n) VALUES (?)", SQL_ARGS(SQL_INT(i)));
    for (int i = 1; i <= 5; i++) {
        struct rows *rows = store_query(store, sql, SQL_ARGS(SQL_INT(i)));
        assert_true(rows_next(rows));
        assert_int_equal(rows_int(rows, 0), i);
        rows_close(rows);
    }
    struct rows *rows = store_query(store, sql, SQL_ARGS(SQL_INT(4)));
    struct rows *other = store_query(store, "SELECT n FROM t ORDER BY n", SQL_NO_ARGS);
    assert_true(rows_next(rows) && rows_next(other)); /* two at once */
    assert_int_equal(rows_int(other, 0), 1);
    assert_true(rows_next(rows));
    assert_int_equal(rows_int(rows, 0), 5);
    assert_false(rows_next(rows));
    rows_close(other);
    assert_int_equal(store_int(store, sql, SQL_ARGS(SQL_INT(3)), -1), 3);
    store_run(store, "DELETE FROM t", SQL_NO_ARGS); /* nothing holds the table */
    store_close(store);
}

static void run_nonsense(struct store *store)
{
    store_run(store, "SELECT nothing FROM nowhere", SQL_NO_ARGS);
}

static void run_with_too_few(struct store *store)
{
    store_run(store, "DELETE FROM t WHERE n = ? OR n = ?", SQL_ARGS(SQL_INT(1)));
}

static void run_with_too_many(struct store *store)
{
    store_run(store, "DELETE FROM t WHERE n = ?", SQL_ARGS(SQL_INT(1), SQL_INT(2)));
}

static void open_one_twice(struct store *store)
{
    static const char sql[] = "SELECT n FROM t";
    store_query(store, sql, SQL_NO_ARGS);
    store_query(store, sql, SQL_NO_ARGS);
}

static void break_a_rule(struct store *store)
{
    store_run(store, "INSERT INTO u (n) VALUES (1)", SQL_NO_ARGS);
}

static void run_more_than_there_is_room_for(struct store *store)
{
    static char sql[513][16]; /* each at an address of its own */
    for (int i = 0; i < 513; i++) {
        snprintf(sql[i], sizeof(sql[i]), "SELECT %d", i);
        store_run(store, sql[i], SQL_NO_ARGS);
        if (i == 511)
            store_run(store, sql[0], SQL_NO_ARGS); /* those that are there are found */
    }
}

static void a_statement_that_fails_ends_the_process(void **state)
{
    (void)state;
    static void (*const acts[])(struct store *) = {
        run_nonsense,   run_with_too_few, run_with_too_many,
        open_one_twice, break_a_rule,     run_more_than_there_is_room_for};
    struct store *store = open_good(1);
    store_run(store, "CREATE TABLE u (n INTEGER CHECK (n > 1))", SQL_NO_ARGS);
    store_close(store);
    assert_int_equal(status_of(false, write_it), 0);
    for (size_t i = 0; i < COUNT(acts); i++)
        assert_int_equal(status_of(false, acts[i]), 70);
}

/* --- transactions --- */

static void a_mark_is_kept_or_undone(void **state)
{
    (void)state;
    struct store *store = open_good(1);
    store_begin(store);
    write_it(store);
    store_savepoint(store);
    write_it(store);
    write_it(store);
    store_rollback(store);
    assert_int_equal(rows_in(store), 2);
    store_savepoint(store);
    write_it(store);
    store_release(store);
    store_savepoint(store);
    store_run(store, "DELETE FROM t", SQL_NO_ARGS);
    store_rollback(store);
    store_commit(store);
    assert_true(store_sync(store) >= 0);
    store_close(store);
    store = open_good(1);
    assert_int_equal(rows_in(store), 3);
    store_close(store);
}

static void what_is_not_committed_is_gone(void **state)
{
    (void)state;
    struct store *store = open_good(1);
    store_begin(store);
    write_it(store);
    store_commit(store);
    store_begin(store);
    write_it(store);
    write_it(store);
    store_close(store);
    store = open_good(1);
    assert_int_equal(rows_in(store), 2);
    store_close(store);
}

/* By another program, which the lock of the bots does not keep out. */
static void write_beside(void)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO t (n) VALUES (99)", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void what_is_read_together_is_one_view(void **state)
{
    (void)state;
    struct store *store = open_good(1);
    store_rest(store);
    store_read_together(store);
    store_rest(store); /* nothing was read */
    assert_int_equal(rows_in(store), 1);
    write_beside();
    assert_int_equal(rows_in(store), 1);
    store_rest(store);
    assert_int_equal(rows_in(store), 2);
    write_beside();
    store_begin(store); /* in the newest state, or not at all */
    assert_int_equal(rows_in(store), 3);
    write_it(store);
    store_commit(store);
    write_beside();
    assert_int_equal(rows_in(store), 5);
    store_close(store);
}

/* Outside of a transaction, while a view is held: it is on the disk, and not only in that view. */
static void what_is_written_by_itself_is_committed(void **state)
{
    (void)state;
    struct err err = {0};
    struct store *store = open_good(3);
    struct store *reader = store_open_reader(path, 3, &err);
    store_read_together(store);
    assert_int_equal(rows_in(store), 1);
    write_it(store);
    assert_int_equal(rows_in(reader), 2);
    store_close(reader);
    store_close(store);
}

static void rows_that_are_read_outlast_a_beginning(void **state)
{
    (void)state;
    struct store *store = open_good(2);
    write_it(store);
    store_read_together(store);
    struct rows *rows = store_query(store, "SELECT n FROM t ORDER BY n", SQL_NO_ARGS);
    assert_true(rows_next(rows));
    store_begin(store);
    store_run(store, "UPDATE t SET more = 9 WHERE n = ?", SQL_ARGS(SQL_INT(rows_int(rows, 0))));
    assert_true(rows_next(rows));
    assert_int_equal(rows_int(rows, 0), 99);
    assert_false(rows_next(rows));
    store_commit(store);
    store_close(store);
}

static void write_bytes(struct store *store, int megabytes)
{
    size_t size = (size_t)megabytes * 1024 * 1024;
    char *bytes = calloc(1, size);
    assert_non_null(bytes);
    store_begin(store);
    store_run(store, "INSERT INTO t (b) VALUES (?)", SQL_ARGS(SQL_BLOB(bytes, size)));
    store_commit(store);
    free(bytes);
}

static int64_t file_megabytes(void)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_size / 1024 / 1024;
}

/* A commit makes the disk wait once; what more it has to do is done when nobody waits, or when the
 * log has become very long. */
static void the_log_is_copied_when_it_is_quiet(void **state)
{
    (void)state;
    struct store *store = open_good(1);
    write_bytes(store, 2);
    store_copy_log(store); /* not worth it yet */
    assert_int_equal(file_megabytes(), 0);
    write_bytes(store, 6);
    assert_int_equal(file_megabytes(), 0);
    store_copy_log(store);
    assert_int_equal(file_megabytes(), 8);
    write_bytes(store, 20);
    assert_int_equal(file_megabytes(), 8);
    write_bytes(store, 25);
    assert_int_equal(file_megabytes(), 53);
    store_close(store);
}

static void write_too_much(struct store *store)
{
    char bytes[200000] = "";
    struct rlimit limit = {100000, 0};
    struct rlimit before;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit.rlim_max = before.rlim_max;
    store_begin(store);
    store_run(store, "INSERT INTO t (b) VALUES (?)", SQL_ARGS(SQL_BLOB(bytes, sizeof(bytes))));
    setrlimit(RLIMIT_FSIZE, &limit);
    store_commit(store);
}

static void a_commit_that_finds_the_disk_full_ends_the_process_and_loses_nothing(void **state)
{
    (void)state;
    struct store *store = open_good(3);
    write_it(store);
    store_close(store);
    assert_int_equal(status_of(false, write_too_much), 70);
    store = open_good(3);
    assert_int_equal(rows_in(store), 2);
    write_it(store);
    assert_int_equal(rows_in(store), 3);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_commit_is_on_the_disk_when_it_was_synced),
        TEST(a_reader_sees_what_is_committed_and_writes_nothing),
        TEST(arguments_of_every_kind),
        TEST(rows_can_be_left_early_and_asked_again),
        TEST(a_statement_that_fails_ends_the_process),
        TEST(a_mark_is_kept_or_undone),
        TEST(what_is_not_committed_is_gone),
        TEST(the_log_is_copied_when_it_is_quiet),
        TEST(what_is_read_together_is_one_view),
        TEST(what_is_written_by_itself_is_committed),
        TEST(rows_that_are_read_outlast_a_beginning),
        TEST(a_commit_that_finds_the_disk_full_ends_the_process_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
