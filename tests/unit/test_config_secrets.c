/* The secrets: where they are looked for, and which files are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "mem.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char directory[64];
static char secret_file[128];

static void put_secret(const char *value, mode_t mode)
{
    snprintf(secret_file, sizeof(secret_file), "%s/CPPO_T", directory);
    unlink(secret_file);
    FILE *file = fopen(secret_file, "w");
    assert_non_null(file);
    fputs(value, file);
    fclose(file);
    chmod(secret_file, mode);
}

static int secrets_end(void **state)
{
    (void)state;
    unsetenv("CPPO_T");
    unsetenv("CPPO_T_FILE");
    unsetenv("CREDENTIALS_DIRECTORY");
    return 0;
}

static int secrets_begin(void **state)
{
    secrets_end(state);
    snprintf(directory, sizeof(directory), "/tmp/cppo-test-XXXXXX");
    return mkdtemp(directory) == NULL;
}

static void expect_secret(const char *wanted)
{
    struct err err = {0};
    char *secret = config_secret("CPPO_T", &err);
    if (secret == NULL)
        fail_msg("no secret: %s", err.text);
    assert_string_equal(secret, wanted);
    assert_string_equal(err.text, "");
    mem_wipe_free(secret);
}

static void expect_no_secret(const char *words)
{
    struct err err = {0};
    assert_null(config_secret("CPPO_T", &err));
    if (strstr(err.text, words) == NULL)
        fail_msg("“%s” is not in: %s", words, err.text);
    assert_null(strstr(err.text, "hidden"));
}

static void a_secret_comes_from_three_places_in_order(void **state)
{
    (void)state;
    expect_no_secret("CPPO_T is not set: export it, or name a file in CPPO_T_FILE");
    setenv("CREDENTIALS_DIRECTORY", directory, 1);
    expect_no_secret("CPPO_T is not set");
    put_secret("hidden-1\n", 0440); /* as systemd gives them: it guards the directory */
    expect_secret("hidden-1");
    chmod(secret_file, 0400);
    char *other = text_format("%s.other", secret_file);
    rename(secret_file, other);
    put_secret("hidden-2", 0600);
    setenv("CPPO_T_FILE", other, 1);
    expect_secret("hidden-1");
    setenv("CPPO_T", "hidden-3", 1);
    expect_secret("hidden-3");
    setenv("CPPO_T", "", 1); /* empty is not set */
    expect_secret("hidden-1");
    setenv("CPPO_T_FILE", "", 1);
    expect_secret("hidden-2");
    unlink(other);
    free(other);
    unlink(secret_file);
    rmdir(directory);
}

static void a_secret_is_trimmed(void **state)
{
    (void)state;
    setenv("CPPO_T", "hidden x \t\r\n\n", 1);
    expect_secret("hidden x");
    unsetenv("CPPO_T");
    put_secret("hidden\r\n", 0600);
    setenv("CPPO_T_FILE", secret_file, 1);
    expect_secret("hidden");
    unlink(secret_file);
    rmdir(directory);
}

static void a_secret_file_must_be_private_and_full(void **state)
{
    (void)state;
    static const mode_t open_modes[] = {0644, 0640, 0604, 0620, 0601};
    for (size_t i = 0; i < COUNT(open_modes); i++) {
        put_secret("hidden", open_modes[i]);
        setenv("CPPO_T_FILE", secret_file, 1);
        expect_no_secret("can be read by others: chmod 600 it");
    }
    put_secret("  \n ", 0600);
    expect_no_secret("is empty");
    char *long_one = text_format("%05000d", 1);
    put_secret(long_one, 0600);
    free(long_one);
    expect_no_secret("too large");
    put_secret("  \thidden \n", 0600);
    expect_secret("hidden");
    put_secret("", 0600);
    expect_no_secret("is empty");
    unlink(secret_file);
    expect_no_secret("CPPO_T cannot be read: No such file");
    rmdir(directory);
    setenv("CPPO_T_FILE", "/dev", 1);
    expect_no_secret("/dev");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_secret_comes_from_three_places_in_order, secrets_begin,
                                        secrets_end),
        cmocka_unit_test_setup_teardown(a_secret_is_trimmed, secrets_begin, secrets_end),
        cmocka_unit_test_setup_teardown(a_secret_file_must_be_private_and_full, secrets_begin,
                                        secrets_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
