/* Answers appear where a person typed or pressed: at the response url first, then as an ephemeral
 * message, then as a direct message. */
#include "handlers_fixture.h"

#include "flows/moves.h"
#include "views/messages.h"

#define HOOK "https://hooks.slack.com/actions/T0/1/x"
#define ELSEWHERE "https://hooks.slack.com.example.net/actions/T0/1/x"

static const int64_t MINUTE_MS = 60000;

static void type_at(const char *user, const char *channel, const char *url, const char *text)
{
    send_frame("slash_commands",
               text_format("{\"user_id\":\"%s\",\"channel_id\":\"%s\",\"trigger_id\":\"t\","
                           "\"response_url\":\"%s\",\"command\":\"/cppo\",\"text\":\"%s\"}",
                           user, channel, url, text));
}

struct place {
    const char *channel, *url, *ts;
    bool lasting; /* others see it, too */
    const char *block;
};

static void press_at(const char *user, const struct place *place, const char *action,
                     const char *value)
{
    static int at;
    send_frame("interactive",
               text_format("{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\"},"
                           "\"container\":{\"channel_id\":\"%s\",\"message_ts\":\"%s\","
                           "\"is_ephemeral\":%s},\"response_url\":\"%s\",\"actions\":[{"
                           "\"action_id\":\"%s\",\"value\":\"%s\",\"action_ts\":\"%d.0\","
                           "\"block_id\":\"%s\"}]}",
                           user, place->channel, place->ts, place->lasting ? "false" : "true",
                           place->url, action, value, ++at,
                           place->block != NULL ? place->block : ""));
}

static void press(const char *user, const char *channel, const char *url, const char *action,
                  const char *value)
{
    const struct place place = {.channel = channel, .url = url, .ts = "9.1"};
    press_at(user, &place, action, value);
}

static void answers_go_to_the_response_url(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    press("U0SELLER", "C0ELSEWHERE", HOOK, "edit", "9.1");
    struct sent *sent = flows_expect("slack:response", "belongs to an earlier set of records");
    assert_non_null(strstr(sent->body, "\"url\":\"" HOOK "\""));
    assert_non_null(strstr(sent->body, "\"replace_original\":false"));
    assert_null(flows_find("slack:chat.postEphemeral", ""));
    assert_null(flows_find("slack:chat.postMessage", ""));
}

/* What is told there is confidential, and whoever can write envelopes is not yet Slack. */
static void a_response_url_of_others_is_not_used(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    press("U0SELLER", "C0ELSEWHERE", ELSEWHERE, "edit", "9.1");
    assert_null(flows_find("slack:response", ""));
    assert_non_null(flows_find("slack:chat.postEphemeral", "belongs to an earlier set of records"));
}

static void the_menus_buttons_replace_the_menu(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    press("U0SELLER", "C0ELSEWHERE", HOOK, "my_offers", "-");
    flows_expect("slack:response", "\"replace_original\":true");
}

/* --- what takes the place of its question --- */

#define OTHER_HOOK "https://hooks.slack.com/actions/T0/2/y"

static const struct place on_question = {
    .channel = "C0APPROVALS", .url = HOOK, .ts = "9.1", .block = WITHDRAW_QUESTION};
static const struct place on_menu = {.channel = "C0APPROVALS", .url = HOOK, .ts = "9.1"};

/* Olga presses something that hangs on what Slack says of her, which takes its time. */
static void ask_late(const struct place *place, const char *action)
{
    flows_submit();
    flows_pass(2000);
    flows_forget_slack();
    flows.now += A_WHILE_MS;
    press_at("U0OPERATOR", place, action, button_value_now());
}

/* She does something else while she waits; the answer with ${words} takes the place of nothing. */
static void expect_beside(const struct place *meanwhile, const char *words)
{
    press_at("U0OPERATOR", meanwhile, "details", button_value_now());
    show("U0OPERATOR", "");
    struct sent *sent = flows_expect("slack:response", words);
    assert_non_null(strstr(sent->body, "\"replace_original\":false"));
}

static const struct place elsewhere[] = {
    {.channel = "C0APPROVALS", .url = OTHER_HOOK, .ts = "1.1", .lasting = true}, /* a card */
    {.channel = "C0APPROVALS", .url = OTHER_HOOK, .ts = "9.2"}, /* another list of hers */
};

/* The card is everybody's: an answer to one of them must not stand in its place. */
static void a_late_answer_replaces_nothing_but_its_question(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        ask_late(&on_question, "withdraw");
        expect_beside(&elsewhere[i], "is withdrawn");
        flows_tear_down(NULL);
        flows_set_up(NULL);
        ask_late(&on_menu, "pending_offers");
        expect_beside(&elsewhere[i], "Waiting for approval");
        flows_tear_down(NULL);
        flows_set_up(NULL);
    }
}

static void a_late_answer_takes_the_place_of_its_question(void **state)
{
    (void)state;
    ask_late(&on_question, "withdraw");
    show("U0OPERATOR", "");
    struct sent *sent = flows_expect("slack:response", "is withdrawn");
    assert_non_null(strstr(sent->body, "\"url\":\"" HOOK "\""));
    assert_non_null(strstr(sent->body, "\"replace_original\":true"));
}

/* What is pressed where all see it is answered beside it, at once or later. */
static void a_card_is_never_replaced(void **state)
{
    (void)state;
    flows_submit();
    press_at("U0SELLER", &elsewhere[0], "my_offers", "-");
    struct sent *sent = flows_expect("slack:response", "Your offers");
    assert_non_null(strstr(sent->body, "\"replace_original\":false"));
}

/* Each way that fails, or may have failed, is followed by the next. */
static void an_answer_finds_another_way(void **state)
{
    static const enum outcome bad[] = {OUTCOME_REFUSED, OUTCOME_RETRY, OUTCOME_UNKNOWN};
    (void)state;
    flows_do(flows_know, NULL);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        press("U0SELLER", "C0ELSEWHERE", HOOK, "edit", "9.1");
        flows_fail("slack:response", "belongs to an earlier set of records", bad[i], "http_404");
        struct sent *sent =
            flows_expect("slack:chat.postEphemeral", "belongs to an earlier set of records");
        assert_null(strstr(sent->body, "hooks.slack.com"));
        assert_null(strstr(sent->body, "replace_original"));
        flows_fail("slack:chat.postEphemeral", "belongs to an earlier set of records", bad[i],
                   "internal_error");
        flows_pass(1200);
        flows_answer("slack:chat.postMessage", "\"channel\":\"U0SELLER\"",
                     "{\"ok\":true,\"ts\":\"1.1\"}");
    }
}

/* In a direct message with the bot there is a response url as well. */
static void refusals_in_direct_messages_do_not_last(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    press("U0SELLER", "D0SELLER", HOOK, "edit", "9.1");
    assert_non_null(flows_find("slack:response", "belongs to an earlier set of records"));
    assert_null(flows_find("slack:chat.postMessage", ""));
}

static void a_response_url_is_good_five_times(void **state)
{
    (void)state;
    flows_submit();
    flows_answer_rest();
    type_at("U0SELLER", "C0ELSEWHERE", HOOK, "help");
    flows_do(flows_know, NULL);
    for (int i = 0; i < 6; i++)
        press("U0SELLER", "C0ELSEWHERE", i == 0 ? HOOK : "", "edit", "9.1");
    assert_int_equal(flows_count("slack:response", "belongs to an earlier set of records"), 5);
    assert_int_equal(
        flows_count("slack:chat.postEphemeral", "belongs to an earlier set of records"), 1);
}

static void a_response_url_is_good_for_half_an_hour(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    type_at("U0SELLER", "C0ELSEWHERE", HOOK, "help");
    flows_pass(28 * MINUTE_MS);
    press("U0SELLER", "C0ELSEWHERE", "", "edit", "9.1");
    assert_int_equal(flows_count("slack:response", "belongs to an earlier set of records"), 1);
    flows.now += 2 * MINUTE_MS;
    press("U0SELLER", "C0ELSEWHERE", "", "edit", "9.1");
    assert_int_equal(flows_count("slack:response", "belongs to an earlier set of records"), 1);
}

/* The state file goes into backups. */
static void a_response_url_is_never_stored(void **state)
{
    static const char *const ends[] = {"", "-wal"};
    (void)state;
    press("U0STRANGER", "C0ELSEWHERE", HOOK, "details", "1.1"); /* is judged later */
    flows_pass(0);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char name[80];
        size_t size = 0;
        snprintf(name, sizeof(name), "%s%s", flows.path, ends[i]);
        char *bytes = file_bytes(name, &size);
        assert_null(memmem(bytes, size, "hooks.slack.com", strlen("hooks.slack.com")));
        free(bytes);
    }
}

/* --- how much is said --- */

static void fail_with(struct turn *turn, const void *why)
{
    struct request offer;
    assert_true(offers_get(turn, 1, &offer));
    assert_true(requests_move(turn, &offer, EVENT_APPROVE, actor_person("U0APPROVER"), ""));
    assert_true(moves_fail(turn, 1, actor_aws(), false, "%s", (const char *)why));
}

/* As much as is kept of it, to the last character. */
static void what_aws_said_is_told_whole(void **state)
{
    struct text why = {0};
    (void)state;
    flows_submit();
    while (why.size < WHY_TEXT - 10)
        text_add(&why, "é");
    text_add(&why, " the end");
    flows_do(fail_with, text_get(&why));
    flows_decide(&retry_action, 1, "U0SELLER");
    flows_settle_slack();
    char *words = text_format("Edit it instead: %s", text_get(&why));
    assert_int_equal(flows_count("slack:chat.postMessage", words), 1);
    free(words);
    text_free(&why);
}

static void decide_in_channel(const struct action_type *what)
{
    struct pending_action pending = {.what = what, .request = 1, .revision = 1};
    text_fit(pending.person, sizeof(pending.person), "U0APPROVER");
    text_fit(pending.channel, sizeof(pending.channel), "C0APPROVALS");
    flows_do(flows_judge_click, &pending);
}

/* What was acknowledged and came to nothing is answered, whatever becomes of the process. */
static void an_answer_that_was_not_shown_is_posted(void **state)
{
    (void)state;
    flows_submit();
    decide_in_channel(&approve_action);
    decide_in_channel(&reject_action);
    flows_expect("slack:chat.postEphemeral", "CPPO-1. It is now");
    flows_stop();
    flows_start();
    flows_pass(MINUTE_MS / 4);
    flows_expect("slack:chat.postMessage", "\"channel\":\"U0APPROVER\"");
}

static void an_answer_that_was_shown_is_not_posted(void **state)
{
    (void)state;
    flows_submit();
    decide_in_channel(&approve_action);
    decide_in_channel(&reject_action);
    flows_answer("slack:chat.postEphemeral", "CPPO-1. It is now", "{\"ok\":true}");
    flows_pass(MINUTE_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", "\"channel\":\"U0APPROVER\""), 0);
}

static void no_more_answers_are_kept_than_anybody_reads(void **state)
{
    (void)state;
    flows_submit();
    decide_in_channel(&approve_action);
    for (int i = 0; i < 50; i++)
        decide_in_channel(&reject_action);
    assert_in_range(store_int(flows.store, "SELECT count(*) FROM effect WHERE type = 'notice'",
                              SQL_NO_ARGS, -1),
                    20, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(answers_go_to_the_response_url),
        FLOWS_TEST(a_response_url_of_others_is_not_used),
        FLOWS_TEST(the_menus_buttons_replace_the_menu),
        FLOWS_TEST(a_late_answer_replaces_nothing_but_its_question),
        FLOWS_TEST(a_late_answer_takes_the_place_of_its_question),
        FLOWS_TEST(a_card_is_never_replaced),
        FLOWS_TEST(an_answer_finds_another_way),
        FLOWS_TEST(an_answer_that_was_not_shown_is_posted),
        FLOWS_TEST(an_answer_that_was_shown_is_not_posted),
        FLOWS_TEST(no_more_answers_are_kept_than_anybody_reads),
        FLOWS_TEST(refusals_in_direct_messages_do_not_last),
        FLOWS_TEST(a_response_url_is_good_five_times),
        FLOWS_TEST(a_response_url_is_good_for_half_an_hour),
        FLOWS_TEST(a_response_url_is_never_stored),
        FLOWS_TEST(what_aws_said_is_told_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
