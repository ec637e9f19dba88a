/* What people type after /cppo, and what they are told of their offers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"
#include "text.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "commands", true);
    return 0;
}

/* Phones and screen readers show the text alone. */
static void each_has_a_text(const json_t *messages)
{
    for (size_t i = 0; i < json_array_size(messages); i++)
        expect(&w, *member(json_array_get(messages, i), "text") != '\0',
               "every message has a text beside its blocks");
}

static int tear_down(void **state)
{
    const json_t *all = world_state(&w);
    const char *user;
    json_t *list;
    size_t i;
    (void)state;
    json_array_foreach(json_object_get(all, "channels"), i, list)
    {
        each_has_a_text(json_object_get(list, "messages"));
    }
    json_array_foreach(json_object_get(all, "dms"), i, list)
    {
        each_has_a_text(json_object_get(list, "messages"));
    }
    json_object_foreach(json_object_get(all, "ephemerals"), user, list)
    {
        each_has_a_text(list);
    }
    return world_tear_down(&w);
}

static void answers(const char *user, const char *typed, const char *words)
{
    char message[300];
    snprintf(message, sizeof(message), "“%s” is answered with “%s”", typed, words);
    expect(&w, shows(world_command(&w, user, typed), words), message);
}

/* Press a button of the newest message that only ${user} sees. */
static void press(const char *user, const char *action)
{
    expect(&w, strcmp(world_press(&w, user, action), "acked") == 0, "the button is answered");
}

static const json_t *modal_of(const char *user)
{
    return json_object_get(json_object_get(world_state(&w), "views"), user);
}

static void sees_details(const char *user, const char *words)
{
    expect(&w, world_form(&w, user, "details"), "the details open");
    expect(&w, shows(modal_of(user), words), words);
}

static void request(const char *customer)
{
    world_request(&w, customer, "25");
    world_card(&w, customer);
}

static void edit(const char *field, const char *value)
{
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, world_submit(&w, "U0SELLER", json_pack("{s:s}", field, value)) == NULL,
           "the change is taken");
}

static void decide(const char *action, const char *form, const char *reason)
{
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), action);
    expect(&w, world_form(&w, "U0MIA", form), "a form asks for the reason");
    expect(&w, world_submit(&w, "U0MIA", json_pack("{s:s}", "reason", reason)) == NULL,
           "the reason is taken");
}

/* --- the menu --- */

static void test_menu(void **state)
{
    (void)state;
    answers("U0SELLER", "/cppo", "My offers");
    expect(&w, !shows(world_command(&w, "U0SELLER", "/cppo   "), "pending_offers"),
           "nothing waits, and no button says so");
    press("U0SELLER", "new_offer");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "New offer opens the form");
    request("Alpha");
    answers("U0SELLER", "/cppo", "My offers waiting (1)");
    press("U0SELLER", "my_offers");
    expect(&w, world_hears(&w, "U0SELLER", "Your offers: 1"), "My offers lists them");
    answers("U0MIA", "/cppo", "Waiting for approval (1)");
    press("U0MIA", "pending_offers");
    expect(&w, world_hears(&w, "U0MIA", "Waiting for approval: 1"), "a manager sees what waits");
    const json_t *list = json_object_get(json_object_get(w.state, "ephemerals"), "U0MIA");
    expect(&w, json_array_size(list) == 1, "in the place of the menu");
    press("U0MIA", "details");
    sees_details("U0MIA", "CPPO-1");
}

/* A manager who was never seen is looked up first: a guest may stand in a group, too. */
static void test_list(void **state)
{
    (void)state;
    world_command(&w, "U0MIA", "/cppo list");
    expect(&w, world_hears(&w, "U0MIA", "Your offers"), "they are answered all the same");
    answers("U0MIA", "/cppo list", "No offers yet");
    request("Alpha");
    request("Beta");
    answers("U0SELLER", "/cppo list", "Beta");
    answers("U0SELLER", "/cppo  LIST", "Alpha");
    answers("U0MIA", "/cppo list", "Waiting for approval");
    answers("U0MIA", "/cppo list", "Alpha");
    expect(&w, !shows(world_command(&w, "U0OTTO", "/cppo list"), "Alpha"),
           "others do not see whose offers there are");
}

/* More than one message shows: what is looked for is found, and pages take each other's place. */
static void test_lists_are_found_and_turned(void **state)
{
    (void)state;
    request("Müller Søn");
    for (int i = 0; i < 20; i++)
        world_request(&w, "Acme Corp", "25");
    world_card(&w, "CPPO-21");
    answers("U0SELLER", "/cppo search muller", "Müller Søn");
    answers("U0SELLER", "/cppo list age:<1h customer:acme state=pending", "CPPO-21");
    answers("U0SELLER", "/cppo list stat:pending", "Did you mean state:pending?");
    answers("U0SELLER", "/cppo mine state:failed", "No offers like this");
    answers("U0SELLER", "/cppo mine", "The newest 20 of 21.");
    expect(&w, !shows(world_command(&w, "U0SELLER", "/cppo mine"), "Müller"),
           "the oldest is not there");
    press("U0SELLER", "list_on");
    expect(&w, world_hears(&w, "U0SELLER", "Your offers: 21"), "the next page comes");
    const json_t *list =
        json_object_get(json_object_get(world_state(&w), "ephemerals"), "U0SELLER");
    const json_t *page = json_array_get(list, json_array_size(list) - 1);
    expect(&w, shows(page, "Müller") && !shows(page, "Acme"), "in the place of the first");
    press("U0SELLER", "list_back");
    press("U0SELLER", "details");
    sees_details("U0SELLER", "CPPO-21");
}

static void test_show(void **state)
{
    (void)state;
    request("Alpha");
    answers("U0SELLER", "/cppo show", "Type /cppo show CPPO-12");
    answers("U0SELLER", "/cppo show the first", "Type /cppo show CPPO-12");
    world_command(&w, "U0SELLER", "/cppo show 1");
    sees_details("U0SELLER", "Alpha");
    world_command(&w, "U0OLGA", "/cppo show cppo-1");
    sees_details("U0OLGA", "sent it for approval");
    world_command(&w, "U0OTTO", "/cppo show CPPO-1");
    expect(&w, world_hears(&w, "U0OTTO", "Only the requester, approvers and operators"),
           "others do not");
    world_command(&w, "U0SELLER", "/cppo show CPPO-9");
    expect(&w, world_hears(&w, "U0SELLER", "There is no CPPO-9. /cppo list shows yours."),
           "one that is not there");
}

static void test_help_and_slips(void **state)
{
    static const char *const commands[] = {"/cppo new",  "/cppo list",     "/cppo show",
                                           "/cppo edit", "/cppo withdraw", "/cppo help"};
    (void)state;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        answers("U0SELLER", "/cppo help", commands[i]);
    answers("U0SELLER", "/cppo nwe", "Did you mean `/cppo new`");
    /* Slack and phones put other spaces and hyphens into what people type. */
    answers("U0SELLER", "/cppo help\u00A0", "/cppo new");
    answers("U0SELLER", "/cppo \u200B*HELP*", "/cppo new");
    answers("U0SELLER", "/cppo withdrw CPPO-1", "Did you mean `/cppo withdraw`");
    answers("U0SELLER", "/cppo ediit", "Did you mean `/cppo edit`");
    answers("U0SELLER", "/cppo <!channel>", "What you can type");
    expect(&w, !shows(world_command(&w, "U0SELLER", "/cppo <!channel>"), "<!channel>"),
           "what was typed mentions nobody");
}

static void test_edit(void **state)
{
    (void)state;
    answers("U0SELLER", "/cppo edit", "Type /cppo edit CPPO-12");
    answers("U0SELLER", "/cppo edit CPPO-7", "There is no CPPO-7");
    request("Alpha");
    world_command(&w, "U0OTTO",
                  "/cppo edit CPPO-1"); /* nobody has seen them yet: looked up first */
    expect(&w, world_hears(&w, "U0OTTO", "Only <@U0SELLER>"), "they are told who can");
    answers("U0OTTO", "/cppo edit CPPO-1", "Only <@U0SELLER>");
    decide("request_changes", "changes_form", "Take 20 <!here>");
    expect(&w, world_sees(&w, "U0SELLER", "Take 20 &lt;!here&gt;"), "they are told");
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    const json_t *views = json_object_get(json_object_get(w.state, "views"), "U0SELLER");
    expect(&w, shows(views, "<@U0MIA>") && shows(views, "Take 20 &lt;!here&gt;"),
           "the remark stands on top, and who made it");
    expect(&w, shows(views, "Alpha") && shows(views, "123456789012"), "what was typed is there");
}

static void test_withdraw(void **state)
{
    (void)state;
    answers("U0SELLER", "/cppo withdraw", "Type /cppo withdraw CPPO-12");
    world_command(&w, "U0SELLER", "/cppo withdraw CPPO-3");
    expect(&w, world_hears(&w, "U0SELLER", "There is no CPPO-3"), "one that is not there");
    request("Alpha");
    world_command(&w, "U0SELLER", "/cppo withdraw CPPO-1");
    press("U0SELLER", "keep");
    expect(&w, world_hears(&w, "U0SELLER", "Nothing was changed"), "it asks before it acts");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Waiting for approval*"), "and does nothing");
    world_withdraw(&w, "U0SELLER", "CPPO-1");
    expect(&w, world_hears(&w, "U0SELLER", "CPPO-1 is withdrawn"), "it is answered there");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Withdrawn*"), "the card says so");
    world_command(&w, "U0SELLER", "/cppo withdraw CPPO-1");
    expect(&w, world_hears(&w, "U0SELLER", "can no longer be withdrawn"), "once is enough");
    answers("U0SELLER", "/cppo edit CPPO-1", "can no longer be edited");
}

/* --- what the requester hears --- */

static void hears(const char *words)
{
    char message[200];
    snprintf(message, sizeof(message), "the requester is told “%s”", words);
    expect(&w, world_sees(&w, "U0SELLER", words), message);
}

static void test_requester_hears_what_became_of_it(void **state)
{
    (void)state;
    request("Alpha");
    hears("CPPO-1 for Alpha: Waiting for approval (revision 1)");
    decide("request_changes", "changes_form", "Take 20 please");
    hears("CPPO-1 for Alpha: Changes requested (revision 1): Take 20 please");
    edit("markup", "20");
    hears("CPPO-1 for Alpha: Waiting for approval (revision 2)");
    expect(&w, world_sees(&w, "C0APPROVALS", "AWS has accepted"), "the draft is ready");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "cancel"));
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    hears("CPPO-1 for Alpha: Publishing failed (revision 2): ");
    hears("was cancelled in the AWS console");
    world_click(&w, "U0SELLER", "C0APPROVALS", world_card(&w, "CPPO-1"), "retry");
    hears("CPPO-1 for Alpha: Published (revision 2)");
    hears("Send the buyer the text");
    world_published_once(&w);
}

static void test_requester_hears_of_the_end(void **state)
{
    (void)state;
    request("Alpha");
    decide("reject", "reject_form", "Not this year");
    hears("CPPO-1 for Alpha: Rejected (revision 1): Not this year");
    request("Beta");
    world_withdraw(&w, "U0SELLER", "CPPO-2");
    hears("CPPO-2 for Beta: Withdrawn (revision 1)");
    world_do(&w, "fault",
             json_pack("{s:s, s:s}", "change_set", "fail", "code", "INVALID_BUYER_ACCOUNTS"));
    world_request(&w, "Gamma", "25");
    hears("CPPO-3 for Gamma: AWS needs a change (revision 1): ");
}

/* What the form holds after this command, and what stands above it. */
static void opens_with(const char *command, const char *text)
{
    world_command(&w, "U0SELLER", command);
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    expect(&w, shows(top_view(world_state(&w), "U0SELLER"), text), text);
    world_do(&w, "close", json_pack("{s:s}", "user", "U0SELLER"));
}

static void test_new_with_fields(void **state)
{
    (void)state;
    opens_with("/cppo new customer=Acme Corp markup=30", "I took “Acme Corp” as customer");
    opens_with("/cppo new Markup = 31,5", "31,5");
    opens_with("/cppo new buyer=123456789012", "Did you mean buyers?");
    opens_with("/cppo new eula=none", "“none” is not an EULA I know; write eula=as_authorized");
    opens_with("/cppo new accept_by=tomorrow", "“tomorrow” is not a date I can read");
    opens_with("/cppo new authorization=partner-sub", "resaleauthz-bronze2024"); /* a part of it */
    opens_with("/cppo new authorization=zzz",
               "“zzz” is not the name of exactly one usable resale authorization");
}

/* As people say it: in any order, without keys. */
static void test_new_in_plain_words(void **state)
{
    static const char line[] = "/cppo new Acme & Sons 31.5% 1111-2222-3333, 444455556666 3 years";
    static const char *const seen[] = {"Acme & Sons", "31.5", "1111-2222-3333, 444455556666",
                                       "P1095D"};
    (void)state;
    for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
        opens_with(line, seen[i]);
    opens_with("/cppo new 2027-02-28 Acme", "2027-02-28");
    opens_with("/cppo new 25 Acme", "I could not read “25”");
}

/* A message that a person wrote; its ts. */
static const char *said(const char *channel, const char *text, char ts[40])
{
    json_t *answer =
        world_post(&w, "post",
                   json_pack("{s:s, s:s, s:s}", "channel", channel, "user", "U0MAX", "text", text));
    text_fit(ts, 40, member(answer, "ts"));
    json_decref(answer);
    return ts;
}

/* The sandbox shows those that the app is made with. */
static void test_shortcuts_are_those_of_the_manifest(void **state)
{
    json_error_t error;
    size_t i;
    json_t *one;
    (void)state;
    json_t *manifest = json_load_file("manifest.json", 0, &error);
    const json_t *made = json_object_get(json_object_get(manifest, "features"), "shortcuts");
    const json_t *shown = json_object_get(world_state(&w), "shortcuts");
    expect(&w, json_array_size(made) > 0 && json_array_size(made) == json_array_size(shown),
           "there are as many");
    json_array_foreach(shown, i, one)
    {
        json_t *same = json_copy(json_array_get(made, i));
        json_object_del(same, "description");
        expect(&w, json_equal(one, same), member(one, "name"));
        json_decref(same);
    }
    json_decref(manifest);
}

static void test_shortcuts_open_the_form(void **state)
{
    char ts[40];
    (void)state;
    expect(&w, strcmp(world_shortcut(&w, "U0SELLER", "new_offer", NULL, NULL), "acked") == 0,
           "the shortcut is answered");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_do(&w, "close", json_pack("{s:s}", "user", "U0SELLER"));
    said("C0DEALDESK", "<@U0SELLER> Acme wants it at 31.5% for 1111-2222-3333 &amp; soon", ts);
    world_shortcut(&w, "U0SELLER", "offer_of_message", "C0DEALDESK", ts);
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens from a message, too");
    const json_t *form = top_view(world_state(&w), "U0SELLER");
    expect(&w, shows(form, "31.5") && shows(form, "1111-2222-3333"), "with the figures in it");
    expect(&w, shows(form, "@U0SELLER Acme wants it at 31.5% for 1111-2222-3333 & soon"),
           "and all of it as the note");
}

/* Where no channel is, they hear by direct message; else beside the message. */
static void test_shortcuts_are_not_for_everybody(void **state)
{
    char ts[40];
    (void)state;
    world_shortcut(&w, "U0GUS", "new_offer", NULL, NULL);
    expect(&w, world_sees(&w, "U0GUS", "Guests cannot"), "a guest is told why not");
    world_shortcut(&w, "U0GUS", "offer_of_message", "C0DEALDESK", said("C0DEALDESK", "25%", ts));
    expect(&w, world_hears(&w, "U0GUS", "Guests cannot"), "beside a message as well");
    expect(&w, top_view(world_state(&w), "U0GUS") == NULL, "and no form opens");
}

static void test_announcement(void **state)
{
    (void)state;
    world_command(&w, "U0SELLER", "/cppo new markup=31.5 note=\"cheap for 2 years\"");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_do(
        &w, "suggest",
        json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text", ""));
    expect(&w,
           world_submit(&w, "U0SELLER",
                        json_pack("{s:s, s:s, s:s}", "authorization", "resaleauthz-bronze2024",
                                  "customer", "Alpha", "buyers", "123456789012")) == NULL,
           "what was filled in by the command is taken");
    world_card(&w, "cheap for 2 years");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "CPPO-1"), "approve");
    world_published_once(&w);
    const json_t *told = message_with(w.state, "C0OFFERS", "is published");
    const char *id = "";
    json_t *offer;
    json_object_foreach(json_object_get(json_object_get(w.state, "market"), "offers"), id, offer)
    {
        break;
    }
    expect(&w, shows(told, "https://") && shows(told, id), "it has the buyer's link");
    expect(&w, shows(told, "Alpha") && shows(told, "123456789012"), "it says for whom");
    expect(&w, !shows(told, "31.5") && !shows(told, "arkup"), "nothing of the markup");
    const json_t *blocks = json_object_get(told, "blocks"); /* a message's moment may hold 0.0 */
    expect(&w, blocks != NULL && !shows(blocks, "holesale") && !shows(blocks, "0.0"),
           "nor of any price");
    expect(&w, !shows(told, "cheap for 2 years"), "nor the note");
}

/* --- who may not request --- */

struct refusal {
    const char *user, *words;
};

static bool is_refused(const json_t *seen, const void *about)
{
    const struct refusal *who = about;
    (void)seen;
    return shows(world_command(&w, who->user, "/cppo new"), who->words);
}

/* Slack opens a form within three seconds or never: it opens before the bot knows who they are, and
 * offers them nothing to choose once it does. */
static void sees_no_offers(const char *user, const char *words)
{
    struct refusal who = {user, words};
    expect(&w, world_wait(&w, is_refused, &who), "they are told that it is refused");
    world_do(&w, "suggest",
             json_pack("{s:s, s:s, s:s}", "user", user, "block_id", "authorization", "text", ""));
    const json_t *views = json_object_get(json_object_get(world_state(&w), "views"), user);
    expect(&w, !shows(views, "resaleauthz"), "no authorization is shown to them");
    world_do(&w, "submit",
             json_pack("{s:s, s:{s:s, s:s}}", "user", user, "values", "customer", "Alpha", "buyers",
                       "123456789012"));
    expect(&w, json_array_size(messages_in(world_state(&w), "C0APPROVALS")) == 0,
           "no manager is asked");
}

static void test_guest_requests_nothing(void **state)
{
    (void)state;
    sees_no_offers("U0GUS", "Guests cannot do this");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_menu),
        TEST(test_list),
        TEST(test_lists_are_found_and_turned),
        TEST(test_show),
        TEST(test_help_and_slips),
        TEST(test_edit),
        TEST(test_withdraw),
        TEST(test_requester_hears_what_became_of_it),
        TEST(test_requester_hears_of_the_end),
        TEST(test_new_with_fields),
        TEST(test_new_in_plain_words),
        TEST(test_shortcuts_are_those_of_the_manifest),
        TEST(test_shortcuts_open_the_form),
        TEST(test_shortcuts_are_not_for_everybody),
        TEST(test_announcement),
        TEST(test_guest_requests_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
