/* What is asked of a proxy: each question is put to the loop's thread. */
#include "proxy.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"
#include "proxy_parts.h"

enum { BACKLOG = 128 };

/* A question: to which proxy, with what, and the answer. */
struct question {
    struct proxy *proxy;
    struct plan plan;
    bool flag;
    long number;
    size_t size;
    enum way way;
    enum strike strike;
};

static struct question ask(struct proxy *proxy, void (*fn)(void *ctx), struct question question)
{
    question.proxy = proxy;
    proxies_do(proxy->proxies, fn, &question);
    return question;
}

/* --- listening --- */

static void on_connection(uv_stream_t *listener, int status)
{
    if (status == 0)
        pair_take(listener->data, listener);
}

static void on_listener_closed(uv_handle_t *handle)
{
    free(handle);
}

static void listen_or_not(void *ctx)
{
    struct question *question = ctx;
    struct proxy *proxy = question->proxy;
    int size = sizeof(proxy->address);
    if (!question->flag) {
        if (proxy->listener != NULL)
            uv_close((uv_handle_t *)proxy->listener, on_listener_closed);
        proxy->listener = NULL;
        return;
    }
    proxy->listener = mem_new(1, sizeof(*proxy->listener));
    proxy->listener->data = proxy;
    uv_tcp_init(&proxy->proxies->loop, proxy->listener);
    if (uv_tcp_bind(proxy->listener, (struct sockaddr *)&proxy->address, 0) != 0 ||
        uv_listen((uv_stream_t *)proxy->listener, BACKLOG, on_connection) != 0 ||
        uv_tcp_getsockname(proxy->listener, (struct sockaddr *)&proxy->address, &size) != 0) {
        fprintf(stderr, "the proxy cannot listen\n");
        exit(1);
    }
}

/* What `localhost` is first resolved to: IPv6 on most machines. */
static void find_address(struct proxy *proxy)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    if (getaddrinfo("localhost", NULL, &hints, &list) != 0) {
        fprintf(stderr, "there is no localhost\n");
        exit(1);
    }
    memcpy(&proxy->address, list->ai_addr, list->ai_addrlen);
    freeaddrinfo(list);
}

static void add(void *ctx)
{
    struct question *question = ctx;
    struct proxy *proxy = question->proxy;
    proxy->next = proxy->proxies->list;
    proxy->proxies->list = proxy;
    question->flag = true;
    listen_or_not(question);
}

struct proxy *proxy_open(struct proxies *proxies, int target)
{
    struct proxy *proxy = mem_new(1, sizeof(*proxy));
    proxy->proxies = proxies;
    proxy->target = target;
    find_address(proxy);
    ask(proxy, add, (struct question){0});
    return proxy;
}

int proxy_port(const struct proxy *proxy)
{
    const struct sockaddr *address = (const struct sockaddr *)&proxy->address;
    return ntohs(address->sa_family == AF_INET6
                     ? ((const struct sockaddr_in6 *)(const void *)address)->sin6_port
                     : ((const struct sockaddr_in *)(const void *)address)->sin_port);
}

void proxy_listen(struct proxy *proxy, bool listen)
{
    ask(proxy, listen_or_not, (struct question){.flag = listen});
}

/* --- orders --- */

static void set_pieces(void *ctx)
{
    const struct question *question = ctx;
    question->proxy->piece = question->size;
    question->proxy->every_ms = question->number;
}

void proxy_pieces(struct proxy *proxy, size_t size, long every_ms)
{
    ask(proxy, set_pieces, (struct question){.size = size, .number = every_ms});
}

static void set_plan(void *ctx)
{
    const struct question *question = ctx;
    struct proxy *proxy = question->proxy;
    proxy->plan = question->plan;
    proxy->planned = true;
    proxy->for_next = question->flag;
    proxy->planned_for = NULL;
    proxy->carried_out = false;
}

void proxy_plan_next(struct proxy *proxy, struct plan plan)
{
    ask(proxy, set_plan, (struct question){.plan = plan, .flag = true});
}

void proxy_plan_all(struct proxy *proxy, struct plan plan)
{
    ask(proxy, set_plan, (struct question){.plan = plan, .flag = false});
}

static void unset_plan(void *ctx)
{
    struct question *question = ctx;
    question->flag = question->proxy->carried_out;
    question->proxy->planned = false;
}

bool proxy_unplan(struct proxy *proxy)
{
    return ask(proxy, unset_plan, (struct question){0}).flag;
}

static void strike_now(void *ctx)
{
    const struct question *question = ctx;
    for (struct pair *pair = question->proxy->pairs, *next; pair != NULL; pair = next) {
        next = pair->next;
        if (pair->hole || pair->deaf)
            continue;
        pair_strike(pair, question->strike, TO_BOT, 0);
        if (!question->flag)
            return;
    }
}

void proxy_strike(struct proxy *proxy, enum strike strike, bool all)
{
    ask(proxy, strike_now, (struct question){.strike = strike, .flag = all});
}

static void bury(void *ctx)
{
    const struct question *question = ctx;
    for (struct pair *pair = question->proxy->pairs, *next; pair != NULL; pair = next) {
        next = pair->next;
        pair_bury(pair);
    }
}

void proxy_bury(struct proxy *proxy)
{
    ask(proxy, bury, (struct question){0});
}

/* --- news --- */

bool proxy_wait(struct proxy *proxy, long ms)
{
    struct proxies *proxies = proxy->proxies;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&proxies->lock);
    while (!proxy->carried_out &&
           pthread_cond_timedwait(&proxies->news, &proxies->lock, &until) == 0)
        ;
    bool done = proxy->carried_out;
    pthread_mutex_unlock(&proxies->lock);
    return done;
}

static void tell(void *ctx)
{
    struct question *question = ctx;
    const struct proxy *proxy = question->proxy;
    question->plan = (struct plan){.bytes = proxy->bytes[question->way],
                                   .records = proxy->records[question->way],
                                   .stall_ms = (long)proxy->struck_at};
}

int64_t proxy_struck_at(struct proxy *proxy)
{
    return ask(proxy, tell, (struct question){0}).plan.stall_ms;
}

void proxy_passed(struct proxy *proxy, enum way way, long *bytes, long *records)
{
    struct plan passed = ask(proxy, tell, (struct question){.way = way}).plan;
    *bytes = passed.bytes;
    *records = passed.records;
}
