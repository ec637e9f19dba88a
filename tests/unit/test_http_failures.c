/* HTTP on the loop: what fails, what may have been sent, what is cancelled. */
#include "http_fixture.h"

/* --- failures ----------------------------------------------------------------------------- */

static void what_never_left_is_known(void **state)
{
    (void)state;
    char refused[60];
    struct http_request request = request_for("/");
    uv_close((uv_handle_t *)&server.listener, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    snprintf(refused, sizeof(refused), "http://127.0.0.1:%d/", server.port);
    const char *const urls[] = {refused,   "file:///etc/hostname", "ftp://127.0.0.1/",         "",
                                "http://", "http://192.0.2.1/",    "http://localhost.invalid/"};
    for (size_t i = 0; i < COUNT(urls); i++) {
        request.url = urls[i];
        call(&request);
        expect_failure(false);
        assert_int_equal(got.body.size, 0);
    }
}

static void plain_http_needs_its_flag(void **state)
{
    (void)state;
    struct http_request request = request_for("/");
    server.answer = OK_HELLO;
    static const unsigned flags[] = {0, HTTP_PLAIN_CREDENTIALS};
    for (size_t i = 0; i < COUNT(flags); i++) {
        request.plain = flags[i];
        call(&request);
        expect_failure(false);
    }
    assert_int_equal(server.count, 0);
}

static void what_may_have_arrived_is_sent(void **state)
{
    (void)state;
    static const char *const answers[] = {NULL,
                                          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"};
    server.then_close = true;
    for (size_t i = 0; i < COUNT(answers); i++) {
        call_plainly(answers[i]);
        expect_failure(true);
    }
    assert_int_equal(server.requests, 2);
    text_free(&got.body);
}

static void an_answer_has_a_largest_size(void **state)
{
    (void)state;
    struct http_request request = request_for("/");
    server.answer = OK_HELLO;
    request.most = 5;
    call(&request);
    assert_int_equal(got.status, 200);
    request.most = 4;
    call(&request);
    expect_failure(true);
    assert_string_equal(got.error, "the answer is too large");
    char *large = text_format("HTTP/1.1 200 OK\r\nX: %0*d\r\nContent-Length: 0\r\n\r\n", 70000, 0);
    request.most = 100000;
    server.answer = large;
    call(&request);
    expect_failure(true); /* headers have one too */
    free(large);
    text_free(&got.body);
}

static void a_server_that_does_not_answer_is_left(void **state)
{
    (void)state;
    struct http_request request = request_for("/");
    request.timeout_ms = 100;
    uint64_t before = uv_hrtime();
    call(&request);
    expect_failure(true);
    assert_int_equal(server.requests, 1);
    assert_in_range((uv_hrtime() - before) / 1000000, 90, 3000);
}

/* --- cancelling --------------------------------------------------------------------------- */

static struct http_call *other;

static void cancel_the_other(void *ctx, const struct http_reply *reply)
{
    struct http_request request = request_for("/third");
    on_done(ctx, reply);
    http_cancel(other);
    got.times = 0;
    http_send(http, &request, on_done, NULL);
}

static void on_never(void *ctx, const struct http_reply *reply)
{
    (void)ctx;
    (void)reply;
    fail_msg("a call that was cancelled was answered");
}

static void a_cancelled_call_is_never_answered(void **state)
{
    (void)state;
    struct http_request request = request_for("/");
    http_cancel(http_send(http, &request, on_never, NULL)); /* not begun */
    other = http_send(http, &request, on_never, NULL);
    while (server.requests == 0)
        uv_run(&loop, UV_RUN_DEFAULT);
    http_cancel(other); /* under way */
    server.answer = OK_HELLO;
    request.fresh = true;
    other = http_send(http, &request, on_never, NULL);
    server.answer = NULL;
    while (server.requests == 1)
        uv_run(&loop, UV_RUN_DEFAULT);
    server.answer = OK_HELLO;
    got.times = 0;
    http_send(http, &request, cancel_the_other, NULL); /* and from within an answer */
    finish();
    assert_int_equal(got.status, 200);
    assert_non_null(strstr(server.request.bytes, "GET /third"));
    text_free(&got.body);
}

static void closing_ends_what_is_under_way(void **state)
{
    (void)state;
    struct http_request request = request_for("/");
    for (int i = 0; i < 3; i++)
        http_send(http, &request, on_never, NULL);
    while (server.requests < 3)
        uv_run(&loop, UV_RUN_DEFAULT);
    http_send(http, &request, on_never, NULL); /* tear_down closes, and checks the loop */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_never_left_is_known),
        TEST(plain_http_needs_its_flag),
        TEST(what_may_have_arrived_is_sent),
        TEST(an_answer_has_a_largest_size),
        TEST(a_server_that_does_not_answer_is_left),
        TEST(a_cancelled_call_is_never_answered),
        TEST(closing_ends_what_is_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
