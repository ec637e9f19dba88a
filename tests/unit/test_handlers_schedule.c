/* The form by which a time is set for a release. */
#include "waiting_fixture.h"

static void live_in_berlin(struct turn *turn, const void *unused)
{
    struct person person = {
        .id = "U0SELLER", .team = "T0HOME", .zone = "Europe/Berlin", .known = true};
    (void)unused;
    people_put(turn, &person);
}

static int in_berlin(void **state)
{
    if (set_up(state) != 0)
        return -1;
    flows_submit();
    flows_settle_slack();
    flows_do(live_in_berlin, NULL);
    return 0;
}

#define FORM_TEST(name) cmocka_unit_test_setup_teardown(name, in_berlin, flows_tear_down)

static void press(const char *user)
{
    char payload[700];
    snprintf(payload, sizeof(payload),
             "{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\"},\"trigger_id\":\"t\","
             "\"channel\":{\"id\":\"C0DEALS\"},\"container\":{\"type\":\"message\","
             "\"message_ts\":\"1795507200.000100\",\"is_ephemeral\":true,"
             "\"channel_id\":\"C0DEALS\"},\"actions\":[{"
             "\"action_id\":\"schedule\",\"block_id\":\"offer_1\",\"value\":\"%s\","
             "\"action_ts\":\"2.%zu\"}]}",
             user, button_value_now(), flows.count);
    send_envelope("interactive", payload);
}

/* NULL: left empty. */
static void send_form(const char *user, const char *day, const char *clock, const char *zone)
{
    static int count;
    struct form_origin origin = {.form_id = "f9", .place = "C0DEALS", .whispered = true};
    assert_true(reference_read(&origin.request, button_value_now()));
    char *metadata = form_origin_write(&origin);
    json_t *payload = json_pack(
        "{s:s, s:{s:s}, s:{s:o, s:s, s:s, s:{s:{s:{s:{s:s?}}, s:{s:{s:s?}}, s:{s:{s:s?}}}}}}",
        "type", "view_submission", "user", "id", user, "view", "id", json_sprintf("V%d", ++count),
        "callback_id", "schedule_form", "private_metadata", metadata, "state", "values", "day",
        "day", "selected_date", day, "clock", "clock", "selected_time", clock, "zone", "zone",
        "value", zone);
    send_frame("interactive", json_dumps(payload, JSON_COMPACT));
    free(metadata);
    json_decref(payload);
}

static int64_t set_for(void)
{
    return store_int(flows.store, "SELECT date FROM timing", SQL_NO_ARGS, 0);
}

static void the_form_begins_with_the_clocks_of_who_opens_it(void **state)
{
    (void)state;
    press("U0SELLER");
    struct sent *form = flows_expect("slack:views.open", "schedule_form");
    assert_non_null(strstr(form->body, "\"initial_time\":\"09:00\""));
    assert_non_null(strstr(form->body, "\"initial_value\":\"Europe/Berlin\""));
    assert_null(strstr(form->body, "initial_date"));
    assert_null(strstr(form->body, "To set no time any more"));
}

static void what_is_chosen_is_set_and_shown_again(void **state)
{
    (void)state;
    send_form("U0SELLER", "2026-12-01", "09:30", "Asia/Tokyo");
    assert_int_equal(set_for(), 1796085000000);
    press("U0SELLER");
    struct sent *form = flows_expect("slack:views.open", "schedule_form");
    assert_non_null(strstr(form->body, "\"initial_date\":\"2026-12-01\""));
    assert_non_null(strstr(form->body, "\"initial_time\":\"09:30\""));
    assert_non_null(strstr(form->body, "\"initial_value\":\"Asia/Tokyo\""));
    assert_non_null(strstr(form->body, "To set no time any more"));
    send_form("U0SELLER", NULL, NULL, "Asia/Tokyo");
    assert_int_equal(set_for(), 0);
}

static void an_empty_zone_is_their_own(void **state)
{
    (void)state;
    send_form("U0SELLER", "2026-12-01", "09:00", NULL);
    assert_int_equal(set_for(), 1796112000000);
}

/* Each is said at the field that has to be changed, and nothing typed is lost. */
static void what_is_wrong_is_said_at_its_field(void **state)
{
    static const struct {
        const char *day, *clock, *zone, *field, *words;
    } cases[] = {
        {NULL, "09:00", "UTC", "\"day\":", "Choose date and time, or leave both empty."},
        {"2026-12-01", NULL, "UTC", "\"clock\":", "Choose date and time, or leave both empty."},
        {"2026-11-24", "07:59", "UTC", "\"day\":", "2026-11-24 07:59 UTC has passed."},
        {"2027-01-21", "00:00", "UTC", "\"day\":", "its accept-by date 2027-01-20 has passed"},
        {"2027-03-28", "02:30", NULL, "\"clock\":", "Take 01:59"},
        {"2026-12-01", "09:00", "Europe/Atlantis", "\"zone\":", "I know no place called"},
        {"2026-12-01", "09:00", "my office", "\"zone\":", "Write date, time and place"},
        {"2026-12-01", "09:00", "../etc/passwd", "\"zone\":", "Write date, time and place"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        send_form("U0SELLER", cases[i].day, cases[i].clock, cases[i].zone);
        expect_acked(cases[i].field);
        expect_acked(cases[i].words);
    }
    assert_int_equal(noted("schedule"), 0);
}

static void who_may_not_set_it_is_told_at_the_click_and_when_it_is_sent(void **state)
{
    (void)state;
    press("U0APPROVER");
    assert_null(flows_find("slack:views.open", "schedule_form"));
    send_form("U0APPROVER", "2026-12-01", "09:00", "UTC");
    assert_int_equal(noted("schedule"), 0);
}

static void what_is_out_gets_no_form_but_words(void **state)
{
    (void)state;
    flows_decide(&withdraw_action, 1, "U0SELLER");
    press("U0SELLER");
    assert_null(flows_find("slack:views.open", "schedule_form"));
    send_form("U0SELLER", "2026-12-01", "09:00", "UTC");
    assert_int_equal(noted("schedule"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORM_TEST(the_form_begins_with_the_clocks_of_who_opens_it),
        FORM_TEST(what_is_chosen_is_set_and_shown_again),
        FORM_TEST(an_empty_zone_is_their_own),
        FORM_TEST(what_is_wrong_is_said_at_its_field),
        FORM_TEST(who_may_not_set_it_is_told_at_the_click_and_when_it_is_sent),
        FORM_TEST(what_is_out_gets_no_form_but_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
