/* What an approver's words say of which field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offers/remarks.h"

static void expect_at(const char *remarks, enum field field, const char *wanted)
{
    char *said = remarks_at(remarks, field);
    if (wanted == NULL)
        assert_null(said);
    else
        assert_string_equal(said, wanted);
    free(said);
}

static void a_line_that_names_a_field_is_about_it(void **state)
{
    static const char *const lines[] = {
        "Markup: 28 at least", "markup:28 at least", "  - MARKUP : 28 at least",
        "Please look again.\n• Markup: 28 at least\nThanks", "Term: 3 years\nMarkup:\t28 at least"};
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        expect_at(lines[i], FIELD_MARKUP, "28 at least");
    expect_at("Markup: 28\nor\nmarkup: 30", FIELD_MARKUP, "28\n30");
}

static void fields_are_called_as_people_call_them(void **state)
{
    static const struct {
        const char *key;
        enum field field;
    } cases[] = {{"Buyer account ids", FIELD_BUYERS},
                 {"Buyer", FIELD_BUYERS},
                 {"buyers", FIELD_BUYERS},
                 {"accept_by", FIELD_ACCEPT_BY},
                 {"Accept by", FIELD_ACCEPT_BY},
                 {"EULA", FIELD_EULA},
                 {"EULA address", FIELD_EULA_URL},
                 {"eula_url", FIELD_EULA_URL},
                 {"Note", FIELD_NOTE},
                 {"Offer name", FIELD_OFFER_NAME},
                 {"customer", FIELD_CUSTOMER},
                 {"Resale authorization", FIELD_AUTHORIZATION}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char line[60];
        snprintf(line, sizeof(line), "%s: another", cases[i].key);
        for (int field = 0; field < FIELD_COUNT; field++)
            expect_at(line, (enum field)field, field == (int)cases[i].field ? "another" : NULL);
    }
}

static void what_is_about_no_field_stays_where_it_is(void **state)
{
    static const char *const words[] = {
        "",        "\n\n",        ":",        " : 28",          "Markup",
        "Markup:", "Markup:   ",  "Mark: 28", "The markup: 28", "Markups: 28",
        "-:28",    "Markup\n: 28"};
    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        for (int field = 0; field < FIELD_COUNT; field++)
            expect_at(words[i], (enum field)field, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_that_names_a_field_is_about_it),
        cmocka_unit_test(fields_are_called_as_people_call_them),
        cmocka_unit_test(what_is_about_no_field_stays_where_it_is),
    };
    return cmocka_run_group_tests_name("remarks", tests, NULL, NULL);
}
