/* The thread and its loop. */
#include <stdlib.h>

#include "mem.h"
#include "proxy_parts.h"

static void on_wake(uv_async_t *wake)
{
    struct proxies *proxies = wake->data;
    pthread_mutex_lock(&proxies->lock);
    if (proxies->fn != NULL) {
        proxies->fn(proxies->ctx);
        proxies->fn = NULL;
        pthread_cond_broadcast(&proxies->news);
    }
    pthread_mutex_unlock(&proxies->lock);
}

static void *run(void *ctx)
{
    struct proxies *proxies = ctx;
    uv_run(&proxies->loop, UV_RUN_DEFAULT);
    return NULL;
}

struct proxies *proxies_open(void)
{
    struct proxies *proxies = mem_new(1, sizeof(*proxies));
    uv_loop_init(&proxies->loop);
    uv_async_init(&proxies->loop, &proxies->wake, on_wake);
    proxies->wake.data = proxies;
    pthread_mutex_init(&proxies->lock, NULL);
    pthread_cond_init(&proxies->news, NULL);
    if (pthread_create(&proxies->thread, NULL, run, proxies) != 0)
        abort();
    return proxies;
}

uv_loop_t *proxies_loop(struct proxies *proxies)
{
    return &proxies->loop;
}

void proxies_do(struct proxies *proxies, void (*fn)(void *ctx), void *ctx)
{
    pthread_mutex_lock(&proxies->lock);
    proxies->fn = fn;
    proxies->ctx = ctx;
    uv_async_send(&proxies->wake);
    while (proxies->fn != NULL)
        pthread_cond_wait(&proxies->news, &proxies->lock);
    pthread_mutex_unlock(&proxies->lock);
}

static void close_all(void *ctx)
{
    struct proxies *proxies = ctx;
    for (struct proxy *proxy = proxies->list; proxy != NULL; proxy = proxy->next) {
        if (proxy->listener != NULL)
            uv_close((uv_handle_t *)proxy->listener, (uv_close_cb)free);
        while (proxy->pairs != NULL)
            pair_go(proxy->pairs, true);
    }
    uv_close((uv_handle_t *)&proxies->wake, NULL);
}

void proxies_close(struct proxies *proxies)
{
    proxies_do(proxies, close_all, proxies);
    pthread_join(proxies->thread, NULL);
    uv_loop_close(&proxies->loop);
    while (proxies->list != NULL) {
        struct proxy *proxy = proxies->list;
        proxies->list = proxy->next;
        free(proxy);
    }
    pthread_mutex_destroy(&proxies->lock);
    pthread_cond_destroy(&proxies->news);
    free(proxies);
}
