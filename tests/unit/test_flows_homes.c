/* The app's Home tab. */
#include "handlers_fixture.h"

#include "offers/filter.h"

/* --- opening it --- */

static void open_tab(const char *user, const char *tab)
{
    static int event;
    send_frame(
        "events_api",
        text_format("{\"type\":\"event_callback\",\"event_id\":\"Ev%d\",\"event\":{\"type\":"
                    "\"app_home_opened\",\"user\":\"%s\",\"channel\":\"D1\",\"tab\":\"%s\"}}",
                    ++event, user, tab));
}

static void open_home(const char *user)
{
    open_tab(user, "home");
}

static void use_home(const char *user, const char *action, const char *value)
{
    static int click;
    send_frame(
        "interactive",
        text_format("{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\"},\"trigger_id\":\"t\","
                    "\"container\":{\"type\":\"view\",\"view_id\":\"V1\"},\"view\":{\"id\":"
                    "\"V1\",\"type\":\"home\"},\"actions\":[{\"action_id\":\"%s\",\"value\":"
                    "\"%s\",\"action_ts\":\"4.%d\"}]}",
                    user, action, value, ++click));
}

/* What ${user} sees by now: the newest that was published for them, which Slack takes. */
static char *home_of(const char *user)
{
    char *named = text_format("\"user_id\":\"%s\"", user);
    char *shown = mem_copy("");
    for (size_t i = 0; i < flows.count; i++) {
        struct sent *sent = &flows.sent[i];
        if (strcmp(sent->call, "slack:views.publish") != 0 || strstr(sent->body, named) == NULL)
            continue;
        free(shown);
        shown = mem_copy(sent->body);
        if (sent->open)
            flows_answer("slack:views.publish", named, "{\"ok\":true}");
    }
    free(named);
    return shown;
}

static void expect_home(const char *user, const char *part)
{
    flows_pass(2000);
    char *shown = home_of(user);
    if (strstr(shown, part) == NULL)
        fail_msg("“%s” is not in %s", part, shown);
    free(shown);
}

static void expect_not_home(const char *user, const char *part)
{
    flows_pass(2000);
    char *shown = home_of(user);
    if (strstr(shown, part) != NULL)
        fail_msg("“%s” is in %s", part, shown);
    free(shown);
}

static void offers(int count)
{
    for (int i = 0; i < count; i++) {
        flows_submit();
        flows_forget_slack();
    }
    flows_do(flows_know, NULL);
}

static void a_home_shows_what_is_theirs_and_what_waits(void **state)
{
    (void)state;
    offers(1);
    open_home("U0SELLER");
    expect_home("U0SELLER", "Your offers");
    expect_home("U0SELLER", "Yours: 🟡 1 Waiting for approval");
    expect_home("U0SELLER", "\"action_id\":\"withdraw\"");
    expect_home("U0SELLER", "\"action_id\":\"edit\"");
    expect_home("U0SELLER", "\"action_id\":\"new_offer\"");
    expect_not_home("U0SELLER", "approve_again");
    expect_not_home("U0SELLER", "0.009375");
    open_home("U0APPROVER");
    expect_home("U0APPROVER", "markup 25 % · accept by 2027-01-20 · 0.009375 USD per unit");
    expect_home("U0APPROVER", "\"action_id\":\"approve_again\"");
    expect_home("U0APPROVER", "No offers yet.");
    expect_not_home("U0APPROVER", "\"action_id\":\"withdraw\"");
}

static void the_tab_of_messages_is_no_home(void **state)
{
    (void)state;
    offers(1);
    open_tab("U0SELLER", "messages");
    flows_pass(5000);
    assert_int_equal(flows_count("slack:views.publish", ""), 0);
}

/* Who has never opened it costs nothing, and is sent nothing. */
static void what_changes_is_shown_to_whom_it_concerns(void **state)
{
    (void)state;
    offers(1);
    flows_pass(5000);
    assert_int_equal(flows_count("slack:views.publish", ""), 0);
    open_home("U0SELLER");
    open_home("U0APPROVER");
    expect_home("U0APPROVER", "*CPPO-1*");
    flows_decide(&reject_action, 1, "U0APPROVER");
    expect_home("U0SELLER", "*CPPO-1* · Rejected");
    expect_home("U0APPROVER", "Nothing is waiting for approval.");
    assert_int_equal(flows_count("slack:views.publish", "U0OPERATOR"), 0);
}

/* Two are to approve: whoever has waits for the other. */
static void what_one_has_approved_waits_for_others(void **state)
{
    (void)state;
    flows_tear_down(NULL);
    flows_set_up_with("people:\n  approvers:\n    users: [U0APPROVER, U0OPERATOR]\n"
                      "approvals:\n  needed: 2\n");
    offers(1);
    open_home("U0APPROVER");
    expect_not_home("U0APPROVER", "you have approved it");
    flows_decide(&approve_action, 1, "U0APPROVER");
    expect_home("U0APPROVER", "you have approved it");
}

/* Where Slack is slow, the newest takes the place of what waits. */
static void a_newer_home_takes_the_place_of_one_that_waits(void **state)
{
    (void)state;
    offers(1);
    open_home("U0SELLER");
    assert_int_equal(flows_count("slack:views.publish", ""), 1); /* under way */
    use_home("U0SELLER", "home_filter", "by:me state:failed");
    use_home("U0SELLER", "home_filter", "by:me state:pending");
    flows_answer("slack:views.publish", "U0SELLER", "{\"ok\":true}");
    flows_pass(2000);
    assert_int_equal(flows_count("slack:views.publish", ""), 2);
    assert_int_equal(flows_count("slack:views.publish", "Yours, waiting for approval"), 1);
}

static void what_is_searched_for_stays_until_the_overview(void **state)
{
    (void)state;
    offers(2);
    open_home("U0SELLER");
    use_home("U0SELLER", "home_search", "example state:pending");
    expect_home("U0SELLER", "Offers found");
    expect_home("U0SELLER", "customer “example…”");
    flows_decide(&reject_action, 2, "U0APPROVER");
    expect_home("U0SELLER", "Offers found");
    expect_not_home("U0SELLER", "*CPPO-2*");
    use_home("U0SELLER", "home_search", "stat:pending");
    expect_home("U0SELLER", "“stat” is no filter. Did you mean state:pending?");
    use_home("U0SELLER", "home_overview", "-");
    expect_home("U0SELLER", "*CPPO-2* · Rejected");
}

/* Each leads to its list, whatever else is there, and stands above it as what was chosen. */
static void what_is_chosen_is_shown_and_stays_chosen(void **state)
{
    static const struct {
        const char *query, *label, *found;
    } chosen[] = {
        {"by:me state:pending", "Mine: waiting for approval", "Nothing is waiting for approval."},
        {"by:me", "Mine: all", "No offers yet."},
        {"state:pending age:>3d", "Everybody's: waiting for more than 3 days", "No offers like"},
        {"state:all", "Everybody's: all", "All offers"},
    };
    (void)state;
    offers(1);
    open_home("U0APPROVER");
    for (size_t i = 0; i < 4; i++) {
        char *option = text_format("\"initial_option\":{\"text\":{\"type\":\"plain_text\","
                                   "\"text\":\"%s\"",
                                   chosen[i].label);
        expect_not_home("U0APPROVER", option);
        use_home("U0APPROVER", "home_filter", chosen[i].query);
        expect_home("U0APPROVER", option);
        expect_home("U0APPROVER", chosen[i].found);
        expect_home("U0APPROVER", "\"action_id\":\"home_overview\"");
        free(option);
    }
    expect_home("U0APPROVER", "*CPPO-1*");
}

/* 100 blocks and 250 kB, however much waits. */
static void a_long_list_is_turned_over(void **state)
{
    (void)state;
    offers(25);
    open_home("U0APPROVER");
    expect_home("U0APPROVER", "The oldest 5 of 25.");
    use_home("U0APPROVER", "home_filter", "state:pending");
    expect_home("U0APPROVER", "The oldest 20 of 25.");
    char *shown = home_of("U0APPROVER");
    json_t *body = json_loads(shown, 0, NULL);
    assert_in_range(json_array_size(json_object_get(json_object_get(body, "view"), "blocks")), 40,
                    100);
    assert_in_range(strlen(shown), 1, 250000);
    json_decref(body);
    free(shown);
    use_home("U0APPROVER", "home_on", ">20 state:pending");
    expect_home("U0APPROVER", "*CPPO-25*");
    expect_not_home("U0APPROVER", "*CPPO-20*");
}

/* A page is a key to what its reader may see. */
static void others_offers_are_shown_to_nobody_else(void **state)
{
    static const char *const forged[] = {"state:pending", ">0 x", "by:U0SELLER", "example"};
    (void)state;
    offers(1);
    flows_do(become_guest, "U0GUEST");
    open_home("U0GUEST");
    expect_home("U0GUEST", "Guests cannot do this");
    expect_not_home("U0GUEST", "CPPO-1");
    for (size_t i = 0; i < 4; i++) {
        use_home("U0GUEST", "home_on", forged[i]);
        expect_not_home("U0GUEST", "Example Corp");
        use_home("U0NEW", "home_on", forged[i]);
        expect_not_home("U0NEW", "Example Corp");
    }
}

static void who_is_not_known_yet_waits_for_slack(void **state)
{
    (void)state;
    offers(1);
    open_home("U0NEW");
    expect_home("U0NEW", "One moment: I am asking Slack who you are.");
    show("U0NEW", "");
    expect_home("U0NEW", "No offers yet.");
    open_home("U0GUEST");
    expect_home("U0GUEST", "One moment");
    show("U0GUEST", ",\"is_restricted\":true");
    expect_home("U0GUEST", "Guests cannot do this");
}

static void a_home_is_the_present_after_a_restart(void **state)
{
    (void)state;
    offers(1);
    open_home("U0SELLER");
    expect_home("U0SELLER", "Waiting for approval");
    flows_decide(&reject_action, 1, "U0APPROVER"); /* and the process ends */
    flows_stop();
    flows_start();
    flows_do(flows_know, NULL);
    expect_home("U0SELLER", "*CPPO-1* · Rejected");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_home_shows_what_is_theirs_and_what_waits),
        FLOWS_TEST(the_tab_of_messages_is_no_home),
        FLOWS_TEST(what_changes_is_shown_to_whom_it_concerns),
        FLOWS_TEST(what_one_has_approved_waits_for_others),
        FLOWS_TEST(a_newer_home_takes_the_place_of_one_that_waits),
        FLOWS_TEST(what_is_searched_for_stays_until_the_overview),
        FLOWS_TEST(what_is_chosen_is_shown_and_stays_chosen),
        FLOWS_TEST(a_long_list_is_turned_over),
        FLOWS_TEST(others_offers_are_shown_to_nobody_else),
        FLOWS_TEST(who_is_not_known_yet_waits_for_slack),
        FLOWS_TEST(a_home_is_the_present_after_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
