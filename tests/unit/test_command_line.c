/* What cppo-bot says to one who does not know it yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "text.h"

/* The program beside this one, with these words behind it; its status, what it said in ${said}. */
static int run(const char *words, char *said, size_t room)
{
    char self[400];
    ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
    assert_true(size > 0);
    self[size] = '\0';
    *strrchr(self, '/') = '\0';
    char *line = text_format("%s/cppo-bot %s 2>/dev/null", self, words);
    FILE *output = popen(line, "r");
    assert_non_null(output);
    said[fread(said, 1, room - 1, output)] = '\0';
    free(line);
    return WEXITSTATUS(pclose(output));
}

static void every_command_tells_what_it_does(void **state)
{
    static const char *const asked[] = {"--help",        "run --help",   "check --help",
                                        "offers --help", "init --help",  "config-table --help",
                                        "--help run",    "--help offers"};
    char said[4000];
    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        if (run(asked[i], said, sizeof(said)) != 0 || strstr(said, "serve the workspace") == NULL)
            fail_msg("cppo-bot %s", asked[i]);
    }
}

static void what_it_does_not_know_is_refused(void **state)
{
    static const char *const asked[] = {"", "fly", "run fast", "--loud run", "run --config"};
    char said[4000];
    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        if (run(asked[i], said, sizeof(said)) != 64 || *said != '\0')
            fail_msg("cppo-bot %s", asked[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_tells_what_it_does),
        cmocka_unit_test(what_it_does_not_know_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
