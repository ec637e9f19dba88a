/* The sandbox's Web API is as strict as Slack's: tokens, forms and JSON, scopes, rate limits. */
#include "sandbox_api_fixture.h"

static void set_member(const char *channel, bool member)
{
    json_object_set_new(workspace_channel(fake.box.workspace, channel), "bot_member",
                        json_boolean(member));
}

static void a_token_is_looked_for_where_slack_does(void **state)
{
    (void)state;
    send_call("POST", "auth.test", NULL, FORM, "");
    expect_error("not_authed");
    send_call("POST", "auth.test", "xoxb-sandbox", FORM, "");
    expect_error("invalid_auth");
    expect_complaint("does not begin with Bearer");
    send_call("POST", "auth.test", "Bearer xoxb-other", FORM, "");
    expect_error("invalid_auth");
    send_call("POST", "auth.test", APP, FORM, "");
    expect_error("not_allowed_token_type");
    send_call("POST", "auth.test", NULL, FORM, "token=xoxb-sandbox");
    expect_error(NULL);
    expect_complaint("a token in the arguments");
    assert_string_equal(answer("user_id"), "U0BOT");
}

static void a_connection_is_opened_with_the_header_alone(void **state)
{
    (void)state;
    send_call("POST", "apps.connections.open", NULL, FORM, "token=xapp-1-A0CPPO-sandbox");
    expect_error("invalid_auth");
    expect_complaint("belongs into the Authorization header");
    send_call("POST", "apps.connections.open", BOT, FORM, "");
    expect_error("not_allowed_token_type");
    send_call("GET", "apps.connections.open", APP, NULL, "");
    expect_error("insecure_request");
    send_call("POST", "apps.connections.open", APP, NULL, "");
    expect_error(NULL);
    assert_non_null(strstr(answer("url"), "ticket="));
}

static void a_connection_can_be_told_to_wait(void **state)
{
    (void)state;
    order_fault("{'where': 'slack', 'method': 'apps.connections.open', 'retry_after': 30}");
    send_call("POST", "apps.connections.open", APP, NULL, "");
    expect_error("ratelimited");
    assert_int_equal(reply.status, 429);
    assert_non_null(strstr(reply.headers, "Retry-After: 30\r\n"));
    send_call("POST", "apps.connections.open", APP, NULL, "");
    expect_error(NULL);
}

static void a_malformed_call_gets_its_code_and_a_line_in_the_log(void **state)
{
    static const struct {
        const char *method, *type, *body, *error, *said;
    } calls[] = {
        {"chat.postMessage", JSON, "{\"channel\":", "invalid_json", "line 1"},
        {"chat.postMessage", JSON, "[1]", "json_not_object", "no object"},
        {"chat.postMessage", FORM, "channel=%zz", "invalid_form_data", "not UTF-8"},
        {"chat.postMessage", FORM, "channel=%ff", "invalid_form_data", "not UTF-8"},
        {"chat.postMessage", NULL, "channel=C", "missing_post_type", "without Content-Type"},
        {"chat.postMessage", "text/xml", "<a/>", "invalid_post_type", "text/xml"},
        {"chat.postMassage", FORM, "channel=C", "unknown_method", "chat.postMassage"},
        {"chat.postMessage", FORM, "channel=C0OFFERS&text=x&blocks=[", "invalid_blocks_format",
         "blocks, line 1"},
        {"chat.postMessage", FORM, "channel=C0OFFERS&text=x&blocks={}", "invalid_blocks_format",
         "no array"},
        {"views.open", FORM, "trigger_id=1&view=x", "invalid_arguments", "view, line 1"},
        {"chat.postMessage", FORM, "text=x", "invalid_arguments", "missing required field"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        send_call("POST", calls[i].method, BOT, calls[i].type, calls[i].body);
        expect_error(calls[i].error);
        expect_complaint(calls[i].said);
    }
    send_call("GET", "chat.postMessage", BOT, NULL, "");
    expect_error("invalid_post_type");
}

static void what_reads_takes_forms_and_no_json(void **state)
{
    (void)state;
    call_form("users.info", "user=U0MIA");
    expect_error(NULL);
    call("users.info", "{'user': 'U0MIA'}");
    expect_error("invalid_arguments");
    expect_complaint("never JSON");
}

static void what_writes_takes_both(void **state)
{
    (void)state;
    call_form("chat.postMessage", "channel=C0OFFERS&text=a+%3cb%3e&blocks=%5b%5d");
    expect_error(NULL);
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x', 'blocks': []}");
    expect_error(NULL);
    send_call("POST", "chat.postMessage", BOT, "application/json",
              "{\"channel\": \"C0OFFERS\", \"text\": \"x\"}");
    expect_error(NULL);
    assert_string_equal(answer("warning"), "missing_charset");
}

static void a_missing_scope_is_named(void **state)
{
    (void)state;
    json_decref(fake.box.workspace->scopes);
    fake.box.workspace->scopes = parse("['commands', 'users:read']");
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    expect_error("missing_scope");
    assert_string_equal(answer("needed"), "chat:write");
    assert_string_equal(answer("provided"), "commands,users:read");
    assert_non_null(strstr(reply.headers, "x-oauth-scopes: commands,users:read\r\n"));
    assert_non_null(strstr(reply.headers, "x-accepted-oauth-scopes: chat:write\r\n"));
    call_form("conversations.history", "channel=C0APPROVALS");
    expect_error("missing_scope");
    assert_string_equal(answer("needed"), "groups:history");
}

/* Three at once are taken, a fourth is not. */
static void post_a_burst(void)
{
    for (int i = 0; i < 3; i++) {
        call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
        expect_error(NULL);
    }
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    expect_error("ratelimited");
}

static void a_channel_takes_one_message_a_second(void **state)
{
    (void)state;
    post_a_burst();
    pass(3600000); /* a long rest saves nothing up */
    post_a_burst();
    assert_int_equal(reply.status, 429);
    assert_non_null(strstr(reply.headers, "Retry-After: 1\r\n"));
    call("chat.postMessage", "{'channel': 'C0APPROVALS', 'text': 'x'}");
    expect_error(NULL);
    pass(1000);
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    expect_error(NULL);
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    expect_error("ratelimited");
}

static void each_method_has_the_limit_of_its_tier(void **state)
{
    static const struct {
        const char *method, *form;
        int per_minute;
    } tiers[] = {{"usergroups.list", "", 20},
                 {"conversations.info", "channel=C0OFFERS", 50},
                 {"users.info", "user=U0MIA", 100}};
    (void)state;
    for (size_t i = 0; i < sizeof(tiers) / sizeof(tiers[0]); i++) {
        for (int n = 0; n < tiers[i].per_minute; n++) {
            call_form(tiers[i].method, tiers[i].form);
            expect_error(NULL);
        }
        call_form(tiers[i].method, tiers[i].form);
        expect_error("ratelimited");
        assert_int_equal(reply.status, 429);
        pass(60000 / tiers[i].per_minute);
        call_form(tiers[i].method, tiers[i].form);
        expect_error(NULL);
    }
}

static void blocks_that_slack_refuses_are_named(void **state)
{
    (void)state;
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x', 'blocks': ["
                             "{'type': 'divider'}, {'type': 'header'}]}");
    expect_error("invalid_blocks");
    const json_t *meta = json_object_get(reply.body, "response_metadata");
    const json_t *messages = json_object_get(meta, "messages");
    assert_string_equal(json_string_value(json_array_get(messages, 0)),
                        "[ERROR] missing required field: text [json-pointer:/blocks/1]");
    expect_complaint("/blocks/1");
}

/* chat.update of the message ${ts} in #offers; ${more}: further members, ' for ". */
static void update(const char *ts, const char *more)
{
    char *json = text_format("{'channel': 'C0OFFERS', 'ts': '%s'%s}", ts, more);
    call("chat.update", json);
    free(json);
}

static void an_update_keeps_what_slack_keeps(void **state)
{
    const json_t *message;
    (void)state;
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x', 'blocks': [{'type': 'divider'}],"
                             "'metadata': {'event_type': 'card', 'event_payload': {'n': 1}}}");
    char *ts = mem_copy(answer("ts"));
    update(ts, ", 'text': 'y', 'blocks': [{'type': 'divider'}]");
    expect_error(NULL);
    message = workspace_message(fake.box.workspace, "C0OFFERS", ts);
    assert_null(json_object_get(message, "edited")); /* blocks leave no mark */
    assert_non_null(json_object_get(message, "metadata"));
    update(ts, ", 'text': 'z'");
    assert_null(json_object_get(message, "blocks")); /* text alone removes them */
    assert_non_null(json_object_get(message, "edited"));
    update(ts, "");
    expect_error("no_text");
    json_object_set_new((json_t *)(uintptr_t)message, "bot_id", json_string("B0OTHER"));
    update(ts, ", 'text': 'y'");
    expect_error("cant_update_message");
    update("1.0", ", 'text': 'y'");
    expect_error("message_not_found");
    free(ts);
}

static void metadata_is_given_to_who_asks(void **state)
{
    (void)state;
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x',"
                             "'metadata': {'event_type': 'card', 'event_payload': {'n': 1}}}");
    call_form("conversations.history", "channel=C0OFFERS");
    assert_null(strstr(reply.raw, "event_payload"));
    call_form("conversations.history", "channel=C0OFFERS&include_all_metadata=true");
    assert_non_null(strstr(reply.raw, "\"event_payload\":{\"n\":1}"));
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x', 'metadata': {'event_type': 1}}");
    expect_error("invalid_metadata_format");
}

static void lists_come_in_pages(void **state)
{
    (void)state;
    call_form("conversations.members", "channel=C0OFFERS&limit=5");
    expect_error(NULL);
    assert_int_equal(json_array_size(json_object_get(reply.body, "members")), 5);
    const json_t *meta = json_object_get(reply.body, "response_metadata");
    char *form =
        text_format("channel=C0OFFERS&limit=5&cursor=%s", workspace_text(meta, "next_cursor"));
    call_form("conversations.members", form);
    assert_int_equal(json_array_size(json_object_get(reply.body, "members")), 2);
    meta = json_object_get(reply.body, "response_metadata");
    assert_string_equal(workspace_text(meta, "next_cursor"), "");
    call_form("conversations.members", "channel=C0OFFERS&limit=0");
    expect_error("invalid_limit");
    free(form);
}

/* What conversations.info says of #deal-desk. */
static const json_t *deal_desk(void)
{
    call_form("conversations.info", "channel=C0DEALDESK");
    expect_error(NULL);
    return json_object_get(reply.body, "channel");
}

static void a_channel_says_who_it_is_shared_with(void **state)
{
    json_t *kept = workspace_channel(fake.box.workspace, "C0DEALDESK");
    (void)state;
    assert_true(workspace_flag(deal_desk(), "is_ext_shared"));
    assert_false(workspace_flag(deal_desk(), "is_pending_ext_shared"));
    json_object_set_new(kept, "is_ext_shared", json_false());
    json_object_set_new(kept, "is_pending_ext_shared", json_true());
    assert_false(workspace_flag(deal_desk(), "is_shared"));
    assert_true(workspace_flag(deal_desk(), "is_pending_ext_shared"));
    assert_int_equal(json_array_size(json_object_get(deal_desk(), "pending_shared")), 1);
    json_object_set_new(kept, "is_pending_ext_shared", json_false());
    json_object_set_new(kept, "is_org_shared", json_true());
    assert_true(workspace_flag(deal_desk(), "is_shared"));
    assert_false(workspace_flag(deal_desk(), "is_private"));
    json_object_set_new(kept, "is_private", json_true());
    assert_true(workspace_flag(deal_desk(), "is_private"));
}

static void an_invited_bot_is_a_member(void **state)
{
    json_t *offers = workspace_channel(fake.box.workspace, "C0OFFERS");
    (void)state;
    workspace_invite_bot(fake.box.workspace, offers, false);
    assert_false(workspace_is_member(offers, "U0BOT"));
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    expect_error("not_in_channel");
    json_array_append_new(fake.box.workspace->scopes, json_string("channels:join"));
    call("conversations.join", "{'channel': 'C0OFFERS'}");
    expect_error(NULL);
    assert_true(workspace_is_member(offers, "U0BOT"));
}

static void an_ephemeral_wants_a_member(void **state)
{
    (void)state;
    call("chat.postEphemeral", "{'channel': 'C0OPERATORS', 'user': 'U0SELLER', 'text': 'x'}");
    expect_error("user_not_in_channel");
    call("chat.postEphemeral", "{'channel': 'C0OPERATORS', 'user': 'U0OLGA', 'text': 'x'}");
    expect_error(NULL);
    json_t *body = json_pack("{s:s, s:O, s:s}", "channel", "C0OPERATORS", "ts",
                             json_object_get(reply.body, "message_ts"), "text", "y");
    char *text = json_dumps(body, 0);
    send_call("POST", "chat.update", BOT, JSON, text);
    expect_error("message_not_found"); /* an ephemeral cannot be updated */
    free(text);
    json_decref(body);
}

static void an_ephemeral_fails_where_the_bot_is_not(void **state)
{
    (void)state;
    set_member("C0OFFERS", false);
    set_member("C0OPERATORS", false);
    call("chat.postEphemeral", "{'channel': 'C0OFFERS', 'user': 'U0MIA', 'text': 'x'}");
    expect_error("not_in_channel");
    call("chat.postEphemeral", "{'channel': 'C0OPERATORS', 'user': 'U0MIA', 'text': 'x'}");
    expect_error("channel_not_found");
    turn("{'ephemeral_outside': 'internal_error'}");
    call("chat.postEphemeral", "{'channel': 'C0OFFERS', 'user': 'U0MIA', 'text': 'x'}");
    expect_error("internal_error");
    assert_null(logged("slack.message"));
    set_member("C0OFFERS", true);
    call("chat.postEphemeral", "{'channel': 'C0OFFERS', 'user': 'U0MIA', 'text': 'x'}");
    expect_error(NULL);
}

static void a_switch_that_is_none_is_refused_in_words(void **state)
{
    const char *error = NULL;
    json_t *wish = parse("{'ephemeral_outside': 'internal_error', 'weather': 'rain'}");
    (void)state;
    assert_false(switches_turn(fake.box.workspace, wish, &error));
    assert_string_equal(error, "no switch is called “weather”");
    assert_true(switches_is(fake.box.workspace, "ephemeral_outside", "refused")); /* or none */
    json_decref(wish);
    wish = parse("{'ephemeral_outside': 1}");
    assert_false(switches_turn(fake.box.workspace, wish, &error));
    assert_string_equal(error, "ephemeral_outside has no such position");
    json_decref(wish);
}

static void a_channel_must_be_open_to_the_bot(void **state)
{
    json_t *offers = workspace_channel(fake.box.workspace, "C0OFFERS");
    (void)state;
    call("chat.postMessage", "{'channel': 'C0NOWHERE', 'text': 'x'}");
    expect_error("channel_not_found");
    call("chat.postMessage", "{'channel': 'C0OFFERS'}");
    expect_error("no_text");
    json_object_set_new(offers, "bot_member", json_false());
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    expect_error("not_in_channel");
    json_object_set_new(offers, "is_archived", json_true());
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'x'}");
    expect_error("is_archived");
}

static void faults_come_when_they_were_ordered(void **state)
{
    (void)state;
    order_fault("{'where': 'slack', 'method': 'auth.test', 'error': 'fatal_error', 'skip': 1}");
    order_fault("{'where': 'slack', 'method': 'auth.test', 'retry_after': 7, 'status': 429}");
    order_fault("{'where': 'slack', 'status': 503, 'body': '<html>'}");
    order_fault("{'where': 'slack', 'drop': 'after', 'match': 'needle'}");
    call("auth.test", "{}");
    expect_error("ratelimited");
    assert_int_equal(reply.status, 429);
    assert_non_null(strstr(reply.headers, "Retry-After: 7\r\n"));
    call("auth.test", "{}");
    expect_error("fatal_error");
    call("auth.test", "{}");
    assert_int_equal(reply.status, 503);
    assert_string_equal(reply.raw, "<html>");
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': 'needle'}");
    assert_true(reply.cut);
    assert_string_equal(workspace_text(logged("slack.message"), "text"), "needle");
    call("auth.test", "{}");
    expect_error(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_looked_for_where_slack_does),
        TEST(a_connection_is_opened_with_the_header_alone),
        TEST(a_connection_can_be_told_to_wait),
        TEST(a_malformed_call_gets_its_code_and_a_line_in_the_log),
        TEST(what_reads_takes_forms_and_no_json),
        TEST(what_writes_takes_both),
        TEST(a_missing_scope_is_named),
        TEST(a_channel_takes_one_message_a_second),
        TEST(each_method_has_the_limit_of_its_tier),
        TEST(blocks_that_slack_refuses_are_named),
        TEST(an_update_keeps_what_slack_keeps),
        TEST(metadata_is_given_to_who_asks),
        TEST(lists_come_in_pages),
        TEST(a_channel_says_who_it_is_shared_with),
        TEST(an_invited_bot_is_a_member),
        TEST(an_ephemeral_wants_a_member),
        TEST(an_ephemeral_fails_where_the_bot_is_not),
        TEST(a_switch_that_is_none_is_refused_in_words),
        TEST(a_channel_must_be_open_to_the_bot),
        TEST(faults_come_when_they_were_ordered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
