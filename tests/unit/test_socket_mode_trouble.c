/* Socket Mode when something is wrong: trying again, silence, ghosts. */
#include "socket_mode_fixture.h"

/* --- trying again --- */

static void trying_again_slows_down(void **state)
{
    (void)state;
    static const int64_t longest[] = {0, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000};
    for (int most = 0; most < 2; most++) {
        set_up(state);
        begin(1);
        for (size_t i = 0; i < COUNT(longest); i++) {
            fake.random = most ? (uint32_t)longest[i] / 2 : 0; /* jitter: half of it to all */
            connect_one(fake.last);                            /* connecting alone resets nothing */
            socket_mode_down(fake.mode, fake.last, "refused");
            assert_int_equal(longest[i] == 0 ? 0 : wait_for_ask(),
                             most ? longest[i] : longest[i] / 2);
        }
        bring_up(fake.last); /* hello does */
        socket_mode_down(fake.mode, fake.last, "lost");
        assert_int_equal(fake.asked, COUNT(longest) + 2); /* at once */
        fake.random = 0;
        connect_one(fake.last);
        socket_mode_down(fake.mode, fake.last, "lost");
        assert_int_equal(wait_for_ask(), 250);
        tear_down(state);
    }
    begin(1);
}

static void what_cannot_be_connected_is_tried_again(void **state)
{
    (void)state;
    begin(1);
    fake.unconnectable = true;
    socket_mode_address(fake.mode, 1, "u");
    socket_mode_address(fake.mode, 2, "u");
    expect("ask 1\nconnect 1 u\nask 2\nconnect 2 u\n");
    assert_int_equal(wait_for_ask(), 250);
}

static void retry_after_is_obeyed(void **state)
{
    (void)state;
    begin(1);
    socket_mode_no_address(fake.mode, 1, "ratelimited", false, 7000);
    expect("ask 1\n");
    assert_int_equal(wait_for_ask(), 7000);
    socket_mode_no_address(fake.mode, 2, "ratelimited", false, 1); /* the longer one counts */
    assert_int_equal(wait_for_ask(), 250);
    socket_mode_no_address(fake.mode, 3, "ratelimited", false, 600000);
    socket_mode_no_address(fake.mode, 3, "twice", true, -1); /* answered already */
    expect("");
    assert_int_equal(wait_for_ask(), 600000);
}

/* Slack's limit is on the method: the other socket does not ask either, nor one that is replaced.
 */
static void retry_after_holds_every_socket(void **state)
{
    (void)state;
    fake.alive_until = 9;
    begin(2);
    bring_up(1);
    advance(1000);
    expect("ask 1\nconnect 1 u\nhello 1\nask 2\n");
    socket_mode_no_address(fake.mode, 2, "ratelimited", false, 8000);
    disconnect(1, "refresh_requested");
    advance(7999);
    expect("");
    assert_int_equal(socket_mode_usable(fake.mode), 1); /* it serves on */
    advance(1);
    expect("ask 3\nask 4\n");
}

/* The first tries come soon: old sockets of ours may be what is too many. */
static void too_many_sockets_wait_longer_each_time(void **state)
{
    static const int64_t waits[] = {10000, 10000, 30000, 60000, 120000, 240000, 480000, 480000};
    (void)state;
    for (int most = 0; most < 2; most++) {
        set_up(state);
        begin(1);
        for (size_t i = 0; i < COUNT(waits); i++) {
            fake.random = most ? (uint32_t)waits[i] / 4 : 0;
            connect_one(fake.last);
            disconnect(fake.last, "too_many_websockets");
            socket_mode_down(fake.mode, fake.last, "closed");
            assert_int_equal(wait_for_ask(), most ? waits[i] * 5 / 4 : waits[i]);
        }
        tear_down(state);
    }
    begin(1);
}

static void a_lasting_trouble_is_told_once_and_waits(void **state)
{
    (void)state;
    begin(1);
    socket_mode_no_address(fake.mode, 1, "network", false, -1);
    expect("ask 1\nask 2\n");
    socket_mode_no_address(fake.mode, 2, "invalid_auth", true, 1000);
    expect("alarm\n");
    assert_int_equal(wait_for_ask(), 300000);
    socket_mode_no_address(fake.mode, 3, "invalid_auth", true, -1);
    expect("");
    assert_int_equal(wait_for_ask(), 300000);
    bring_up(4);
    socket_mode_down(fake.mode, 4, "lost");
    expect("connect 4 u\nhello 4\nask 5\n");
    socket_mode_no_address(fake.mode, 5, "invalid_auth", true, -1);
    expect("alarm\n"); /* it had been well in between */
}

static void slack_refuses(void **state)
{
    (void)state;
    one_up();
    disconnect(1, "link_disabled");
    expect("alarm\nclose 1\n");
    socket_mode_down(fake.mode, 1, "closed");
    assert_int_equal(wait_for_ask(), 300000);
    connect_one(2);
    disconnect(2, "too_many_websockets"); /* instead of a hello */
    expect("connect 2 u\nalarm\nclose 2\n");
    socket_mode_down(fake.mode, 2, "closed");
    assert_int_equal(wait_for_ask(), 10000);
    connect_one(3);
    disconnect(3, "refresh_requested"); /* before hello: nothing to keep */
    expect("connect 3 u\nclose 3\n");
    bring_up(wait_for_ask() > 0 ? 4 : 0);
    disconnect(4, "");
    text(4, "{\"type\":\"disconnect\"}");
    expect("connect 4 u\nhello 4\nask 5\n"); /* an unknown reason: replaced */
}

/* It comes back with every try, for days; operators hear of it once an hour. */
static void what_comes_back_with_every_try_is_told_once_an_hour(void **state)
{
    static const char *const reasons[] = {"too_many_websockets", "link_disabled"};
    (void)state;
    for (size_t i = 0; i < COUNT(reasons); i++) {
        size_t told = 0;
        set_up(state);
        begin(1);
        while (fake.now < 1000000 + 2 * 3600000 + 1800000) {
            uint64_t serial = fake.last;
            connect_one(serial);
            disconnect(serial, reasons[i]);
            told += strstr(text_get(&fake.told), "alarm") != NULL;
            socket_mode_down(fake.mode, serial, "closed");
            wait_for_ask();
        }
        assert_int_equal(told, 3);
        tear_down(state);
    }
    begin(1);
}

/* One that was replaced already needs no other successor, whatever Slack says to it. */
static void a_retiring_socket_is_refused(void **state)
{
    (void)state;
    one_up();
    disconnect(1, "refresh_requested");
    bring_up(2);
    expect("ask 2\nconnect 2 u\nhello 2\n");
    disconnect(1, "too_many_websockets");
    expect("alarm\nclose 1\n");
    socket_mode_down(fake.mode, 1, "closed");
    fake.now += 600000;
    socket_mode_alive(fake.mode, 2);
    socket_mode_tick(fake.mode);
    expect("ping 2\n");
}

/* An address that never comes is not waited for, though no other timer is set. */
static void a_question_has_its_time(void **state)
{
    (void)state;
    begin(1);
    expect("ask 1\n");
    assert_true(fake.wake < fake.now + 60000);
    fake.now = fake.wake;
    socket_mode_tick(fake.mode);
    assert_true(wait_for_ask() > 0);
    socket_mode_stop(fake.mode);
    assert_true(fake.wake == INT64_MAX);
}

static void old_ones_that_do_not_end_are_not_piled_up(void **state)
{
    (void)state;
    begin(1);
    for (int i = 0; i < 500; i++) {
        connect_one(fake.last);
        advance(5000); /* no hello: closed, but `down` never follows */
    }
    assert_int_equal(fake.asked, 12);
    socket_mode_down(fake.mode, 1, "at last");
    advance(120000);
    assert_true(fake.asked > 12);
}

/* --- silence --- */

/* Its successor comes first: what is under way on it may still arrive. */
static void a_silent_socket_is_pinged_then_replaced_then_closed(void **state)
{
    (void)state;
    one_up();
    advance(9999);
    expect("");
    advance(1);
    expect("ping 1\n");
    advance(4999);
    expect("");
    advance(1);
    expect("ask 2\n");
    assert_int_equal(socket_mode_usable(fake.mode), 0);
    assert_int_equal(socket_mode_ack(fake.mode, 1, "x", NULL), 0);
    bring_up(2);
    fake.alive_until = 0;
    text_clear(&fake.told);
    for (int i = 0; i < 15; i++) {
        advance(999); /* longer than a healthy one lingers */
        socket_mode_pong(fake.mode, 2);
    }
    expect("ping 1\nping 2\n");
    advance(15);
    expect("close 1\n");
    assert_int_equal(socket_mode_ack(fake.mode, 1, "x", NULL), -1);
    socket_mode_down(fake.mode, 1, "closed");
    assert_int_equal(fake.asked, 2);
}

/* It was only slow: what it had to say is taken, and it goes in peace. */
static void a_silent_socket_that_is_heard_again_serves_until_it_is_replaced(void **state)
{
    (void)state;
    one_up();
    advance(15000);
    expect("ping 1\nask 2\n");
    advance(2000);
    text(1, "{\"envelope_id\":\"late\"}");
    socket_mode_pong(fake.mode, 1);
    assert_int_equal(socket_mode_usable(fake.mode), 1);
    assert_int_equal(socket_mode_ack(fake.mode, 1, "late", NULL), 0);
    bring_up(2);
    fake.alive_until = 2;
    text_clear(&fake.told);
    advance(11999);
    assert_null(strstr(text_get(&fake.told), "close"));
    advance(1);
    assert_non_null(strstr(text_get(&fake.told), "close 1"));
    assert_int_equal(fake.asked, 2);
}

static void a_socket_that_is_heard_stays(void **state)
{
    (void)state;
    one_up();
    advance(14999);
    socket_mode_pong(fake.mode, 1);
    advance(14999);
    expect("ping 1\nping 1\n");
    advance(1);
    expect("ask 2\n");
}

/* What people do arrives, and what is answered does not. */
static void a_socket_that_does_not_hear_us_is_replaced(void **state)
{
    (void)state;
    one_up();
    advance(9999);
    for (int i = 0; i < 15; i++) {
        advance(1000);
        socket_mode_alive(fake.mode, 1);
    }
    expect("ping 1\nping 1\n");
    advance(1);
    expect("ask 2\n");
    for (int i = 0; i < 15; i++) {
        advance(1000);
        socket_mode_alive(fake.mode, 1);
    }
    assert_int_equal(socket_mode_usable(fake.mode), 0);
    assert_non_null(strstr(text_get(&fake.told), "close 1"));
}

/* --- ghosts --- */

static void hello_counting(int64_t count)
{
    char frame[80];
    connect_one(fake.last);
    snprintf(frame, sizeof(frame), "{\"type\":\"hello\",\"num_connections\":%d}", (int)count);
    text(fake.last, frame);
}

static void ghosts_are_told_after_a_while(void **state)
{
    (void)state;
    static const struct {
        int64_t after, counted;
        bool alarm;
    } rows[] = {
        {0, 2, false},     {119999, 2, false}, {1, 2, true},  {60000, 9, false}, /* told */
        {60000, 1, false},                                                       /* well again */
        {1, 2, false},     {60000, 2, false},  {1, 1, false}, {119999, 2, false}, {120000, 2, true},
    };
    begin(1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        fake.now += rows[i].after; /* without a tick: nobody gives up in between */
        text_clear(&fake.told);
        hello_counting(rows[i].counted);
        bool alarm = strstr(text_get(&fake.told), "alarm") != NULL;
        if (alarm != rows[i].alarm)
            fail_msg("row %zu: alarm %d", i, alarm);
        disconnect(fake.last, "warning"); /* the next one is asked for at once */
        socket_mode_down(fake.mode, fake.last - 1, "gone");
    }
}

/* A socket that fell silent is closed in vain: Slack goes on counting it, and it is noticed before
 * our side has closed it; two minutes later Slack is asked again. */
static void a_dead_socket_is_looked_for_again(void **state)
{
    (void)state;
    one_up();
    fake.alive_until = 0;
    advance(15000);
    expect("ping 1\nask 2\n");
    hello_counting(2); /* the dead one, and this one */
    int64_t heard = fake.now;
    for (int i = 0; i < 15; i++) {
        advance(1000);
        socket_mode_pong(fake.mode, 2);
    }
    assert_non_null(strstr(text_get(&fake.told), "close 1"));
    socket_mode_down(fake.mode, 1, "closed");
    fake.alive_until = 9;
    text_clear(&fake.told);
    advance(heard + 119999 - fake.now);
    assert_null(strstr(text_get(&fake.told), "ask"));
    text_clear(&fake.told);
    advance(1);
    assert_non_null(strstr(text_get(&fake.told), "ask 3"));
    assert_null(strstr(text_get(&fake.told), "close 2"));
    hello_counting(3);
    assert_non_null(strstr(text_get(&fake.told), "alarm"));
}

static void a_dead_socket_that_is_gone_is_not_told(void **state)
{
    (void)state;
    one_up();
    advance(15000);
    hello_counting(2);
    socket_mode_down(fake.mode, 1, "closed");
    fake.alive_until = 9;
    advance(120000);
    hello_counting(2); /* this one, and the one that it replaces */
    assert_null(strstr(text_get(&fake.told), "alarm"));
    advance(600000);
    assert_int_equal(fake.asked, 3); /* and it rests */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(trying_again_slows_down),
        TEST(what_cannot_be_connected_is_tried_again),
        TEST(retry_after_is_obeyed),
        TEST(retry_after_holds_every_socket),
        TEST(too_many_sockets_wait_longer_each_time),
        TEST(a_lasting_trouble_is_told_once_and_waits),
        TEST(slack_refuses),
        TEST(what_comes_back_with_every_try_is_told_once_an_hour),
        TEST(a_retiring_socket_is_refused),
        TEST(a_question_has_its_time),
        TEST(old_ones_that_do_not_end_are_not_piled_up),
        TEST(a_silent_socket_is_pinged_then_replaced_then_closed),
        TEST(a_silent_socket_that_is_heard_again_serves_until_it_is_replaced),
        TEST(a_socket_that_is_heard_stays),
        TEST(a_socket_that_does_not_hear_us_is_replaced),
        TEST(ghosts_are_told_after_a_while),
        TEST(a_dead_socket_is_looked_for_again),
        TEST(a_dead_socket_that_is_gone_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
