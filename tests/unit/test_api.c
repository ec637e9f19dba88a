/* The Web API: how a method is asked, and what each answer means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "slack/api.h"
#include "text.h"

/* --- asking --- */

static char *body_of(const char *method, const char *args)
{
    const struct slack_method *found = slack_method_named(method);
    if (found == NULL)
        fail_msg("there is no method %s", method);
    return slack_request_body(found, args, strlen(args));
}

static void writing_sends_its_json_unchanged(void **state)
{
    (void)state;
    const char *args = "{\"channel\":\"C1\",\"text\":\"a &amp; b ü\"}";
    char *body = body_of("chat.postMessage", args);
    assert_string_equal(body, args);
    assert_string_equal(slack_content_type(slack_method_named("chat.postMessage")),
                        "Content-Type: application/json; charset=utf-8");
    free(body);
}

static void reading_sends_a_form(void **state)
{
    (void)state;
    char *body = body_of("conversations.history",
                         "{\"channel\":\"C1\",\"limit\":200,\"include_all_metadata\":true,"
                         "\"oldest\":\"17.5\",\"x\":\"a&b=c ü+%\"}");
    assert_string_equal(body, "channel=C1&limit=200&include_all_metadata=true&oldest=17.5&"
                              "x=a%26b%3Dc%20%C3%BC%2B%25");
    assert_string_equal(slack_content_type(slack_method_named("conversations.history")),
                        "Content-Type: application/x-www-form-urlencoded");
    free(body);
    body = body_of("auth.test", "");
    assert_string_equal(body, "");
    free(body);
}

static void the_table_of_methods(void **state)
{
    (void)state;
    static const char *const needed[] = {"apps.connections.open",
                                         "auth.test",
                                         "chat.postMessage",
                                         "chat.update",
                                         "chat.postEphemeral",
                                         "conversations.history",
                                         "conversations.info",
                                         "usergroups.list",
                                         "usergroups.users.list",
                                         "users.info",
                                         "views.open"};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        assert_non_null(slack_method_named(needed[i]));
    assert_null(slack_method_named("files.upload"));
    for (const struct slack_method *method = slack_methods(); method->name != NULL; method++) {
        assert_ptr_equal(slack_method_named(method->name), method);
        assert_true(method->timeout_ms > 0);
        assert_int_equal(method->app_token, strcmp(method->name, "apps.connections.open") == 0);
    }
    assert_true(slack_method_named("views.open")->timeout_ms <= 3000); /* a trigger lives 3 s */
}

/* --- answers --- */

static struct slack_answer read_body(int status, const char *body, const char *retry_after)
{
    struct slack_answer answer;
    slack_answer_read(&answer, status, true, body, strlen(body), retry_after);
    return answer;
}

static void expect_answer(int status, const char *body, enum outcome outcome, const char *code)
{
    struct slack_answer answer = read_body(status, body, NULL);
    if (answer.outcome != outcome)
        fail_msg("HTTP %d %s: outcome %d, not %d", status, body, (int)answer.outcome, (int)outcome);
    assert_string_equal(answer.code, code);
    assert_int_equal(answer.text[0] == '\0', outcome == OUTCOME_OK);
    slack_answer_clear(&answer);
    assert_null(answer.root);
}

static void expect_error(const char *code, enum outcome outcome)
{
    char *body = text_format("{\"ok\":false,\"error\":\"%s\"}", code);
    expect_answer(200, body, outcome, code);
    free(body);
}

static void a_good_answer_is_kept(void **state)
{
    (void)state;
    struct slack_answer answer = read_body(200, "{\"ok\":true,\"ts\":\"17.5\"}", NULL);
    assert_int_equal(answer.outcome, OUTCOME_OK);
    assert_string_equal(json_string_value(json_object_get(answer.root, "ts")), "17.5");
    assert_int_equal(answer.retry_after_ms, -1);
    slack_answer_clear(&answer);
}

static void errors_that_may_have_happened_are_unknown(void **state)
{
    (void)state;
    static const char *const codes[] = {"fatal_error", "internal_error", "service_unavailable",
                                        "request_timeout", "update_failed"};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        expect_error(codes[i], OUTCOME_UNKNOWN);
    expect_answer(500, "", OUTCOME_UNKNOWN, "http_500");
    expect_answer(502, "<html>bad gateway</html>", OUTCOME_UNKNOWN, "http_502");
    expect_answer(503, "{\"ok\":false,\"error\":\"never_heard_of\"}", OUTCOME_UNKNOWN, "http_503");
    expect_answer(408, "", OUTCOME_UNKNOWN, "http_408");
    expect_answer(200, "", OUTCOME_UNKNOWN, "http_200");
    expect_answer(200, "<html>please log in to this network</html>", OUTCOME_UNKNOWN, "http_200");
    expect_answer(200, "{\"ok\":true,\"ts\":\"1", OUTCOME_UNKNOWN, "http_200");
    expect_answer(200, "{\"ok\":\"true\"}", OUTCOME_UNKNOWN, "http_200");
    expect_answer(200, "[true]", OUTCOME_UNKNOWN, "http_200");
    expect_answer(302, "", OUTCOME_UNKNOWN, "http_302");
}

static void errors_that_pass_are_tried_again(void **state)
{
    (void)state;
    static const char *const codes[] = {"ratelimited",
                                        "rate_limited",
                                        "team_added_to_org",
                                        "org_login_required",
                                        "external_channel_migrating",
                                        "message_limit_exceeded"};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        expect_error(codes[i], OUTCOME_RETRY);
        assert_false(slack_error_is_setup(codes[i]));
    }
}

/* The operator can put a new token in place while the bot runs. */
static void a_wrong_setup_waits_for_the_operator(void **state)
{
    (void)state;
    static const char *const codes[] = {"invalid_auth",
                                        "not_authed",
                                        "account_inactive",
                                        "token_revoked",
                                        "token_expired",
                                        "no_permission",
                                        "missing_scope",
                                        "not_allowed_token_type",
                                        "access_denied",
                                        "accesslimited",
                                        "ekm_access_denied",
                                        "enterprise_is_restricted",
                                        "method_deprecated",
                                        "deprecated_endpoint",
                                        "team_access_not_granted",
                                        "two_factor_setup_required",
                                        "forbidden_team",
                                        "user_removed_from_team",
                                        "team_disabled",
                                        "inactive_team"};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        expect_error(codes[i], OUTCOME_RETRY);
        if (!slack_error_is_setup(codes[i]))
            fail_msg("%s is wrong with every call", codes[i]);
    }
}

static void errors_of_the_call_are_refusals_in_words(void **state)
{
    (void)state;
    static const char *const codes[] = {"channel_not_found",
                                        "not_in_channel",
                                        "is_archived",
                                        "restricted_action",
                                        "restricted_action_read_only_channel",
                                        "msg_too_long",
                                        "msg_blocks_too_long",
                                        "invalid_blocks",
                                        "invalid_blocks_format",
                                        "no_text",
                                        "too_many_attachments",
                                        "messages_tab_disabled",
                                        "slack_connect_file_link_sharing_blocked",
                                        "message_not_found",
                                        "cant_update_message",
                                        "edit_window_closed",
                                        "is_inactive",
                                        "block_mismatch",
                                        "streaming_state_conflict",
                                        "metadata_too_large",
                                        "user_not_in_channel",
                                        "expired_trigger_id",
                                        "exchanged_trigger_id",
                                        "invalid_trigger_id",
                                        "view_too_large",
                                        "duplicate_external_id",
                                        "push_limit_reached",
                                        "hash_conflict",
                                        "not_found",
                                        "not_enabled",
                                        "user_not_found",
                                        "plan_upgrade_required",
                                        "no_such_subteam",
                                        "invalid_arguments",
                                        "invalid_json",
                                        "json_not_object",
                                        "invalid_form_data",
                                        "invalid_post_type",
                                        "missing_post_type",
                                        "missing_charset",
                                        "missing_args",
                                        "insecure_request"};
    const char *unknown = slack_error_words("never_heard_of");
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        expect_error(codes[i], OUTCOME_REFUSED);
        assert_false(slack_error_is_setup(codes[i]));
        if (strcmp(slack_error_words(codes[i]), unknown) == 0)
            fail_msg("nobody would know what to do about %s", codes[i]);
    }
    expect_error("never_heard_of", OUTCOME_REFUSED);
    expect_answer(403, "", OUTCOME_REFUSED, "http_403");
}

static void words_say_what_to_do(void **state)
{
    (void)state;
    assert_non_null(strstr(slack_error_words("not_in_channel"), "/invite @cppo"));
    assert_non_null(strstr(slack_error_words("channel_not_found"), "/invite @cppo"));
    assert_non_null(strstr(slack_error_words("invalid_auth"), "app's settings"));
    assert_non_null(strstr(slack_error_words("missing_scope"), "manifest.json"));
}

static void what_slack_adds_is_said(void **state)
{
    (void)state;
    struct slack_answer answer =
        read_body(200,
                  "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"usergroups:read\","
                  "\"provided\":\"chat:write\"}",
                  NULL);
    assert_non_null(strstr(answer.text, "(usergroups:read)"));
    slack_answer_clear(&answer);
    answer =
        read_body(200,
                  "{\"ok\":false,\"error\":\"invalid_blocks\",\"response_metadata\":"
                  "{\"messages\":[\"[ERROR] must be less than 3001 [json-pointer:/blocks/2]\"]}}",
                  NULL);
    assert_non_null(strstr(answer.text, "/blocks/2"));
    slack_answer_clear(&answer);
}

/* Operators read it in a message of ours, where marks would call somebody. */
static void what_slack_says_mentions_nobody(void **state)
{
    struct slack_answer answer;
    static const char body[] = "{\"ok\":false,\"error\":\"<@U0MIA>\",\"response_metadata\":{"
                               "\"messages\":[\"see <!channel> and <#C0OFFERS>\"]}}";
    (void)state;
    slack_answer_read(&answer, 200, true, body, sizeof(body) - 1, NULL);
    assert_string_equal(answer.code, " @U0MIA ");
    assert_null(strpbrk(answer.text, "<>"));
    assert_non_null(strstr(answer.text, "C0OFFERS"));
    slack_answer_clear(&answer);
}

static void wrong_tokens_are_told_in_words(void **state)
{
    (void)state;
    assert_null(slack_token_fault("xoxb-1", "xoxb-"));
    assert_null(slack_token_fault("xapp-1", "xapp-"));
    assert_non_null(strstr(slack_token_fault("xapp-1", "xoxb-"), "swapped"));
    assert_non_null(strstr(slack_token_fault("xoxb-1", "xapp-"), "swapped"));
    assert_non_null(strstr(slack_token_fault("xoxe.xoxb-1", "xoxb-"), "switch token rotation off"));
    assert_non_null(strstr(slack_token_fault("xoxp-1", "xoxb-"), "another kind"));
    assert_non_null(strstr(slack_token_fault("", "xoxb-"), "another kind"));
}

static void long_details_are_cut_between_characters(void **state)
{
    (void)state;
    struct text body = {0};
    text_add(&body, "{\"ok\":false,\"error\":\"invalid_blocks\",\"response_metadata\":"
                    "{\"messages\":[\"");
    for (int i = 0; i < 1000; i++)
        text_add(&body, "ü😀");
    text_add(&body, "\"]}}");
    struct slack_answer answer = read_body(200, text_get(&body), NULL);
    assert_true(strlen(answer.text) > 300);
    assert_true(text_is_utf8(answer.text, strlen(answer.text)));
    slack_answer_clear(&answer);
    text_free(&body);
}

static void slowing_down(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int64_t ms;
    } cases[] = {{"30", 30000},     {"0", 0},
                 {"86400", 900000}, {"99999999999999999999", 900000},
                 {"-5", 30000},     {"Wed, 21 Oct 2026 07:28:00 GMT", 30000},
                 {"", 30000},       {NULL, 30000}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slack_answer answer = read_body(429, "", cases[i].header);
        assert_int_equal(answer.outcome, OUTCOME_RETRY);
        assert_string_equal(answer.code, "ratelimited");
        assert_int_equal(answer.retry_after_ms, cases[i].ms);
        slack_answer_clear(&answer);
    }
}

static void no_answer_at_all(void **state)
{
    (void)state;
    struct slack_answer answer;
    slack_answer_read(&answer, 0, true, "", 0, NULL);
    assert_int_equal(answer.outcome, OUTCOME_UNKNOWN);
    slack_answer_clear(&answer);
    slack_answer_read(&answer, 0, false, "", 0, NULL);
    assert_int_equal(answer.outcome, OUTCOME_RETRY);
    assert_string_equal(answer.code, "not_reached");
    slack_answer_clear(&answer);
}

/* Only to Slack's own hook host, or to where the Web API is. */
static void where_answers_may_be_posted(void **state)
{
    static const char slack[] = "https://slack.com/api/";
    static const char local[] = "http://127.0.0.1:8080/api/";
    static const char *const good[][2] = {
        {"https://hooks.slack.com/actions/T0/1/x", slack},
        {"https://hooks.slack.com/commands/T0/1/x", local},
        {"https://slack.com/response/x", slack},
        {"http://127.0.0.1:8080/response/x", local},
    };
    static const char *const bad[][2] = {
        {"", slack},
        {"http://hooks.slack.com/actions/x", slack},
        {"https://hooks.slack.com", slack},
        {"https://hooks.slack.com.example.net/x", slack},
        {"https://hooks.slack.com@example.net/x", slack},
        {"https://hooks.slack.com:8443/x", slack},
        {"https://example.net/hooks.slack.com/", slack},
        {"https://hooks.slack.com/\\example.net", slack},
        {"https://hooks.slack.com/a b", slack},
        {"https://slack.com.example.net/x", slack},
        {"http://slack.com/response/x", slack},
        {"http://127.0.0.1:80801/response/x", local},
        {"http://127.0.0.1:8081/response/x", local},
        {"http://example.net/", ""},
        {"https://example.net/", "https:///api/"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(slack_response_allowed(good[i][0], good[i][1]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(slack_response_allowed(bad[i][0], bad[i][1]));
}

static void what_a_response_url_answers(void **state)
{
    static const char refused[] = "{\"ok\":false,\"error\":\"invalid_blocks\"}";
    struct slack_answer answer;
    (void)state;
    slack_response_read(&answer, 200, true, "ok", 2, NULL);
    assert_int_equal(answer.outcome, OUTCOME_OK);
    slack_answer_clear(&answer);
    slack_response_read(&answer, 200, true, refused, strlen(refused), NULL);
    assert_int_equal(answer.outcome, OUTCOME_REFUSED);
    slack_answer_clear(&answer);
    slack_response_read(&answer, 404, true, "used_url", 8, NULL);
    assert_int_equal(answer.outcome, OUTCOME_REFUSED);
    slack_answer_clear(&answer);
    slack_response_read(&answer, 500, true, "", 0, NULL);
    assert_int_equal(answer.outcome, OUTCOME_UNKNOWN);
    slack_answer_clear(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_answers_may_be_posted),
        cmocka_unit_test(what_a_response_url_answers),
        cmocka_unit_test(writing_sends_its_json_unchanged),
        cmocka_unit_test(reading_sends_a_form),
        cmocka_unit_test(the_table_of_methods),
        cmocka_unit_test(a_good_answer_is_kept),
        cmocka_unit_test(errors_that_may_have_happened_are_unknown),
        cmocka_unit_test(errors_that_pass_are_tried_again),
        cmocka_unit_test(a_wrong_setup_waits_for_the_operator),
        cmocka_unit_test(errors_of_the_call_are_refusals_in_words),
        cmocka_unit_test(words_say_what_to_do),
        cmocka_unit_test(what_slack_adds_is_said),
        cmocka_unit_test(what_slack_says_mentions_nobody),
        cmocka_unit_test(wrong_tokens_are_told_in_words),
        cmocka_unit_test(long_details_are_cut_between_characters),
        cmocka_unit_test(slowing_down),
        cmocka_unit_test(no_answer_at_all),
    };
    return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
