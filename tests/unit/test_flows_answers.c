/* Answers appear where a person typed or pressed: at the response url first, then as an ephemeral
 * message, then as a direct message. */
#include "envelope_fixture.h"

#include "flows/moves.h"

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

static void press(const char *user, const char *channel, const char *url, const char *action,
                  const char *value)
{
    static int at;
    send_frame("interactive",
               text_format("{\"type\":\"block_actions\",\"user\":{\"id\":\"%s\"},"
                           "\"container\":{\"channel_id\":\"%s\",\"message_ts\":\"9.1\","
                           "\"is_ephemeral\":true},\"response_url\":\"%s\",\"actions\":[{"
                           "\"action_id\":\"%s\",\"value\":\"%s\",\"action_ts\":\"%d.0\"}]}",
                           user, channel, url, action, value, ++at));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(answers_go_to_the_response_url),
        FLOWS_TEST(a_response_url_of_others_is_not_used),
        FLOWS_TEST(the_menus_buttons_replace_the_menu),
        FLOWS_TEST(an_answer_finds_another_way),
        FLOWS_TEST(refusals_in_direct_messages_do_not_last),
        FLOWS_TEST(a_response_url_is_good_five_times),
        FLOWS_TEST(a_response_url_is_good_for_half_an_hour),
        FLOWS_TEST(a_response_url_is_never_stored),
        FLOWS_TEST(what_aws_said_is_told_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
