#include "io/process.h"

#include <assert.h>
#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"

enum { LAST_ERRORS = 1024, MAX_LINE = 200 };

struct process {
    uv_process_t child;
    uv_pipe_t out, errors;
    uv_timer_t timer;
    struct text output;
    struct text said; /* the end of what it wrote to its errors */
    char chunk[4096];
    char why[480]; /* the first thing that went wrong */
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

/* --- what it says of its failure --- */

/* Long words of letters and digits may be keys: the names of files and what people write are not
 * like that. */
static bool may_be_secret(const char *word, size_t size)
{
    bool upper = false;
    bool lower = false;
    bool digit = false;
    for (size_t i = 0; i < size; i++) {
        upper |= isupper((unsigned char)word[i]) != 0;
        lower |= islower((unsigned char)word[i]) != 0;
        digit |= isdigit((unsigned char)word[i]) != 0;
    }
    return (size >= 16 && upper && digit) || (size >= 20 && upper && lower && *word != '/') ||
           (size >= 30 && digit);
}

/* The last line that holds anything, such words redacted. */
static void add_last_line(struct process *process)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "+/=_-";
    struct text safe = {0};
    char *said = text_take(&process->said);
    size_t size = strlen(said);
    while (size > 0 && isspace((unsigned char)said[size - 1]))
        said[--size] = '\0';
    const char *line = strrchr(said, '\n');
    line = line != NULL ? line + 1 : said;
    while (*line != '\0' && safe.size < MAX_LINE) {
        size_t word = strspn(line, letters);
        size_t width = word > 0 ? word : 1;
        if (may_be_secret(line, word))
            text_add(&safe, "***");
        else
            text_add_bytes(&safe, line, width);
        line += width;
    }
    if (safe.size > 0) {
        text_repair(safe.bytes);
        size_t at = strlen(process->why);
        snprintf(process->why + at, sizeof(process->why) - at, "; it says: %.*s",
                 (int)text_cut(text_get(&safe), MAX_LINE), text_get(&safe));
    }
    text_free(&safe);
    explicit_bzero(said, size);
    free(said);
}

/* --- its end --- */

static void on_closed(uv_handle_t *handle)
{
    struct process *process = handle->data;
    assert(process->open > 0);
    if (--process->open > 0)
        return;
    assert(process->output.size <= PROCESS_MAX_OUTPUT);
    if (process->why[0] != '\0')
        add_last_line(process);
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
    text_free(&process->said);
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
    close_handle((uv_handle_t *)&process->errors);
    close_handle((uv_handle_t *)&process->child);
}

static void keep_errors(struct process *process, const char *bytes, size_t size)
{
    text_add_bytes(&process->said, bytes, size);
    if (process->said.size <= LAST_ERRORS)
        return;
    size_t gone = process->said.size - LAST_ERRORS;
    memmove(process->said.bytes, process->said.bytes + gone, LAST_ERRORS);
    process->said.bytes[LAST_ERRORS] = '\0';
    process->said.size = LAST_ERRORS;
}

/* What it said last may not have been read yet; nobody waits for the end of its errors, which
 * others may hold. */
static void finish_if_over(struct process *process)
{
    uv_os_fd_t fd;
    ssize_t size;
    if (!process->exited || !process->read)
        return;
    for (int i = 0; i < 64 && uv_fileno((uv_handle_t *)&process->errors, &fd) == 0 &&
                    (size = read(fd, process->chunk, sizeof(process->chunk))) > 0;
         i++)
        keep_errors(process, process->chunk, (size_t)size);
    close_all(process);
}

/* With all that it started: they are a group of their own. When it has exited, whoever holds its
 * output keeps the group's number from being another's. */
static void stop(struct process *process)
{
    if (process->running && !(process->exited && process->read))
        (void)kill(-process->child.pid, SIGKILL);
}

static void on_child_exit(uv_process_t *child, int64_t status, int signal_number)
{
    struct process *process = child->data;
    char words[80];
    process->exited = true;
    snprintf(words, sizeof(words),
             signal_number != 0 ? "it was killed by signal %d" : "its exit status is %d",
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
    if (size > 0 && process->output.size + (size_t)size <= PROCESS_MAX_OUTPUT) {
        text_add_bytes(&process->output, buffer->base, (size_t)size);
        return;
    }
    if (size > 0) {
        complain(process, "its output is too long");
        stop(process);
    }
    uv_read_stop(stream);
    process->read = true;
    finish_if_over(process);
}

static void on_errors(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    if (size < 0)
        uv_read_stop(stream);
    if (size > 0)
        keep_errors(stream->data, buffer->base, (size_t)size);
}

/* Whoever it started may hold its output open for ever: that end is not waited for. */
static void on_timeout(uv_timer_t *timer)
{
    struct process *process = timer->data;
    complain(process, "it timed out");
    stop(process);
    process->read = true;
    if (!process->running)
        process->exited = true;
    finish_if_over(process);
}

/* --- its birth --- */

static bool is_ours_alone(const char *variable)
{
    return (strncmp(variable, "SLACK_", 6) == 0 && strstr(variable, "TOKEN") != NULL) ||
           strncmp(variable, "PROXY_PASSWORD", 14) == 0;
}

/* The environment without our own secrets; the strings are borrowed. */
static char **environment(void)
{
    size_t count = 0;
    while (environ[count] != NULL)
        count++;
    char **list = mem_new(count + 1, sizeof(*list));
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_ours_alone(environ[i]))
            list[at++] = environ[i];
    }
    return list;
}

/* Libraries open sockets that a child would inherit; nothing of ours but the first three is for
 * it. */
static void keep_descriptors(void)
{
    if (close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
        return;
    long max = sysconf(_SC_OPEN_MAX); /* a kernel before 5.11 */
    for (int fd = STDERR_FILENO + 1; fd < (max > 0 && max < 65536 ? max : 65536); fd++)
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void init_handles(struct process *process, uv_loop_t *loop)
{
    process->open = 4;
    uv_pipe_init(loop, &process->out, 0);
    uv_pipe_init(loop, &process->errors, 0);
    uv_timer_init(loop, &process->timer);
    process->child.data = process->out.data = process->errors.data = process->timer.data = process;
}

struct process *process_start(uv_loop_t *loop, char **words, int timeout_ms, process_done_fn *done,
                              void *ctx)
{
    struct process *process = mem_new(1, sizeof(*process));
    process->done = done;
    process->ctx = ctx;
    init_handles(process, loop);
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&process->out},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&process->errors},
    };
    uv_process_options_t options = {
        .exit_cb = on_child_exit,
        .file = words[0],
        .args = words,
        .env = environment(),
        .flags = UV_PROCESS_DETACHED, /* a session of its own: it asks nobody at our terminal */
        .stdio = stdio,
        .stdio_count = 3,
    };
    keep_descriptors();
    int error = uv_spawn(loop, &process->child, &options);
    free(options.env);
    if (error != 0) {
        complain(process, uv_strerror(error));
        timeout_ms = 0;
    } else {
        process->running = true;
        uv_read_start((uv_stream_t *)&process->out, on_alloc, on_read);
        uv_read_start((uv_stream_t *)&process->errors, on_alloc, on_errors);
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
