#include "log.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "log_pipe.h"
#include "text.h"

enum { MAX_VALUE = 500, MAX_BETWEEN = 8 }; /* bytes */

static enum log_level highest = LOG_LEVEL_INFO;
static const char *const level_names[] = {"error", "warn", "info", "debug"};

/* What a secret begins with; all that follows up to a delimiter is redacted. */
static const char *const secret_marks[] = {
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xoxe",
    "xapp-",
    "xwfp-",
    "AKIA",
    "ASIA",
    "ticket=",
    "Signature=",
    "hooks.slack.com/",
    "ticket\"",
    "ecret_access_key",
    "ecretAccessKey",
    "ecurity-Token",
    "essionToken",
    "Bearer",
    "roxy-Authorization",
};

void log_set_level(enum log_level level)
{
    highest = level;
}

int log_level_named(const char *name)
{
    for (int i = 0; i < 4; i++) {
        if (strcmp(level_names[i], name) == 0)
            return i;
    }
    return -1;
}

static const char *secret_at(const char *at)
{
    for (size_t i = 0; i < sizeof(secret_marks) / sizeof(secret_marks[0]); i++) {
        if (*at == *secret_marks[i] && strncmp(at, secret_marks[i], strlen(secret_marks[i])) == 0)
            return secret_marks[i];
    }
    return NULL;
}

/* The character there, or a byte that is not one; its width. */
static size_t add_escaped(struct text *line, const char *at)
{
    size_t width = text_unseen(at);
    if (*at == '\n') {
        text_add(line, "\\n");
    } else if (width > 0) {
        for (size_t i = 0; i < width; i++)
            text_addf(line, "\\x%02x", (unsigned)(unsigned char)at[i]);
    } else {
        (void)text_point(at, &width);
        text_add(line, *at == '"' || *at == '\\' ? "\\" : "");
        text_add_bytes(line, at, width);
    }
    return width > 0 ? width : 1;
}

/* The mark and the first of what may stand between a name and its value are shown, the value is
 * not. */
static size_t add_redacted(struct text *line, const char *at, const char *mark)
{
    size_t size = strlen(mark);
    size_t between = strspn(at + size, "\":= ");
    for (size_t i = 0; i < size + (between < MAX_BETWEEN ? between : MAX_BETWEEN); i++)
        (void)add_escaped(line, at + i);
    text_add(line, "***");
    size += between;
    while (isalnum((unsigned char)at[size]) || (at[size] != '\0' && strchr("-_/+=.%", at[size])))
        size++;
    return size;
}

static void add_value(struct text *line, const char *value)
{
    text_add(line, "\"");
    size_t full = line->size + MAX_VALUE;
    for (const char *at = value; *at != '\0';) {
        const char *mark = secret_at(at);
        if (line->size >= full) {
            text_add(line, "...");
            break;
        }
        if (mark != NULL)
            at += add_redacted(line, at, mark);
        else
            at += add_escaped(line, at);
    }
    text_add(line, "\"");
}

/* By the machine's own clock, as other programs' logs are: lines are read side by side. */
static void add_time(struct text *line)
{
    struct timespec now;
    struct tm utc;
    char stamp[32];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    (void)strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
    text_addf(line, "ts=%s.%03ldZ", stamp, now.tv_nsec / 1000000);
}

/* ts, level and event; the fields and a newline follow. */
static void begin_line(struct text *line, enum log_level level, const char *event)
{
    add_time(line);
    text_addf(line, " level=%s event=", level_names[level]);
    add_value(line, event);
}

/* Whoever reads the log again learns what they missed. */
static void report_lost(void)
{
    struct text line = {0};
    unsigned long lost = log_pipe_lost();
    if (lost == 0)
        return;
    begin_line(&line, LOG_WARN, "log lines lost");
    text_addf(&line, " lines=%lu\n", lost);
    log_pipe_lost_reported(log_pipe_put(line.bytes, line.size) ? lost : 1);
    text_free(&line);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
    struct text line = {0};
    if (level > highest)
        return;
    begin_line(&line, level, event);
    for (; fields->key != NULL; fields++) {
        text_addf(&line, " %s=", fields->key);
        if (fields->text != NULL)
            add_value(&line, fields->text);
        else
            text_addf(&line, "%lld", (long long)fields->number);
    }
    text_add(&line, "\n");
    report_lost();
    (void)log_pipe_put(line.bytes, line.size); /* whom else could it be told? */
    text_free(&line);
}

bool log_flush(void)
{
    bool all = log_pipe_flush();
    report_lost();
    return all;
}

void log_end(void)
{
    log_flush();
    log_pipe_wait();
}
