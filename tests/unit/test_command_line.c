/* What cppo-bot says to one who does not know it yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/store.h"
#include "run/migrations.h"
#include "text.h"
#include "version.h"

/* The program beside this one. On the heap. */
static char *the_bot(void)
{
    char self[400];
    ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
    assert_true(size > 0);
    self[size] = '\0';
    *strrchr(self, '/') = '\0';
    return text_format("%s/cppo-bot", self);
}

/* With these words behind it; its status, and in ${said} what it said. */
static int run(const char *words, char *said, size_t capacity)
{
    char *program = the_bot();
    char *line = text_format("%s %s 2>/dev/null", program, words);
    FILE *output = popen(line, "r");
    assert_non_null(output);
    said[fread(said, 1, capacity - 1, output)] = '\0';
    free(line);
    free(program);
    return WEXITSTATUS(pclose(output));
}

static void expect_said(const char *words, const char *const *parts)
{
    char said[4000];
    if (run(words, said, sizeof(said)) != 0)
        fail_msg("cppo-bot %s", words);
    for (; *parts != NULL; parts++) {
        if (strstr(said, *parts) == NULL)
            fail_msg("cppo-bot %s does not say “%s”: %s", words, *parts, said);
    }
}

static void it_tells_all_commands(void **state)
{
    static const char *const asked[] = {"help", "-h", "--help"};
    static const char *const parts[] = {
        "cppo-bot run ",  "cppo-bot check ",        "cppo-bot offers ", "cppo-bot policy test ",
        "cppo-bot init ", "cppo-bot config-table ", "COMMAND --help",   NULL};
    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
        expect_said(asked[i], parts);
}

/* Its own options, and what each exit code means. */
static void every_command_tells_of_itself(void **state)
{
    static const struct {
        const char *command;
        const char *parts[12];
    } told[] = {
        {"run",
         {"cppo-bot run [--config FILE]\n", "\n  --config FILE ", "\n   0  ", "\n  64  ",
          "\n  70  ", "\n  71  ", "\n  75  ", "\n  78  "}},
        {"check",
         {"cppo-bot check [--config FILE]\n", "\n  --config FILE ", "\n   0  ", "\n   1  ",
          "\n  64  ", "\n  78  "}},
        {"offers",
         {"cppo-bot offers [STATE | CPPO-12] [--json] [--config FILE]\n", "\n  --json ",
          "\n  --config FILE ", "\n   0  ", "\n   1  ", "\n  64  ", "\n  78  "}},
        {"policy",
         {"cppo-bot policy test [CPPO-12 | --all] [--config FILE]\n", "\n  --all ",
          "\n  --config FILE ", "\n   0  ", "\n   1  ", "\n  64  ", "\n  78  "}},
        {"init",
         {"cppo-bot init [--config FILE]\n", "\n  --config FILE ", "\n   0  ", "\n  64  ",
          "\n  73  "}},
        {"config-table", {"cppo-bot config-table\n", "\n   0  ", "\n  64  "}},
    };
    static const char *const ways[] = {"%s --help", "--help %s", "help %s", "%s -h --wrong"};
    (void)state;
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        for (size_t way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
            char words[60];
            const char *between = strstr(ways[way], "%s");
            snprintf(words, sizeof(words), "%.*s%s%s", (int)(between - ways[way]), ways[way],
                     told[i].command, between + 2);
            expect_said(words, told[i].parts);
        }
    }
}

static void it_tells_its_version(void **state)
{
    char said[4000];
    (void)state;
    assert_int_equal(run("--version", said, sizeof(said)), 0);
    assert_string_equal(said, "cppo-bot " CPPO_VERSION "\n");
    assert_int_equal(run("run --version", said, sizeof(said)), 0);
    assert_string_equal(said, "cppo-bot " CPPO_VERSION "\n");
}

static void what_it_does_not_know_is_refused(void **state)
{
    static const char *const asked[] = {
        "",           "fly",    "run fast",    "--loud run",   "run --config",
        "run --json", "policy", "policy rest", "offers --all", "policy test 1 --all",
        "fly --help"};
    char said[4000];
    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        if (run(asked[i], said, sizeof(said)) != 64 || *said != '\0')
            fail_msg("cppo-bot %s", asked[i]);
    }
}

/* --- ended before it began --- */

static int listen_somewhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 4), 0);
    getsockname(fd, (struct sockaddr *)&address, &size);
    *port = ntohs(address.sin_port);
    return fd;
}

static bool without_rights;

/* For a bot that root starts as somebody without rights, who may not see where it lies. */
static void become_nobody(const char *dir)
{
    static const uid_t nobody = 65534;
    if (geteuid() == 0 &&
        (chown(dir, nobody, nobody) != 0 || setgid(nobody) != 0 || setuid(nobody) != 0))
        _exit(1);
}

/* Else there would be no core, whatever the bot does: the address sanitizer forbids them, too. */
static void allow_cores(void)
{
    struct rlimit limit = {1 << 20, 1 << 20};
    const char *options = getenv("ASAN_OPTIONS");
    char *with = text_format("%s:disable_coredump=0", options != NULL ? options : "");
    setenv("ASAN_OPTIONS", with, 1);
    free(with);
    if (setrlimit(RLIMIT_CORE, &limit) != 0) { /* the highest that we may, then */
        getrlimit(RLIMIT_CORE, &limit);
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_CORE, &limit);
    }
}

/* Slack takes the call, and says nothing. */
static pid_t start_before(int slack, int aws, const char *dir)
{
    char url[60];
    char sts[60];
    char *program = the_bot();
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", slack);
    snprintf(sts, sizeof(sts), "http://127.0.0.1:%d", aws);
    pid_t bot = fork();
    if (bot != 0) {
        free(program);
        return bot;
    }
    setenv("SLACK_API_URL", url, 1);
    setenv("AWS_ENDPOINT_URL_STS", sts, 1);
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    setenv("SLACK_APP_TOKEN", "xapp-1", 1);
    setenv("SLACK_BOT_TOKEN", "xoxb-1", 1);
    if (chdir(dir) != 0 || freopen("/dev/null", "w", stderr) == NULL)
        _exit(1);
    int fd = open(program, O_RDONLY | O_CLOEXEC);
    allow_cores();
    if (without_rights)
        become_nobody(".");
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves none behind */
    char *const words[] = {program, (char[]){"run"}, NULL};
    fexecve(fd, words, environ);
    _exit(1);
}

/* A directory with a configuration. */
static void make_home(char *dir)
{
    char path[60];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/cppo.yaml", dir);
    FILE *file = fopen(path, "we");
    fputs("slack: {channels: {approvals: C0APPROVALS, announcements: C0OFFERS}}\n"
          "aws: {account: \"111122223333\"}\npeople: {approvers: {users: [U0APPROVER]}}\n",
          file);
    fclose(file);
}

/* Nothing else is left in its directory. */
static void clear_home(const char *dir)
{
    static const char *const files[] = {"cppo.yaml",   "cppo.db",     "cppo.db.lock",
                                        "cppo.db-wal", "cppo.db-shm", "cppo.db.mark"};
    char path[60];
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(dir), 0);
}

/* It ends well. */
static void end_at(pid_t bot, const char *dir)
{
    int status;
    kill(bot, SIGTERM);
    assert_int_equal(waitpid(bot, &status, 0), bot);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    clear_home(dir);
}

static void a_bot_that_nobody_answers_can_be_ended(void **state)
{
    char dir[] = "/tmp/cppo-run-XXXXXX";
    int port;
    (void)state;
    make_home(dir);
    int slack = listen_somewhere(&port);
    pid_t bot = start_before(port, port, dir);
    int caller = accept(slack, NULL, NULL);
    end_at(bot, dir);
    close(caller);
    close(slack);
}

/* A watchdog's, an operator's or a library's: it ends the process by that signal; and no core is
 * written, though the shell would allow one: it would hold the tokens. */
static void an_abort_ends_it_without_a_core(void **state)
{
    char dir[] = "/tmp/cppo-run-XXXXXX";
    struct stat about;
    char path[60];
    char all[4000];
    int status, port;
    (void)state;
    make_home(dir);
    int slack = listen_somewhere(&port);
    without_rights = true;
    pid_t bot = start_before(port, port, dir);
    without_rights = false;
    int caller = accept(slack, NULL, NULL);
    snprintf(path, sizeof(path), "/proc/%ld/limits", (long)bot);
    FILE *limits = fopen(path, "re");
    assert_non_null(limits);
    all[fread(all, 1, sizeof(all) - 1, limits)] = '\0';
    fclose(limits);
    const char *core = strstr(all, "Max core file size");
    assert_non_null(core);
    assert_memory_equal(core + strcspn(core, "0123456789u"), "0      ", 7);
    snprintf(path, sizeof(path), "/proc/%ld/environ", (long)bot);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_uid, 0); /* so the kernel marks what may not be looked into */
    kill(bot, SIGABRT);
    alarm(20); /* without it this would wait for ever */
    assert_int_equal(waitpid(bot, &status, 0), bot);
    alarm(0);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_false(WCOREDUMP(status));
    close(caller);
    close(slack);
    clear_home(dir);
}

/* Slack says nothing after the restart; what is under way at AWS goes on all the same. */
static void who_has_been_here_before_does_not_wait_for_slack(void **state)
{
    char dir[] = "/tmp/cppo-run-XXXXXX";
    char path[60];
    struct err err = {0};
    int ports[2];
    (void)state;
    make_home(dir);
    snprintf(path, sizeof(path), "%s/cppo.db", dir);
    struct store *store = store_open(path, bot_migrations, bot_migration_count, &err);
    store_run(store,
              "INSERT INTO setting (name, value) VALUES ('slack.team', 'T0HOME'),"
              " ('slack.bot_user', 'U0BOT')",
              SQL_NO_ARGS);
    store_close(store);
    int slack = listen_somewhere(&ports[0]);
    int aws = listen_somewhere(&ports[1]);
    pid_t bot = start_before(ports[0], ports[1], dir);
    alarm(60); /* without it this would wait for ever */
    int caller = accept(aws, NULL, NULL);
    alarm(0);
    end_at(bot, dir);
    close(caller);
    close(slack);
    close(aws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_all_commands),
        cmocka_unit_test(every_command_tells_of_itself),
        cmocka_unit_test(it_tells_its_version),
        cmocka_unit_test(what_it_does_not_know_is_refused),
        cmocka_unit_test(a_bot_that_nobody_answers_can_be_ended),
        cmocka_unit_test(an_abort_ends_it_without_a_core),
        cmocka_unit_test(who_has_been_here_before_does_not_wait_for_slack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
