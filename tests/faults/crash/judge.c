#include "judge.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../checker/check.h"
#include "mem.h"

/* --- how the bot ended ------------------------------------------------------------------------ */

/* Libraries that may end the process in any way when they get no memory. */
static bool is_foreign(const char *what)
{
    static const char *const house[] = {"cppo-bot ", "libjansson ", "libsqlite3 ", "libuv ",
                                        "libyaml-0 "};
    for (size_t i = 0; i < sizeof(house) / sizeof(house[0]); i++) {
        if (strncmp(what, house[i], strlen(house[i])) == 0)
            return false;
    }
    return true;
}

/* The log's file, all of it; the caller frees. */
static char *read_log(const struct world *world)
{
    enum { MOST = 1 << 20 };
    char *path = text_format("%s/bot.log", world->dir);
    char *bytes = mem_new(MOST, 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && read(fd, bytes, MOST - 1) < 0)
        *bytes = '\0';
    if (fd >= 0)
        close(fd);
    free(path);
    return bytes;
}

/* An error in the log, or in front of it what is wrong with the configuration. */
static bool says_why(const char *log)
{
    return strstr(log, "level=error") != NULL || (*log != '\0' && strncmp(log, "ts=", 3) != 0);
}

/* It crashed below a library that is not ours to mend, and that looks at no failure of this kind:
 * the frames are in the log (preload.c). */
static bool crashed_below(const char *log)
{
    static const char *const foreign[] = {"libwebsockets", "libcurl", "libcrypto", "libssl"};
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        const char *at = strstr(log, foreign[i]);
        if (at != NULL && strstr(at, "[0x") != NULL)
            return true;
    }
    return false;
}

/* A bot that ends by itself says why. */
static const char *check_end(const struct world *world, const struct point *point,
                             const struct trial *trial)
{
    bool memory =
        (point->kind == KIND_MEMORY || point->kind == KIND_START) && is_foreign(trial->what[0]);
    const char *wrong = NULL;
    for (int i = 0; i < 4 && i < world->starts - 1; i++) {
        int end = trial->ends[i];
        bool killed = WIFSIGNALED(end) && WTERMSIG(end) == SIGKILL;
        char *log = read_log(world);
        bool excused = killed || (memory && i == 0) ||
                       (WIFSIGNALED(end) && WTERMSIG(end) == SIGSEGV && crashed_below(log));
        if (excused)
            ;
        else if (WIFSIGNALED(end) && WTERMSIG(end) != SIGABRT)
            wrong = "the bot crashed by itself";
        else if (!says_why(log))
            wrong = "the bot ended and did not say why";
        free(log);
    }
    return wrong;
}

/* --- the evidence ----------------------------------------------------------------------------- */

static void copy(const struct world *world, const char *name, const char *keep)
{
    char *from = text_format("%s/%s", world->dir, name);
    char *to = text_format("%s/%s", keep, name);
    char bytes[65536];
    size_t size;
    FILE *in = fopen(from, "re"), *out = fopen(to, "we");
    while (in != NULL && out != NULL && (size = fread(bytes, 1, sizeof(bytes), in)) > 0)
        fwrite(bytes, 1, size, out);
    if (in != NULL)
        fclose(in);
    if (out != NULL)
        fclose(out);
    free(from);
    free(to);
}

static void keep_json(const json_t *json, const char *name, const char *keep)
{
    char *path = text_format("%s/%s", keep, name);
    json_dump_file(json, path, JSON_INDENT(1) | JSON_SORT_KEYS);
    free(path);
}

static void keep_all(const struct world *world, const struct evidence *evidence, const char *keep)
{
    mkdir(keep, 0755);
    keep_json(evidence->log, "log.json", keep);
    keep_json(evidence->state, "state.json", keep);
    copy(world, "cppo.db", keep);
    copy(world, "cppo.db-wal", keep);
    copy(world, "bot.log", keep);
    copy(world, "sandbox.log", keep);
    copy(world, "cppo.yaml", keep);
}

char *judge(struct world *world, const struct point *point, const struct trial *trial,
            const char *keep)
{
    struct verdict verdict = {0};
    struct text wrong = {0};
    char *path = text_format("%s/cppo.db", world->dir);
    const char *end = check_end(world, point, trial);
    json_t *log = world_log(world);
    json_t *state = world_ask(world, "state", NULL);
    world_kill_bot(world);
    json_t *book = book_read(path);
    struct evidence evidence = {log, state, book, point->scenario->needed};
    check_all(&evidence, &verdict);
    if (trial->trouble != NULL)
        text_addf(&wrong, "%s\n", trial->trouble);
    if (end != NULL)
        text_addf(&wrong, "%s\n", end);
    text_add(&wrong, verdict.lines);
    if (wrong.size > 0)
        keep_all(world, &evidence, keep);
    json_decref(log);
    json_decref(state);
    json_decref(book);
    free(path);
    return wrong.size > 0 ? text_take(&wrong) : NULL;
}
