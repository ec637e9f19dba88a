#include "link_parts.h"

#include <stdlib.h>
#include <string.h>

#include "envelope.h"
#include "mem.h"
#include "parts.h"

enum { MAX_SOCKETS = 10, DEAD_MS = 60000, MAX_HEAD = 16384 };
enum { HANDSHAKE_MS = 10000, GOODBYE_MS = 1000, GHOST_MS = 60000 };

struct write {
    uv_write_t request;
    char *bytes;
};

static const char ping_text[] = "Ping from applink-sandbox";

/* --- going --- */

static void free_socket(struct socket *socket)
{
    text_free(&socket->head);
    ws_parser_clear(&socket->parser);
    free(socket);
}

static void socket_closed(uv_handle_t *handle)
{
    struct socket *socket = handle->data;
    socket->closed = true;
    if (socket->gone)
        free_socket(socket);
}

static void close_tcp(struct socket *socket, bool reset)
{
    if (!reset || uv_tcp_close_reset(&socket->tcp, socket_closed) != 0)
        uv_close((uv_handle_t *)&socket->tcp, socket_closed);
}

void link_destroy(struct socket *socket, int code, const char *why, bool reset)
{
    struct socket **at = &socket->link->sockets;
    if (socket->gone)
        return;
    socket->gone = true;
    while (*at != socket)
        at = &(*at)->next;
    *at = socket->next;
    sandbox_cancel(socket->ping);
    sandbox_cancel(socket->end);
    log_entry(socket->link->sandbox, "socket.down",
              json_pack("{s:I, s:i, s:s}", "socket", (json_int_t)socket->number, "code", code,
                        "why", why));
    if (!socket->ghost)
        close_tcp(socket, reset);
    else if (socket->closed)
        free_socket(socket);
}

static void ghost_over(void *ctx)
{
    struct socket *socket = ctx;
    socket->end = NULL;
    link_destroy(socket, 1006, "noticed as dead at last", false);
}

void link_haunt(struct socket *socket)
{
    if (socket->ghost)
        return;
    socket->ghost = true;
    sandbox_cancel(socket->ping);
    socket->ping = NULL;
    sandbox_cancel(socket->end);
    socket->end = sandbox_after(socket->link->sandbox, GHOST_MS, ghost_over, socket);
    close_tcp(socket, true);
}

static void written(uv_write_t *request, int status)
{
    struct write *write = (struct write *)request;
    struct socket *socket = request->handle->data;
    free(write->bytes);
    free(write);
    if (status < 0 && status != UV_ECANCELED && !socket->ghost)
        link_destroy(socket, 1006, uv_strerror(status), false);
}

/* Takes ${bytes}. */
static void send_bytes(struct socket *socket, struct text *bytes)
{
    if (socket->ghost) {
        text_free(bytes);
        return;
    }
    struct write *write = mem_new(1, sizeof(*write));
    uv_buf_t buffer = uv_buf_init(NULL, (unsigned)bytes->size);
    write->bytes = buffer.base = text_take(bytes);
    if (uv_write(&write->request, (uv_stream_t *)&socket->tcp, &buffer, 1, written) != 0) {
        free(write->bytes);
        free(write);
    }
}

static void goodbye_over(void *ctx)
{
    struct socket *socket = ctx;
    socket->end = NULL;
    link_destroy(socket, 1006, "the close was not answered", false);
}

/* Start the closing handshake; the client has a second to finish it. */
static void say_goodbye(struct socket *socket, int code, const char *reason)
{
    struct text out = {0};
    if (socket->gone || socket->state == STATE_CLOSING)
        return;
    log_entry(socket->link->sandbox, "socket.goodbye",
              json_pack("{s:I, s:i}", "socket", (json_int_t)socket->number, "code", code));
    ws_close_frame(&out, code, reason);
    send_bytes(socket, &out);
    socket->state = STATE_CLOSING;
    sandbox_cancel(socket->end);
    socket->end = sandbox_after(socket->link->sandbox, GOODBYE_MS, goodbye_over, socket);
}

static void time_to_go(void *ctx)
{
    struct socket *socket = ctx;
    socket->end = NULL;
    if (socket->state == STATE_HANDSHAKE)
        link_destroy(socket, 1006, "no handshake", false);
    else
        say_goodbye(socket, 1000, "");
}

void link_plan_end(struct socket *socket, int64_t ms)
{
    sandbox_cancel(socket->end);
    socket->end = sandbox_after(socket->link->sandbox, ms, time_to_go, socket);
}

/* Is this to go wrong now, on command? */
static const struct fault *fault_of(const struct socket *socket, const char *what)
{
    return fault_take(socket->link->sandbox, "socket", what, "", 0);
}

static void complain(struct socket *socket, const char *what, const char *detail)
{
    log_entry(socket->link->sandbox, "complaint",
              json_pack("{s:s, s:s, s:I}", "what", what, "detail", detail, "socket",
                        (json_int_t)socket->number));
}

/* --- frames --- */

/* Takes ${body}. */
static void link_send_json(struct socket *socket, json_t *body)
{
    struct text out = {0};
    char *text = json_dumps(body, JSON_COMPACT);
    ws_frame(&out, WS_TEXT, text, strlen(text));
    send_bytes(socket, &out);
    free(text);
    json_decref(body);
}

static void ping(void *ctx)
{
    struct socket *socket = ctx;
    struct sandbox *sandbox = socket->link->sandbox;
    struct text out = {0};
    socket->ping = NULL;
    if (sandbox_monotonic_ms() - socket->heard > DEAD_MS && !socket->mute) {
        link_destroy(socket, 1006, "nothing was heard for a minute", false);
        return;
    }
    if (!socket->mute && socket->state != STATE_CLOSING && fault_of(socket, "ping") == NULL) {
        ws_frame(&out, WS_PING, ping_text, sizeof(ping_text) - 1);
        send_bytes(socket, &out);
        log_entry(sandbox, "socket.ping", json_pack("{s:I}", "socket", (json_int_t)socket->number));
    }
    link_plan_ping(socket, socket->link->ping_ms);
}

void link_plan_ping(struct socket *socket, int64_t ms)
{
    sandbox_cancel(socket->ping);
    socket->ping = sandbox_after(socket->link->sandbox, ms, ping, socket);
}

static void said_goodbye(void *ctx)
{
    struct socket *socket = ctx;
    socket->end = NULL;
    link_destroy(socket, 1000, "closed", false);
}

/* The server is the one to end the connection, once both have said goodbye (RFC 6455, 7.1.1). */
static void got_close(struct socket *socket, const struct ws_message *message)
{
    struct text out = {0};
    bool hangs = fault_of(socket, "close") != NULL;
    socket->heard_close = true;
    if (socket->state != STATE_CLOSING && !hangs) {
        ws_close_frame(&out, message->code == 1005 ? 0 : message->code, "");
        send_bytes(socket, &out);
    }
    socket->state = STATE_CLOSING;
    sandbox_cancel(socket->end);
    if (hangs)
        socket->end = sandbox_after(socket->link->sandbox, DEAD_MS, goodbye_over, socket);
    else
        socket->end = sandbox_after(socket->link->sandbox, 0, said_goodbye, socket);
    log_entry(socket->link->sandbox, "socket.close",
              json_pack("{s:I, s:i, s:s}", "socket", (json_int_t)socket->number, "code",
                        message->code, "reason", message->bytes));
}

static void got(void *ctx, const struct ws_message *message)
{
    struct socket *socket = ctx;
    struct text out = {0};
    switch (message->opcode) {
    case WS_PING:
        if (fault_of(socket, "pong") != NULL)
            break;
        ws_frame(&out, WS_PONG, message->bytes, message->size);
        send_bytes(socket, &out);
        break;
    case WS_PONG:
        if (message->size > 0 && strcmp(message->bytes, ping_text) != 0)
            complain(socket, "a pong that does not echo the ping", message->bytes);
        break;
    case WS_CLOSE:
        got_close(socket, message);
        break;
    case WS_BINARY:
        complain(socket, "a binary message; Socket Mode is text", "");
        break;
    case WS_TEXT:
        if (message->fragments > 1)
            complain(socket, "a fragmented message; Slack may not put it together", "");
        if (!socket->heard_close)
            envelope_message(socket->link->envelopes, socket->number, message->bytes,
                             message->size);
        break;
    case WS_CONTINUATION:
        break;
    }
}

static void feed(struct socket *socket, const char *bytes, size_t size)
{
    int code = ws_feed(&socket->parser, bytes, size, got, socket);
    if (code == 0)
        return;
    complain(socket, "a violation of RFC 6455", socket->parser.wrong);
    say_goodbye(socket, code,
                code == 1009 ? "message exceeds the limit of 20480 bytes" : socket->parser.wrong);
    uv_read_stop((uv_stream_t *)&socket->tcp);
}

/* --- handshake --- */

static int open_count(const struct link *link)
{
    int count = 0;
    for (const struct socket *socket = link->sockets; socket != NULL; socket = socket->next)
        count += socket->state == STATE_OPEN || socket->state == STATE_LEAVING;
    return count;
}

void link_send_disconnect(struct socket *socket, const char *reason)
{
    link_send_json(socket, json_pack("{s:s, s:s, s:{s:s}}", "type", "disconnect", "reason", reason,
                                     "debug_info", "host", "applink-sandbox"));
}

static void say_hello(struct socket *socket)
{
    struct link *link = socket->link;
    int count = open_count(link);
    const struct fault *fault = fault_of(socket, "hello");
    const char *no = count > MAX_SOCKETS ? "too_many_websockets"
                     : fault != NULL     ? fault->error
                                         : NULL;
    if (no != NULL) {
        link_send_disconnect(socket, no);
        say_goodbye(socket, 1000, "");
    }
    if (no != NULL || fault != NULL)
        return;
    link_send_json(socket,
                   json_pack("{s:s, s:i, s:{s:s, s:i, s:i}, s:{s:s}}", "type", "hello",
                             "num_connections", count, "debug_info", "host", "applink-sandbox",
                             "build_number", 1, "approximate_connection_time", 18060,
                             "connection_info", "app_id", link->sandbox->workspace->app.id));
    log_entry(
        link->sandbox, "socket.up",
        json_pack("{s:I, s:i}", "socket", (json_int_t)socket->number, "num_connections", count));
}

static void refuse(struct socket *socket, const char *status, const char *why)
{
    struct text out = {0};
    complain(socket, "a handshake was refused", why);
    text_addf(&out, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status);
    send_bytes(socket, &out);
    sandbox_cancel(socket->end);
    socket->state = STATE_CLOSING;
    socket->end = sandbox_after(socket->link->sandbox, 100, goodbye_over, socket);
}

/* What a fault has instead of the upgrade. */
static bool upgrade_fails(struct socket *socket)
{
    const struct fault *fault = fault_of(socket, "upgrade");
    if (fault == NULL)
        return false;
    if (fault->status == 0) {
        link_destroy(socket, 1006, "cut on command", true);
        return true;
    }
    char *status = text_format("%d Commanded", fault->status);
    refuse(socket, status, "on command");
    free(status);
    return true;
}

static void shake_hands(struct socket *socket)
{
    struct text out = {0};
    char accept[WS_ACCEPT];
    const char *why;
    char *end = strstr(text_get(&socket->head), "\r\n\r\n");
    if (end == NULL) {
        if (socket->head.size > MAX_HEAD)
            refuse(socket, "431 Request Header Fields Too Large", "the head is too long");
        return;
    }
    const char *status = handshake_check(socket->link, socket->head.bytes, accept, &why);
    if (status != NULL) {
        refuse(socket, status, why);
        return;
    }
    if (upgrade_fails(socket))
        return;
    text_addf(&out,
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Accept: %s\r\n\r\n",
              accept);
    send_bytes(socket, &out);
    sandbox_cancel(socket->end);
    socket->end = NULL;
    socket->state = STATE_OPEN;
    link_plan_ping(socket, socket->link->ping_ms / 4);
    say_hello(socket);
    end += 4;
    size_t left = socket->head.size - (size_t)(end - socket->head.bytes);
    if (left > 0)
        feed(socket, end, left);
}

/* --- coming --- */

static void allocate(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    (void)handle;
    *buffer = uv_buf_init(mem_new(wanted, 1), (unsigned)wanted);
}

static void received(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct socket *socket = stream->data;
    if (count < 0) {
        link_destroy(socket, 1006, count == UV_EOF ? "end of stream" : uv_strerror((int)count),
                     false);
    } else if (count > 0 && !socket->mute) {
        socket->heard = sandbox_monotonic_ms();
        if (socket->state == STATE_HANDSHAKE) {
            text_add_bytes(&socket->head, buffer->base, (size_t)count);
            shake_hands(socket);
        } else {
            feed(socket, buffer->base, (size_t)count);
        }
    }
    free(buffer->base);
}

static void accepted(uv_stream_t *listener, int status)
{
    struct link *link = listener->data;
    struct socket *socket = mem_new(1, sizeof(*socket));
    struct socket **end = &link->sockets;
    socket->link = link;
    socket->number = ++link->count;
    socket->parser.most = LINK_MAX_FRAME;
    socket->since = sandbox_now_ms();
    socket->heard = sandbox_monotonic_ms();
    uv_tcp_init(&link->sandbox->loop, &socket->tcp);
    socket->tcp.data = socket;
    while (*end != NULL)
        end = &(*end)->next;
    *end = socket;
    socket->end = sandbox_after(link->sandbox, HANDSHAKE_MS, time_to_go, socket);
    if (status != 0 || uv_accept(listener, (uv_stream_t *)&socket->tcp) != 0 ||
        uv_read_start((uv_stream_t *)&socket->tcp, allocate, received) != 0)
        link_destroy(socket, 1006, "cannot accept", false);
    else
        uv_tcp_nodelay(&socket->tcp, 1);
}

/* --- for others --- */

char *link_ticket(struct link *link)
{
    char uuid[SANDBOX_UUID];
    sandbox_uuid(uuid);
    json_object_set_new(link->tickets, uuid, json_integer(sandbox_monotonic_ms()));
    const char *front = json_string_value(json_object_get(link->sandbox->front, "link"));
    char *own = text_format("ws://127.0.0.1:%d", link->port);
    char *url = text_format("%s/link/?ticket=%s&app_id=%s", front != NULL ? front : own, uuid,
                            "2a7d4cf0e1b35986");
    free(own);
    return url;
}

/* Round robin: the open socket after the one that had the last turn; one that was told to go only
 * while there is no other. */
struct socket *link_next_socket(struct link *link)
{
    struct socket *first = NULL;
    struct socket *leaving = NULL;
    for (struct socket *socket = link->sockets; socket != NULL; socket = socket->next) {
        if (socket->state == STATE_LEAVING)
            leaving = socket;
        if (socket->state != STATE_OPEN)
            continue;
        if (socket->number > link->turn)
            return socket;
        if (first == NULL)
            first = socket;
    }
    return first != NULL ? first : leaving;
}

uint64_t link_pass(struct link *link, const char *bytes, size_t size)
{
    struct socket *socket = link_next_socket(link);
    struct text out = {0};
    if (socket == NULL)
        return 0;
    link->turn = socket->number;
    ws_frame(&out, WS_TEXT, bytes, size);
    send_bytes(socket, &out);
    return socket->number;
}

bool link_frame(struct link *link, bool binary, const char *bytes, size_t size)
{
    struct socket *socket = link_next_socket(link);
    struct text out = {0};
    if (socket == NULL)
        return false;
    ws_frame(&out, binary ? WS_BINARY : WS_TEXT, bytes, size);
    send_bytes(socket, &out);
    return true;
}

int link_count(const struct link *link)
{
    return open_count(link);
}

json_t *link_state(const struct link *link)
{
    static const char *const names[] = {"handshake", "open", "leaving", "closing"};
    json_t *list = json_array();
    for (const struct socket *socket = link->sockets; socket != NULL; socket = socket->next)
        json_array_append_new(
            list, json_pack("{s:I, s:s, s:I, s:b, s:b}", "socket", (json_int_t)socket->number,
                            "state", names[socket->state], "since_ms", (json_int_t)socket->since,
                            "mute", (int)socket->mute, "ghost", (int)socket->ghost));
    return list;
}

int link_port(const struct link *link)
{
    return link->port;
}

struct envelopes *link_envelopes(struct link *link)
{
    return link->envelopes;
}

static void listener_closed(uv_handle_t *handle)
{
    free(handle->data);
}

struct link *link_open(struct sandbox *sandbox, struct err *err)
{
    struct link *link = mem_new(1, sizeof(*link));
    struct sockaddr_in address;
    struct sockaddr_storage name;
    int size = sizeof(name);
    link->sandbox = sandbox;
    link->listener.data = link;
    uv_tcp_init(&sandbox->loop, &link->listener);
    uv_ip4_addr("127.0.0.1", 0, &address);
    int failed = uv_tcp_bind(&link->listener, (struct sockaddr *)&address, 0);
    if (failed == 0)
        failed = uv_listen((uv_stream_t *)&link->listener, 64, accepted);
    if (failed != 0) {
        uv_close((uv_handle_t *)&link->listener, listener_closed);
        err_set(err, "cannot listen for Socket Mode: %s", uv_strerror(failed));
        return NULL;
    }
    uv_tcp_getsockname(&link->listener, (struct sockaddr *)&name, &size);
    memcpy(&address, &name, sizeof(address));
    link->port = ntohs(address.sin_port);
    link->ping_ms = LINK_PING_MS;
    link->tickets = json_object();
    link->envelopes = envelope_open(sandbox, link);
    return link;
}

void link_close(struct link *link)
{
    if (link == NULL)
        return;
    envelope_close(link->envelopes);
    while (link->sockets != NULL)
        link_destroy(link->sockets, 1001, "the sandbox ends", false);
    json_decref(link->tickets);
    uv_close((uv_handle_t *)&link->listener, listener_closed);
}
