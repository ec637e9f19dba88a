/* HTTP on the loop: what fails, what may have been sent, how it ends. */
#include "http_fixture.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

/* In front of the C library's own: the kernel may have no room for one more watch. */
static int refused_watches;

int epoll_ctl(int set, int what, int fd, struct epoll_event *event)
{
    if (what == EPOLL_CTL_ADD && refused_watches > 0) {
        refused_watches--;
        errno = ENOMEM;
        return -1;
    }
    return (int)syscall(SYS_epoll_ctl, set, what, fd, event);
}

/* --- failures --- */

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

static int at_once; /* replies in this round of the loop */

static void count_reply(void *ctx, const struct http_reply *reply)
{
    (void)ctx;
    (void)reply;
    got.times++;
    at_once++;
}

/* Somebody may have clicked meanwhile. */
static void replies_that_come_together_are_passed_on_one_by_one(void **state)
{
    (void)state;
    struct http_request request = request_for("/");
    uv_close((uv_handle_t *)&server.listener, NULL); /* so that all of them fail at once */
    uv_run(&loop, UV_RUN_DEFAULT);
    got.times = 0;
    for (int i = 0; i < 20; i++)
        http_send(http, &request, count_reply, NULL);
    while (got.times < 20) {
        at_once = 0;
        uv_run(&loop, UV_RUN_ONCE);
        assert_in_range(at_once, 0, 1);
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
    request.max_reply = 5;
    call(&request);
    assert_int_equal(got.status, 200);
    request.max_reply = 4;
    call(&request);
    expect_failure(true);
    assert_string_equal(got.error, "the answer is too large");
    char *large = text_format("HTTP/1.1 200 OK\r\nX: %0*d\r\nContent-Length: 0\r\n\r\n", 70000, 0);
    request.max_reply = 100000;
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

/* --- the end --- */

static void ask_another(void *ctx, const struct http_reply *reply)
{
    struct http_request request = request_for("/second");
    (void)ctx;
    assert_int_equal(reply->status, 200);
    http_send(http, &request, on_done, NULL);
}

static void an_answer_may_start_another_call(void **state)
{
    struct http_request request = request_for("/");
    (void)state;
    server.answer = OK_HELLO;
    got.times = 0;
    http_send(http, &request, ask_another, NULL);
    finish();
    assert_int_equal(got.status, 200);
    assert_non_null(strstr(server.request.bytes, "GET /second"));
    text_free(&got.body);
}

static void a_socket_that_cannot_be_watched_costs_one_call(void **state)
{
    (void)state;
    struct http_request request = request_for("/");
    server.answer = OK_HELLO;
    refused_watches = 1;
    request.timeout_ms = 100;
    call(&request);
    refused_watches = 0;
    request.timeout_ms = 5000;
    call(&request); /* and the next one is as good as any */
    assert_int_equal(got.status, 200);
    text_free(&got.body);
}

static void closing_ends_what_is_under_way(void **state)
{
    (void)state;
    struct http_request request = request_for("/");
    struct err err;
    server.answer = NULL;
    for (int i = 0; i < 3; i++)
        http_send(http, &request, on_done, NULL);
    while (server.requests < 3)
        uv_run(&loop, UV_RUN_DEFAULT);
    http_send(http, &request, on_done, NULL); /* not begun */
    got.times = 0;
    http_close(http);
    assert_int_equal(got.times, 4); /* whoever waits can clean up */
    assert_int_equal(got.status, 0);
    http = http_open(&loop, "", &err); /* for tear_down, which checks the loop */
    text_free(&got.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_never_left_is_known),
        TEST(replies_that_come_together_are_passed_on_one_by_one),
        TEST(plain_http_needs_its_flag),
        TEST(what_may_have_arrived_is_sent),
        TEST(an_answer_has_a_largest_size),
        TEST(a_server_that_does_not_answer_is_left),
        TEST(an_answer_may_start_another_call),
        TEST(a_socket_that_cannot_be_watched_costs_one_call),
        TEST(closing_ends_what_is_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
