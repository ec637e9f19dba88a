#include "sandbox.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "mem.h"
#include "parts.h"

/* --- small helpers ------------------------------------------------------------------------- */

const char *sandbox_header(const struct sb_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

void sandbox_reply_json(struct sb_reply *reply, int status, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    reply->status = status;
    text_clear(&reply->body);
    text_add(&reply->body, text != NULL ? text : "null");
    free(text);
    json_decref(body);
}

const char *sandbox_url(const struct sandbox *sandbox)
{
    return sandbox->url;
}

static void random_bytes(unsigned char *bytes, int size)
{
    if (RAND_bytes(bytes, size) != 1)
        abort();
}

void sandbox_uuid(char uuid[SANDBOX_UUID])
{
    unsigned char r[16];
    random_bytes(r, sizeof(r));
    r[6] = (unsigned char)((r[6] & 0x0FU) | 0x40U);
    r[8] = (unsigned char)((r[8] & 0x3FU) | 0x80U);
    size_t at = 0;
    for (size_t i = 0; i < sizeof(r); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            uuid[at++] = '-';
        snprintf(uuid + at, SANDBOX_UUID - at, "%02x", r[i]);
        at += 2;
    }
}

void sandbox_random_id(char *id, size_t size)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t i = 0; i + 1 < size; i++) {
        unsigned char r;
        random_bytes(&r, 1);
        id[i] = letters[r % 36];
    }
    id[size - 1] = '\0';
}

/* --- time ---------------------------------------------------------------------------------- */

static int64_t clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t sandbox_now_ms(void)
{
    return clock_ms(CLOCK_REALTIME);
}

int64_t sandbox_steady_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

int64_t sandbox_steady_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct sandbox_timer {
    uv_timer_t timer;
    struct sandbox_timer *next;
    struct sandbox_timer **previous;
    void (*fn)(void *ctx);
    void *ctx;
};

static void timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void sandbox_cancel(struct sandbox_timer *timer)
{
    if (timer == NULL)
        return;
    *timer->previous = timer->next;
    if (timer->next != NULL)
        timer->next->previous = timer->previous;
    uv_close((uv_handle_t *)&timer->timer, timer_closed);
}

static void timer_due(uv_timer_t *handle)
{
    struct sandbox_timer *timer = handle->data;
    void (*fn)(void *) = timer->fn;
    void *ctx = timer->ctx;
    sandbox_cancel(timer);
    fn(ctx);
}

struct sandbox_timer *sandbox_after(struct sandbox *sandbox, int64_t ms, void (*fn)(void *ctx),
                                    void *ctx)
{
    struct sandbox_timer *timer = mem_new(1, sizeof(*timer));
    timer->fn = fn;
    timer->ctx = ctx;
    timer->next = sandbox->timers;
    timer->previous = &sandbox->timers;
    if (timer->next != NULL)
        timer->next->previous = &timer->next;
    sandbox->timers = timer;
    uv_timer_init(&sandbox->loop, &timer->timer);
    timer->timer.data = timer;
    uv_update_time(&sandbox->loop);
    uv_timer_start(&timer->timer, timer_due, ms > 0 ? (uint64_t)ms : 0, 0);
    return timer;
}
