/* A world: its directory, and the processes that run in it. */
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../blank_book.h"
#include "driver.h"
#include "mem.h"
#include "text.h"

/* --- processes --- */

static char **environment(const struct world *world)
{
    extern char **environ;
    char *path = text_format("%s/sandbox.env", world->dir);
    FILE *file = fopen(path, "re");
    char line[500];
    size_t count = 0;
    char **list = NULL;
    for (char **one = environ; *one != NULL; one++) {
        if (strncmp(*one, "AWS_", 4) == 0 || strncmp(*one, "SLACK_", 6) == 0)
            continue; /* only what the world says */
        list = mem_resize(list, count + 2, sizeof(*list));
        list[count++] = mem_copy(*one);
    }
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        list = mem_resize(list, count + 2, sizeof(*list));
        list[count++] = mem_copy(line);
    }
    list[count] = NULL;
    if (file != NULL)
        fclose(file);
    free(path);
    return list;
}

static void free_list(char **list)
{
    for (char **one = list; *one != NULL; one++)
        free(*one);
    free(list);
}

int world_run(struct world *world, const char **said, ...)
{
    enum { MAX_WORDS = 6 };
    static char output[65536];
    char *program = text_format("%s/cppo-bot", world->bin);
    char *config = text_format("%s/cppo.yaml", world->dir);
    char *words[MAX_WORDS + 1] = {program, (char[]){"--config"}, config};
    char **env = environment(world);
    int pipes[2];
    size_t size = 0;
    int status = 0;
    va_list args;
    va_start(args, said);
    for (int i = 3; i < MAX_WORDS && (words[i] = va_arg(args, char *)) != NULL; i++)
        ;
    va_end(args);
    expect(world, pipe(pipes) == 0, "there are pipes");
    pid_t child = fork();
    if (child == 0) {
        dup2(pipes[1], 1);
        dup2(pipes[1], 2);
        execve(program, words, env);
        _exit(127);
    }
    close(pipes[1]);
    for (ssize_t got; (got = read(pipes[0], output + size, sizeof(output) - 1 - size)) > 0;)
        size += (size_t)got;
    output[size] = '\0';
    close(pipes[0]);
    waitpid(child, &status, 0);
    free_list(env);
    free(program);
    free(config);
    *said = output;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void write_clock(const struct world *world)
{
    char *path = text_format("%s/clock", world->dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (pwrite(fd, world->clock, sizeof(world->clock), 0) != sizeof(world->clock))
        abort();
    close(fd);
    free(path);
}

void world_set_clock(struct world *world, int64_t by_ms)
{
    world->clock[0] = by_ms;
    write_clock(world);
}

/* Let the bot's machine sleep for so long. Whole seconds. */
static void world_suspend(struct world *world, int64_t ms)
{
    world->clock[1] += ms;
    write_clock(world);
}

/* To read; NULL also for a pipe, which would be waited for. */
static FILE *open_plain(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) ? fopen(path, "re") : NULL;
}

/* How often the bot's log says that something AWS may not list yet is looked for on. */
static int doubts(const struct world *world)
{
    char *path = text_format("%s/bot.log", world->dir);
    FILE *file = open_plain(path);
    char line[2000];
    int count = 0;
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        count += strstr(line, "event=\"change set not found\"") != NULL ||
                 strstr(line, "event=\"catch-up waiting\"") != NULL;
    if (file != NULL)
        fclose(file);
    free(path);
    return count;
}

void world_outlast_doubts(struct world *world)
{
    enum { TEN_MINUTES_MS = 600000 };
    int count = doubts(world);
    if (count > world->doubts) /* the next look is due soon by itself */
        world_suspend(world, TEN_MINUTES_MS);
    world->doubts = count;
}

void world_start_bot(struct world *world)
{
    char *program = text_format("%s/cppo-bot-clock", world->bin);
    char *config = text_format("%s/cppo.yaml", world->dir);
    char *log = text_format("%s/bot.log", world->dir);
    char **env = environment(world);
    if (!world->began)
        world->described = count_in_log(world, "market.call", "operation", "DescribeEntity");
    world->began = true;
    world->bot = fork();
    if (world->bot == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        dup2(fd, 2);
        execle(program, program, "run", "--config", config, (char *)NULL, env);
        _exit(127);
    }
    free_list(env);
    free(program);
    free(config);
    free(log);
}

static int end(pid_t *pid, int signal_number)
{
    int status = 0;
    if (*pid <= 0)
        return -1;
    if (signal_number != 0)
        kill(*pid, signal_number);
    waitpid(*pid, &status, 0);
    *pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void world_kill_bot(struct world *world)
{
    end(&world->bot, SIGKILL);
}

int world_stop_bot(struct world *world)
{
    return end(&world->bot, SIGTERM);
}

const char *world_bot_log(struct world *world)
{
    static char log[400000];
    char path[300];
    snprintf(path, sizeof(path), "%s/bot.log", world->dir);
    FILE *file = fopen(path, "re");
    expect(world, file != NULL, "the bot has a log");
    log[fread(log, 1, sizeof(log) - 1, file)] = '\0';
    fclose(file);
    return log;
}

int world_wait_bot(struct world *world)
{
    return end(&world->bot, 0);
}

/* The sandbox says where it is, then "ready". */
static bool read_ready(struct world *world, int fd)
{
    FILE *out = fdopen(fd, "r");
    char line[300];
    bool ready = false;
    while (!ready && fgets(line, sizeof(line), out) != NULL) {
        if (strncmp(line, "page ", 5) == 0) {
            text_fit(world->url, sizeof(world->url), line + 5);
            world->url[strcspn(world->url, "\n")] = '\0';
            if (world->url[strlen(world->url) - 1] == '/')
                world->url[strlen(world->url) - 1] = '\0';
        }
        ready = strcmp(line, "ready\n") == 0;
    }
    return ready; /* the pipe stays open: the sandbox may say more */
}

static void start_sandbox(struct world *world)
{
    int pipes[2];
    char *program = text_format("%s/cppo-sandbox", world->bin);
    if (pipe(pipes) != 0)
        exit(1);
    world->sandbox = fork();
    if (world->sandbox == 0) {
        dup2(pipes[1], 1);
        close(pipes[0]);
        execl(program, program, "--port", "0", "--dir", world->dir, (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    free(program);
    if (!read_ready(world, pipes[0])) {
        fprintf(stderr, "the sandbox does not start\n");
        exit(1);
    }
}

static const char *own_directory(void)
{
    static char path[500];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
    path[size > 0 ? size : 0] = '\0';
    return dirname(path);
}

void world_open(struct world *world, const char *name, bool bot)
{
    static unsigned worlds;
    memset(world, 0, sizeof(*world));
    world->bin = own_directory();
    snprintf(world->dir, sizeof(world->dir), "%.120s/worlds", world->bin);
    mkdir(world->dir, 0700);
    snprintf(world->dir, sizeof(world->dir), "%.120s/worlds/%.40s-%ld-%u", world->bin, name,
             (long)getpid(), ++worlds);
    start_sandbox(world);
    write_clock(world);
    char *clock = text_format("%s/clock", world->dir);
    world_setting(world, "WORLD_CLOCK", clock);
    free(clock);
    world_do(world, "market/speed", json_pack("{s:i, s:i}", "prepare_ms", 60, "apply_ms", 60));
    world_replace(world, "poll_first: 200ms", "poll_first: 50ms");
    world_replace(world, "poll_slowest: 2s", "poll_slowest: 200ms");
    if (!bot)
        return;
    char *book = text_format("%s/cppo.db", world->dir);
    blank_book_copy(book);
    free(book);
    world_start_bot(world);
    expect(world, world_connected(world), "the bot connects to Slack");
}

void world_close(struct world *world)
{
    end(&world->bot, SIGTERM);
    end(&world->sandbox, SIGTERM);
    json_decref(world->state);
    world->state = NULL;
}

void world_replace(struct world *world, const char *old, const char *new)
{
    char *path = text_format("%s/cppo.yaml", world->dir);
    FILE *file = fopen(path, "re");
    char *text = mem_new(65536, 1);
    struct text out = {0};
    if (file == NULL || fread(text, 1, 65535, file) == 0 || strstr(text, old) == NULL)
        world_fail(world, __FILE__, __LINE__, "the configuration holds the text to replace");
    fclose(file);
    char *at = strstr(text, old);
    text_add_bytes(&out, text, (size_t)(at - text));
    text_add(&out, new);
    text_add(&out, at + strlen(old));
    file = fopen(path, "we");
    fputs(text_get(&out), file);
    fclose(file);
    text_free(&out);
    free(text);
    free(path);
}

void world_setting(struct world *world, const char *name, const char *value)
{
    char *path = text_format("%s/sandbox.env", world->dir);
    FILE *file = fopen(path, "re");
    char line[500];
    struct text out = {0};
    size_t size = strlen(name);
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, name, size) != 0 || line[size] != '=')
            text_add(&out, line);
    }
    if (file != NULL)
        fclose(file);
    if (value != NULL)
        text_addf(&out, "%s=%s\n", name, value);
    world_file(world, "sandbox.env", text_get(&out));
    text_free(&out);
    free(path);
}

const char *world_file(struct world *world, const char *name, const char *content)
{
    static char path[300];
    snprintf(path, sizeof(path), "%s/%s", world->dir, name);
    FILE *file = fopen(path, "we");
    expect(world, file != NULL && fputs(content, file) >= 0, "a file of the world is written");
    fclose(file);
    return path;
}

/* --- its state file --- */

static const char *const companions[] = {"cppo.db", "cppo.db-wal", "cppo.db-shm"};

/* What stands in ${from}, and nothing else, stands in ${to}: another file, or the one that was
 * there. */
static void copy_file(struct world *world, const char *from, const char *to, bool in_place)
{
    char bytes[65536];
    FILE *in = fopen(from, "re");
    if (in == NULL || !in_place)
        unlink(to);
    if (in == NULL)
        return;
    FILE *out = fopen(to, "we");
    expect(world, out != NULL && fchmod(fileno(out), 0600) == 0, "a copy is made");
    for (size_t got; (got = fread(bytes, 1, sizeof(bytes), in)) > 0;)
        expect(world, fwrite(bytes, 1, got, out) == got, "a copy is whole");
    fclose(in);
    fclose(out);
}

static void copy_one(struct world *world, const char *name, const char *from, const char *to,
                     bool in_place)
{
    char *source = text_format("%s/%s%s", world->dir, name, from);
    char *target = text_format("%s/%s%s", world->dir, name, to);
    copy_file(world, source, target, in_place);
    free(source);
    free(target);
}

static void copy_book(struct world *world, const char *from, const char *to, bool in_place)
{
    for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]); i++)
        copy_one(world, companions[i], from, to, in_place);
}

void world_lose_book(struct world *world)
{
    copy_book(world, ".nothing", "", false);
    world->began = false; /* the next bot knows nothing of what may be sold */
}

void world_back_up(struct world *world)
{
    copy_book(world, "", ".backup", false);
    copy_one(world, "cppo.db.mark", "", ".backup", false);
}

void world_restore(struct world *world)
{
    copy_book(world, ".backup", "", false);
}

void world_set_back(struct world *world)
{
    copy_book(world, ".backup", "", true);
    copy_one(world, "cppo.db.mark", ".backup", "", true);
}

/* --- failing --- */

static void show_end(const char *dir, const char *name)
{
    char *command = text_format("%s/%s", dir, name);
    FILE *file = open_plain(command);
    char lines[25][400] = {{0}};
    size_t count = 0;
    while (file != NULL && fgets(lines[count % 25], 400, file) != NULL)
        count++;
    fprintf(stderr, "--- the end of %s\n", command);
    for (size_t i = count > 25 ? count - 25 : 0; i < count; i++)
        fputs(lines[i % 25], stderr);
    if (file != NULL)
        fclose(file);
    free(command);
}

void world_fail(struct world *world, const char *file, int line, const char *words)
{
    fprintf(stderr, "%s:%d: expected that %s\n", file, line, words);
    show_end(world->dir, "bot.log");
    end(&world->bot, SIGKILL);
    end(&world->sandbox, SIGKILL);
    exit(1);
}
