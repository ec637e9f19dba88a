/* Envelopes: what each kind gives, what odd ones do, and the keys of a second delivery. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slack/payload.h"
#include "text.h"

static struct slack_envelope *decode(const char *frame)
{
    struct err err = {.text = ""};
    struct slack_envelope *e =
        slack_envelope_decode(slack_frame_parse(frame, strlen(frame), &err), &err);
    if (e == NULL)
        fail_msg("not decoded: %s", err.text);
    return e;
}

static void expect_route(const struct slack_envelope *e, const char *wanted)
{
    char route[SLACK_ROUTE];
    slack_route(e, route);
    assert_string_equal(route, wanted);
}

/* --- the kinds --- */

static void a_command(void **state)
{
    (void)state;
    struct slack_envelope *e = decode(
        "{\"envelope_id\":\"e1\",\"type\":\"slash_commands\",\"accepts_response_payload\":true,"
        "\"payload\":{\"command\":\"/cppo\",\"text\":\"new customer=“Meyer &amp; Sons” a&lt;b "
        "&amp;lt;\",\"user_id\":\"U0MIA\",\"team_id\":\"T0HOME\",\"channel_id\":\"C0SALES\","
        "\"trigger_id\":\"1.2.3\",\"is_enterprise_install\":\"false\"}}");
    assert_int_equal(e->kind, SLACK_COMMAND);
    assert_string_equal(e->id, "e1");
    assert_string_equal(e->command, "/cppo");
    assert_string_equal(e->command_text, "new customer=“Meyer & Sons” a<b &lt;");
    assert_string_equal(e->user, "U0MIA");
    assert_string_equal(e->channel, "C0SALES");
    assert_string_equal(e->trigger, "1.2.3");
    expect_route(e, "command:/cppo");
    slack_envelope_free(e);
}

/* Its text as people read it: without what Slack puts around links, people and channels. */
static void a_shortcut(void **state)
{
    (void)state;
    static const char message[] =
        "Ask <@U0SAM|sam> and <@U0MIA> in <#C0SALES|sales>: "
        "<https://acme.example/q?a=1&amp;b=2|the quote>, <!here> a &lt; b "
        "&lt;@U0X&gt; <mailto:a@b.example|a@b.example> < x";
    struct slack_envelope *e =
        decode("{\"envelope_id\":\"e1\",\"type\":\"interactive\",\"payload\":{\"type\":"
               "\"shortcut\",\"callback_id\":\"new_offer\",\"action_ts\":\"1.2\",\"trigger_id\":"
               "\"1.2.3\",\"user\":{\"id\":\"U0MIA\"}}}");
    assert_int_equal(e->kind, SLACK_SHORTCUT);
    assert_string_equal(e->place, "");
    assert_string_equal(e->trigger, "1.2.3");
    assert_string_equal(e->command_text, "");
    expect_route(e, "shortcut:new_offer");
    slack_envelope_free(e);
    char *frame = text_format(
        "{\"envelope_id\":\"e1\",\"type\":\"interactive\",\"payload\":{\"type\":\"message_action\","
        "\"callback_id\":\"offer_of_message\",\"action_ts\":\"1.2\",\"user\":{\"id\":\"U0MIA\"},"
        "\"channel\":{\"id\":\"C0SALES\"},\"message\":{\"ts\":\"5.6\",\"text\":\"%s\"}}}",
        message);
    e = decode(frame);
    assert_string_equal(e->place, "C0SALES");
    assert_string_equal(e->command_text,
                        "Ask @sam and @U0MIA in #sales: the quote, @here a < b <@U0X> a@b.example "
                        "< x");
    expect_route(e, "shortcut:offer_of_message");
    slack_envelope_free(e);
    free(frame);
}

static void a_command_in_capitals_is_the_same(void **state)
{
    (void)state;
    struct slack_envelope *e =
        decode("{\"envelope_id\":\"e1\",\"type\":\"slash_commands\",\"payload\":{\"command\":"
               "\"/CPPO\",\"user_id\":\"U0MIA\"}}");
    expect_route(e, "command:/cppo");
    slack_envelope_free(e);
}

/* Around the event, as the reference shows it; or bare, as the page on Socket Mode does. Who is
 * meant is an id, or an object that holds it. */
static void an_event_of_a_person(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        "{\"type\":\"event_callback\",\"event_id\":\"Ev1\",\"event\":{\"type\":"
        "\"app_home_opened\",\"user\":\"U0MIA\",\"channel\":\"D0MIA\",\"tab\":\"home\"}}",
        "{\"type\":\"app_home_opened\",\"user\":\"U0MIA\",\"tab\":\"home\"}",
        "{\"type\":\"event_callback\",\"event\":{\"type\":\"app_home_opened\",\"user\":{\"id\":"
        "\"U0MIA\"}}}",
    };
    for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
        char *frame = text_format("{\"envelope_id\":\"e9\",\"type\":\"events_api\",\"payload\":%s}",
                                  payloads[i]);
        struct slack_envelope *e = decode(frame);
        assert_int_equal(e->kind, SLACK_EVENT);
        assert_string_equal(e->user, "U0MIA");
        expect_route(e, "event:app_home_opened");
        slack_envelope_free(e);
        free(frame);
    }
}

static const char click_frame[] =
    "{\"envelope_id\":\"e2\",\"type\":\"interactive\",\"payload\":{\"type\":\"block_actions\","
    "\"team\":{\"id\":\"T0INSTALLED\"},\"user\":{\"id\":\"U0MAX\",\"team_id\":\"T0OTHER\"},"
    "\"container\":{\"type\":\"message\",\"message_ts\":\"1795.0001\",\"channel_id\":\"C0APPROVE\","
    "\"is_ephemeral\":%s},\"trigger_id\":\"4.5.6\",\"actions\":[{\"type\":\"button\","
    "\"block_id\":\"offer_12\",\"action_id\":\"approve\",\"value\":\"12.3\","
    "\"action_ts\":\"1795.5\"}],\"message\":{\"metadata\":{\"event_type\":\"cppo_post\","
    "\"event_payload\":{\"key\":\"0a1b\"}}}}}";

static struct slack_envelope *decode_click(const char *ephemeral)
{
    char *frame = text_format(click_frame, ephemeral);
    struct slack_envelope *e = decode(frame);
    free(frame);
    return e;
}

static void a_click(void **state)
{
    (void)state;
    struct slack_envelope *e = decode_click("false");
    assert_int_equal(e->kind, SLACK_ACTION);
    assert_string_equal(e->type, "block_actions");
    assert_string_equal(e->user, "U0MAX");
    assert_string_equal(e->channel, "C0APPROVE");
    assert_string_equal(e->message_ts, "1795.0001");
    assert_string_equal(e->message_key, "0a1b");
    assert_string_equal(e->action_id, "approve");
    assert_string_equal(e->block_id, "offer_12");
    assert_string_equal(e->value, "12.3");
    assert_string_equal(e->action_ts, "1795.5");
    expect_route(e, "action:approve");
    slack_envelope_free(e);
}

static void a_click_on_what_only_he_sees_is_on_no_card(void **state)
{
    (void)state;
    struct slack_envelope *e = decode_click("true");
    assert_string_equal(e->message_ts, "");
    assert_string_equal(e->click_ts, "1795.0001");
    slack_envelope_free(e);
}

static void a_chosen_option(void **state)
{
    (void)state;
    struct slack_envelope *e = decode(
        "{\"envelope_id\":\"e\",\"type\":\"interactive\",\"payload\":{\"type\":\"block_actions\","
        "\"user\":{\"id\":\"U1\"},\"actions\":[{\"action_id\":\"pick\",\"selected_option\":"
        "{\"value\":\"v7\"}}]}}");
    assert_string_equal(e->value, "v7");
    slack_envelope_free(e);
}

static const char submit_frame[] =
    "{\"envelope_id\":\"e3\",\"type\":\"interactive\",\"payload\":{\"type\":\"view_submission\","
    "\"team\":{\"id\":\"T0HIS\"},\"user\":{\"id\":\"U0MIA\"},\"trigger_id\":\"7.8.9\","
    "\"view\":{\"id\":\"V1\",\"hash\":\"h1\",\"callback_id\":\"offer_form\","
    "\"app_installed_team_id\":\"T0INSTALLED\",\"private_metadata\":\"{\\\"form\\\":\\\"f\\\"}\","
    "\"state\":{\"values\":{"
    "\"customer\":{\"customer\":{\"type\":\"plain_text_input\",\"value\":\"A & B <c>\"}},"
    "\"note\":{\"note\":{\"type\":\"plain_text_input\",\"value\":null}},"
    "\"term\":{\"term\":{\"type\":\"static_select\",\"selected_option\":{\"value\":\"P365D\"}}},"
    "\"eula\":{\"eula\":{\"type\":\"static_select\",\"selected_option\":null}},"
    "\"accept_by\":{\"accept_by\":{\"type\":\"datepicker\",\"selected_date\":\"2026-12-31\"}},"
    "\"markup\":{\"other\":{\"value\":\"25\"}},\"buyers\":{\"buyers\":7}}}}}}";

static void a_submitted_form(void **state)
{
    (void)state;
    struct slack_envelope *e = decode(submit_frame);
    assert_int_equal(e->kind, SLACK_SUBMIT);
    assert_string_equal(e->view_id, "V1");
    assert_string_equal(e->callback_id, "offer_form");
    assert_string_equal(e->private_metadata, "{\"form\":\"f\"}");
    expect_route(e, "view:offer_form");
    assert_string_equal(slack_view_value(e, "customer"), "A & B <c>");
    assert_string_equal(slack_view_value(e, "term"), "P365D");
    assert_string_equal(slack_view_value(e, "accept_by"), "2026-12-31");
    assert_null(slack_view_value(e, "note"));   /* empty */
    assert_null(slack_view_value(e, "eula"));   /* nothing chosen */
    assert_null(slack_view_value(e, "markup")); /* under a name that is not ours */
    assert_null(slack_view_value(e, "buyers")); /* no object */
    assert_null(slack_view_value(e, "never"));
    slack_envelope_free(e);
}

static void typed_into_a_select(void **state)
{
    (void)state;
    struct slack_envelope *e =
        decode("{\"envelope_id\":\"e4\",\"type\":\"interactive\",\"payload\":{\"type\":"
               "\"block_suggestion\",\"user\":{\"id\":\"U1\",\"team_id\":\"T1\"},\"action_id\":"
               "\"authorization\",\"block_id\":\"authorization\",\"value\":\"arch\"}}");
    assert_int_equal(e->kind, SLACK_SUGGEST);
    assert_string_equal(e->value, "arch");
    expect_route(e, "options:authorization");
    slack_envelope_free(e);
}

static void what_we_do_not_know_can_be_acknowledged(void **state)
{
    (void)state;
    static const char *const frames[] = {
        "{\"envelope_id\":\"e\",\"type\":\"events_api\",\"payload\":{\"event_id\":\"Ev1\"}}",
        "{\"envelope_id\":\"e\",\"type\":\"brand_new\",\"payload\":{}}",
        ("{\"envelope_id\":\"e\",\"type\":\"interactive\",\"payload\":{\"type\":\"view_closed\","
         "\"user\":{\"id\":\"U1\"}}}"),
        "{\"envelope_id\":\"e\",\"type\":\"interactive\",\"payload\":{\"type\":\"block_actions\"}}",
        "{\"envelope_id\":\"e\",\"type\":\"slash_commands\",\"payload\":{\"command\":\"/cppo\"}}",
        "{\"envelope_id\":\"e\",\"type\":\"slash_commands\",\"payload\":\"text\"}",
        "{\"envelope_id\":\"e\",\"type\":\"interactive\",\"payload\":null}",
        "{\"envelope_id\":\"e\",\"type\":7}",
        "{\"envelope_id\":\"e\"}",
    };
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        struct slack_envelope *e = decode(frames[i]);
        if (e->kind != SLACK_OTHER)
            fail_msg("should be of no kind that anybody handles: %s", frames[i]);
        assert_string_equal(e->id, "e");
        expect_route(e, "other");
        slack_envelope_free(e);
    }
}

/* --- what is no envelope --- */

static void expect_refused(const char *bytes, size_t size)
{
    struct err err = {.text = ""};
    struct slack_envelope *e = slack_envelope_decode(slack_frame_parse(bytes, size, &err), &err);
    if (e != NULL)
        fail_msg("this is no envelope: %.80s", bytes);
    assert_true(err.text[0] != '\0');
    assert_null(strstr(err.text, "SECRET"));
}

static void broken_frames_are_refused_and_not_quoted(void **state)
{
    (void)state;
    static const char *const frames[] = {
        "",
        "SECRET: cache_error",
        "\"SECRET\"",
        "[]",
        "null",
        "{\"envelope_id\":\"e SECRET\",\"a\":1,\"a\":2}",
        "{\"envelope_id\" \"SECRET\",}",
        "{\"SECRET\":\"envelope_id\",\"a\":\"e\",}",
        "{\"envelope_id\":[\"SECRET\"],}",
        "{\"payload\":{\"envelope_id\":\"SECRET\"},}",
        "{\"payload\":\"{\\\"envelope_id\\\":\\\"SECRET\\\"}\",}",
        "{\"envelope_id\":7,\"payload\":{\"a\":\"SECRET\"}}",
        "{\"type\":\"hello\",\"url\":\"SECRET\"}",
        "{\"envelope_id\":\"\"}",
    };
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
        expect_refused(frames[i], strlen(frames[i]));
}

/* Slack waits for an answer to whatever it calls an envelope. */
static void expect_acknowledged_only(const char *bytes, size_t size)
{
    struct err err = {.text = ""};
    struct slack_envelope *e = slack_envelope_decode(slack_frame_parse(bytes, size, &err), &err);
    if (e == NULL || e->kind != SLACK_OTHER || strcmp(e->id, "Ev-1.a_2") != 0)
        fail_msg("this should be acknowledged: %.80s", bytes);
    expect_route(e, "other");
    slack_envelope_free(e);
}

static void what_cannot_be_read_can_be_acknowledged(void **state)
{
    (void)state;
    static const char *const frames[] = {
        "{\"envelope_id\":\"Ev-1.a_2\",\"twice\":1,\"twice\":2}",
        "{\"payload\":{\"a\":[\"\xFF\"]}, \"envelope_id\" : \"Ev-1.a_2\"}",
        "{\"payload\":\"}\\\"{\",\"envelope_id\":\"Ev-1.a_2\",\"cut\":\"of",
        "{\"envelope_id\":\"Ev-1.a_2\",\"payload\":{\"a\":\"raw \x01\"}}",
    };
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
        expect_acknowledged_only(frames[i], strlen(frames[i]));
    struct text deep = {0};
    text_add(&deep, "{\"envelope_id\":\"Ev-1.a_2\",\"payload\":");
    for (int i = 0; i < 200; i++)
        text_add(&deep, "[");
    for (int i = 0; i < 200; i++)
        text_add(&deep, "]");
    text_add(&deep, "}");
    expect_acknowledged_only(text_get(&deep), deep.size);
    text_free(&deep);
    struct text large = {0};
    text_add(&large, "{\"envelope_id\":\"Ev-1.a_2\",\"payload\":\"");
    while (large.size < SLACK_FRAME)
        text_add(&large, "xxxxxxxxxxxxxxxx");
    text_add(&large, "\"}");
    expect_acknowledged_only(text_get(&large), large.size);
    text_free(&large);
}

/* JSON can name what our texts cannot hold: that character is lost, nothing else. */
static void characters_that_no_text_holds_are_marked(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"a\\u0000b", "a\uFFFDb"},
        {"\\ud800", "\uFFFD"},
        {"\\uDFFF!", "\uFFFD!"},
        {"\\ud83d\\ude00", "\U0001F600"}, /* a pair */
        {"\\ud83d\\ud83d\\ude00", "\uFFFD\U0001F600"},
        {"\\ude00\\ud83d", "\uFFFD\uFFFD"},
        {"\\\\u0000", "\\u0000"}, /* a backslash, and what follows it */
        {"\\\\\\u0000", "\\\uFFFD"},
        {"\\u00e9 \\\"\\n", "\u00E9 \"\n"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *frame = text_format("{\"envelope_id\":\"e\",\"type\":\"slash_commands\",\"payload\":{"
                                  "\"user_id\":\"U1\",\"text\":\"%s\"}}",
                                  rows[i][0]);
        struct slack_envelope *e = decode(frame);
        assert_int_equal(e->kind, SLACK_COMMAND);
        assert_string_equal(e->command_text, rows[i][1]);
        slack_envelope_free(e);
        free(frame);
    }
}

static void brackets_in_text_are_not_depth(void **state)
{
    (void)state;
    struct text frame = {0};
    text_add(&frame, "{\"envelope_id\":\"e\",\"type\":\"slash_commands\",\"payload\":{\"user_id\":"
                     "\"U1\",\"text\":\"\\\"");
    for (int i = 0; i < 200; i++)
        text_add(&frame, "[{");
    text_add(&frame, "\"}}");
    struct slack_envelope *e = decode(text_get(&frame));
    assert_int_equal(strlen(e->command_text), 401);
    slack_envelope_free(e);
    text_free(&frame);
}

/* Every value of a good frame, in turn, becomes something else: nothing but the envelope's own id
 * may make it impossible to acknowledge. */
static void check_with(json_t *root, json_t *holder, const char *key, const json_t *odd)
{
    struct err err;
    json_t *before = json_incref(json_object_get(holder, key));
    json_object_set(holder, key, json_deep_copy(odd));
    json_decref(json_object_get(holder, key)); /* the copy's own reference */
    char *frame = json_dumps(root, JSON_COMPACT);
    struct slack_envelope *e =
        slack_envelope_decode(slack_frame_parse(frame, strlen(frame), &err), &err);
    if (e == NULL && (holder != root || strcmp(key, "envelope_id") != 0))
        fail_msg("cannot be acknowledged with an odd %s: %s", key, err.text);
    if (e != NULL) {
        char storage[SLACK_KEYS][SLACK_KEY];
        const char *keys[SLACK_KEYS];
        char route[SLACK_ROUTE];
        slack_keys(e, storage, keys);
        slack_route(e, route);
        assert_non_null(keys[0]);
        slack_view_value(e, "customer");
    }
    slack_envelope_free(e);
    free(frame);
    json_object_set_new(holder, key, before);
}

static void oddify(json_t *root, json_t *holder)
{
    json_t *odd = json_pack("[n, b, i, s, [], {}, [s, [i]], {s:[i], s:s}]", 1, 7, "odd", "odd", 1,
                            "id", 1, "value", "v");
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(holder, next, key, value)
    {
        char *name = text_format("%s", key);
        for (size_t i = 0; i < json_array_size(odd); i++)
            check_with(root, holder, name, json_array_get(odd, i));
        json_t *inner = json_object_get(holder, name);
        if (json_is_array(inner))
            inner = json_array_get(inner, 0);
        if (json_is_object(inner))
            oddify(root, inner);
        free(name);
    }
    json_decref(odd);
}

static void odd_values_do_no_harm(void **state)
{
    (void)state;
    json_t *submit = json_loads(submit_frame, 0, NULL);
    oddify(submit, submit);
    json_decref(submit);
    char *frame = text_format(click_frame, "false");
    json_t *click = json_loads(frame, 0, NULL);
    oddify(click, click);
    json_decref(click);
    free(frame);
}

static void cut_frames_do_no_harm(void **state)
{
    (void)state;
    struct err err;
    for (size_t size = 0; size < sizeof(submit_frame) - 1; size++) {
        struct slack_envelope *e =
            slack_envelope_decode(slack_frame_parse(submit_frame, size, &err), &err);
        assert_true(e == NULL || e->kind == SLACK_OTHER);
        slack_envelope_free(e);
    }
}

/* --- keys --- */

struct keys {
    char storage[SLACK_KEYS][SLACK_KEY];
    const char *keys[SLACK_KEYS];
};

static void keys_of(struct slack_envelope *e, struct keys *keys)
{
    slack_keys(e, keys->storage, keys->keys);
}

static void a_click_is_known_again_in_another_envelope(void **state)
{
    (void)state;
    struct keys one;
    struct keys two;
    struct slack_envelope *e = decode_click("false");
    keys_of(e, &one);
    e->id = "another";
    keys_of(e, &two);
    assert_string_equal(one.keys[0], "envelope e2");
    assert_string_not_equal(one.keys[0], two.keys[0]);
    assert_string_equal(one.keys[1], two.keys[1]);
    assert_null(one.keys[2]);
    e->action_ts = "1795.6"; /* they clicked once more */
    keys_of(e, &two);
    assert_string_not_equal(one.keys[1], two.keys[1]);
    slack_envelope_free(e);
}

static void clicks_of_two_people_are_two(void **state)
{
    (void)state;
    struct keys one;
    struct keys two;
    struct slack_envelope *e = decode_click("true");
    keys_of(e, &one);
    e->user = "U0MIA";
    keys_of(e, &two);
    assert_string_not_equal(one.keys[1], two.keys[1]);
    slack_envelope_free(e);
}

static void an_event_is_known_by_its_id(void **state)
{
    (void)state;
    struct keys keys;
    struct slack_envelope *e =
        decode("{\"envelope_id\":\"e\",\"type\":\"events_api\",\"retry_attempt\":1,"
               "\"payload\":{\"event_id\":\"Ev7\"}}");
    keys_of(e, &keys);
    assert_string_equal(keys.keys[1], "event Ev7");
    assert_null(keys.keys[2]);
    slack_envelope_free(e);
}

/* A form that was answered with errors is sent again: only the envelope makes it the same. */
static void a_form_has_no_key_but_its_envelope(void **state)
{
    (void)state;
    struct keys keys;
    struct slack_envelope *e = decode(submit_frame);
    keys_of(e, &keys);
    assert_string_equal(keys.keys[0], "envelope e3");
    assert_null(keys.keys[1]);
    slack_envelope_free(e);
}

static void long_keys_stay_apart(void **state)
{
    (void)state;
    struct keys one;
    struct keys two;
    char action[256];
    char user[256];
    memset(action, 'a', 255);
    memset(user, 'u', 255);
    action[255] = user[255] = '\0';
    struct slack_envelope *e = decode_click("false");
    e->action_id = action;
    e->user = user;
    keys_of(e, &one);
    user[254] = 'v';
    keys_of(e, &two);
    assert_true(strlen(one.keys[1]) < SLACK_KEY);
    assert_string_not_equal(one.keys[1], two.keys[1]);
    slack_envelope_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command),
        cmocka_unit_test(a_shortcut),
        cmocka_unit_test(a_command_in_capitals_is_the_same),
        cmocka_unit_test(an_event_of_a_person),
        cmocka_unit_test(a_click),
        cmocka_unit_test(a_click_on_what_only_he_sees_is_on_no_card),
        cmocka_unit_test(a_chosen_option),
        cmocka_unit_test(a_submitted_form),
        cmocka_unit_test(typed_into_a_select),
        cmocka_unit_test(what_we_do_not_know_can_be_acknowledged),
        cmocka_unit_test(broken_frames_are_refused_and_not_quoted),
        cmocka_unit_test(what_cannot_be_read_can_be_acknowledged),
        cmocka_unit_test(characters_that_no_text_holds_are_marked),
        cmocka_unit_test(brackets_in_text_are_not_depth),
        cmocka_unit_test(odd_values_do_no_harm),
        cmocka_unit_test(cut_frames_do_no_harm),
        cmocka_unit_test(a_click_is_known_again_in_another_envelope),
        cmocka_unit_test(clicks_of_two_people_are_two),
        cmocka_unit_test(an_event_is_known_by_its_id),
        cmocka_unit_test(a_form_has_no_key_but_its_envelope),
        cmocka_unit_test(long_keys_stay_apart),
    };
    return cmocka_run_group_tests_name("payload", tests, NULL, NULL);
}
