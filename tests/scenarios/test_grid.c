/* An Enterprise Grid: whatever ids and teams Slack names people by, the same people count. */
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
    world_open(&w, "grid", false);
    world_do(&w, "slack", json_pack("{s:s}", "grid", "on"));
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

static void approve(const char *user)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
}

static void managers(const char *one, const char *other)
{
    world_do(&w, "group", json_pack("{s:s, s:[s, s]}", "group", "S0MANAGERS", "users", one, other));
}

/* Slack names people so: a manager's approval counts, and nobody else's does. */
static void expect_sale(const char *team, const char *answered, const char *listed,
                        const char *clicked)
{
    world_do(&w, "slack",
             json_pack("{s:s, s:s, s:s, s:s}", "user_team", team, "user_id", answered, "list_ids",
                       listed, "click_ids", clicked));
    start();
    world_request(&w, "Alpha", "25");
    approve("U0OTTO");
    expect(&w, world_hears(&w, "U0OTTO", "approvers"), "they are on no list");
    approve("U0MIA");
    world_published_once(&w);
}

static void test_no_team(void **state)
{
    (void)state;
    expect_sale("absent", "as_asked", "U", "U");
}

static void test_a_team_that_is_null(void **state)
{
    (void)state;
    expect_sale("null", "as_asked", "U", "U");
}

static void test_no_team_and_the_other_ids(void **state)
{
    (void)state;
    expect_sale("absent", "the_other", "W", "U");
}

static void test_the_sisters_team(void **state)
{
    (void)state;
    expect_sale("sister", "as_asked", "W", "W");
}

static void test_the_sisters_team_and_the_other_ids(void **state)
{
    (void)state;
    expect_sale("sister", "the_other", "U", "W");
}

static void test_the_requester_by_the_other_id(void **state)
{
    (void)state;
    managers("U0SELLER", "U0MIA");
    start();
    world_request(&w, "Alpha", "25");
    world_do(&w, "slack", json_pack("{s:s}", "click_ids", "W"));
    approve("U0SELLER");
    expect(&w, world_hears(&w, "U0SELLER", "somebody else must decide"),
           "who asks does not decide, by whatever id");
    expect(&w, released(world_state(&w)) == 0, "nothing is released");
    approve("U0MIA");
    world_published_once(&w);
}

static void test_people_of_the_sister(void **state)
{
    (void)state;
    managers("U0SUE", "U0MIA");
    start();
    world_request(&w, "Alpha", "25");
    approve("U0SUE");
    expect(&w, world_hears(&w, "U0SUE", "another workspace"), "their workspace is not ours");
    expect(&w, released(world_state(&w)) == 0, "nothing is released");
}

static void test_guests_of_the_sister(void **state)
{
    (void)state;
    world_replace(&w, "people:\n", "people:\n  teams:\n    - T0SISTER\n");
    managers("U0GIL", "U0SUE");
    start();
    world_request(&w, "Alpha", "25");
    approve("U0GIL");
    expect(&w, world_hears(&w, "U0GIL", "uest"), "a guest is a guest, whosever");
    expect(&w, released(world_state(&w)) == 0, "nothing is released");
    approve("U0SUE");
    world_published_once(&w);
}

/* Slack need not say of people of the sister who is a guest: nobody of them gets in by its silence.
 */
static void test_guests_that_slack_does_not_tell(void **state)
{
    (void)state;
    world_replace(&w, "people:\n", "people:\n  teams:\n    - T0SISTER\n");
    world_do(&w, "slack", json_pack("{s:s}", "sister_flags", "absent"));
    world_do(
        &w, "group",
        json_pack("{s:s, s:[s, s, s]}", "group", "S0MANAGERS", "users", "U0GIL", "U0SUE", "U0MIA"));
    world_check(&w, 1, "sue (U0SUE): Slack does not say whether you are a guest");
    start();
    world_request(&w, "Alpha", "25");
    approve("U0GIL");
    expect(&w, world_hears(&w, "U0GIL", "does not say whether you are a guest"),
           "who may be a guest is taken for one");
    approve("U0SUE");
    expect(&w, world_hears(&w, "U0SUE", "does not say whether you are a guest"), "any of them");
    expect(&w, released(world_state(&w)) == 0, "nothing is released");
    approve("U0MIA");
    world_published_once(&w);
}

/* Approvers named by either id, one by both; the channel lists them by ${ids}. */
static void check_with(const char *ids)
{
    world_do(&w, "slack", json_pack("{s:s}", "list_ids", ids));
    const char *said = world_check(&w, 0, "No problems found.");
    expect(&w, strstr(said, "part of an Enterprise Grid") != NULL, "that there is a grid is said");
    expect(&w, strstr(said, "any 1 of 2 people") != NULL, "a person counts once");
    expect(&w, strstr(said, "in the channel") == NULL, "and is found in the channel");
}

static void test_check_knows_people_by_either_id(void **state)
{
    (void)state;
    world_replace(&w, "    groups:\n      - S0MANAGERS\n",
                  "    users:\n      - U0MIA\n      - W0MAX\n      - W0MIA\n");
    check_with("U");
    check_with("W");
    world_do(&w, "channel",
             json_pack("{s:s, s:[s, s]}", "channel", "C0APPROVALS", "members", "U0MIA", "U0GUS"));
    world_check(&w, 0, "not in the channel, so not told of new offers: W0MAX");
    world_do(&w, "channel",
             json_pack("{s:s, s:[s]}", "channel", "C0APPROVALS", "members", "U0GUS"));
    world_check(&w, 1, "no approver is in the channel: invite U0MIA, W0MAX");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_no_team),
        TEST(test_a_team_that_is_null),
        TEST(test_no_team_and_the_other_ids),
        TEST(test_the_sisters_team),
        TEST(test_the_sisters_team_and_the_other_ids),
        TEST(test_the_requester_by_the_other_id),
        TEST(test_people_of_the_sister),
        TEST(test_guests_of_the_sister),
        TEST(test_guests_that_slack_does_not_tell),
        TEST(test_check_knows_people_by_either_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
