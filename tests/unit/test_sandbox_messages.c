/* Messages as Slack keeps them: whom they call, what an edit does and does not, threads, and an app
 * that was made anew. */
#include "../sandbox/app.h"
#include "sandbox_api_fixture.h"

static json_t *channel(const char *id)
{
    return workspace_channel(fake.box.workspace, id);
}

static const json_t *newest(const char *id)
{
    const json_t *messages = json_object_get(channel(id), "messages");
    return json_array_get(messages, json_array_size(messages) - 1);
}

/* Whom the newest message of ${id} calls, as {user: why}; ' stands for ". */
static void expect_calls(const char *id, const char *wanted)
{
    json_t *calls = parse(wanted);
    char *got = json_dumps(json_object_get(newest(id), "calls"), JSON_COMPACT | JSON_SORT_KEYS);
    if (!json_equal(json_object_get(newest(id), "calls"), calls))
        fail_msg("should call %s, calls %s", wanted, got);
    free(got);
    json_decref(calls);
}

/* ${user} writes; under ${thread}, unless that is NULL. The ts, until the workspace ends. */
static const char *says(const char *user, const char *id, const char *text, const char *thread)
{
    return workspace_text(workspace_post(&fake.box, channel(id),
                                         json_pack("{s:s, s:s, s:s*}", "user", user, "text", text,
                                                   "thread_ts", thread)),
                          "ts");
}

static void a_mention_calls_members_alone(void **state)
{
    (void)state;
    says("U0SELLER", "C0APPROVALS", "<@U0MIA> and <@U0INES|ines>, of another company", NULL);
    expect_calls("C0APPROVALS", "{'U0MIA': 'mention'}");
    says("U0SELLER", "C0APPROVALS", "&lt;@U0MIA> <@U0MIAX> U0MIA @mia", NULL);
    expect_calls("C0APPROVALS", "{}");
    says("U0SELLER", "C0OPERATORS", "<!here>", NULL);
    expect_calls("C0OPERATORS", "{'U0OLGA': 'channel', 'U0MIA': 'channel'}");
}

static void a_group_is_called_but_for_the_author(void **state)
{
    (void)state;
    says("U0SELLER", "C0APPROVALS", "<!subteam^S0MANAGERS>", NULL);
    expect_calls("C0APPROVALS", "{'U0MIA': 'group', 'U0MAX': 'group'}");
    assert_string_equal(workspace_text(logged("slack.notice"), "why"), "group");
    assert_int_equal(count_logged("slack.notice"), 2);
    says("U0MIA", "C0APPROVALS", "<!subteam^S0MANAGERS|@managers>", NULL);
    expect_calls("C0APPROVALS", "{'U0MAX': 'group'}");
    json_object_set_new(workspace_user(fake.box.workspace, "U0MAX"), "deleted", json_true());
    says("U0SELLER", "C0APPROVALS", "<!subteam^S0MANAGERS>", NULL);
    expect_calls("C0APPROVALS", "{'U0MIA': 'group'}"); /* who left reads nothing */
}

static void blocks_call_where_they_are_markup(void **state)
{
    (void)state;
    call("chat.postMessage",
         "{'channel': 'C0APPROVALS', 'text': '<@U0OLGA>', 'blocks': ["
         "{'type': 'section', 'text': {'type': 'mrkdwn', 'text': '<!subteam^S0MANAGERS>'}},"
         "{'type': 'section', 'text': {'type': 'plain_text', 'text': '<@U0OTTO>'}}]}");
    expect_error(NULL);
    expect_calls("C0APPROVALS", "{'U0MIA': 'group', 'U0MAX': 'group', 'U0OLGA': 'mention'}");
    turn("{'text_beside_blocks': 'silent'}");
    call("chat.postMessage", "{'channel': 'C0APPROVALS', 'text': '<@U0OLGA>', 'blocks': ["
                             "{'type': 'divider'}]}");
    expect_calls("C0APPROVALS", "{}");
    assert_null(strstr(reply.raw, "calls")); /* Slack says nothing of it */
}

static void an_edit_calls_nobody(void **state)
{
    (void)state;
    call("chat.postMessage", "{'channel': 'C0APPROVALS', 'text': 'x'}");
    char *json = text_format("{'channel': 'C0APPROVALS', 'ts': '%s',"
                             " 'text': '<@U0MIA> <!subteam^S0MANAGERS>'}",
                             answer("ts"));
    call("chat.update", json);
    expect_error(NULL);
    expect_calls("C0APPROVALS", "{}");
    assert_null(logged("slack.notice"));
    free(json);
}

static void a_direct_message_calls_whom_it_is_for(void **state)
{
    (void)state;
    call("chat.postMessage", "{'channel': 'U0SELLER', 'text': 'x'}");
    expect_error(NULL);
    expect_calls(answer("channel"), "{'U0SELLER': 'direct'}");
}

static void a_thread_calls_who_follows_it(void **state)
{
    const char *root = says("U0SELLER", "C0APPROVALS", "for <!subteam^S0MANAGERS>", NULL);
    (void)state;
    turn("{'root_mention': 'does_not_follow'}");
    says("U0OTTO", "C0APPROVALS", "first", root);
    expect_calls("C0APPROVALS", "{'U0SELLER': 'thread'}");
    says("U0GUS", "C0APPROVALS", "<@U0OLGA>, look", root);
    expect_calls("C0APPROVALS", "{'U0SELLER': 'thread', 'U0OTTO': 'thread', 'U0OLGA': 'mention'}");
    says("U0GUS", "C0APPROVALS", "well?", root); /* who was mentioned in a reply follows */
    expect_calls("C0APPROVALS", "{'U0SELLER': 'thread', 'U0OTTO': 'thread', 'U0OLGA': 'thread'}");
    turn("{'root_mention': 'follows'}");
    says("U0GUS", "C0APPROVALS", "managers?", root);
    expect_calls("C0APPROVALS", "{'U0SELLER': 'thread', 'U0OTTO': 'thread', 'U0OLGA': 'thread',"
                                " 'U0MIA': 'thread', 'U0MAX': 'thread'}");
}

/* The message ${i} of the last history or thread that was read. */
static const json_t *read_message(size_t i)
{
    return json_array_get(json_object_get(reply.body, "messages"), i);
}

static void a_thread_is_read_from_its_beginning(void **state)
{
    const char *root = says("U0SELLER", "C0OFFERS", "root", NULL);
    char *json = text_format("{'channel': 'C0OFFERS', 'thread_ts': '%s', 'text': 'a reply'}", root);
    char *form = text_format("channel=C0OFFERS&ts=%s", root);
    (void)state;
    says("U0MIA", "C0OFFERS", "beside it", NULL);
    call("chat.postMessage", json);
    expect_error(NULL);
    call_form("conversations.replies", form);
    assert_string_equal(workspace_text(read_message(0), "text"), "root");
    assert_string_equal(workspace_text(read_message(1), "text"), "a reply");
    assert_null(read_message(2));
    call_form("conversations.history", "channel=C0OFFERS");
    assert_string_equal(workspace_text(read_message(0), "text"), "beside it");
    assert_null(json_object_get(read_message(0), "reply_count"));
    assert_int_equal(json_integer_value(json_object_get(read_message(1), "reply_count")), 1);
    assert_string_equal(workspace_text(read_message(1), "thread_ts"), root);
    free(json);
    free(form);
}

static void a_reply_may_stand_in_the_channel_as_well(void **state)
{
    const char *root = says("U0SELLER", "C0OFFERS", "root", NULL);
    char *json = text_format("{'channel': 'C0OFFERS', 'thread_ts': '%s', 'text': 'to all',"
                             " 'reply_broadcast': true}",
                             root);
    (void)state;
    call("chat.postMessage", json);
    assert_string_equal(workspace_text(json_object_get(reply.body, "message"), "subtype"),
                        "thread_broadcast");
    call_form("conversations.history", "channel=C0OFFERS");
    assert_string_equal(workspace_text(read_message(0), "text"), "to all");
    free(json);
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'thread_ts': '1.000000', 'text': 'x'}");
    expect_error("thread_not_found");
}

static void a_permalink_leads_to_a_reply_in_its_thread(void **state)
{
    const char *root = says("U0SELLER", "C0OFFERS", "root", NULL);
    const char *ts = says("U0SELLER", "C0OFFERS", "reply", root);
    char *form = text_format("channel=C0OFFERS&message_ts=%s", ts);
    char *wanted = text_format("thread_ts=%s&cid=C0OFFERS", root);
    (void)state;
    call_form("chat.getPermalink", form);
    expect_error(NULL);
    assert_non_null(strstr(answer("permalink"), "https://partner.slack.com/archives/C0OFFERS/p"));
    assert_non_null(strstr(answer("permalink"), wanted));
    free(form);
    free(wanted);
    form = text_format("channel=C0OFFERS&message_ts=%s", root);
    call_form("chat.getPermalink", form);
    assert_null(strchr(answer("permalink"), '?'));
    call_form("chat.getPermalink", "channel=C0OFFERS&message_ts=1.000000");
    expect_error("message_not_found");
    free(form);
}

/* chat.update of a message of the bot in #offers. */
static void expect_update(const char *ts, const char *error)
{
    char *json = text_format("{'channel': 'C0OFFERS', 'ts': '%s', 'text': 'y'}", ts);
    call("chat.update", json);
    expect_error(error);
    free(json);
}

static void an_edit_can_be_refused(void **state)
{
    (void)state;
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    char *ts = mem_copy(answer("ts"));
    turn("{'edits': 'edit_window_closed'}");
    expect_update(ts, "edit_window_closed");
    turn("{'edits': 'allowed'}");
    expect_update(ts, NULL);
    json_object_set_new(channel("C0OFFERS"), "is_archived", json_true());
    expect_update(ts, "is_inactive");
    free(ts);
}

static void an_app_made_anew_is_another(void **state)
{
    (void)state;
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    char *ts = mem_copy(answer("ts"));
    call("chat.postMessage", "{'channel': 'U0MIA', 'text': 'x'}");
    char *dm = mem_copy(answer("channel"));
    app_anew(&fake.box, true);
    call("auth.test", "{}");
    assert_string_not_equal(answer("user_id"), "U0BOT");
    expect_update(ts, "cant_update_message");
    call("chat.postMessage", "{'channel': 'U0MIA', 'text': 'x'}");
    expect_error(NULL);
    assert_string_not_equal(answer("channel"), dm); /* other direct messages */
    char *json = text_format("{'channel': '%s', 'ts': '1.000000', 'text': 'y'}", dm);
    call("chat.update", json);
    expect_error("channel_not_found");
    call_form("users.info", "user=U0BOT");
    assert_true(workspace_flag(json_object_get(reply.body, "user"), "deleted"));
    app_anew(&fake.box, false);
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    expect_error("not_in_channel"); /* nobody invited it */
    free(json);
    free(dm);
    free(ts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_mention_calls_members_alone),
        TEST(a_group_is_called_but_for_the_author),
        TEST(blocks_call_where_they_are_markup),
        TEST(an_edit_calls_nobody),
        TEST(a_direct_message_calls_whom_it_is_for),
        TEST(a_thread_calls_who_follows_it),
        TEST(a_thread_is_read_from_its_beginning),
        TEST(a_reply_may_stand_in_the_channel_as_well),
        TEST(a_permalink_leads_to_a_reply_in_its_thread),
        TEST(an_edit_can_be_refused),
        TEST(an_app_made_anew_is_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
