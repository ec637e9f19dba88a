/* What people really type, and what became of it on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "offers/typed.h"

static void texts_have_plain_spaces_and_nothing_hidden(void **state)
{
    static const char *const rows[][2] = {
        {"Example\u00A0Corp\u00A0", "Example Corp"},
        {"\u2007Example\u202FCorp\u3000", "Example Corp"},
        {"\uFEFFExam\u200Bple\u2060 Corp", "Example Corp"},
        {"  two\n lines \t", "two\n lines"},
        {"Bück–Großhandel ゠ €", "Bück–Großhandel ゠ €"}, /* a dash is somebody's own */
        {"\u200B \u00A0", ""},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *text = typed_text(rows[i][0]);
        assert_string_equal(text, rows[i][1]);
        free(text);
    }
}

static void codes_have_plain_hyphens_and_no_formatting(void **state)
{
    static const char *const rows[][2] = {
        {"CPPO\u20111", "CPPO-1"}, {"*CPPO-1*", "CPPO-1"}, {"`2027–01–15`", "2027-01-15"},
        {"_list_", "list"},        {" −5 ", "-5"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *code = typed_code(rows[i][0]);
        assert_string_equal(code, rows[i][1]);
        free(code);
    }
}

static void an_offer_is_found_however_its_number_is_written(void **state)
{
    static const struct {
        const char *typed;
        int64_t number;
    } rows[] = {
        {"CPPO-12", 12},
        {"cppo-12", 12},
        {"12", 12},
        {"#12", 12},
        {"cppo 12", 12},
        {"Cppo12", 12},
        {"CPPO‑12", 12},
        {"*CPPO-12*", 12},
        {"CPPO-12\u00A0", 12},
        {"CPPO-12.", 12},
        {"CPPO–12", 12},
        {"CPPO #12", 12},
        {"", 0},
        {"CPPO-", 0},
        {"twelve", 0},
        {"12 13", 0},
        {"12x", 0},
        {"-12x", 0},
        {"CPPO-0", 0},
        {"99999999999999999999", INT64_MAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (typed_request_number(rows[i].typed) != rows[i].number)
            fail_msg("“%s” is offer %lld", rows[i].typed,
                     (long long)typed_request_number(rows[i].typed));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_have_plain_spaces_and_nothing_hidden),
        cmocka_unit_test(codes_have_plain_hyphens_and_no_formatting),
        cmocka_unit_test(an_offer_is_found_however_its_number_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
