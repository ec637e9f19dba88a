/* The sandbox's envelopes: three seconds, one socket, retries, the same envelope again. */
#include "../sandbox/envelope.h"
#include "../sandbox/link.h"
#include "sandbox_fixture.h"

static struct envelopes *envelopes;
static json_t *passed; /* the newest frame; owned */
static char *frame;    /* as it went out */
static uint64_t socket_now;
static struct {
    int count;
    enum envelope_outcome outcome;
    int64_t ms;
    char *payload;
} result;

/* Stands in for the sockets. */
uint64_t link_pass(struct link *link, const char *bytes, size_t size)
{
    (void)link;
    json_decref(passed);
    passed = json_loadb(bytes, size, JSON_ALLOW_NUL, NULL);
    free(frame);
    frame = text_format("%.*s", (int)size, bytes);
    return socket_now;
}

static void on_done(void *ctx, const struct envelope_result *got)
{
    (void)ctx;
    free(result.payload);
    result.count++;
    result.outcome = got->outcome;
    result.ms = got->ms;
    result.payload = json_dumps(got->payload, JSON_COMPACT | JSON_ENCODE_ANY);
}

static int set_up(void **state)
{
    (void)state;
    fixture_open();
    memset(&result, 0, sizeof(result));
    passed = NULL;
    socket_now = 1;
    envelopes = envelope_open(&fake.box, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    envelope_close(envelopes);
    json_decref(passed);
    free(frame);
    frame = NULL;
    free(result.payload);
    fixture_close();
    return 0;
}

static void send_one(const char *type)
{
    envelope_send(envelopes, type, json_pack("{s:s}", "type", "view_submission"), true, false,
                  on_done, NULL);
}

/* ${payload}: "" or a member `"payload": ...`, with ' for ". */
static void ack(uint64_t socket, const char *payload)
{
    char *json = text_format("{'envelope_id': 'ID'%s}", payload);
    json_t *body = parse(json);
    json_object_set(body, "envelope_id", json_object_get(passed, "envelope_id"));
    char *text = json_dumps(body, 0);
    envelope_message(envelopes, socket, text, strlen(text));
    free(text);
    free(json);
    json_decref(body);
}

static void expect_attempt(int attempt, const char *reason)
{
    assert_int_equal(json_integer_value(json_object_get(passed, "retry_attempt")), attempt);
    assert_string_equal(workspace_text(passed, "retry_reason"), reason);
}

static void an_acknowledgement_ends_it(void **state)
{
    (void)state;
    send_one("interactive");
    assert_null(json_object_get(passed, "retry_attempt"));
    assert_true(json_is_true(json_object_get(passed, "accepts_response_payload")));
    pass(1500);
    ack(1, ", 'payload': {'response_action': 'clear'}");
    assert_int_equal(result.outcome, ENVELOPE_ACKED);
    assert_int_equal(result.ms, 1500);
    assert_string_equal(result.payload, "{\"response_action\":\"clear\"}");
    pass(600000);
    assert_int_equal(result.count, 1);
    assert_int_equal(count_logged("complaint"), 0);
}

static void three_seconds_and_no_more(void **state)
{
    (void)state;
    send_one("interactive");
    pass(2999);
    assert_int_equal(result.count, 0);
    pass(1);
    assert_int_equal(result.outcome, ENVELOPE_TIMED_OUT);
    ack(1, "");
    assert_true(json_is_true(json_object_get(logged("envelope.acked"), "late")));
    pass(600000);
    assert_int_equal(count_logged("envelope.sent"), 1); /* a click is never tried again */
}

static void nobody_there_is_told_at_once(void **state)
{
    (void)state;
    socket_now = 0;
    send_one("slash_commands");
    assert_int_equal(result.count, 0); /* never inside the call */
    pass(0);
    assert_int_equal(result.outcome, ENVELOPE_NO_SOCKET);
}

static void an_event_is_tried_again_at_once_after_a_minute_and_after_five(void **state)
{
    (void)state;
    send_one("events_api");
    expect_attempt(0, "");
    pass(3000 + 199);
    expect_attempt(0, "");
    pass(1);
    expect_attempt(1, "timeout");
    pass(3000 + 59999);
    expect_attempt(1, "timeout");
    pass(1);
    expect_attempt(2, "timeout");
    pass(3000 + 300000);
    expect_attempt(3, "timeout");
    pass(86400000);
    assert_int_equal(count_logged("envelope.sent"), 4);
    assert_int_equal(result.count, 1);
}

static void an_event_that_is_acknowledged_late_is_not_tried_again(void **state)
{
    (void)state;
    send_one("events_api");
    pass(3100);
    ack(1, "");
    pass(600000);
    assert_int_equal(count_logged("envelope.sent"), 1);
}

static void the_same_envelope_comes_again(void **state)
{
    (void)state;
    send_one("interactive");
    char *id = mem_copy(workspace_text(passed, "envelope_id"));
    assert_false(envelope_redeliver(envelopes, id, on_done, NULL)); /* it is under way */
    ack(1, "");
    socket_now = 2;
    assert_true(envelope_redeliver(envelopes, id, on_done, NULL));
    assert_string_equal(workspace_text(passed, "envelope_id"), id);
    ack(2, "");
    assert_int_equal(result.count, 2);
    assert_int_equal(count_logged("complaint"), 0);
    assert_false(envelope_redeliver(envelopes, "no such", on_done, NULL));
    free(id);
}

static void an_acknowledgement_can_be_lost(void **state)
{
    (void)state;
    order_fault("{'where': 'socket', 'method': 'ack', 'drop': 'before'}");
    send_one("interactive");
    ack(1, "");
    assert_int_equal(result.count, 0);
    pass(3000);
    assert_int_equal(result.outcome, ENVELOPE_TIMED_OUT);
    envelope_send(envelopes, "interactive", json_object(), true, true, on_done, NULL);
    ack(1, "");
    assert_int_equal(result.count, 1);
}

static void expect_complaint(const char *what)
{
    assert_non_null(logged("complaint"));
    assert_string_equal(workspace_text(logged("complaint"), "what"), what);
}

static void what_is_no_acknowledgement_is_noted(void **state)
{
    (void)state;
    envelope_message(envelopes, 1, "x", 1);
    expect_complaint("a message that is not JSON");
    envelope_message(envelopes, 1, "{}", 2);
    expect_complaint("a message without envelope_id");
    envelope_message(envelopes, 1, "{\"envelope_id\":\"x\"}", 19);
    expect_complaint("an acknowledgement of an unknown envelope");
    send_one("interactive");
    ack(2, "");
    expect_complaint("acknowledged on another socket than it came on");
    ack(1, "");
    expect_complaint("an envelope was acknowledged twice");
    envelope_send(envelopes, "interactive", json_object(), false, false, on_done, NULL);
    ack(1, ", 'payload': {}");
    assert_int_equal(count_logged("complaint"), 5); /* an empty one is what Slack's own SDK sends */
    envelope_send(envelopes, "interactive", json_object(), false, false, on_done, NULL);
    ack(1, ", 'payload': {'text': 'x'}");
    expect_complaint("a payload in an acknowledgement that takes none");
}

static void a_payload_may_hold_what_nobody_writes(void **state)
{
    (void)state;
    order_fault("{'where': 'socket', 'method': 'payload', 'match': 'view_submission',"
                " 'body': 'a\\\\u0000b\\\\ud800'}");
    send_one("interactive");
    assert_non_null(strstr(frame, "\"payload\":{\"type\":\"a\\u0000b\\ud800\"}"));
    order_fault("{'where': 'socket', 'method': 'payload', 'body': '\\'nul\\': \\'\\\\u0000\\''}");
    send_one("interactive");
    assert_int_equal(json_string_length(json_object_get(json_object_get(passed, "payload"), "nul")),
                     1);
    order_fault("{'where': 'socket', 'method': 'payload', 'pad': 300000}");
    send_one("interactive");
    assert_int_equal(json_string_length(json_object_get(json_object_get(passed, "payload"), "pad")),
                     300000);
    ack(1, "");
    assert_int_equal(result.outcome, ENVELOPE_ACKED);
    send_one("interactive"); /* the next one is as ever */
    assert_true(strlen(frame) < 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_acknowledgement_ends_it),
        TEST(three_seconds_and_no_more),
        TEST(nobody_there_is_told_at_once),
        TEST(an_event_is_tried_again_at_once_after_a_minute_and_after_five),
        TEST(an_event_that_is_acknowledged_late_is_not_tried_again),
        TEST(the_same_envelope_comes_again),
        TEST(an_acknowledgement_can_be_lost),
        TEST(what_is_no_acknowledgement_is_noted),
        TEST(a_payload_may_hold_what_nobody_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
