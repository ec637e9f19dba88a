/* What approvers ask for in values: read from their words, and taken over by one click of the
 * requester. */
#include "handlers_fixture.h"

#include "offers/proposal.h"
#include "views_expect.h"

/* --- what is read --- */

static void values_are_read_as_people_write_them(void **state)
{
    static const struct {
        const char *remarks;
        const char *markup, *term, *accept_by; /* NULL: as it is */
    } cases[] = {
        {"Markup: 28", "28", NULL, NULL},
        {"Nearly.\n- markup: 28 %.", "28", NULL, NULL},
        {"Markup: at least 28 %", "28", NULL, NULL},
        {"Markup: ≥ 28", "28", NULL, NULL},
        {"Markup: >=28", "28", NULL, NULL},
        {"Markup: 28 or more", "28", NULL, NULL},
        {"Markup: 28 at least", "28", NULL, NULL},
        {"Markup: 20,5", "20.5", NULL, NULL},
        {"Markup: at least 20\nTerm: 3 years", NULL, "P1095D", NULL}, /* it is 25 already */
        {"Term: 1", NULL, "P365D", NULL},
        {"accept_by: 2027-02-20\nTerm: 5 Years", NULL, "P1825D", "2027-02-20"},
    };
    (void)state;
    const struct content now = flows_content();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct content got;
        struct content wanted = now;
        if (cases[i].markup != NULL)
            text_fit(wanted.markup, sizeof(wanted.markup), cases[i].markup);
        if (cases[i].term != NULL)
            text_fit(wanted.term, sizeof(wanted.term), cases[i].term);
        if (cases[i].accept_by != NULL)
            text_fit(wanted.accept_by, sizeof(wanted.accept_by), cases[i].accept_by);
        if (!proposal_read(cases[i].remarks, &now, &got))
            fail_msg("“%s” cannot be taken over", cases[i].remarks);
        char *text = content_write(&got);
        char *other = content_write(&wanted);
        assert_string_equal(text, other);
        free(text);
        free(other);
    }
}

/* What somebody has to read is not sent in without; nor is what changes nothing. */
static void what_is_no_value_is_left_to_be_read(void **state)
{
    static const char *const remarks[] = {
        "",
        "Markup is too low",
        "Markup: 28, or a shorter term",
        "Markup: 28 to 30",
        "Markup: -3",
        "Markup: 0.0125 USD",
        "Markup: 28\nMarkup: 30",
        "Markup: 28\nCustomer: the legal name, please",
        "Markup: 28\nNote: who asked for that?",
        "Markup: 28\nTerm: 4 years",
        "Accept by: end of March",
        "Accept by: 2027-02-31",
        "Markup: 25",
        "Markup: at least 20",
        "Term: 10 years",
    };
    (void)state;
    const struct content now = flows_content();
    struct content got;
    for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++)
        if (proposal_read(remarks[i], &now, &got))
            fail_msg("“%s” is no proposal", remarks[i]);
}

/* --- where it is offered --- */

static struct fixture *asked_for(const char *why)
{
    struct fixture *f = fixture_new();
    f->request.state = STATE_CHANGES_REQUESTED;
    text_fit(f->request.problem, sizeof(f->request.problem), why);
    fixture_move(&f->moves[0], "U0BOSS", EVENT_REQUEST_CHANGES, why);
    return f;
}

static void the_button_says_what_it_changes(void **state)
{
    (void)state;
    struct fixture *f = asked_for("Markup: 35 at least\nTerm: 3 years");
    json_t *card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "Markup: 33.3 % → 35 %\nTerm: 10 years → 3 years\n"
                      "The approvers then decide on it.");
    assert_string_equal(check_text(button_named(card, "agree"), "style"), "primary");
    assert_string_equal(check_text(button_named(card, "edit"), "style"), "");
    json_decref(card);
    f->card.outsiders = true; /* they would read the markup in it */
    expect_buttons(card_message(&f->card), "details edit withdraw");
    free(f);
}

static void without_a_value_there_is_no_button(void **state)
{
    (void)state;
    struct fixture *f = asked_for("Markup: a bit more");
    expect_buttons(card_message(&f->card), "details edit withdraw");
    text_fit(f->request.problem, sizeof(f->request.problem), "Markup: 35"); /* said by AWS */
    fixture_move(&f->moves[0], "aws", EVENT_REFUSE, "Markup: 35");
    expect_buttons(card_message(&f->card), "details edit withdraw");
    f->request.state = STATE_FAILED;
    fixture_move(&f->moves[0], "U0BOSS", EVENT_REQUEST_CHANGES, "Markup: 35");
    expect_buttons(card_message(&f->card), "details edit withdraw copy");
    free(f);
}

/* --- what it does --- */

static void press(const char *user, const char *value)
{
    char payload[700];
    snprintf(payload, sizeof(payload),
             "{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\"},\"trigger_id\":\"t\","
             "\"channel\":{\"id\":\"C0APPROVALS\"},\"container\":{\"type\":\"message\","
             "\"message_ts\":\"1795507200.000100\",\"channel_id\":\"C0APPROVALS\"},\"actions\":[{"
             "\"action_id\":\"agree\",\"block_id\":\"offer_1\",\"value\":\"%s\","
             "\"action_ts\":\"2.%zu\"}]}",
             user, value, flows.count);
    send_envelope("interactive", payload);
}

static void ask_for(struct turn *turn, const void *why)
{
    struct pending_action pending = {.what = &request_changes_action, .request = 1, .revision = 1};
    text_fit(pending.person, sizeof(pending.person), "U0APPROVER");
    text_fit(pending.reason, sizeof(pending.reason), why);
    flows_judge_click(turn, &pending);
}

/* CPPO-1, of which changes were asked for; what its buttons hold. */
static const char *send_back(const char *why)
{
    static char value[REFERENCE_TEXT];
    flows_submit();
    flows_settle_slack();
    flows_do(flows_know, NULL);
    flows_do(ask_for, why);
    flows_settle_slack();
    text_fit(value, sizeof(value), button_value_now());
    return value;
}

static int64_t count_of(const char *sql)
{
    return store_int(flows.store, sql, SQL_NO_ARGS, -1);
}

static void one_click_sends_in_what_was_asked_for(void **state)
{
    (void)state;
    const char *value = send_back("Fine if you get it.\nMarkup: at least 28");
    assert_string_equal(flows_state(1), "changes_requested");
    press("U0SELLER", value);
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(revision(), 2);
    assert_int_equal(count_of("SELECT count(*) FROM revision WHERE revision = 2"
                              " AND instr(content, 'markup=28') > 0"),
                     1);
    assert_int_equal(count_of("SELECT count(*) FROM move WHERE event = 'submit' AND revision = 2"
                              " AND who = 'U0SELLER'"),
                     1);
    /* Nobody's approval came with it. */
    assert_int_equal(count_of("SELECT count(*) FROM vote WHERE verdict = 'approve'"), 0);
    flows_settle_slack();
    press("U0SELLER", value); /* once more: it is at another revision by now */
    assert_int_equal(revision(), 2);
    assert_true(flows_count("slack:chat.postEphemeral", "Nothing was sent.") > 0);
}

static void only_the_requester_sends_it_in(void **state)
{
    (void)state;
    const char *value = send_back("Markup: 28");
    press("U0APPROVER", value);
    assert_string_equal(flows_state(1), "changes_requested");
    assert_int_equal(revision(), 1);
    assert_int_equal(flows_count("slack:chat.postEphemeral", "U0APPROVER"), 1);
}

/* What cannot be sent in as it stands says at which field, and that Edit is the way. */
static void a_value_that_is_wrong_by_now_is_told(void **state)
{
    (void)state;
    const char *value = send_back("Accept by: 2026-01-31");
    press("U0SELLER", value);
    assert_string_equal(flows_state(1), "changes_requested");
    assert_int_equal(flows_count("slack:chat.postEphemeral",
                                 "CPPO-1 was not sent. Accept by: 2026-01-31 has passed"),
                     1);
    assert_int_equal(flows_count("slack:chat.postEphemeral", "Press Edit"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_as_people_write_them),
        cmocka_unit_test(what_is_no_value_is_left_to_be_read),
        cmocka_unit_test(the_button_says_what_it_changes),
        cmocka_unit_test(without_a_value_there_is_no_button),
        FLOWS_TEST(one_click_sends_in_what_was_asked_for),
        FLOWS_TEST(only_the_requester_sends_it_in),
        FLOWS_TEST(a_value_that_is_wrong_by_now_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
