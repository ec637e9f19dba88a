/* Approving alone in an emergency: who may, what must be said, and who is told. */
#include "handlers_fixture.h"

#include "flows/cards_load.h"
#include "views/announcement.h"

static int set_up(void **state)
{
    (void)state;
    return flows_set_up_with("people:\n  approvers:\n    users: [U0APPROVER, U0MIA]\n"
                             "  operators:\n    users: [U0OPERATOR]\n"
                             "approvals:\n  needed: 2\n  break_glass: chiefs\n  groups:\n"
                             "    - {name: chiefs, users: [U0APPROVER, U0SELLER]}\n");
}

static int without(void **state)
{
    (void)state;
    return flows_set_up_with("people:\n  approvers:\n    users: [U0APPROVER, U0MIA]\n"
                             "  operators:\n    users: [U0OPERATOR]\n"
                             "approvals:\n  needed: 2\n");
}

static void settle(void)
{
    flows_pass(1200);
    flows_settle_slack();
}

/* As the form has it that was opened last, or would have been. */
static void send_reason(const char *user, const char *value, const char *reason)
{
    static int count;
    struct form_origin origin = {.form_id = "f9", .place = "C0DEALS"};
    assert_true(reference_read(&origin.request, value));
    char *metadata = form_origin_write(&origin);
    json_t *payload = json_pack(
        "{s:s, s:{s:s}, s:{s:o, s:s, s:s, s:{s:{s:{s:{s:s}}}}}}", "type", "view_submission", "user",
        "id", user, "view", "id", json_sprintf("V%d", ++count), "callback_id", "break_glass_form",
        "private_metadata", metadata, "state", "values", "reason", "reason", "value", reason);
    send_frame("interactive", json_dumps(payload, JSON_COMPACT));
    free(metadata);
    json_decref(payload);
}

static size_t told(const char *part)
{
    return flows_count("slack:chat.postMessage", part);
}

static int64_t count_of(const char *sql)
{
    return store_int(flows.store, sql, SQL_NO_ARGS, -1);
}

static void expect_announced(struct turn *turn, const void *unused)
{
    struct loaded_card *loaded = cards_load(turn, 1);
    json_t *message = announcement_message(cards_view(loaded));
    char *words = json_dumps(message, 0);
    (void)unused;
    assert_non_null(strstr(words, "break-glass: one person approved it alone"));
    assert_null(strstr(words, "The quarter ends"));
    free(words);
    json_decref(message);
    cards_free(loaded);
}

static void it_needs_one_person_and_all_are_told(void **state)
{
    (void)state;
    flows_submit();
    settle();
    type("U0APPROVER", "break-glass CPPO-1 The quarter ends");
    struct sent *form = flows_expect("slack:views.open", "break_glass_form");
    assert_non_null(strstr(form->body, "\"initial_value\":\"The quarter ends\""));
    assert_non_null(strstr(form->body, "Why can it not wait for the others?"));
    send_reason("U0APPROVER", button_value_now(), "The quarter ends");
    assert_string_equal(flows_state(1), "approved");
    assert_int_equal(count_of("SELECT count(*) FROM vote WHERE step = 'break glass' AND"
                              " comment = 'The quarter ends' AND rule LIKE 'break-glass, and not: "
                              "2 approvals are needed%'"),
                     1);
    assert_int_equal(count_of("SELECT count(*) FROM move WHERE event = 'approve' AND"
                              " why = 'break-glass: The quarter ends'"),
                     1);
    settle();
    assert_int_equal(told("Hold and Withdraw still stop it until it is released. <@U0MIA>"), 1);
    assert_int_equal(told("approvals.break_glass says who may"), 1);
    assert_true(flows_count("slack:chat.update", "Break-glass, approved alone by ") > 0);
    flows_do(expect_announced, NULL);
}

static void a_reason_must_be_given(void **state)
{
    (void)state;
    flows_submit();
    settle();
    send_reason("U0APPROVER", button_value_now(), "  ");
    expect_acked("Say why it cannot wait for the others");
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(count_of("SELECT count(*) FROM vote"), 0);
}

static void know_operator(struct turn *turn, const void *unused)
{
    struct person person = {.id = "U0OPERATOR", .team = "T0HOME", .known = true};
    (void)unused;
    people_put(turn, &person);
}

/* Their own is never theirs to approve, however it is asked for. */
static void nobody_else_may(void **state)
{
    static const char *const others[][2] = {
        {"U0SELLER", "You requested this offer"},
        {"U0OPERATOR", "You are not one of those who may approve alone"}};
    (void)state;
    flows_submit();
    settle();
    flows_do(know_operator, NULL);
    for (size_t i = 0; i < 2; i++) {
        type(others[i][0], "break-glass CPPO-1");
        expect_acked(others[i][1]);
        send_reason(others[i][0], button_value_now(), "Please");
        settle();
        assert_string_equal(flows_state(1), "pending");
    }
    assert_null(flows_find("slack:views.open", "break_glass_form"));
}

static void nobody_may_where_nobody_is_configured(void **state)
{
    (void)state;
    flows_submit();
    settle();
    send_reason("U0APPROVER", button_value_now(), "Please");
    settle();
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(count_of("SELECT count(*) FROM vote"), 0);
}

static void what_was_changed_meanwhile_is_not_approved(void **state)
{
    char value[REFERENCE_TEXT];
    (void)state;
    flows_submit();
    settle();
    text_fit(value, sizeof(value), button_value_now());
    flows_decide(&request_changes_action, 1, "U0APPROVER");
    send_reason("U0APPROVER", value, "Please");
    settle();
    assert_string_equal(flows_state(1), "changes_requested");
    type("U0APPROVER", "break-glass CPPO-1");
    expect_acked("does not wait for an approval: it is now “Changes requested”");
    type("U0APPROVER", "break-glass CPPO-7");
    expect_acked("There is no CPPO-7.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_needs_one_person_and_all_are_told, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(a_reason_must_be_given, set_up, flows_tear_down),
        cmocka_unit_test_setup_teardown(nobody_else_may, set_up, flows_tear_down),
        cmocka_unit_test_setup_teardown(nobody_may_where_nobody_is_configured, without,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(what_was_changed_meanwhile_is_not_approved, set_up,
                                        flows_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
