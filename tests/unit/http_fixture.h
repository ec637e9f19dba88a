/* A small HTTP server with canned answers, and calls to it, all on one loop. */
#ifndef CPPO_TESTS_HTTP_FIXTURE_H
#define CPPO_TESTS_HTTP_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/http.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define OK_HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

/* --- the server --- */

static uv_loop_t loop;
static struct http *http;

static struct {
    uv_tcp_t listener;
    int port, requests;
    int count;          /* of connections, ever */
    const char *answer; /* NULL: none */
    bool then_close;
    struct text request; /* the newest */
    char buffer[4096];
} server;

static inline void free_one(uv_handle_t *handle)
{
    free(handle);
}

static inline void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *into)
{
    (void)handle;
    (void)size;
    *into = uv_buf_init(server.buffer, sizeof(server.buffer));
}

static inline void on_written(uv_write_t *write, int status)
{
    (void)status;
    free(write);
}

static inline void answer(uv_stream_t *stream)
{
    server.requests++;
    uv_stop(&loop);
    if (server.answer != NULL) {
        uv_write_t *write = calloc(1, sizeof(*write));
        uv_buf_t bytes =
            uv_buf_init((char *)(uintptr_t)server.answer, (unsigned)strlen(server.answer));
        uv_write(write, stream, &bytes, 1, on_written);
    }
    if (server.then_close)
        uv_close((uv_handle_t *)stream, free_one);
}

static inline void on_bytes(uv_stream_t *stream, ssize_t size, const uv_buf_t *bytes)
{
    if (size < 0 && !uv_is_closing((uv_handle_t *)stream))
        uv_close((uv_handle_t *)stream, free_one);
    if (size <= 0)
        return;
    if (stream->data == NULL) { /* a request begins */
        text_clear(&server.request);
        stream->data = stream;
    }
    text_add_bytes(&server.request, bytes->base, (size_t)size);
    const char *end = strstr(server.request.bytes, "\r\n\r\n");
    const char *length = strstr(server.request.bytes, "Content-Length: ");
    size_t body = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
    if (end == NULL || strlen(end + 4) < body)
        return;
    stream->data = NULL;
    answer(stream);
}

static inline void on_connection(uv_stream_t *listener, int status)
{
    assert_int_equal(status, 0);
    uv_tcp_t *connection = calloc(1, sizeof(*connection));
    server.count++;
    uv_tcp_init(&loop, connection);
    connection->data = NULL;
    uv_accept(listener, (uv_stream_t *)connection);
    uv_read_start((uv_stream_t *)connection, on_alloc, on_bytes);
}

static inline int set_up(void **state)
{
    struct sockaddr_in address;
    struct err err;
    int size = sizeof(address);
    (void)state;
    memset(&server, 0, sizeof(server));
    uv_loop_init(&loop);
    uv_ip4_addr("127.0.0.1", 0, &address);
    uv_tcp_init(&loop, &server.listener);
    uv_tcp_bind(&server.listener, (struct sockaddr *)&address, 0);
    uv_listen((uv_stream_t *)&server.listener, 128, on_connection);
    uv_tcp_getsockname(&server.listener, (struct sockaddr *)&address, &size);
    server.port = ntohs(address.sin_port);
    http = http_open(&loop, "", &err);
    return http == NULL;
}

static inline void close_one(uv_handle_t *handle, void *ctx)
{
    (void)ctx;
    if (!uv_is_closing(handle))
        uv_close(handle, handle == (uv_handle_t *)&server.listener ? NULL : free_one);
}

static inline int tear_down(void **state)
{
    (void)state;
    http_close(http);
    uv_walk(&loop, close_one, NULL);
    while (uv_run(&loop, UV_RUN_DEFAULT) != 0) /* stopped by an answer */
        ;
    text_free(&server.request);
    return uv_loop_close(&loop);
}

/* --- a call --- */

static struct {
    int times, status;
    bool sent;
    struct text body;
    char error[300];
    const char *header; /* to be asked for */
    char found[100];
} got;

static inline void on_done(void *ctx, const struct http_reply *reply)
{
    (void)ctx;
    got.times++;
    uv_stop(&loop);
    got.status = reply->status;
    got.sent = reply->sent;
    text_clear(&got.body);
    text_add_bytes(&got.body, reply->body, reply->size);
    assert_int_equal(reply->body[reply->size], '\0');
    text_fit(got.error, sizeof(got.error), reply->status == 0 ? reply->error : "");
    if (got.header != NULL) {
        const char *found = http_reply_header(reply, got.header);
        text_fit(got.found, sizeof(got.found), found != NULL ? found : "none");
    }
}

static const char *const no_headers[] = {NULL};
static char url[200];

static inline struct http_request request_for(const char *path)
{
    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", server.port, path);
    return (struct http_request){.method = "GET",
                                 .url = url,
                                 .headers = no_headers,
                                 .timeout_ms = 5000,
                                 .max_reply = 100000,
                                 .plain = HTTP_PLAIN_LOOPBACK};
}

static inline void finish(void)
{
    while (got.times == 0)
        uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(got.times, 1);
}

static inline void call(const struct http_request *request)
{
    text_free(&got.body);
    got.times = 0;
    http_send(http, request, on_done, NULL);
    assert_int_equal(got.times, 0); /* never inside that */
    finish();
}

static inline void call_plainly(const char *canned)
{
    struct http_request request = request_for("/");
    server.answer = canned;
    call(&request);
}

static inline void expect_failure(bool sent)
{
    assert_int_equal(got.status, 0);
    assert_int_equal(got.sent, sent);
    assert_string_not_equal(got.error, "");
}

#endif
