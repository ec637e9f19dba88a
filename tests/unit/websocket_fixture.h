/* A WebSocket server written by hand, in a thread, and a client that is followed from its birth to
 * its end. */
#ifndef CPPO_TESTS_WEBSOCKET_FIXTURE_H
#define CPPO_TESTS_WEBSOCKET_FIXTURE_H

#include "tls_fixture.h"

#include <openssl/sha.h>
#include <stdint.h>

#include "io/websocket.h"
#include "log.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

enum { MAX_SEEN = 100000 }; /* bytes of a frame */
enum { TEXT_FRAME = 0x81, CLOSE_FRAME = 0x88, PING_FRAME = 0x89, PONG_FRAME = 0x8A };

/* --- the server's side --- */

static struct {
    char head[2000];    /* of the client's request */
    struct text frames; /* what the client sent: first byte, bytes */
    int unmasked;
    int masks_alike; /* as the one before */
    unsigned char mask[4];
} seen; /* written by the thread, read when that has ended */

static inline bool shake_hands(SSL *ssl, int fd, const char *status)
{
    static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char together[200], accept_key[60], answer[400];
    unsigned char hash[SHA_DIGEST_LENGTH];
    if (!tls_read_head(ssl, fd, seen.head, sizeof(seen.head)))
        return false;
    const char *key = strcasestr(seen.head, "\r\nSec-WebSocket-Key: ");
    if (key == NULL)
        return false;
    key += 21;
    snprintf(together, sizeof(together), "%.*s%s", (int)strcspn(key, "\r\n"), key, magic);
    SHA1((const unsigned char *)together, strlen(together), hash);
    EVP_EncodeBlock((unsigned char *)accept_key, hash, sizeof(hash));
    snprintf(answer, sizeof(answer),
             "HTTP/1.1 %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: %s\r\n\r\n",
             status, accept_key);
    tls_write(ssl, fd, answer, strlen(answer));
    return true;
}

static inline bool read_whole(SSL *ssl, int fd, unsigned char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t got = ssl != NULL ? SSL_read(ssl, bytes + at, (int)(size - at))
                                  : read(fd, bytes + at, size - at);
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

/* The size of a frame of which ${first} was the first word on it; it must take the shortest form.
 */
static inline bool read_size(SSL *ssl, int fd, size_t first, size_t *size)
{
    unsigned char more[8];
    size_t count = first == 127 ? 8 : first == 126 ? 2 : 0;
    if (!read_whole(ssl, fd, more, count))
        return false;
    *size = count > 0 ? 0 : first;
    for (size_t i = 0; i < count; i++)
        *size = *size << 8 | more[i];
    return *size <= MAX_SEEN && (count != 2 || *size > 125) && (count != 8 || *size > 65535);
}

/* The next frame of the client is noted; its first byte, -1 at the end. */
static inline int read_frame(SSL *ssl, int fd)
{
    unsigned char head[2], mask[4];
    static unsigned char bytes[MAX_SEEN];
    size_t size;
    if (!read_whole(ssl, fd, head, 2))
        return -1;
    seen.unmasked += (head[1] & 0x80) == 0;
    if (!read_size(ssl, fd, head[1] & 0x7F, &size) || !read_whole(ssl, fd, mask, 4) ||
        !read_whole(ssl, fd, bytes, size))
        return -1;
    seen.masks_alike += memcmp(mask, seen.mask, 4) == 0;
    memcpy(seen.mask, mask, 4);
    text_addf(&seen.frames, "%02x:", head[0]);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= mask[i % 4];
        text_addf(&seen.frames, head[0] == CLOSE_FRAME ? "%02x" : "%c", bytes[i]);
    }
    text_add(&seen.frames, "\n");
    return head[0];
}

static inline void put_frame(SSL *ssl, int fd, unsigned first, const char *bytes, size_t size)
{
    struct text frame = {0};
    unsigned char head[10] = {(unsigned char)first, (unsigned char)size};
    size_t head_size = 2;
    if (size > 65535) {
        head[1] = 127;
        for (size_t i = 0; i < 8; i++)
            head[2 + i] = (unsigned char)((uint64_t)size >> (56 - 8 * i));
        head_size = 10;
    } else if (size > 125) {
        head[1] = 126;
        head[2] = (unsigned char)(size >> 8);
        head[3] = (unsigned char)size;
        head_size = 4;
    }
    text_add_bytes(&frame, head, head_size);
    text_add_bytes(&frame, bytes, size);
    tls_write(ssl, fd, frame.bytes, frame.size);
    text_free(&frame);
}

/* Until the client goes; its close frame is answered. */
static inline void until_the_end(SSL *ssl, int fd)
{
    for (int first; (first = read_frame(ssl, fd)) >= 0;) {
        if (first == CLOSE_FRAME)
            put_frame(ssl, fd, CLOSE_FRAME, "\x03\xE8", 2);
    }
}

/* --- the client's side --- */

static uv_loop_t loop;
static struct websocket *one;
static struct {
    int ups, texts, alives, pongs, downs;
    int texts_before, most_texts; /* this round of the loop; in one round */
    struct text text;
    char why[200];
    const char *say;        /* when up */
    int flood;              /* messages of 16 KiB at once when up */
    const int *sizes;       /* messages of so many bytes when up; 0 ends them */
    bool answer_each;       /* every text with a text */
    const char *last_words; /* when the server closes */
    int close_at_text;      /* which one, from 1 */
    void (*at_text)(void);  /* beside that */
} got;

static inline void on_up(void *ctx)
{
    (void)ctx;
    got.ups++;
    if (got.say != NULL)
        assert_int_equal(websocket_send(one, got.say, strlen(got.say)), 0);
    static char x[MAX_SEEN];
    memset(x, 'x', sizeof(x));
    for (const int *size = got.sizes; size != NULL && *size > 0; size++)
        assert_int_equal(websocket_send(one, x, (size_t)*size), 0);
    static char much[16384];
    memset(much, 'x', sizeof(much));
    for (int i = 1; i <= got.flood; i++) /* 4 MiB may wait, with what frames need */
        assert_int_equal(websocket_send(one, much, sizeof(much)), i <= 255 ? 0 : -1);
}

static inline void on_text(void *ctx, const char *bytes, size_t size)
{
    (void)ctx;
    got.texts++;
    text_add_bytes(&got.text, bytes, size);
    text_add(&got.text, "\n");
    if (got.answer_each)
        assert_int_equal(websocket_send(one, "answer", 6), 0);
    if (got.at_text != NULL)
        got.at_text();
    if (got.texts == got.close_at_text) {
        websocket_close(one);
        assert_int_equal(websocket_send(one, "x", 1), -1);
    }
}

static inline void on_alive(void *ctx)
{
    (void)ctx;
    got.alives++;
}

static inline void on_pong(void *ctx)
{
    (void)ctx;
    got.pongs++;
}

static inline void on_closing(void *ctx)
{
    (void)ctx;
    if (got.last_words != NULL)
        assert_int_equal(websocket_send(one, got.last_words, strlen(got.last_words)), 0);
}

static inline void on_down(void *ctx, const char *why)
{
    (void)ctx;
    got.downs++;
    text_fit(got.why, sizeof(got.why), why);
}

static const struct proxy *through; /* NULL: directly */
static uint64_t close_after_ms;     /* 0: not */
static const struct websocket_events events = {
    .up = on_up,
    .text = on_text,
    .alive = on_alive,
    .pong = on_pong,
    .closing = on_closing,
    .down = on_down,
};

static inline void forget(void)
{
    text_free(&got.text);
    text_free(&seen.frames);
    memset(&got, 0, sizeof(got));
    memset(&seen, 0, sizeof(seen));
    close_after_ms = 0;
}

static inline int set_up(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_ERROR);
    forget();
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    forget();
    return 0;
}

static inline void on_prepare(uv_prepare_t *prepare)
{
    websockets_read(prepare->data);
    int texts = got.texts - got.texts_before;
    got.most_texts = texts > got.most_texts ? texts : got.most_texts;
    got.texts_before = got.texts;
    websockets_write(prepare->data);
}

/* One connection from its birth to its end, and the loop's. */
static inline void live(const char *ca_file, const char *url, bool close_at_once)
{
    struct err err;
    uv_loop_init(&loop);
    struct websockets *sockets = websockets_open(&loop, ca_file, &err);
    assert_non_null(sockets);
    websockets_use_proxy(sockets, through);
    uv_prepare_t prepare = {.data = sockets};
    uv_prepare_init(&loop, &prepare);
    uv_prepare_start(&prepare, on_prepare);
    one = websocket_connect(sockets, url, &events, NULL, &err);
    assert_non_null(one);
    assert_int_equal(websocket_send(one, "early", 5), -1);
    if (close_at_once)
        websocket_close(one);
    assert_int_equal(got.ups + got.downs, 0); /* never inside these */
    uint64_t begin = uv_hrtime();
    uint64_t end = begin + UINT64_C(25000000000);
    while (got.downs == 0 && uv_hrtime() < end) {
        if (close_after_ms > 0 && uv_hrtime() > begin + close_after_ms * UINT64_C(1000000))
            websocket_close(one);
        uv_run(&loop, UV_RUN_NOWAIT);
        usleep(500);
    }
    uv_close((uv_handle_t *)&prepare, NULL);
    websockets_close(sockets);
    uv_run(&loop, UV_RUN_DEFAULT);
    websockets_free(sockets);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(got.downs, 1);
    assert_string_not_equal(got.why, "");
}

static inline void live_with(struct tls_server *server, const char *ca_file)
{
    char url[100];
    snprintf(url, sizeof(url), "%s://localhost:%d/link?ticket=a&b=c",
             server->context != NULL ? "wss" : "ws", server->port);
    live(ca_file, url, false);
}

/* The same with a plain server of its own. */
static inline void live_plainly(void (*serve)(SSL *ssl, int fd))
{
    struct tls_server server;
    tls_start(&server, NULL, serve);
    live_with(&server, "");
    tls_stop(&server);
}

#endif
