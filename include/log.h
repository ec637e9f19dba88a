/* The log: one line an event on stderr, `ts=… level=… event="…" key=value …`. Values are escaped,
 * cut at 500 bytes, and anything that looks like a token, key, ticket or signature is redacted
 * as a last line of defence; the first is never to pass a secret.
 *
 * It never blocks: what a stalled reader does not take is kept up to a bound, then lines
 * are dropped and counted, and their number is a line of its own once there is room again. */
#ifndef CPPO_LOG_H
#define CPPO_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct log_field {
    const char *key;  /* NULL ends the list */
    const char *text; /* NULL: the number counts */
    int64_t number;
};

static inline const char *log_text(const char *text)
{
    return text != NULL ? text : "-";
}

#define F_TEXT(k, v) ((struct log_field){.key = (k), .text = log_text(v)})
#define F_INT(k, v) ((struct log_field){.key = (k), .number = (int64_t)(v)})

/* log_info("socket up", F_INT("socket", 1), F_TEXT("host", host)); the fields are optional. */
#define LOG_LINE(level, ...) LOG_LINE_(level, __VA_ARGS__, {0})
#define LOG_LINE_(level, event, ...)                                                               \
    log_write((level), (event), (const struct log_field[]){__VA_ARGS__})
#define log_error(...) LOG_LINE(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) LOG_LINE(LOG_WARN, __VA_ARGS__)
#define log_info(...) LOG_LINE(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) LOG_LINE(LOG_LEVEL_DEBUG, __VA_ARGS__)

/* What the macros above call. ${fields} end with a NULL key; a line that is not taken is counted.
 */
void log_write(enum log_level level, const char *event, const struct log_field *fields);

/* Lines above ${level} are dropped; LOG_LEVEL_INFO until set. */
void log_set_level(enum log_level level);

/* "error", "warn", "info", "debug" -> level; -1 for anything else. */
int log_level_named(const char *name);

/* Write what is kept, as far as it is taken now; true when nothing is kept any more. Lines flush
 * by themselves: this is for when none comes. */
bool log_flush(void);

/* At the end of the process: what is kept is given a moment. */
void log_end(void);

#endif
