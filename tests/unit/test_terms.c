/* Terms by line, and durations: stored, marked up, compared, said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offers/terms.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- durations --- */

static void durations_are_read_by_meaning(void **state)
{
    static const struct {
        const char *text;
        int days; /* of years of 365 days and months of 30; -1: none */
        const char *words;
    } cases[] = {
        {"P3650D", 3650, "10 years"},
        {"P10Y", 3650, "10 years"},
        {"P120M", 3650, "120 months"},
        {"P12M", 365, "12 months"},
        {"P1Y", 365, "1 year"},
        {"P365D", 365, "1 year"},
        {"P450D", 450, "450 days"},
        {"P180D", 180, "180 days"},
        {"P6M", 180, "6 months"},
        {"P1M", 30, "1 month"},
        {"P1D", 1, "1 day"},
        {"P1Y2M3D", 428, "1 year, 2 months, 3 days"},
        {"P0D", 0, "0 days"},
        {"P", -1, "P"},
        {"", -1, ""},
        {"12M", -1, "12M"},
        {"P12", -1, "P12"},
        {"P1W", -1, "P1W"},
        {"P1D2M", -1, "P1D2M"},
        {"PT1H", -1, "PT1H"},
        {"P-1D", -1, "P-1D"},
        {"P1.5Y", -1, "P1.5Y"},
        {"P101Y", -1, "101 years"},
        {"P9999999D", -1, "P9999999D"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char days[DURATION_TEXT];
        char words[DURATION_WORDS];
        text_fit(days, sizeof(days), cases[i].text);
        if (cases[i].days >= 0)
            snprintf(days, sizeof(days), "P%dD", cases[i].days);
        assert_int_equal(duration_same(cases[i].text, days), cases[i].days >= 0);
        duration_words(cases[i].text, words);
        assert_string_equal(words, cases[i].words);
    }
    assert_true(duration_same("P10Y", "P3650D"));
    assert_false(duration_same("P10Y", "P3653D"));
    assert_false(duration_same("", ""));
    assert_false(duration_same("P1W", "P1W"));
}

static void a_term_ends_on_a_day(void **state)
{
    static const char *const cases[][3] = {
        {"P3650D", "2025-03-05", "2035-03-03"},
        {"P10Y", "2025-03-05", "2035-03-05"},
        {"P120M", "2025-03-05", "2035-03-05"},
        {"P12M", "2027-06-15", "2028-06-15"},
        {"P12M", "2028-02-29", "2029-02-28"},
        {"P1Y", "2027-02-28", "2028-02-28"},
        {"P6M", "2026-11-29", "2027-05-29"},
        {"P6M", "2026-08-31", "2027-02-28"},
        {"P1M", "2026-01-31", "2026-02-28"},
        {"P1M", "2026-12-31", "2027-01-31"},
        {"P13M", "2026-12-01", "2028-01-01"},
        {"P1Y2M3D", "2026-12-30", "2028-03-03"},
        {"P1M1D", "2027-12-31", "2028-02-01"},
        {"P365D", "2027-06-15", "2028-06-14"},
        {"P0D", "2026-11-29", "2026-11-29"},
        {"P100Y", "2026-11-29", "2126-11-29"},
        {"P101Y", "2026-11-29", ""},
        {"P36501D", "2026-11-29", ""},
        {"P1W", "2026-11-29", ""},
        {"", "2026-11-29", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int32_t start;
        char end[DATE_TEXT];
        assert_true(date_read(&start, cases[i][1]));
        duration_end(cases[i][0], start, end);
        assert_string_equal(end, cases[i][2]);
    }
}

/* A year of 365 days need not be 12 months for AWS. */
static void an_offer_repeats_the_duration_as_it_is_written(void **state)
{
    (void)state;
    assert_true(duration_matches("P365D", "P365D"));
    assert_false(duration_matches("P365D", "P12M"));
    assert_false(duration_matches("P365D", "P1Y"));
    assert_false(duration_matches("P3650D", "P12M"));
}

/* --- terms --- */

static struct terms example(void)
{
    struct terms terms = {
        .count = 6,
        .lines = {
            {.kind = TERM_INSTALMENT, .key = "2027-01-01", .amount = "99.99", .currency = "USD"},
            {.kind = TERM_UPFRONT, .duration = "P12M", .amount = "0", .currency = "USD"},
            {.kind = TERM_GRANT, .key = "seats", .name = "Seats", .amount = "20"},
            {.kind = TERM_UNIT, .key = "calls", .amount = "0.12345678", .currency = "USD"},
            {.kind = TERM_NET, .duration = "P30D"},
            {.kind = TERM_LEGAL, .key = "StandardEula", .amount = "2022-07-14"}}};
    return terms;
}

static void what_is_stored_is_read_again(void **state)
{
    struct terms back;
    struct terms terms = example();
    (void)state;
    text_fit(terms.lines[2].name, TERM_NAME, "tabs\tand\nlines");
    terms.more = true;
    char *text = terms_write(&terms);
    assert_true(terms_parse(&back, text));
    assert_int_equal(back.count, terms.count);
    assert_true(back.more);
    assert_string_equal(back.lines[2].name, "tabs and lines");
    for (size_t i = 0; i < terms.count; i++) {
        assert_int_equal(back.lines[i].kind, terms.lines[i].kind);
        assert_string_equal(back.lines[i].key, terms.lines[i].key);
        assert_string_equal(back.lines[i].duration, terms.lines[i].duration);
        assert_string_equal(back.lines[i].amount, terms.lines[i].amount);
        assert_string_equal(back.lines[i].currency, terms.lines[i].currency);
    }
    free(text);
    static const char *const broken[] = {"unit", "unit\n", "what\ta\tb\tc\td\te\n",
                                         "unit\ta\tb\tc\td\te\tf\n", "unit\ta\tb\tc\td\tEUROS\n"};
    for (size_t i = 0; i < COUNT(broken); i++) {
        bool good = terms_parse(&back, broken[i]);
        if (good && back.count > 0 && *back.lines[0].key != '\0')
            fail_msg("%s", broken[i]);
    }
    assert_true(terms_parse(&back, ""));
    assert_int_equal(back.count, 0);
}

static void every_amount_rises(void **state)
{
    struct terms customer;
    struct terms terms = example();
    (void)state;
    terms_mark_up(&terms, "33.333333333", &customer);
    char *words = terms_words(&customer);
    assert_string_equal(words, "calls: 0.16460904 USD per unit used\n"
                               "Upfront price: 0 USD for 12 months\n"
                               "Seats: 20 included in the upfront price\n"
                               "Due 2027-01-01: 133.32 USD\n"
                               "Invoices are due within 30 days");
    free(words);
    assert_null(terms_differences(&customer, &customer));
    terms_mark_up(&terms, "much", &customer);
    words = terms_words(&customer);
    assert_non_null(strstr(words, "cannot compute"));
    free(words);
    words = terms_differences(&customer, &customer); /* what is not known equals nothing */
    assert_non_null(words);
    free(words);
}

/* The same number of another money is another amount. */
static void another_currency_is_a_difference(void **state)
{
    (void)state;
    struct terms approved = example();
    for (size_t i = 0; i < approved.count; i++) {
        struct terms held = example();
        if (*held.lines[i].currency == '\0')
            continue;
        text_fit(held.lines[i].currency, CURRENCY, "EUR");
        char *list = terms_differences(&held, &approved);
        assert_non_null(list);
        assert_non_null(strstr(list, " EUR"));
        free(list);
    }
}

static void order_and_inherited_payment_are_no_difference(void **state)
{
    struct terms terms = example();
    struct terms held = {.count = 0};
    (void)state;
    for (size_t i = terms.count; i-- > 0;) {
        if (terms.lines[i].kind != TERM_NET)
            terms_add(&held, &terms.lines[i]);
    }
    assert_null(terms_differences(&held, &terms));
    char *list = terms_differences(&terms, &held); /* the other way round it was never approved */
    assert_non_null(list);
    assert_non_null(strstr(list, "Invoices are due within 30 days”, which was not approved"));
    free(list);
}

/* AWS keeps no decimals of yen, and two of other payments. */
static void payments_are_rounded_by_currency(void **state)
{
    static const struct {
        const char *currency, *held;
        bool same;
    } cases[] = {{"USD", "133.33", true}, {"USD", "133.32", true}, {"USD", "133.34", false},
                 {"USD", "133", false},   {"JPY", "133", true},    {"JPY", "134", true},
                 {"JPY", "135", false}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct terms ours = {.count = 1, .lines = {{.kind = TERM_INSTALMENT, .key = "2027-01-01"}}};
        text_fit(ours.lines[0].currency, CURRENCY, cases[i].currency);
        struct terms held = ours;
        text_fit(ours.lines[0].amount, DECIMAL_TEXT, "133.3266667");
        text_fit(held.lines[0].amount, DECIMAL_TEXT, cases[i].held);
        char *list = terms_differences(&held, &ours);
        if ((list == NULL) != cases[i].same)
            fail_msg("%s %s", cases[i].held, cases[i].currency);
        free(list);
    }
}

/* AWS names a dimension in the authorization alone. */
static void one_dimension_has_one_name(void **state)
{
    struct terms ours = {.count = 1,
                         .lines = {{.kind = TERM_UNIT,
                                    .key = "Units",
                                    .name = "Premiums",
                                    .amount = "0.01",
                                    .currency = "USD"}}};
    struct terms held = ours;
    (void)state;
    held.lines[0].name[0] = '\0';
    text_fit(held.lines[0].amount, DECIMAL_TEXT, "0.008");
    char *list = terms_differences(&held, &ours);
    assert_string_equal(list,
                        "AWS holds “Premiums: 0.008 USD per unit used”, approved is “Premiums: "
                        "0.01 USD per unit used”");
    free(list);
    text_fit(held.lines[0].key, TERM_KEY, "Others");
    list = terms_differences(&held, &ours);
    assert_non_null(strstr(list, "AWS holds “Others: 0.008 USD"));
    free(list);
}

/* Two of the same are two. */
static void lines_are_counted(void **state)
{
    struct terms terms = example();
    struct terms held = terms;
    (void)state;
    terms_add(&held, &terms.lines[0]);
    char *list = terms_differences(&held, &terms);
    assert_non_null(list);
    free(list);
    list = terms_differences(&terms, &held);
    assert_non_null(list);
    free(list);
}

static void what_does_not_fit_equals_nothing(void **state)
{
    struct terms terms = example();
    (void)state;
    terms.more = true;
    char *list = terms_differences(&terms, &terms);
    assert_non_null(list);
    assert_non_null(strstr(list, "more terms"));
    free(list);
    assert_null(terms_unit_price(&terms));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read_by_meaning),
        cmocka_unit_test(a_term_ends_on_a_day),
        cmocka_unit_test(an_offer_repeats_the_duration_as_it_is_written),
        cmocka_unit_test(what_is_stored_is_read_again),
        cmocka_unit_test(every_amount_rises),
        cmocka_unit_test(another_currency_is_a_difference),
        cmocka_unit_test(order_and_inherited_payment_are_no_difference),
        cmocka_unit_test(payments_are_rounded_by_currency),
        cmocka_unit_test(one_dimension_has_one_name),
        cmocka_unit_test(lines_are_counted),
        cmocka_unit_test(what_does_not_fit_equals_nothing),
    };
    return cmocka_run_group_tests_name("terms", tests, NULL, NULL);
}
