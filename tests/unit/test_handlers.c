/* What people may begin, before anything is judged. */
#include "envelope_fixture.h"

static void send_envelope(const char *type, const char *payload)
{
    send_frame(type, mem_copy(payload));
}

static void type(const char *user, const char *text)
{
    char payload[300];
    snprintf(payload, sizeof(payload),
             "{\"user_id\":\"%s\",\"channel_id\":\"C0DEALS\",\"trigger_id\":\"t\","
             "\"command\":\"/cppo\",\"text\":\"%s\"}",
             user, text);
    send_envelope("slash_commands", payload);
}

static void become_guest(struct turn *turn, const void *id)
{
    struct person person = {.team = "T0HOME", .known = true, .guest = true};
    text_fit(person.id, sizeof(person.id), id);
    people_put(turn, &person);
}

static void ask_options(const char *user)
{
    char payload[300];
    snprintf(payload, sizeof(payload),
             "{\"type\":\"block_suggestion\",\"user\":{\"id\":\"%s\"},\"action_id\":"
             "\"authorization\",\"block_id\":\"authorization\",\"value\":\"\"}",
             user);
    send_envelope("interactive", payload);
}

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
    type("U0NOBODYKNOWN", "new"); /* what he sends in is judged */
    assert_int_equal(flows_count("slack:views.open", "offer_form"), 2);
}

/* The seller was a member when he sent it in, and is a guest by now. */
static void who_may_not_request_any_more_edits_nothing(void **state)
{
    char submission[1400];
    (void)state;
    flows_submit();
    flows_do(become_guest, "U0SELLER");
    type("U0SELLER", "edit CPPO-1");
    expect_acked("Guests cannot do this");
    snprintf(submission, sizeof(submission),
             "{\"type\":\"view_submission\",\"user\":{\"id\":\"U0SELLER\"},\"view\":{"
             "\"callback_id\":\"offer_form\",\"private_metadata\":"
             "\"{\\\"form\\\":\\\"f2\\\",\\\"offer\\\":1,\\\"revision\\\":1}\",\"state\":{"
             "\"values\":{"
             "\"authorization\":{\"authorization\":{\"selected_option\":{\"value\":"
             "\"resaleauthz-1\"}}},"
             "\"offer_name\":{\"offer_name\":{\"value\":\"Another\"}},"
             "\"customer\":{\"customer\":{\"value\":\"Example Corp\"}},"
             "\"buyers\":{\"buyers\":{\"value\":\"123456789012\"}},"
             "\"markup\":{\"markup\":{\"value\":\"25\"}},"
             "\"term\":{\"term\":{\"selected_option\":{\"value\":\"P3650D\"}}},"
             "\"accept_by\":{\"accept_by\":{\"selected_date\":\"2027-01-20\"}},"
             "\"eula\":{\"eula\":{\"selected_option\":{\"value\":\"as_authorized\"}}}}}}}");
    send_envelope("interactive", submission);
    expect_acked("Guests cannot do this");
    assert_int_equal(store_int(flows.store, "SELECT revision FROM offer", NO_ARGS, 0), 1);
    flows_do(flows_know, NULL); /* a member again */
    send_envelope("interactive", submission);
    assert_int_equal(store_int(flows.store, "SELECT revision FROM offer", NO_ARGS, 0), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(who_may_not_request_sees_no_form),
        FLOWS_TEST(who_may_not_request_any_more_edits_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
