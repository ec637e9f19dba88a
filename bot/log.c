#include "log.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "text.h"

enum { LONGEST_VALUE = 500, MOST_BETWEEN = 8 }; /* bytes */

static enum log_level highest = LOG_INFO;
static const char *const level_names[] = {"error", "warn", "info", "debug"};

/* What a secret begins with; all that follows up to a delimiter is blotted out. */
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

static void add_escaped(struct text *line, char c)
{
    if (c == '"' || c == '\\')
        text_addf(line, "\\%c", c);
    else if (c == '\n')
        text_add(line, "\\n");
    else if ((unsigned char)c < 0x20 || c == 0x7F)
        text_addf(line, "\\x%02x", (unsigned)c);
    else
        text_add_bytes(line, &c, 1);
}

/* The mark and the first of what may stand between a name and its value are shown, the value is
 * not. */
static size_t add_blot(struct text *line, const char *at, const char *mark)
{
    size_t size = strlen(mark);
    size_t between = strspn(at + size, "\":= ");
    for (size_t i = 0; i < size + (between < MOST_BETWEEN ? between : MOST_BETWEEN); i++)
        add_escaped(line, at[i]);
    text_add(line, "***");
    size += between;
    while (isalnum((unsigned char)at[size]) || (at[size] != '\0' && strchr("-_/+=.%", at[size])))
        size++;
    return size;
}

static void add_value(struct text *line, const char *value)
{
    text_add(line, "\"");
    size_t full = line->size + LONGEST_VALUE;
    for (const char *at = value; *at != '\0';) {
        const char *mark = secret_at(at);
        bool inside = ((unsigned char)*at & 0xC0U) == 0x80U; /* a character, shown whole */
        if (line->size >= full + (inside ? 4 : 0)) {
            text_add(line, "...");
            break;
        }
        if (mark != NULL)
            at += add_blot(line, at, mark);
        else
            add_escaped(line, *at++);
    }
    text_add(line, "\"");
}

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

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
    struct text line = {0};
    if (level > highest)
        return;
    add_time(&line);
    text_addf(&line, " level=%s event=", level_names[level]);
    add_value(&line, event);
    for (; fields->key != NULL; fields++) {
        text_addf(&line, " %s=", fields->key);
        if (fields->text != NULL)
            add_value(&line, fields->text);
        else
            text_addf(&line, "%lld", (long long)fields->number);
    }
    text_add(&line, "\n");
    (void)fwrite(line.bytes, 1, line.size, stderr); /* whom else could it be told? */
    text_free(&line);
}
