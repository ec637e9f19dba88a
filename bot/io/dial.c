#include "io/dial.h"

#include <assert.h>
#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"

enum {
    MAX_ADDRESSES = 8,
    TRYING_MS = 8000, /* all of them */
    MIN_MS = 1000,    /* one of them */
    MAX_MS = 3000,
    PROXY_MS = 5000, /* to its answer */
    MAX_REPLY = 16 * 1024,
};

struct dial {
    uv_loop_t *loop;
    uv_getaddrinfo_t lookup;
    uv_tcp_t tcp;
    uv_timer_t timer;
    uv_connect_t connecting;
    uv_write_t writing;
    struct sockaddr_storage addresses[MAX_ADDRESSES];
    int count, next;
    char *host;
    int port;
    const struct proxy *via;
    char *request;
    struct text reply;
    char chunk[4096];
    char why[200];      /* the newest failure */
    bool looking, open; /* the socket */
    bool over;
    dial_done_fn *done; /* NULL once told, or cancelled */
    void *ctx;
};

/* --- the end --- */

static void on_timer_closed(uv_handle_t *handle)
{
    struct dial *dial = handle->data;
    assert(dial->done == NULL && !dial->open && !dial->looking);
    mem_wipe_free(dial->request);
    text_free(&dial->reply);
    free(dial->host);
    free(dial);
}

static void let_go(struct dial *dial)
{
    if (!dial->looking && !dial->open && !uv_is_closing((uv_handle_t *)&dial->timer))
        uv_close((uv_handle_t *)&dial->timer, on_timer_closed);
}

static void try_next(struct dial *dial);

static void on_socket_closed(uv_handle_t *handle)
{
    struct dial *dial = handle->data;
    dial->open = false;
    if (dial->over)
        let_go(dial);
    else
        try_next(dial);
}

static void close_socket(struct dial *dial)
{
    if (dial->open && !uv_is_closing((uv_handle_t *)&dial->tcp))
        uv_close((uv_handle_t *)&dial->tcp, on_socket_closed);
}

static void end(struct dial *dial, int fd)
{
    dial_done_fn *done = dial->done;
    dial->over = true;
    dial->done = NULL;
    uv_timer_stop(&dial->timer);
    close_socket(dial);
    if (done != NULL)
        done(dial->ctx, fd, dial->why);
    let_go(dial);
}

static void fail(struct dial *dial, const char *why)
{
    text_fit(dial->why, sizeof(dial->why), why);
    end(dial, -1);
}

/* The receiver gets a descriptor of its own: the loop lets go of this one. */
static void hand_over(struct dial *dial)
{
    uv_os_fd_t fd;
    int own = -1;
    assert(!dial->over && dial->open);
    uv_read_stop((uv_stream_t *)&dial->tcp);
    if (uv_fileno((uv_handle_t *)&dial->tcp, &fd) == 0)
        own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (own < 0)
        fail(dial, "there is no descriptor left");
    else
        end(dial, own);
}

/* --- through a proxy --- */

/* "HTTP/1.1 200 ..." -> 200; -1 for anything else. */
static int read_status(const char *reply)
{
    if (strncmp(reply, "HTTP/1.", 7) != 0 || !isdigit((unsigned char)reply[7]) || reply[8] != ' ' ||
        strspn(reply + 9, "0123456789") != 3)
        return -1;
    return (int)strtol(reply + 9, NULL, 10);
}

static void judge_reply(struct dial *dial, const char *blank)
{
    char why[120];
    int status = read_status(dial->reply.bytes);
    if (status < 0) {
        fail(dial, "the proxy's answer makes no sense: is it an HTTP proxy?");
    } else if (status < 200 || status > 299) {
        snprintf(why, sizeof(why), "%s (%d)", proxy_refusal(status), status);
        fail(dial, strchr(proxy_refusal(status), '(') != NULL ? proxy_refusal(status) : why);
    } else if (blank[4] != '\0' || strlen(dial->reply.bytes) < dial->reply.size) {
        fail(dial, "the proxy sent unexpected data"); /* the host waits for us to speak */
    } else {
        hand_over(dial);
    }
}

static void on_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct dial *dial = handle->data;
    (void)wanted;
    *buffer = uv_buf_init(dial->chunk, sizeof(dial->chunk));
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct dial *dial = stream->data;
    if (size == 0 || dial->over)
        return;
    if (size < 0) {
        fail(dial, "the proxy closed the connection without an answer");
        return;
    }
    text_add_bytes(&dial->reply, buffer->base, (size_t)size);
    const char *blank = strstr(dial->reply.bytes, "\r\n\r\n");
    if (blank != NULL)
        judge_reply(dial, blank);
    else if (dial->reply.size > MAX_REPLY)
        fail(dial, "the proxy's answer is too large");
}

static void on_written(uv_write_t *write, int status)
{
    struct dial *dial = write->data;
    if (status < 0 && !dial->over)
        fail(dial, "the proxy closed the connection without an answer");
}

static void on_proxy_silent(uv_timer_t *timer)
{
    fail(timer->data, "the proxy does not answer");
}

static void ask_proxy(struct dial *dial)
{
    dial->request = proxy_request(dial->via, dial->host, dial->port);
    uv_buf_t bytes = uv_buf_init(dial->request, (unsigned)strlen(dial->request));
    dial->writing.data = dial;
    uv_timer_start(&dial->timer, on_proxy_silent, PROXY_MS, 0);
    if (uv_write(&dial->writing, (uv_stream_t *)&dial->tcp, &bytes, 1, on_written) != 0 ||
        uv_read_start((uv_stream_t *)&dial->tcp, on_alloc, on_read) != 0)
        fail(dial, "the proxy closed the connection without an answer");
}

/* --- the addresses --- */

static void on_address_silent(uv_timer_t *timer)
{
    struct dial *dial = timer->data;
    text_fit(dial->why, sizeof(dial->why), "it does not answer");
    close_socket(dial);
}

static void on_connected(uv_connect_t *connecting, int status)
{
    struct dial *dial = connecting->data;
    if (dial->over || status == UV_ECANCELED)
        return;
    if (status != 0) {
        text_fit(dial->why, sizeof(dial->why), uv_strerror(status));
        close_socket(dial);
        return;
    }
    uv_timer_stop(&dial->timer);
    uv_tcp_nodelay(&dial->tcp, 1);
    if (dial->via != NULL)
        ask_proxy(dial);
    else
        hand_over(dial);
}

static void on_no_address(uv_timer_t *timer)
{
    struct dial *dial = timer->data;
    char why[250];
    snprintf(why, sizeof(why), "%s%s", dial->via != NULL ? "the proxy cannot be reached: " : "",
             dial->why);
    fail(dial, why);
}

static void try_next(struct dial *dial)
{
    int each = TRYING_MS / (dial->count > 0 ? dial->count : 1);
    if (dial->next == dial->count) {
        uv_timer_start(&dial->timer, on_no_address, 0, 0);
        return;
    }
    const struct sockaddr *address = (const struct sockaddr *)&dial->addresses[dial->next++];
    uv_tcp_init(dial->loop, &dial->tcp);
    dial->tcp.data = dial->connecting.data = dial;
    dial->open = true;
    each = each < MIN_MS ? MIN_MS : each > MAX_MS ? MAX_MS : each;
    uv_timer_start(&dial->timer, on_address_silent, (uint64_t)each, 0);
    int error = uv_tcp_connect(&dial->connecting, &dial->tcp, address, on_connected);
    if (error != 0) { /* such as a family that this machine does not speak */
        text_fit(dial->why, sizeof(dial->why), uv_strerror(error));
        close_socket(dial);
    }
}

static void add_address(struct dial *dial, const struct addrinfo *one, int port)
{
    struct sockaddr_storage *into = &dial->addresses[dial->count++];
    memcpy(into, one->ai_addr, one->ai_addrlen);
    if (one->ai_family == AF_INET6)
        ((struct sockaddr_in6 *)into)->sin6_port = htons((uint16_t)port);
    else
        ((struct sockaddr_in *)into)->sin_port = htons((uint16_t)port);
}

static const struct addrinfo *of_family(const struct addrinfo *one, bool six)
{
    while (one != NULL && one->ai_family != (six ? AF_INET6 : AF_INET))
        one = one->ai_next;
    return one;
}

/* By turns, so that a family whose routes are dead costs one wait and not all. */
static void add_addresses(struct dial *dial, const struct addrinfo *list, int port)
{
    const struct addrinfo *left[2] = {of_family(list, false), of_family(list, true)};
    int turn = list != NULL && list->ai_family == AF_INET6;
    while (dial->count < MAX_ADDRESSES && (left[0] != NULL || left[1] != NULL)) {
        const struct addrinfo *one = left[turn];
        if (one != NULL) {
            add_address(dial, one, port);
            left[turn] = of_family(one->ai_next, turn == 1);
        }
        turn = !turn;
    }
}

static void on_addresses(uv_getaddrinfo_t *lookup, int status, struct addrinfo *list)
{
    struct dial *dial = lookup->data;
    dial->looking = false;
    if (!dial->over && status == 0)
        add_addresses(dial, list, dial->via != NULL ? dial->via->port : dial->port);
    uv_freeaddrinfo(list);
    if (dial->over)
        let_go(dial);
    else if (dial->count == 0)
        fail(dial, dial->via != NULL ? "the proxy's name could not be resolved"
                                     : "the name could not be resolved");
    else
        try_next(dial);
}

/* --- birth and death --- */

struct dial *dial_start(uv_loop_t *loop, const char *host, int port, const struct proxy *via,
                        dial_done_fn *done, void *ctx, struct err *err)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct dial *dial = mem_new(1, sizeof(*dial));
    dial->loop = loop;
    dial->host = mem_copy(host);
    dial->port = port;
    dial->via = via;
    dial->done = done;
    dial->ctx = ctx;
    uv_timer_init(loop, &dial->timer);
    dial->timer.data = dial->lookup.data = dial;
    dial->looking = uv_getaddrinfo(loop, &dial->lookup, on_addresses,
                                   via != NULL ? via->host : host, NULL, &hints) == 0;
    if (dial->looking)
        return dial;
    dial_cancel(dial);
    err_set(err, "the name could not be looked up");
    return NULL;
}

void dial_cancel(struct dial *dial)
{
    dial->done = NULL;
    if (dial->looking)
        (void)uv_cancel((uv_req_t *)&dial->lookup); /* if nobody looks yet */
    end(dial, -1);
}
