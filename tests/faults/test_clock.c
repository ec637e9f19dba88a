/* Days that take their time, on a clock that does not: what the bot does when answers, people or
 * clocks are late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../sandbox/market.h"
#include "io/store.h"
#include "sim_desk.h"
#include "text.h"

static struct sim sim;

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static int set_up(void **state)
{
    (void)state;
    sim_open(&sim, 1, config, dir);
    sim.scripted = true;
    sim.market->prepare_ms = 20 * SECOND;
    sim.market->apply_ms = 40 * SECOND;
    sim_run(&sim, MINUTE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sim_close(&sim);
    return 0;
}

#define expect(condition, words)                                                                   \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("expected that %s", (words));                                                 \
    } while (0)

static bool is_in(const char *state)
{
    return store_int(sim.store, "SELECT 1 FROM request WHERE number = 1 AND state = ?",
                     SQL_ARGS(SQL_TEXT(state)), 0) != 0;
}

static size_t drafts(void)
{
    return json_object_size(sim.market->offers);
}

static size_t change_sets(void)
{
    return json_object_size(sim.market->change_sets);
}

static void request(void)
{
    people_type(&sim, "U0SUE", "new");
    sim_run(&sim, 2 * SECOND);
    people_send_form(&sim, "U0SUE", NULL);
    sim_run(&sim, 2 * SECOND);
    expect(is_in("pending"), "the offer is there");
}

static void publish(void)
{
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, HOUR);
    expect(is_in("published"), "it is published in the end");
    expect(slack_count(&sim, "C0OFFERS", "is published") == 1, "it is announced once");
    expect(drafts() == 1, "there is one draft");
}

static void a_change_set_takes_two_hours(void **state)
{
    (void)state;
    json_array_append_new(sim.market->orders, json_pack("{s:s}", "change_set", "hold"));
    request();
    sim_run(&sim, 2 * HOUR);
    expect(slack_count(&sim, "C0OPERATORS", "for over an hour") == 1,
           "the operators are told once that it takes long");
    expect(is_in("pending"), "nothing is given up");
    changes_release_holds(sim.market);
    publish();
}

static void nobody_may_be_judged(void **state)
{
    (void)state;
    request();
    sim_run(&sim, 2 * MINUTE);
    sim.refused_call = "slack:usergroups.users.list";
    sim.refused_code = "internal_error";
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, 29 * SECOND);
    expect(slack_count(&sim, "U0MIA", "Please click again") == 0, "the click waits for the lists");
    sim_run(&sim, 5 * SECOND);
    expect(slack_count(&sim, "U0MIA", "Please click again") == 1, "it lapses, and they are told");
    sim.refused_call = NULL;
    sim_run(&sim, 10 * MINUTE);
    expect(is_in("pending"), "a click that lapsed decides nothing, ever");
    publish();
}

static void the_accept_by_date_goes_by(void **state)
{
    (void)state;
    people_type(&sim, "U0SUE", "new");
    sim_run(&sim, 2 * SECOND);
    people_send_form(&sim, "U0SUE", "accept_by", "2026-11-26", NULL);
    sim_run(&sim, 30 * HOUR);
    expect(is_in("pending"), "it waits as long as it can");
    sim_run(&sim, 40 * HOUR);
    expect(is_in("changes_requested"), "then it goes back");
    expect(slack_count(&sim, "U0SUE", "accept-by date passed before") > 0,
           "the requester hears why");
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, MINUTE);
    expect(slack_count(&sim, "U0MIA", "can no longer") == 1, "nobody can approve it now");
    people_type(&sim, "U0SUE", "edit CPPO-1");
    sim_run(&sim, 2 * SECOND);
    people_send_form(&sim, "U0SUE", "accept_by", "2027-02-01", NULL);
    sim_run(&sim, HOUR);
    people_click(&sim, "U0MIA", "approve", 1, 2);
    sim_run(&sim, HOUR);
    expect(is_in("published"), "with a later date it is published");
}

static void a_channel_is_shut(void **state)
{
    (void)state;
    sim.refused_call = "slack:chat.postMessage";
    sim.refused_code = "is_archived";
    people_type(&sim, "U0SUE", "new");
    sim_run(&sim, 2 * SECOND);
    people_send_form(&sim, "U0SUE", NULL);
    sim_run(&sim, 10 * MINUTE);
    expect(is_in("pending"), "the offer is kept");
    expect(slack_count(&sim, "C0APPROVALS", "CPPO-1") == 0, "its card cannot be shown");
    sim.refused_call = NULL;
    sim_run(&sim, 2 * MINUTE);
    expect(slack_count(&sim, "C0APPROVALS", "CPPO-1") == 1, "it is shown when that is fixed");
    publish();
}

/* Absence counts only after two empty looks ten minutes apart; then the same bytes go out again. */
static void a_start_is_lost(void **state)
{
    (void)state;
    sim.lost_call = "aws:StartChangeSet";
    sim.lost_count = 1;
    request();
    sim_run(&sim, 9 * MINUTE);
    expect(change_sets() == 0, "nothing is sent again blindly");
    sim_run(&sim, 10 * MINUTE);
    expect(change_sets() == 1, "after two empty looks it is");
    publish();
}

static void an_answer_is_lost(void **state)
{
    (void)state;
    sim.lost_call = "aws:StartChangeSet";
    sim.lost_count = 1;
    sim.lost_after = true;
    request();
    sim_run(&sim, 30 * MINUTE);
    expect(change_sets() == 1, "what was started is found by its name");
    sim.lost_count = 1;
    publish();
    expect(change_sets() == 2, "one made it, one released it");
}

/* Neither the list of change sets nor the answer tells: the draft itself is found. */
static void only_the_draft_can_be_found(void **state)
{
    (void)state;
    sim.lost_call = "aws:StartChangeSet";
    sim.lost_count = 1;
    sim.lost_after = true;
    request();
    sim_run(&sim, SECOND);
    const char *id;
    json_t *set;
    json_object_foreach(sim.market->change_sets, id, set)
    {
        json_object_set_new(set, "ChangeSetName", json_string("forgotten"));
    }
    sim_run(&sim, 2 * MINUTE);
    json_object_clear(sim.market->change_sets); /* or it would be a stranger's */
    sim_run(&sim, 30 * MINUTE);
    expect(change_sets() == 0, "it is not started a second time");
    publish();
}

static void slack_is_away_for_ten_minutes(void **state)
{
    (void)state;
    request();
    sim.lost_call = "slack:chat.postMessage";
    sim.lost_count = -1;
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, 10 * MINUTE);
    sim.lost_count = 0;
    sim_run(&sim, 20 * MINUTE);
    expect(is_in("published"), "publishing does not wait for Slack");
    expect(slack_count(&sim, "C0OFFERS", "is published") == 1, "it is announced once all the same");
    expect(slack_count(&sim, "U0SUE", "Published") > 0, "the requester is told");
}

static void aws_is_away_for_three_hours(void **state)
{
    (void)state;
    request();
    sim_run(&sim, 10 * MINUTE);
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, 10 * SECOND);
    sim.lost_call = "aws:DescribeChangeSet";
    sim.lost_count = -1;
    sim_run(&sim, 3 * HOUR);
    expect(is_in("publishing"), "it waits for AWS");
    sim.lost_count = 0;
    sim_run(&sim, HOUR);
    expect(is_in("published"), "it is published when AWS is back");
    expect(slack_count(&sim, "C0OFFERS", "is published") == 1, "it is announced once");
    expect(change_sets() == 2, "one made it, one released it");
}

/* It was approved in time, AWS took its time, and then does not release what nobody could accept
 * any more. */
static void the_date_goes_by_while_aws_works(void **state)
{
    (void)state;
    people_type(&sim, "U0SUE", "new");
    sim_run(&sim, 2 * SECOND);
    people_send_form(&sim, "U0SUE", "accept_by", "2026-11-26", NULL);
    sim_run(&sim, 10 * MINUTE);
    json_array_append_new(sim.market->orders, json_pack("{s:s}", "change_set", "hold"));
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, 70 * HOUR);
    expect(is_in("publishing"), "what AWS works on is not given up");
    changes_release_holds(sim.market);
    sim_run(&sim, 10 * MINUTE);
    expect(is_in("failed"), "what AWS does not release has failed");
    expect(slack_count(&sim, "C0OFFERS", "is published") == 0, "nothing is announced");
    people_type(&sim, "U0SUE", "edit CPPO-1");
    sim_run(&sim, 2 * SECOND);
    people_send_form(&sim, "U0SUE", "accept_by", "2027-02-01", NULL);
    sim_run(&sim, 10 * MINUTE);
    people_click(&sim, "U0MIA", "approve", 1, 2);
    sim_run(&sim, HOUR);
    expect(is_in("published"), "with a later date it is published");
}

/* A click says where its card stands before the answer to the post does. */
static void a_click_tells_where_the_card_stands(void **state)
{
    (void)state;
    sim.lost_call = "slack:chat.postMessage";
    sim.lost_count = 1;
    sim.lost_after = true;
    request();
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, HOUR);
    expect(is_in("published"), "it is published");
    expect(slack_count(&sim, "C0APPROVALS", "CPPO-1") == 1, "there is one card");
    expect(store_int(sim.store, "SELECT count(*) FROM effect WHERE state = 'unknown'", SQL_NO_ARGS,
                     0) == 0,
           "nothing is unknown for ever");
}

static void the_clock_jumps(void **state)
{
    (void)state;
    request();
    sim.skew = HOUR;
    sim_run(&sim, 5 * MINUTE);
    expect(is_in("pending"), "an hour ahead changes nothing");
    sim.skew = -HOUR;
    sim_run(&sim, 5 * MINUTE);
    expect(is_in("pending"), "nor an hour back");
    publish();
}

/* It ran two hours ahead, was killed when a change set had just been started, and started again
 * with the right time. */
static void the_clock_is_right_again_after_a_kill(void **state)
{
    (void)state;
    sim.skew = 2 * HOUR;
    sim.dying = true;
    sim_run(&sim, MINUTE);
    request();
    sim_run(&sim, 5 * MINUTE);
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, 5 * SECOND);
    expect(is_in("publishing"), "the release is under way");
    sim.dying = true;
    sim.skew = 0;
    sim_run(&sim, 150 * SECOND);
    expect(is_in("published"), "the release is noticed as soon as ever");
    expect(slack_count(&sim, "C0OFFERS", "is published") == 1, "it is announced once");
}

/* What was lost may arrive minutes later: an hour on the clock is no proof that it did not. */
static void the_clock_jumps_while_a_start_is_looked_for(void **state)
{
    (void)state;
    sim.lost_call = "aws:StartChangeSet";
    sim.lost_count = 1;
    request();
    sim_run(&sim, MINUTE);
    sim.skew = HOUR;
    sim_run(&sim, 8 * MINUTE);
    expect(change_sets() == 0, "nothing is sent again sooner for it");
    sim_run(&sim, 10 * MINUTE);
    expect(change_sets() == 1, "after ten true minutes it is");
    publish();
}

/* --- the edges of an accept-by date --- */

static int64_t utc(const char *text)
{
    struct tm when = {0};
    assert_non_null(strptime(text, "%Y-%m-%dT%H:%M:%S", &when));
    return (int64_t)timegm(&when) * 1000;
}

/* Let it become that moment; what was to happen meanwhile is late, as after a machine's sleep. */
static void sleep_until(const char *moment)
{
    sim.now = utc(moment);
    sim_run(&sim, MINUTE);
}

static void go_on_until(const char *moment)
{
    sim_run(&sim, utc(moment) - sim.now);
}

static void request_by(const char *accept_by)
{
    people_type(&sim, "U0SUE", "new");
    sim_run(&sim, 2 * SECOND);
    people_send_form(&sim, "U0SUE", "accept_by", accept_by, NULL);
    sim_run(&sim, 10 * MINUTE);
}

/* A day of UTC, wherever the machine stands and whatever its clock on the wall does on that day. */
static const struct edge {
    const char *zone, *before, *date, *last_chance, *too_late, *not_yet, *past, *expired;
} edges[] = {
    {"UTC", "2028-02-28T10:00:00", "2028-02-29", "2028-02-28T23:59:50", "2028-02-29T00:00:10",
     "2028-02-29T23:59:59", "2028-03-01T01:01:00", "2028-03-01T02:01:00"},
    {"Europe/Berlin", "2027-03-27T10:00:00", "2027-03-28", "2027-03-27T23:59:50",
     "2027-03-28T00:00:10", "2027-03-28T23:59:59", "2027-03-29T01:01:00", "2027-03-29T02:01:00"},
    {"America/New_York", "2027-11-06T10:00:00", "2027-11-07", "2027-11-06T23:59:50",
     "2027-11-07T00:00:10", "2027-11-07T23:59:59", "2027-11-08T01:01:00", "2027-11-08T02:01:00"},
    {"Pacific/Auckland", "2038-01-18T10:00:00", "2038-01-19", "2038-01-18T23:59:50",
     "2038-01-19T00:00:10", "2038-01-19T23:59:59", "2038-01-20T01:01:00", "2038-01-20T02:01:00"},
};

/* Every edge in a world of its own. */
static void at_every_edge(void (*live)(const struct edge *edge))
{
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
        setenv("TZ", edges[i].zone, 1);
        tzset();
        sleep_until(edges[i].before);
        request_by(edges[i].date);
        expect(is_in("pending"), "the next day is a date that the form takes");
        live(&edges[i]);
        tear_down(NULL);
        set_up(NULL);
    }
    unsetenv("TZ");
    tzset();
}

static void approve_in_time(const struct edge *edge)
{
    go_on_until(edge->last_chance);
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, 10 * MINUTE);
    expect(is_in("published"), "what is approved on the day before is published");
    go_on_until(edge->not_yet);
    expect(is_in("published"), "it stays so to the last second of its date");
    go_on_until(edge->expired);
    expect(is_in("expired"), "then it expires");
}

static void an_offer_expires_after_its_date(void **state)
{
    (void)state;
    at_every_edge(approve_in_time);
}

static void approve_too_late(const struct edge *edge)
{
    go_on_until(edge->too_late);
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, 10 * MINUTE);
    expect(is_in("pending"), "on the date itself it is too late to approve");
    expect(slack_count(&sim, "U0MIA", "has passed or is too soon") == 1, "who tries hears why");
    go_on_until(edge->not_yet);
    expect(is_in("pending"), "it waits to the last second of its date");
    go_on_until(edge->past);
    expect(is_in("changes_requested"), "then it goes back to its requester");
}

static void an_offer_lapses_after_its_date(void **state)
{
    (void)state;
    at_every_edge(approve_too_late);
}

static void decide_by_a_wrong_clock(const struct edge *edge)
{
    go_on_until(edge->last_chance);
    sim.skew = 6 * HOUR;
    sim_run(&sim, MINUTE);
    sim.skew = 0;
    expect(is_in("pending"), "a clock six hours ahead takes nothing away on the day before");
    go_on_until(edge->not_yet);
    sim.skew = 6 * HOUR;
    sim_run(&sim, MINUTE);
    expect(is_in("pending"), "nor in the last second of its date");
    sim.skew = -6 * HOUR;
    go_on_until(edge->past);
    expect(is_in("changes_requested"), "one that is behind keeps it no longer");
}

static void a_wrong_clock_takes_no_time_away(void **state)
{
    (void)state;
    at_every_edge(decide_by_a_wrong_clock);
}

static void publish_by_a_wrong_clock(const struct edge *edge)
{
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, 10 * MINUTE);
    expect(is_in("published"), "it is published");
    sim.skew = 6 * HOUR;
    go_on_until(edge->not_yet);
    expect(is_in("published"), "a clock six hours ahead does not end it before its date does");
    sim.skew = -6 * HOUR;
    go_on_until(edge->expired);
    sim_run(&sim, HOUR);
    expect(is_in("expired"), "one that is behind keeps it no longer: Slack says what time it is");
}

static void a_wrong_clock_ends_no_offer(void **state)
{
    (void)state;
    at_every_edge(publish_by_a_wrong_clock);
}

/* The day after the 28th of February of an ordinary year is no date. */
static void a_leap_day_that_is_none(void **state)
{
    (void)state;
    sleep_until("2027-02-27T10:00:00");
    request_by("2027-02-29");
    expect(store_int(sim.store, "SELECT count(*) FROM request", SQL_NO_ARGS, -1) == 0,
           "the form does not take the 29th of February of an ordinary year");
    people_send_form(&sim, "U0SUE", "accept_by", "2027-03-01", NULL);
    sim_run(&sim, 10 * MINUTE);
    expect(is_in("pending"), "it takes the first of March");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_change_set_takes_two_hours),
        TEST(nobody_may_be_judged),
        TEST(the_accept_by_date_goes_by),
        TEST(a_channel_is_shut),
        TEST(a_start_is_lost),
        TEST(an_answer_is_lost),
        TEST(only_the_draft_can_be_found),
        TEST(slack_is_away_for_ten_minutes),
        TEST(aws_is_away_for_three_hours),
        TEST(the_date_goes_by_while_aws_works),
        TEST(a_click_tells_where_the_card_stands),
        TEST(the_clock_jumps),
        TEST(the_clock_is_right_again_after_a_kill),
        TEST(the_clock_jumps_while_a_start_is_looked_for),
        TEST(an_offer_expires_after_its_date),
        TEST(an_offer_lapses_after_its_date),
        TEST(a_wrong_clock_takes_no_time_away),
        TEST(a_wrong_clock_ends_no_offer),
        TEST(a_leap_day_that_is_none),
    };
    return cmocka_run_group_tests(tests, desk_open, desk_close);
}
