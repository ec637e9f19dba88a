/* What is typed as the markup: a percentage, or the price that the customer is to pay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "offers/pricing.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One price, in USD. */
static struct terms one_price(enum term_kind kind, const char *amount)
{
    struct terms terms = {.count = 2,
                          .lines = {{.kind = kind, .key = "Users", .currency = "USD"},
                                    {.kind = TERM_NET, .duration = "P30D"}}};
    text_fit(terms.lines[0].amount, DECIMAL_TEXT, amount);
    return terms;
}

static void what_is_a_price_says_so(void **state)
{
    (void)state;
    static const char *const prices[] = {"=0.0125", "0.0125 USD", "0.0125usd",    "USD 0.0125",
                                         "$0.0125", "€ 1,50",     "= 0.0125 USD", " *=0.01* "};
    static const char *const others[] = {"",    "25",  "25%",        "0.0125", "12,5", "abc",
                                         "USD", "1e1", "25 percent", "$",      "-5"};
    for (size_t i = 0; i < COUNT(prices); i++) {
        if (!pricing_is_price(prices[i]))
            fail_msg("“%s” is a price", prices[i]);
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        if (pricing_is_price(others[i]))
            fail_msg("“%s” is no price", others[i]);
    }
}

static void a_price_gives_the_markup_that_makes_it(void **state)
{
    (void)state;
    static const struct {
        enum term_kind kind;
        const char *wholesale, *typed, *markup, *price;
    } cases[] = {
        {TERM_UNIT, "0.008", "=0.01", "25", "0.01"},
        {TERM_UNIT, "0.008", "0,01 USD", "25", "0.01"},
        {TERM_UNIT, "0.008", "$0.008", "0", "0.008"},
        /* AWS may round it or cut it: it makes a little more than the price, never less */
        {TERM_UNIT, "0.0075", "=0.01", "33.333333334", "0.01"},
        {TERM_UNIT, "0.0075", "=0.010000001", "33.333333334", "0.01"}, /* AWS keeps 8 decimals */
        {TERM_UPFRONT, "30000", "=40000", "33.333333334", "40000"},
        {TERM_UPFRONT, "30000", "=40000.004", "33.333333334", "40000"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct terms terms = one_price(cases[i].kind, cases[i].wholesale);
        struct pricing pricing;
        char why[PRICING_WHY] = "", text[DECIMAL_TEXT];
        if (!pricing_read(cases[i].typed, &terms, &pricing, why))
            fail_msg("“%s”: %s", cases[i].typed, why);
        assert_true(pricing.by_price);
        decimal_write(pricing.markup, text);
        assert_string_equal(text, cases[i].markup);
        decimal_write(pricing.price, text);
        assert_string_equal(text, cases[i].price);
    }
}

static void a_price_that_cannot_be_used_is_answered(void **state)
{
    (void)state;
    static const struct {
        const char *wholesale, *typed, *words;
    } cases[] = {
        {"0.008", "=0.007", "below the wholesale price, 0.008 USD"},
        {"0.008", "0.01 EUR", "The wholesale price is in USD"},
        {"0.008", "=1,250", "“1,250” can be read in two ways"},
        {"0.008", "=1.2.3", "not a price I can read"},
        {"0.008", "=", "not a price I can read"},
        {"0.008", "=abc", "The wholesale price is in USD"},
        {"0.008", "=99999999999999999999999999999999999999999999", "not a price I can read"},
        {"0", "=1", "I cannot compute a markup"},
        {"x", "=1", "I cannot read the wholesale price"},
        {"123456.7", "=123456.80000001",
         "No markup of 9 decimals makes 123456.80000001 USD. The nearest is 0.000081 %, which "
         "makes "
         "123456.79999993 USD: type 0.000081."},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct terms terms = one_price(TERM_UNIT, cases[i].wholesale);
        struct pricing pricing;
        char why[PRICING_WHY] = "";
        assert_false(pricing_read(cases[i].typed, &terms, &pricing, why));
        if (strstr(why, cases[i].words) == NULL)
            fail_msg("“%s” gets “%s”, not “%s”", cases[i].typed, why, cases[i].words);
    }
}

static void a_price_needs_one_wholesale_price(void **state)
{
    (void)state;
    struct terms terms = one_price(TERM_UNIT, "0.008");
    struct pricing pricing;
    char why[PRICING_WHY] = "";
    terms.lines[1] = terms.lines[0];
    assert_false(pricing_read("=0.01", &terms, &pricing, why));
    assert_non_null(strstr(why, "has 2 prices, and one price cannot say the markup of them all"));
    assert_false(pricing_read("=0.01", NULL, &pricing, why));
    assert_non_null(strstr(why, "choose the resale authorization"));
    assert_true(pricing_read("25", NULL, &pricing, why));
    assert_false(pricing.by_price);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_price_says_so),
        cmocka_unit_test(a_price_gives_the_markup_that_makes_it),
        cmocka_unit_test(a_price_that_cannot_be_used_is_answered),
        cmocka_unit_test(a_price_needs_one_wholesale_price),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
