/* Days that take their time, on a clock that does not: what the bot does when answers, people or
 * clocks are late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

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
    return store_int(sim.store, "SELECT 1 FROM offer WHERE number = 1 AND state = ?",
                     ARGS(TEXT(state)), 0) != 0;
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
    expect(slack_count(&sim, "U0MIA", "Please click again") == 1, "it lapses, and she is told");
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
    expect(slack_count(&sim, "U0SUE", "accept-by date is past") > 0, "the requester hears why");
    people_click(&sim, "U0MIA", "approve", 1, 1);
    sim_run(&sim, MINUTE);
    expect(slack_count(&sim, "U0MIA", "any more") == 1, "nobody can approve it now");
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
    expect(slack_count(&sim, "C0APPROVALS", "CPPO-1") == 1, "it is shown when that is mended");
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
    sim_run(&sim, 30 * MINUTE);
    expect(change_sets() == 1, "it is not started a second time");
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
    expect(slack_count(&sim, "U0SUE", "is in AWS Marketplace") == 1, "the requester is told");
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
    const char *channel;
    const char *ts;
    json_unpack(json_array_get(sim.messages, 0), "{s:s, s:s}", "channel", &channel, "ts", &ts);
    people_click_at(&sim, "U0MIA", "approve", channel, ts);
    sim_run(&sim, HOUR);
    expect(is_in("published"), "it is published");
    expect(slack_count(&sim, "C0APPROVALS", "CPPO-1") == 1, "there is one card");
    expect(store_int(sim.store, "SELECT count(*) FROM effect WHERE state = 'unknown'", NO_ARGS,
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
        TEST(the_clock_jumps_while_a_start_is_looked_for),
    };
    return cmocka_run_group_tests(tests, desk_open, desk_close);
}
