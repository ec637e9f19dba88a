/* Socket Mode between a Slack that does anything at any time and a clock: what happens is chosen by
 * pairs of bytes (what, to which socket or how long). The oracle keeps its own account of each
 * socket; and when the trouble is over, all sockets stand again. */
#include "fuzz.h"
#include "slack/socket_mode.h"

enum {
    COUNT = 2,
    MAX_ACTIONS = 400,
    MAX_HELD = 12,
    MOST = 1 << 16,
    CALM_MS = 20 * 60 * 1000,
    STEADY_MS = 2 * 60 * 1000
};

enum { NOT_YET, ASKED, CONNECTING, WAITING, GREETED, CLOSED, GONE };
typedef unsigned char account_t; /* one of these */

static struct {
    struct socket_mode *mode;
    int64_t now, wake;
    uint32_t dice;
    account_t sockets[MOST];
    int held; /* that Slack may count */
    uint64_t last;
    bool stopped;
} world;

/* --- its ports --- */

static account_t *socket_of(uint64_t serial)
{
    must(serial > 0 && serial <= world.last && serial < MOST,
         "only sockets that were asked for are spoken of");
    return &world.sockets[serial];
}

static int64_t port_now(void *ctx)
{
    (void)ctx;
    return world.now;
}

static uint32_t port_random(void *ctx)
{
    (void)ctx;
    return world.dice = world.dice * 1103515245U + 12345U;
}

static void port_ask(void *ctx, uint64_t serial)
{
    (void)ctx;
    must(!world.stopped, "nothing is opened after the end");
    must(serial == world.last + 1, "a socket has a number of its own");
    world.last = serial;
    *socket_of(serial) = ASKED;
}

static bool port_connect(void *ctx, uint64_t serial, const char *url)
{
    (void)ctx;
    must(*socket_of(serial) == ASKED && strcmp(url, "wss://x") == 0, "it goes where it was told");
    *socket_of(serial) = CONNECTING;
    must(++world.held <= MAX_HELD, "sockets do not pile up");
    return true;
}

static int port_send(void *ctx, uint64_t serial, const char *bytes, size_t size)
{
    (void)ctx;
    must(*socket_of(serial) == GREETED, "acks leave on a socket that stands");
    must(size <= SOCKET_MODE_MAX_ACK && text_is_utf8(bytes, size), "Slack takes the ack");
    return 0;
}

static void port_ping(void *ctx, uint64_t serial)
{
    (void)ctx;
    must(*socket_of(serial) == GREETED, "only a socket that stands is pinged");
}

static void port_close(void *ctx, uint64_t serial)
{
    (void)ctx;
    account_t *account = socket_of(serial);
    must(*account >= CONNECTING && *account < CLOSED, "a socket is closed once");
    *account = CLOSED;
}

static void port_frame(void *ctx, uint64_t serial, json_t *frame)
{
    (void)ctx;
    json_decref(frame);
    must(!world.stopped, "nothing is delivered after the end");
    must(*socket_of(serial) == WAITING || *socket_of(serial) == GREETED,
         "nothing is delivered of a socket that is closed");
}

static void port_hello(void *ctx, uint64_t serial)
{
    (void)ctx;
    must(*socket_of(serial) == WAITING, "a socket is greeted once");
    *socket_of(serial) = GREETED;
}

static void port_alarm(void *ctx, const char *text)
{
    (void)ctx;
    must(*text != '\0' && fuzz_utf8(text), "an alarm says something");
}

static void port_wake(void *ctx, int64_t when)
{
    (void)ctx;
    must(when >= world.now, "the clock is set for later");
    world.wake = when;
}

/* --- what happens --- */

static const char *const frames[] = {
    "{\"type\":\"hello\",\"num_connections\":1}",
    ("{\"type\":\"hello\",\"num_connections\":9,"
     "\"debug_info\":{\"approximate_connection_time\":120}}"),
    "{\"type\":\"disconnect\",\"reason\":\"warning\"}",
    "{\"type\":\"disconnect\",\"reason\":\"refresh_requested\"}",
    "{\"type\":\"disconnect\",\"reason\":\"too_many_websockets\"}",
    "{\"type\":\"disconnect\",\"reason\":\"link_disabled\"}",
    "{\"type\":\"disconnect\"}",
    "{\"type\":\"interactive\",\"envelope_id\":\"E\"}",
    "[]",
    "rubbish",
};

static void say(uint64_t serial, unsigned which)
{
    const char *frame = frames[which % (sizeof(frames) / sizeof(frames[0]))];
    socket_mode_text(world.mode, serial, frame, strlen(frame));
}

static void connect_it(uint64_t serial)
{
    socket_mode_up(world.mode, serial);
    if (*socket_of(serial) == CONNECTING)
        *socket_of(serial) = WAITING;
}

static void drop(uint64_t serial)
{
    account_t *account = socket_of(serial);
    if (*account < CONNECTING || *account == GONE)
        return;
    *account = GONE;
    world.held--;
    socket_mode_down(world.mode, serial, "fuzzed");
}

static void pass(int64_t ms)
{
    int64_t until = world.now + ms;
    while (world.wake <= until) {
        world.now = world.wake > world.now ? world.wake : world.now;
        world.wake = INT64_MAX;
        socket_mode_tick(world.mode);
    }
    world.now = until;
}

static void happen(unsigned what, unsigned how)
{
    uint64_t serial = world.last - how % 8;
    if (world.last < 1 + how % 8)
        return;
    switch (what % 10) {
    case 0:
        socket_mode_address(world.mode, serial, "wss://x");
        break;
    case 1:
        socket_mode_no_address(world.mode, serial, "fuzzed", how & 64, how & 128 ? 5000 : -1);
        break;
    case 2:
        connect_it(serial);
        break;
    case 3:
    case 4:
        say(serial, how >> 3);
        break;
    case 5:
        drop(serial);
        break;
    case 6:
        (how & 1 ? socket_mode_pong : socket_mode_alive)(world.mode, serial);
        break;
    case 7:
        socket_mode_ack(world.mode, serial, "E", how & 64 ? "{}" : NULL);
        break;
    case 8:
        pass((int64_t)how * 10);
        break;
    case 9:
        pass((int64_t)how * 1000);
        break;
    }
}

/* A Slack that does all that it should; what was closed goes. */
static void behave(void)
{
    for (uint64_t serial = 1; serial <= world.last; serial++) {
        if (*socket_of(serial) == ASKED)
            socket_mode_address(world.mode, serial, "wss://x");
        if (*socket_of(serial) == CONNECTING)
            connect_it(serial);
        if (*socket_of(serial) == WAITING)
            say(serial, 0);
        if (*socket_of(serial) == GREETED)
            socket_mode_pong(world.mode, serial);
        if (*socket_of(serial) == CLOSED)
            drop(serial);
    }
}

/* After the trouble: all sockets stand again in twenty minutes, and go on to. */
static void calm_down(void)
{
    int64_t steady = 0;
    for (int64_t calm = 0; calm < CALM_MS && steady < STEADY_MS; calm += 5000) {
        behave();
        steady = socket_mode_usable(world.mode) >= COUNT ? steady + 5000 : 0;
        pass(5000);
    }
    must(steady >= STEADY_MS, "when the trouble is over, all sockets stand");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct socket_mode_ports ports = {.now = port_now,
                                                   .random = port_random,
                                                   .ask = port_ask,
                                                   .connect = port_connect,
                                                   .send = port_send,
                                                   .ping = port_ping,
                                                   .close = port_close,
                                                   .frame = port_frame,
                                                   .hello = port_hello,
                                                   .alarm = port_alarm,
                                                   .wake_at = port_wake};
    memset(&world, 0, sizeof(world));
    world.wake = INT64_MAX;
    fuzz_quietly();
    world.mode = socket_mode_new(&ports, COUNT);
    socket_mode_start(world.mode);
    for (size_t i = 0; i + 1 < size && i < MAX_ACTIONS; i += 2)
        happen(data[i], data[i + 1]);
    calm_down();
    world.stopped = true;
    socket_mode_stop(world.mode);
    for (uint64_t serial = 1; serial <= world.last; serial++)
        drop(serial);
    must(socket_mode_stopped(world.mode), "it comes to its end");
    socket_mode_free(world.mode);
    return 0;
}
