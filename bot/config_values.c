#include "config_values.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "mem.h"

/* --- what is wrong --- */

void config_wrong(struct text *problems, const char *path, size_t line, const char *format, ...)
{
    char words[400];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    text_repair(words); /* what is quoted may be cut within a character */
    text_add(problems, problems->size > 0 ? "\n" : "");
    if (line > 0)
        text_addf(problems, "%s:%zu: ", path, line);
    else
        text_addf(problems, "%s: ", path);
    text_add(problems, words);
}

/* --- one value --- */

static bool is_id(const char *text, const char *starts)
{
    size_t size = strlen(text);
    if (size < 2 || size > 30 || strchr(starts, text[0]) == NULL)
        return false;
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == size;
}

/* "200ms", "5s", "10m", "1h" -> ms; -1 for anything else. */
static int64_t read_duration(const char *text)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    char *end;
    if (!isdigit((unsigned char)*text))
        return -1;
    long long number = strtoll(text, &end, 10);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].unit) == 0 && number <= 1000000)
            return number * units[i].ms;
    }
    return -1;
}

static void put_text(char **into, const char *text)
{
    free(*into);
    *into = mem_copy(text);
}

static void put_name(const char *name, char **into, const char *text, struct text *why)
{
    if (*text == '\0')
        text_addf(why, "%s is empty", name);
    put_text(into, text);
}

static void put_number(const struct config_row *row, const char *name, int *into, const char *text,
                       struct text *why)
{
    char *end;
    long long number = strtoll(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end != '\0' || number < row->min || number > row->max)
        text_addf(why, "%s: “%.40s” is not a number from %lld to %lld", name, text, row->min,
                  row->max);
    else
        *into = (int)number;
}

static void put_duration(const struct config_row *row, const char *name, int64_t *into,
                         const char *text, struct text *why)
{
    int64_t ms = read_duration(text);
    if (ms < row->min || ms > row->max)
        text_addf(why, "%s: “%.40s” is not a duration in bounds; write it like 200ms, 5s or 10m",
                  name, text);
    else
        *into = ms;
}

static void put_slack_id(const struct config_row *row, const char *name, char **into,
                         const char *text, struct text *why)
{
    bool channel = row->kind == KIND_CHANNEL;
    if (*text != '\0' && !is_id(text, channel ? "CG" : "TE"))
        text_addf(why, "%s: “%.40s” is not a %s id; it looks like %s (%s)", name, text,
                  channel ? "channel" : "team", channel ? "C0123456789" : "T0123456789",
                  channel ? "in Slack: channel details, at the bottom"
                          : "in the address of Slack in a browser");
    else if (*text == '\0' && row->default_text == NULL)
        text_addf(why, "%s is empty: give the channel's id, like C0123456789", name);
    put_text(into, text);
}

static void put_account(const char *name, char **into, const char *text, struct text *why)
{
    if (strlen(text) != 12 || strspn(text, "0123456789") != 12)
        text_addf(why,
                  "%s: “%.40s” is not an AWS account id: 12 digits in quotes, like "
                  "\"111122223333\"",
                  name, text);
    put_text(into, text);
}

static void put_percent(const char *name, struct decimal *into, const char *text, struct text *why)
{
    if (!decimal_read(into, text))
        text_addf(why, "%s: “%.40s” is not a percentage; write digits such as 50 or 33.3", name,
                  text);
}

static void put_price(const char *name, char **into, const char *text, struct text *why)
{
    struct decimal price;
    if (*text != '\0' && !decimal_read_price(&price, text))
        text_addf(why, "%s: “%.40s” is not a price; write digits such as 0.01", name, text);
    put_text(into, text);
}

static void put_draft(const char *name, enum config_draft *into, const char *text, struct text *why)
{
    bool late = strcmp(text, "on-approval") == 0;
    if (!late && strcmp(text, "on-submit") != 0)
        text_addf(why, "%s: write on-submit or on-approval, not “%.40s”", name, text);
    *into = late ? DRAFT_ON_APPROVAL : DRAFT_ON_SUBMIT;
}

static void put_level(const char *name, enum log_level *into, const char *text, struct text *why)
{
    int level = log_level_named(text);
    if (level < 0)
        text_addf(why, "%s: write error, warn, info or debug, not “%.40s”", name, text);
    else
        *into = (enum log_level)level;
}

static void put_rule(const struct config_row *row, const char *name, char **into, const char *text,
                     struct text *why)
{
    struct rule rule = {.quota = 0};
    struct text wrong = {0};
    if (!rule_read_part(&rule, (enum rule_part)rule_part_named(row->key), text, &wrong))
        text_addf(why, "%s: %s", name, text_get(&wrong));
    text_free(&wrong);
    put_text(into, text);
}

static bool read_working(enum config_kind kind, void *into, const char *text)
{
    if (kind == KIND_WEEKDAYS)
        return working_days_read(into, text);
    if (kind == KIND_CLOCK)
        return working_clock_read(into, text);
    return kind == KIND_DATES ? working_dates_read(into, text) : working_waits_read(into, text);
}

static void put_working(const struct config_row *row, const char *name, void *into,
                        const char *text, struct text *why)
{
    const char *like = row->kind == KIND_WEEKDAYS ? "days of the week, like [mon, tue, fri]"
                       : row->kind == KIND_CLOCK  ? "a time of day, like 09:00"
                       : row->kind == KIND_DATES  ? "dates, like [2026-12-25], 100 at most"
                                                  : "waits, like [4h, 1d, 2d], 8 at most";
    if (!read_working(row->kind, into, text))
        text_addf(why, "%s: “%.40s” is not what it takes: %s", name, text, like);
}

static void put_zone(const char *name, char **into, const char *text, struct text *why)
{
    if (!zone_name_good(text))
        text_addf(why, "%s: “%.40s” is not a time zone; write it like Europe/Berlin", name, text);
    put_text(into, text);
}

static void put_figure(const struct config_row *row, const char *name, void *into, const char *text,
                       struct text *why)
{
    if (row->kind == KIND_NUMBER)
        put_number(row, name, into, text, why);
    else if (row->kind == KIND_DURATION)
        put_duration(row, name, into, text, why);
    else if (row->kind == KIND_PRICE)
        put_price(name, into, text, why);
    else
        put_percent(name, into, text, why);
}

static void put_choice(const struct config_row *row, const char *name, void *into, const char *text,
                       struct text *why)
{
    if (row->kind == KIND_DRAFT)
        put_draft(name, into, text, why);
    else
        put_level(name, into, text, why);
}

/* What is read by the domain's own readers. */
static void put_domain(const struct config_row *row, const char *name, void *into, const char *text,
                       struct text *why)
{
    if (row->kind == KIND_RULE)
        put_rule(row, name, into, text, why);
    else if (row->kind == KIND_ZONE)
        put_zone(name, into, text, why);
    else
        put_working(row, name, into, text, why);
}

void config_put(const struct config_row *row, const char *name, void *into, const char *text,
                struct text *why)
{
    switch (row->kind) {
    case KIND_TEXT:
        put_text(into, text);
        break;
    case KIND_NAME:
        put_name(name, into, text, why);
        break;
    case KIND_CHANNEL:
    case KIND_TEAM:
        put_slack_id(row, name, into, text, why);
        break;
    case KIND_ACCOUNT:
        put_account(name, into, text, why);
        break;
    case KIND_NUMBER:
    case KIND_DURATION:
    case KIND_PERCENT:
    case KIND_PRICE:
        put_figure(row, name, into, text, why);
        break;
    case KIND_DRAFT:
    case KIND_LEVEL:
        put_choice(row, name, into, text, why);
        break;
    case KIND_RULE:
    case KIND_WEEKDAYS:
    case KIND_CLOCK:
    case KIND_DATES:
    case KIND_WAITS:
    case KIND_ZONE:
        put_domain(row, name, into, text, why);
        break;
    case KIND_USERS:
    case KIND_GROUPS:
    case KIND_TEAMS:
    case KIND_LIST_OF_MAPS:
        text_addf(why, "%s must be a list%s", name,
                  row->kind == KIND_LIST_OF_MAPS ? " of maps" : ", like [A, B]");
        break;
    }
}

/* --- lists of ids --- */

bool config_is_ids(enum config_kind kind)
{
    return kind == KIND_USERS || kind == KIND_GROUPS || kind == KIND_TEAMS;
}

bool config_is_words(enum config_kind kind)
{
    return kind == KIND_WEEKDAYS || kind == KIND_DATES || kind == KIND_WAITS;
}

void config_put_id(const struct config_row *row, const char *name, void *into, const char *text,
                   struct text *why)
{
    const char *starts = row->kind == KIND_USERS ? "UW" : row->kind == KIND_GROUPS ? "S" : "TE";
    const char *what = row->kind == KIND_USERS    ? "user"
                       : row->kind == KIND_GROUPS ? "user group"
                                                  : "team";
    char ***list = into;
    size_t count = 0;
    if (text == NULL || !is_id(text, starts)) {
        text_addf(why, "%s: “%.40s” is not a %s id; it looks like %c0123456789", name,
                  text != NULL ? text : "…", what, starts[0]);
        return;
    }
    while ((*list)[count] != NULL)
        count++;
    *list = mem_resize(*list, count + 2, sizeof(**list));
    (*list)[count] = mem_copy(text);
    (*list)[count + 1] = NULL;
}

static void free_ids(char **list)
{
    for (char **one = list; one != NULL && *one != NULL; one++)
        free(*one);
    free(list);
}

void config_drop(const struct config_row *row, void *member)
{
    switch (row->kind) {
    case KIND_TEXT:
    case KIND_NAME:
    case KIND_CHANNEL:
    case KIND_TEAM:
    case KIND_ACCOUNT:
    case KIND_PRICE:
    case KIND_RULE:
    case KIND_ZONE:
        free(*(char **)member);
        break;
    case KIND_USERS:
    case KIND_GROUPS:
    case KIND_TEAMS:
        free_ids(*(char ***)member);
        break;
    case KIND_NUMBER:
    case KIND_DURATION:
    case KIND_PERCENT:
    case KIND_DRAFT:
    case KIND_LEVEL:
    case KIND_WEEKDAYS:
    case KIND_CLOCK:
    case KIND_DATES:
    case KIND_WAITS:
    case KIND_LIST_OF_MAPS:
        break;
    }
}
