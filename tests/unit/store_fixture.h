/* A state file in a directory of its own. */
#ifndef CPPO_TESTS_STORE_FIXTURE_H
#define CPPO_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/store.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const char *const steps[] = {
    "CREATE TABLE t (n INTEGER, s TEXT, b BLOB); INSERT INTO t (n, s) VALUES (1, 'one')",
    "ALTER TABLE t ADD COLUMN more INTEGER DEFAULT 7; CREATE INDEX t_n ON t (n)",
    "UPDATE t SET more = 8",
};

static char directory[64], path[100];

static inline int set_up(void **state)
{
    (void)state;
    snprintf(directory, sizeof(directory), "/tmp/cppo-test-XXXXXX");
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/state.db", directory);
    return 0;
}

static inline int tear_down(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".mark"};
    (void)state;
    for (size_t i = 0; i < COUNT(ends); i++) {
        char name[120];
        snprintf(name, sizeof(name), "%s%s", path, ends[i]);
        unlink(name);
    }
    return rmdir(directory);
}

static inline struct store *open_good(size_t count)
{
    struct err err = {0};
    struct store *store = store_open(path, steps, count, &err);
    if (store == NULL)
        fail_msg("refused: %s", err.text);
    assert_string_equal(err.text, "");
    return store;
}

static inline void expect_refused(struct store *store, const struct err *err, const char *words)
{
    if (store != NULL)
        fail_msg("it was opened");
    if (strstr(err->text, words) == NULL)
        fail_msg("“%s” is not in: %s", words, err->text);
}

static inline void expect_not_opened(size_t count, const char *words)
{
    struct err err = {0};
    expect_refused(store_open(path, steps, count, &err), &err, words);
}

static inline int64_t rows_in(struct store *store)
{
    return store_int(store, "SELECT count(*) FROM t", SQL_NO_ARGS, -1);
}

#endif
