#include "run/links.h"

#include <jansson.h>
#include <stdlib.h>

#include "log.h"
#include "mem.h"
#include "run/random.h"
#include "slack/socket_mode.h"
#include "text.h"

enum { MAX_LINKS = 16 };

/* A websocket, by its serial. */
struct link {
    struct links *links;
    uint64_t serial;
    struct websocket *socket;
};

struct links {
    struct socket_mode *mode;
    uv_timer_t wake;
    struct websockets *websockets;
    struct slack_port *slack;
    struct links_events events;
    struct link *link[MAX_LINKS];
    bool closed;
};

/* Does not run while the machine is suspended, unlike clock_monotonic_ms: a socket that was fine
 * before then gets as long to be heard as any other. */
static int64_t awake_ms(void *ctx)
{
    (void)ctx;
    return (int64_t)(uv_hrtime() / 1000000);
}

static uint32_t random_number(void *ctx)
{
    uint32_t number;
    (void)ctx;
    random_fill(&number, sizeof(number));
    return number;
}

struct address_call {
    struct links *links;
    uint64_t serial;
};

static void on_address(void *ctx, const void *reply, const char *code, const char *text, bool setup,
                       int64_t retry_after_ms)
{
    struct address_call *call = ctx;
    struct socket_mode *sockets = call->links->mode;
    const char *url = json_string_value(json_object_get(reply, "url"));
    if (url != NULL) {
        socket_mode_address(sockets, call->serial, url);
    } else {
        char *why = text_format("Slack gives no address for a socket: %s (%s)", text, code);
        socket_mode_no_address(sockets, call->serial, why, setup, retry_after_ms);
        free(why);
    }
    free(call);
}

static void ask_address(void *ctx, uint64_t serial)
{
    struct address_call *call = mem_new(1, sizeof(*call));
    struct links *links = ctx;
    *call = (struct address_call){links, serial};
    slack_port_ask(links->slack, "apps.connections.open", "{}", on_address, call);
}

static void on_link_up(void *ctx)
{
    struct link *link = ctx;
    socket_mode_up(link->links->mode, link->serial);
}

static void on_link_text(void *ctx, const char *bytes, size_t size)
{
    struct link *link = ctx;
    socket_mode_text(link->links->mode, link->serial, bytes, size);
}

static void on_link_alive(void *ctx)
{
    struct link *link = ctx;
    socket_mode_alive(link->links->mode, link->serial);
}

static void on_link_pong(void *ctx)
{
    struct link *link = ctx;
    socket_mode_pong(link->links->mode, link->serial);
}

/* What it said is stored and acknowledged now, or it never will be. */
static void on_link_closing(void *ctx)
{
    struct link *link = ctx;
    link->links->events.flush(link->links->events.ctx);
}

static void on_link_down(void *ctx, const char *why)
{
    struct link *link = ctx;
    struct links *links = link->links;
    for (int i = 0; i < MAX_LINKS; i++) {
        if (links->link[i] == link)
            links->link[i] = NULL;
    }
    socket_mode_down(links->mode, link->serial, why);
    free(link);
}

static bool connect_link(void *ctx, uint64_t serial, const char *url)
{
    static const struct websocket_events events = {
        .up = on_link_up,
        .text = on_link_text,
        .alive = on_link_alive,
        .pong = on_link_pong,
        .closing = on_link_closing,
        .down = on_link_down,
    };
    struct links *links = ctx;
    struct err err;
    int at = 0;
    while (at < MAX_LINKS && links->link[at] != NULL)
        at++;
    if (at == MAX_LINKS)
        return false;
    struct link *link = mem_new(1, sizeof(*link));
    *link = (struct link){links, serial, NULL};
    link->socket = websocket_connect(links->websockets, url, &events, link, &err);
    if (link->socket == NULL) {
        log_warn("socket not connected", F_TEXT("why", err.text));
        free(link);
        return false;
    }
    links->link[at] = link;
    return true;
}

static struct link *link_of(struct links *links, uint64_t serial)
{
    for (int i = 0; i < MAX_LINKS; i++) {
        if (links->link[i] != NULL && links->link[i]->serial == serial)
            return links->link[i];
    }
    return NULL;
}

static int send_frame(void *ctx, uint64_t serial, const char *bytes, size_t size)
{
    struct link *link = link_of(ctx, serial);
    return link != NULL ? websocket_send(link->socket, bytes, size) : -1;
}

static void ping_link(void *ctx, uint64_t serial)
{
    struct link *link = link_of(ctx, serial);
    if (link != NULL)
        websocket_ping(link->socket);
}

static void close_link(void *ctx, uint64_t serial)
{
    struct links *links = ctx;
    struct link *link = link_of(links, serial);
    if (link == NULL)
        return;
    links->events.flush(links->events.ctx); /* behind our close frame no answer leaves */
    websocket_close(link->socket);
}

static void on_frame(void *ctx, uint64_t serial, json_t *frame)
{
    struct links *links = ctx;
    links->events.frame(links->events.ctx, serial, frame);
}

static void on_hello(void *ctx, uint64_t serial)
{
    struct links *links = ctx;
    (void)serial;
    links->events.counted(links->events.ctx, socket_mode_others(links->mode));
}

static void on_alarm(void *ctx, const char *text)
{
    struct links *links = ctx;
    links->events.alarm(links->events.ctx, text);
}

static void on_wake(uv_timer_t *timer)
{
    struct links *links = timer->data;
    socket_mode_tick(links->mode);
}

static void wake_at(void *ctx, int64_t when)
{
    struct links *links = ctx;
    int64_t delay = when - awake_ms(NULL);
    if (links->closed)
        return;
    if (when == INT64_MAX)
        uv_timer_stop(&links->wake);
    else
        uv_timer_start(&links->wake, on_wake, delay > 0 ? (uint64_t)delay : 0, 0);
}

/* --- birth and death --- */

struct links *links_new(uv_loop_t *loop, struct websockets *websockets, struct slack_port *slack,
                        int count, const struct links_events *events)
{
    struct links *links = mem_new(1, sizeof(*links));
    const struct socket_mode_ports ports = {
        .now = awake_ms,
        .random = random_number,
        .ask = ask_address,
        .connect = connect_link,
        .send = send_frame,
        .ping = ping_link,
        .close = close_link,
        .frame = on_frame,
        .hello = on_hello,
        .alarm = on_alarm,
        .wake_at = wake_at,
        .ctx = links,
    };
    links->websockets = websockets;
    links->slack = slack;
    links->events = *events;
    links->mode = socket_mode_new(&ports, count);
    uv_timer_init(loop, &links->wake);
    links->wake.data = links;
    return links;
}

void links_start(struct links *links)
{
    socket_mode_start(links->mode);
}

void links_stop(struct links *links)
{
    socket_mode_stop(links->mode);
}

bool links_stopped(const struct links *links)
{
    return socket_mode_stopped(links->mode);
}

bool links_have_more(const struct links *links)
{
    for (int i = 0; i < MAX_LINKS; i++) {
        if (links->link[i] != NULL && websocket_has_more(links->link[i]->socket))
            return true;
    }
    return false;
}

int links_ack(struct links *links, uint64_t serial, const char *envelope, const char *payload)
{
    return socket_mode_ack(links->mode, serial, envelope, payload);
}

void links_close(struct links *links)
{
    if (links == NULL || links->closed)
        return;
    links->closed = true;
    uv_close((uv_handle_t *)&links->wake, NULL);
}

void links_free(struct links *links)
{
    if (links == NULL)
        return;
    socket_mode_free(links->mode);
    free(links);
}
