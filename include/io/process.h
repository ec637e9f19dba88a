/* A program run to its end on the libuv loop, its output taken. */
#ifndef CPPO_IO_PROCESS_H
#define CPPO_IO_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

struct process;

/* ${good}: it ended by itself with status 0, and its output was taken whole. ${why}: else, in
 * words. ${output} is borrowed until the callback returns, and wiped then. */
struct process_end {
    bool good;
    const char *why;
    const char *output;
    size_t size;
};
typedef void process_done_fn(void *ctx, const struct process_end *end);

enum { PROCESS_MAX_OUTPUT = 64 * 1024 };

/* Start ${words} (NULL-terminated; found by PATH; no shell), without input, without the tokens and
 * passwords of our environment, without a descriptor of ours. When it fails, ${why} ends with the
 * last line of its errors, words that may be secrets redacted. It is killed after ${timeout_ms},
 * with all that it started. ${done} runs later, exactly once, never inside this call, unless
 * process_cancel comes first. */
struct process *process_start(uv_loop_t *loop, char **words, int timeout_ms, process_done_fn *done,
                              void *ctx);

/* Kill it; ${done} will not run. Memory is freed when the loop has closed the handles. */
void process_cancel(struct process *process);

#endif
