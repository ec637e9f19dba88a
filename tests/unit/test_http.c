/* HTTP on the loop: requests and their answers. */
#include <dlfcn.h>
#include <time.h>

#include "http_fixture.h"

static int ahead_s; /* of the machine's clocks */

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    now->tv_sec += ahead_s;
    return result;
}

/* --- answers --- */

static void a_request_is_sent_as_it_was_given(void **state)
{
    (void)state;
    char body[] = "{\"a\":1}\0tail";
    static const char *const headers[] = {"X-One: 1", "Authorization: Bearer t", NULL};
    struct http_request request = request_for("/path?q=1");
    request.method = "PUT";
    request.headers = headers;
    request.body = body;
    request.body_size = 7;
    server.answer = OK_HELLO;
    got.times = 0;
    http_send(http, &request, on_done, NULL);
    memset(body, '#', sizeof(body)); /* everything was copied */
    memset(url, '#', sizeof(url) - 1);
    finish();
    assert_int_equal(got.status, 200);
    assert_true(got.sent);
    assert_string_equal(text_get(&got.body), "hello");
    const char *sent = server.request.bytes;
    assert_memory_equal(sent, "PUT /path?q=1 HTTP/1.1\r\n", 24);
    assert_non_null(strstr(sent, "\r\nX-One: 1\r\n"));
    assert_non_null(strstr(sent, "\r\nAuthorization: Bearer t\r\n"));
    assert_non_null(strstr(sent, "\r\nContent-Length: 7\r\n"));
    assert_non_null(strstr(sent, "\r\n\r\n{\"a\":1}"));
    assert_null(strstr(sent, "Expect:"));
    text_free(&got.body);
}

/* Front ends of AWS have refused a PATCH without it; a GET has none. */
static void an_empty_body_says_so(void **state)
{
    static const char *const methods[] = {"PATCH", "POST", "PUT", "GET"};
    (void)state;
    for (size_t i = 0; i < COUNT(methods); i++) {
        struct http_request request = request_for("/");
        request.method = methods[i];
        server.answer = OK_HELLO;
        call(&request);
        assert_int_equal(got.status, 200);
        const char *length = strstr(text_get(&server.request), "\r\nContent-Length: 0\r\n");
        if ((length != NULL) != (i < 3) ||
            strcasestr(text_get(&server.request), "\r\nContent-Type:") != NULL)
            fail_msg("%s", text_get(&server.request));
    }
}

static void headers_are_found_by_name(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"Retry-After", "7"}, {"retry-after", "7"}, {"X-Two", "first"},
        {"Empty", ""},        {"Retry", "none"},    {"After", "none"},
        {"", "none"},         {"Absent", "none"},   {"X-Colon", "a: b"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        got.header = rows[i][0];
        call_plainly("HTTP/1.1 429 Slow\r\nRetry-After: \t 7\r\nX-Two: first\r\nX-Two: second\r\n"
                     "Empty:\r\nX-Colon: a: b\r\nContent-Length: 0\r\n\r\n");
        assert_int_equal(got.status, 429);
        assert_string_equal(got.found, rows[i][1]);
    }
    got.header = NULL;
    assert_int_equal(server.count, 1); /* the connection was kept */
}

static void every_status_is_an_answer(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        int status;
        const char *body;
    } rows[] = {
        {"HTTP/1.1 204 No\r\n\r\n", 204, ""},
        {"HTTP/1.1 302 Go\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nhi", 302, "hi"},
        {"HTTP/1.1 404 None\r\nContent-Length: 3\r\n\r\nno!", 404, "no!"},
        {"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
         503, "abc"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        call_plainly(rows[i].answer);
        assert_int_equal(got.status, rows[i].status);
        assert_true(got.sent);
        assert_string_equal(text_get(&got.body), rows[i].body);
    }
    assert_int_equal(server.requests, COUNT(rows)); /* no redirect was followed */
    text_free(&got.body);
}

static void a_fresh_request_has_a_connection_of_its_own(void **state)
{
    (void)state;
    struct http_request request = request_for("/");
    server.answer = OK_HELLO;
    call(&request);
    call(&request);
    assert_int_equal(server.count, 1);
    request.connection = HTTP_FRESH;
    call(&request);
    call(&request);
    assert_int_equal(server.count, 3);
    request.connection = HTTP_KEPT;
    call(&request);
    assert_int_equal(server.count, 3);
    text_free(&got.body);
}

/* --- what must not arrive twice --- */

static struct http_request post(enum http_connection connection)
{
    struct http_request request = request_for("/");
    request.method = "POST";
    request.body = "the body";
    request.body_size = 8;
    request.connection = connection;
    return request;
}

static void what_must_not_arrive_twice_shares_a_connection_that_is_in_use(void **state)
{
    (void)state;
    struct http_request request = post(HTTP_KEPT);
    struct http_request once = post(HTTP_ONCE);
    server.answer = OK_HELLO;
    call(&request);
    call(&once);
    assert_int_equal(got.status, 200);
    assert_string_equal(strstr(server.request.bytes, "\r\n\r\n"), "\r\n\r\nthe body");
    assert_int_equal(server.count, 1);
    ahead_s += 4;
    call(&once);
    assert_int_equal(server.count, 1);
    ahead_s += 7; /* it may have died meanwhile */
    call(&once);
    assert_int_equal(server.count, 2);
    call(&request);
    assert_int_equal(server.count, 2);
    text_free(&got.body);
}

/* Its server reads it and hangs up. What may be repeated libcurl sends again, by itself. */
static void what_must_not_arrive_twice_is_never_sent_again(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct http_request request = post(i == 1 ? HTTP_ONCE : HTTP_KEPT);
        server.answer = OK_HELLO;
        server.then_close = false;
        call(&request);
        server.answer = NULL;
        server.then_close = true;
        server.requests = 0;
        call(&request);
        expect_failure(true);
        assert_int_equal(server.requests, request.connection == HTTP_ONCE ? 1 : 2);
    }
    text_free(&got.body);
}

static void what_must_not_arrive_twice_arrives_whole(void **state)
{
    (void)state;
    static char bytes[300001];
    struct http_request request = post(HTTP_ONCE);
    memset(bytes, 'x', sizeof(bytes) - 1);
    server.answer = OK_HELLO;
    request.body = bytes;
    request.body_size = sizeof(bytes) - 1;
    request.timeout_ms = 30000;
    call(&request);
    assert_int_equal(got.status, 200);
    assert_string_equal(strstr(server.request.bytes, "\r\n\r\n") + 4, bytes);
    text_free(&got.body);
}

/* Nothing of it left, and that is known. */
static void what_found_no_server_was_not_sent(void **state)
{
    (void)state;
    struct http_request request = post(HTTP_ONCE);
    request.url = "http://127.0.0.1:1/";
    call(&request);
    expect_failure(false);
    text_free(&got.body);
}

/* A thousand people at once must not use up the process's descriptors. */
static void the_connections_at_one_time_are_limited(void **state)
{
    struct http_request request = request_for("/");
    (void)state;
    server.answer = NULL;
    request.timeout_ms = 600000; /* none of them ends meanwhile */
    for (int i = 0; i < 100; i++)
        http_send(http, &request, on_done, NULL);
    while (server.requests < 64)
        uv_run(&loop, UV_RUN_DEFAULT);
    for (int i = 0; i < 50; i++)
        uv_run(&loop, UV_RUN_NOWAIT);
    assert_int_equal(server.count, 64);
}

static void the_environments_proxy_is_ignored(void **state)
{
    (void)state;
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < COUNT(names); i++)
        setenv(names[i], "http://127.0.0.1:1", 1);
    call_plainly(OK_HELLO);
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    assert_int_equal(got.status, 200);
    text_free(&got.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_sent_as_it_was_given),
        TEST(an_empty_body_says_so),
        TEST(headers_are_found_by_name),
        TEST(every_status_is_an_answer),
        TEST(a_fresh_request_has_a_connection_of_its_own),
        TEST(what_must_not_arrive_twice_shares_a_connection_that_is_in_use),
        TEST(what_must_not_arrive_twice_is_never_sent_again),
        TEST(what_must_not_arrive_twice_arrives_whole),
        TEST(what_found_no_server_was_not_sent),
        TEST(the_environments_proxy_is_ignored),
        TEST(the_connections_at_one_time_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
