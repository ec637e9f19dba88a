/* Why something is rejected, in one word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "offers/rejection.h"
#include "text.h"

/* They stand in the state file: another name needs a migration. */
static void codes_stay_what_they_are(void **state)
{
    static const char *const codes[] = {"price",     "customer", "terms",    "authorization",
                                        "duplicate", "timing",   "not_ours", "other"};
    (void)state;
    assert_int_equal(rejection_count, sizeof(codes) / sizeof(codes[0]));
    for (size_t i = 0; i < rejection_count; i++) {
        assert_string_equal(rejections[i].code, codes[i]);
        assert_ptr_equal(rejection_of(codes[i]), &rejections[i]);
        assert_true(strlen(codes[i]) < REJECTION_CODE);
        assert_true(text_points(rejections[i].label) <= 75); /* of an option */
    }
}

static void what_is_no_code_is_something_else(void **state)
{
    static const char *const odd[] = {NULL, "", "Price", "price ", "<!channel>"};
    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        assert_true(rejection_is_other(rejection_of(odd[i])));
    assert_false(rejection_is_other(rejection_of("price")));
}

static void expect_words(const char *code, const char *words, const char *wanted)
{
    char *whole = rejection_words(rejection_of(code), words);
    assert_string_equal(whole, wanted);
    free(whole);
}

static void words_stand_behind_what_the_code_says(void **state)
{
    (void)state;
    expect_words("price", "25, please", "Price or margin: 25, please");
    expect_words("price", "", "Price or margin");
    expect_words("other", "25, please", "25, please");
    expect_words("other", "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_stay_what_they_are),
        cmocka_unit_test(what_is_no_code_is_something_else),
        cmocka_unit_test(words_stand_behind_what_the_code_says),
    };
    return cmocka_run_group_tests_name("rejection", tests, NULL, NULL);
}
