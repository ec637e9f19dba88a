/* The state file's log is copied by another thread: which of them waits for the disk. */
#include "store_fixture.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#include "io/store_copier.h"

enum { MEGABYTE = 1024 * 1024 };

static pthread_t loop_thread;
static atomic_int loop_syncs, other_syncs;

static int synced(int fd, long call)
{
    atomic_fetch_add(pthread_equal(pthread_self(), loop_thread) ? &loop_syncs : &other_syncs, 1);
    return (int)syscall(call, fd);
}

int fdatasync(int fd)
{
    return synced(fd, SYS_fdatasync);
}

int fsync(int fd)
{
    return synced(fd, SYS_fsync);
}

/* --- the loop --- */

static uv_loop_t loop;
static struct store *store;
static struct store_copier *copier;

static void begin(void)
{
    loop_thread = pthread_self();
    store = open_good(1);
    assert_int_equal(uv_loop_init(&loop), 0);
    copier = store_copier_new(&loop, store);
}

static void end(void)
{
    uv_run(&loop, UV_RUN_DEFAULT);
    store_copier_free(copier);
    store_close(store);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void commit(size_t size)
{
    char *bytes = calloc(1, size);
    assert_non_null(bytes);
    store_begin(store);
    store_run(store, "INSERT INTO t (b) VALUES (?)", SQL_ARGS(SQL_BLOB(bytes, size)));
    store_commit(store);
    store_synced(store, store_sync(store));
    free(bytes);
}

static int64_t megabytes(const char *end)
{
    struct stat about;
    char name[120];
    snprintf(name, sizeof(name), "%s%s", path, end);
    assert_int_equal(stat(name, &about), 0);
    return about.st_size / MEGABYTE;
}

/* --- the tests --- */

static void the_loop_waits_for_its_commits_alone(void **state)
{
    (void)state;
    begin();
    commit(MEGABYTE); /* the log's first sync is for its head, too */
    loop_syncs = other_syncs = 0;
    for (int i = 0; i < 20; i++) {
        commit(MEGABYTE);
        uv_run(&loop, UV_RUN_DEFAULT);
        store_copy_log(store);
        uv_run(&loop, UV_RUN_DEFAULT);
    }
    assert_in_range(loop_syncs, 20, 20 + 20 / 2); /* a log that begins anew has a head of its own */
    assert_true(other_syncs > 0);
    assert_true(megabytes("") >= 16);
    end();
}

static void what_is_copied_stays_when_the_log_begins_anew(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 10; i++)
        commit(MEGABYTE);
    uv_run(&loop, UV_RUN_DEFAULT);
    commit(100);
    end();
    store = open_good(1);
    assert_int_equal(rows_in(store), 12);
    store_close(store);
}

/* Where something is written all the while, too. */
static void the_log_does_not_grow_for_ever(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 200; i++) {
        commit(MEGABYTE);
        uv_run(&loop, i % 3 == 0 ? UV_RUN_DEFAULT : UV_RUN_NOWAIT);
        commit(5000); /* the copy ended before this */
    }
    assert_in_range(megabytes("-wal"), 1, 130);
    end();
}

/* ... and where the other thread never comes to it. */
static void without_the_other_thread_it_does_not_either(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 200; i++)
        commit(MEGABYTE);
    assert_in_range(megabytes("-wal"), 1, 130);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_loop_waits_for_its_commits_alone),
        TEST(what_is_copied_stays_when_the_log_begins_anew),
        TEST(the_log_does_not_grow_for_ever),
        TEST(without_the_other_thread_it_does_not_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
