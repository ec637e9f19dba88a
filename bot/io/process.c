#include "io/process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "text.h"

struct process {
    uv_process_t child;
    uv_pipe_t out;
    uv_timer_t timer;
    struct text output;
    char chunk[4096];
    char why[200]; /* the first thing that went wrong */
    bool running;
    bool exited; /* and its output has ended: both, in either order */
    bool read;
    int open; /* handles */
    process_done_fn *done;
    void *ctx;
};

static void complain(struct process *process, const char *why)
{
    if (process->why[0] == '\0')
        text_fit(process->why, sizeof(process->why), why);
}

static void on_closed(uv_handle_t *handle)
{
    struct process *process = handle->data;
    if (--process->open > 0)
        return;
    struct process_end end = {
        .good = process->why[0] == '\0',
        .why = process->why,
        .output = text_get(&process->output),
        .size = process->output.size,
    };
    if (process->done != NULL)
        process->done(process->ctx, &end);
    if (process->output.bytes != NULL)
        explicit_bzero(process->output.bytes, process->output.size);
    explicit_bzero(process->chunk, sizeof(process->chunk));
    text_free(&process->output);
    free(process);
}

static void close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, on_closed);
}

static void close_all(struct process *process)
{
    close_handle((uv_handle_t *)&process->timer);
    close_handle((uv_handle_t *)&process->out);
    close_handle((uv_handle_t *)&process->child);
}

static void finish_if_over(struct process *process)
{
    if (process->exited && process->read)
        close_all(process);
}

static void stop(struct process *process)
{
    if (process->running && !process->exited)
        uv_process_kill(&process->child, SIGKILL);
}

static void on_child_exit(uv_process_t *child, int64_t status, int signal_number)
{
    struct process *process = child->data;
    char words[80];
    process->exited = true;
    snprintf(words, sizeof(words),
             signal_number != 0 ? "it was ended by signal %d" : "its exit status is %d",
             signal_number != 0 ? signal_number : (int)status);
    if (signal_number != 0 || status != 0)
        complain(process, words);
    finish_if_over(process);
}

static void on_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct process *process = handle->data;
    (void)wanted;
    *buffer = uv_buf_init(process->chunk, sizeof(process->chunk));
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct process *process = stream->data;
    if (size == 0)
        return;
    if (size > 0 && process->output.size + (size_t)size <= PROCESS_MOST_OUTPUT) {
        text_add_bytes(&process->output, buffer->base, (size_t)size);
        return;
    }
    if (size > 0) {
        complain(process, "it says too much");
        stop(process);
    }
    uv_read_stop(stream);
    process->read = true;
    finish_if_over(process);
}

/* Whoever it started may hold its output open for ever: that end is not waited for. */
static void on_timeout(uv_timer_t *timer)
{
    struct process *process = timer->data;
    complain(process, "it took too long");
    stop(process);
    process->read = true;
    if (!process->running)
        process->exited = true;
    finish_if_over(process);
}

struct process *process_start(uv_loop_t *loop, char *const *words, int timeout_ms,
                              process_done_fn *done, void *ctx)
{
    struct process *process = mem_new(1, sizeof(*process));
    process->done = done;
    process->ctx = ctx;
    process->open = 3;
    uv_pipe_init(loop, &process->out, 0);
    uv_timer_init(loop, &process->timer);
    process->child.data = process->out.data = process->timer.data = process;
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&process->out},
        {.flags = UV_IGNORE},
    };
    uv_process_options_t options = {
        .exit_cb = on_child_exit,
        .file = words[0],
        .args = (char **)(uintptr_t)words,
        .stdio = stdio,
        .stdio_count = 3,
    };
    int error = uv_spawn(loop, &process->child, &options);
    if (error != 0) {
        complain(process, uv_strerror(error));
        timeout_ms = 0;
    } else {
        process->running = true;
        uv_read_start((uv_stream_t *)&process->out, on_alloc, on_read);
    }
    uv_timer_start(&process->timer, on_timeout, (uint64_t)timeout_ms, 0);
    return process;
}

void process_cancel(struct process *process)
{
    process->done = NULL;
    stop(process);
    close_all(process);
}
