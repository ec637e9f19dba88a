/* A time that is set for a release. */
#include "waiting_fixture.h"

static void set_time(const char *person, const char *time)
{
    struct pending_action pending = {.what = &schedule_action, .request = 1};
    text_fit(pending.person, sizeof(pending.person), person);
    text_fit(pending.reason, sizeof(pending.reason), time);
    flows_do(flows_judge, &pending);
}

/* It is 8:00 UTC, 9:00 in Berlin. */
static void what_is_approved_goes_out_when_its_time_comes(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0SELLER", "2026-11-24 11:30 Europe/Berlin");
    approve_submitted();
    flows_pass(150 * MINUTE_MS - 1 - (flows.now - MORNING_MS));
    assert_false(is_being_released());
    flows_pass(1);
    assert_true(is_being_released());
    assert_int_equal(noted("schedule"), 1);
}

static void what_is_approved_later_goes_out_once_it_is(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    set_time("U0SELLER", "2026-11-24 08:30");
    flows_pass(60 * MINUTE_MS);
    flows_settle_slack();
    assert_int_equal(flows_count("slack:chat.postMessage", "and waits for a decision"), 1);
    assert_true(flows_count("slack:chat.update", "that time has passed") > 0);
    approve_submitted();
    flows_pass(WINDOW_MS);
    assert_true(is_being_released());
}

static void a_time_outlives_the_process_and_later_revisions(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0SELLER", "2026-11-24 10:00");
    flows_do(ask_for_more, NULL);
    restart();
    assert_int_equal(
        store_int(flows.store, "SELECT count(*) FROM timing WHERE date > 0", SQL_NO_ARGS, -1), 1);
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM timer WHERE name = 'release.date' AND dated",
                               SQL_NO_ARGS, -1),
                     1);
}

/* A date is one of the calendar: it comes when the clock says so. */
static void a_clock_that_is_set_back_keeps_its_time_away(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0SELLER", "2026-11-24 08:30");
    approve_submitted();
    flows.now -= 60 * MINUTE_MS;
    flows.set_by -= 60 * MINUTE_MS;
    flows_pass(60 * MINUTE_MS);
    assert_false(is_being_released());
    flows_pass(30 * MINUTE_MS);
    assert_true(is_being_released());
}

static void a_time_is_changed_and_taken_back(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0SELLER", "2026-11-24 08:30");
    set_time("U0OPERATOR", "2026-11-25 08:30");
    approve_submitted();
    flows_pass(60 * MINUTE_MS);
    assert_false(is_being_released());
    set_time("U0SELLER", "off");
    assert_true(is_being_released());
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM timer WHERE name ="
                               " 'release.date'",
                               SQL_NO_ARGS, -1),
                     0);
}

static void what_is_held_when_its_time_comes_stays_and_is_told(void **state)
{
    (void)state;
    submit_and_approve();
    flows_settle_slack();
    hold("U0APPROVER");
    set_time("U0SELLER", "2026-11-24 09:00");
    flows_pass(90 * MINUTE_MS);
    flows_settle_slack();
    assert_false(is_being_released());
    assert_int_equal(flows_count("slack:chat.postMessage", "and is on hold"), 1);
    let_go_on("U0SECOND");
    assert_true(is_being_released());
}

/* What is let go on before its time waits for that. */
static void continue_is_not_release_now(void **state)
{
    (void)state;
    submit_and_approve();
    set_time("U0SELLER", "2026-11-24 10:00");
    hold("U0SELLER");
    let_go_on("U0SELLER");
    assert_false(is_being_released());
    flows_pass(130 * MINUTE_MS);
    assert_true(is_being_released());
}

static void a_time_that_cannot_be_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"2026-11-24 07:59", "2026-11-24 07:59 UTC has passed. Choose a later time."},
        {"2027-03-28 02:30 Europe/Berlin", "Take 01:59"},
        {"2027-01-21 00:00", "its accept-by date 2027-01-20 has passed by then"},
        {"2026-12-01 09:00 Europe/Atlantis", "I know no place called Europe/Atlantis"},
        {"soon", "Write date, time and place"},
    };
    (void)state;
    flows_submit();
    flows_settle_slack();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        set_time("U0SELLER", cases[i][0]);
        if (answered(cases[i][1]) != 1)
            fail_msg("“%s” is not answered with “%s”", cases[i][0], cases[i][1]);
    }
    assert_int_equal(noted("schedule"), 0);
}

static void live_in(struct turn *turn, const void *zone)
{
    struct person person = {.id = "U0SELLER", .team = "T0HOME", .known = true};
    text_fit(person.zone, sizeof(person.zone), zone);
    people_put(turn, &person);
}

static int64_t set_for(void)
{
    return store_int(flows.store, "SELECT date FROM timing", SQL_NO_ARGS, -1);
}

static void without_a_place_the_clocks_of_whoever_sets_it_count(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    flows_do(live_in, "Europe/Berlin");
    set_time("U0SELLER", "2026-12-01 09:00");
    assert_int_equal(set_for(), 1796112000000);
    assert_int_equal(answered("is set for 2026-12-01 09:00 Europe/Berlin, by your time zone in "
                              "Slack; it goes out then"),
                     1);
    set_time("U0SELLER", "2027-03-28 02:30");
    assert_int_equal(answered("There is no 2027-03-28 02:30 Europe/Berlin"), 1);
    set_time("U0SELLER", "2026-12-01 09:00 Asia/Tokyo");
    assert_int_equal(answered("is set for 2026-12-01 09:00 Asia/Tokyo; it goes out then"), 1);
}

static void whose_zone_is_not_known_lives_by_utc_and_is_told(void **state)
{
    static const char *const zones[] = {"", "Europe/Atlantis", "../../etc/passwd"};
    (void)state;
    flows_submit();
    flows_settle_slack();
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        flows_do(live_in, zones[i]);
        set_time("U0SELLER", "2026-12-01 09:00");
        assert_int_equal(set_for(), 1796115600000);
        assert_int_equal(answered("is set for 2026-12-01 09:00 UTC, since Slack names no time zone "
                                  "of yours that I know; it goes out then"),
                         i + 1);
    }
}

static void only_requester_and_operators_set_it(void **state)
{
    (void)state;
    flows_submit();
    set_time("U0APPROVER", "2026-11-24 10:00");
    assert_int_equal(noted("schedule"), 0);
}

static void a_time_that_a_backup_does_not_know_is_no_release(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    one_card_in(1, "until 1796115600");
    no_sets();
    second_look();
    flows_pass(2 * WINDOW_MS);
    assert_false(is_being_released());
    assert_string_equal(flows_state(1), "failed");
}

static void a_time_is_typed(void **state)
{
    (void)state;
    flows_submit();
    type("U0SELLER", "schedule CPPO-1");
    assert_int_equal(noted("schedule"), 0);
    type("U0SELLER", "schedule CPPO-1 2026-12-01 09:00 Europe/Berlin");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM timing WHERE date = 1796112000000"
                               " AND zone = 'Europe/Berlin'",
                               SQL_NO_ARGS, -1),
                     1);
    type("U0SELLER", "list");
    expect_acked("set for <!date^1796112000");
}

static void the_card_of_what_is_set_for_a_time_says_so_to_machines(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    set_time("U0SELLER", "2026-12-01 09:00 Europe/Berlin");
    approve_submitted();
    flows_settle_slack();
    assert_true(flows_count("slack:chat.update", "\"state\":\"until 1796112000\"") > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WAITING_TEST(what_is_approved_goes_out_when_its_time_comes),
        WAITING_TEST(what_is_approved_later_goes_out_once_it_is),
        WAITING_TEST(a_time_outlives_the_process_and_later_revisions),
        WAITING_TEST(a_clock_that_is_set_back_keeps_its_time_away),
        WAITING_TEST(a_time_is_changed_and_taken_back),
        WAITING_TEST(what_is_held_when_its_time_comes_stays_and_is_told),
        WAITING_TEST(continue_is_not_release_now),
        WAITING_TEST(a_time_that_cannot_be_is_refused),
        WAITING_TEST(without_a_place_the_clocks_of_whoever_sets_it_count),
        WAITING_TEST(whose_zone_is_not_known_lives_by_utc_and_is_told),
        WAITING_TEST(only_requester_and_operators_set_it),
        WAITING_TEST(a_time_that_a_backup_does_not_know_is_no_release),
        WAITING_TEST(a_time_is_typed),
        WAITING_TEST(the_card_of_what_is_set_for_a_time_says_so_to_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
