/* What changes between the submission and the release: at AWS, and in people's minds. */
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
    world_open(&w, "meanwhile", true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void order(const char *change_set)
{
    world_do(&w, "fault", json_pack("{s:s}", "change_set", change_set));
}

static void click(const char *user, const char *action)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), action);
}

static void request(void)
{
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
}

/* ${values}: taken. */
static void edit(json_t *values, const char *shown)
{
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    if (json_object_get(values, "eula") != NULL)
        world_more(&w, "U0SELLER");
    expect(&w, world_submit(&w, "U0SELLER", values) == NULL, "the change is taken");
    expect(&w, world_sees(&w, "C0APPROVALS", shown), "the card shows the new revision");
}

static size_t drafts(void)
{
    return json_object_size(json_object_get(json_object_get(world_state(&w), "market"), "offers"));
}

static bool market_shows(const char *text)
{
    return shows(json_object_get(w.state, "market"), text);
}

/* --- the draft --- */

static void test_draft_cancelled_in_the_console(void **state)
{
    (void)state;
    order("cancel");
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "U0SELLER", "cancelled in the AWS console"), "the requester is told");
    edit(json_object(), "revision 2"); /* as it was, sent again */
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "another draft is made");
    click("U0MIA", "approve");
    world_published_once(&w);
}

static void test_changes_requested_while_the_draft_is_made(void **state)
{
    (void)state;
    order("hold");
    world_request(&w, "Alpha", "25");
    click("U0MIA", "request_changes");
    expect(&w, world_form(&w, "U0MIA", "changes_form"), "a form asks for the reason");
    world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", "Make it 20"));
    expect(&w, world_sees(&w, "U0SELLER", "Make it 20"), "the requester is told");
    edit(json_pack("{s:s}", "markup", "20"), "revision 2");
    order("go_on");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    click("U0MIA", "approve");
    world_published_once(&w);
    expect(&w, drafts() == 1 && market_shows("\"MarkupPercentage\":\"20\""),
           "the one draft holds what was approved");
}

/* A EULA cannot be taken out of a draft again. */
static void test_back_to_the_authorized_eula(void **state)
{
    (void)state;
    request();
    edit(json_pack("{s:s}", "eula", "standard"), "revision 2");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    edit(json_pack("{s:s}", "eula", "as_authorized"), "revision 3");
    click("U0MIA", "approve");
    world_published_once(&w);
    expect(&w, drafts() == 2, "another draft was made, and the first is left");
}

static void test_approved_while_the_draft_is_made(void **state)
{
    (void)state;
    order("hold");
    world_request(&w, "Alpha", "25");
    click("U0MIA", "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "the release follows"), "the card says what is next");
    world_withdraw(&w, "U0SELLER", "CPPO-1");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Withdrawn*"), "it is not too late to withdraw");
    order("go_on");
    world_request(&w, "Beta", "25");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-2"), "approve");
    expect(&w, world_sees(&w, "C0OFFERS", "Beta is published"), "the next is published");
    expect(&w, released(w.state) == 1, "and it alone");
}

/* --- the authorization --- */

static void test_authorization_restricted_before_the_approval(void **state)
{
    (void)state;
    request();
    world_stop_bot(&w);
    world_do(&w, "market/authorization",
             json_pack("{s:s, s:s}", "id", "resaleauthz-bronze2024", "status", "Restricted"));
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is back");
    expect(&w, world_sees(&w, "C0APPROVALS", "restricted by the ISV"), "the card says so");
    click("U0MIA", "approve");
    expect(&w, world_hears(&w, "U0MIA", "CPPO-1 cannot be approved"), "they are told");
    expect(&w, world_hears(&w, "U0MIA", "restricted by the ISV"), "and why");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Waiting for approval*"), "it still waits");
}

static void test_authorization_restricted_after_the_approval(void **state)
{
    (void)state;
    request();
    world_do(&w, "market/authorization",
             json_pack("{s:s, s:s}", "id", "resaleauthz-bronze2024", "status", "Restricted"));
    click("U0MIA", "approve");
    expect(&w, world_sees(&w, "U0SELLER", "restricted by the ISV"), "the requester is told");
    expect(&w, world_sees(&w, "C0APPROVALS", "Publishing failed"), "the card says so");
    expect(&w, released(w.state) == 0, "nothing is released");
    expect(&w, shows(message_with(w.state, "C0APPROVALS", "CPPO-1"), "\"retry\""),
           "it can be tried again, should the ISV restore it");
}

/* --- reading back --- */

static bool is_read_back(const json_t *state, const void *unused)
{
    (void)unused;
    return shows(message_with(state, "C0APPROVALS", "CPPO-1"), "AWS computes the same price");
}

static void test_what_cannot_be_read_back_is_not_released(void **state)
{
    static const struct {
        const char *code, *words;
    } cases[] = {
        {"ResourceNotFoundException", "no longer knows the resale authorization"},
        {"ResourceNotSupportedException", "could not be read before the release"},
    };
    (void)state;
    request();
    expect(&w, world_wait(&w, is_read_back, NULL), "the draft was read");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_do(&w, "fault",
                 json_pack("{s:s, s:s, s:s}", "where", "aws", "method", "DescribeEntity", "error",
                           cases[i].code));
        click(i == 0 ? "U0MIA" : "U0SELLER", i == 0 ? "approve" : "retry");
        expect(&w, world_sees(&w, "U0SELLER", cases[i].words), "the requester is told what failed");
        expect(&w, world_sees(&w, "C0APPROVALS", cases[i].words), "on the card as well");
        expect(&w, released(w.state) == 0, "nothing is released");
    }
    click("U0SELLER", "retry");
    world_published_once(&w);
}

static void test_clock_ten_minutes_ahead(void **state)
{
    (void)state;
    world_do(&w, "market/clock", json_pack("{s:i}", "skew_ms", -600000));
    world_request(&w, "Alpha", "25");
    click("U0MIA", "approve");
    world_published_once(&w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_draft_cancelled_in_the_console),
        TEST(test_changes_requested_while_the_draft_is_made),
        TEST(test_back_to_the_authorized_eula),
        TEST(test_approved_while_the_draft_is_made),
        TEST(test_authorization_restricted_before_the_approval),
        TEST(test_authorization_restricted_after_the_approval),
        TEST(test_what_cannot_be_read_back_is_not_released),
        TEST(test_clock_ten_minutes_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
