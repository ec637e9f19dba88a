/* Exact decimals: what is read, how it is written, and the sums that are made with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "offers/decimal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct decimal price_of(const char *text)
{
    struct decimal value;
    if (!decimal_read_price(&value, text))
        fail_msg("“%s” was refused", text);
    return value;
}

static void expect_text(struct decimal value, const char *text)
{
    char written[DECIMAL_TEXT];
    decimal_write(value, written);
    assert_string_equal(written, text);
}

/* --- reading and writing --- */

static void decimals_are_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        int64_t units;
        int scale;
        const char *written;
    } cases[] = {
        {"25", 25, 0, "25"},
        {"33.3", 333, 1, "33.3"},
        {".5", 5, 1, "0.5"},
        {"007", 7, 0, "7"},
        {"0", 0, 0, "0"},
        {"0.0", 0, 0, "0"},
        {"000000000000000000000000000000", 0, 0, "0"},
        {"00000000000000000000000001.5", 15, 1, "1.5"},
        {"25.000000001", INT64_C(25000000001), 9, "25.000000001"},
        {"25.50", 255, 1, "25.5"},
        {"25.500000000000000000000000000", 255, 1, "25.5"},
        {"0.0099975", 99975, 7, "0.0099975"},
        {"0.000000001", 1, 9, "0.000000001"},
        {"100", 100, 0, "100"},
        {"10.01", 1001, 2, "10.01"},
        {"999999999999999999", INT64_C(999999999999999999), 0, "999999999999999999"},
        {"999999999.999999999", INT64_C(999999999999999999), 9, "999999999.999999999"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct decimal value = {-1, -1};
        if (!decimal_read(&value, cases[i].typed))
            fail_msg("“%s” was refused", cases[i].typed);
        assert_int_equal(value.units, cases[i].units);
        assert_int_equal(value.scale, cases[i].scale);
        expect_text(value, cases[i].written);
    }
}

static void what_is_no_decimal_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"",
                                        ".",
                                        "5.",
                                        "-5",
                                        "+5",
                                        "1e2",
                                        "1e9",
                                        "1E2",
                                        "5%",
                                        " 5",
                                        "5 ",
                                        "\t5",
                                        "5\n",
                                        "12,5",
                                        "1.2.3",
                                        "1..2",
                                        "..5",
                                        "0x10",
                                        "5.0x",
                                        "inf",
                                        "nan",
                                        "１２",
                                        "٣",
                                        "1_0",
                                        "1 000",
                                        "1.0.",
                                        "1.00.",
                                        "5-",
                                        "five",
                                        "$5",
                                        "(5)",
                                        "1.0e1",
                                        "1000000000000000000",
                                        "1234567890123456789",
                                        "1.123456789012345678"};
    struct decimal value;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (decimal_read(&value, cases[i]) || decimal_read_price(&value, cases[i]))
            fail_msg("“%s” was taken", cases[i]);
    }
}

static void only_prices_have_more_than_nine_decimals(void **state)
{
    (void)state;
    static const char *const cases[] = {"25.0000000001", "0.0000000001", "0.123456789012345678",
                                        "12345678.0123456789", "0.000000000000000001"};
    struct decimal value;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (decimal_read(&value, cases[i]))
            fail_msg("“%s” was taken", cases[i]);
        expect_text(price_of(cases[i]), cases[i]);
    }
    assert_false(decimal_read_price(&value, "0.0000000000000000001"));
}

/* --- sums --- */

static void decimals_are_compared_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int sign;
    } cases[] = {
        {"0", "0.0", 0},
        {"0.1", "0.10", 0},
        {"25", "025.000", 0},
        {"9", "10", -1},
        {"0.9", "0.10", 1},
        {"1", "1.000000001", -1},
        {"999999999999999999", "0.999999999999999999", 1},
        {"999999999999999998", "999999999999999999", -1},
        {"0.000000000000000001", "0.000000000000000002", -1},
        {"0.000000000000000001", "0", 1},
        {"0.3", "0.300000000000000000", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int forth = decimal_compare(price_of(cases[i].a), price_of(cases[i].b));
        int back = decimal_compare(price_of(cases[i].b), price_of(cases[i].a));
        if ((forth > 0) - (forth < 0) != cases[i].sign || (back > 0) - (back < 0) != -cases[i].sign)
            fail_msg("%s against %s: %d, %d", cases[i].a, cases[i].b, forth, back);
    }
}

static void a_markup_is_exact(void **state)
{
    (void)state;
    static const struct {
        const char *price, *percent, *marked;
    } cases[] = {
        {"0.008", "25", "0.01"},
        {"0.0075", "33.3", "0.0099975"},
        {"0.007", "42.8", "0.009996"},
        {"0.01", "0", "0.01"},
        {"0", "25", "0"},
        {"1", "100", "2"},
        {"0.1", "200", "0.3"},
        {"9007199254740993", "0", "9007199254740993"}, /* 2^53 + 1 */
        {"0.000000000000000001", "0", "0.000000000000000001"},
        {"0.000000000000000001", "100", "0.000000000000000002"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct decimal marked;
        assert_true(decimal_mark_up(price_of(cases[i].price), price_of(cases[i].percent), &marked));
        expect_text(marked, cases[i].marked);
    }
}

/* Against whole numbers: (p / 10^4) x (1 + t / 1000) = p (1000 + t) / 10^7. */
static void many_markups_are_exact(void **state)
{
    (void)state;
    char text[DECIMAL_TEXT];
    for (int p = 0; p <= 200; p++) {
        for (int t = 0; t <= 2000; t += 7) {
            struct decimal marked;
            snprintf(text, sizeof(text), "0.%04d", p);
            struct decimal price = price_of(text);
            snprintf(text, sizeof(text), "%d.%d", t / 10, t % 10);
            assert_true(decimal_mark_up(price, price_of(text), &marked));
            snprintf(text, sizeof(text), "0.%07d", p * (1000 + t));
            assert_int_equal(decimal_compare(marked, price_of(text)), 0);
            assert_true(marked.scale == 0 || marked.units % 10 != 0);
        }
    }
}

static void deviations_are_rounded_to_two_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *actual, *expected, *text; /* NULL: cannot be told */
        bool above;
    } cases[] = {
        {"0.0099975", "0.01", "0.03", false}, /* 0.025 */
        {"0.011424", "0.01", "14.24", true},
        {"0.01", "0.01", "0.00", false},
        {"0.01005", "0.01", "0.50", true},
        {"0.00995", "0.01", "0.50", false},
        {"0.0100504", "0.01", "0.50", true},
        {"0.0100506", "0.01", "0.51", true},
        {"0.02", "0.01", "100.00", true},
        {"0", "0.01", "100.00", false},
        {"1", "3", "66.67", false},
        {"4", "3", "33.33", true},
        {"12.5", "1", "1150.00", true},
        {"0.01", "0", NULL, false},
        {"0", "0", NULL, false},
        {"999999999999999999", "1", NULL, false},
        {"1", "0.000000000000000001", NULL, false},
        {"999999999999999999", "0.000000000000000001", NULL, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[DECIMAL_TEXT];
        bool above;
        bool good =
            decimal_deviation(price_of(cases[i].actual), price_of(cases[i].expected), text, &above);
        if (good != (cases[i].text != NULL))
            fail_msg("%s against %s", cases[i].actual, cases[i].expected);
        if (good) {
            assert_string_equal(text, cases[i].text);
            assert_int_equal(above, cases[i].above);
        }
    }
}

/* Where 18 digits are not enough, what lies behind the 9th decimal goes. */
static void a_markup_that_does_not_fit_is_cut(void **state)
{
    static const struct {
        const char *price, *percent, *marked; /* NULL: no room even so */
    } cases[] = {
        {"0.008", "25", "0.01"},
        {"0.12345678", "33.333333333", "0.164609039999588477"},
        {"0.123456789012345678", "33.3", "0.164567899753456788"},
        {"123456789.01", "33.333333333", "164609052.01292181"},
        {"0.000000000000000001", "50", "0.000000000000000001"},
        {"1", "999999999.999999999", "10000000.9999999999"},
        {"999999999999999999", "25", NULL},
        {"999999999.999999999", "999999999.999999999", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct decimal marked;
        bool good = decimal_mark_up(price_of(cases[i].price), price_of(cases[i].percent), &marked);
        if (good != (cases[i].marked != NULL))
            fail_msg("%s marked up by %s", cases[i].price, cases[i].percent);
        if (good)
            expect_text(marked, cases[i].marked);
    }
}

static void decimals_are_rounded_half_up(void **state)
{
    static const char *const cases[][2] = {{"0.016666665", "0.01666667"},
                                           {"0.016666664", "0.01666666"},
                                           {"0.01", "0.01"},
                                           {"0.999999999", "1"},
                                           {"7", "7"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_text(decimal_round(price_of(cases[i][0]), 8), cases[i][1]);
    assert_true(decimal_near(price_of("1.01"), price_of("1.019"), 2));
    assert_false(decimal_near(price_of("1.01"), price_of("1.02"), 2));
    assert_false(decimal_near(price_of("1.02"), price_of("1.01"), 2));
    assert_true(decimal_near(price_of("999999999999999999"), price_of("999999999999999999"), 18));
}

/* Of each markup back to the price that it makes. */
static void a_price_has_its_markup(void **state)
{
    static const struct {
        const char *price, *marked, *least, *greatest;
    } cases[] = {{"0.008", "0.01", "25", "25"},
                 {"0.0075", "0.01", "33.333333334", "33.333333333"},
                 {"0.008", "0.008", "0", "0"},
                 {"3", "1000000", "33333233.333333334", "33333233.333333333"},
                 {"0.01", "0.01000000001", "0.0000001", "0.0000001"},
                 {"999999999999999999", "999999999999999999", "0", "0"},
                 {"0", "1", NULL, NULL},
                 {"0.01", "0.009", NULL, NULL},
                 {"0.000000000000000001", "999999999", NULL, NULL}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct decimal least, greatest, marked;
        struct decimal price = price_of(cases[i].price), wanted = price_of(cases[i].marked);
        bool good = decimal_markup_of(price, wanted, &least, &greatest);
        if (good != (cases[i].least != NULL))
            fail_msg("%s as the price of %s", cases[i].marked, cases[i].price);
        if (!good)
            continue;
        expect_text(least, cases[i].least);
        expect_text(greatest, cases[i].greatest);
        assert_true(decimal_mark_up(price, least, &marked));
        assert_true(decimal_compare(marked, wanted) >= 0);
        assert_true(decimal_mark_up(price, greatest, &marked));
        assert_true(decimal_compare(marked, wanted) <= 0);
    }
}

static void decimals_are_subtracted(void **state)
{
    struct decimal difference;
    (void)state;
    assert_true(decimal_subtract(price_of("1.5"), price_of("0.25"), &difference));
    expect_text(difference, "1.25");
    assert_true(decimal_subtract(price_of("0.01"), price_of("0.01"), &difference));
    expect_text(difference, "0");
    assert_false(decimal_subtract(price_of("0.01"), price_of("0.02"), &difference));
    assert_false(decimal_subtract(price_of("999999999999999999"), price_of("0.1"), &difference));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_has_its_markup),
        cmocka_unit_test(decimals_are_subtracted),
        cmocka_unit_test(a_markup_that_does_not_fit_is_cut),
        cmocka_unit_test(decimals_are_rounded_half_up),
        cmocka_unit_test(decimals_are_read_and_written),
        cmocka_unit_test(what_is_no_decimal_is_refused),
        cmocka_unit_test(only_prices_have_more_than_nine_decimals),
        cmocka_unit_test(decimals_are_compared_exactly),
        cmocka_unit_test(a_markup_is_exact),
        cmocka_unit_test(many_markups_are_exact),
        cmocka_unit_test(deviations_are_rounded_to_two_decimals),
    };
    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
