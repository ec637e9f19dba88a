/* WebSocket clients: whom they trust, messages, and how they end. A server that takes the
 * connection and never answers is not tried here: it would take the ten seconds that it is given.
 */
#include "websocket_fixture.h"

#include <dlfcn.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>

enum { MAX_MESSAGE = 2 * 1024 * 1024 };

/* --- whom it trusts --- */

static void serve_echo(SSL *ssl, int fd)
{
    if (!shake_hands(ssl, fd, "101 Switching Protocols") || read_frame(ssl, fd) != TEXT_FRAME)
        return;
    put_frame(ssl, fd, TEXT_FRAME, "good day, ü", 12);
    until_the_end(ssl, fd);
}

static void up_text_close(void **state)
{
    (void)state;
    struct tls_server server;
    tls_start(&server, "localhost", serve_echo);
    setenv("http_proxy", "127.0.0.1:1", 1); /* nobody heeds it */
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    got.say = "hello, ü";
    got.close_at_text = 1;
    live_with(&server, server.ca_file);
    tls_stop(&server);
    unsetenv("https_proxy");
    assert_int_equal(got.ups, 1);
    assert_string_equal(text_get(&got.text), "good day, ü\n");
    assert_true(got.alives > 0);
    assert_memory_equal(text_get(&seen.frames), "81:hello, ü\n", 13);
    assert_int_equal(seen.unmasked, 0);
    assert_memory_equal(seen.head, "GET /link?ticket=a&b=c HTTP/1.1\r\n", 33);
    assert_non_null(strcasestr(seen.head, "\r\nHost: localhost"));
    assert_null(strcasestr(seen.head, "permessage-deflate"));
}

static void an_unknown_authority_is_refused(void **state)
{
    (void)state;
    struct tls_server server, another;
    tls_start(&server, "localhost", serve_echo);
    tls_start(&another, "localhost", serve_echo);
    const char *const files[] = {"", another.ca_file};
    for (size_t i = 0; i < COUNT(files); i++) {
        forget();
        live_with(&server, files[i]);
        assert_int_equal(got.ups, 0);
    }
    assert_int_equal(server.accepted, 2);
    assert_int_equal(server.shaken_hands, 0);
    tls_stop(&another);
    tls_stop(&server);
    assert_string_equal(seen.head, ""); /* the ticket was not told */
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    (void)state;
    struct tls_server server;
    tls_start(&server, "slack.com", serve_echo);
    live_with(&server, server.ca_file);
    assert_int_equal(got.ups, 0);
    assert_int_equal(server.accepted, 1);
    assert_int_equal(server.shaken_hands, 0);
    tls_stop(&server);
}

static void addresses_that_it_never_goes_to(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "ws://wss-primary.slack.com/",
        "ws://192.0.2.1/",
        "ws://127.0.0.1.evil.com/",
        "ws://evil.com#127.0.0.1",
        "ws://u@localhost/",
        "wss://localhost@evil.com/",
        "http://localhost/",
        "https://slack.com/",
        "",
        "wss://",
        "wss:///path",
        "wss://:443/",
        "wss://h:0/",
        "wss://h:65536/",
        "wss://h:x/",
        "wss://h:/",
        "wss://h:1x/",
        "localhost",
    };
    struct err err;
    uv_loop_init(&loop);
    struct websockets *sockets = websockets_open(&loop, "", &err);
    assert_non_null(sockets);
    for (size_t i = 0; i < COUNT(urls); i++) {
        memset(&err, 0, sizeof(err));
        if (websocket_connect(sockets, urls[i], &events, NULL, &err) != NULL)
            fail_msg("it goes to %s", urls[i]);
        assert_string_not_equal(err.text, "");
    }
    websockets_close(sockets);
    uv_run(&loop, UV_RUN_DEFAULT);
    websockets_free(sockets);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(got.downs, 0);
}

/* --- messages --- */

static void serve_fragments(SSL *ssl, int fd)
{
    static char large[100000];
    if (!shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    put_frame(ssl, fd, 0x01, "two \xC3", 5); /* cut within a character */
    put_frame(ssl, fd, PING_FRAME, "are you there", 13);
    put_frame(ssl, fd, 0x80, "\xBC halves", 8);
    put_frame(ssl, fd, 0x82, "binary", 6); /* ignored */
    put_frame(ssl, fd, PONG_FRAME, "", 0);
    put_frame(ssl, fd, TEXT_FRAME, "", 0);
    memset(large, 'x', sizeof(large));
    put_frame(ssl, fd, TEXT_FRAME, large, sizeof(large));
    until_the_end(ssl, fd);
}

static void a_message_arrives_whole(void **state)
{
    (void)state;
    got.close_at_text = 3;
    live_plainly(serve_fragments);
    assert_int_equal(got.texts, 3);
    assert_int_equal(got.text.size, strlen("two ü halves\n\n") + 100001);
    assert_memory_equal(got.text.bytes, "two ü halves\n\nxxx", 18);
    assert_true(got.alives >= 4);
    assert_int_equal(got.pongs, 1);
    assert_memory_equal(text_get(&seen.frames), "8a:are you there\n", 17);
}

static void serve_bad_utf8(SSL *ssl, int fd)
{
    if (!shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    put_frame(ssl, fd, TEXT_FRAME, "bad \xED\xA0\x80", 7);
    put_frame(ssl, fd, TEXT_FRAME, "good", 4); /* too late */
    until_the_end(ssl, fd);
}

static void text_that_is_none_ends_it(void **state)
{
    (void)state;
    live_plainly(serve_bad_utf8);
    assert_int_equal(got.ups, 1);
    assert_int_equal(got.texts, 0);
    assert_string_equal(got.why, "a message was not UTF-8");
}

static void serve_large(SSL *ssl, int fd)
{
    char *large = calloc(1, MAX_MESSAGE);
    if (large == NULL || !shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    memset(large, 'x', MAX_MESSAGE);
    put_frame(ssl, fd, TEXT_FRAME, large, MAX_MESSAGE); /* the largest */
    put_frame(ssl, fd, 0x01, large, MAX_MESSAGE);
    put_frame(ssl, fd, 0x80, "y\xFF", 2);
    put_frame(ssl, fd, TEXT_FRAME, "and on", 6);
    for (int i = 0; i < 20; i++)
        put_frame(ssl, fd, i == 0 ? 0x01 : 0x00, large, MAX_MESSAGE); /* without end */
    free(large);
    until_the_end(ssl, fd);
}

/* Its beginning may say what is to be acknowledged; and the next one is somebody else's. */
static void of_a_message_that_is_too_large_the_beginning_is_taken(void **state)
{
    (void)state;
    live_plainly(serve_large);
    assert_int_equal(got.texts, 3);
    assert_int_equal(got.text.size, 2 * (MAX_MESSAGE + 1) + 7);
    assert_string_equal(got.text.bytes + 2 * (MAX_MESSAGE + 1), "and on\n");
    assert_string_equal(got.why, "a message was too large");
}

static const int sizes[] = {1, 3, 4, 5, 124, 125, 126, 127, 65534, 65535, 65536, 65537, 99999, 0};

static void read_sizes(SSL *ssl, int fd)
{
    if (!shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    for (const int *size = got.sizes; *size > 0; size++)
        read_frame(ssl, fd);
    put_frame(ssl, fd, CLOSE_FRAME, "\x03\xE8", 2);
    until_the_end(ssl, fd);
}

static void messages_of_every_size_arrive(void **state)
{
    struct tls_server server;
    (void)state;
    for (int secure = 0; secure < 2; secure++) {
        forget();
        got.sizes = sizes;
        tls_start(&server, secure ? "localhost" : NULL, read_sizes);
        live_with(&server, server.ca_file);
        tls_stop(&server);
        const char *at = text_get(&seen.frames);
        for (const int *size = sizes; *size > 0; size++) {
            assert_memory_equal(at, "81:", 3);
            assert_int_equal(strspn(at + 3, "x"), *size);
            at += 3 + *size + 1;
        }
        assert_string_equal(at, "88:03e8\n");
        assert_int_equal(seen.unmasked + seen.masks_alike, 0);
    }
}

static pthread_t client;
static int sent; /* by it, in so many calls */

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    static ssize_t (*real)(int, const void *, size_t, int);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "send");
    sent += pthread_equal(pthread_self(), client) != 0;
    return real(fd, bytes, size, flags);
}

/* The acks of a burst are one system call. */
static void what_is_said_in_one_round_leaves_together(void **state)
{
    static const int small[] = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    (void)state;
    client = pthread_self();
    sent = 0;
    got.sizes = small;
    live_plainly(read_sizes);
    assert_int_equal(sent, 3); /* the request to upgrade, these, and the close frame */
}

static atomic_bool reading; /* the first question */
static atomic_bool gone;

/* By the other side's kernel. */
static void wait_until_received(int fd)
{
    int left = 1;
    while (ioctl(fd, SIOCOUTQ, &left) == 0 && left > 0)
        usleep(500);
}

static void ask_many(SSL *ssl, int fd)
{
    if (!shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    put_frame(ssl, fd, TEXT_FRAME, "first", 5);
    while (!reading)
        usleep(500);
    for (int i = 0; i < 20; i++) /* each a record of TLS */
        put_frame(ssl, fd, TEXT_FRAME, "next", 4);
    wait_until_received(fd);
    gone = true;
    put_frame(ssl, fd, CLOSE_FRAME, "\x03\xE8", 2);
    until_the_end(ssl, fd);
}

static void wait_for_the_rest(void)
{
    reading = true;
    while (!gone)
        usleep(500);
}

/* What they ask is answered together. */
static void what_has_come_is_read_in_one_round(void **state)
{
    struct tls_server server;
    (void)state;
    reading = gone = false;
    got.at_text = wait_for_the_rest;
    tls_start(&server, "localhost", ask_many);
    live_with(&server, server.ca_file);
    tls_stop(&server);
    assert_int_equal(got.texts, 21);
    assert_in_range(got.most_texts, 20, 21);
}

/* --- ends --- */

static void serve_and_go(SSL *ssl, int fd)
{
    if (!shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    put_frame(ssl, fd, TEXT_FRAME, "last words", 10);
    put_frame(ssl, fd, CLOSE_FRAME, "\x03\xE9", 2);
    read_frame(ssl, fd);
}

static void serve_and_drop(SSL *ssl, int fd)
{
    shake_hands(ssl, fd, "101 Switching Protocols");
}

static void the_server_may_end_it(void **state)
{
    (void)state;
    live_plainly(serve_and_go);
    assert_int_equal(got.ups, 1);
    assert_string_equal(text_get(&got.text), "last words\n");
    assert_string_equal(text_get(&seen.frames), "88:03e9\n"); /* it answers */
    forget();
    live_plainly(serve_and_drop);
    assert_int_equal(got.ups, 1);
}

static size_t frames_seen(const char *frame)
{
    size_t count = 0;
    for (const char *at = seen.frames.bytes; (at = strstr(at, frame)) != NULL; at++)
        count++;
    return count;
}

enum { LAST_QUESTIONS = 300 };

/* Questions and the close frame in one piece. */
static void ask_and_close(SSL *ssl, int fd)
{
    struct text frames = {0};
    if (!shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    for (int i = 0; i < LAST_QUESTIONS; i++)
        text_add_bytes(&frames, "\x81\x01?", 3);
    text_add_bytes(&frames, "\x88\x02\x03\xE8", 4);
    tls_write(ssl, fd, frames.bytes, frames.size);
    text_free(&frames);
    while (read_frame(ssl, fd) >= 0)
        ;
}

/* What came before the peer's close frame is answered before ours, which ends it. */
static void what_was_asked_before_the_close_is_answered(void **state)
{
    struct tls_server server;
    (void)state;
    for (int secure = 0; secure < 2; secure++) {
        forget();
        got.answer_each = true;
        got.last_words = "goodbye";
        tls_start(&server, secure ? "localhost" : NULL, ask_and_close);
        live_with(&server, server.ca_file);
        tls_stop(&server);
        assert_int_equal(got.texts, LAST_QUESTIONS);
        assert_int_equal(frames_seen("81:answer"), LAST_QUESTIONS);
        assert_string_equal(strstr(text_get(&seen.frames), "81:goodbye"), "81:goodbye\n88:03e8\n");
    }
}

/* What it sent before it saw our close. */
static void cross_the_close(SSL *ssl, int fd)
{
    if (!shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    put_frame(ssl, fd, TEXT_FRAME, "one", 3);
    if (read_frame(ssl, fd) != CLOSE_FRAME)
        return;
    put_frame(ssl, fd, TEXT_FRAME, "two", 3);
    put_frame(ssl, fd, CLOSE_FRAME, "\x03\xE8", 2);
    until_the_end(ssl, fd);
}

static void what_crosses_our_close_is_heard(void **state)
{
    struct tls_server server;
    (void)state;
    for (int secure = 0; secure < 2; secure++) {
        forget();
        got.close_at_text = 1;
        tls_start(&server, secure ? "localhost" : NULL, cross_the_close);
        live_with(&server, server.ca_file);
        tls_stop(&server);
        assert_string_equal(text_get(&got.text), "one\ntwo\n");
    }
}

/* It does not wait for an answer. */
static void ask_twice_and_go(SSL *ssl, int fd)
{
    if (!shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    put_frame(ssl, fd, TEXT_FRAME, "one", 3);
    while (!reading)
        usleep(500);
    put_frame(ssl, fd, TEXT_FRAME, "two", 3);
    put_frame(ssl, fd, CLOSE_FRAME, "\x03\xE8", 2);
    gone = true;
}

/* As a commit may take long; what is left of the server's end fits into that while. */
static void read_slowly(void)
{
    reading = true;
    while (!gone)
        usleep(500);
    usleep(20000);
}

/* Our answer to the first meets nobody, and must not cost us the second. */
static void who_asks_and_goes_is_heard_to_the_end(void **state)
{
    (void)state;
    reading = gone = false;
    got.answer_each = true;
    got.at_text = read_slowly;
    live_plainly(ask_twice_and_go);
    assert_string_equal(text_get(&got.text), "one\ntwo\n");
}

static void serve_nobody(SSL *ssl, int fd)
{
    shake_hands(ssl, fd, "403 Forbidden");
}

static void serve_wrong_key(SSL *ssl, int fd)
{
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                 "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                                 "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    char head[2000];
    if (tls_read_head(ssl, fd, head, sizeof(head)))
        tls_write(ssl, fd, answer, sizeof(answer) - 1);
    until_the_end(ssl, fd);
}

static void serve_nothing(SSL *ssl, int fd)
{
    (void)ssl;
    (void)fd; /* closed at once, unread */
}

static void serve_rubbish(SSL *ssl, int fd)
{
    tls_write(ssl, fd, "rubbish\r\n\r\n", 11);
}

static void serve_elsewhere(SSL *ssl, int fd)
{
    static const char answer[] = "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\n"
                                 "Content-Length: 0\r\n\r\n";
    char head[2000];
    if (tls_read_head(ssl, fd, head, sizeof(head)))
        tls_write(ssl, fd, answer, sizeof(answer) - 1);
    until_the_end(ssl, fd);
}

static void what_is_no_handshake_is_never_up(void **state)
{
    (void)state;
    static void (*const serves[])(SSL *, int) = {serve_nobody, serve_wrong_key, serve_nothing,
                                                 serve_rubbish, serve_elsewhere};
    for (size_t i = 0; i < COUNT(serves); i++) {
        forget();
        live_plainly(serves[i]);
        assert_int_equal(got.ups, 0);
    }
}

static void where_nobody_listens(void **state)
{
    (void)state;
    struct tls_server server;
    char url[60];
    tls_start(&server, NULL, serve_nobody);
    tls_stop(&server);
    snprintf(url, sizeof(url), "ws://localhost:%d", server.port);
    live("", url, false);
    assert_int_equal(got.ups, 0);
}

static void closing_before_it_is_up(void **state)
{
    (void)state;
    struct tls_server server;
    char url[60];
    tls_start(&server, NULL, until_the_end); /* it never answers */
    snprintf(url, sizeof(url), "ws://localhost:%d", server.port);
    live("", url, true);
    tls_stop(&server);
    assert_int_equal(got.ups, 0);
}

/* The request to upgrade is out, its answer does not come. */
static void closing_before_the_answer(void **state)
{
    (void)state;
    close_after_ms = 100;
    live_plainly(until_the_end);
    assert_int_equal(got.ups, 0);
}

static void serve_and_listen(SSL *ssl, int fd)
{
    if (shake_hands(ssl, fd, "101 Switching Protocols"))
        until_the_end(ssl, fd);
}

static void too_much_that_waits_ends_it(void **state)
{
    (void)state;
    got.flood = 257;
    live_plainly(serve_and_listen);
    assert_string_equal(got.why, "the other side has stopped reading");
    assert_int_equal(got.ups, 1);
}

enum { QUESTIONS = 5000 };

/* All at once, before a single answer is read; then as many answers, and the end. */
static void ask_a_lot(SSL *ssl, int fd)
{
    struct text frames = {0};
    if (!shake_hands(ssl, fd, "101 Switching Protocols"))
        return;
    for (int i = 0; i < QUESTIONS; i++)
        text_add_bytes(&frames, "\x81\x01?", 3);
    tls_write(ssl, fd, frames.bytes, frames.size);
    text_free(&frames);
    for (int i = 0; i < QUESTIONS && read_frame(ssl, fd) == TEXT_FRAME; i++)
        ;
    put_frame(ssl, fd, CLOSE_FRAME, "\x03\xE8", 2);
    until_the_end(ssl, fd);
}

static void a_burst_of_questions_is_answered_whole(void **state)
{
    (void)state;
    got.answer_each = true;
    live_plainly(ask_a_lot);
    assert_int_equal(got.texts, QUESTIONS);
    assert_int_equal(frames_seen("81:answer"), QUESTIONS);
}

static void a_burst_through_tls_too(void **state)
{
    (void)state;
    struct tls_server server;
    tls_start(&server, "localhost", ask_a_lot);
    got.answer_each = true;
    live_with(&server, server.ca_file);
    tls_stop(&server);
    assert_int_equal(got.texts, QUESTIONS);
    assert_int_equal(frames_seen("81:answer"), QUESTIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(up_text_close),
        TEST(an_unknown_authority_is_refused),
        TEST(a_certificate_for_another_name_is_refused),
        TEST(addresses_that_it_never_goes_to),
        TEST(a_message_arrives_whole),
        TEST(text_that_is_none_ends_it),
        TEST(of_a_message_that_is_too_large_the_beginning_is_taken),
        TEST(messages_of_every_size_arrive),
        TEST(what_is_said_in_one_round_leaves_together),
        TEST(what_has_come_is_read_in_one_round),
        TEST(the_server_may_end_it),
        TEST(what_was_asked_before_the_close_is_answered),
        TEST(what_crosses_our_close_is_heard),
        TEST(who_asks_and_goes_is_heard_to_the_end),
        TEST(what_is_no_handshake_is_never_up),
        TEST(where_nobody_listens),
        TEST(closing_before_it_is_up),
        TEST(closing_before_the_answer),
        TEST(too_much_that_waits_ends_it),
        TEST(a_burst_of_questions_is_answered_whole),
        TEST(a_burst_through_tls_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
