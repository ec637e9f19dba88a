/* The sandbox's clocks and timers. */
#include <stdlib.h>
#include <time.h>

#include "mem.h"
#include "parts.h"

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

int64_t sandbox_monotonic_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

int64_t sandbox_monotonic_us(void)
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
