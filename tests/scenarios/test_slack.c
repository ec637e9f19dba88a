/* Bad days of Slack: calls that fail, acks and answers that are lost, channels that are shut. */
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
    world_open(&w, "slack", true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    expect(&w, json_array_size(json_object_get(world_state(&w), "faults")) == 0,
           "all went wrong that should");
    world_close(&w);
    return 0;
}

/* The next calls of ${method} that hold ${match} are answered with 429, 500, "ok": false, and not
 * at all. */
static void all_goes_wrong(const char *method, const char *match)
{
    static const char *const ways[][2] = {
        {"retry_after", NULL}, {"status", NULL}, {"error", "internal_error"}, {"drop", "before"}};
    static const int numbers[] = {1, 500};
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        json_t *value = ways[i][1] != NULL ? json_string(ways[i][1]) : json_integer(numbers[i]);
        world_do(&w, "fault",
                 json_pack("{s:s, s:s, s:s, s:o}", "where", "slack", "method", method, "match",
                           match, ways[i][0], value));
    }
}

static void click(const char *user, const char *action)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), action);
}

/* Where they acted. */
static void try_again(const char *user, const char *action)
{
    expect(&w, world_hears(&w, user, "could not be opened"), "the person can try again");
    expect(&w, strcmp(world_press(&w, user, action), "acked") == 0, "and does");
}

static const json_t *form_of(const char *user)
{
    return json_object_get(json_object_get(world_state(&w), "views"), user);
}

/* --- calls --- */

static void test_what_is_told_is_told_in_the_end(void **state)
{
    (void)state;
    all_goes_wrong("chat.postMessage", "The approvers have it now");
    world_do(
        &w, "fault",
        json_pack("{s:s, s:s, s:s}", "where", "slack", "method", "users.info", "drop", "before"));
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "U0SELLER", "Waiting for approval"), "the requester is told");
}

static void test_card_shows_the_truth_in_the_end(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    all_goes_wrong("chat.update", "");
    click("U0MIA", "approve");
    world_published_once(&w);
}

static void test_judging_waits_for_slack(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    all_goes_wrong("users.info", "U0MIA");
    click("U0MIA", "approve");
    world_published_once(&w);
}

/* --- forms that do not open --- */

static void views_do_not_open(const char *code)
{
    world_do(&w, "fault",
             json_pack("{s:s, s:s, s:s}", "where", "slack", "method", "views.open", "error", code));
}

static void test_new_offer_can_be_tried_again(void **state)
{
    (void)state;
    views_do_not_open("internal_error");
    world_command(&w, "U0SELLER", "/cppo new markup=31 customer=\"Alpha & Sons\"");
    try_again("U0SELLER", "new_offer");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, shows(form_of("U0SELLER"), "\"31\"") && shows(form_of("U0SELLER"), "Alpha & Sons"),
           "what was typed is not lost");
}

static void test_edit_can_be_tried_again(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    views_do_not_open("expired_trigger_id");
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    try_again("U0SELLER", "edit");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, shows(form_of("U0SELLER"), "Edit CPPO-1"), "for the same offer");
}

static void test_rejection_can_be_tried_again(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    views_do_not_open("expired_trigger_id");
    click("U0MIA", "reject");
    try_again("U0MIA", "reject");
    expect(&w, world_form(&w, "U0MIA", "reject_form"), "the form opens");
    world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", "No budget"));
    expect(&w, world_sees(&w, "C0APPROVALS", "*Rejected*"), "it is rejected");
}

/* --- acks that are lost --- */

/* The form was taken, but the person does not see that: Slack keeps it open. */
static void submit_without_ack(void)
{
    world_command(&w, "U0SELLER", "/cppo new");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_do(
        &w, "suggest",
        json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text", ""));
    world_do(&w, "submit",
             json_pack("{s:s, s:b, s:{s:s, s:s, s:s}}", "user", "U0SELLER", "drop_ack", 1, "values",
                       "authorization", "resaleauthz-bronze2024", "customer", "Alpha", "buyers",
                       "123456789012"));
    world_card(&w, "CPPO-1");
    expect(&w, form_open(world_state(&w), "U0SELLER", "offer_form"), "it is still open");
}

static void test_form_sent_again_after_a_lost_ack(void **state)
{
    (void)state;
    submit_without_ack();
    expect(&w, world_submit(&w, "U0SELLER", json_object()) == NULL, "the same is taken");
    expect(&w, !form_open(world_state(&w), "U0SELLER", "offer_form"), "the form closes");
    expect(&w, json_array_size(messages_in(w.state, "C0APPROVALS")) == 1, "there is one offer");
}

static void test_other_content_after_a_lost_ack(void **state)
{
    (void)state;
    submit_without_ack();
    const json_t *errors = world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "30"));
    expect(&w, strstr(member(errors, "note"), "CPPO-1 was already created from this form") != NULL,
           "they are told that it was made already");
    expect(&w, strstr(member(errors, "note"), "/cppo edit CPPO-1") != NULL, "and how to change it");
    expect(&w, json_array_size(messages_in(world_state(&w), "C0APPROVALS")) == 1,
           "there is one offer");
    expect(&w, shows(messages_in(w.state, "C0APPROVALS"), "25 %"), "with its first content");
}

static void test_approval_without_ack_counts(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    world_do(&w, "click",
             json_pack("{s:s, s:s, s:s, s:s, s:b}", "user", "U0MIA", "channel", "C0APPROVALS", "ts",
                       world_card(&w, "CPPO-1"), "action_id", "approve", "drop_ack", 1));
    world_published_once(&w);
}

/* --- channels --- */

static void test_announcement_finds_no_channel(void **state)
{
    (void)state;
    world_do(&w, "channel", json_pack("{s:s, s:b}", "channel", "C0OFFERS", "archived", 1));
    world_request(&w, "Alpha", "25");
    click("U0MIA", "approve");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Published*"), "it is published all the same");
    expect(&w, world_sees(&w, "U0SELLER", "Send the buyer the text"), "the requester has the link");
    expect(&w, world_sees(&w, "C0OPERATORS", "announcement of CPPO-1"), "the operators are told");
}

/* The reason took long to type. */
static void test_reason_for_an_old_revision_comes_back(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    click("U0MIA", "reject");
    expect(&w, world_form(&w, "U0MIA", "reject_form"), "a form asks for the reason");
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "20"));
    expect(&w, world_sees(&w, "C0APPROVALS", "revision 2"), "the card shows revision 2");
    world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", "25 is too much"));
    expect(&w, world_hears(&w, "U0MIA", "has changed since"), "they are told, beside the card");
    const json_t *whispers = json_object_get(json_object_get(w.state, "ephemerals"), "U0MIA");
    expect(&w, shows(json_array_get(whispers, json_array_size(whispers) - 1), "25 is too much"),
           "and what they typed is not lost");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Waiting for approval*"), "nothing was decided");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_told_is_told_in_the_end),
        TEST(test_card_shows_the_truth_in_the_end),
        TEST(test_judging_waits_for_slack),
        TEST(test_new_offer_can_be_tried_again),
        TEST(test_edit_can_be_tried_again),
        TEST(test_rejection_can_be_tried_again),
        TEST(test_form_sent_again_after_a_lost_ack),
        TEST(test_other_content_after_a_lost_ack),
        TEST(test_approval_without_ack_counts),
        TEST(test_announcement_finds_no_channel),
        TEST(test_reason_for_an_old_revision_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
