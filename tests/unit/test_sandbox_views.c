/* The sandbox's triggers, modals, Home tabs and response urls keep Slack's limits. */
#include "../sandbox/modal.h"
#include "../sandbox/response.h"
#include "sandbox_api_fixture.h"

#define VIEW                                                                                       \
    "'view': {'type': 'modal', 'title': {'type': 'plain_text', 'text': 't'}, 'blocks': []%s}"

static char trigger[MODAL_TRIGGER];

/* views.open or views.push by ${trigger}; ${more}: further members of the view. */
static void show(const char *method, const char *more)
{
    char *json = text_format("{'trigger_id': '%s', " VIEW "}", trigger, more);
    call(method, json);
    free(json);
}

static void show_anew(const char *method)
{
    modal_trigger(&fake.box, "U0MIA", trigger);
    show(method, "");
}

static void a_trigger_lives_three_seconds(void **state)
{
    (void)state;
    modal_trigger(&fake.box, "U0MIA", trigger);
    pass(3000);
    show("views.open", "");
    expect_error(NULL);
    modal_trigger(&fake.box, "U0MIA", trigger);
    pass(3001);
    show("views.open", "");
    expect_error("expired_trigger_id");
}

static void a_trigger_is_used_once(void **state)
{
    (void)state;
    show_anew("views.open");
    expect_error(NULL);
    show("views.open", "");
    expect_error("exchanged_trigger_id");
    text_fit(trigger, sizeof(trigger), "1.2.3");
    show("views.open", "");
    expect_error("invalid_trigger_id");
}

static void three_views_are_stacked_and_no_more(void **state)
{
    (void)state;
    show_anew("views.open");
    expect_error(NULL);
    show_anew("views.push");
    expect_error(NULL);
    show_anew("views.push");
    expect_error(NULL);
    show_anew("views.push");
    expect_error("push_limit_reached");
}

static void a_hash_that_is_old_conflicts(void **state)
{
    (void)state;
    show_anew("views.open");
    const json_t *view = json_object_get(reply.body, "view");
    char *id = mem_copy(workspace_text(view, "id"));
    char *hash = mem_copy(workspace_text(view, "hash"));
    char *json = text_format("{'view_id': '%s', 'hash': '%s', " VIEW "}", id, hash, "");
    call("views.update", json);
    expect_error(NULL);
    call("views.update", json); /* the update gave it another hash */
    expect_error("hash_conflict");
    free(json);
    json = text_format("{'view_id': '%s', " VIEW "}", id, "");
    call("views.update", json);
    expect_error(NULL);
    free(json);
    free(id);
    free(hash);
    call("views.update", "{'view_id': 'V0NONE', 'view': {'type': 'modal', 'title': {'type': "
                         "'plain_text', 'text': 't'}, 'blocks': []}}");
    expect_error("not_found");
}

static void a_view_has_its_limits(void **state)
{
    char *long_text = mem_new(250001, 1);
    (void)state;
    memset(long_text, 'x', 250000);
    modal_trigger(&fake.box, "U0MIA", trigger);
    char *more = text_format(", 'private_metadata': '%s'", long_text);
    show("views.open", more);
    expect_error("view_too_large");
    free(more);
    more = text_format(", 'private_metadata': '%.3001s'", long_text);
    show("views.open", more);
    expect_error("invalid_arguments");
    expect_complaint("/view/private_metadata");
    free(more);
    free(long_text);
    show("views.open", ", 'external_id': 'mine'");
    expect_error(NULL);
    modal_trigger(&fake.box, "U0MAX", trigger);
    show("views.open", ", 'external_id': 'mine'");
    expect_error("duplicate_external_id");
}

static void a_home_tab_is_for_our_own_people(void **state)
{
    (void)state;
    call("views.publish", "{'user_id': 'U0MIA', 'view': {'type': 'home', 'blocks': []}}");
    expect_error(NULL);
    assert_string_equal(workspace_text(json_object_get(reply.body, "view"), "type"), "home");
    call("views.publish",
         "{'user_id': 'U0MIA', 'hash': '1.x', 'view': {'type': 'home', 'blocks': []}}");
    expect_error("hash_conflict");
    call("views.publish", "{'user_id': 'U0INES', 'view': {'type': 'home', 'blocks': []}}");
    expect_error("not_enabled");
    call("views.publish", "{'user_id': 'U0MIA', 'view': {'type': 'modal', 'blocks': []}}");
    expect_error("invalid_arguments");
}

/* What stands in the one field of Mia's form on top. */
static const char *typed(void)
{
    const json_t *state =
        json_object_get(json_object_get(modal_top(&fake.box, "U0MIA"), "view"), "state");
    const json_t *values = json_object_get(state, "values");
    const json_t *states = json_object_iter_value(json_object_iter((json_t *)(uintptr_t)values));
    return workspace_text(json_object_get(states, "f"), "value");
}

/* views.update of that form: a text field in the block ${block_id}. */
static void update_field(const char *block_id, const char *initial)
{
    char *json = text_format(
        "{'view_id': '%s', 'view': {'type': 'modal', 'title': {'type': 'plain_text', 'text': 't'},"
        " 'submit': {'type': 'plain_text', 'text': 's'}, 'blocks': [{'type': 'input',"
        " 'block_id': '%s', 'label': {'type': 'plain_text', 'text': 'l'}, 'element':"
        " {'type': 'plain_text_input', 'action_id': 'f', 'initial_value': '%s'}}]}}",
        workspace_text(modal_top(&fake.box, "U0MIA"), "id"), block_id, initial);
    call("views.update", json);
    expect_error(NULL);
    free(json);
}

static void what_was_typed_stays_while_its_block_stays(void **state)
{
    (void)state;
    show_anew("views.open");
    update_field("note", "first");
    assert_string_equal(typed(), "first");
    json_t *values = json_object_get(
        json_object_get(json_object_get(modal_top(&fake.box, "U0MIA"), "view"), "state"), "values");
    json_object_set_new(json_object_get(json_object_get(values, "note"), "f"), "value",
                        json_string("by hand"));
    update_field("note", "second"); /* whatever the app puts in */
    assert_string_equal(typed(), "by hand");
    update_field("note.1", "third"); /* another block is another field */
    assert_string_equal(typed(), "third");
}

/* The answer ${json} to a submission of Mia's form on top; how many are open then. */
static size_t submitted(const char *json)
{
    json_t *payload = parse(json);
    const char *refused = modal_answer(&fake.box, modal_top(&fake.box, "U0MIA"), payload);
    if (refused != NULL)
        fail_msg("%s", refused);
    json_decref(payload);
    return json_array_size(json_object_get(fake.box.workspace->stacks, "U0MIA"));
}

static void a_submission_pushes_updates_and_clears(void **state)
{
    char *push = text_format("{'response_action': 'push', " VIEW "}", ", 'callback_id': 'second'");
    char *update = text_format("{'response_action': 'update', " VIEW "}", ", 'callback_id': 'new'");
    (void)state;
    show_anew("views.open");
    char *hash = mem_copy(workspace_text(json_object_get(reply.body, "view"), "hash"));
    assert_int_equal(submitted(push), 2);
    const json_t *view = json_object_get(modal_top(&fake.box, "U0MIA"), "view");
    assert_string_equal(workspace_text(view, "callback_id"), "second");
    assert_string_not_equal(workspace_text(view, "previous_view_id"), workspace_text(view, "id"));
    assert_int_equal(submitted(update), 2);
    view = json_object_get(modal_top(&fake.box, "U0MIA"), "view");
    assert_string_equal(workspace_text(view, "callback_id"), "new");
    assert_string_not_equal(workspace_text(view, "hash"), hash);
    assert_int_equal(submitted("{}"), 1); /* closed, and what lay under it shows */
    assert_int_equal(submitted(push), 2);
    assert_int_equal(submitted("{'response_action': 'clear'}"), 0);
    free(hash);
    free(update);
    free(push);
}

static void a_view_can_be_refused_for_other_reasons_than_time(void **state)
{
    (void)state;
    order_fault("{'where': 'slack', 'method': 'views.open', 'error': 'invalid_arguments'}");
    order_fault("{'where': 'slack', 'method': 'views.open', 'retry_after': 3}");
    show_anew("views.open");
    expect_error("invalid_arguments");
    show_anew("views.open");
    expect_error("ratelimited");
    assert_int_equal(reply.status, 429);
    assert_non_null(strstr(reply.headers, "Retry-After: 3\r\n"));
    show_anew("views.open");
    expect_error(NULL);
}

/* --- response urls --- */

/* POST ${body} (' for ") to ${url}; the status, and the text in reply.raw. */
static int respond(const char *url, const char *body)
{
    struct sb_reply got = {0};
    json_t *root = parse(body);
    char *text = json_dumps(root, JSON_ENCODE_ANY);
    struct sb_request request = {.method = "POST",
                                 .path = strstr(url, "/response/"),
                                 .body = text,
                                 .body_size = strlen(text)};
    response_handle(&fake.box, &request, &got);
    reply_free();
    reply.raw = text_take(&got.body);
    reply.headers = text_take(&got.headers);
    json_decref(root);
    free(text);
    return got.status;
}

static void a_response_url_is_used_five_times(void **state)
{
    char *url = response_url(&fake.box, "U0MIA", "C0OFFERS", "", false);
    (void)state;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(respond(url, "{'text': 'x'}"), 200);
        pass(1000);
    }
    assert_int_equal(respond(url, "{'text': 'x'}"), 404);
    assert_string_equal(reply.raw, "used_url");
    free(url);
}

static void a_response_url_lives_half_an_hour(void **state)
{
    char *url = response_url(&fake.box, "U0MIA", "C0OFFERS", "", false);
    (void)state;
    pass(30 * 60000);
    assert_int_equal(respond(url, "{'text': 'x'}"), 200);
    pass(1);
    assert_int_equal(respond(url, "{'text': 'x'}"), 404);
    assert_string_equal(reply.raw, "expired_url");
    free(url);
}

static void a_response_url_takes_one_message_a_second(void **state)
{
    char *url = response_url(&fake.box, "U0MIA", "C0OFFERS", "", false);
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(respond(url, "{'text': 'x'}"), 200);
    assert_int_equal(respond(url, "{'text': 'x'}"), 429);
    assert_non_null(strstr(reply.headers, "Retry-After: 1\r\n"));
    pass(1000);
    assert_int_equal(respond(url, "{'text': 'x'}"), 200);
    free(url);
}

static void a_response_url_is_as_strict_as_a_post(void **state)
{
    char *url = response_url(&fake.box, "U0MIA", "C0OFFERS", "", false);
    (void)state;
    assert_int_equal(respond(url, "[]"), 404);
    assert_string_equal(reply.raw, "invalid_payload");
    assert_int_equal(respond(url, "{}"), 404);
    assert_string_equal(reply.raw, "no_text");
    assert_int_equal(respond(url, "{'blocks': [{'type': 'header'}]}"), 404);
    assert_string_equal(reply.raw, "invalid_blocks");
    free(url);
}

/* The texts that Mia alone sees, the last one last, joined by "|". */
static const char *whispers(void)
{
    static char all[200];
    size_t i;
    json_t *each;
    *all = '\0';
    json_array_foreach(json_object_get(fake.box.workspace->ephemerals, "U0MIA"), i, each)
        snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i > 0 ? "|" : "",
                 workspace_text(each, "text"));
    return all;
}

static void a_response_url_works_where_the_bot_is_not(void **state)
{
    json_t *offers = workspace_channel(fake.box.workspace, "C0OFFERS");
    char *url = response_url(&fake.box, "U0MIA", "C0OFFERS", "", false);
    (void)state;
    assert_int_equal(strncmp(url, "http://127.0.0.1:1/", 19), 0); /* where the API is, too */
    json_object_set_new(offers, "bot_member", json_false());
    assert_int_equal(respond(url, "{'text': 'for Mia'}"), 200);
    assert_string_equal(whispers(), "for Mia");
    assert_int_equal(respond(url, "{'text': 'for all', 'response_type': 'in_channel'}"), 200);
    const json_t *posted = json_array_get(json_object_get(offers, "messages"), 0);
    assert_string_equal(workspace_text(posted, "text"), "for all");
    /* a command has no message that could be replaced: the answer is one more */
    assert_int_equal(respond(url, "{'text': 'again', 'replace_original': true}"), 200);
    assert_string_equal(whispers(), "for Mia|again");
    free(url);
}

static void a_response_url_replaces_and_deletes_what_was_clicked(void **state)
{
    json_t *shown =
        workspace_post_ephemeral(&fake.box, "U0MIA", "C0OFFERS",
                                 workspace_bot_message(fake.box.workspace, "the menu", NULL));
    char *url = response_url(&fake.box, "U0MIA", "C0OFFERS", workspace_text(shown, "ts"), true);
    (void)state;
    assert_int_equal(respond(url, "{'text': 'beside'}"), 200);
    assert_string_equal(whispers(), "the menu|beside");
    assert_int_equal(respond(url, "{'replace_original': true, 'response_type': 'in_channel',"
                                  " 'text': 'instead'}"),
                     200);
    assert_string_equal(whispers(), "instead|beside"); /* it stays what it was: for Mia alone */
    assert_int_equal(respond(url, "{'delete_original': true}"), 200);
    assert_string_equal(whispers(), "beside");
    free(url);
}

static void a_response_url_answers_in_a_thread_that_is_named(void **state)
{
    json_t *offers = workspace_channel(fake.box.workspace, "C0OFFERS");
    json_t *root =
        workspace_post(&fake.box, offers, workspace_bot_message(fake.box.workspace, "root", NULL));
    char *url = response_url(&fake.box, "U0MIA", "C0OFFERS", "", false);
    char *body = text_format("{'text': 'x', 'thread_ts': '%s'}", workspace_text(root, "ts"));
    (void)state;
    assert_int_equal(respond(url, body), 200);
    const json_t *whisper =
        json_array_get(json_object_get(fake.box.workspace->ephemerals, "U0MIA"), 0);
    assert_string_equal(workspace_text(whisper, "thread_ts"), workspace_text(root, "ts"));
    free(body);
    free(url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_trigger_lives_three_seconds),
        TEST(a_trigger_is_used_once),
        TEST(three_views_are_stacked_and_no_more),
        TEST(a_hash_that_is_old_conflicts),
        TEST(a_view_has_its_limits),
        TEST(a_home_tab_is_for_our_own_people),
        TEST(what_was_typed_stays_while_its_block_stays),
        TEST(a_submission_pushes_updates_and_clears),
        TEST(a_view_can_be_refused_for_other_reasons_than_time),
        TEST(a_response_url_is_used_five_times),
        TEST(a_response_url_lives_half_an_hour),
        TEST(a_response_url_takes_one_message_a_second),
        TEST(a_response_url_is_as_strict_as_a_post),
        TEST(a_response_url_works_where_the_bot_is_not),
        TEST(a_response_url_replaces_and_deletes_what_was_clicked),
        TEST(a_response_url_answers_in_a_thread_that_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
