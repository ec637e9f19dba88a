/* A state file that may be older than the world: what is looked at before anything goes out, and
 * what the operators are told of it. */
#include "flows/catching_up.h"
#include "flows/catching_up_news.h"
#include "flows_restored.h"
#include "slack/api.h"

static void nothing_is_released_before_both_were_read(void **state)
{
    (void)state;
    submit_and_approve();
    start_again();
    flows_pass(5 * MINUTE_MS);
    no_posts();
    assert_false(is_released());
    no_sets();
    assert_true(is_released());
}

static void nothing_is_posted_before_the_channel_was_read(void **state)
{
    (void)state;
    start_again();
    flows_submit();
    flows_pass(5 * MINUTE_MS);
    assert_null(flows_find("slack:chat.postMessage", "CPPO-1"));
    no_posts();
    assert_non_null(flows_find("slack:chat.postMessage", "CPPO-1"));
}

/* What its card says is all that is left of what was decided after a backup was made. */
static void nothing_is_written_over_before_the_channel_was_read(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    flows.now += 25 * 60 * MINUTE_MS; /* open cards are brought to the present every day */
    start_restored();
    flows_pass(MINUTE_MS);
    assert_null(flows_find("slack:chat.update", "CPPO-1"));
    one_card_in(1, "withdrawn");
    no_sets();
    assert_string_equal(flows_state(1), "withdrawn");
    assert_non_null(flows_find("slack:chat.update", "Withdrawn"));
}

/* --- a backup that was made while messages waited for their second try --- */

static json_t *sent_metadata; /* of the message that was refused then */

static void refuse_first_try(const char *channel)
{
    json_t *sent = json_loads(flows_expect("slack:chat.postMessage", channel)->body, 0, NULL);
    sent_metadata = json_incref(json_object_get(sent, "metadata"));
    json_decref(sent);
    flows_fail("slack:chat.postMessage", channel, OUTCOME_RETRY, "ratelimited");
}

/* The channel holds that message; and older ones, where there is a ${cursor} to them. */
static void show_sent(const char *channel, const char *cursor)
{
    json_t *reply = json_pack("{s:b, s:[{s:s, s:s, s:O}], s:{s:s}}", "ok", 1, "messages", "ts",
                              "1795507300.1", "user", "U0BOT", "metadata", sent_metadata,
                              "response_metadata", "next_cursor", cursor);
    char *text = json_dumps(reply, 0);
    flows_answer("slack:conversations.history", channel, text);
    free(text);
    json_decref(reply);
}

static void expect_no_second(const char *channel)
{
    no_posts();
    no_sets();
    flows_pass(5 * MINUTE_MS);
    assert_null(flows_find("slack:chat.postMessage", channel));
    json_decref(sent_metadata);
}

static void what_waited_to_be_sent_again_may_have_been_sent(void **state)
{
    (void)state;
    flows_submit();
    refuse_first_try("C0APPROVALS");
    start_again();
    show_sent("C0APPROVALS", "");
    expect_no_second("C0APPROVALS");
}

static void an_announcement_that_waited_may_have_been_sent(void **state)
{
    (void)state;
    publish();
    refuse_first_try("C0OFFERS");
    start_again();
    flows_answer("slack:conversations.history", "C0APPROVALS", none);
    show_sent("C0OFFERS", "");
    expect_no_second("C0OFFERS");
}

/* Its next try waits for a minute to go by, and is no row meanwhile. */
static void an_announcement_that_was_refused_may_have_been_sent(void **state)
{
    (void)state;
    publish();
    flows_fail("slack:chat.postMessage", "C0OFFERS", OUTCOME_REFUSED, "is_archived");
    start_again();
    flows_answer("slack:conversations.history", "C0APPROVALS", none);
    assert_non_null(flows_find("slack:conversations.history", "C0OFFERS"));
}

/* What is new is found where announcements are; cards may be new, too. */
static void news_among_announcements_leads_to_the_cards(void **state)
{
    (void)state;
    publish();
    refuse_first_try("C0OFFERS");
    start_again();
    flows_answer("slack:conversations.history", "C0APPROVALS", none);
    json_object_set_new(json_object_get(sent_metadata, "event_payload"), "mark",
                        json_string("0fabcdef.9"));
    show_sent("C0OFFERS", "");
    no_sets();
    assert_non_null(flows_find("slack:conversations.history", "C0APPROVALS"));
    json_decref(sent_metadata);
}

/* What the message of CPPO-2 carries, which had its turn later. */
static void name_second(json_t *payload)
{
    struct rows *rows =
        store_query(flows.store, "SELECT key FROM post WHERE request = ?", SQL_ARGS(SQL_INT(2)));
    assert_true(rows_next(rows));
    json_object_set_new(payload, "key", json_string(rows_text(rows, 0)));
    json_object_set_new(payload, "offer", json_integer(2));
    rows_close(rows);
}

/* Many may have waited, more than stand on one page. */
static void whatever_waited_is_looked_for(void **state)
{
    (void)state;
    flows_submit();
    flows_submit();
    refuse_first_try("C0APPROVALS");
    start_again();
    json_t *first = json_deep_copy(sent_metadata);
    name_second(json_object_get(sent_metadata, "event_payload"));
    show_sent("C0APPROVALS", "older");
    json_decref(sent_metadata);
    sent_metadata = first;
    show_sent("C0APPROVALS", "");
    expect_no_second("C0APPROVALS");
}

/* Else a lost file would not know again what it left. */
static void another_home_is_no_other_installation(void **state)
{
    char before[TURN_ID];
    (void)state;
    text_fit(flows.app.team, sizeof(flows.app.team), "T0TOKEN");
    start_lost();
    flows_do(read_names, NULL);
    text_fit(before, sizeof(before), install);
    text_fit(flows.app.home_team, sizeof(flows.app.home_team), "T0SISTER");
    start_lost();
    flows_do(read_names, NULL);
    assert_string_equal(install, before);
}

/* The release of the lost life comes into AWS's list minutes later: what was approved in the file
 * waits for it. */
static void what_aws_does_not_list_yet_is_waited_for(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_posts();
    no_sets();
    flows_pass(9 * MINUTE_MS);
    assert_false(is_released());
    flows_pass(2 * MINUTE_MS);
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    flows_pass(SECOND_MS);
    end("cs-4", "SUCCEEDED", "");
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
    assert_false(is_released());
}

/* A mark stands for all that went before it, but AWS may list the later one first. */
static void a_later_mark_does_not_hide_an_earlier_release(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    one_card(1);
    no_sets();
    flows_pass(11 * MINUTE_MS);
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
    assert_false(is_released());
}

/* A restart does not cut the wait short. */
static void a_comparison_that_was_cut_off_begins_again(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_posts();
    no_sets();
    flows_pass(5 * MINUTE_MS);
    start_again();
    no_posts();
    no_sets();
    flows_pass(6 * MINUTE_MS);
    assert_false(is_released());
    flows_pass(5 * MINUTE_MS);
    no_posts();
    no_sets();
    assert_true(is_released());
}

/* It goes on at its page; and the operators learn why nothing is published meanwhile. */
static void a_long_comparison_goes_on_after_a_restart(void **state)
{
    (void)state;
    start_restored();
    no_posts();
    flows_pass(2 * MINUTE_MS);
    flows_answer("aws:ListChangeSets", "DESCENDING",
                 "{\"ChangeSetSummaryList\":[],\"NextToken\":\"page-2\"}");
    flows_pass(SECOND_MS);
    assert_non_null(flows_find("aws:ListChangeSets", "page-2"));
    assert_non_null(flows_find("slack:chat.postMessage", "I am comparing my state file"));
    start_again();
    assert_non_null(flows_find("aws:ListChangeSets", "page-2"));
}

/* A backup made while the channel was being read: the page at which it goes on stands behind posts
 * that its later life made. */
static void a_backup_made_while_comparing_sees_what_came_since(void **state)
{
    (void)state;
    start_restored();
    flows_answer("slack:conversations.history", "\"limit\"",
                 "{\"ok\":true,\"messages\":[],\"has_more\":true,"
                 "\"response_metadata\":{\"next_cursor\":\"older\"}}");
    start_again();
    while (flows_find("slack:conversations.history", "older") != NULL) /* of both lives */
        flows_answer("slack:conversations.history", "older", none);
    flows_answer("slack:conversations.history", "\"limit\":200", none); /* the announcements */
    assert_non_null(flows_find("slack:conversations.history", "\"limit\":50"));
    one_card_in(7, "pending");
    flows_submit();
    assert_string_equal(flows_state(8), "pending");
}

/* An ordinary start looks, and says nothing. */
static void a_start_that_finds_all_known_tells_nobody(void **state)
{
    (void)state;
    start_again();
    no_posts();
    no_sets();
    flows_pass(20 * MINUTE_MS);
    assert_int_equal(told("compared"), 0);
    assert_int_equal(told("could not"), 0);
}

/* People waited for it: they learn that it is over, and what it could not show; once. */
static void a_comparison_that_finds_nothing_is_told_when_it_is_over(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_posts();
    no_sets();
    flows_pass(9 * MINUTE_MS);
    assert_int_equal(told("compared"), 0);
    flows_pass(2 * MINUTE_MS);
    no_posts();
    no_sets();
    flows_pass(SECOND_MS);
    assert_int_equal(told("My state file was older than the marker file"), 1);
    assert_int_equal(told("AWS keeps change sets for 90 days"), 1);
    assert_true(is_released());
    read_by_operators("compared");
    start_again();
    no_posts();
    no_sets();
    flows_pass(20 * MINUTE_MS);
    assert_int_equal(told("compared"), 0);
}

static void report_much(struct turn *turn, const void *unused)
{
    (void)unused;
    for (int i = 0; i < 100; i++) {
        char line[60];
        snprintf(line, sizeof(line), "Line number %d of all that was found.", i);
        catching_up_report(turn, line);
    }
}

/* It fits one message of Slack's, and does not hide that it is cut. */
static void a_long_report_says_that_there_is_more(void **state)
{
    (void)state;
    start_restored();
    flows_do(report_much, NULL);
    no_posts();
    no_sets();
    flows_pass(SECOND_MS);
    assert_int_equal(told("Line number 0 of all"), 1);
    assert_int_equal(told("and more: see my log"), 1);
    assert_int_equal(told("Line number 99"), 0);
}

/* The app may not read the channel's history, however often it is tried. */
static void no_history(void)
{
    const struct completion refusal = {.outcome = OUTCOME_RETRY,
                                       .code = "missing_scope",
                                       .text = slack_error_words("missing_scope"),
                                       .retry_after_ms = -1};
    for (int64_t waited = 0; waited < 2 * MINUTE_MS; waited += SECOND_MS) {
        struct sent *sent = flows_find("slack:conversations.history", "\"limit\"");
        if (sent != NULL)
            flows_finish(sent, &refusal);
        flows_pass(SECOND_MS);
    }
}

/* It is looked at twice, and told in one message. */
static void what_a_comparison_could_not_see_is_told_once(void **state)
{
    (void)state;
    submit_and_approve();
    start_restored();
    no_history();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    flows_pass(SECOND_MS);
    assert_int_equal(told("CPPO-1 was released in the meantime"), 1);
    flows_pass(11 * MINUTE_MS);
    no_history();
    one_release("offer-1", 4);
    flows_pass(SECOND_MS);
    assert_int_equal(told("I cannot read <#C0APPROVALS>"), 1);
    assert_int_equal(told("compared"), 1);
}

/* Nothing tells a first start from one after a loss. */
static void a_new_file_that_cannot_look_into_the_channel_says_so_once(void **state)
{
    (void)state;
    start_lost();
    no_history();
    no_sets();
    flows_pass(SECOND_MS);
    assert_int_equal(told("My state file is new"), 1);
    assert_int_equal(told("groups:history"), 1);
    read_by_operators("groups:history");
    start_again();
    no_history();
    no_sets();
    flows_pass(20 * MINUTE_MS);
    assert_int_equal(told("My state file is new"), 0);
}

/* It is told by the process that gets to the end, if the first did not. */
static void a_new_file_whose_first_start_was_cut_off_says_so(void **state)
{
    (void)state;
    start_lost();
    no_history();
    start_again();
    no_history();
    no_sets();
    flows_pass(SECOND_MS);
    assert_int_equal(told("My state file is new"), 1);
}

/* A machine that was cloned, or set back, with the line beside the file, and the file's bytes in
 * their old place: only what stands outside tells. */
static void a_clone_is_known_by_what_stands_at_aws(void **state)
{
    (void)state;
    submit_and_approve();
    start_again();
    no_posts();
    one_release("offer-1", 4);
    no_posts();
    assert_null(flows_find("aws:StartChangeSet", "ReleaseOffer"));
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
    assert_false(is_released());
}

/* The change set is in no list of AWS's yet. */
static void a_clone_is_known_by_what_stands_in_slack(void **state)
{
    (void)state;
    submit_and_approve();
    start_again();
    one_card(1);
    no_sets();
    flows_pass(9 * MINUTE_MS);
    assert_false(is_released());
    flows_pass(2 * MINUTE_MS);
    no_posts();
    one_release("offer-1", 4);
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "publishing");
    assert_false(is_released());
}

static void numbers_go_on_above_the_highest_ever_used(void **state)
{
    (void)state;
    start_lost();
    one_card(7);
    no_sets();
    flows_submit();
    assert_string_equal(flows_state(8), "pending");
}

/* This many cards of another book stand in the channel. */
static void find_old_cards(int count)
{
    static const char card[] = "{\"ts\":\"1795507300.%d\",\"user\":\"U0BOT\",\"text\":\"a card\","
                               "\"blocks\":[{\"type\":\"actions\",\"elements\":[]}],"
                               "\"metadata\":{\"event_type\":\"cppo_post\",\"event_payload\":"
                               "{\"key\":\"k%d\",\"kind\":\"card\",\"offer\":%d,\"revision\":1,"
                               "\"state\":\"pending\",\"mark\":\"0fabcdef.%d\"}}}";
    struct text reply = {0};
    start_lost();
    text_add(&reply, "{\"ok\":true,\"messages\":[");
    for (int i = 1; i <= count; i++) {
        text_add(&reply, i > 1 ? "," : "");
        text_addf(&reply, card, i, i, i, i);
    }
    text_add(&reply, "]}");
    flows_answer("slack:conversations.history", "\"limit\"", text_get(&reply));
    text_free(&reply);
}

/* There may be hundreds of them, and Slack counts all updates together. */
static void cards_of_an_earlier_book_leave_room_for_those_of_today(void **state)
{
    (void)state;
    find_old_cards(3);
    for (size_t sent = 1; sent <= 3; sent++) {
        assert_int_equal(flows_count("slack:chat.update", "earlier set"), sent);
        flows_answer("slack:chat.update", "earlier set", "{\"ok\":true}");
        flows_pass(2000); /* of 2400 */
        assert_int_equal(flows_count("slack:chat.update", "earlier set"), sent);
        flows_pass(400);
    }
    assert_int_equal(flows_count("slack:chat.update", "earlier set"), 3);
}

/* ... and none is given up for having waited behind the others. */
static void each_card_of_an_earlier_book_has_its_turn(void **state)
{
    (void)state;
    find_old_cards(2);
    flows_pass(INT64_C(20) * 60 * 1000);
    flows_answer("slack:chat.update", "earlier set", "{\"ok\":true}");
    flows_pass(2400);
    flows_hold("slack:chat.update", "1795507300.2", 5000);
    flows_pass(6000);
    assert_int_equal(flows_count("slack:chat.update", "1795507300.2"), 2);
    flows_answer("slack:chat.update", "1795507300.2", "{\"ok\":true}");
}

/* A lost file comes back to it: by its name what it left outside is known. */
static void the_installation_has_the_same_name_in_a_new_file(void **state)
{
    char before[TURN_ID];
    (void)state;
    flows_do(read_names, NULL);
    text_fit(before, sizeof(before), install);
    start_lost();
    flows_do(read_names, NULL);
    assert_string_equal(install, before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, flows_set_up, flows_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_released_before_both_were_read),
        TEST(another_home_is_no_other_installation),
        TEST(nothing_is_posted_before_the_channel_was_read),
        TEST(nothing_is_written_over_before_the_channel_was_read),
        TEST(what_waited_to_be_sent_again_may_have_been_sent),
        TEST(an_announcement_that_waited_may_have_been_sent),
        TEST(an_announcement_that_was_refused_may_have_been_sent),
        TEST(whatever_waited_is_looked_for),
        TEST(news_among_announcements_leads_to_the_cards),
        TEST(what_aws_does_not_list_yet_is_waited_for),
        TEST(a_later_mark_does_not_hide_an_earlier_release),
        TEST(a_comparison_that_was_cut_off_begins_again),
        TEST(a_long_comparison_goes_on_after_a_restart),
        TEST(a_backup_made_while_comparing_sees_what_came_since),
        TEST(a_start_that_finds_all_known_tells_nobody),
        TEST(a_comparison_that_finds_nothing_is_told_when_it_is_over),
        TEST(a_long_report_says_that_there_is_more),
        TEST(what_a_comparison_could_not_see_is_told_once),
        TEST(a_new_file_that_cannot_look_into_the_channel_says_so_once),
        TEST(a_new_file_whose_first_start_was_cut_off_says_so),
        TEST(a_clone_is_known_by_what_stands_at_aws),
        TEST(a_clone_is_known_by_what_stands_in_slack),
        TEST(numbers_go_on_above_the_highest_ever_used),
        TEST(cards_of_an_earlier_book_leave_room_for_those_of_today),
        TEST(each_card_of_an_earlier_book_has_its_turn),
        TEST(the_installation_has_the_same_name_in_a_new_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
