#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "parts.h"
#include "setup.h"

enum { AGAIN_MS = 1000, PATIENCE_MS = 5000 };

struct child {
    uv_process_t process;
    struct sandbox *sandbox;
    char **command;
    int log;
    int starts;
    bool running;
    bool closing; /* libuv still holds the handle of one that ended */
    bool stopping;
    struct sandbox_timer *timer;
    void (*done)(void *ctx);
    void *ctx;
};

static void start(void *ctx);

static void process_closed(uv_handle_t *handle)
{
    struct child *child = handle->data;
    child->closing = false;
    if (child->stopping) {
        sandbox_cancel(child->timer);
        child->timer = NULL;
        child->done(child->ctx);
    } else {
        child->timer = sandbox_after(child->sandbox, AGAIN_MS, start, child);
    }
}

static void ended(uv_process_t *process, int64_t status, int signal)
{
    struct child *child = process->data;
    child->running = false;
    log_entry(child->sandbox, "bot.ended",
              json_pack("{s:I, s:i}", "status", (json_int_t)status, "signal", signal));
    child->closing = true;
    uv_close((uv_handle_t *)process, process_closed);
}

static int spawn(struct child *child)
{
    char *names[SETUP_NAMES];
    char **environment = setup_environment(child->sandbox, names);
    uv_stdio_container_t files[3] = {
        {.flags = UV_IGNORE},
        {.flags = UV_INHERIT_FD, .data.fd = child->log},
        {.flags = UV_INHERIT_FD, .data.fd = child->log},
    };
    uv_process_options_t options = {.exit_cb = ended,
                                    .file = child->command[0],
                                    .args = child->command,
                                    .env = environment,
                                    .stdio_count = 3,
                                    .stdio = files};
    int failed = uv_spawn(&child->sandbox->loop, &child->process, &options);
    child->process.data = child; /* libuv initialises the handle even when it fails */
    for (size_t i = 0; i < SETUP_NAMES; i++)
        free(names[i]);
    free(environment);
    child->running = failed == 0;
    child->starts += child->running;
    log_entry(child->sandbox, failed == 0 ? "bot.started" : "bot.failed",
              failed == 0 ? json_pack("{s:i}", "pid", (int)child->process.pid)
                          : json_pack("{s:s}", "error", uv_strerror(failed)));
    return failed;
}

static void start(void *ctx)
{
    struct child *child = ctx;
    child->timer = NULL;
    if (spawn(child) != 0) {
        child->closing = true;
        uv_close((uv_handle_t *)&child->process, process_closed);
    }
}

struct child *child_open(struct sandbox *sandbox, char **command, const char *dir, struct err *err)
{
    struct child *child = mem_new(1, sizeof(*child));
    char *path = text_format("%s/bot.log", dir);
    child->sandbox = sandbox;
    child->command = command;
    child->log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (child->log < 0) {
        err_set(err, "cannot write %s: %s", path, strerror(errno));
        free(path);
        free(child);
        return NULL;
    }
    free(path);
    child->timer = sandbox_after(sandbox, 0, start, child);
    return child;
}

static void lose_patience(void *ctx)
{
    struct child *child = ctx;
    child->timer = NULL;
    uv_process_kill(&child->process, SIGKILL);
}

void child_stop(struct child *child, void (*done)(void *ctx), void *ctx)
{
    if (child == NULL) {
        done(ctx);
        return;
    }
    sandbox_cancel(child->timer);
    child->timer = NULL;
    child->stopping = true;
    child->done = done;
    child->ctx = ctx;
    if (!child->running) {
        if (!child->closing)
            done(ctx);
        return;
    }
    uv_process_kill(&child->process, SIGTERM);
    child->timer = sandbox_after(child->sandbox, PATIENCE_MS, lose_patience, child);
}

bool child_kill(struct child *child)
{
    return child != NULL && child->running && uv_process_kill(&child->process, SIGKILL) == 0;
}

json_t *child_state(const struct child *child)
{
    if (child == NULL)
        return json_null();
    return json_pack("{s:b, s:i, s:i}", "running", (int)child->running, "pid",
                     child->running ? (int)child->process.pid : 0, "starts", child->starts);
}

void child_close(struct child *child)
{
    if (child == NULL)
        return;
    close(child->log);
    free(child);
}
