/* Details, announcements, and what requesters are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "views_expect.h"
#include "views/announcement.h"
#include "views/full_view.h"
#include "views/notice.h"

/* --- details, announcement, notice --- */

static void details_have_the_history_oldest_first(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    fixture_move(&f->moves[1], "U0BOSS", EVENT_REQUEST_CHANGES, "second thing");
    fixture_move(&f->moves[2], "aws", EVENT_REFUSE, "third thing");
    json_t *details = full_view_message(&f->card, f->moves, 3, ALL);
    expect_good(details);
    char *text = all_text(details);
    const char *first = strstr(text, "sent it for approval");
    const char *second = strstr(text, "second thing");
    const char *third = strstr(text, "AWS needs a change");
    assert_true(first != NULL && second != NULL && third != NULL);
    assert_true(first < second && second < third);
    free(text);
    expect_text(details, "*Markup*");
    expect_no_text(details, "earlier");
    expect_buttons(details, "approve request_changes reject details edit withdraw");
    free(f);
}

static void each_move_has_its_words(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    for (int event = 0; event < EVENTS; event++) {
        fixture_move(&f->moves[0], "U0BOSS", (enum request_event)event, "why");
        json_t *details = full_view_message(&f->card, f->moves, 1, ALL);
        expect_good(details);
        expect_no_text(details, " changed it");
        json_decref(details);
    }
    free(f);
}

/* Each is shown what they may do, and nobody anything else. */
static void details_have_the_buttons_of_who_looks(void **state)
{
    (void)state;
    static const struct {
        unsigned may;
        const char *buttons;
    } cases[] = {{0, "details"},
                 {MAY_CHANGE | MAY_RETRY, "details edit withdraw"},
                 {MAY_WITHDRAW | MAY_SCHEDULE, "schedule details withdraw"},
                 {MAY_DECIDE | MAY_RETRY, "approve request_changes reject details"}};
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect_buttons(full_view_message(&f->card, f->moves, 1, cases[i].may), cases[i].buttons);
    f->card.permalink = "https://example.slack.com/archives/C0/p1";
    json_t *details = full_view_message(&f->card, f->moves, 1, MAY_OPEN_CARD);
    expect_text(details, "<https://example.slack.com/archives/C0/p1|Open its card>");
    json_decref(details);
    details = full_view_message(&f->card, f->moves, 1, MAY_CHANGE);
    expect_no_text(details, "example.slack.com");
    json_decref(details);
    free(f);
}

static void expect_page(const struct fixture *f, size_t skipped, bool older, const char *buttons)
{
    struct history page = {f->moves, HISTORY_PAGE, skipped, older};
    json_t *modal = full_view_modal(&f->card, &page, MAY_DECIDE);
    assert_string_equal(check_text(modal, "type"), "modal");
    expect_buttons(modal, buttons);
}

/* However long it is, all of the history can be reached. */
static void a_modal_turns_the_pages_of_the_history(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    expect_page(f, 0, false, "approve request_changes reject");
    expect_page(f, 0, true, "approve request_changes reject history");
    expect_page(f, HISTORY_PAGE, true, "approve request_changes reject history history_newest");
    expect_page(f, 2 * HISTORY_PAGE, false, "approve request_changes reject history_newest");
    struct history page = {f->moves, HISTORY_PAGE, HISTORY_PAGE, true};
    text_fit(f->request.digest, sizeof(f->request.digest), "0123456789abcdef01234567");
    json_t *modal = full_view_modal(&f->card, &page, 0);
    assert_string_equal(check_text(button_named(modal, "history"), "value"),
                        "12.1.0123456789abcdef01234567 40");
    json_decref(modal);
    free(f);
}

/* Slack takes 3000 characters a section: what an approver must see is never cut. */
static void long_changes_take_several_sections(void **state)
{
    (void)state;
    struct text changes = {0};
    struct fixture *f = fixture_new();
    for (int i = 0; i < 9; i++)
        text_addf(&changes, "%sNote: %01000d<end %d>", i > 0 ? "\n" : "", 0, i);
    text_addf(&changes, "\nNote: %04000d<last>", 0);
    f->card.changes = text_get(&changes);
    json_t *card = card_message(&f->card);
    expect_good(card);
    for (int i = 0; i < 9; i++) {
        char end[40];
        snprintf(end, sizeof(end), "&lt;end %d&gt;", i);
        expect_text(card, end);
    }
    expect_text(card, "&lt;last&gt;");
    json_decref(card);
    text_free(&changes);
    free(f);
}

static void a_long_history_keeps_its_newest_part(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    for (int i = 0; i < FIXTURE_MOVES; i++) {
        char why[WHY_TEXT];
        snprintf(why, sizeof(why), "reason %d %01000d", i, 0);
        fixture_move(&f->moves[i], "U0BOSS", EVENT_REQUEST_CHANGES, why);
    }
    json_t *details = full_view_message(&f->card, f->moves, FIXTURE_MOVES, ALL);
    expect_good(details);
    expect_text(details, "earlier");
    expect_text(details, "reason 59 ");
    expect_no_text(details, "reason 0 ");
    json_decref(details);
    free(f);
}

static void an_announcement_shows_no_money(void **state)
{
    (void)state;
    static const char *const secrets[] = {"33.3",     "0.0075",       "0.0099975",    "0.01",
                                          "Markup",   "Please hurry", "Wholesale",    "expected",
                                          "per unit", "Archera-Us-",  "resaleauthz-1"};
    struct fixture *f = fixture_new();
    fixture_publish(f);
    json_t *announcement = announcement_message(&f->card);
    expect_good(announcement);
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
        expect_no_text(announcement, secrets[i]);
    expect_text(announcement, "CPPO-12 for Example Corp is published");
    expect_text(announcement, "123456789012, 000000000001");
    expect_text(announcement, "Archera - Subscription");
    expect_text(announcement, "2026-12-31, end of day UTC");
    expect_text(announcement, "<https://aws.amazon.com/marketplace/saas?offer=");
    expect_buttons(announcement, "");
    free(f);
}

static void a_notice_says_what_and_what_next(void **state)
{
    (void)state;
    static const struct {
        enum request_state state;
        const char *text, *buttons;
    } cases[] = {
        {STATE_PENDING, "The approvers have it now", "details edit withdraw nudge"},
        {STATE_CHANGES_REQUESTED, "Edit it and send it again", "details edit withdraw"},
        {STATE_APPROVED, "Publishing now", "details withdraw"},
        {STATE_PUBLISHING, "AWS is releasing it", "details withdraw"},
        {STATE_PUBLISHED, "It is on AWS Marketplace", "details copy"},
        {STATE_REJECTED, "Rejected", "details copy"},
        {STATE_FAILED, "Trying again will not help", "details edit withdraw copy"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        f->request.state = cases[i].state;
        json_t *notice = notice_message(&f->card);
        expect_good(notice);
        expect_text(notice, cases[i].text);
        expect_buttons(notice, cases[i].buttons);
    }
    f->request.can_retry = true;
    json_t *notice = notice_message(&f->card);
    expect_text(notice, "Press Try again");
    expect_buttons(notice, "retry details edit withdraw copy");
    free(f);
}

static void what_aws_blocks_is_not_said_to_go_on(void **state)
{
    (void)state;
    static const enum request_state states[] = {STATE_PENDING, STATE_APPROVED, STATE_PUBLISHING};
    struct fixture *f = fixture_new();
    f->facts.blocked = true;
    f->card.held = "our seller account at AWS is not complete";
    f->draft.state = DRAFT_READY;
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        f->request.state = states[i];
        json_t *notice = notice_message(&f->card);
        expect_good(notice);
        assert_string_equal(json_string_value(json_object_get(notice, "text")),
                            "CPPO-12 is waiting: our seller account at AWS is not complete");
        expect_text(notice, "AWS is blocking it for now: our seller account at AWS is not complete."
                            " The operators know");
        expect_no_text(notice, "The approvers have it now");
        expect_no_text(notice, "Publishing now");
        expect_no_text(notice, "AWS is releasing it");
        json_t *card = card_message(&f->card);
        expect_no_text(card, "Reading back what AWS holds");
        json_decref(notice);
        json_decref(card);
    }
    free(f);
}

static void a_notice_gives_the_reason_even_as_a_notification(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->request.state = STATE_CHANGES_REQUESTED;
    fixture_move(&f->moves[0], "U0BOSS", EVENT_REQUEST_CHANGES, "Please use 30 %");
    json_t *notice = notice_message(&f->card);
    expect_text(notice, "<@U0BOSS> asked for changes");
    assert_string_equal(
        check_text(notice, "text"),
        "CPPO-12 for Example Corp: Changes requested (revision 1): Please use 30 %");
    json_decref(notice);
    free(f);
}

/* Nobody is told that the approvers have what Slack would not have posted. */
static void a_notice_says_whether_the_approvers_see_it(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->card.seen = CARD_ON_ITS_WAY;
    json_t *notice = notice_message(&f->card);
    expect_no_text(notice, "have it now");
    json_decref(notice);
    f->card.seen = CARD_SHUT;
    notice = notice_message(&f->card);
    expect_no_text(notice, "have it now");
    expect_text(notice, "I cannot reach the approvers yet");
    json_decref(notice);
    free(f);
}

static void a_published_notice_has_the_text_for_the_buyer(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    fixture_publish(f);
    json_t *notice = notice_message(&f->card);
    expect_good(notice);
    expect_text(notice, "Send the buyer the text below");
    expect_text(notice, "Your private offer “Archera - Subscription” is ready");
    expect_text(notice, "Sign in to one of the AWS accounts 123456789012, 000000000001 first");
    expect_text(notice, "accept it by 2026-12-31");
    json_decref(notice);
    free(f);
}

/* No button of it lies, and neither does its state. */
static void an_old_notice_is_brought_to_the_present(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    fixture_publish(f);
    json_t *notice = notice_old(&f->card);
    expect_good(notice);
    expect_text(notice, "*Published.* There is a newer message");
    expect_buttons(notice, "details");
    free(f);
}

/* Whose it was may not even look at it. */
static void a_notice_of_a_former_requester_has_no_button(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    json_t *notice = notice_handed_over(&f->card);
    expect_good(notice);
    expect_text(notice, "*CPPO-12* was taken over by ");
    expect_buttons(notice, "");
    free(f);
}

static void warnings_reach_the_requester(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    json_t *notice = notice_message(&f->card);
    expect_text(notice, "⚠️ The buyer has 10 days");
    expect_text(notice, "⚠️ AWS computes another price");
    expect_no_text(notice, "The authorization can be used");
    json_decref(notice);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(details_have_the_history_oldest_first),
        cmocka_unit_test(each_move_has_its_words),
        cmocka_unit_test(details_have_the_buttons_of_who_looks),
        cmocka_unit_test(a_modal_turns_the_pages_of_the_history),
        cmocka_unit_test(long_changes_take_several_sections),
        cmocka_unit_test(a_long_history_keeps_its_newest_part),
        cmocka_unit_test(an_announcement_shows_no_money),
        cmocka_unit_test(a_notice_says_what_and_what_next),
        cmocka_unit_test(what_aws_blocks_is_not_said_to_go_on),
        cmocka_unit_test(a_notice_gives_the_reason_even_as_a_notification),
        cmocka_unit_test(a_notice_says_whether_the_approvers_see_it),
        cmocka_unit_test(a_published_notice_has_the_text_for_the_buyer),
        cmocka_unit_test(an_old_notice_is_brought_to_the_present),
        cmocka_unit_test(a_notice_of_a_former_requester_has_no_button),
        cmocka_unit_test(warnings_reach_the_requester),
    };
    return cmocka_run_group_tests_name("views details", tests, NULL, NULL);
}
