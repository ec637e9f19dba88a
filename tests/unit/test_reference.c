/* What a button stands for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "offers/reference.h"

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
    assert_int_equal(strlen(second.digest), REFERENCE_DIGEST - 1);
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
    for (size_t i = 0; i < REFERENCE_DIGEST - 1; i++) {
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
                                        "12.3.0123456789abcdef012345678"};
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
        cmocka_unit_test(without_a_digest_it_is_nothing),
        cmocka_unit_test(what_is_no_reference_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
