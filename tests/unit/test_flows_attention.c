/* Who is told what, and when: the requester in direct messages that are brought to the present, the
 * approvers in the thread of the card. */
#include "envelope_fixture.h"

#include "book/posts.h"
#include "flows/card_thread.h"
#include "flows/cards.h"
#include "views/card_mentions.h"

static const int64_t MINUTE_MS = 60000;

#define CARD "\"cppo_post\""
#define TO_SELLER "\"channel\":\"U0SELLER\""

/* Everybody's messages are taken: the card stands at 1.1, the first direct message at 5.1. */
static void submit_and_stand(void)
{
    flows_submit();
    flows_pass(1200);
    flows_answer("slack:chat.postMessage", CARD, "{\"ok\":true,\"ts\":\"1.1\"}");
    flows_pass(1200);
    flows_answer("slack:chat.postMessage", TO_SELLER,
                 "{\"ok\":true,\"channel\":\"D0SELLER\",\"ts\":\"5.1\"}");
    flows_pass(1200);
}

/* Nothing is said of the approvers before the card stands. */
static void received_is_said_when_the_approvers_have_it(void **state)
{
    (void)state;
    flows_submit();
    flows_pass(1200);
    assert_null(flows_find("slack:chat.postMessage", TO_SELLER));
    flows_answer("slack:chat.postMessage", CARD, "{\"ok\":true,\"ts\":\"1.1\"}");
    flows_pass(1200);
    assert_non_null(flows_find("slack:chat.postMessage", "The approvers have it now"));
}

static void a_refused_card_is_told_as_it_is(void **state)
{
    (void)state;
    flows_submit();
    flows_pass(1200);
    flows_fail("slack:chat.postMessage", CARD, OUTCOME_REFUSED, "not_in_channel");
    flows_pass(1200);
    assert_null(flows_find("slack:chat.postMessage", "have it now"));
    flows_answer("slack:chat.postMessage", "I cannot reach the approvers yet",
                 "{\"ok\":true,\"channel\":\"D0SELLER\",\"ts\":\"5.1\"}");
    flows_pass(MINUTE_MS + 2000);
    flows_answer("slack:chat.postMessage", CARD, "{\"ok\":true,\"ts\":\"1.2\"}");
    flows_pass(1200);
    struct sent *sent = flows_expect("slack:chat.update", "The approvers have it now");
    assert_non_null(strstr(sent->body, "\"channel\":\"D0SELLER\""));
    assert_non_null(strstr(sent->body, "\"ts\":\"5.1\""));
    assert_int_equal(flows_count("slack:chat.postMessage", TO_SELLER), 1);
}

/* Approved and publishing are no messages of their own. */
static void what_needs_nobody_changes_the_message_that_stands(void **state)
{
    (void)state;
    submit_and_stand();
    flows_decide(&approve_action, 1, "U0APPROVER");
    flows_pass(1200);
    assert_int_equal(flows_count("slack:chat.postMessage", TO_SELLER), 1);
    assert_non_null(flows_find("slack:chat.update", "\"ts\":\"5.1\""));
    assert_non_null(flows_find("slack:chat.update", "*Approved.* Publishing now."));
}

/* A newer message has the buttons; the older one has none that lies. */
static void an_older_message_is_brought_to_the_present(void **state)
{
    (void)state;
    submit_and_stand();
    flows_decide(&request_changes_action, 1, "U0APPROVER");
    flows_pass(1200);
    flows_answer("slack:chat.postMessage", "Edit it and send it again",
                 "{\"ok\":true,\"channel\":\"D0SELLER\",\"ts\":\"5.2\"}");
    flows_pass(1200);
    struct sent *sent = flows_expect("slack:chat.update", "\"ts\":\"5.1\"");
    assert_non_null(strstr(sent->body, "There is a newer message"));
    assert_null(strstr(sent->body, "\"withdraw\""));
}

/* What was not sent when the offer moved on is not sent any more. */
static void an_unsent_message_gives_way_to_the_present(void **state)
{
    (void)state;
    flows_submit();
    flows_pass(1200);
    flows_answer("slack:chat.postMessage", CARD, "{\"ok\":true,\"ts\":\"1.1\"}");
    flows_hold("slack:chat.postMessage", TO_SELLER, 30000);
    flows_decide(&reject_action, 1, "U0APPROVER");
    flows_pass(MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", "*Rejected.*"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", TO_SELLER), 2);
}

/* --- cards that Slack will not update --- */

static void update_fails(const char *code)
{
    flows_fail("slack:chat.update", "\"ts\":\"1.1\"", OUTCOME_REFUSED, code);
    flows_pass(1200);
}

static void a_card_of_another_app_is_posted_anew(void **state)
{
    (void)state;
    submit_and_stand();
    update_fails("cant_update_message");
    assert_int_equal(flows_count("slack:chat.postMessage", CARD), 2);
}

/* One that is too old to be edited is posted anew for news, not for every check. */
static void a_card_too_old_to_edit_is_posted_anew_when_it_moves(void **state)
{
    (void)state;
    submit_and_stand();
    update_fails("edit_window_closed");
    assert_int_equal(flows_count("slack:chat.postMessage", CARD), 1);
    flows_decide(&reject_action, 1, "U0APPROVER");
    flows_pass(0);
    update_fails("edit_window_closed");
    assert_int_equal(flows_count("slack:chat.postMessage", CARD), 2);
}

/* By the clock it moved before it was posted. */
static void a_clock_that_is_set_back_keeps_no_card_old(void **state)
{
    (void)state;
    submit_and_stand();
    flows.now -= 5 * HOUR_MS;
    flows.set_by -= 5 * HOUR_MS;
    flows_decide(&reject_action, 1, "U0APPROVER");
    flows_pass(0);
    update_fails("edit_window_closed");
    assert_int_equal(flows_count("slack:chat.postMessage", CARD), 2);
}

static void operators_read_what_failed(void **state)
{
    (void)state;
    submit_and_stand();
    update_fails("is_inactive");
    assert_non_null(flows_find("slack:chat.postMessage", "I cannot update the card of CPPO-1"));
}

/* --- a thread that Slack will not let us post in --- */

#define REPLY "\"thread_ts\":\"1.1\""

static void ask_for_another_vote(struct turn *turn, const void *unused)
{
    (void)unused;
    card_thread_mention(turn, 1, &vote_mention);
}

static void say_that_it_failed(struct turn *turn, const void *unused)
{
    (void)unused;
    card_thread_mention(turn, 1, &failed_mention);
}

static void show(struct turn *turn, const void *unused)
{
    (void)unused;
    cards_show(turn, 1);
}

/* The card can be updated. */
static void update_succeeds(void)
{
    flows_answer("slack:chat.update", "\"ts\":\"1.1\"", "{\"ok\":true}");
    flows_pass(1200);
}

static void stand_and_be_refused(void)
{
    submit_and_stand();
    update_succeeds();
    flows_do(ask_for_another_vote, NULL);
    flows_pass(1200);
    flows_fail("slack:chat.postMessage", REPLY, OUTCOME_REFUSED, "restricted_action");
    flows_pass(1200);
}

/* A minute later its card takes the update, so the reply is tried, too. */
static void come_round(void)
{
    flows_pass(MINUTE_MS);
    update_succeeds();
}

static size_t errors(void)
{
    return (size_t)store_int(flows.store, "SELECT count(*) FROM post WHERE error <> ''",
                             SQL_NO_ARGS, -1);
}

static size_t told(void)
{
    return flows_count("slack:chat.postMessage", "I cannot mention the approvers below the card");
}

/* The card itself is updated all the time. */
static void a_refused_mention_is_told_once_and_tried_until_it_stands(void **state)
{
    (void)state;
    stand_and_be_refused();
    assert_int_equal(told(), 1);
    flows_answer("slack:chat.update", "I cannot reach the approvers yet", "{\"ok\":true}");
    for (int i = 0; i < 3; i++) {
        come_round();
        assert_int_equal(flows_count("slack:chat.update", "\"ts\":\"5.1\""), 1);
        flows_fail("slack:chat.postMessage", REPLY, OUTCOME_REFUSED, "restricted_action");
    }
    come_round();
    flows_answer("slack:chat.postMessage", REPLY, "{\"ok\":true,\"ts\":\"1.2\"}");
    update_succeeds();
    assert_non_null(flows_find("slack:chat.update", "The approvers have it now"));
    assert_int_equal(errors(), 0);
    flows_pass(5 * MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", REPLY), 5);
    assert_int_equal(told(), 1);
}

/* Nor can the card be updated any more: it stands, and that is enough. */
static void a_refused_mention_is_tried_below_a_card_that_is_too_old(void **state)
{
    (void)state;
    stand_and_be_refused();
    flows_pass(MINUTE_MS);
    flows_fail("slack:chat.update", "\"ts\":\"1.1\"", OUTCOME_REFUSED, "edit_window_closed");
    flows_pass(1200);
    assert_int_equal(flows_count("slack:chat.postMessage", REPLY), 2);
}

/* Another update of the card comes while it is on its way. */
static void a_mention_on_its_way_is_not_sent_twice(void **state)
{
    (void)state;
    stand_and_be_refused();
    come_round();
    flows_do(show, NULL);
    update_succeeds();
    flows_answer("slack:chat.postMessage", REPLY, "{\"ok\":true,\"ts\":\"1.2\"}");
    update_succeeds();
    flows_pass(5 * MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", REPLY), 2);
    assert_int_equal(errors(), 0);
}

/* They are needed for something else by then. */
static void a_newer_reason_follows_the_one_that_is_on_its_way(void **state)
{
    (void)state;
    stand_and_be_refused();
    come_round();
    flows_do(say_that_it_failed, NULL);
    flows_answer("slack:chat.postMessage", "more needed", "{\"ok\":true,\"ts\":\"1.2\"}");
    update_succeeds();
    flows_answer("slack:chat.postMessage", REPLY, "{\"ok\":true,\"ts\":\"1.3\"}");
    update_succeeds();
    flows_pass(5 * MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", REPLY), 3);
    assert_int_equal(errors(), 0);
}

static void a_mention_whose_reason_is_past_is_not_tried_again(void **state)
{
    (void)state;
    stand_and_be_refused();
    flows_decide(&reject_action, 1, "U0APPROVER");
    flows_pass(1200);
    update_succeeds();
    assert_int_equal(errors(), 0);
    flows_pass(5 * MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", REPLY), 1);
}

/* Only that version knows what it is for. */
static void a_mention_of_another_version_holds_nothing_up(void **state)
{
    (void)state;
    stand_and_be_refused();
    store_run(flows.store, "UPDATE thread SET mention = 'later'", SQL_NO_ARGS);
    come_round();
    assert_int_equal(errors(), 0);
    assert_int_equal(flows_count("slack:chat.postMessage", REPLY), 1);
}

/* A reply that stands says nothing of the card. */
static void a_card_that_is_not_updated_is_tried_again_though_a_reply_stands(void **state)
{
    (void)state;
    submit_and_stand();
    flows_do(ask_for_another_vote, NULL);
    flows_pass(1200);
    update_fails("is_inactive");
    flows_answer("slack:chat.postMessage", REPLY, "{\"ok\":true,\"ts\":\"1.2\"}");
    for (int i = 0; i < 2; i++) {
        update_fails("is_inactive");
        flows_pass(MINUTE_MS);
    }
    assert_int_equal(errors(), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "I cannot update the card"), 1);
}

/* The card that is posted there mentions them by itself. */
static void another_channel_needs_no_reply(void **state)
{
    (void)state;
    stand_and_be_refused();
    free(flows.config->channel_approvals);
    flows.config->channel_approvals = mem_copy("C0ANOTHER");
    flows_pass(MINUTE_MS);
    flows_answer("slack:chat.postMessage", "C0ANOTHER", "{\"ok\":true,\"ts\":\"1.9\"}");
    flows_pass(5 * MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", "\"thread_ts\""), 1);
    assert_int_equal(errors(), 0);
}

/* --- a flow with a mention of its own --- */

static void add_waiting(const struct card *card, struct text *line)
{
    text_addf(line, "still waits at revision %d: ", card->request->revision);
}

static const struct card_mention waiting_mention = {"waiting", add_waiting};
static const struct flow calling_flow = {.mentions = {&waiting_mention}};

static void remind(struct turn *turn, const void *unused)
{
    (void)unused;
    card_thread_mention(turn, 1, &waiting_mention);
}

/* What it mentions them for is its own: it waits for the card, and outlives the process. */
static void a_flow_mentions_approvers_in_words_of_its_own(void **state)
{
    enum { ROOM = 64 };
    static const struct flow *all[ROOM];
    size_t count = 0;
    (void)state;
    for (; bot_flows[count] != NULL; count++)
        all[count] = bot_flows[count];
    assert_true(count + 1 < ROOM);
    all[count] = &calling_flow;
    all[count + 1] = NULL;
    flows.app.flows = all;
    submit_and_stand();
    flows_do(remind, NULL);
    flows_pass(1200);
    struct sent *sent =
        flows_expect("slack:chat.postMessage", "CPPO-1 still waits at revision 1: <");
    assert_non_null(strstr(sent->body, "\"thread_ts\":\"1.1\""));
    flows_fail("slack:chat.postMessage", "still waits", OUTCOME_REFUSED, "is_archived");
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM thread WHERE mention = 'waiting'",
                               SQL_NO_ARGS, 0),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(received_is_said_when_the_approvers_have_it),
        FLOWS_TEST(a_refused_card_is_told_as_it_is),
        FLOWS_TEST(what_needs_nobody_changes_the_message_that_stands),
        FLOWS_TEST(an_older_message_is_brought_to_the_present),
        FLOWS_TEST(an_unsent_message_gives_way_to_the_present),
        FLOWS_TEST(a_card_of_another_app_is_posted_anew),
        FLOWS_TEST(a_card_too_old_to_edit_is_posted_anew_when_it_moves),
        FLOWS_TEST(a_clock_that_is_set_back_keeps_no_card_old),
        FLOWS_TEST(operators_read_what_failed),
        FLOWS_TEST(a_refused_mention_is_told_once_and_tried_until_it_stands),
        FLOWS_TEST(a_refused_mention_is_tried_below_a_card_that_is_too_old),
        FLOWS_TEST(a_mention_on_its_way_is_not_sent_twice),
        FLOWS_TEST(a_newer_reason_follows_the_one_that_is_on_its_way),
        FLOWS_TEST(a_mention_whose_reason_is_past_is_not_tried_again),
        FLOWS_TEST(a_mention_of_another_version_holds_nothing_up),
        FLOWS_TEST(a_card_that_is_not_updated_is_tried_again_though_a_reply_stands),
        FLOWS_TEST(another_channel_needs_no_reply),
        FLOWS_TEST(a_flow_mentions_approvers_in_words_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
