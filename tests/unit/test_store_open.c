/* The state file: making, finding and refusing it. */
#include "store_fixture.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/resource.h>

#include "log.h"
#include "run/migrations.h"

/* Change the file behind the store's back. */
static void by_hand(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* --- opening --- */

static void it_is_made_and_found_again(void **state)
{
    (void)state;
    struct stat about;
    mode_t mask = umask(022);
    struct store *store = open_good(1);
    assert_int_equal(umask(mask), 022); /* left as it was */
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(rows_in(store), 1);
    store_run(store, "INSERT INTO t (n) VALUES (2)", SQL_NO_ARGS);
    store_close(store);
    store = open_good(1);
    assert_int_equal(rows_in(store), 2); /* and the first step was not run again */
    store_close(store);
    store_close(NULL);
}

static void steps_are_taken_from_where_it_stands(void **state)
{
    (void)state;
    for (size_t from = 0; from <= 3; from++) {
        store_close(open_good(from));
        struct store *store = open_good(3);
        assert_int_equal(store_int(store, "PRAGMA user_version", SQL_NO_ARGS, -1), 3);
        assert_int_equal(store_int(store, "SELECT more FROM t", SQL_NO_ARGS, -1), 8);
        assert_int_equal(rows_in(store), 1);
        store_close(store);
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

static void a_step_that_fails_leaves_nothing(void **state)
{
    (void)state;
    static const char *const broken[] = {"CREATE TABLE t (n)",
                                         "INSERT INTO t VALUES (1); CREATE TABLE u (n); oops"};
    struct err err = {0};
    expect_refused(store_open(path, broken, 2, &err), &err, "schema step 2: ");
    assert_non_null(strstr(err.text, path));
    assert_non_null(strstr(err.text, "oops"));
    struct store *store = store_open(path, broken, 1, &err);
    assert_non_null(store); /* the first step stands, the lock is free */
    assert_int_equal(rows_in(store), 0);
    assert_int_equal(store_int(store, "SELECT count(*) FROM sqlite_schema", SQL_NO_ARGS, -1), 1);
    store_close(store);
}

/* What only COMMIT sees. */
static void a_step_that_cannot_be_committed_leaves_nothing(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "CREATE TABLE t (n INTEGER PRIMARY KEY)",
        "CREATE TABLE u (t REFERENCES t DEFERRABLE INITIALLY DEFERRED); INSERT INTO u VALUES (9)"};
    struct err err = {0};
    expect_refused(store_open(path, broken, 2, &err), &err, "schema step 2: FOREIGN KEY");
    struct store *store = store_open(path, broken, 1, &err);
    assert_non_null(store);
    assert_int_equal(store_int(store, "SELECT count(*) FROM sqlite_schema", SQL_NO_ARGS, -1), 1);
    store_close(store);
}

/* A table that others name can be rebuilt: with a new state, for example. */
static void any_table_can_be_rebuilt(void **state)
{
    (void)state;
    enum { MOST = 80 };
    const char *all[MOST];
    struct err err = {0};
    assert_true(bot_migration_count < MOST);
    memcpy(all, bot_migrations, bot_migration_count * sizeof(*all));
    all[bot_migration_count] =
        "CREATE TABLE new_request (number INTEGER PRIMARY KEY, revision INTEGER NOT NULL,"
        "  state TEXT NOT NULL, requester TEXT NOT NULL) STRICT;"
        "INSERT INTO new_request SELECT number, revision, state, requester FROM request;"
        "DROP TABLE request; ALTER TABLE new_request RENAME TO request;"
        "UPDATE request SET state = 'asleep'";
    all[bot_migration_count + 1] = "DELETE FROM request";
    struct store *store = store_open(path, all, bot_migration_count, &err);
    assert_non_null(store);
    store_run(store,
              "INSERT INTO request (number, revision, state, requester, created_at, changed_at)"
              " VALUES (7, 1, 'pending', 'U0SAM', 1, 1)",
              SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO revision (request, revision, content, form, created_at)"
              " VALUES (7, 1, 'x', 'form', 1)",
              SQL_NO_ARGS);
    store_close(store);
    store = store_open(path, all, bot_migration_count + 1, &err);
    assert_non_null(store);
    assert_int_equal(
        store_int(store, "SELECT count(*) FROM request WHERE state = 'asleep'", SQL_NO_ARGS, -1),
        1);
    assert_int_equal(store_int(store, "PRAGMA foreign_keys", SQL_NO_ARGS, -1), 1);
    store_close(store);
    /* ... but nothing may be left that names what is gone. */
    expect_refused(store_open(path, all, bot_migration_count + 2, &err), &err, "a row of revision");
    store = store_open(path, all, bot_migration_count + 1, &err);
    assert_non_null(store);
    assert_int_equal(store_int(store, "SELECT count(*) FROM request", SQL_NO_ARGS, -1), 1);
    store_close(store);
}

static void what_is_newer_is_refused(void **state)
{
    (void)state;
    store_close(open_good(3));
    expect_not_opened(2, "written by a newer cppo-bot (schema 3, this one knows 2)");
    struct err err = {0};
    expect_refused(store_open_reader(path, 2, &err), &err, "written by a newer cppo-bot");
    by_hand("PRAGMA user_version = -1");
    expect_not_opened(3, "schema -1");
    by_hand("PRAGMA user_version = 3");
    store_close(open_good(3));
}

static void another_programs_database_is_refused(void **state)
{
    (void)state;
    by_hand("CREATE TABLE theirs (x)");
    expect_not_opened(3, "it is some other program's database");
    by_hand("DROP TABLE theirs; PRAGMA application_id = 42");
    expect_not_opened(3, "it is some other program's database");
    by_hand("PRAGMA application_id = 0");
    store_close(open_good(3)); /* an empty one is as good as none */
}

static void one_that_another_program_writes_is_refused(void **state)
{
    (void)state;
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    expect_not_opened(3, "database is locked");
    sqlite3_close(db);
    store_close(open_good(3));
}

static void put_bytes(const char *bytes, size_t size, off_t at, int flags)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, size, at), size);
    close(fd);
}

static void what_is_no_database_is_refused_and_left_alone(void **state)
{
    (void)state;
    static const char text[] = "Dear diary, this is not a database, and it shall stay as it is.\n"
                               "It is long enough to have a header of a hundred bytes, though.\n";
    char read_back[sizeof(text)];
    put_bytes(text, sizeof(text), 0, 0);
    expect_not_opened(3, "file is not a database");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, read_back, sizeof(read_back)), sizeof(text));
    close(fd);
    assert_memory_equal(read_back, text, sizeof(text));
}

static void a_damaged_one_is_refused(void **state)
{
    (void)state;
    struct stat about;
    char garbage[4096];
    struct store *store = open_good(3);
    for (int i = 0; i < 300; i++)
        store_run(store, "INSERT INTO t (n, s) VALUES (?, 'some words to fill the pages with')",
                  SQL_ARGS(SQL_INT(i)));
    store_close(store);
    assert_int_equal(stat(path, &about), 0);
    assert_true(about.st_size >= 4 * 4096);
    memset(garbage, 0xA5, sizeof(garbage));
    put_bytes(garbage, sizeof(garbage), about.st_size - 4096, 0);
    expect_not_opened(3, "damaged");
    expect_not_opened(3, path);
    assert_int_equal(truncate(path, 4096 + 100), 0);
    expect_not_opened(3, path);
}

/* One row that says what its table does not allow stops no start; a check tells of it. */
static void a_row_against_the_rules_is_no_damage(void **state)
{
    static const char *const rules[] = {"CREATE TABLE t (n INTEGER CHECK (n > 0))"};
    struct err err = {0};
    (void)state;
    store_close(store_open(path, rules, 1, &err));
    by_hand("PRAGMA ignore_check_constraints = ON; INSERT INTO t VALUES (-1)");
    struct store *store = store_open(path, rules, 1, &err);
    assert_non_null(store);
    assert_int_equal(store_int(store, "PRAGMA ignore_check_constraints", SQL_NO_ARGS, -1), 0);
    assert_int_equal(store_check(store, &err), -1);
    assert_non_null(strstr(err.text, "CHECK constraint failed in t"));
    store_close(store);
}

/* All of it is: ${words} of what is wrong, NULL: nothing. */
static void expect_checked(const char *words)
{
    struct err err = {0};
    struct store *store = store_open_reader(path, 3, &err);
    assert_non_null(store);
    assert_true(store_is_large(store));
    assert_true(store_size(store) > 32 * 1024 * 1024);
    int failed = store_check(store, &err);
    store_close(store);
    assert_int_equal(failed, words != NULL ? -1 : 0);
    assert_true(words == NULL || strstr(err.text, words) != NULL);
}

/* Of a large one only what does not grow is checked at the start, which would take longer each
 * year; the rest is noticed when it is read. */
static void a_large_one_is_checked_in_part(void **state)
{
    (void)state;
    char garbage[4096];
    struct stat about;
    struct store *store = open_good(3);
    by_hand("WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 25000)"
            " INSERT INTO t (n, s) SELECT i, hex(zeroblob(800)) FROM c");
    store_close(store);
    assert_int_equal(stat(path, &about), 0);
    assert_true(about.st_size > 32 * 1024 * 1024);
    memset(garbage, 0xA5, sizeof(garbage));
    expect_checked(NULL);
    put_bytes(garbage, sizeof(garbage), about.st_size / 2, 0);
    store_close(open_good(3));
    expect_checked("damaged");
    by_hand("CREATE TABLE small (n INTEGER); INSERT INTO small VALUES (1)");
    assert_int_equal(stat(path, &about), 0);
    put_bytes(garbage, sizeof(garbage), about.st_size - 4096, 0);
    expect_not_opened(3, "damaged");
}

static void the_path_may_be_wrong(void **state)
{
    (void)state;
    char good[sizeof(path)];
    memcpy(good, path, sizeof(path));
    snprintf(path, sizeof(path), "%s/none/state.db", directory);
    expect_not_opened(3, "Check store.path");
    memcpy(path, good, sizeof(path));
    char lock[120];
    snprintf(lock, sizeof(lock), "%s.lock", path);
    assert_int_equal(symlink("/tmp/cppo-test-elsewhere", lock), 0);
    expect_not_opened(3, "cannot be opened"); /* never through a link */
    assert_int_not_equal(access("/tmp/cppo-test-elsewhere", F_OK), 0);
    unlink(lock);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_not_opened(3, "cannot be opened");
    assert_int_equal(rmdir(path), 0);
}

static void a_reader_needs_a_database(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(mkdir(path, 0700), 0);
    expect_refused(store_open_reader(path, 3, &err), &err, "cannot be opened");
    assert_int_equal(rmdir(path), 0);
    put_bytes("Dear diary", 10, 0, 0);
    expect_refused(store_open_reader(path, 3, &err), &err, "file is not a database");
}

static void a_lock_that_says_nothing_of_its_owner_is_a_lock(void **state)
{
    (void)state;
    char lock[120];
    snprintf(lock, sizeof(lock), "%s.lock", path);
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    expect_not_opened(3, "in use by another bot (process unknown)");
    close(fd);
    store_close(open_good(3));
}

static void a_lock_that_cannot_be_written_is_told(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit none = {0, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    struct err err = {0};
    struct store *store = store_open(path, steps, 3, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    expect_refused(store, &err, "cannot be written");
}

static void two_bots_on_one_file_are_refused(void **state)
{
    (void)state;
    char words[80];
    int pipes[2], status = 0;
    struct store *store = open_good(3);
    snprintf(words, sizeof(words), "in use by another bot (process %ld)", (long)getpid());
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        struct err err = {0};
        bool opened = store_open(path, steps, 3, &err) != NULL;
        ssize_t size = write(pipes[1], err.text, strlen(err.text));
        _exit(opened || size < 0);
    }
    waitpid(child, &status, 0);
    close(pipes[1]);
    char text[600] = "";
    assert_true(read(pipes[0], text, sizeof(text) - 1) > 0);
    close(pipes[0]);
    assert_int_equal(status, 0);
    assert_non_null(strstr(text, words));
    assert_non_null(strstr(text, path));
    expect_not_opened(3, "in use by another bot"); /* nor twice in one */
    store_run(store, "INSERT INTO t (n) VALUES (2)", SQL_NO_ARGS);
    store_close(store);
    store_close(open_good(3));
}

/* A second name would have a journal of its own, and a second bot. */
static void other_names_of_one_file_are_refused(void **state)
{
    (void)state;
    char link_name[120], other[120];
    struct err err = {0};
    struct store *store = open_good(3);
    snprintf(link_name, sizeof(link_name), "%s/link.db", directory);
    snprintf(other, sizeof(other), "%s/other.db", directory);
    assert_int_equal(symlink(path, link_name), 0);
    expect_refused(store_open(link_name, steps, 3, &err), &err, "in use by another bot (process ");
    assert_null(strstr(err.text, "unknown"));
    assert_int_equal(link(path, other), 0);
    expect_refused(store_open(other, steps, 3, &err), &err, "2 names");
    store_close(store);
    expect_not_opened(3, "2 names"); /* nor by the first */
    unlink(other);
    store = store_open(link_name, steps, 3, &err); /* a link alone does no harm */
    assert_non_null(store);
    expect_not_opened(3, "in use by another bot");
    store_close(store);
    unlink(link_name);
}

/* The lock file was removed, or the state file put in its place under another name. */
static void the_file_itself_is_locked(void **state)
{
    (void)state;
    char lock[140], moved[120];
    struct err err = {0};
    struct store *store = open_good(3);
    snprintf(lock, sizeof(lock), "%s.lock", path);
    snprintf(moved, sizeof(moved), "%s/moved.db", directory);
    assert_int_equal(unlink(lock), 0);
    expect_not_opened(3, "in use by another bot");
    assert_int_equal(rename(path, moved), 0);
    expect_refused(store_open(moved, steps, 3, &err), &err, "in use by another bot");
    assert_int_equal(rename(moved, path), 0);
    store_close(store);
    snprintf(lock, sizeof(lock), "%s.lock", moved);
    unlink(lock);
}

static void it_is_nobody_elses_to_read(void **state)
{
    (void)state;
    struct stat about;
    store_close(open_good(3));
    assert_int_equal(chmod(path, 0664), 0);
    log_set_level(LOG_LEVEL_ERROR);
    store_close(open_good(3));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static off_t mark_size(void)
{
    struct stat about;
    char name[120];
    snprintf(name, sizeof(name), "%s.mark", path);
    assert_int_equal(stat(name, &about), 0);
    return about.st_size;
}

static void what_stands_beside_it_outlives_it(void **state)
{
    (void)state;
    char copy[120];
    struct err err = {0};
    struct store *store = open_good(3);
    assert_string_equal(store_beside(store), "");
    assert_false(store_moved(store));
    store_put_beside(store, "life 7");
    store_close(store);
    store = open_good(3);
    assert_string_equal(store_beside(store), ""); /* nothing was committed */
    store_put_beside(store, "life 7");
    store_begin(store);
    store_commit(store);
    store_close(store);
    store = open_good(3);
    assert_string_equal(store_beside(store), ""); /* a power cut could have taken that commit */
    store_put_beside(store, "life 7");
    store_begin(store);
    store_commit(store);
    store_synced(store, store_sync(store));
    store_close(store);
    store = open_good(3);
    assert_string_equal(store_beside(store), "life 7");
    off_t size = mark_size();
    store_put_beside(store, "7");
    store_begin(store);
    store_commit(store);
    store_synced(store, store_sync(store));
    store_close(store);
    assert_int_equal(mark_size(), size); /* it was not cut: the disk would be waited for */
    assert_int_equal(unlink(path), 0);
    store = open_good(3);
    assert_string_equal(store_beside(store), "7"); /* nothing of what was longer */
    store_close(store);
    snprintf(copy, sizeof(copy), "%s.put_back", path); /* another file in its place */
    int fd = open(copy, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    close(fd);
    assert_int_equal(rename(copy, path), 0);
    store = store_open(path, steps, 3, &err);
    assert_non_null(store);
    assert_string_equal(store_beside(store), "7");
    assert_true(store_moved(store));
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_made_and_found_again),
        TEST(steps_are_taken_from_where_it_stands),
        TEST(a_step_that_fails_leaves_nothing),
        TEST(a_step_that_cannot_be_committed_leaves_nothing),
        TEST(any_table_can_be_rebuilt),
        TEST(what_is_newer_is_refused),
        TEST(another_programs_database_is_refused),
        TEST(one_that_another_program_writes_is_refused),
        TEST(what_is_no_database_is_refused_and_left_alone),
        TEST(a_damaged_one_is_refused),
        TEST(a_large_one_is_checked_in_part),
        TEST(a_row_against_the_rules_is_no_damage),
        TEST(the_path_may_be_wrong),
        TEST(a_reader_needs_a_database),
        TEST(a_lock_that_says_nothing_of_its_owner_is_a_lock),
        TEST(a_lock_that_cannot_be_written_is_told),
        TEST(two_bots_on_one_file_are_refused),
        TEST(other_names_of_one_file_are_refused),
        TEST(the_file_itself_is_locked),
        TEST(it_is_nobody_elses_to_read),
        TEST(what_stands_beside_it_outlives_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
