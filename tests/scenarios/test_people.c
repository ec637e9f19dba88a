/* People and groups come and go while offers wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "people", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

static void start(void)
{
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
}

/* What was read before is of an age that nobody knows. */
static void start_again(void)
{
    world_kill_bot(&w);
    start();
}

static void approve(const char *user)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
}

static void test_a_group_that_is_gone(void **state)
{
    (void)state;
    start();
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "group", json_pack("{s:s, s:b}", "group", "S0MANAGERS", "gone", 1));
    start_again();
    approve("U0MIA");
    expect(&w, world_hears(&w, "U0MIA", "S0MANAGERS: there is no such user group"),
           "they are told the true reason");
    expect(&w, world_sees(&w, "C0OPERATORS", "S0MANAGERS"), "the operators are told");
    expect(&w, released(world_state(&w)) == 0, "nothing is released");
    world_do(&w, "group", json_pack("{s:s, s:[s]}", "group", "S0MANAGERS", "users", "U0MIA"));
    start_again();
    approve("U0MIA");
    world_published_once(&w);
}

static void test_who_is_not_shown(void **state)
{
    (void)state;
    start();
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "user", json_pack("{s:s, s:s}", "user", "U0MIA", "unseen", "user_not_visible"));
    approve("U0MIA");
    expect(&w, world_hears(&w, "U0MIA", "user_not_visible"), "they are told so at once");
    approve("U0MAX");
    world_published_once(&w);
}

static void test_who_has_left_by_the_last_vote(void **state)
{
    (void)state;
    world_replace(&w, "needed: 1", "needed: 2");
    start();
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    approve("U0MAX");
    expect(&w, world_hears(&w, "U0MAX", "recorded: 1 of 2"), "the first counts");
    world_do(&w, "user", json_pack("{s:s, s:b}", "user", "U0MAX", "deleted", 1));
    start_again();
    approve("U0MIA");
    expect(&w, world_hears(&w, "U0MIA", "recorded: 1 of 2"), "theirs is the first again");
    expect(&w, world_sees(&w, "C0APPROVALS", "their account was deactivated"), "the card says why");
    expect(&w, released(world_state(&w)) == 0, "nothing is released");
    world_do(&w, "user", json_pack("{s:s, s:b}", "user", "U0MAX", "deleted", 0));
    start_again();
    approve("U0MAX");
    world_published_once(&w);
}

static void test_an_operator_takes_over(void **state)
{
    (void)state;
    start();
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    world_do(&w, "user", json_pack("{s:s, s:b}", "user", "U0SELLER", "deleted", 1));
    world_command(&w, "U0OLGA", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0OLGA", "offer_form"), "the form opens for them");
    world_submit(&w, "U0OLGA", json_pack("{s:s}", "markup", "20"));
    expect(&w, world_sees(&w, "C0APPROVALS", "requested by olga"), "they ask for it now");
    approve("U0MIA");
    world_published_once(&w);
}

/* What the former requester has says so, with no button that would be refused. */
static void test_messages_go_to_who_took_over(void **state)
{
    (void)state;
    start();
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "U0SELLER", "The approvers have it now"), "Sam is told");
    world_command(&w, "U0OLGA", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0OLGA", "offer_form"), "the form opens for the operator");
    world_submit(&w, "U0OLGA", json_pack("{s:s}", "markup", "20"));
    expect(&w, world_sees(&w, "U0OLGA", "The approvers have it now"), "they have it from then on");
    expect(&w, world_sees(&w, "U0SELLER", "was taken over by olga, who gets its messages now"),
           "Sam's message says where it went");
    approve("U0MIA");
    world_published_once(&w);
    expect(&w, world_sees(&w, "U0OLGA", "Send the buyer the text below"), "as does the rest");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_group_that_is_gone),          TEST(test_who_is_not_shown),
        TEST(test_who_has_left_by_the_last_vote), TEST(test_an_operator_takes_over),
        TEST(test_messages_go_to_who_took_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
