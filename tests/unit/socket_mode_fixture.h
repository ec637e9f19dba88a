/* The ports of Socket Mode, with a clock of our own: what is told to them is noted as text. */
#ifndef CPPO_TESTS_SOCKET_MODE_FIXTURE_H
#define CPPO_TESTS_SOCKET_MODE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "slack/socket_mode.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static struct {
    struct socket_mode *mode;
    int64_t now, wake;
    uint32_t random;
    bool unconnectable;
    int sending; /* what send answers */
    struct text told;
    size_t asked;
    uint64_t last;        /* serial that asked last */
    uint64_t alive_until; /* serials up to it are heard all the time */
} fake;

static inline int64_t on_now(void *ctx)
{
    (void)ctx;
    return fake.now;
}

static inline uint32_t on_random(void *ctx)
{
    (void)ctx;
    return fake.random;
}

static inline void tell(const char *what, uint64_t serial, const char *bytes, size_t size)
{
    text_addf(&fake.told, "%s %d", what, (int)serial);
    if (bytes != NULL)
        text_addf(&fake.told, " %.*s", (int)size, bytes);
    text_add(&fake.told, "\n");
}

static inline void on_ask(void *ctx, uint64_t serial)
{
    (void)ctx;
    fake.asked++;
    fake.last = serial;
    tell("ask", serial, NULL, 0);
}

static inline bool on_connect(void *ctx, uint64_t serial, const char *url)
{
    (void)ctx;
    tell("connect", serial, url, strlen(url));
    return !fake.unconnectable;
}

static inline int on_send(void *ctx, uint64_t serial, const char *bytes, size_t size)
{
    (void)ctx;
    tell("send", serial, bytes, size);
    return fake.sending;
}

static inline void on_ping(void *ctx, uint64_t serial)
{
    (void)ctx;
    tell("ping", serial, NULL, 0);
}

static inline void on_close(void *ctx, uint64_t serial)
{
    (void)ctx;
    tell("close", serial, NULL, 0);
}

static inline void on_frame(void *ctx, uint64_t serial, json_t *frame)
{
    (void)ctx;
    char *text = json_write(frame);
    tell("frame", serial, text, strlen(text));
    free(text);
}

static inline void on_hello(void *ctx, uint64_t serial)
{
    (void)ctx;
    tell("hello", serial, NULL, 0);
}

static inline void on_alarm(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
    text_add(&fake.told, "alarm\n");
}

static inline void on_wake_at(void *ctx, int64_t when)
{
    (void)ctx;
    fake.wake = when;
}

static inline void begin(int count)
{
    static const struct socket_mode_ports ports = {
        .now = on_now,
        .random = on_random,
        .ask = on_ask,
        .connect = on_connect,
        .send = on_send,
        .ping = on_ping,
        .close = on_close,
        .frame = on_frame,
        .hello = on_hello,
        .alarm = on_alarm,
        .wake_at = on_wake_at,
    };
    fake.now = 1000000;
    fake.mode = socket_mode_new(&ports, count);
    socket_mode_start(fake.mode);
}

static inline int set_up(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_ERROR);
    memset(&fake, 0, sizeof(fake));
    fake.wake = INT64_MAX;
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    socket_mode_free(fake.mode);
    text_free(&fake.told);
    return 0;
}

/* What was told since the last time. */
static inline void expect(const char *wanted)
{
    char *told = text_take(&fake.told);
    if (strcmp(told, wanted) != 0)
        fail_msg("told:\n%swanted:\n%s", told, wanted);
    free(told);
}

/* Time goes on; the tick comes when it was asked for. */
static inline void advance(int64_t ms)
{
    int64_t end = fake.now + ms;
    for (int ticks = 0; fake.wake <= end; ticks++) {
        assert_true(ticks < 100000);
        fake.now = fake.wake > fake.now ? fake.wake : fake.now;
        for (uint64_t serial = 1; serial <= fake.alive_until; serial++)
            socket_mode_pong(fake.mode, serial);
        socket_mode_tick(fake.mode);
    }
    fake.now = end;
}

static inline void text(uint64_t serial, const char *frame)
{
    socket_mode_text(fake.mode, serial, frame, strlen(frame));
}

static inline void connect_one(uint64_t serial)
{
    socket_mode_address(fake.mode, serial, "u");
    socket_mode_up(fake.mode, serial);
}

static inline void bring_up(uint64_t serial)
{
    connect_one(serial);
    text(serial, "{\"type\":\"hello\"}");
}

static inline void disconnect(uint64_t serial, const char *reason)
{
    char frame[100];
    snprintf(frame, sizeof(frame), "{\"type\":\"disconnect\",\"reason\":\"%s\"}", reason);
    text(serial, frame);
}

/* One socket that is up, nothing told. */
static inline void one_up(void)
{
    begin(1);
    bring_up(1);
    expect("ask 1\nconnect 1 u\nhello 1\n");
}

/* How long it takes until an address is asked for again. */
static inline int64_t wait_for_ask(void)
{
    int64_t from = fake.now;
    size_t asked = fake.asked;
    while (fake.asked == asked) {
        assert_true(fake.wake < INT64_MAX);
        advance(fake.wake > fake.now ? fake.wake - fake.now : 0);
    }
    text_clear(&fake.told);
    return fake.now - from;
}

#endif
