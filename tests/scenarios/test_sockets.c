/* The two sockets of the bot, and everything that Slack can do to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "sockets", true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

/* ${what}: the method of a fault; takes ${more}, further members, or NULL. */
static void order(const char *what, json_t *more)
{
    json_t *wish = json_pack("{s:s, s:s}", "where", "socket", "method", what);
    if (more != NULL)
        json_object_update_missing(wish, more);
    json_decref(more);
    world_do(&w, "fault", wish);
}

static void befall(const char *what, const char *sockets)
{
    order("now", json_pack("{s:s, s:s}", "error", what, "sockets", sockets));
}

static bool two_stand(const json_t *state, const void *about)
{
    (void)about;
    return json_integer_value(json_object_get(state, "sockets")) == 2;
}

static bool answers(void)
{
    return world_command(&w, "U0SELLER", "/cppo help") != NULL;
}

static void test_upgrades_that_are_refused(void **state)
{
    static const int statuses[] = {408, 409, 503};
    (void)state;
    for (size_t i = 0; i < 3; i++)
        order("upgrade", json_pack("{s:i}", "status", statuses[i]));
    order("upgrade", json_pack("{s:s}", "drop", "before"));
    befall("cut", "all");
    expect(&w, world_wait(&w, two_stand, NULL), "both sockets come back");
    expect(&w, answers(), "and people are answered");
}

static void test_a_click_that_a_ghost_got_is_clicked_again(void **state)
{
    const char *first;
    (void)state;
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    befall("ghost", "one");
    for (int i = 0; i < 3; i++) { /* one of three sockets is a ghost */
        first = world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "details");
        expect(&w, strcmp(first, "acked") == 0 || strcmp(first, "timeout") == 0,
               "a click is acknowledged, or lost");
    }
    for (int i = 0; i < 3; i++)
        world_click_late(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
}

static void test_acknowledgements_that_are_lost(void **state)
{
    (void)state;
    world_command(&w, "U0SELLER", "/cppo new");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_do(
        &w, "suggest",
        json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text", ""));
    order("ack", json_pack("{s:s}", "drop", "before"));
    for (int i = 0; i < 2; i++)
        world_submit(&w, "U0SELLER",
                     json_pack("{s:s, s:s, s:s, s:s}", "authorization", "resaleauthz-bronze2024",
                               "customer", "Alpha", "buyers", "123456789012", "markup", "25"));
    order("ack", json_pack("{s:s}", "drop", "before"));
    for (int i = 0; i < 2; i++)
        world_click_late(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
    expect(&w, message_with(world_state(&w), "C0APPROVALS", "CPPO-2") == NULL,
           "the second submission made no second offer");
}

/* The outcome of an envelope of this kind; ${payload} taken. */
static const char *outcome_of(const char *type, json_t *payload)
{
    static char outcome[40];
    json_t *answer =
        world_post(&w, "deliver", json_pack("{s:s, s:o}", "type", type, "payload", payload));
    snprintf(outcome, sizeof(outcome), "%s", member(answer, "outcome"));
    json_decref(answer);
    return outcome;
}

static void test_envelopes_that_nobody_foresaw(void **state)
{
    (void)state;
    expect(&w,
           strcmp(outcome_of("events_api",
                             json_pack("{s:s, s:s, s:i}", "type", "app_rate_limited", "team_id",
                                       "T0HOME", "minute_rate_limited", 1700000000)),
                  "acked") == 0,
           "a notice without an event is acknowledged");
    expect(&w, strcmp(outcome_of("tomorrows_kind", json_object()), "acked") == 0, "a new type too");
    expect(&w, strcmp(outcome_of("interactive", json_string("x")), "acked") == 0,
           "a payload that is no object too");
    expect(&w, strcmp(outcome_of("slash_commands", json_object()), "acked") == 0,
           "a command without anything too");
    expect(&w, answers(), "and people are answered");
}

/* The next payload holds ${body} where it held "oddity"; or it is ${pad} bytes longer. */
static void spoil(const char *body, int pad)
{
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:s, s:s*, s:i}", "where", "socket", "method", "payload",
                       "match", "oddity", "body", body, "pad", pad));
}

static const char *odd_command(void)
{
    json_t *answer = world_post(
        &w, "command", json_pack("{s:s, s:s}", "user", "U0SELLER", "text", "/cppo show oddity"));
    static char outcome[40];
    snprintf(outcome, sizeof(outcome), "%s", member(answer, "outcome"));
    json_decref(answer);
    return outcome;
}

static void test_payloads_that_nobody_writes(void **state)
{
    static const char *const odd[] = {"a\\u0000b", "\\ud800", "\\udc00\\ud800"};
    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        spoil(odd[i], 0);
        expect(&w, strcmp(odd_command(), "acked") == 0, odd[i]);
    }
    spoil(NULL, 300000);
    expect(&w, strcmp(odd_command(), "acked") == 0, "as long as a form may be");
    expect(&w, answers(), "and people are answered");
}

static void test_every_reason_to_go(void **state)
{
    static const char *const reasons[] = {"warning", "refresh_requested", "cut"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        befall(reasons[i], "one");
        expect(&w, answers(), "the other socket answers meanwhile");
        expect(&w, world_wait(&w, two_stand, NULL), "two sockets stand again");
    }
    expect(&w, count_in_log(&w, "complaint", NULL, NULL) == 0, "Slack has nothing to complain of");
}

static void test_it_stops_though_no_close_is_answered(void **state)
{
    (void)state;
    expect(&w, world_wait(&w, two_stand, NULL), "two sockets stand");
    order("close", json_pack("{s:s, s:i}", "drop", "before", "times", 10));
    expect(&w, world_stop_bot(&w) == 0, "it ends by itself, in order");
    expect(&w, count_in_log(&w, "socket.close", NULL, NULL) == 2, "both were closed properly");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_upgrades_that_are_refused),
        TEST(test_a_click_that_a_ghost_got_is_clicked_again),
        TEST(test_acknowledgements_that_are_lost),
        TEST(test_envelopes_that_nobody_foresaw),
        TEST(test_payloads_that_nobody_writes),
        TEST(test_every_reason_to_go),
        TEST(test_it_stops_though_no_close_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
