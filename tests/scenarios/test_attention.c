/* Attention is a budget: who is called, how often, and where the answers appear. Counted as Slack
 * counts: a message calls whom it mentions, an edit calls nobody. */
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
    world_open(&w, "attention", true);
    return 0;
}

static int set_up_later(void **state)
{
    (void)state;
    world_open(&w, "attention", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

/* How often a message of ${channel} ("": any) called ${user}. */
static size_t calls(const char *user, const char *channel)
{
    size_t count = 0, i;
    long after = 0;
    json_t *entries = world_log_on(&w, &after);
    const json_t *entry;
    json_array_foreach(entries, i, entry)
    {
        count += strcmp(member(entry, "kind"), "slack.notice") == 0 &&
                 strcmp(member(entry, "user"), user) == 0 &&
                 (*channel == '\0' || strcmp(member(entry, "channel"), channel) == 0);
    }
    json_decref(entries);
    return count;
}

static void accept_all(void)
{
    const char *id;
    json_t *offer;
    json_object_foreach(json_object_get(json_object_get(world_state(&w), "market"), "offers"), id,
                        offer)
    {
        world_do(&w, "market/accept",
                 json_pack("{s:s, s:s}", "offer", id, "account", "123456789012"));
        break;
    }
}

static bool no_message_lies(const json_t *state, const void *about)
{
    const json_t *list = messages_in(state, "U0SELLER");
    (void)about;
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!shows(json_array_get(list, i), "Accepted by the buyer") ||
            shows(json_array_get(list, i), "\"withdraw\""))
            return false;
    }
    return true;
}

static bool has_two_cards(const json_t *state, const void *about)
{
    (void)about;
    return posts_in(state, "C0APPROVALS") == 2;
}

/* Received, published, sold; the approvers are asked once, and the announcement is one post. */
static void test_an_offer_that_goes_well(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "U0SELLER", "The approvers have it now"), "it is received");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
    expect(&w, world_sees(&w, "U0SELLER", "Your private offer"),
           "the requester has the buyer's text");
    accept_all();
    expect(&w, world_sees(&w, "C0OFFERS", "is sold"), "the announcement says that it is sold");
    expect(&w, world_sees(&w, "U0SELLER", "Accepted by the buyer"), "the requester hears of it");
    expect(&w, world_wait(&w, no_message_lies, NULL),
           "the earlier messages are brought to the present");
    expect(&w, json_array_size(messages_in(w.state, "U0SELLER")) == 3, "three direct messages");
    expect(&w, calls("U0SELLER", "") == 3, "and nothing else calls the requester");
    expect(&w, calls("U0MIA", "") == 1 && calls("U0MAX", "") == 1, "each approver is called once");
    expect(&w, json_array_size(messages_in(w.state, "C0OFFERS")) == 1, "it is announced once");
}

static void edit(const char *markup)
{
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", markup)) == NULL,
           "the change is taken");
}

/* An edit of the card would call nobody. */
static void expect_calls_when_it_comes_back(void)
{
    world_request(&w, "Alpha", "25");
    world_click(&w, "U0MAX", "C0APPROVALS", world_card(&w, "CPPO-1"), "request_changes");
    expect(&w, world_form(&w, "U0MAX", "changes_form"), "a form asks for the reason");
    world_submit(&w, "U0MAX", json_pack("{s:s}", "reason", "Make it 20"));
    expect(&w, world_sees(&w, "U0SELLER", "Make it 20"), "the requester hears why");
    edit("20");
    expect(&w, world_reads_reply(&w, "C0APPROVALS", "was sent again (revision 2)"),
           "a reply below the card says so");
    expect(&w, calls("U0MAX", "C0APPROVALS") == 2 && calls("U0MIA", "C0APPROVALS") == 2,
           "and mentions the approvers once more");
    expect(&w, calls("U0SELLER", "C0APPROVALS") == 0, "and not the requester");
}

static void test_an_offer_that_comes_back_calls_the_approvers(void **state)
{
    (void)state;
    expect_calls_when_it_comes_back();
}

/* Whom the card mentions need not follow its thread, and a mention beside blocks need call nobody:
 * each reply calls by itself, in its blocks. */
static void test_each_reply_calls_by_itself(void **state)
{
    (void)state;
    world_do(
        &w, "slack",
        json_pack("{s:s, s:s}", "root_mention", "does_not_follow", "text_beside_blocks", "silent"));
    expect_calls_when_it_comes_back();
}

static void test_a_missing_vote_calls_the_others(void **state)
{
    (void)state;
    world_replace(&w, "needed: 1", "needed: 2");
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    world_request(&w, "Alpha", "25");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_reads_reply(&w, "C0APPROVALS", "has 1 of 2 approvals; 1 more needed"),
           "a reply below the card says whose is missing");
    expect(&w, calls("U0MAX", "C0APPROVALS") == 2, "and calls the other");
    world_click(&w, "U0MAX", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
}

static void test_a_failure_calls_the_approvers(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "cancel"));
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_reads_reply(&w, "C0APPROVALS", "could not be published"), "a reply says so");
    expect(&w, calls("U0MIA", "C0APPROVALS") == 2, "and mentions the approvers");
}

/* Nobody is told that the approvers have what Slack would not have posted. */
static void test_the_approvers_do_not_have_it_yet(void **state)
{
    (void)state;
    world_do(&w, "channel", json_pack("{s:s, s:b}", "channel", "C0APPROVALS", "bot_member", 0));
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "U0SELLER", "I cannot reach the approvers yet"),
           "the requester is told the truth");
    expect(&w, message_with(w.state, "U0SELLER", "The approvers have it now") == NULL,
           "and nothing else");
    expect(&w, world_sees(&w, "C0OPERATORS", "I cannot post the card of CPPO-1"),
           "the operators are told");
}

/* Where the bot is not a member, and Slack has a fault of its own there. */
static void test_answers_where_the_bot_is_not(void **state)
{
    (void)state;
    world_do(&w, "slack", json_pack("{s:s}", "ephemeral_outside", "internal_error"));
    world_do(&w, "channel", json_pack("{s:s, s:b}", "channel", "C0DEALDESK", "bot_member", 0));
    world_command(&w, "U0SELLER", "/cppo");
    world_press(&w, "U0SELLER", "my_offers");
    expect(&w, world_hears(&w, "U0SELLER", "Your offers"), "the menu's buttons are answered there");
    world_command(&w, "U0OTTO", "/cppo show CPPO-1");
    expect(&w, world_hears(&w, "U0OTTO", "There is no CPPO-1"), "a command is answered there");
    expect(&w, json_array_size(messages_in(world_state(&w), "U0OTTO")) == 0,
           "and not by a message that lasts");
}

/* From a list to a decision, and to the card. */
static void test_a_manager_decides_from_the_list(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_command(&w, "U0MIA", "/cppo list");
    expect(&w, world_hears(&w, "U0MIA", "Your offers"), "once it is known who asks");
    world_press(&w, "U0MIA", "details");
    expect(&w, world_form(&w, "U0MIA", "details"), "the details open");
    const json_t *views = json_object_get(json_object_get(w.state, "views"), "U0MIA");
    expect(&w, shows(views, "\"approve\"") && shows(views, "\"reject\""), "with the decision");
    expect(&w, !shows(views, "\"withdraw\"") && !shows(views, "\"edit\""),
           "and without what they may not do");
    expect(&w, shows(views, "|Open its card>"), "and the way to the card");
    world_press_in_view(&w, "U0MIA", "approve", NULL);
    world_published_once(&w);
    const json_t *after = json_object_get(json_object_get(w.state, "views"), "U0MIA");
    expect(&w, !shows(after, "\"approve\"") && !shows(after, "*Waiting for approval*"),
           "the modal shows what came of it");
}

static bool is_rejected(const json_t *state, const void *about)
{
    return shows(message_with(state, "C0APPROVALS", about), "*Rejected*");
}

/* Without the way through the card or its details; what came of it is said beside the list. */
static void test_a_list_has_the_decision(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_command(&w, "U0MIA", "/cppo list");
    expect(&w, world_hears(&w, "U0MIA", "Your offers"), "once it is known who asks");
    world_press(&w, "U0MIA", "approve_again");
    expect(&w, world_form(&w, "U0MIA", "approve_form"), "a form shows all of it");
    expect(&w, shows(top_view(w.state, "U0MIA"), "A release cannot be undone."), "to the end");
    world_submit(&w, "U0MIA", json_object());
    expect(&w, world_hears(&w, "U0MIA", "Done. CPPO-1 is now"), "it is answered there");
    world_published_once(&w);
    world_request(&w, "Beta", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "Beta"), "the next one is shown");
    world_command(&w, "U0MIA", "/cppo list");
    expect(&w, world_hears(&w, "U0MIA", "Your offers"), "the list has it");
    world_press(&w, "U0MIA", "reject");
    expect(&w, world_form(&w, "U0MIA", "reject_form"), "a form asks for the reason");
    world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", "Not this year"));
    expect(&w, world_wait(&w, is_rejected, "Beta"), "it is rejected");
    expect(&w, world_hears(&w, "U0MIA", "Done. CPPO-2 is now"), "and that is said there, too");
}

/* The buttons of an app that is gone reach nobody. */
static void test_an_app_made_anew_posts_its_cards_again(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_stop_bot(&w);
    world_do(&w, "app", json_pack("{s:b}", "invited", 1));
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
    expect(&w, world_wait(&w, has_two_cards, NULL), "the card is posted again");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    expect(&w, world_sees(&w, "C0OFFERS", "is published"), "and its buttons work");
    expect(&w, released(w.state) == 1, "it is released once");
}

static void test_a_nudge_right_after_they_were_asked_waits(void **state)
{
    (void)state;
    world_request(&w, "Alpha", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "Waiting for approval"), "the card is there");
    world_command(&w, "U0SELLER", "/cppo nudge CPPO-1");
    expect(&w, world_hears(&w, "U0SELLER", "Nudge again from"), "it is said from when on");
    world_command(&w, "U0OTTO", "/cppo nudge CPPO-1");
    expect(&w, world_hears(&w, "U0OTTO", "Only <@U0SELLER>, who requested CPPO-1"),
           "it is not everybody's");
    expect(&w, calls("U0MIA", "C0APPROVALS") == 1, "nobody is asked twice in an hour");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define LATER(name) cmocka_unit_test_setup_teardown(name, set_up_later, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_offer_that_goes_well),
        TEST(test_an_offer_that_comes_back_calls_the_approvers),
        TEST(test_each_reply_calls_by_itself),
        LATER(test_a_missing_vote_calls_the_others),
        TEST(test_a_failure_calls_the_approvers),
        TEST(test_the_approvers_do_not_have_it_yet),
        TEST(test_a_nudge_right_after_they_were_asked_waits),
        TEST(test_answers_where_the_bot_is_not),
        TEST(test_a_manager_decides_from_the_list),
        TEST(test_a_list_has_the_decision),
        TEST(test_an_app_made_anew_posts_its_cards_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
