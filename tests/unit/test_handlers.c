/* What people may begin, before anything is judged. */
#include "handlers_fixture.h"

#include "flows/cards_load.h"
#include "views/card_facts.h"

/* Names of authorizations and our markup are nobody else's business. */
static void who_may_not_request_sees_no_form(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    flows_do(become_guest, "U0GUEST");
    type("U0GUEST", "new");
    expect_acked("Guests cannot do this");
    assert_null(flows_find("slack:views.open", ""));
    ask_options("U0GUEST");
    expect_acked("\"options\":[]");
    ask_options("U0SELLER");
    expect_acked("resaleauthz-1");
    type("U0SELLER", "new");
    assert_non_null(flows_find("slack:views.open", "offer_form"));
}

static void a_form_says_how_old_its_list_is(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    flows_pass(0);
    flows_answer("aws:ListEntities", "SHARED",
                 "{\"EntitySummaryList\":[{\"EntityId\":"
                 "\"resaleauthz-1\",\"ResaleAuthorizationSummary\":{\"Name\":\"RA\","
                 "\"Status\":\"Active\"}}]}");
    flows_pass(59000);
    type("U0SELLER", "new");
    assert_null(flows_find("slack:views.open", "As AWS listed them"));
    assert_int_equal(flows_count("slack:views.open", ""), 1);
    flows_pass(120000);
    type("U0SELLER", "new");
    assert_non_null(flows_find("slack:views.open", "As AWS listed them 2 minutes ago"));
}

/* Whoever was never read is looked up first, while the trigger is good. */
static void a_first_form_opens_once_it_is_known_for_whom(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    type("U0NEW", "new customer=Acme");
    assert_string_equal(flows.ack, "");
    assert_null(flows_find("slack:views.open", ""));
    ask_options("U0NEW");
    expect_acked("\"options\":[]");
    show("U0NEW", "");
    assert_non_null(flows_find("slack:views.open", "Acme"));
    assert_non_null(flows_find("slack:views.open", "\"trigger_id\":\"t\""));
    ask_options("U0NEW");
    expect_acked("resaleauthz-1");
    type("U0GUEST", "new");
    show("U0GUEST", ",\"is_restricted\":true");
    assert_int_equal(flows_count("slack:views.open", ""), 1);
    assert_int_equal(flows_count("slack:chat.postEphemeral", "Guests cannot do this"), 1);
}

static void who_is_looked_up_too_slowly_tries_again(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    type("U0NEW", "new");
    flows_pass(4000);
    show("U0NEW", "");
    assert_null(flows_find("slack:views.open", ""));
    assert_non_null(flows_find("slack:chat.postEphemeral", "Try again"));
    type("U0NEW", "new");
    assert_non_null(flows_find("slack:views.open", "offer_form"));
    type("U0OTHER", "new");
    flows_fail("slack:users.info", "U0OTHER", OUTCOME_UNKNOWN, "no_answer"); /* once more */
    flows_hold("slack:users.info", "U0OTHER", 45000);
    assert_non_null(flows_find("slack:chat.postEphemeral", "still asking Slack"));
    assert_int_equal(flows_count("slack:views.open", ""), 1);
}

/* Only what comes too late is blamed on Slack's three seconds. What Slack refuses for a reason of
 * ours is for the operators, too: once an hour. */
static void a_form_that_slack_refuses_is_told_with_the_reason(void **state)
{
    static const char told[] = "Slack refuses to open one of my forms: words (invalid_arguments)";
    (void)state;
    flows_do(flows_know, NULL);
    type("U0SELLER", "new");
    flows_fail("slack:views.open", "offer_form", OUTCOME_REFUSED, "expired_trigger_id");
    assert_int_equal(flows_count("slack:chat.postEphemeral", "three seconds"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "C0OPERATORS"), 0);
    for (int i = 0; i < 2; i++) {
        type("U0SELLER", "new");
        flows_fail("slack:views.open", "offer_form", OUTCOME_REFUSED, "invalid_arguments");
    }
    assert_int_equal(flows_count("slack:chat.postEphemeral", "words (invalid_arguments)"), 2);
    assert_int_equal(flows_count("slack:chat.postEphemeral", "three seconds"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", told), 1);
    flows_answer_rest();
    flows_pass(INT64_C(3601) * 1000);
    flows_do(flows_know, NULL);
    type("U0SELLER", "new");
    flows_fail("slack:views.open", "offer_form", OUTCOME_REFUSED, "invalid_arguments");
    flows_pass(2000);
    assert_int_equal(flows_count("slack:chat.postMessage", told), 1);
}

static void extend(struct turn *turn, const char *id, const char *name,
                   enum authorization_sale sale, const char *duration)
{
    struct terms terms = {.count = 0};
    struct authorization authorization = {.product_id = "prod-2", .status = "Active", .sale = sale};
    text_fit(authorization.id, sizeof(authorization.id), id);
    text_fit(authorization.name, sizeof(authorization.name), name);
    text_fit(authorization.duration, sizeof(authorization.duration), duration);
    authorizations_put(turn, &authorization, &terms);
}

static void extend_all(struct turn *turn, const void *unused)
{
    (void)unused;
    extend(turn, "resaleauthz-choice", "Seats by choice", SALE_CHOICE, "");
    extend(turn, "resaleauthz-role", "As distributor", SALE_DISTRIBUTOR, "");
    extend(turn, "resaleauthz-year", "A year of it", SALE_POSSIBLE, "P12M");
}

/* What the bot cannot sell rightly stands in no list, and the form says why; what fixes its term
 * begins with that. */
static void what_cannot_be_sold_is_said_in_the_form(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    flows_do(extend_all, NULL);
    ask_options("U0SELLER");
    expect_acked("resaleauthz-year");
    assert_null(strstr(flows.ack, "resaleauthz-choice"));
    assert_null(strstr(flows.ack, "resaleauthz-role"));
    type("U0SELLER", "new authorization=resaleauthz-year");
    struct sent *form = flows_expect("slack:views.open", "offer_form");
    assert_non_null(strstr(form->body, "Seats by choice"));
    assert_non_null(strstr(form->body, "lets the buyer choose units and duration"));
    assert_non_null(strstr(form->body, "As distributor"));
    assert_non_null(strstr(form->body, "*Term* As authorized"));
}

/* --- approving more than a dialog shows --- */

static void press(const char *user, const char *action)
{
    char payload[600];
    snprintf(payload, sizeof(payload),
             "{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\"},\"trigger_id\":\"t\","
             "\"channel\":{\"id\":\"C0APPROVALS\"},\"container\":{\"type\":\"message\","
             "\"message_ts\":\"1.1\",\"channel_id\":\"C0APPROVALS\"},\"actions\":[{\"action_id\":"
             "\"%s\",\"block_id\":\"offer_1\",\"value\":\"%s\",\"action_ts\":\"2.%zu\"}]}",
             user, action, button_value_now(), flows.count);
    send_envelope("interactive", payload);
}

static void press_approve(const char *user)
{
    press(user, "approve");
}

static char *origin_of(const char *value, const char *place, bool whispered)
{
    struct form_origin origin = {.form_id = "f9", .whispered = whispered};
    char number[20];
    snprintf(number, sizeof(number), "%.*s", (int)strcspn(value, "."), value);
    origin.request.number = strtoll(number, NULL, 10);
    origin.request.revision = atoi(strchr(value, '.') + 1);
    const char *digest = strchr(strchr(value, '.') + 1, '.');
    text_fit(origin.request.digest, REFERENCE_DIGEST, digest != NULL ? digest + 1 : "");
    text_fit(origin.place, sizeof(origin.place), place);
    return form_origin_write(&origin);
}

/* ${value}: of the button that opened it, at ${place}. */
static char *origin_text(const char *value, const char *place)
{
    return origin_of(value, place, false);
}

/* The same, of a button in a message that only they see. */
static char *origin_whispered(const char *value, const char *place)
{
    return origin_of(value, place, true);
}

/* Takes ${origin}. */
static void send_form(const char *user, const char *form, char *origin, const char *reason)
{
    char id[20];
    snprintf(id, sizeof(id), "V%zu", flows.count);
    json_t *payload = json_pack("{s:s, s:{s:s}, s:{s:s, s:s, s:s, s:{s:{s:{s:{s:s, s:s}}}}}}",
                                "type", "view_submission", "user", "id", user, "view", "id", id,
                                "callback_id", form, "private_metadata", origin, "state", "values",
                                "reason", "reason", "type", "plain_text_input", "value", reason);
    char *text = json_dumps(payload, JSON_COMPACT);
    send_envelope("interactive", text);
    free(text);
    free(origin);
    json_decref(payload);
}

static void send_approval(const char *user, const char *value)
{
    send_form(user, "approve_form", origin_text(value, "C0DEALS"), "");
}

static int64_t approvals(void)
{
    return store_int(flows.store, "SELECT count(*) FROM vote WHERE verdict = 'approve'",
                     SQL_NO_ARGS, -1);
}

/* Ten buyers are more than the dialog of a button can show: the click decides nothing, and opens
 * what shows them all; its sending is the approval. */
static void what_is_more_than_a_dialog_is_approved_by_a_form(void **state)
{
    struct content content = flows_content();
    (void)state;
    content.buyer_count = 20;
    for (unsigned i = 0; i < 20; i++)
        snprintf(content.buyers[i], ACCOUNT_ID, "1234567890%02u", i % 100);
    flows_do(flows_add, &content);
    press_approve("U0APPROVER");
    assert_int_equal(approvals(), 0);
    struct sent *form = flows_expect("slack:views.open", "approve_form");
    assert_non_null(strstr(form->body, "123456789000"));
    assert_non_null(strstr(form->body, "123456789019"));
    assert_non_null(strstr(form->body, "A release cannot be undone."));
    press_approve("U0SELLER"); /* whose own it is */
    assert_int_equal(flows_count("slack:views.open", "approve_form"), 1);
    send_approval("U0SELLER", button_value_now());
    send_approval("U0APPROVER", "1.2"); /* of another revision */
    assert_int_equal(approvals(), 0);
    send_approval("U0APPROVER", "1.1"); /* of another book */
    assert_int_equal(approvals(), 0);
    send_approval("U0APPROVER", button_value_now());
    assert_int_equal(approvals(), 1);
    assert_string_equal(flows_state(1), "approved");
}

static void expect_short(struct turn *turn, const void *unused)
{
    (void)unused;
    struct loaded_card *loaded = cards_load(turn, 1);
    assert_true(card_facts_fit(cards_view(loaded)));
    cards_free(loaded);
}

/* A warning that goes at midnight makes the facts short enough for a dialog, and the card that was
 * drawn before has none: what it asks was shown to nobody. */
static void what_was_too_much_for_a_dialog_is_shown_when_it_has_become_less(void **state)
{
    struct content content = flows_content();
    (void)state;
    memset(content.customer, 'x', 120);
    text_fit(content.accept_by, sizeof(content.accept_by), "2027-02-23"); /* in 91 days */
    flows_do(flows_add, &content);
    flows_pass(1200);
    struct sent *card = flows_expect("slack:chat.postMessage", "cppo_post");
    assert_null(strstr(card->body, "Release this offer?"));
    bool asks_nothing = strstr(card->body, "\"approve_again\"") != NULL;
    flows.now += INT64_C(24) * 3600 * 1000;
    flows_do(flows_know, NULL);
    flows_do(expect_short, NULL);
    press("U0APPROVER", asks_nothing ? "approve_again" : "approve");
    assert_int_equal(approvals(), 0);
    assert_non_null(flows_find("slack:views.open", "approve_form"));
}

static void what_a_dialog_shows_is_approved_by_its_button(void **state)
{
    (void)state;
    flows_submit();
    press_approve("U0APPROVER");
    assert_null(flows_find("slack:views.open", "approve_form"));
    assert_int_equal(approvals(), 1);
}

/* "Try again" under words that show nothing of the offer: it is read first, and approved there. */
static void trying_again_approves_nothing_unseen(void **state)
{
    (void)state;
    flows_submit();
    press("U0APPROVER", "approve_again");
    assert_int_equal(approvals(), 0);
    assert_non_null(flows_find("slack:views.open", "approve_form"));
    send_approval("U0APPROVER", button_value_now());
    assert_int_equal(approvals(), 1);
}

/* What was typed for a reason comes back where its button was pressed, not somewhere else. */
static void a_reason_that_comes_too_late_is_answered_in_place(void **state)
{
    static const char *const forms[] = {"reject_form", "changes_form"};
    (void)state;
    flows_submit();
    for (size_t i = 0; i < 2; i++) {
        flows_forget_slack();
        flows.now += A_WHILE_MS;
        send_form("U0APPROVER", forms[i], origin_text(button_value_now(), "C0DEALS"), "No budget");
        show("U0APPROVER", ",\"is_restricted\":true");
        struct sent *answer = flows_expect("slack:chat.postEphemeral", "Guests cannot do this");
        assert_non_null(strstr(answer->body, "\"channel\":\"C0DEALS\""));
        assert_non_null(strstr(answer->body, "No budget"));
        assert_null(flows_find("slack:chat.postMessage", "Guests cannot do this"));
    }
    assert_string_equal(flows_state(1), "pending");
}

/* The details below the form show what came of it. */
static void a_form_upon_the_details_is_answered_in_them(void **state)
{
    (void)state;
    flows_submit();
    send_form("U0APPROVER", "reject_form", origin_text(button_value_now(), "V0DETAILS"), "No");
    assert_string_equal(flows_state(1), "rejected");
    struct sent *view = flows_expect("slack:views.update", "V0DETAILS");
    assert_non_null(strstr(view->body, "*Rejected*"));
    assert_null(strstr(flows.ack, "clear"));
}

static void turn_page(const char *value, int skip)
{
    send_frame("interactive",
               text_format("{\"type\":\"block_actions\",\"user\":{\"id\":\"U0APPROVER\"},"
                           "\"view\":{\"id\":\"V0DETAILS\",\"type\":\"modal\"},\"actions\":[{"
                           "\"action_id\":\"history\",\"value\":\"%s %d\",\"action_ts\":"
                           "\"3.%zu\"}]}",
                           value, skip, flows.count));
}

/* A modal that was open when the state file was put back shows nothing of today's CPPO-1. */
static void the_history_of_another_book_is_not_shown(void **state)
{
    static const char *const others[] = {"1.1.0123456789abcdef01234567", "1.1", "1", ""};
    (void)state;
    flows_submit();
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        turn_page(others[i], 0);
    assert_int_equal(flows_count("slack:views.update", "belongs to an earlier set"), 4);
    turn_page(button_value_now(), -1);
    assert_int_equal(flows_count("slack:views.update", "*History*"), 0);
    turn_page(button_value_now(), 0);
    assert_int_equal(flows_count("slack:views.update", "*History*"), 1);
}

/* In another channel than the card's nobody would see that it was done. */
static void an_approval_by_form_is_answered_where_its_button_stood(void **state)
{
    (void)state;
    flows_submit();
    send_approval("U0APPROVER", button_value_now());
    struct sent *answer = flows_expect("slack:chat.postEphemeral", "Done. CPPO-1 is now");
    assert_non_null(strstr(answer->body, "\"channel\":\"C0DEALS\""));
}

/* A list stands in the card's channel, too: the card may be far up, and the list stays as it was.
 */
static void what_is_decided_in_a_list_is_answered_beside_it(void **state)
{
    (void)state;
    flows_submit();
    send_form("U0APPROVER", "reject_form", origin_whispered(button_value_now(), "C0APPROVALS"),
              "No");
    assert_string_equal(flows_state(1), "rejected");
    flows_expect("slack:chat.postEphemeral", "Done. CPPO-1 is now");
    send_form("U0APPROVER", "reject_form", origin_whispered(button_value_now(), "C0APPROVALS"),
              "No");
    flows_expect("slack:chat.postEphemeral", "You already rejected CPPO-1.");
}

static void what_is_decided_upon_the_card_is_not(void **state)
{
    (void)state;
    flows_submit();
    send_form("U0APPROVER", "reject_form", origin_text(button_value_now(), "C0APPROVALS"), "No");
    assert_string_equal(flows_state(1), "rejected");
    assert_null(flows_find("slack:chat.postEphemeral", "Done."));
}

/* The seller was a member when they sent it in, and is a guest by now. */
static void who_may_not_request_any_more_edits_nothing(void **state)
{
    (void)state;
    flows_submit();
    flows_do(become_guest, "U0SELLER");
    type("U0SELLER", "edit CPPO-1");
    expect_acked("Guests cannot do this");
    send_change("U0SELLER", "f2", "Another");
    expect_acked("Guests cannot do this");
    assert_int_equal(revision(), 1);
    flows_do(flows_know, NULL); /* a member again */
    send_change("U0SELLER", "f2", "Another");
    assert_int_equal(revision(), 2);
}

/* --- a change that comes when the lists are old --- */

static void change_late(void)
{
    flows_submit();
    flows_pass(2000);
    flows_forget_slack();
    flows.now += A_WHILE_MS;
    send_change("U0SELLER", "f2", "Another");
    assert_string_equal(flows.ack, "");
    assert_int_equal(revision(), 1);
}

static void a_change_counts_once_its_sender_is_known(void **state)
{
    (void)state;
    change_late();
    send_change("U0SELLER", "f2", "Another"); /* the very same once more */
    assert_string_equal(flows.ack, "");
    send_change("U0SELLER", "f2", "A third");
    expect_acked("already created from this form");
    show("U0SELLER", "");
    assert_int_equal(revision(), 2);
    assert_string_equal(flows_state(1), "pending");
    send_change("U0SELLER", "f2", "Another");
    assert_string_equal(flows.ack, "");
    assert_int_equal(revision(), 2);
}

static void a_change_of_one_who_may_not_does_not_count_and_comes_back(void **state)
{
    (void)state;
    change_late();
    show("U0SELLER", ",\"is_restricted\":true");
    assert_int_equal(revision(), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "was not made: Guests cannot"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "→ Another"), 1); /* what they typed */
}

static void whom_slack_does_not_show_changes_nothing(void **state)
{
    (void)state;
    change_late();
    flows_fail("slack:users.info", "U0SELLER", OUTCOME_REFUSED, "user_not_found");
    assert_int_equal(revision(), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "user_not_found"), 1);
}

/* The requester has put it aside for another: nobody is to release the old one meanwhile. */
static void what_is_being_changed_is_not_approved(void **state)
{
    static const struct pending_action approval = {
        .what = &approve_action, .request = 1, .revision = 1, .person = "U0APPROVER"};
    (void)state;
    change_late();
    flows_do(flows_know, NULL);
    flows_do(judge_now, &approval);
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(flows_count("slack:chat.postMessage", "is being changed"), 1);
}

/* Slack says nothing about the seller, for days: asked ever more seldom, and it ends. */
static void a_form_that_cannot_be_judged_ends_and_is_told(void **state)
{
    (void)state;
    change_late();
    for (int minutes = 0; minutes < 150; minutes++) {
        flows_pass(60 * 1000);
        if (flows_find("slack:users.info", "U0SELLER") != NULL)
            flows_fail("slack:users.info", "U0SELLER", OUTCOME_REFUSED, "gave_up");
        if (flows_find("slack:chat.postMessage", "is saved but") != NULL)
            flows_answer("slack:chat.postMessage", "is saved but", "{\"ok\":true}");
    }
    assert_int_equal(flows_count("slack:chat.postMessage", "is saved but"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "was not made"), 1);
    assert_int_equal(
        flows_count("slack:chat.postMessage", "was dropped: Slack could not identify them"), 1);
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM pending_action", SQL_NO_ARGS, 0),
                     0);
    assert_int_equal(revision(), 1);
    assert_in_range(flows_count("slack:users.info", "U0SELLER"), 3, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(who_may_not_request_sees_no_form),
        FLOWS_TEST(a_form_says_how_old_its_list_is),
        FLOWS_TEST(a_form_that_slack_refuses_is_told_with_the_reason),
        FLOWS_TEST(what_cannot_be_sold_is_said_in_the_form),
        FLOWS_TEST(what_is_more_than_a_dialog_is_approved_by_a_form),
        FLOWS_TEST(what_was_too_much_for_a_dialog_is_shown_when_it_has_become_less),
        FLOWS_TEST(what_a_dialog_shows_is_approved_by_its_button),
        FLOWS_TEST(trying_again_approves_nothing_unseen),
        FLOWS_TEST(a_reason_that_comes_too_late_is_answered_in_place),
        FLOWS_TEST(what_is_decided_in_a_list_is_answered_beside_it),
        FLOWS_TEST(what_is_decided_upon_the_card_is_not),
        FLOWS_TEST(a_form_upon_the_details_is_answered_in_them),
        FLOWS_TEST(the_history_of_another_book_is_not_shown),
        FLOWS_TEST(an_approval_by_form_is_answered_where_its_button_stood),
        FLOWS_TEST(a_first_form_opens_once_it_is_known_for_whom),
        FLOWS_TEST(who_is_looked_up_too_slowly_tries_again),
        FLOWS_TEST(who_may_not_request_any_more_edits_nothing),
        FLOWS_TEST(a_change_counts_once_its_sender_is_known),
        FLOWS_TEST(a_change_of_one_who_may_not_does_not_count_and_comes_back),
        FLOWS_TEST(whom_slack_does_not_show_changes_nothing),
        FLOWS_TEST(what_is_being_changed_is_not_approved),
        FLOWS_TEST(a_form_that_cannot_be_judged_ends_and_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
