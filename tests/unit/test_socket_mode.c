/* Socket Mode: opening, replacing, acknowledging, stopping. */
#include <dlfcn.h>

#include "socket_mode_fixture.h"

/* --- opening --- */

static void sockets_are_opened_apart(void **state)
{
    (void)state;
    begin(2);
    expect("ask 1\n");
    advance(999);
    expect("");
    advance(1);
    expect("ask 2\n");
    bring_up(2);
    expect("connect 2 u\nhello 2\n");
}

static void there_are_one_to_four(void **state)
{
    (void)state;
    static const int counts[][2] = {{-1, 1}, {0, 1}, {1, 1}, {4, 4}, {5, 4}};
    for (size_t i = 0; i < COUNT(counts); i++) {
        set_up(state);
        begin(counts[i][0]);
        advance(10000);
        assert_int_equal(fake.asked, counts[i][1]);
        tear_down(state);
    }
    begin(1);
}

static void only_hello_makes_a_socket_usable(void **state)
{
    (void)state;
    begin(1);
    text(1, "{\"type\":\"hello\"}"); /* not connected */
    socket_mode_up(fake.mode, 1);
    socket_mode_address(fake.mode, 7, "u"); /* nobody asked */
    expect("ask 1\n");
    socket_mode_address(fake.mode, 1, "wss://x/?ticket=1");
    socket_mode_address(fake.mode, 1, "again");
    expect("connect 1 wss://x/?ticket=1\n");
    socket_mode_up(fake.mode, 1);
    assert_int_equal(socket_mode_usable(fake.mode), 0);
    assert_int_equal(socket_mode_ack(fake.mode, 1, "e", NULL), -1);
    text(1, "{\"type\":\"hello\"}");
    text(1, "{\"type\":\"hello\"}");
    expect("hello 1\n");
    assert_int_equal(socket_mode_usable(fake.mode), 1);
}

static void every_step_has_its_time(void **state)
{
    (void)state;
    begin(1);
    advance(14999);
    socket_mode_tick(fake.mode);
    expect("ask 1\n");
    advance(1);
    socket_mode_tick(fake.mode);
    expect("ask 2\n"); /* no address within 15 s */
    socket_mode_address(fake.mode, 1, "late");
    expect("");
    socket_mode_address(fake.mode, 2, "u");
    advance(24999);
    expect("connect 2 u\n");
    advance(1);
    expect("close 2\n");
    socket_mode_up(fake.mode, 2); /* too late */
    text(2, "{\"type\":\"hello\"}");
    socket_mode_down(fake.mode, 2, "closed");
    advance(500);
    expect("ask 3\n");
    connect_one(3);
    advance(9999);
    expect("connect 3 u\n");
    advance(1);
    expect("close 3\n"); /* no hello within 10 s */
    assert_int_equal(socket_mode_usable(fake.mode), 0);
}

static void all_other_frames_are_handed_on(void **state)
{
    (void)state;
    one_up();
    text(1, "{\"type\":\"interactive\",\"envelope_id\":\"1\"}");
    text(1, "{\"odd\":1}");
    text(1, "{\"type\":5}");
    expect("frame 1 {\"type\":\"interactive\",\"envelope_id\":\"1\"}\nframe 1 {\"odd\":1}\n"
           "frame 1 {\"type\":5}\n");
    text(1, "{\"envelope_id\":\"1\",}"); /* Slack waits for an answer to it */
    expect("frame 1 {\"envelope_id\":\"1\",\"type\":\"unreadable\"}\n");
    text(9, "{}"); /* no such socket */
    expect("");
    assert_int_equal(socket_mode_usable(fake.mode), 1);
}

/* It crossed our close: its answer finds no way back, but Slack repeats what it repeats, and
 * whoever clicked clicks once more. It does not open, end or replace anything. */
static void what_crosses_a_close_is_handed_on(void **state)
{
    (void)state;
    one_up();
    text(1, "{\"type\":\"disconnect\",\"reason\":\"too_many_websockets\"}");
    expect("alarm\nclose 1\n");
    text(1, "{\"envelope_id\":\"1\"}");
    expect("frame 1 {\"envelope_id\":\"1\"}\n");
    assert_int_equal(socket_mode_ack(fake.mode, 1, "1", NULL), -1);
    text(1, "{\"type\":\"disconnect\",\"reason\":\"too_many_websockets\"}");
    text(1, "{\"type\":\"hello\"}");
    expect("");
    assert_int_equal(socket_mode_usable(fake.mode), 0);
}

static void what_is_no_frame_is_ignored(void **state)
{
    (void)state;
    one_up();
    static const char *const rubbish[] = {"",     "Ping from applink",   "[]",   "\"hello\"",
                                          "null", "{\"type\":\"hello\"", "{} {}"};
    for (size_t i = 0; i < COUNT(rubbish); i++)
        text(1, rubbish[i]);
    expect("");
    assert_int_equal(socket_mode_usable(fake.mode), 1);
}

static size_t parsed;

json_t *json_loadb(const char *bytes, size_t size, size_t flags, json_error_t *error)
{
    static json_t *(*real)(const char *, size_t, size_t, json_error_t *);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "json_loadb");
    parsed++;
    return real(bytes, size, flags, error);
}

/* Most of what a small envelope costs. Whoever is given it decodes it as it was parsed. */
static void a_frame_is_parsed_once(void **state)
{
    (void)state;
    one_up();
    parsed = 0;
    text(1, "{\"type\":\"interactive\",\"envelope_id\":\"1\"}");
    assert_int_equal(parsed, 1);
    expect("frame 1 {\"type\":\"interactive\",\"envelope_id\":\"1\"}\n");
}

/* --- replacing --- */

static void a_successor_is_opened_before_the_old_one_goes(void **state)
{
    (void)state;
    static const char *const reasons[] = {"warning", "refresh_requested"};
    for (size_t i = 0; i < COUNT(reasons); i++) {
        set_up(state);
        one_up();
        fake.alive_until = 9;
        disconnect(1, reasons[i]);
        disconnect(1, reasons[i]); /* both come: one successor */
        expect("ask 2\n");
        assert_int_equal(socket_mode_usable(fake.mode), 1);
        text(1, "{\"a\":1}");
        assert_int_equal(socket_mode_ack(fake.mode, 1, "x", NULL), 0);
        bring_up(2);
        expect("frame 1 {\"a\":1}\nsend 1 {\"envelope_id\":\"x\"}\nconnect 2 u\nhello 2\n");
        advance(10000); /* by then Slack has ended it: nothing crosses a close of ours */
        expect("ping 1\nping 2\n");
        advance(1999);
        text(1, "{\"a\":2}");
        assert_int_equal(socket_mode_ack(fake.mode, 1, "y", NULL), 0);
        expect("frame 1 {\"a\":2}\nsend 1 {\"envelope_id\":\"y\"}\n");
        advance(1);
        expect("close 1\n");
        assert_int_equal(socket_mode_ack(fake.mode, 1, "z", NULL), -1);
        text(1, "{\"a\":3}");
        expect("frame 1 {\"a\":3}\n");
        socket_mode_down(fake.mode, 1, "closed");
        assert_int_equal(socket_mode_usable(fake.mode), 1);
        advance(9000);
        expect("ping 2\n"); /* and no third socket */
        tear_down(state);
    }
    begin(1);
}

/* Replaced again before its predecessor has left: that one goes. */
static void replaced_ones_do_not_pile_up(void **state)
{
    (void)state;
    one_up();
    fake.alive_until = 9;
    disconnect(1, "warning");
    bring_up(2);
    disconnect(2, "warning");
    expect("ask 2\nconnect 2 u\nhello 2\nask 3\n");
    advance(999);
    expect("");
    advance(1);
    expect("close 1\n");
    assert_int_equal(socket_mode_usable(fake.mode), 1);
}

static void the_old_one_stays_while_no_successor_says_hello(void **state)
{
    (void)state;
    one_up();
    fake.alive_until = 1;
    disconnect(1, "warning");
    socket_mode_no_address(fake.mode, 2, "x", false, -1);
    advance(500);
    connect_one(3);
    socket_mode_down(fake.mode, 3, "refused");
    advance(2000);
    expect("ask 2\nask 3\nconnect 3 u\nask 4\n");
    assert_int_equal(socket_mode_ack(fake.mode, 1, "x", NULL), 0);
    socket_mode_down(fake.mode, 1, "gone"); /* before its successor: nothing more is opened */
    bring_up(4);
    expect("send 1 {\"envelope_id\":\"x\"}\nconnect 4 u\nhello 4\n");
}

static void a_socket_goes_before_slack_ends_it(void **state)
{
    (void)state;
    static const struct {
        const char *hello;
        uint32_t random;
        int64_t after; /* -1: not at all */
    } rows[] = {
        {"{\"approximate_connection_time\":3600}", 0, 3600 * 900 - 90000},
        {"{\"approximate_connection_time\":3600}", 90000, 3600 * 900 - 180000},
        {"{\"approximate_connection_time\":120}", 0, 120 * 900 - 3000},
        {"{\"approximate_connection_time\":119}", 0, -1},
        {"{\"approximate_connection_time\":-5}", 0, -1},
        {"{\"approximate_connection_time\":\"3600\"}", 0, -1},
        {"[]", 0, -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char frame[120];
        set_up(state);
        begin(1);
        fake.alive_until = 1;
        fake.random = rows[i].random;
        connect_one(1);
        snprintf(frame, sizeof(frame), "{\"type\":\"hello\",\"debug_info\":%s}", rows[i].hello);
        text(1, frame);
        advance(rows[i].after < 0 ? 4000000 : rows[i].after - 1);
        assert_int_equal(fake.asked, 1);
        advance(1);
        assert_int_equal(fake.asked, rows[i].after < 0 ? 1 : 2);
        assert_null(strstr(text_get(&fake.told), "close"));
        tear_down(state);
    }
    begin(1);
}

/* --- acknowledging --- */

static void an_ack_goes_where_its_envelope_came_from(void **state)
{
    (void)state;
    begin(2);
    advance(1000);
    bring_up(1);
    bring_up(2);
    text_clear(&fake.told);
    assert_int_equal(socket_mode_ack(fake.mode, 2, "a-1", NULL), 0);
    assert_int_equal(socket_mode_ack(fake.mode, 1, "b\"\\\n", "{\"x\":[1]}"), 0);
    expect("send 2 {\"envelope_id\":\"a-1\"}\n"
           "send 1 {\"envelope_id\":\"b\\\"\\\\\\n\",\"payload\":{\"x\":[1]}}\n");
    fake.sending = -1;
    assert_int_equal(socket_mode_ack(fake.mode, 1, "c", NULL), -1);
    expect("send 1 {\"envelope_id\":\"c\"}\n");
    assert_int_equal(socket_mode_ack(fake.mode, 0, "d", NULL), -1);
    assert_int_equal(socket_mode_ack(fake.mode, 99, "d", NULL), -1);
    socket_mode_down(fake.mode, 1, "lost");
    assert_int_equal(socket_mode_ack(fake.mode, 1, "d", NULL), -1);
    expect("ask 3\n");
}

static void an_ack_is_never_too_large(void **state)
{
    (void)state;
    one_up();
    int around = (int)strlen("{\"envelope_id\":\"e\",\"payload\":\"\"}");
    for (int over = 0; over < 2; over++) {
        char *payload = text_format("\"%0*d\"", SOCKET_MODE_MAX_ACK - around + over, 0);
        assert_int_equal(socket_mode_ack(fake.mode, 1, "e", payload), over ? -1 : 0);
        assert_int_equal(fake.told.size, over ? 0 : strlen("send 1 \n") + SOCKET_MODE_MAX_ACK);
        text_clear(&fake.told);
        free(payload);
    }
}

/* --- stopping --- */

static void stop_closes_all_and_delivers_nothing(void **state)
{
    (void)state;
    begin(3);
    advance(2000);
    bring_up(1);
    disconnect(1, "warning"); /* 4 asks */
    socket_mode_address(fake.mode, 2, "u");
    text_clear(&fake.told);
    assert_false(socket_mode_stopped(fake.mode));
    socket_mode_stop(fake.mode);
    socket_mode_stop(fake.mode);
    expect("close 1\nclose 2\n"); /* 3 and 4 were asking: nothing to close */
    assert_false(socket_mode_stopped(fake.mode));
    text(1, "{\"type\":\"interactive\"}");
    text(1, "{\"type\":\"hello\"}");
    socket_mode_address(fake.mode, 3, "u");
    socket_mode_no_address(fake.mode, 4, "x", true, -1);
    socket_mode_up(fake.mode, 2);
    assert_int_equal(socket_mode_ack(fake.mode, 1, "e", NULL), -1);
    assert_int_equal(socket_mode_usable(fake.mode), 0);
    socket_mode_down(fake.mode, 1, "closed");
    assert_false(socket_mode_stopped(fake.mode));
    socket_mode_down(fake.mode, 2, "closed");
    assert_true(socket_mode_stopped(fake.mode));
    assert_true(fake.wake == INT64_MAX);
    fake.now += 3600000;
    socket_mode_tick(fake.mode);
    assert_true(fake.wake == INT64_MAX);
    expect("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sockets_are_opened_apart),
        TEST(there_are_one_to_four),
        TEST(only_hello_makes_a_socket_usable),
        TEST(every_step_has_its_time),
        TEST(all_other_frames_are_handed_on),
        TEST(what_crosses_a_close_is_handed_on),
        TEST(what_is_no_frame_is_ignored),
        TEST(a_frame_is_parsed_once),
        TEST(a_successor_is_opened_before_the_old_one_goes),
        TEST(replaced_ones_do_not_pile_up),
        TEST(the_old_one_stays_while_no_successor_says_hello),
        TEST(a_socket_goes_before_slack_ends_it),
        TEST(an_ack_goes_where_its_envelope_came_from),
        TEST(an_ack_is_never_too_large),
        TEST(stop_closes_all_and_delivers_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
