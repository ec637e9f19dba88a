/* A sandbox without a loop: a clock of our own, timers that it drives, and a log to look into. */
#ifndef CPPO_TESTS_SANDBOX_FIXTURE_H
#define CPPO_TESTS_SANDBOX_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../sandbox/fault.h"
#include "../sandbox/parts.h"
#include "../sandbox/switches.h"
#include "../sandbox/workspace.h"
#include "mem.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

struct sandbox_timer {
    struct sandbox_timer *next;
    int64_t due;
    void (*fn)(void *ctx);
    void *ctx;
};

static struct {
    struct sandbox box;
    int64_t now; /* ms */
    json_t *log;
} fake;

int64_t sandbox_monotonic_ms(void)
{
    return fake.now;
}

int64_t sandbox_monotonic_us(void)
{
    return fake.now * 1000;
}

int64_t sandbox_now_ms(void)
{
    return 1700000000000 + fake.now;
}

struct sandbox_timer *sandbox_after(struct sandbox *sandbox, int64_t ms, void (*fn)(void *ctx),
                                    void *ctx)
{
    struct sandbox_timer *timer = mem_new(1, sizeof(*timer));
    *timer =
        (struct sandbox_timer){.next = sandbox->timers, .due = fake.now + ms, .fn = fn, .ctx = ctx};
    sandbox->timers = timer;
    return timer;
}

void sandbox_cancel(struct sandbox_timer *timer)
{
    struct sandbox_timer **at = &fake.box.timers;
    if (timer == NULL)
        return;
    while (*at != timer)
        at = &(*at)->next;
    *at = timer->next;
    free(timer);
}

void log_entry(struct sandbox *sandbox, const char *kind, json_t *fields)
{
    json_t *entry = fields != NULL ? fields : json_object();
    (void)sandbox;
    json_object_set_new(entry, "kind", json_string(kind));
    json_array_append_new(fake.log, entry);
}

/* Let ${ms} go by. */
static inline void pass(int64_t ms)
{
    int64_t until = fake.now + ms;
    for (;;) {
        struct sandbox_timer *first = NULL;
        for (struct sandbox_timer *timer = fake.box.timers; timer != NULL; timer = timer->next) {
            if (timer->due <= until && (first == NULL || timer->due < first->due))
                first = timer;
        }
        if (first == NULL)
            break;
        struct sandbox_timer due = *first;
        fake.now = due.due > fake.now ? due.due : fake.now;
        sandbox_cancel(first);
        due.fn(due.ctx);
    }
    fake.now = until;
}

/* The newest entry of this kind; NULL: there is none. */
static inline const json_t *logged(const char *kind)
{
    for (size_t i = json_array_size(fake.log); i-- > 0;) {
        const json_t *entry = json_array_get(fake.log, i);
        if (strcmp(workspace_text(entry, "kind"), kind) == 0)
            return entry;
    }
    return NULL;
}

static inline size_t count_logged(const char *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(fake.log); i++)
        count += strcmp(workspace_text(json_array_get(fake.log, i), "kind"), kind) == 0;
    return count;
}

/* ' stands for " in ${json}; a new reference. */
static inline json_t *parse(const char *json)
{
    struct text text = {0};
    for (; *json != '\0'; json++)
        text_add_bytes(&text, *json == '\'' ? "\"" : json, 1);
    json_t *root = json_loads(text_get(&text), JSON_DECODE_ANY, NULL);
    assert_non_null(root);
    text_free(&text);
    return root;
}

static inline void order_fault(const char *json)
{
    struct err err;
    json_t *wish = parse(json);
    if (fault_add(fake.box.faults, wish, &err) != 0)
        fail_msg("%s", err.text);
    json_decref(wish);
}

/* Turn switches of Slack's; ' stands for " in ${json}. */
static inline void turn(const char *json)
{
    const char *error = NULL;
    json_t *wish = parse(json);
    if (!switches_turn(fake.box.workspace, wish, &error))
        fail_msg("%s", error);
    json_decref(wish);
}

static inline void fixture_open(void)
{
    memset(&fake, 0, sizeof(fake));
    fake.log = json_array();
    fake.box.faults = fault_open();
    fake.box.workspace = workspace_open();
    text_fit(fake.box.url, sizeof(fake.box.url), "http://127.0.0.1:1");
}

static inline void fixture_close(void)
{
    while (fake.box.timers != NULL)
        sandbox_cancel(fake.box.timers);
    fault_close(fake.box.faults);
    workspace_close(fake.box.workspace);
    json_decref(fake.log);
}

#endif
