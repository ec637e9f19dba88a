/* The sandbox's WebSocket side: what RFC 6455 allows a client to send, and what it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../sandbox/ws.h"
#include "mem.h"

/* What came out of the parser, one line a message. */
static void note(void *ctx, const struct ws_message *message)
{
    struct text *seen = ctx;
    text_addf(seen, "%d:%u:%d:", (int)message->opcode, message->fragments, message->code);
    text_add_bytes(seen, message->bytes, message->size);
    text_add(seen, "\n");
}

/* A client's frame: ${first} is FIN, reserved bits and opcode; masked with 1 2 3 4. */
static void add_frame(struct text *out, unsigned first, const char *payload, size_t size)
{
    static const unsigned char mask[4] = {1, 2, 3, 4};
    unsigned char head[4] = {(unsigned char)first, (unsigned char)(0x80U | size)};
    size_t head_size = 2;
    if (size >= 126) {
        head[1] = 0x80U | 126U;
        head[2] = (unsigned char)(size >> 8);
        head[3] = (unsigned char)size;
        head_size = 4;
    }
    text_add_bytes(out, head, head_size);
    text_add_bytes(out, mask, 4);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)payload[i] ^ mask[i % 4];
        text_add_bytes(out, &c, 1);
    }
}

static void add_text_frame(struct text *out, unsigned first, const char *payload)
{
    add_frame(out, first, payload, strlen(payload));
}

/* Feed ${bytes} in pieces of ${step}; the code, and what was seen. Clears ${bytes}. */
static int feed_in(struct text *bytes, size_t step, struct text *seen)
{
    struct ws_parser parser = {.most = 20480};
    int code = 0;
    for (size_t at = 0; at < bytes->size && code == 0; at += step) {
        size_t left = bytes->size - at;
        code = ws_feed(&parser, bytes->bytes + at, left < step ? left : step, note, seen);
    }
    ws_parser_clear(&parser);
    return code;
}

/* The same must come out however the bytes are cut. */
static void expect(struct text *bytes, int wanted_code, const char *wanted)
{
    static const size_t steps[] = {1, 2, 7, 100000};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct text seen = {0};
        assert_int_equal(feed_in(bytes, steps[i], &seen), wanted_code);
        assert_string_equal(text_get(&seen), wanted);
        text_free(&seen);
    }
    text_free(bytes);
}

static void the_key_is_answered_as_the_rfc_says(void **state)
{
    (void)state;
    char accept[WS_ACCEPT];
    assert_true(ws_accept("dGhlIHNhbXBsZSBub25jZQ==", accept)); /* RFC 6455, 1.3 */
    assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_false(ws_accept("dGhlIHNhbXBsZSBub25jZQ", accept));
    assert_false(ws_accept("dGhlIHNhbXBsZSBub25jZQAA", accept));
    assert_false(ws_accept("!!!!IHNhbXBsZSBub25jZQ==", accept));
    assert_false(ws_accept("", accept));
}

static void messages_come_whole_and_in_order(void **state)
{
    (void)state;
    struct text bytes = {0};
    add_text_frame(&bytes, 0x81, "{\"envelope_id\":\"1\"}");
    add_text_frame(&bytes, 0x89, "hi");
    add_text_frame(&bytes, 0x82, "raw");
    add_text_frame(&bytes, 0x81, "");
    expect(&bytes, 0, "1:1:0:{\"envelope_id\":\"1\"}\n9:1:0:hi\n2:1:0:raw\n1:1:0:\n");
}

static void fragments_are_put_together_around_control_frames(void **state)
{
    (void)state;
    struct text bytes = {0};
    add_text_frame(&bytes, 0x01, "one \xE2\x82");
    add_text_frame(&bytes, 0x8A, "pong");
    add_text_frame(&bytes, 0x80, "\xAC");
    expect(&bytes, 0, "10:1:0:pong\n1:2:0:one \xE2\x82\xAC\n");
}

static void the_close_frame_ends_it(void **state)
{
    (void)state;
    struct text bytes = {0};
    add_frame(&bytes, 0x88,
              "\x03\xE8"
              "bye",
              5);
    add_text_frame(&bytes, 0x81, "after");
    expect(&bytes, 0, "8:1:1000:bye\n");
    add_text_frame(&bytes, 0x88, "");
    expect(&bytes, 0, "8:1:1005:\n");
}

static void a_message_may_have_20480_bytes_and_no_more(void **state)
{
    (void)state;
    struct text bytes = {0};
    struct text seen = {0};
    char *payload = mem_new(20482, 1);
    memset(payload, 'a', 20481);
    add_frame(&bytes, 0x81, payload, 20480);
    assert_int_equal(feed_in(&bytes, 1000, &seen), 0);
    assert_int_equal(seen.size, strlen("1:1:0:") + 20480 + 1);
    text_free(&bytes);
    add_frame(&bytes, 0x81, payload, 20481);
    expect(&bytes, 1009, "");
    add_frame(&bytes, 0x01, payload, 20000); /* fragments count together */
    add_frame(&bytes, 0x80, payload, 481);
    expect(&bytes, 1009, "");
    text_free(&seen);
    free(payload);
}

struct violation {
    const char *what;
    const char *bytes;
    size_t size;
    int code;
};

static void violations_are_named_by_their_code(void **state)
{
    (void)state;
    static const struct violation violations[] = {
        {"not masked",
         "\x81\x01"
         "A",
         3, 1002},
        {"reserved bit", "\xC1\x81\0\0\0\0A", 7, 1002},
        {"unknown opcode", "\x83\x81\0\0\0\0A", 7, 1002},
        {"unknown control opcode", "\x8B\x80\0\0\0\0", 6, 1002},
        {"fragmented ping", "\x09\x80\0\0\0\0", 6, 1002},
        {"long ping", "\x89\xFE\0\x7E\0\0\0\0", 8, 1002},
        {"length of 16 bits for 5", "\x81\xFE\0\x05\0\0\0\0AAAAA", 13, 1002},
        {"length of 64 bits for 5", "\x81\xFF\0\0\0\0\0\0\0\x05\0\0\0\0AAAAA", 19, 1002},
        {"length's highest bit", "\x81\xFF\x80\0\0\0\0\0\0\0\0\0\0\0", 14, 1002},
        {"continuation of nothing", "\x80\x81\0\0\0\0A", 7, 1002},
        {"message within a message", "\x01\x81\0\0\0\0A\x81\x81\0\0\0\0B", 14, 1002},
        {"close of one byte", "\x88\x81\0\0\0\0A", 7, 1002},
        {"close code 1005", "\x88\x82\0\0\0\0\x03\xED", 8, 1002},
        {"close code 999", "\x88\x82\0\0\0\0\x03\xE7", 8, 1002},
        {"close reason not UTF-8", "\x88\x83\0\0\0\0\x03\xE8\xFF", 9, 1007},
        {"text not UTF-8", "\x81\x81\0\0\0\0\xFF", 7, 1007},
        {"text with a surrogate", "\x81\x83\0\0\0\0\xED\xA0\x80", 9, 1007},
    };
    for (size_t i = 0; i < sizeof(violations) / sizeof(violations[0]); i++) {
        struct text bytes = {0};
        struct text seen = {0};
        text_add_bytes(&bytes, violations[i].bytes, violations[i].size);
        int code = feed_in(&bytes, 1, &seen);
        if (code != violations[i].code)
            fail_msg("%s: wanted %d, got %d", violations[i].what, violations[i].code, code);
        text_free(&bytes);
        text_free(&seen);
    }
}

static void frames_out_have_the_shortest_length(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        size_t head;
        const char *bytes;
    } cases[] = {{125, 2, "\x81\x7D"},
                 {126, 4, "\x81\x7E\0\x7E"},
                 {65535, 4, "\x81\x7E\xFF\xFF"},
                 {65536, 10, "\x81\x7F\0\0\0\0\0\x01\0\0"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct text out = {0};
        char *payload = mem_new(cases[i].size, 1);
        ws_frame(&out, WS_TEXT, payload, cases[i].size);
        assert_int_equal(out.size, cases[i].head + cases[i].size);
        assert_memory_equal(out.bytes, cases[i].bytes, cases[i].head);
        free(payload);
        text_free(&out);
    }
}

static void a_long_close_reason_is_cut_to_a_control_frame(void **state)
{
    (void)state;
    struct text out = {0};
    char reason[300];
    memset(reason, 'x', sizeof(reason) - 1);
    reason[sizeof(reason) - 1] = '\0';
    ws_close_frame(&out, 1002, reason);
    assert_true(out.size <= 127);
    assert_memory_equal(out.bytes + 2, "\x03\xEAxxx", 5);
    text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_is_answered_as_the_rfc_says),
        cmocka_unit_test(messages_come_whole_and_in_order),
        cmocka_unit_test(fragments_are_put_together_around_control_frames),
        cmocka_unit_test(the_close_frame_ends_it),
        cmocka_unit_test(a_message_may_have_20480_bytes_and_no_more),
        cmocka_unit_test(violations_are_named_by_their_code),
        cmocka_unit_test(frames_out_have_the_shortest_length),
        cmocka_unit_test(a_long_close_reason_is_cut_to_a_control_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
