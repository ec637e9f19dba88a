#include "log.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "parts.h"

enum { MAX_ENTRIES = 20000, MAX_AT_ONCE = 500, MAX_WAIT_MS = 60000 };

/* A reader who waits for the next entry. */
struct waiter {
    struct waiter *next;
    struct sandbox *sandbox;
    struct http_exchange *exchange;
    struct sandbox_timer *timer;
    int64_t after;
};

struct log {
    json_t *entries; /* the oldest first; entry i has seq first + i */
    int64_t first;
    struct waiter *waiters;
    bool waking;
};

struct log *log_open(void)
{
    struct log *log = mem_new(1, sizeof(*log));
    log->entries = json_array();
    log->first = 1;
    return log;
}

int64_t log_newest(const struct log *log)
{
    return log->first + (int64_t)json_array_size(log->entries) - 1;
}

static void answer(struct log *log, struct http_exchange *exchange, int64_t after)
{
    json_t *entries = json_array();
    struct sb_reply reply = {0};
    int64_t newest = log_newest(log);
    int64_t seq = after + 1 > log->first ? after + 1 : log->first;
    for (; seq <= newest && json_array_size(entries) < MAX_AT_ONCE; seq++)
        json_array_append(entries, json_array_get(log->entries, (size_t)(seq - log->first)));
    sandbox_reply_json(&reply, 200,
                       json_pack("{s:b, s:o, s:I, s:I, s:I}", "ok", 1, "entries", entries, "next",
                                 (json_int_t)(seq - 1), "oldest", (json_int_t)log->first, "newest",
                                 (json_int_t)newest));
    http_reply(exchange, &reply);
}

/* --- waiting --- */

static void release(struct waiter *waiter)
{
    struct log *log = waiter->sandbox->log;
    struct waiter **at = &log->waiters;
    while (*at != waiter)
        at = &(*at)->next;
    *at = waiter->next;
    answer(log, waiter->exchange, waiter->after);
    free(waiter);
}

static void waited(void *ctx)
{
    release(ctx);
}

/* A moment after the entry, so that what happens together is read together. */
static void wake(void *ctx)
{
    struct log *log = ctx;
    log->waking = false;
    for (struct waiter *waiter = log->waiters, *next; waiter != NULL; waiter = next) {
        next = waiter->next;
        if (waiter->after >= log_newest(log))
            continue;
        sandbox_cancel(waiter->timer);
        release(waiter);
    }
}

static int64_t query_number(const char *query, const char *name)
{
    size_t size = strlen(name);
    while (query != NULL && *query != '\0') {
        if (strncmp(query, name, size) == 0 && query[size] == '=')
            return strtoll(query + size + 1, NULL, 10);
        query = strchr(query, '&');
        if (query != NULL)
            query++;
    }
    return 0;
}

void log_serve(struct sandbox *sandbox, struct http_exchange *exchange)
{
    struct log *log = sandbox->log;
    const char *query = http_request(exchange)->query;
    int64_t after = query_number(query, "after");
    int64_t wait = query_number(query, "wait_ms");
    if (wait > MAX_WAIT_MS)
        wait = MAX_WAIT_MS;
    if (after < log_newest(log) || wait <= 0) {
        answer(log, exchange, after);
        return;
    }
    struct waiter *waiter = mem_new(1, sizeof(*waiter));
    *waiter = (struct waiter){
        .next = log->waiters, .sandbox = sandbox, .exchange = exchange, .after = after};
    waiter->timer = sandbox_after(sandbox, wait, waited, waiter);
    log->waiters = waiter;
}

/* --- writing --- */

void log_entry(struct sandbox *sandbox, const char *kind, json_t *fields)
{
    struct log *log = sandbox->log;
    json_t *entry = json_pack("{s:I, s:I, s:s}", "seq", (json_int_t)(log_newest(log) + 1), "at_ms",
                              (json_int_t)sandbox_now_ms(), "kind", kind);
    if (fields != NULL)
        json_object_update_missing(entry, fields);
    json_decref(fields);
    json_array_append_new(log->entries, entry);
    if (json_array_size(log->entries) > MAX_ENTRIES) {
        json_array_remove(log->entries, 0);
        log->first++;
    }
    if (log->waiters != NULL && !log->waking) {
        log->waking = true;
        sandbox_after(sandbox, 2, wake, log);
    }
}

void log_close(struct log *log)
{
    if (log == NULL)
        return;
    while (log->waiters != NULL) {
        struct waiter *waiter = log->waiters;
        log->waiters = waiter->next;
        free(waiter);
    }
    json_decref(log->entries);
    free(log);
}
