/* Who counts: approvals by several, at the same moment, twice, from elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "approvals", false);
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

static void managers(const char *one, const char *other)
{
    world_do(&w, "group", json_pack("{s:s, s:[s, s]}", "group", "S0MANAGERS", "users", one, other));
}

static void request(void)
{
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
}

static void click(const char *user, const char *action)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), action);
}

static void edit_markup(const char *markup)
{
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", markup)) == NULL,
           "the change is taken");
}

static void still_waits(void)
{
    expect(&w, world_sees(&w, "C0APPROVALS", "*Waiting for approval*"), "it still waits");
    expect(&w, released(w.state) == 0, "nothing is released");
}

/* --- two are needed --- */

static void test_two_must_approve(void **state)
{
    (void)state;
    world_replace(&w, "needed: 1", "needed: 2");
    start();
    request();
    expect(&w, world_sees(&w, "C0APPROVALS", "2 approvals are needed"), "the card says how many");
    click("U0MIA", "approve");
    expect(&w, world_hears(&w, "U0MIA", "is recorded: 1 of 2"), "the first counts");
    expect(&w, world_sees(&w, "C0APPROVALS", "Approved by <@U0MIA>"), "the card shows who did");
    click("U0MIA", "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    still_waits(); /* nobody counts twice */
    click("U0MAX", "approve");
    world_published_once(&w);
}

static void test_new_revision_needs_both_again(void **state)
{
    (void)state;
    world_replace(&w, "needed: 1", "needed: 2");
    start();
    request();
    click("U0MIA", "approve");
    expect(&w, world_hears(&w, "U0MIA", "is recorded: 1 of 2"), "the first counts");
    edit_markup("20");
    expect(&w, world_sees(&w, "C0APPROVALS", "revision 2"), "the card shows revision 2");
    expect(&w, !shows(message_with(w.state, "C0APPROVALS", "CPPO-1"), "Approved by"),
           "what was approved is gone with the old content");
    click("U0MAX", "approve");
    expect(&w, world_hears(&w, "U0MAX", "is recorded: 1 of 2"), "they are the first again");
    still_waits();
    click("U0MIA", "approve");
    world_published_once(&w);
}

static void test_one_rejection_is_enough(void **state)
{
    (void)state;
    world_replace(&w, "needed: 1", "needed: 2");
    start();
    request();
    click("U0MIA", "approve");
    expect(&w, world_hears(&w, "U0MIA", "is recorded: 1 of 2"), "the first counts");
    click("U0MAX", "reject");
    expect(&w, world_form(&w, "U0MAX", "reject_form"), "a form asks for the reason");
    world_submit(&w, "U0MAX", json_pack("{s:s}", "reason", "No budget"));
    expect(&w, world_sees(&w, "C0APPROVALS", "*Rejected*"), "it is rejected");
    expect(&w, released(w.state) == 0, "nothing is released");
}

/* --- at the same moment --- */

static bool one_is_told(const json_t *state, const void *unused)
{
    (void)unused;
    bool mia = strstr(last_whisper(state, "U0MIA"), "already approved CPPO-1") != NULL;
    bool max = strstr(last_whisper(state, "U0MAX"), "already approved CPPO-1") != NULL;
    return mia != max;
}

static void test_two_managers_at_once(void **state)
{
    int status = 0;
    (void)state;
    start();
    request();
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    const char *ts = world_card(&w, "CPPO-1");
    pid_t other = fork();
    if (other == 0) {
        world_click_late(&w, "U0MAX", "C0APPROVALS", ts, "approve");
        _exit(0);
    }
    world_click_late(&w, "U0MIA", "C0APPROVALS", ts, "approve");
    waitpid(other, &status, 0);
    expect(&w, world_wait(&w, one_is_told, NULL), "exactly one hears that the other was first");
    world_published_once(&w);
}

static void test_double_click(void **state)
{
    (void)state;
    start();
    request();
    const char *ts = world_card(&w, "CPPO-1");
    world_click_late(&w, "U0MIA", "C0APPROVALS", ts, "approve");
    world_click_late(&w, "U0MIA", "C0APPROVALS", ts, "approve");
    world_published_once(&w);
    expect(&w, *last_whisper(w.state, "U0MIA") == '\0', "a second click needs no word");
}

/* --- who does not count --- */

static void test_guest_on_the_list(void **state)
{
    (void)state;
    managers("U0GUS", "U0MIA");
    start();
    request();
    click("U0GUS", "approve");
    expect(&w, world_hears(&w, "U0GUS", "Guests cannot"), "they are told why not");
    still_waits();
}

static void test_outsider_rejects_nothing(void **state)
{
    (void)state;
    start();
    request();
    click("U0OTTO", "reject");
    expect(&w, world_form(&w, "U0OTTO", "reject_form"), "nobody knows them yet: the form opens");
    world_submit(&w, "U0OTTO", json_pack("{s:s}", "reason", "I do not like it"));
    expect(&w, world_hears(&w, "U0OTTO", "not on the list of approvers"),
           "they are told why not, where they pressed the button");
    still_waits();
    click("U0OTTO", "request_changes");
    expect(&w, world_hears(&w, "U0OTTO", "not on the list of approvers"), "now at once");
    click("U0OTTO", "withdraw");
    expect(&w, world_hears(&w, "U0OTTO", "Only <@U0SELLER>"), "nor can they withdraw it");
    click("U0OTTO", "details");
    expect(&w, world_hears(&w, "U0OTTO", "Only the requester, approvers and operators"),
           "nor see more of it");
    still_waits();
}

static void test_configured_organisation_counts(void **state)
{
    (void)state;
    managers("U0INES", "U0MIA");
    world_replace(&w, "people:\n", "people:\n  teams:\n    - T0ISV\n");
    world_check(&w, 0, "T0ISV: Slack does not say who is a guest in another organisation");
    start();
    request();
    click("U0INES", "approve");
    world_published_once(&w);
}

static void test_other_organisation_on_the_list(void **state)
{
    (void)state;
    managers("U0INES", "U0MIA");
    start();
    request();
    click("U0INES", "approve");
    expect(&w, world_hears(&w, "U0INES", "our own organisation"), "they are told why not");
    still_waits();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_must_approve),
        TEST(test_new_revision_needs_both_again),
        TEST(test_one_rejection_is_enough),
        TEST(test_two_managers_at_once),
        TEST(test_double_click),
        TEST(test_guest_on_the_list),
        TEST(test_outsider_rejects_nothing),
        TEST(test_configured_organisation_counts),
        TEST(test_other_organisation_on_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
