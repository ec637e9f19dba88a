/* Text that grows, and the questions about UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- growing --- */

static void an_empty_text_reads_as_nothing(void **state)
{
    (void)state;
    struct text text = {0};
    assert_string_equal(text_get(&text), "");
    text_clear(&text);
    assert_null(text.bytes);
    char *taken = text_take(&text);
    assert_string_equal(taken, "");
    free(taken);
    text_add(&text, "");
    assert_non_null(text.bytes);
    assert_int_equal(text.size, 0);
    text_free(&text);
    text_free(&text);
    assert_null(text.bytes);
}

static void what_is_added_stands_behind_the_rest(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, "one");
    text_add_bytes(&text, " two and more", 4);
    text_addf(&text, " %d%s", 3, "!");
    text_addf(&text, "%s", "");
    assert_string_equal(text_get(&text), "one two 3!");
    assert_int_equal(text.size, 10);
    assert_ptr_equal(text_get(&text), text.bytes);
    text_add_bytes(&text, "a\0b", 3);
    assert_int_equal(text.size, 13);
    assert_memory_equal(text.bytes, "one two 3!a\0b", 14);
    text_free(&text);
}

static void a_text_grows_through_every_size(void **state)
{
    (void)state;
    struct text text = {0};
    for (size_t i = 0; i < 5000; i++) {
        char c = (char)('a' + i % 26);
        text_add_bytes(&text, &c, 1);
        assert_int_equal(text.bytes[i + 1], '\0');
    }
    assert_int_equal(text.size, 5000);
    for (size_t i = 0; i < 5000; i++)
        assert_int_equal(text.bytes[i], 'a' + i % 26);
    size_t capacity = text.capacity;
    text_clear(&text);
    assert_int_equal(text.size, 0);
    assert_int_equal(text.capacity, capacity);
    assert_string_equal(text_get(&text), "");
    text_addf(&text, "%05000d", 7); /* longer than any first guess */
    assert_int_equal(text.size, 5000);
    assert_string_equal(text.bytes + 4998, "07");
    text_free(&text);
}

/* Whether there was room for it, to the byte, or there was not. */
static void what_is_formatted_fits_at_every_size(void **state)
{
    (void)state;
    for (int before = 0; before < 70; before++) {
        for (int more = 0; more < 70; more++) {
            struct text text = {0};
            for (int i = 0; i < before; i++)
                text_add(&text, "a");
            text_addf(&text, "%.*s", more,
                      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
            assert_int_equal(text.size, before + more);
            assert_int_equal(strspn(text_get(&text), "a"), before);
            assert_int_equal(strspn(text_get(&text) + before, "b"), more);
            assert_int_equal(text.bytes[text.size], '\0');
            text_free(&text);
        }
    }
}

static void what_is_taken_belongs_to_the_caller(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, "mine");
    char *taken = text_take(&text);
    assert_null(text.bytes);
    assert_int_equal(text.size, 0);
    assert_int_equal(text.capacity, 0);
    text_add(&text, "other");
    assert_string_equal(taken, "mine");
    free(taken);
    text_free(&text);
    char *made = text_format("%s-%d", "x", 12);
    assert_string_equal(made, "x-12");
    free(made);
    made = text_format("%s", "");
    assert_string_equal(made, "");
    free(made);
}

/* --- UTF-8 --- */

struct sample {
    const char *bytes;
    size_t size;
    bool valid;
};
#define GOOD(s)                                                                                    \
    {                                                                                              \
        s, sizeof(s) - 1, true                                                                     \
    }
#define BAD(s)                                                                                     \
    {                                                                                              \
        s, sizeof(s) - 1, false                                                                    \
    }

static void utf8_is_what_rfc_3629_says(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        GOOD(""),
        GOOD("plain"),
        GOOD("a\0b"),
        GOOD("\x7F"),
        GOOD("\xC2\x80"),         /* U+0080, the first of two bytes */
        GOOD("\xDF\xBF"),         /* U+07FF */
        GOOD("\xE0\xA0\x80"),     /* U+0800 */
        GOOD("\xED\x9F\xBF"),     /* U+D7FF, before the surrogates */
        GOOD("\xEE\x80\x80"),     /* U+E000, behind them */
        GOOD("\xEF\xBF\xBF"),     /* U+FFFF, valid though no character */
        GOOD("\xEF\xBB\xBF"),     /* a byte order mark */
        GOOD("\xF0\x90\x80\x80"), /* U+10000 */
        GOOD("\xF4\x8F\xBF\xBF"), /* U+10FFFF, the last */
        BAD("\x80"),              /* a continuation alone */
        BAD("a\xBFz"),
        BAD("\xC3\xA9\xA9"),
        BAD("\xC0\x80"), /* overlong */
        BAD("\xC0\xAF"),
        BAD("\xC1\xBF"),
        BAD("\xE0\x80\x80"),
        BAD("\xE0\x9F\xBF"),
        BAD("\xF0\x80\x80\x80"),
        BAD("\xF0\x8F\xBF\xBF"),
        BAD("\xED\xA0\x80"), /* surrogates */
        BAD("\xED\xBF\xBF"),
        BAD("\xED\xA0\xBD\xED\xB8\x80"),
        BAD("\xF4\x90\x80\x80"), /* U+110000 */
        BAD("\xF5\x80\x80\x80"),
        BAD("\xF8\x88\x80\x80\x80"),     /* five bytes */
        BAD("\xFC\x84\x80\x80\x80\x80"), /* six */
        BAD("\xFE"),
        BAD("\xFF"),
        BAD("\xC3"), /* cut off */
        BAD("abc\xE2\x82"),
        BAD("\xE2"),
        BAD("\xF0\x9F\x98"),
        BAD("\xF0\x9F"),
        BAD("\xF0"),
        BAD("\xC3("), /* the second byte is none */
        BAD("\xC3\xC3\xA9"),
        BAD("\xE2\x82("),
        BAD("\xE2(\x82"),
        BAD("\xF0\x9F\x98("),
        BAD("\xF0\x9F(\x80"),
    };
    for (size_t i = 0; i < COUNT(samples); i++) {
        /* On the heap and without a NUL behind: reading one byte too many shows. */
        char *exact = malloc(samples[i].size > 0 ? samples[i].size : 1);
        assert_non_null(exact);
        memcpy(exact, samples[i].bytes, samples[i].size);
        if (text_is_utf8(exact, samples[i].size) != samples[i].valid)
            fail_msg("sample %zu, %zu bytes, should be %s", i, samples[i].size,
                     samples[i].valid ? "valid" : "refused");
        free(exact);
    }
    assert_true(text_is_utf8("\xC3\xA9\xC3", 2)); /* only the bytes that were named */
}

static void points_are_counted_and_cut(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t points;
        size_t cuts[5]; /* bytes of the first 0, 1, ... points */
    } rows[] = {
        {"", 0, {0, 0, 0, 0, 0}},
        {"abc", 3, {0, 1, 2, 3, 3}},
        {"é", 1, {0, 2, 2, 2, 2}},
        {"a€b", 3, {0, 1, 4, 5, 5}},
        {"😀é😀", 3, {0, 4, 6, 10, 10}},
        {"e\xCC\x81!", 3, {0, 1, 3, 4, 4}}, /* a combining accent is a point of its own */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(text_points(rows[i].text), rows[i].points);
        for (size_t n = 0; n < 5; n++)
            assert_int_equal(text_cut(rows[i].text, n), rows[i].cuts[n]);
        assert_int_equal(text_cut(rows[i].text, (size_t)-1), strlen(rows[i].text));
    }
}

static void a_point_is_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned point;
        size_t width;
    } rows[] = {
        {"A", 'A', 1},
        {"\x7F", 0x7F, 1},
        {"\xC2\x80", 0x80, 2},
        {"é…", 0xE9, 2},
        {"\xDF\xBF", 0x7FF, 2},
        {"\xE0\xA0\x80", 0x800, 3},
        {"€ ", 0x20AC, 3},
        {"\xEF\xBF\xBF", 0xFFFF, 3},
        {"\xF0\x90\x80\x80", 0x10000, 4},
        {"😀", 0x1F600, 4},
        {"\xF4\x8F\xBF\xBF", 0x10FFFF, 4},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t width = 0;
        assert_int_equal(text_point(rows[i].text, &width), rows[i].point);
        assert_int_equal(width, rows[i].width);
    }
}

static void a_text_is_fitted_at_a_character(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        size_t capacity;
        const char *fitted;
        bool whole;
    } rows[] = {
        {"", 1, "", true},       {"a", 1, "", false},   {"abc", 4, "abc", true},
        {"abc", 3, "ab", false}, {"aé", 4, "aé", true}, {"aé", 3, "a", false},
        {"aé", 2, "a", false},   {"€", 3, "", false},   {"€", 4, "€", true},
        {"x😀", 5, "x", false},   {"x😀", 6, "x😀", true}, {"😀😀", 8, "😀", false},
        {"😀😀", 5, "😀", false},   {"😀", 1, "", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char array[16];
        memset(array, '#', sizeof(array));
        assert_int_equal(text_fit(array, rows[i].capacity, rows[i].from), rows[i].whole);
        assert_string_equal(array, rows[i].fitted);
        assert_true(text_is_utf8(array, strlen(array)));
        for (size_t at = rows[i].capacity; at < sizeof(array); at++)
            assert_int_equal(array[at], '#');
    }
}

/* --- comparing --- */

static void sameness(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool nocase;
    } rows[] = {
        {"abc", "abc", true},
        {"abc", "ABC", true},
        {"Retry-After", "retry-after", true},
        {"", "", true},
        {"abc", "abcd", false},
        {"[", "{", false}, /* they differ by the bit of case */
        {"é", "É", false}, /* only ASCII */
        {NULL, NULL, true},
        {NULL, "", false},
        {"", NULL, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(text_same_nocase(rows[i].a, rows[i].b), rows[i].nocase);
        assert_int_equal(text_same_nocase(rows[i].b, rows[i].a), rows[i].nocase);
    }
}

/* Is it the nearest as long as this many edits are allowed, and not with one less? */
static void expect_distance(const char *typed, const char *name, unsigned edits)
{
    assert_ptr_equal(text_nearest(typed, &name, sizeof(name), 1, edits + 1), name);
    assert_null(text_nearest(typed, &name, sizeof(name), 1, edits));
}

static void distances(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned edits;
    } rows[] = {
        {"", "", 0},
        {"abc", "abc", 0},
        {"", "abc", 3},
        {"abc", "abd", 1},
        {"abc", "ab", 1},
        {"abc", "xabc", 1},
        {"ab", "ba", 2},
        {"kitten", "sitting", 3},
        {"Abc", "abc", 1},
        {"abcd", "efgh", 4},
        {"slack.conections", "slack.connections", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        expect_distance(rows[i].a, rows[i].b, rows[i].edits);
        expect_distance(rows[i].b, rows[i].a, rows[i].edits);
    }
    char a[201], b[201];
    memset(a, 'a', 200);
    memset(b, 'a', 200);
    a[200] = b[200] = '\0';
    b[62] = 'b'; /* the 63rd byte counts, the 64th does not */
    expect_distance(a, b, 1);
    b[62] = 'a';
    b[63] = 'b';
    expect_distance(a, b, 0);
    expect_distance(a, "", 63);
}

static void what_is_left_of_a_character_is_left_out(void **state)
{
    static const char *const rows[][2] = {{"", ""},
                                          {"abc", "abc"},
                                          {"aü\xC3", "aü"},
                                          {"\x80"
                                           "a\xE2\x80"
                                           "b",
                                           "ab"},
                                          {"🎉\xF0\x9F\x8E", "🎉"}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *text = text_format("%s", rows[i][0]);
        text_repair(text);
        assert_string_equal(text, rows[i][1]);
        free(text);
    }
}

static void the_nearest_name_is_found(void **state)
{
    static const struct {
        const char *name;
        int other;
    } rows[] = {{"list", 1}, {"edit", 2}, {NULL, 3}, {"lisp", 4}};
    (void)state;
    assert_string_equal(text_nearest("lsit", &rows->name, sizeof(*rows), 4, 3), "list");
    assert_string_equal(text_nearest("edi", &rows->name, sizeof(*rows), 4, 3), "edit");
    assert_string_equal(text_nearest("lisp", &rows->name, sizeof(*rows), 4, 3), "list");
    assert_null(text_nearest("withdraw", &rows->name, sizeof(*rows), 4, 3));
}

/* As Java and JavaScript count: two for what lies beyond U+FFFF, which is never cut in two. */
static void utf16_units(void **state)
{
    (void)state;
    assert_int_equal(text_utf16(""), 0);
    assert_int_equal(text_utf16("aü€"), 3);
    assert_int_equal(text_utf16("a😀b"), 4);
    assert_int_equal(text_cut_utf16("a😀b", 0), 0);
    assert_int_equal(text_cut_utf16("a😀b", 1), 1);
    assert_int_equal(text_cut_utf16("a😀b", 2), 1);
    assert_int_equal(text_cut_utf16("a😀b", 3), 5);
    assert_int_equal(text_cut_utf16("a😀b", 9), 6);
    assert_int_equal(text_cut_utf16("üü", 1), 2);
}

/* An address that was signed opens what it names to whoever reads it; its host and path tell where
 * AWS keeps what. */
static void words_that_hold_an_address_are_hidden(void **state)
{
    static const char *const cases[][2] = {
        {"at https://b.s3.amazonaws.com/e?X-Amz-Signature=S, or", "at … or"},
        {"“https://a/b?c=d” and http://e/?f", "“…” and …"},
        {"\"https://a/?x\", <https://b?y>", "\"…\", <…>"},
        {"x=HTTPS://a.S3.AmazonAWS.com/k\ny", "…\ny"},
        {"b.s3.amazonaws.com/offer-1/eula.pdf is empty", "… is empty"},
        {"s3://bucket/key", "…"},
        {"in b.s3-us-west-2.amazonaws.com, B.S3.amazonaws.com", "in … …"},
        {"s3.amazonaws.com/b/k", "…"},
        {"for marketplace.amazonaws.com, in S3.", "for marketplace.amazonaws.com, in S3."},
        {"cut: k?x-amz-security-token=S", "cut: …"},
        {"https://a/é?X-Amz-Signature=S.", "…"},
        {"https://a/b what?", "… what?"},
        {"no address?x=y, a:b//c; “é” – ✓", "no address?x=y, a:b//c; “é” – ✓"},
        {"a://b c://d", "… …"},
        {"://", "…"},
        {" ", " "},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = text_format("%s", cases[i][0]);
        text_hide_addresses(text);
        assert_string_equal(text, cases[i][1]);
        free(text);
    }
}

static void what_an_address_reserves_is_encoded(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, "q=");
    text_add_encoded(&text, "a Z-._~0/?&=+é%");
    assert_string_equal(text_get(&text), "q=a%20Z-._~0%2F%3F%26%3D%2B%C3%A9%25");
    text_free(&text);
}

static void bytes_are_written_as_digits(void **state)
{
    (void)state;
    char hex[7] = "??????";
    text_hex(hex, "\x00\xaf\x7f", 3);
    assert_string_equal(hex, "00af7f");
    text_hex(hex, "", 0);
    assert_string_equal(hex, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf16_units),
        cmocka_unit_test(words_that_hold_an_address_are_hidden),
        cmocka_unit_test(the_nearest_name_is_found),
        cmocka_unit_test(what_is_left_of_a_character_is_left_out),
        cmocka_unit_test(an_empty_text_reads_as_nothing),
        cmocka_unit_test(what_is_added_stands_behind_the_rest),
        cmocka_unit_test(a_text_grows_through_every_size),
        cmocka_unit_test(what_is_formatted_fits_at_every_size),
        cmocka_unit_test(what_is_taken_belongs_to_the_caller),
        cmocka_unit_test(utf8_is_what_rfc_3629_says),
        cmocka_unit_test(points_are_counted_and_cut),
        cmocka_unit_test(a_point_is_decoded),
        cmocka_unit_test(a_text_is_fitted_at_a_character),
        cmocka_unit_test(what_an_address_reserves_is_encoded),
        cmocka_unit_test(bytes_are_written_as_digits),
        cmocka_unit_test(sameness),
        cmocka_unit_test(distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
