/* What managers, requesters and others can and cannot do with an offer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "decisions", true);
    return 0;
}

static int set_up_later(void **state)
{
    (void)state;
    world_open(&w, "decisions", false);
    return 0;
}

static void start(void)
{
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

static const char *click(const char *user, const char *action)
{
    return world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), action);
}

static void give_reason(const char *user, const char *form, const char *reason)
{
    expect(&w, world_form(&w, user, form), "a form asks for the reason");
    expect(&w, world_submit(&w, user, json_pack("{s:s}", "reason", reason)) == NULL,
           "the reason is taken");
}

static void test_reject(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    click("U0MIA", "reject");
    give_reason("U0MIA", "reject_form", "No budget this year");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Rejected*"), "the card says that it is rejected");
    expect(&w, world_sees(&w, "C0APPROVALS", "No budget this year"), "the card says why");
    expect(&w, world_sees(&w, "U0SELLER", "No budget this year"), "the requester hears why");
    expect(&w, !shows(message_with(w.state, "C0APPROVALS", "CPPO-1"), "\"approve\""),
           "the buttons of the decision are gone");
    expect(&w, released(w.state) == 0, "nothing is released");
}

static void test_reason_that_hides_is_refused(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    click("U0MIA", "reject");
    expect(&w, world_form(&w, "U0MIA", "reject_form"), "a form asks for the reason");
    const json_t *errors =
        world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", "fine \xE2\x80\xAE enif"));
    expect(&w, strstr(member(errors, "reason"), "U+202E") != NULL,
           "a reason that turns the direction of writing is not taken");
}

static void test_changes_and_resubmission(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    click("U0MAX", "request_changes");
    give_reason("U0MAX", "changes_form", "Make it 20 <!channel>");
    expect(&w, world_sees(&w, "U0SELLER", "Make it 20 &lt;!channel&gt;"),
           "the requester reads the remark as it was typed");
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens with what was typed");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "20")) == NULL,
           "the change is taken");
    expect(&w, world_sees(&w, "C0APPROVALS", "Markup: 25 % → 20 %"), "the card shows the change");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted the draft"), "AWS has the revision");
    click("U0MIA", "approve");
    expect(&w, world_sees(&w, "C0OFFERS", "is published"), "it is published");
    expect(&w, released(w.state) == 1, "it is released once");
}

static void test_old_revision_decides_nothing(void **state)
{
    (void)state;
    char old[100];
    world_request(&w, "Alpha", "25");
    snprintf(old, sizeof(old), "%s",
             world_button(&w, "C0APPROVALS", world_card(&w, "CPPO-1"), "approve"));
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "20"));
    expect(&w, world_sees(&w, "C0APPROVALS", "revision 2"), "the card shows revision 2");
    world_click_value(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve", old);
    expect(&w, world_hears(&w, "U0MIA", "has changed since"), "the manager is told");
    expect(&w, world_sees(&w, "C0APPROVALS", "Waiting for approval"), "it still waits");
}

static void refused(const char *user, const char *words)
{
    world_request(&w, "Alpha", "25");
    click(user, "approve");
    expect(&w, world_hears(&w, user, words), "they are told why not");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Waiting for approval*"), "it still waits");
    expect(&w, released(w.state) == 0, "nothing is released");
}

static void test_outsider_cannot_approve(void **state)
{
    (void)state;
    refused("U0OTTO", "not on the list of approvers");
}

static void test_guest_cannot_approve(void **state)
{
    (void)state;
    refused("U0GUS", "Guests cannot");
}

static void test_other_organisation_cannot_approve(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    click("U0INES", "approve");
    expect(&w, world_hears(&w, "U0INES", "our own organisation"), "they are told why not");
    expect(&w, released(world_state(&w)) == 0, "nothing is released");
}

static void test_requester_cannot_approve_his_own(void **state)
{
    (void)state;
    world_do(&w, "group",
             json_pack("{s:s, s:[s, s]}", "group", "S0MANAGERS", "users", "U0MIA", "U0SELLER"));
    start();
    refused("U0SELLER", "somebody else must decide");
}

static void test_second_click_releases_nothing_more(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    click("U0MIA", "approve");
    world_click_late(&w, "U0MAX", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_hears(&w, "U0MAX", "<@U0MIA>"), "the second manager is told who was first");
    expect(&w, world_sees(&w, "C0OFFERS", "is published"), "it is published");
    expect(&w, released(w.state) == 1, "it is released once");
    expect(&w, json_array_size(messages_in(w.state, "C0OFFERS")) == 1, "it is announced once");
}

static void test_withdraw(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    world_withdraw(&w, "U0SELLER", "CPPO-1");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Withdrawn*"), "the card says that it is withdrawn");
    world_withdraw(&w, "U0OTTO", "CPPO-1");
    expect(&w, world_hears(&w, "U0OTTO", "Only <@U0SELLER>"), "nobody else can");
    expect(&w, released(w.state) == 0, "nothing is released");
}

static void test_commands(void **state)
{
    (void)state;
    expect(&w, shows(world_command(&w, "U0SELLER", "/cppo"), "new_offer"), "the menu has buttons");
    expect(&w, shows(world_command(&w, "U0SELLER", "/cppo help"), "/cppo withdraw"), "help helps");
    expect(&w, shows(world_command(&w, "U0SELLER", "/cppo lsit"), "/cppo list"),
           "a slip gets the nearest command");
    expect(&w, shows(world_command(&w, "U0SELLER", "/cppo list"), "No offers yet"),
           "an empty list says so");
    expect(&w, shows(world_command(&w, "U0SELLER", "/cppo show"), "CPPO-12"),
           "show without a number says how");
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    expect(&w, shows(world_command(&w, "U0SELLER", "/cppo list"), "CPPO-1"), "the list has it");
    world_command(&w, "U0SELLER", "/cppo show CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "details"), "show shows it");
}

static void test_prefilled_form(void **state)
{
    (void)state;
    world_command(&w, "U0SELLER", "/cppo new markup=30 customer=“Example Corp” colour=red");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    const json_t *views = json_object_get(json_object_get(w.state, "views"), "U0SELLER");
    expect(&w, shows(views, "Example Corp") && shows(views, "\"30\""), "it is filled in");
    expect(&w, shows(views, "colour"), "what it did not understand is said");
}

static void test_form_sent_again(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    json_t *again =
        world_post(&w, "submit", json_pack("{s:s, s:b}", "user", "U0SELLER", "repeat", 1));
    expect(&w, strcmp(member(again, "outcome"), "acked") == 0, "the same form has the same answer");
    json_decref(again);
    expect(&w, message_with(world_state(&w), "C0APPROVALS", "CPPO-2") == NULL,
           "and makes no offer");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define LATER(name) cmocka_unit_test_setup_teardown(name, set_up_later, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reject),
        TEST(test_reason_that_hides_is_refused),
        TEST(test_changes_and_resubmission),
        TEST(test_old_revision_decides_nothing),
        TEST(test_outsider_cannot_approve),
        TEST(test_guest_cannot_approve),
        TEST(test_other_organisation_cannot_approve),
        LATER(test_requester_cannot_approve_his_own),
        TEST(test_second_click_releases_nothing_more),
        TEST(test_withdraw),
        TEST(test_commands),
        TEST(test_prefilled_form),
        TEST(test_form_sent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
