/* What approvers say with their decisions: the forms that ask for it, and what becomes of it. */
#include "handlers_fixture.h"

#include "flows/cards_load.h"

static int two_needed(void **state)
{
    (void)state;
    return flows_set_up_with("people:\n  approvers:\n    users: [U0APPROVER, U0MIA]\n"
                             "  operators:\n    users: [U0OPERATOR]\n"
                             "approvals:\n  needed: 2\n");
}

/* A button of the card, or what is chosen of its menu. */
static void press(const char *user, const char *action)
{
    char payload[700];
    snprintf(payload, sizeof(payload),
             "{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\"},\"trigger_id\":\"t\","
             "\"channel\":{\"id\":\"C0APPROVALS\"},\"container\":{\"type\":\"message\","
             "\"message_ts\":\"1795507200.000100\",\"channel_id\":\"C0APPROVALS\"},\"actions\":[{"
             "\"action_id\":"
             "\"%s\",\"block_id\":\"offer_1\",\"selected_option\":{\"value\":\"%s\"},"
             "\"action_ts\":\"2.%zu\"}]}",
             user, action, button_value_now(), flows.count);
    send_envelope("interactive", payload);
}

/* As it was opened from the card by a button with ${value}; ${values}: "block":{"block":{...}}. */
static void send_form(const char *user, const char *form, const char *value, const char *values)
{
    static int count;
    struct form_origin origin = {.form_id = "f9", .place = "C0APPROVALS"};
    assert_true(reference_read(&origin.request, value));
    char *metadata = form_origin_write(&origin);
    json_t *payload =
        json_pack("{s:s, s:{s:s}, s:{s:o, s:s, s:s, s:{s:o}}}", "type", "view_submission", "user",
                  "id", user, "view", "id", json_sprintf("V%d", ++count), "callback_id", form,
                  "private_metadata", metadata, "state", "values", json_loads(values, 0, NULL));
    send_frame("interactive", json_dumps(payload, JSON_COMPACT));
    free(metadata);
    json_decref(payload);
}

#define TYPED(block, text) "\"" block "\":{\"" block "\":{\"value\":\"" text "\"}}"

static void approve_saying(const char *user, const char *comment)
{
    char values[2000];
    snprintf(values, sizeof(values), "{" TYPED("comment", "%s") "}", comment);
    send_form(user, "approve_form", button_value_now(), values);
}

static void know_mia(struct turn *turn, const void *unused)
{
    struct person mia = {.id = "U0MIA", .team = "T0HOME", .known = true};
    (void)unused;
    people_put(turn, &mia);
}

static int64_t count_of(const char *sql)
{
    return store_int(flows.store, sql, SQL_NO_ARGS, -1);
}

static void settle(void)
{
    flows_pass(1200);
    flows_settle_slack();
}

/* The form shows what the approval covers; what is said stays with the vote, in the history, on
 * the card and in the requester's letters. */
static void an_approval_with_a_comment(void **state)
{
    (void)state;
    flows_submit();
    settle();
    press("U0APPROVER", "approve_comment");
    struct sent *form = flows_expect("slack:views.open", "approve_form");
    assert_non_null(strstr(form->body, "\"block_id\":\"comment\""));
    assert_non_null(strstr(form->body, "A release cannot be undone."));
    assert_int_equal(count_of("SELECT count(*) FROM vote"), 0);
    approve_saying("U0APPROVER", "Only this once");
    assert_string_equal(flows_state(1), "approved");
    assert_int_equal(count_of("SELECT count(*) FROM vote WHERE comment = 'Only this once'"), 1);
    assert_int_equal(count_of("SELECT count(*) FROM move WHERE why = 'Only this once'"), 1);
    settle();
    assert_true(flows_count("slack:chat.update", "Only this once") >= 2); /* card and letter */
}

static void a_comment_that_cannot_be_taken_approves_nothing(void **state)
{
    static const char *const bad[][2] = {{"fine \\u202e enif", "U+202E"}, {NULL, "at most 300"}};
    char long_one[COMMENT_POINTS + 2];
    (void)state;
    memset(long_one, 'x', sizeof(long_one) - 1);
    long_one[sizeof(long_one) - 1] = '\0';
    flows_submit();
    for (size_t i = 0; i < 2; i++) {
        approve_saying("U0APPROVER", bad[i][0] != NULL ? bad[i][0] : long_one);
        expect_acked("\"comment\":");
        expect_acked(bad[i][1]);
        assert_string_equal(flows_state(1), "pending");
    }
    send_form("U0APPROVER", "approve_form", "1.1", "{" TYPED("comment", "Mine") "}");
    expect_acked("earlier set of records"); /* and it stands in the form still */
    assert_int_equal(count_of("SELECT count(*) FROM vote"), 0);
}

/* Who approved already, and then thinks of something to say. */
static void a_second_thought_joins_the_first_vote(void **state)
{
    (void)state;
    flows_submit();
    settle();
    flows_do(know_mia, NULL);
    flows_decide(&approve_action, 1, "U0APPROVER");
    approve_saying("U0APPROVER", "Seen the contract");
    assert_int_equal(count_of("SELECT count(*) FROM vote"), 1);
    assert_int_equal(count_of("SELECT count(*) FROM vote WHERE comment = 'Seen the contract'"), 1);
    assert_string_equal(flows_state(1), "pending");
    approve_saying("U0MIA", "Me too");
    assert_string_equal(flows_state(1), "approved");
    settle();
    assert_true(flows_count("slack:chat.update", "Me too") > 0);
    assert_true(flows_count("slack:chat.update", "Seen the contract") > 0);
    flows_do(know_mia, NULL);
    approve_saying("U0MIA", "One word more"); /* it is decided: the words come back */
    settle();
    assert_int_equal(count_of("SELECT count(*) FROM vote WHERE comment = 'Me too'"), 1);
    assert_int_equal(flows_count("slack:chat.postEphemeral", "One word more"), 1);
}

#define CHOSEN(block, value)                                                                       \
    "\"" block "\":{\"" block "\":{\"selected_option\":{\"value\":\"" value "\"}}}"

static void reject_with(const char *values)
{
    send_form("U0APPROVER", "reject_form", button_value_now(), values);
}

/* A code is stored by its name, whatever is said beside it; what people read has both. */
static void a_rejection_has_a_code(void **state)
{
    static const char *const cases[][4] = {
        {"{" CHOSEN("code", "price") "," TYPED("reason", "25, please") "}", "price", "25, please",
         "Price or margin: 25, please"},
        {"{" CHOSEN("code", "not_ours") "}", "not_ours", "", "Not our deal"},
        {"{" CHOSEN("code", "other") "," TYPED("reason", "No") "}", "other", "No", "No"},
        {"{" TYPED("reason", "No") "}", "other", "No", "No"}, /* as forms were before */
        {"{" CHOSEN("code", "of another version") "," TYPED("reason", "No") "}", "other", "No",
         "No"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        flows_submit();
        reject_with(cases[i][0]);
        assert_string_equal(flows_state(1), "rejected");
        struct rows *rows =
            store_query(flows.store,
                        "SELECT code, comment, why, problem FROM vote, move, request"
                        " WHERE event = 'reject'",
                        SQL_NO_ARGS);
        assert_true(rows_next(rows));
        assert_string_equal(rows_text(rows, 0), cases[i][1]);
        assert_string_equal(rows_text(rows, 1), cases[i][2]);
        assert_string_equal(rows_text(rows, 2), cases[i][3]);
        assert_string_equal(rows_text(rows, 3), cases[i][3]);
        rows_close(rows);
        flows_tear_down(NULL);
        flows_set_up(NULL);
    }
}

static void what_fits_no_code_is_said_in_words(void **state)
{
    (void)state;
    flows_submit();
    reject_with("{" CHOSEN("code", "other") "}");
    expect_acked("Say in a few words why");
    reject_with("{}");
    expect_acked("Say in a few words why");
    reject_with("{" CHOSEN("code", "price") "," TYPED("reason", "fine \\u202e enif") "}");
    expect_acked("U+202E");
    assert_string_equal(flows_state(1), "pending");
}

/* Who may reject is looked up first: code and words wait for it. */
static void a_code_waits_with_its_click(void **state)
{
    (void)state;
    flows_submit();
    flows.now += A_WHILE_MS;
    reject_with("{" CHOSEN("code", "timing") "}");
    assert_string_equal(flows_state(1), "pending");
    show("U0APPROVER", "");
    assert_string_equal(flows_state(1), "rejected");
    assert_int_equal(count_of("SELECT count(*) FROM vote WHERE code = 'timing'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(an_approval_with_a_comment),
        FLOWS_TEST(a_rejection_has_a_code),
        FLOWS_TEST(what_fits_no_code_is_said_in_words),
        FLOWS_TEST(a_code_waits_with_its_click),
        FLOWS_TEST(a_comment_that_cannot_be_taken_approves_nothing),
        cmocka_unit_test_setup_teardown(a_second_thought_joins_the_first_vote, two_needed,
                                        flows_tear_down),
    };
    return cmocka_run_group_tests_name("handlers verdicts", tests, NULL, NULL);
}
