/* A new offer that is filled with what another holds. */
#include "handlers_fixture.h"

#include "flows/claims.h"

static void press(const char *user, const char *value)
{
    char payload[600];
    snprintf(payload, sizeof(payload),
             "{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\"},\"trigger_id\":\"t\","
             "\"channel\":{\"id\":\"D1\"},\"container\":{\"type\":\"message\",\"message_ts\":"
             "\"1.1\",\"channel_id\":\"D1\"},\"actions\":[{\"action_id\":\"copy\",\"block_id\":"
             "\"notice_1\",\"value\":\"%s\",\"action_ts\":\"2.%zu\"}]}",
             user, value, flows.count);
    send_envelope("interactive", payload);
}

/* CPPO-1 was asked for by U0SELLER and turned down. */
static void make_rejected(void)
{
    flows_submit();
    flows_decide(&reject_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "rejected");
    flows_forget_slack();
    flows_do(flows_know, NULL);
}

static json_t *view_in(const struct sent *sent)
{
    json_t *body = json_loads(sent->body, 0, NULL);
    json_t *view = json_incref(json_object_get(body, "view"));
    json_decref(body);
    assert_non_null(view);
    return view;
}

/* The form that opened comes back with another markup; ${origin}: its private metadata. */
static void send_back(const char *origin)
{
    json_t *text = json_string(origin);
    char *quoted = json_dumps(text, JSON_ENCODE_ANY);
    char *payload =
        text_format("{\"type\":\"view_submission\",\"user\":{\"id\":\"U0SELLER\"},\"view\":{"
                    "\"callback_id\":\"offer_form\",\"private_metadata\":%s," FORM_STATE "}}",
                    quoted, "Archera - Renewal");
    send_envelope("interactive", payload);
    free(payload);
    free(quoted);
    json_decref(text);
}

static char *origin_of_form(void)
{
    json_t *view = view_in(flows_expect("slack:views.open", "Copy of CPPO-1"));
    char *origin = mem_copy(json_string_value(json_object_get(view, "private_metadata")));
    json_decref(view);
    return origin;
}

/* The card of CPPO-2, once Slack takes the next post. */
static const char *card_now(void)
{
    flows_pass(2000);
    return flows_expect("slack:chat.postMessage", "CPPO-2 · Example Corp")->body;
}

static void the_form_holds_what_the_other_does_but_for_its_date(void **state)
{
    (void)state;
    make_rejected();
    type("U0SELLER", "copy CPPO-1");
    const char *form = flows_expect("slack:views.open", "Copy of CPPO-1")->body;
    assert_non_null(strstr(form, "\"initial_value\":\"Example Corp\""));
    assert_non_null(strstr(form, "\"initial_value\":\"123456789012\""));
    assert_non_null(strstr(form, "\"value\":\"resaleauthz-1\""));
    assert_non_null(strstr(form, "\"initial_date\":\"2027-01-23\"")); /* in sixty days */
    assert_null(strstr(form, "2027-01-20"));
}

static void a_button_opens_the_same(void **state)
{
    (void)state;
    make_rejected();
    press("U0SELLER", button_value_now());
    flows_expect("slack:views.open", "Copy of CPPO-1");
}

static void a_copy_is_a_request_of_its_own_that_says_where_it_comes_from(void **state)
{
    (void)state;
    make_rejected();
    type("U0SELLER", "copy CPPO-1");
    char *origin = origin_of_form();
    send_back(origin);
    send_back(origin); /* as after a lost answer */
    assert_string_equal(flows_state(1), "rejected");
    assert_string_equal(flows_state(2), "pending");
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM request", SQL_NO_ARGS, 0), 2);
    const char *card = card_now();
    assert_non_null(strstr(card, "*Copy of CPPO-1*"));
    assert_non_null(strstr(card, "Offer name: Archera - Subscription → Archera - Renewal"));
    assert_null(strstr(card, "Changed since the last revision"));
    free(origin);
}

/* Of an earlier state file, which had another under this number. */
static void what_was_copied_from_another_book_is_not_named(void **state)
{
    (void)state;
    make_rejected();
    type("U0SELLER", "copy CPPO-1");
    char *origin = origin_of_form();
    char *digest = strstr(origin, "\"copied\":\"1.1.") + strlen("\"copied\":\"1.1.");
    digest[0] = digest[0] == 'a' ? 'b' : 'a';
    send_back(origin);
    assert_string_equal(flows_state(2), "pending");
    assert_null(strstr(card_now(), "Copy of CPPO-1"));
    free(origin);
}

static void who_may_not_see_it_copies_nothing(void **state)
{
    (void)state;
    make_rejected();
    type("U0OTHER", "copy CPPO-1");
    show("U0OTHER", "");
    assert_null(flows_find("slack:views.open", ""));
    flows_expect("slack:chat.postEphemeral", "Only");
}

static int set_up_requesters(void **state)
{
    (void)state;
    return flows_set_up_with("people:\n  approvers:\n    users: [U0APPROVER]\n"
                             "  requesters:\n    users: [U0SELLER]\n");
}

static void who_sees_it_but_may_not_request_copies_nothing(void **state)
{
    (void)state;
    make_rejected();
    type("U0APPROVER", "copy CPPO-1");
    expect_acked("request");
    assert_null(flows_find("slack:views.open", ""));
}

static void claim(struct turn *turn, const void *unused)
{
    struct authorization authorization;
    (void)unused;
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    assert_int_equal(claims_take(turn, &authorization, 1), 0);
}

static void extend_another(struct turn *turn, const void *unused)
{
    struct terms terms = {.count = 0};
    const struct authorization other = {
        .id = "resaleauthz-2", .name = "Another", .product_id = "prod-1", .status = "Active"};
    (void)unused;
    authorizations_put(turn, &other, &terms);
}

static void lose(struct turn *turn, const void *unused)
{
    (void)unused;
    authorizations_lose(turn, "resaleauthz-1");
}

/* The form says so, and chooses no other: its prices are others. */
static void what_cannot_be_sold_under_any_more_is_said(void **state)
{
    (void)state;
    make_rejected();
    flows_do(flows_single_use, NULL);
    flows_do(claim, NULL);
    flows_do(extend_another, NULL);
    type("U0SELLER", "copy CPPO-1");
    const char *form = flows_expect("slack:views.open", "already taken by CPPO-1")->body;
    assert_null(strstr(form, "\"initial_option\":{\"text\":{\"type\":\"plain_text\",\"text\":\"A"
                             "nother"));
    flows_forget_slack();
    flows_do(lose, NULL);
    type("U0SELLER", "copy CPPO-1");
    flows_expect("slack:views.open", "“Archera-Us-Subscription-2024”");
}

static void where_nothing_can_be_sold_no_form_opens(void **state)
{
    (void)state;
    make_rejected();
    flows_do(lose, NULL);
    type("U0SELLER", "copy CPPO-1");
    expect_acked("reading from AWS what may be sold");
    assert_null(flows_find("slack:views.open", ""));
}

static void what_is_not_there_is_not_copied(void **state)
{
    (void)state;
    make_rejected();
    type("U0SELLER", "copy CPPO-9");
    expect_acked("There is no CPPO-9.");
    type("U0SELLER", "copy");
    expect_acked("Type /cppo copy CPPO-12");
    store_run(flows.store, "UPDATE request SET state = 'frozen'", SQL_NO_ARGS);
    type("U0SELLER", "copy CPPO-1");
    expect_acked("CPPO-1 cannot be copied: its state cannot be read");
    assert_null(flows_find("slack:views.open", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(the_form_holds_what_the_other_does_but_for_its_date),
        FLOWS_TEST(a_button_opens_the_same),
        FLOWS_TEST(a_copy_is_a_request_of_its_own_that_says_where_it_comes_from),
        FLOWS_TEST(what_was_copied_from_another_book_is_not_named),
        FLOWS_TEST(who_may_not_see_it_copies_nothing),
        cmocka_unit_test_setup_teardown(who_sees_it_but_may_not_request_copies_nothing,
                                        set_up_requesters, flows_tear_down),
        FLOWS_TEST(what_cannot_be_sold_under_any_more_is_said),
        FLOWS_TEST(where_nothing_can_be_sold_no_form_opens),
        FLOWS_TEST(what_is_not_there_is_not_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
