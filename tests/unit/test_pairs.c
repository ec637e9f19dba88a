/* key=value after `/cppo new`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "offers/pairs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void expect_field(const char *line, enum field field, const char *value)
{
    struct pairs pairs;
    pairs_read(&pairs, line);
    if (pairs.typed[field] == NULL || strcmp(pairs.typed[field], value) != 0)
        fail_msg("“%s” gives “%s”", line, pairs.typed[field] != NULL ? pairs.typed[field] : "-");
    pairs_free(&pairs);
}

static void a_value_ends_at_a_space_or_stands_between_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum field field;
        const char *value;
    } cases[] = {
        {"markup=25", FIELD_MARKUP, "25"},
        {"  markup=25\t ", FIELD_MARKUP, "25"},
        {"markup=25\nmarkup=30", FIELD_MARKUP, "30"}, /* the last one counts */
        {"customer=\"Example Corp\"", FIELD_CUSTOMER, "Example Corp"},
        {"customer=“Example Corp”", FIELD_CUSTOMER, "Example Corp"}, /* a phone's */
        {"customer=\"Example Corp", FIELD_CUSTOMER, "Example Corp"},
        {"customer=\"\"", FIELD_CUSTOMER, ""},
        {"customer=", FIELD_CUSTOMER, ""},
        {"note=a=b", FIELD_NOTE, "a=b"},
        {"term=1", FIELD_TERM, "P365D"},
        {"term=3", FIELD_TERM, "P1095D"},
        {"term=5", FIELD_TERM, "P1825D"},
        {"term=10", FIELD_TERM, "P3650D"},
        {"term=P30D", FIELD_TERM, "P30D"},
        {"markup=10", FIELD_MARKUP, "10"}, /* years are the term's alone */
        {"term=5y", FIELD_TERM, "P1825D"},
        {"term=\"3 years\"", FIELD_TERM, "P1095D"},
        {"term=\"As authorized\"", FIELD_TERM, "as_authorized"},
        {"term=as_authorized", FIELD_TERM, "as_authorized"},
        {"Markup=20", FIELD_MARKUP, "20"}, /* phones begin with a capital */
        {"MARKUP = 20", FIELD_MARKUP, "20"},
        {"markup=20\u00A0customer=x", FIELD_MARKUP, "20"}, /* Slack's no-break spaces */
        {"accept-by=2027-01-01", FIELD_ACCEPT_BY, "2027-01-01"},
        {"accept‑by=2027‑01‑01", FIELD_ACCEPT_BY, "2027-01-01"},
        {"customer= markup=25", FIELD_CUSTOMER, ""},
        {"customer= markup=25", FIELD_MARKUP, "25"},
        {"customer=„Müller GmbH“", FIELD_CUSTOMER, "Müller GmbH"},
        {"customer=«Müller GmbH»", FIELD_CUSTOMER, "Müller GmbH"},
        {"customer=»Müller GmbH«", FIELD_CUSTOMER, "Müller GmbH"},
        {"customer='Example Corp'", FIELD_CUSTOMER, "Example Corp"},
        {"customer=‘Example Corp’", FIELD_CUSTOMER, "Example Corp"},
        {"customer='Mary's Diner'", FIELD_CUSTOMER, "Mary's Diner"},
        {"customer=Acme Corp markup=30", FIELD_CUSTOMER, "Acme Corp"},
        {"customer=Acme Corp markup=30", FIELD_MARKUP, "30"},
        {"buyers=123456789012, 210987654321 markup=30", FIELD_BUYERS, "123456789012, 210987654321"},
        {"markup=25 please term=1", FIELD_TERM, "P365D"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_field(cases[i].line, cases[i].field, cases[i].value);
}

static void several_fields_in_any_order(void **state)
{
    (void)state;
    struct pairs pairs;
    pairs_read(&pairs, "note=\"for you\" markup=25 buyers=123456789012 customer=Acme");
    assert_string_equal(text_get(&pairs.notice), "");
    assert_string_equal(pairs.typed[FIELD_NOTE], "for you");
    assert_string_equal(pairs.typed[FIELD_MARKUP], "25");
    assert_string_equal(pairs.typed[FIELD_BUYERS], "123456789012");
    assert_string_equal(pairs.typed[FIELD_CUSTOMER], "Acme");
    pairs_free(&pairs);
    pairs_read(&pairs, " \n ");
    assert_string_equal(text_get(&pairs.notice), "");
    pairs_free(&pairs);
}

/* What came before is kept: the form opens with it. */
static void what_cannot_be_used_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *line, *words;
    } cases[] = {
        {"markup=25 colour=red", "I do not know the field “colour”, so “red” was left out. There "
                                 "are authorization, offer_name, customer, "},
        {"buyer=123456789012 markup=25", "I do not know the field “buyer”, so “123456789012” was "
                                         "left out. Did you mean buyers?"},
        {"markup=25 colour=red size=9", "I do not know the field “size”, so “9” was left out."},
        {"please markup=25", "I could not read “please”"},
        {"markup=25 please now", "I could not read “now”"},
        {"markup=25 =30", "I could not read “=30”"},
        {"markup=25 a_key_that_is_longer_than_any_of_ours=1", "I could not read “a_key_that_is"},
        {"markup=25 account=12345678901234567890123456789012345678901234567890",
         "so “1234567890123456789012345678901234567890…” was left out"},
        {"markup=30 markup=25", "markup is listed twice; I took “25”."},
        {"customer=Acme Corp markup=25", "I took “Acme Corp” as customer"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pairs pairs;
        pairs_read(&pairs, cases[i].line);
        if (strstr(text_get(&pairs.notice), cases[i].words) == NULL)
            fail_msg("“%s” does not say “%s”", text_get(&pairs.notice), cases[i].words);
        assert_string_equal(pairs.typed[FIELD_MARKUP], "25");
        pairs_free(&pairs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_ends_at_a_space_or_stands_between_quotes),
        cmocka_unit_test(several_fields_in_any_order),
        cmocka_unit_test(what_cannot_be_used_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
