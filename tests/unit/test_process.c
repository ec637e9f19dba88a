/* A program of the operator's, run to its end: what it gets of us, and what we hear of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/http.h"
#include "io/process.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct {
    int times;
    bool good;
    char why[600];
    char output[70000];
} got;

static void on_done(void *ctx, const struct process_end *end)
{
    (void)ctx;
    got.times++;
    got.good = end->good;
    text_fit(got.why, sizeof(got.why), end->why);
    text_fit(got.output, sizeof(got.output), end->output);
}

/* A shell's script, run to its end. */
static void run(const char *script, int timeout_ms)
{
    uv_loop_t loop;
    char *words[] = {(char[]){"sh"}, (char[]){"-c"}, (char *)(uintptr_t)script, NULL};
    memset(&got, 0, sizeof(got));
    uv_loop_init(&loop);
    process_start(&loop, words, timeout_ms, on_done, NULL);
    assert_int_equal(got.times, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(got.times, 1);
}

static void its_output_is_taken(void **state)
{
    (void)state;
    run("echo hello; echo not this >&2", 20000);
    assert_true(got.good);
    assert_string_equal(got.output, "hello\n");
    assert_string_equal(got.why, "");
}

static void our_secrets_are_not_in_its_environment(void **state)
{
    static const char *const secrets[] = {"SLACK_APP_TOKEN",      "SLACK_BOT_TOKEN",
                                          "SLACK_BOT_TOKEN_FILE", "SLACK_APP_TOKEN_FILE",
                                          "PROXY_PASSWORD",       "PROXY_PASSWORD_FILE"};
    (void)state;
    for (size_t i = 0; i < COUNT(secrets); i++)
        setenv(secrets[i], "hush", 1);
    setenv("OF_THE_OPERATOR", "kept", 1);
    run("env", 20000);
    assert_null(strstr(got.output, "hush"));
    assert_non_null(strstr(got.output, "OF_THE_OPERATOR=kept"));
    assert_string_equal(getenv("SLACK_BOT_TOKEN"), "hush"); /* ours stays as it was */
    for (size_t i = 0; i < COUNT(secrets); i++)
        unsetenv(secrets[i]);
}

/* Libraries do not mark all of theirs. */
static void no_descriptor_of_ours_is_inherited(void **state)
{
    uv_loop_t loop;
    struct err err;
    (void)state;
    int sockets[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    int file = open("/dev/null", O_RDONLY);
    uv_loop_init(&loop);
    struct http *http = http_open(&loop, "", &err);
    run("exec ls /proc/self/fd", 20000);
    assert_true(got.good);
    assert_string_equal(got.output, "0\n1\n2\n3\n"); /* the last is the folder that it lists */
    http_close(http);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    close(sockets[0]);
    close(sockets[1]);
    close(file);
}

static void why_it_failed_is_told_without_secrets(void **state)
{
    static const struct {
        const char *script, *why;
    } rows[] = {
        {"exit 3", "its exit status is 3"},
        {"echo first >&2; echo 'the vault is locked' >&2; echo >&2; exit 1",
         "its exit status is 1; it says: the vault is locked"},
        {"echo 'bad key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY for AKIAIOSFODNN7EXAMPLE' >&2; "
         "exit 1",
         "its exit status is 1; it says: bad key *** for ***"},
        {"echo 'no /usr/local/lib/credential-helpers/config.json here' >&2; exit 1",
         "its exit status is 1; it says: no /usr/local/lib/credential-helpers/config.json here"},
        {"echo '0123456789abcdef0123456789abcdef01234567' >&2; kill -9 $$",
         "it was killed by signal 9; it says: ***"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        run(rows[i].script, 20000);
        assert_false(got.good);
        assert_string_equal(got.why, rows[i].why);
    }
}

static void its_errors_are_kept_bounded(void **state)
{
    (void)state;
    run("yes 'lots of words' | head -c 3000000 >&2; echo >&2; echo 'the last word' >&2; exit 1",
        60000);
    assert_string_equal(got.why, "its exit status is 1; it says: the last word");
    run("head -c 100000 /dev/zero | tr '\\0' 'x' >&2; exit 1", 60000);
    assert_true(strlen(got.why) < 300);
}

static void what_says_too_much_is_ended(void **state)
{
    (void)state;
    run("yes", 20000);
    assert_false(got.good);
    assert_string_equal(got.why, "its output is too long");
}

/* What it started goes with it, and holds nothing open for ever. */
static void all_that_it_started_is_ended_with_it(void **state)
{
    static const char *const scripts[] = {
        "echo $$; sleep 600 & wait",    /* it waits for what it started */
        "echo $$; sleep 600 & exit 0"}; /* it does not, but that holds its output */
    (void)state;
    for (size_t i = 0; i < COUNT(scripts); i++) {
        run(scripts[i], 300);
        assert_false(got.good);
        assert_string_equal(got.why, "it timed out");
        long group = atol(got.output);
        assert_true(group > 1);
        for (int tries = 0; kill((pid_t)-group, 0) == 0 && tries < 20000; tries++)
            usleep(1000); /* whoever is killed is not gone at once */
        assert_int_equal(kill((pid_t)-group, 0), -1);
        assert_int_equal(errno, ESRCH);
    }
}

static void a_program_that_is_not_there(void **state)
{
    uv_loop_t loop;
    char *words[] = {(char[]){"/nowhere/at-all"}, NULL};
    (void)state;
    memset(&got, 0, sizeof(got));
    uv_loop_init(&loop);
    process_start(&loop, words, 20000, on_done, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_false(got.good);
    assert_string_equal(got.why, "no such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_output_is_taken),
        cmocka_unit_test(our_secrets_are_not_in_its_environment),
        cmocka_unit_test(no_descriptor_of_ours_is_inherited),
        cmocka_unit_test(why_it_failed_is_told_without_secrets),
        cmocka_unit_test(its_errors_are_kept_bounded),
        cmocka_unit_test(what_says_too_much_is_ended),
        cmocka_unit_test(all_that_it_started_is_ended_with_it),
        cmocka_unit_test(a_program_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
