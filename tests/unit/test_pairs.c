/* What stands behind `/cppo new`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "offers/pairs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct playbook playbooks[] = {{.name = "Gold"}, {.name = "Gold Plus"}};
static const struct pairs_known known = {
    .today = 20787, /* 2026-11-30 */
    .playbooks = playbooks,
    .playbook_count = 2,
};

static void expect_field(const char *line, enum field field, const char *value)
{
    struct pairs pairs;
    pairs_read(&pairs, line, &known);
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
        {"markup=0.0125 USD customer=x", FIELD_MARKUP, "0.0125 USD"},
        {"markup=0.0125 USD customer=x", FIELD_CUSTOMER, "x"},
        {"markup==0.0125", FIELD_MARKUP, "=0.0125"},
        {"price=0.0125 customer=x", FIELD_MARKUP, "=0.0125"},
        {"price=0.0125 USD x", FIELD_MARKUP, "0.0125 USD"},
        {"price=$0.0125", FIELD_MARKUP, "$0.0125"},
        {"price=", FIELD_MARKUP, ""},
        {"Acme 0.0125 USD 60d", FIELD_MARKUP, "0.0125 USD"},
        {"Acme 0.0125 USD 60d", FIELD_CUSTOMER, "Acme"},
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

static void expect_given(const char *line, const struct pairs *pairs, int field, const char *wanted)
{
    const char *got = pairs->typed[field];
    if ((got == NULL) != (wanted == NULL) || (got != NULL && strcmp(got, wanted) != 0))
        fail_msg("“%s” gives “%s” as %s", line, got != NULL ? got : "-",
                 field_name((enum field)field));
}

static void a_word_says_by_its_look_what_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *line, *customer, *markup, *buyers, *accept_by, *term;
    } cases[] = {
        {"Acme 25% 111122223333, 444455556666 60d", "Acme", "25", "111122223333, 444455556666",
         "2027-01-29", NULL},
        {"60 days 1111-2222-3333 +12.5 % Acme Corp", "Acme Corp", "12.5", "1111-2222-3333",
         "2027-01-29", NULL},
        {"8 weeks, Example Corp, 3 years, 25%, 111122223333,", "Example Corp", "25", "111122223333",
         "2027-01-25", "P1095D"},
        {"2026‑12‑31 Müller & Söhne, Inc. 20%", "Müller & Söhne, Inc.", "20", NULL, "2026-12-31",
         NULL},
        {"\"25% Club\" 7,5% 1y", "25% Club", "7,5", NULL, NULL, "P365D"},
        {"Studio 54 3M 25%", "Studio 54 3M", "25", NULL, NULL, NULL},
        {"markup=30 Acme 1d buyers=111122223333 444455556666", "Acme", "30",
         "111122223333 444455556666", "2026-12-01", NULL},
        {"111122223333,444455556666 Acme 11112222333", "Acme", NULL,
         "111122223333,444455556666, 11112222333", NULL, NULL},
        {"*25%* (111122223333), Acme 444455556666.", "Acme", "25", "111122223333, 444455556666",
         NULL, NULL},
        {"Acme accept_by=60 days term=3 yr", "Acme", NULL, NULL, "2027-01-29", "P1095D"},
        {"Acme 2026-12-31,111122223333", "Acme", NULL, "2026-12-31,111122223333", NULL, NULL},
        {"customer=Acme 25% Club markup=20", "Acme 25% Club", "20", NULL, NULL, NULL},
        {"4 years Acme", "Acme", NULL, NULL, NULL, "4 years"},
        {"Acme 25%\u00A060d", "Acme", "25", NULL, "2027-01-29", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pairs pairs;
        const char *wanted[FIELD_COUNT] = {[FIELD_CUSTOMER] = cases[i].customer,
                                           [FIELD_MARKUP] = cases[i].markup,
                                           [FIELD_BUYERS] = cases[i].buyers,
                                           [FIELD_ACCEPT_BY] = cases[i].accept_by,
                                           [FIELD_TERM] = cases[i].term};
        pairs_read(&pairs, cases[i].line, &known);
        for (int field = 0; field < FIELD_COUNT; field++)
            expect_given(cases[i].line, &pairs, field, wanted[field]);
        if (strstr(text_get(&pairs.notice), "could not read") != NULL)
            fail_msg("“%s”: %s", cases[i].line, text_get(&pairs.notice));
        pairs_free(&pairs);
    }
}

static void what_looks_like_nothing_is_said(void **state)
{
    (void)state;
    static const char *const lines[] = {"25", "%", "2026-13-45", "12:30", "=x", "25%%", "12345"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct pairs pairs;
        pairs_read(&pairs, lines[i], &known);
        if (strstr(text_get(&pairs.notice), "I could not read “") == NULL)
            fail_msg("“%s” is read: %s", lines[i], text_get(&pairs.notice));
        pairs_free(&pairs);
    }
}

/* What a message says becomes a line, which is read like any other. */
static void a_message_becomes_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *message, *markup, *buyers, *note;
    } cases[] = {
        {"Acme wants \"Silver\" at 25% for 1111-2222-3333, until 2027-01-31.", "25",
         "1111-2222-3333", "Acme wants 'Silver' at 25% for 1111-2222-3333, until 2027-01-31."},
        {"accounts:\n111122223333\n444455556666.", NULL, "111122223333, 444455556666",
         "accounts:\n111122223333\n444455556666."},
        {"was 99.9%, now 10%; for (111122223333)!", NULL, "111122223333",
         "was 99.9%, now 10%; for (111122223333)!"},
        {"call 12345678901 markup=99 in 60 days", NULL, NULL,
         "call 12345678901 markup=99 in 60 days"},
        {" \n ", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pairs pairs;
        const char *wanted[FIELD_COUNT] = {[FIELD_MARKUP] = cases[i].markup,
                                           [FIELD_BUYERS] = cases[i].buyers,
                                           [FIELD_NOTE] = cases[i].note};
        char *line = pairs_of_message(cases[i].message);
        pairs_read(&pairs, line, &known);
        for (int field = 0; field < FIELD_COUNT; field++)
            expect_given(cases[i].message, &pairs, field, wanted[field]);
        assert_string_equal(text_get(&pairs.notice), "");
        pairs_free(&pairs);
        free(line);
    }
}

static void a_long_message_is_cut(void **state)
{
    (void)state;
    struct text message = {0};
    struct pairs pairs;
    for (int i = 0; i < 400; i++)
        text_addf(&message, "111122223333");
    for (int i = 0; i < 400; i++)
        text_addf(&message, " 111122223333 %d%% ü", i);
    char *line = pairs_of_message(text_get(&message));
    assert_true(strlen(line) < 1500);
    pairs_read(&pairs, line, &known);
    assert_non_null(strstr(pairs.typed[FIELD_NOTE], "…"));
    pairs_free(&pairs);
    free(line);
    text_free(&message);
}

static void several_fields_in_any_order(void **state)
{
    (void)state;
    struct pairs pairs;
    pairs_read(&pairs, "note=\"for you\" markup=25 buyers=123456789012 customer=Acme", &known);
    assert_string_equal(text_get(&pairs.notice), "");
    assert_string_equal(pairs.typed[FIELD_NOTE], "for you");
    assert_string_equal(pairs.typed[FIELD_MARKUP], "25");
    assert_string_equal(pairs.typed[FIELD_BUYERS], "123456789012");
    assert_string_equal(pairs.typed[FIELD_CUSTOMER], "Acme");
    pairs_free(&pairs);
    pairs_read(&pairs, " \n ", &known);
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
        {"25 markup=25", "I could not read “25”"},
        {"Acme markup=25 please now", "I could not read “now”"},
        {"customer=\"Acme\" 25% please", "I could not read “please”"},
        {"Acme 25% \"Other Corp\"", "I could not read “\"Other Corp\"”"},
        {"30% 25%", "markup is listed twice; I took “25”."},
        {"markup=25 please", "I took “please” as customer"},
        {"25% authorization=Foo Acme Corp", "I took “Acme Corp” as customer"},
        {"25% Acme 2 months", "I took “Acme 2 months” as customer"},
        {"25% =1 =2", "I could not read “=2”."},
        {"markup=25 =30", "I could not read “=30”"},
        {"markup=25 a_key_that_is_longer_than_any_of_ours=1", "I could not read “a_key_that_is"},
        {"markup=25 account=12345678901234567890123456789012345678901234567890",
         "so “1234567890123456789012345678901234567890…” was left out"},
        {"markup=30 markup=25", "markup is listed twice; I took “25”."},
        {"customer=Acme Corp markup=25", "I took “Acme Corp” as customer"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pairs pairs;
        pairs_read(&pairs, cases[i].line, &known);
        if (strstr(text_get(&pairs.notice), cases[i].words) == NULL)
            fail_msg("“%s” does not say “%s”", text_get(&pairs.notice), cases[i].words);
        assert_string_equal(pairs.typed[FIELD_MARKUP], "25");
        pairs_free(&pairs);
    }
}

/* Before the customer, by its longest name; and it is said, for a customer may be called so. */
static void a_playbook_is_named_before_the_customer(void **state)
{
    (void)state;
    static const struct {
        const char *line, *playbook, *customer;
    } cases[] = {
        {"Gold Acme 25%", "Gold", "Acme"},
        {"25% gold plus Acme Corp", "gold plus", "Acme Corp"},
        {"Goldman 25%", NULL, "Goldman"},
        {"Acme Gold 25%", NULL, "Acme Gold"},
        {"\"Gold Corp\" 25%", NULL, "Gold Corp"},
        {"customer=Acme Gold", NULL, "Acme Gold"},
        {"playbook=Gold Acme", "Gold", "Acme"},
        {"Gold 25%", "Gold", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pairs pairs;
        pairs_read(&pairs, cases[i].line, &known);
        const char *playbook = pairs.typed[FIELD_PLAYBOOK], *customer = pairs.typed[FIELD_CUSTOMER];
        if ((playbook != NULL) != (cases[i].playbook != NULL) ||
            (playbook != NULL && strcmp(playbook, cases[i].playbook) != 0) ||
            (customer != NULL) != (cases[i].customer != NULL) ||
            (customer != NULL && strcmp(customer, cases[i].customer) != 0))
            fail_msg("“%s” gives “%s” and “%s”", cases[i].line, playbook != NULL ? playbook : "-",
                     customer != NULL ? customer : "-");
        pairs_free(&pairs);
    }
    struct pairs pairs;
    pairs_read(&pairs, "Gold Acme 25%", &known);
    assert_string_equal(text_get(&pairs.notice),
                        "I took “Gold” as the playbook; a customer who is called so stands between "
                        "quotation marks.");
    pairs_free(&pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_ends_at_a_space_or_stands_between_quotes),
        cmocka_unit_test(a_word_says_by_its_look_what_it_is),
        cmocka_unit_test(what_looks_like_nothing_is_said),
        cmocka_unit_test(a_message_becomes_a_line),
        cmocka_unit_test(a_long_message_is_cut),
        cmocka_unit_test(several_fields_in_any_order),
        cmocka_unit_test(what_cannot_be_used_is_said),
        cmocka_unit_test(a_playbook_is_named_before_the_customer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
