#include "http.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "mem.h"
#include "parts.h"

enum { MAX_HEAD = 65536, MAX_BODY = 8 * 1024 * 1024, MAX_HEADERS = 100, PORT_TRIES = 50 };

struct connection {
    uv_tcp_t tcp;
    struct http *http;
    struct connection *next;
    struct connection **previous;
    uint64_t number;
    struct text input;
    struct http_exchange *exchange; /* the reply that is owed, NULL between requests */
    bool continued;                 /* "100 Continue" was sent for the request being read */
    bool closing;
};

struct http_exchange {
    struct sb_request request;
    char *head;  /* what the headers point into */
    char *texts; /* what the rest of the request points into */
    struct sb_header headers[MAX_HEADERS];
    struct http *http;
    struct connection *connection; /* NULL: gone */
    struct http_exchange *next;
    struct http_exchange **previous;
    struct sb_reply delayed;
    bool keep_alive;
};

struct http {
    uv_tcp_t listener;
    struct sandbox *sandbox;
    http_handler *handler;
    struct connection *connections;
    struct http_exchange *exchanges;
    uint64_t count;
    int port;
};

struct write {
    uv_write_t request;
    char *bytes;
    bool last;
};

static void read_requests(struct connection *connection);

/* --- connections --- */

static void connection_closed(uv_handle_t *handle)
{
    struct connection *connection = handle->data;
    text_free(&connection->input);
    free(connection);
}

static void leave(struct connection *connection)
{
    connection->closing = true;
    if (connection->exchange != NULL)
        connection->exchange->connection = NULL;
    connection->exchange = NULL;
    *connection->previous = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
}

static void close_connection(struct connection *connection)
{
    if (connection->closing)
        return;
    leave(connection);
    uv_close((uv_handle_t *)&connection->tcp, connection_closed);
}

static void reset_connection(struct connection *connection)
{
    if (connection->closing)
        return;
    leave(connection);
    if (uv_tcp_close_reset(&connection->tcp, connection_closed) != 0)
        uv_close((uv_handle_t *)&connection->tcp, connection_closed);
}

static void written(uv_write_t *request, int status)
{
    struct write *write = (struct write *)request;
    struct connection *connection = request->handle->data;
    bool last = write->last;
    free(write->bytes);
    free(write);
    if (status < 0 || last)
        close_connection(connection);
}

/* Takes ${bytes}; ${last}: close when they are out. */
static void send_bytes(struct connection *connection, struct text *bytes, bool last)
{
    struct write *write = mem_new(1, sizeof(*write));
    uv_buf_t buffer = uv_buf_init(NULL, (unsigned)bytes->size);
    write->bytes = buffer.base = text_take(bytes);
    write->last = last;
    if (uv_write(&write->request, (uv_stream_t *)&connection->tcp, &buffer, 1, written) != 0) {
        free(write->bytes);
        free(write);
        close_connection(connection);
    }
}

/* --- replies --- */

static const char *reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } reasons[] = {
        {200, "OK"},
        {204, "No Content"},
        {302, "Found"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (reasons[i].status == status)
            return reasons[i].text;
    }
    return "Status";
}

static void write_reply(struct connection *connection, const struct sb_reply *reply, bool head_only,
                        bool keep_alive)
{
    struct text out = {0};
    char date[40];
    time_t now = (time_t)(sandbox_now_ms() / 1000);
    struct tm utc;
    int status = reply->status != 0 ? reply->status : 200;
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
    text_addf(&out, "HTTP/1.1 %d %s\r\n", status, reason(status));
    if (strncmp(text_get(&reply->headers), "Date:", 5) != 0) /* AWS's clock may be another */
        text_addf(&out, "Date: %s\r\n", date);
    text_addf(&out, "Content-Type: %s\r\nContent-Length: %zu\r\n",
              reply->content_type != NULL ? reply->content_type : "application/json; charset=utf-8",
              reply->body.size);
    text_add(&out, text_get(&reply->headers));
    text_add(&out, keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
    if (!head_only)
        text_add_bytes(&out, text_get(&reply->body), reply->body.size);
    send_bytes(connection, &out, !keep_alive);
}

static void free_exchange(struct http_exchange *exchange)
{
    *exchange->previous = exchange->next;
    if (exchange->next != NULL)
        exchange->next->previous = exchange->previous;
    text_free(&exchange->delayed.headers);
    text_free(&exchange->delayed.body);
    free(exchange->head);
    free(exchange->texts);
    free(exchange);
}

static void deliver(void *ctx)
{
    struct http_exchange *exchange = ctx;
    struct connection *connection = exchange->connection;
    if (connection != NULL) {
        bool keep = exchange->keep_alive;
        connection->exchange = NULL;
        if (exchange->delayed.cut)
            reset_connection(connection);
        else
            write_reply(connection, &exchange->delayed,
                        strcmp(exchange->request.method, "HEAD") == 0, keep);
        if (keep && !connection->closing)
            read_requests(connection);
    }
    free_exchange(exchange);
}

void http_reply(struct http_exchange *exchange, struct sb_reply *reply)
{
    exchange->delayed = *reply;
    *reply = (struct sb_reply){0};
    /* never at once: the reader may still stand on this connection's input */
    sandbox_after(exchange->http->sandbox, exchange->delayed.delay_ms, deliver, exchange);
}

const struct sb_request *http_request(const struct http_exchange *exchange)
{
    return &exchange->request;
}

/* Answer a request that is not one, and end the connection. */
static void refuse(struct connection *connection, int status, const char *why)
{
    struct sb_reply reply = {.status = status};
    log_entry(connection->http->sandbox, "complaint",
              json_pack("{s:s, s:i, s:I}", "what", why, "status", status, "connection",
                        (json_int_t)connection->number));
    sandbox_reply_json(&reply, status, json_pack("{s:b, s:s}", "ok", 0, "error", why));
    uv_read_stop((uv_stream_t *)&connection->tcp);
    write_reply(connection, &reply, false, false);
    text_free(&reply.body);
}

/* --- requests --- */

static bool is_token(const char *text)
{
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (!isalnum((unsigned char)*text) && strchr("!#$%&'*+-.^_`|~", *text) == NULL)
            return false;
    }
    return true;
}

static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t", text[size - 1]) != NULL)
        size--;
    text[size] = '\0';
    return text;
}

/* Cut ${head} (CRLF lines, the first of it the request line) into the request; NULL or what is
 * wrong with it. */
static const char *parse_head(struct http_exchange *exchange, char *head)
{
    struct sb_request *request = &exchange->request;
    char *rest = head;
    char *line = strsep(&rest, "\n");
    char *field;
    size_t size = strlen(line);
    if (size == 0 || line[size - 1] != '\r')
        return "a line of the request's head does not end in CRLF";
    line[size - 1] = '\0';
    request->method = strsep(&line, " ");
    request->target = line != NULL ? strsep(&line, " ") : NULL;
    if (request->target == NULL || line == NULL || !is_token(request->method) ||
        request->target[0] != '/' || strncmp(line, "HTTP/1.", 7) != 0 || strlen(line) != 8)
        return "malformed request line";
    exchange->keep_alive = line[7] != '0';
    while ((field = strsep(&rest, "\n")) != NULL && *field != '\0') {
        size = strlen(field);
        char *colon = strchr(field, ':');
        if (field[size - 1] != '\r' || colon == NULL)
            return "malformed header line";
        field[size - 1] = '\0';
        *colon = '\0';
        if (!is_token(field))
            return "malformed header name";
        if (request->header_count == MAX_HEADERS)
            return "too many headers";
        exchange->headers[request->header_count++] =
            (struct sb_header){.name = field, .value = trimmed(colon + 1)};
    }
    request->headers = exchange->headers;
    return NULL;
}

/* The body's size as Content-Length tells it; -1: nonsense, -2: another way of sending. */
static long body_size(const struct sb_request *request)
{
    const char *text = sandbox_header(request, "Content-Length");
    if (sandbox_header(request, "Transfer-Encoding") != NULL)
        return -2;
    if (text == NULL)
        return 0;
    if (*text == '\0' || strlen(text) > 9 || strspn(text, "0123456789") != strlen(text))
        return -1;
    return strtol(text, NULL, 10);
}

/* Method, target, path, query and body, each with a NUL behind it, in one allocation. */
static void keep_request(struct http_exchange *exchange, const char *body, size_t size)
{
    struct sb_request *request = &exchange->request;
    size_t method = strlen(request->method) + 1;
    size_t target = strlen(request->target) + 1;
    size_t path = strcspn(request->target, "?");
    const char *query = request->target[path] == '?' ? request->target + path + 1 : "";
    struct text all = {0};
    text_add_bytes(&all, request->method, method);
    text_add_bytes(&all, request->target, target);
    text_add_bytes(&all, request->target, path);
    text_add_bytes(&all, "", 1);
    text_add_bytes(&all, query, strlen(query) + 1);
    size_t texts = all.size;
    text_add_bytes(&all, body, size);
    exchange->texts = text_take(&all);
    request->method = exchange->texts;
    request->target = request->method + method;
    request->path = request->target + target;
    request->query = request->path + path + 1;
    request->body = exchange->texts + texts;
    request->body_size = size;
}

static void drop_input(struct text *input, size_t size)
{
    memmove(input->bytes, input->bytes + size, input->size - size + 1);
    input->size -= size;
}

static struct http_exchange *new_exchange(struct connection *connection, const char *head,
                                          size_t size)
{
    struct http *http = connection->http;
    struct http_exchange *exchange = mem_new(1, sizeof(*exchange));
    exchange->http = http;
    exchange->head = mem_slice(head, size);
    exchange->request.connection = connection->number;
    exchange->next = http->exchanges;
    exchange->previous = &http->exchanges;
    if (exchange->next != NULL)
        exchange->next->previous = &exchange->next;
    http->exchanges = exchange;
    return exchange;
}

/* Is a whole request there? Then hand it on. False: nothing more to do for now. */
static bool read_request(struct connection *connection)
{
    struct text *input = &connection->input;
    char *end = input->size > 0 ? memmem(input->bytes, input->size, "\r\n\r\n", 4) : NULL;
    size_t head = end != NULL ? (size_t)(end - input->bytes) + 4 : input->size;
    if (head > MAX_HEAD)
        refuse(connection, 431, "the request's head is too long");
    if (end == NULL || head > MAX_HEAD)
        return false;
    struct http_exchange *exchange = new_exchange(connection, input->bytes, head - 2);
    const char *wrong = parse_head(exchange, exchange->head);
    long size = wrong == NULL ? body_size(&exchange->request) : 0;
    if (memchr(input->bytes, '\0', head) != NULL)
        wrong = "a NUL in the request's head";
    if (wrong != NULL || size < 0 || size > MAX_BODY) {
        free_exchange(exchange);
        if (wrong != NULL)
            refuse(connection, 400, wrong);
        else if (size == -2)
            refuse(connection, 411, "only bodies with Content-Length are taken");
        else
            refuse(connection, size < 0 ? 400 : 413, "bad Content-Length");
        return false;
    }
    if (input->size - head < (size_t)size) {
        const char *expect = sandbox_header(&exchange->request, "Expect");
        struct text go_on = {0};
        if (expect != NULL && strcasecmp(expect, "100-continue") == 0 && !connection->continued) {
            connection->continued = true;
            text_add(&go_on, "HTTP/1.1 100 Continue\r\n\r\n");
            send_bytes(connection, &go_on, false);
        }
        free_exchange(exchange);
        return false;
    }
    const char *wish = sandbox_header(&exchange->request, "Connection");
    if (wish != NULL && strcasecmp(wish, "close") == 0)
        exchange->keep_alive = false;
    keep_request(exchange, input->bytes + head, (size_t)size);
    drop_input(input, head + (size_t)size);
    connection->continued = false;
    connection->exchange = exchange;
    exchange->connection = connection;
    connection->http->handler(connection->http->sandbox, exchange);
    return true;
}

static void read_requests(struct connection *connection)
{
    if (connection->exchange == NULL && !connection->closing)
        read_request(connection); /* the next one is read when this one is answered */
}

static void allocate(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    (void)handle;
    *buffer = uv_buf_init(mem_new(wanted, 1), (unsigned)wanted);
}

static void received(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct connection *connection = stream->data;
    if (count > 0)
        text_add_bytes(&connection->input, buffer->base, (size_t)count);
    free(buffer->base);
    if (count < 0 || connection->input.size > MAX_HEAD + MAX_BODY)
        close_connection(connection);
    else if (count > 0)
        read_requests(connection);
}

static void accepted(uv_stream_t *listener, int status)
{
    struct http *http = listener->data;
    struct connection *connection = mem_new(1, sizeof(*connection));
    connection->http = http;
    connection->number = ++http->count;
    uv_tcp_init(&http->sandbox->loop, &connection->tcp);
    connection->tcp.data = connection;
    connection->next = http->connections;
    connection->previous = &http->connections;
    if (connection->next != NULL)
        connection->next->previous = &connection->next;
    http->connections = connection;
    if (status != 0 || uv_accept(listener, (uv_stream_t *)&connection->tcp) != 0 ||
        uv_read_start((uv_stream_t *)&connection->tcp, allocate, received) != 0)
        close_connection(connection);
    else
        uv_tcp_nodelay(&connection->tcp, 1);
}

/* --- the server --- */

static void listener_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* libuv tells of a port in use at listen, not at bind. */
static int listen_on(struct http *http, int port)
{
    struct sockaddr_in address;
    struct sockaddr_storage name;
    int size = sizeof(name);
    uv_ip4_addr("127.0.0.1", port, &address);
    int failed = uv_tcp_bind(&http->listener, (struct sockaddr *)&address, 0);
    if (failed == 0)
        failed = uv_listen((uv_stream_t *)&http->listener, 128, accepted);
    if (failed != 0)
        return failed;
    uv_tcp_getsockname(&http->listener, (struct sockaddr *)&name, &size);
    memcpy(&address, &name, sizeof(address));
    http->port = ntohs(address.sin_port);
    return 0;
}

struct http *http_open(struct sandbox *sandbox, int port, http_handler *handler, struct err *err)
{
    int failed = 0;
    for (int attempt = 0; attempt < PORT_TRIES && port <= 65535; attempt++) {
        struct http *http = mem_new(1, sizeof(*http));
        http->sandbox = sandbox;
        http->handler = handler;
        uv_tcp_init(&sandbox->loop, &http->listener);
        http->listener.data = http;
        failed = listen_on(http, port);
        if (failed == 0)
            return http;
        uv_close((uv_handle_t *)&http->listener, listener_closed);
        if (failed != UV_EADDRINUSE || port == 0)
            break;
        port++;
    }
    err_set(err, "cannot listen on 127.0.0.1 port %d: %s", port, uv_strerror(failed));
    return NULL;
}

int http_port(const struct http *http)
{
    return http->port;
}

void http_close(struct http *http)
{
    if (http == NULL)
        return;
    while (http->connections != NULL)
        close_connection(http->connections);
    while (http->exchanges != NULL)
        free_exchange(http->exchanges);
    uv_close((uv_handle_t *)&http->listener, listener_closed);
}
