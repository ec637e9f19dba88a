/* What a button stands for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "offers/reference.h"
#include "text.h"

static const char book[] = "00112233445566778899aabbccddeeff";
static const char content[] = "markup=25\n";

static struct reference made(const char *in, int64_t number, int revision, const char *what)
{
    struct reference reference = {.number = number, .revision = revision};
    reference_digest(in, number, revision, what, reference.digest);
    return reference;
}

static void it_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct reference first = made(book, INT64_MAX, 999999, content);
    struct reference second;
    char text[REFERENCE_TEXT];
    reference_write(&first, text);
    assert_true(reference_read(&second, text));
    assert_true(reference_same(&first, &second));
    assert_int_equal(strlen(second.digest), DIGEST_DIGITS);
    reference_cover(first.digest, "89abcdef");
    reference_write(&first, text);
    assert_true(reference_read(&second, text));
    assert_string_equal(second.digest, first.digest);
    assert_string_equal(reference_covers(second.digest), "89abcdef");
}

static void each_part_counts(void **state)
{
    (void)state;
    struct reference ours = made(book, 12, 3, content);
    struct reference other = made(book, 12, 3, content);
    assert_true(reference_same(&ours, &other));
    other = made("00112233445566778899aabbccddeefe", 12, 3, content);
    assert_false(reference_same(&ours, &other));
    other = made(book, 12, 3, "markup=26\n");
    assert_false(reference_same(&ours, &other));
    other = made(book, 13, 3, content);
    assert_string_not_equal(ours.digest, other.digest);
    other = made(book, 12, 4, content);
    assert_string_not_equal(ours.digest, other.digest);
    for (size_t i = 0; i < DIGEST_DIGITS; i++) {
        other = ours;
        other.digest[i] = other.digest[i] == '0' ? '1' : '0';
        assert_false(reference_same(&ours, &other));
        other.digest[i] = '\0';
        assert_false(reference_same(&ours, &other));
    }
    other = ours;
    other.number++;
    assert_false(reference_same(&ours, &other));
    other = ours;
    other.revision++;
    assert_false(reference_same(&ours, &other));
}

/* It is the same request, whatever prices stood beside it: who approves looks at these apart. */
static void what_it_covers_stands_behind(void **state)
{
    (void)state;
    struct reference ours = made(book, 12, 3, content);
    struct reference shown = ours;
    assert_string_equal(reference_covers(ours.digest), "");
    reference_cover(shown.digest, "01234567");
    assert_true(reference_same(&ours, &shown));
    assert_true(reference_same(&shown, &ours));
    reference_cover(shown.digest, "89abcdef");
    assert_string_equal(reference_covers(shown.digest), "89abcdef");
    reference_cover(shown.digest, "");
    assert_string_equal(shown.digest, ours.digest);
    reference_cover(shown.digest, "0123");
    assert_string_equal(shown.digest, ours.digest);
    shown.digest[0] = '\0';
    reference_cover(shown.digest, "01234567");
    assert_string_equal(shown.digest, "");
    text_fit(shown.digest, sizeof(shown.digest), ours.digest);
    memcpy(shown.digest + DIGEST_DIGITS, "x1234567", 9);
    assert_false(reference_same(&ours, &shown));
}

static void without_a_digest_it_is_nothing(void **state)
{
    (void)state;
    struct reference old;
    assert_true(reference_read(&old, "12.3"));
    assert_int_equal(old.number, 12);
    assert_int_equal(old.revision, 3);
    assert_string_equal(old.digest, "");
    assert_false(reference_same(&old, &old));
    assert_true(reference_read(&old, "12.3."));
    assert_false(reference_same(&old, &old));
}

static void what_is_no_reference_is_refused(void **state)
{
    static const char *const wrong[] = {"",
                                        "x",
                                        "-1.1",
                                        "0.1",
                                        "1.0",
                                        "1.1000000",
                                        "1",
                                        "1.x",
                                        "1. 1",
                                        "1.1x",
                                        " 1.1",
                                        "1..0123456",
                                        "12.3.0123456789abcdef012345678",
                                        "12.3.0123456789abcdef01234567.",
                                        "12.3.0123456789abcdef01234567.0123456",
                                        "12.3.0123456789abcdef01234567.012345678",
                                        "12.3.0123456789abcdef01234567x01234567"};
    (void)state;
    struct reference reference;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (reference_read(&reference, wrong[i]))
            fail_msg("“%s” was read", wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(each_part_counts),
        cmocka_unit_test(what_it_covers_stands_behind),
        cmocka_unit_test(without_a_digest_it_is_nothing),
        cmocka_unit_test(what_is_no_reference_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
