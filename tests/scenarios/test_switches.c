/* What Slack's documents leave open: the bot is right whichever way the sandbox's switches stand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "driver.h"
#include "text.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "switches", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

static void turn(const char *name, const char *position)
{
    world_do(&w, "slack", json_pack("{s:s}", name, position));
}

/* The bot starts, and an offer waits whose draft AWS has accepted. */
static void offer_waits(void)
{
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    expect(&w, world_sees(&w, "U0SELLER", "The approvers have it now"), "the requester is told");
}

static void approve(const char *user)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
}

/* --- the group of approvers --- */

/* `check` says ${checked}; who is in the group approves and hears ${heard}, and nothing comes of
 * it. */
static void expect_nobody(const char *checked, const char *heard)
{
    world_check(&w, 1, checked);
    offer_waits();
    approve("U0MIA");
    expect(&w, world_hears(&w, "U0MIA", heard), "they are told the true reason");
    expect(&w, released(world_state(&w)) == 0, "nothing is released");
}

static void expect_operators(const char *words)
{
    expect(&w, world_sees(&w, "C0OPERATORS", words), "the operators are told");
}

static void disable(const char *position)
{
    world_do(&w, "group", json_pack("{s:s, s:b}", "group", "S0MANAGERS", "disabled", 1));
    turn("disabled_group", position);
}

static void test_a_disabled_group_that_is_none(void **state)
{
    (void)state;
    disable("no_such_subteam");
    expect_nobody("user group S0MANAGERS: there is no such user group",
                  "S0MANAGERS: there is no such user group");
    expect_operators("S0MANAGERS: there is no such user group");
}

static void test_a_disabled_group_that_is_empty(void **state)
{
    (void)state;
    disable("empty");
    expect_nobody("user group S0MANAGERS has no members", "not on the list of approvers");
}

/* Whom Slack names as a member is one. */
static void test_a_disabled_group_that_is_listed(void **state)
{
    (void)state;
    disable("listed");
    world_check(&w, 0, "user group S0MANAGERS: 2 people");
    offer_waits();
    approve("U0OTTO");
    expect(&w, world_hears(&w, "U0OTTO", "not on the list of approvers"), "others are none");
    approve("U0MIA");
    world_published_once(&w);
}

static void test_a_plan_without_groups(void **state)
{
    (void)state;
    turn("plan", "free");
    expect_nobody("user group S0MANAGERS: user groups need a paid plan",
                  "S0MANAGERS: user groups need a paid plan");
    expect_operators("S0MANAGERS: user groups need a paid plan");
}

/* --- messages --- */

/* Each state that matters is posted anew, a card that is right stays, and the old ones are dead. */
static void test_messages_that_cannot_be_edited(void **state)
{
    enum { MOST_CARDS = 4 }; /* waiting, approved, publishing, published */
    char old[40];
    (void)state;
    offer_waits();
    text_fit(old, sizeof(old), world_card(&w, "CPPO-1"));
    turn("edits", "edit_window_closed");
    approve("U0MIA");
    expect(&w, world_sees(&w, "C0OFFERS", "is published"), "it is published");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Published*"), "the newest card says so");
    world_click(&w, "U0MAX", "C0APPROVALS", old, "approve");
    expect(&w, world_hears(&w, "U0MAX", "CPPO-1 has a newer card"), "an old one is told to be");
    world_kill_bot(&w);
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot starts again");
    world_command(&w, "U0SELLER", "/cppo show CPPO-9");
    expect(&w, world_hears(&w, "U0SELLER", "There is no CPPO-9"), "and answers");
    expect(&w, posts_in(w.state, "C0APPROVALS") <= MOST_CARDS, "what says how it stands is left");
    expect(&w, shows(message_with(w.state, "C0APPROVALS", "CPPO-1"), "*Published*"),
           "the newest is right");
    expect(&w, released(w.state) == 1, "it is released once");
    expect(&w, json_array_size(messages_in(w.state, "C0OFFERS")) == 1, "and announced once");
    expect(&w, json_array_size(messages_in(w.state, "C0OPERATORS")) == 0, "nobody is alarmed");
}

static void publish_without_the_requester(const char *position)
{
    offer_waits();
    turn("deactivated", position);
    world_do(&w, "user", json_pack("{s:s, s:b}", "user", "U0SELLER", "deleted", 1));
    approve("U0MIA");
    world_published_once(&w);
}

static void test_a_requester_who_left_and_cannot_be_told(void **state)
{
    (void)state;
    publish_without_the_requester("user_disabled");
    expect_operators("who requested CPPO-1, how it goes: the person's account was deactivated");
}

static void test_a_requester_who_left_and_hears_nothing(void **state)
{
    (void)state;
    publish_without_the_requester("taken");
    expect(&w, world_sees(&w, "U0SELLER", "Send the buyer the text below"), "Slack takes it");
    expect(&w, json_array_size(messages_in(w.state, "C0OPERATORS")) == 0, "nobody is alarmed");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_disabled_group_that_is_none),
        TEST(test_a_disabled_group_that_is_empty),
        TEST(test_a_disabled_group_that_is_listed),
        TEST(test_a_plan_without_groups),
        TEST(test_messages_that_cannot_be_edited),
        TEST(test_a_requester_who_left_and_cannot_be_told),
        TEST(test_a_requester_who_left_and_hears_nothing),
    };
    return cmocka_run_group_tests_name("switches", tests, NULL, NULL);
}
