/* The card and its like: what stands on them in each state, and that nothing typed can act. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "offers/machine.h"
#include "views_expect.h"
#include "views/announcement.h"
#include "views/card_mentions.h"
#include "views/full_view.h"
#include "views/notice.h"

/* --- the card --- */

static void the_card_shows_the_facts(void **state)
{
    (void)state;
    static const char *const facts[] = {"CPPO-12 · Example Corp",
                                        "Waiting for approval",
                                        "revision 1",
                                        "requested by Mia Moss",
                                        "123456789012, 000000000001",
                                        "markup 33.3 %",
                                        "0.0099975 USD per unit (expected 0.01)",
                                        "10 years from acceptance (until 2036-11-20 if accepted "
                                        "today)",
                                        "2026-12-31, end of day UTC",
                                        "*Note* Please hurry",
                                        "✅ 1 check passed",
                                        "⚠️ The buyer has 10 days",
                                        "❌ AWS computes another price",
                                        "⏳ AWS is checking the draft",
                                        "Any one of <!subteam^S0BOSSES> can approve (not Mia Moss, "
                                        "who asked)"};
    struct fixture *f = fixture_new();
    json_t *card = card_message(&f->card);
    expect_good(card);
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
        expect_text(card, facts[i]);
    expect_no_text(card, "<@U0MIA>"); /* a mention would notify them of their own request */
    assert_string_equal(
        check_text(card, "text"),
        "CPPO-12 for Example Corp: Waiting for approval (revision 1) · Mia Moss asks "
        "· markup 33.3 %, price 0.0099975 USD per unit, accept by 2026-12-31");
    json_decref(card);
    free(f);
}

static void buttons_fit_the_state(void **state)
{
    (void)state;
    static const struct {
        enum request_state state;
        const char *buttons;
    } cases[] = {
        {STATE_PENDING, "approve request_changes reject details edit withdraw"},
        {STATE_CHANGES_REQUESTED, "details edit withdraw"},
        {STATE_APPROVED, "details withdraw"},
        {STATE_PUBLISHING, "details withdraw"},
        {STATE_PUBLISHED, "details copy"},
        {STATE_ACCEPTED, "details copy"},
        {STATE_EXPIRED, "details copy"},
        {STATE_CLOSED, "details copy"},
        {STATE_REJECTED, "details copy"},
        {STATE_WITHDRAWN, "details copy"},
        {STATE_FAILED, "details edit withdraw copy"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        f->request.state = cases[i].state;
        expect_buttons(card_message(&f->card), cases[i].buttons);
    }
    f->request.state = STATE_PUBLISHING;
    f->card.irrevocable = true;
    expect_buttons(card_message(&f->card), "details");
    f->card.irrevocable = false;
    f->request.state = STATE_FAILED;
    f->request.can_retry = true;
    expect_buttons(card_message(&f->card), "retry details edit withdraw copy");
    f->request.state = STATE_PENDING;
    expect_buttons(card_message(&f->card), "approve request_changes reject details edit withdraw");
    free(f);
}

static void a_button_knows_offer_revision_and_content(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->request.revision = 3;
    text_fit(f->request.digest, sizeof(f->request.digest), "0123456789abcdef01234567");
    json_t *card = card_message(&f->card);
    static const char *const ids[] = {"approve", "request_changes", "reject", "details",
                                      "edit",    "withdraw"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        assert_string_equal(check_text(button_named(card, ids[i]), "value"),
                            "12.3.0123456789abcdef01234567");
    json_decref(card);
    text_fit(f->card.covers, sizeof(f->card.covers), "89abcdef"); /* the prices that it shows */
    card = card_message(&f->card);
    assert_string_equal(check_text(button_named(card, "approve"), "value"),
                        "12.3.0123456789abcdef01234567.89abcdef");
    assert_string_equal(check_text(button_named(card, "reject"), "value"),
                        "12.3.0123456789abcdef01234567");
    json_decref(card);
    free(f);
}

static void expect_question(const struct fixture *f, const char *wanted)
{
    json_t *card = card_message(&f->card);
    const json_t *confirm = json_object_get(button_named(card, "approve"), "confirm");
    const char *question = check_text(json_object_get(confirm, "text"), "text");
    if (strstr(question, wanted) == NULL)
        fail_msg("the dialog does not say “%s”: %s", wanted, question);
    json_decref(card);
}

static void approving_asks_first(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    expect_question(f, "Example Corp");
    expect_question(f, "Buyers: 123456789012, 000000000001\n");
    expect_question(f, "Markup 33.3 %, price 0.0099975 USD per unit\n");
    expect_question(f, "until 2036-11-20 if accepted today");
    expect_question(f, "❌ AWS computes another price\n⚠️ The buyer has 10 days\n");
    expect_question(f, "A release cannot be undone.");
    f->facts.unit_price = "";
    f->facts.customer = NULL;
    expect_question(f, "price not known");
    free(f);
}

static void expect_style(const struct fixture *f, const char *wanted)
{
    json_t *card = card_message(&f->card);
    assert_string_equal(check_text(button_named(card, "approve"), "style"), wanted);
    json_decref(card);
}

/* Who presses a green button has nothing held against it; all else stands in the question. */
static void what_speaks_against_it_stands_in_the_question(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    expect_question(f, "❌ AWS computes another price");
    expect_question(f, "⚠️ The buyer has 10 days");
    expect_style(f, "danger");
    f->checks[2].outcome = CHECK_PASSED;
    expect_style(f, "");
    text_fit(f->checks[1].brief, CHECK_BRIEF, "Ten days"); /* dialogs are small */
    expect_question(f, "⚠️ Ten days\n");
    f->checks[1].outcome = CHECK_NOTE;
    expect_style(f, "primary");
    json_t *card = card_message(&f->card);
    expect_text(card, "ℹ️ The buyer has 10 days");
    json_decref(card);
    free(f);
}

/* Everything that is made of it: Slack takes it, and typed text does nothing in it. */
static void judge_all_of(const struct fixture *f, const char *evil)
{
    json_t *made[] = {
        card_message(&f->card), full_view_message(&f->card, f->moves, FIXTURE_MOVES, ALL),
        announcement_message(&f->card), notice_message(&f->card), notice_old(&f->card)};
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        char *problem = judged(made[i]);
        if (*problem != '\0')
            fail_msg("“%s” in message %zu, state %d: %s", evil, i, (int)f->request.state, problem);
        free(problem);
        json_decref(made[i]);
    }
}

/* A heading only counts: what does not pass speaks for itself, behind it. */
static void a_heading_of_checks_speaks_neither_for_nor_against(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->checks[1].outcome = f->checks[2].outcome = CHECK_PASSED;
    f->checks[0].outcome = CHECK_HEADING;
    text_fit(f->checks[0].text, sizeof(f->checks[0].text), "AWS checks 21/22");
    json_t *card = card_message(&f->card);
    expect_text(card, "🔎 AWS checks 21/22\n⏳ AWS is checking the draft\n✅ 2 checks passed");
    json_decref(card);
    card = notice_message(&f->card);
    expect_no_text(card, "AWS checks");
    json_decref(card);
    expect_style(f, "primary");
    free(f);
}

static void as_many_checks_as_there_can_be_fit_on_a_card(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->card.check_count = MAX_CHECKS;
    for (size_t i = 0; i < MAX_CHECKS; i++)
        f->checks[i].outcome = CHECK_FAILED;
    fixture_spoil(f, evil_texts[0], true);
    judge_all_of(f, evil_texts[0]);
    free(f);
}

static void what_changed_stands_on_the_card(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->card.changes = "Markup: 25 % → 33.3 %\nCustomer: *EVIL* → <!channel>";
    json_t *card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "Changed since the last revision");
    expect_text(card, "Markup: 25 % → 33.3 %");
    json_decref(card);
    f->card.changes = "";
    card = card_message(&f->card);
    expect_no_text(card, "Changed since");
    json_decref(card);
    free(f);
}

static void a_copy_says_of_what_and_in_what_it_differs(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->request.copy_of = 7;
    f->card.copied = "Customer: *EVIL* → <!channel>";
    json_t *card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "*Copy of CPPO-7*, and what is changed in it\nCustomer: ");
    json_decref(card);
    f->card.outsiders = true;
    card = card_message(&f->card);
    expect_text(card, "*Copy of CPPO-7*");
    expect_no_text(card, "EVIL");
    json_decref(card);
    f->card.outsiders = false;
    f->card.copied = "";
    card = card_message(&f->card);
    expect_text(card, "*Copy of CPPO-7*");
    expect_no_text(card, "changed in it");
    json_decref(card);
    f->request.copy_of = 0;
    card = card_message(&f->card);
    expect_no_text(card, "Copy of");
    json_decref(card);
    free(f);
}

static void decisions_say_who_when_and_why(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->request.state = STATE_REJECTED;
    fixture_move(&f->moves[0], "U0BOSS", EVENT_REJECT, "The price is too low");
    json_t *card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "Rejected by <@U0BOSS> (<!date^");
    expect_text(card, "): “The price is too low”");
    expect_text(card, "<!date^1795464180^");
    expect_text(card, "The price is too low");
    expect_no_text(card, "can approve");
    json_decref(card);
    f->request.state = STATE_PUBLISHING;
    text_fit(f->votes[0].person, PERSON_ID, "U0BOSS");
    f->votes[0].at = INT64_C(1795464180000);
    f->card.vote_count = 1;
    card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "Approved by <@U0BOSS> (<!date^1795464180^");
    json_decref(card);
    free(f);
}

static void votes_so_far_stand_beside_the_rule(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->card.rule = "1 of 2 approvals; 1 more of <!subteam^S0BOSSES>";
    f->card.approval = (struct approval){
        .steps = 1, .step = {.name = "approval", .needed = 2}, .given = 1, .missing = 1};
    text_fit(f->votes[0].person, PERSON_ID, "U0BOSS");
    f->votes[0].at = INT64_C(1795464180000);
    f->card.vote_count = 1;
    json_t *card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "1 of 2 approvals; 1 more of <!subteam^S0BOSSES> (not Mia Moss, who asked)\n"
                      "Approved by <@U0BOSS>");
    json_decref(card);
    free(f);
}

static void expect_reply(const struct fixture *f, const char *words)
{
    json_t *reply = card_mention_message(&f->card, &vote_mention, "<!subteam^S0BOSSES>");
    expect_good(reply);
    expect_text(reply, words);
    json_decref(reply);
}

static void what_is_missing_is_told_below_the_card(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->card.approval = (struct approval){
        .steps = 1, .step = {.name = "approval", .needed = 3}, .given = 1, .missing = 2};
    expect_reply(f, "CPPO-12 has 1 of 3 approvals; 2 more needed: <!subteam^S0BOSSES>");
    f->card.approval = (struct approval){
        .steps = 2, .place = 1, .step = {.name = "director", .needed = 1}, .missing = 1};
    expect_reply(f, "CPPO-12 has 0 of 1 approvals at step 2 of 2, director; 1 more needed: "
                    "<!subteam^S0BOSSES>");
    free(f);
}

static void publishing_shows_how_far_it_is(void **state)
{
    (void)state;
    static const struct {
        enum draft_state draft;
        const char *text;
    } cases[] = {{DRAFT_NONE, "AWS is preparing the draft"},
                 {DRAFT_MAKING, "AWS is preparing the draft"},
                 {DRAFT_UPDATING, "AWS is preparing the draft"},
                 {DRAFT_READY, "Reading back what AWS holds"},
                 {DRAFT_RELEASING, "AWS is releasing the offer. AWS usually takes 11–14 minutes."}};
    struct fixture *f = fixture_new();
    f->request.state = STATE_APPROVED;
    f->facts.usual_time = "AWS usually takes 11–14 minutes";
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        f->draft.state = cases[i].draft;
        json_t *card = card_message(&f->card);
        expect_good(card);
        expect_text(card, cases[i].text);
        json_decref(card);
    }
    free(f);
}

static void a_published_card_has_id_and_link(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    fixture_publish(f);
    json_t *card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "Marketplace offer offer-abc123");
    expect_text(card, "<https://aws.amazon.com/marketplace/saas?offer=offer-abc123&amp;x=1>");
    json_decref(card);
    free(f);
}

/* Until AWS goes on, the approval is the last that happened: it is told once. */
static void who_approved_stands_on_the_card_once(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    struct move approved = {.event = EVENT_APPROVE,
                            .at = INT64_C(1795464180000),
                            .who = {.kind = ACTOR_PERSON, .id = "U0BOSS"}};
    f->request.state = STATE_APPROVED;
    f->card.last = &approved;
    f->votes[0] = (struct vote){.person = "U0BOSS", .at = approved.at};
    f->card.vote_count = 1;
    json_t *card = card_message(&f->card);
    expect_good(card);
    assert_int_equal(times_in(card, "Approved by"), 1);
    json_decref(card);
    f->card.vote_count = 0;
    card = card_message(&f->card);
    assert_int_equal(times_in(card, "Approved by"), 1);
    json_decref(card);
    free(f);
}

/* For the requester: within the text for the buyer; when that is gone, by its name. */
static void the_buyers_link_stands_in_a_letter_once(void **state)
{
    static const char address[] = "https://aws.amazon.com/marketplace/saas";
    (void)state;
    struct fixture *f = fixture_new();
    fixture_publish(f);
    json_t *letter = notice_message(&f->card);
    expect_good(letter);
    assert_int_equal(times_in(letter, address), 1);
    json_decref(letter);
    f->request.state = STATE_ACCEPTED;
    letter = notice_message(&f->card);
    expect_good(letter);
    assert_int_equal(times_in(letter, address), 1);
    expect_text(letter, "Buyer's link: <https://aws.amazon.com/marketplace/saas");
    json_decref(letter);
    free(f);
}

static void an_unknown_authorization_is_no_obstacle(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->facts.authorization = NULL;
    f->facts.customer = NULL;
    f->facts.unit_price = "";
    f->card.last = NULL;
    f->card.check_count = 0;
    json_t *card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "resaleauthz-1");
    expect_text(card, "not known");
    json_decref(card);
    free(f);
}

/* --- what a decision covers --- */

static void the_decided_text_covers_every_fact(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    char *before = card_plain(&f->card);
    assert_non_null(strstr(before, "CPPO-12 revision 1\n"));
    assert_non_null(strstr(before, "customer=Example Corp\n"));
    assert_non_null(strstr(before, "unit_price=0.0099975\n"));
    assert_non_null(strstr(before, "AWS computes another price"));
    char *field = fixture_offer(&f->request)->markup;
    text_fit(field, DECIMAL_TEXT, "33.4");
    char *after = card_plain(&f->card);
    assert_string_not_equal(before, after);
    free(after);
    text_fit(field, DECIMAL_TEXT, "33.3");
    after = card_plain(&f->card);
    assert_string_equal(before, after);
    free(after);
    free(before);
    free(f);
}

/* --- nothing typed can act --- */

static void typed_text_is_inert_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < EVIL_TEXTS; i++) {
        for (int full = 0; full < 2; full++) {
            for (int at = 0; at < STATES; at++) {
                struct fixture *f = fixture_new();
                f->request.state = (enum request_state)at;
                fixture_spoil(f, evil_texts[i], full);
                f->card.changes = fixture_offer(&f->request)->note;
                f->card.copied = f->card.changes;
                f->request.copy_of = 7;
                f->facts.buyer_url = fixture_offer(&f->request)->eula_url;
                judge_all_of(f, evil_texts[i]);
                free(f);
            }
        }
    }
}

/* Texts made of the characters that mean something to Slack, in any order. */
static void any_text_is_inert(void **state)
{
    (void)state;
    static const char *const pieces[] = {"<",
                                         ">",
                                         "&",
                                         "|",
                                         "!",
                                         "@",
                                         "U0EVIL",
                                         "*",
                                         "_",
                                         "~",
                                         "`",
                                         "\n",
                                         "https://evil.example",
                                         ";",
                                         "lt",
                                         "a",
                                         " ",
                                         "😀",
                                         "ש",
                                         "\xE2\x80\xAE",
                                         "^",
                                         "{date}",
                                         "channel"};
    unsigned seed = 12345;
    for (int round = 0; round < 2000; round++) {
        struct text evil = {0};
        size_t length = 1 + (seed >> 16) % 40;
        for (size_t i = 0; i < length; i++) {
            seed = seed * 1103515245U + 12345U;
            text_add(&evil, pieces[(seed >> 16) % (sizeof(pieces) / sizeof(pieces[0]))]);
        }
        struct fixture *f = fixture_new();
        f->request.state = (enum request_state)(round % STATES);
        fixture_spoil(f, text_get(&evil), round % 3 == 0);
        judge_all_of(f, text_get(&evil));
        free(f);
        text_free(&evil);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_card_shows_the_facts),
        cmocka_unit_test(buttons_fit_the_state),
        cmocka_unit_test(a_button_knows_offer_revision_and_content),
        cmocka_unit_test(approving_asks_first),
        cmocka_unit_test(what_speaks_against_it_stands_in_the_question),
        cmocka_unit_test(a_heading_of_checks_speaks_neither_for_nor_against),
        cmocka_unit_test(as_many_checks_as_there_can_be_fit_on_a_card),
        cmocka_unit_test(what_changed_stands_on_the_card),
        cmocka_unit_test(a_copy_says_of_what_and_in_what_it_differs),
        cmocka_unit_test(decisions_say_who_when_and_why),
        cmocka_unit_test(votes_so_far_stand_beside_the_rule),
        cmocka_unit_test(what_is_missing_is_told_below_the_card),
        cmocka_unit_test(publishing_shows_how_far_it_is),
        cmocka_unit_test(a_published_card_has_id_and_link),
        cmocka_unit_test(who_approved_stands_on_the_card_once),
        cmocka_unit_test(the_buyers_link_stands_in_a_letter_once),
        cmocka_unit_test(an_unknown_authorization_is_no_obstacle),
        cmocka_unit_test(the_decided_text_covers_every_fact),
        cmocka_unit_test(typed_text_is_inert_everywhere),
        cmocka_unit_test(any_text_is_inert),
    };
    return cmocka_run_group_tests_name("views card", tests, NULL, NULL);
}
