#include "run/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_up.h"
#include "log.h"
#include "mem.h"

/* --- lines --- */

static void say(const char *mark, const char *what, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void say(const char *mark, const char *what, const char *format, va_list args)
{
    printf("%-6s %-16s ", mark, what);
    vprintf(format, args);
    printf("\n");
}

void check_good(const char *what, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("ok", what, format, args);
    va_end(args);
}

void check_wrong(struct check_up *up, const char *what, const char *format, ...)
{
    va_list args;
    up->wrong++;
    va_start(args, format);
    say("WRONG", what, format, args);
    va_end(args);
}

void check_note(struct check_up *up, const char *what, const char *format, ...)
{
    va_list args;
    up->doubtful++;
    va_start(args, format);
    say("note", what, format, args);
    va_end(args);
}

/* --- people --- */

bool check_people_has(const struct check_people *people, const char *id)
{
    for (size_t i = 0; i < people->count; i++) {
        if (strcmp(people->id[i], id) == 0)
            return true;
    }
    return false;
}

void check_people_add(struct check_people *people, const char *id)
{
    if (people->count < CHECK_MAX_PEOPLE && !check_people_has(people, id))
        people->id[people->count++] = mem_copy(id);
}

void check_people_clear(struct check_people *people)
{
    for (size_t i = 0; i < people->count; i++)
        free(people->id[i]);
    people->count = 0;
}

/* --- the way out --- */

static void check_proxy(const struct check_up *up)
{
    if (up->asker.proxy == NULL)
        return;
    char *text = proxy_text(up->asker.proxy);
    check_good("proxy", "%s", text);
    free(text);
}

/* --- all of it --- */

int check_run(const struct config *config)
{
    struct check_up *up = mem_new(1, sizeof(*up));
    struct err err;
    up->config = config;
    log_set_level(LOG_LEVEL_ERROR);
    check_example(up);
    check_machine(up);
    if (config->writable_by_others)
        check_note(up, "configuration",
                   "others than its owner can change the file, and who may approve stands in it: "
                   "chmod go-w it");
    if (asker_open(&up->asker, config, &err) != 0) {
        check_wrong(up, "network", "%s", err.text);
    } else {
        check_proxy(up);
        check_slack(up);
        check_aws(up);
    }
    asker_close(&up->asker);
    int status = up->wrong > 0;
    if (up->wrong > 0)
        printf("\n%d %s wrong.\n", up->wrong, up->wrong == 1 ? "thing is" : "things are");
    else
        printf("\nNo problems found.\n");
    check_people_clear(&up->approvers);
    mem_wipe_free(up->app_token);
    mem_wipe_free(up->bot_token);
    free(up);
    return status;
}
