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

/* --- how the bot ended --- */

/* Libraries that may end the process in any way when they get no memory: all but the bot and those
 * that it must see through. The C library's is theirs whose call it was: not known, so no excuse.
 */
static bool is_foreign(const char *what)
{
    static const char *const house[] = {"cppo-bot ", "libjansson ", "libsqlite3 ",
                                        "libuv ",    "libyaml-0 ",  "libc "};
    for (size_t i = 0; i < sizeof(house) / sizeof(house[0]); i++) {
        if (strncmp(what, house[i], strlen(house[i])) == 0)
            return false;
    }
    return true;
}

/* What life number ${life} wrote into the log; the caller frees. */
static char *read_log(const struct world *world, const struct trial *trial, int life)
{
    enum { MOST = 1 << 20 };
    char *path = text_format("%s/bot.log", world->dir);
    long from = life > 0 ? trial->log_ends[life - 1] : 0, to = trial->log_ends[life];
    size_t size = to - from < MOST ? (size_t)(to - from) : MOST;
    char *bytes = mem_new(size + 1, 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && pread(fd, bytes, size, to - (long)size) < 0) /* its end says how it ended */
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

/* The C library or the compiler found memory overwritten: no failure of anything excuses that. */
static bool is_spoilt(const char *log)
{
    static const char *const words[] = {"malloc(): ",         "free(): ",
                                        "realloc(): ",        "munmap_chunk(): ",
                                        "malloc_consolidate", "double free",
                                        "corrupted size",     "corrupted double-linked list",
                                        "stack smashing",     "buffer overflow detected"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strstr(log, words[i]) != NULL)
            return true;
    }
    return false;
}

/* The innermost frame (preload.c writes them) is in a library that is not ours to fix and that
 * looks at no failure of this kind. Below the C library and libuv it is who called them that
 * counts: libwebsockets starts to poll a handle that libuv refused to make. */
static bool crashed_in_foreign(const char *log)
{
    static const char *const foreign[] = {"libwebsockets", "libcurl", "libcrypto", "libssl"};
    for (const char *line = log; *line != '\0'; line += *line != '\0') {
        size_t size = strcspn(line, "\n");
        char frame[400];
        snprintf(frame, sizeof(frame), "%.*s", (int)size, line);
        line += size;
        if (strncmp(frame, "ts=", 3) == 0 || strstr(frame, "[0x") == NULL ||
            strstr(frame, "/crash.so(") != NULL || strstr(frame, "/libc.so.6(") != NULL ||
            strstr(frame, "/libuv.so.1(") != NULL)
            continue;
        frame[strcspn(frame, "(")] = '\0';
        for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
            if (strstr(frame, foreign[i]) != NULL)
                return true;
        }
        return false;
    }
    return false;
}

/* A life to which nothing was refused ends when it is killed, and else never; one that could not
 * go on says why. */
static const char *check_life(const struct point *point, const struct trial *trial, int life,
                              const char *log)
{
    int end = trial->ends[life];
    bool memory = point->kind == KIND_MEMORY || point->kind == KIND_START;
    bool refused = life == 0 && trial->struck[0] && (memory || point->kind == KIND_CALL);
    if (WIFSIGNALED(end) && WTERMSIG(end) == SIGKILL)
        return NULL;
    if (is_spoilt(log))
        return "the bot spoilt its memory";
    if (!refused)
        return "the bot ended by itself, and nothing was refused to it";
    if (memory && is_foreign(trial->what[0]))
        return NULL;
    if (WIFSIGNALED(end) && WTERMSIG(end) == SIGSEGV && crashed_in_foreign(log))
        return NULL;
    if (WIFSIGNALED(end) && WTERMSIG(end) != SIGABRT)
        return "the bot crashed by itself";
    return says_why(log) ? NULL : "the bot ended and did not say why";
}

static const char *check_end(const struct world *world, const struct point *point,
                             const struct trial *trial)
{
    const char *wrong = NULL;
    for (int life = 0; life < world->starts - 1 && wrong == NULL; life++) {
        char *log = read_log(world, trial, life);
        wrong = check_life(point, trial, life, log);
        free(log);
    }
    return wrong;
}

/* --- the evidence --- */

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
    struct evidence evidence = {log, state, book, point->scenario->needed, trial->restored};
    check_all(&evidence, &verdict);
    if (trial->trouble != NULL)
        text_addf(&wrong, "%s\n", trial->trouble);
    if (end != NULL)
        text_addf(&wrong, "%s\n", end);
    text_add(&wrong, verdict.lines);
    if (wrong.size > 0 && keep != NULL)
        keep_all(world, &evidence, keep);
    json_decref(log);
    json_decref(state);
    json_decref(book);
    free(path);
    return wrong.size > 0 ? text_take(&wrong) : NULL;
}
