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
    expect(&w, count_in_log(&w, "complaint", NULL, NULL) == 0, "Slack has nothing to complain of");
    world_close(&w);
    return 0;
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
