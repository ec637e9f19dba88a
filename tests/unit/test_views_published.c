/* What is said about an offer's way to its buyer: how long it takes, and the link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "views/buyer_link.h"
#include "views/usual_time.h"

static const char saas[] = "https://aws.amazon.com/marketplace/saas/ordering?productId={product}"
                           "&offerId={offer}";
static const char own[] = "https://offers.example/{offer}";

static void test_a_link_names_product_and_offer(void **state)
{
    (void)state;
    char *link = buyer_link(saas, "prod-1", "offer-2");
    assert_string_equal(
        link, "https://aws.amazon.com/marketplace/saas/ordering?productId=prod-1&offerId=offer-2");
    free(link);
    link = buyer_link("{offer}{offer}{other", "prod-1", "{product}");
    assert_string_equal(link, "{product}{product}{other");
    free(link);
}

static void test_the_pattern_for_saas_is_for_saas_alone(void **state)
{
    (void)state;
    assert_true(buyer_link_works(saas, "SaaSProduct"));
    assert_string_equal(buyer_link_hint(saas, "SaaSProduct"), "");
    assert_false(buyer_link_works(saas, "ContainerProduct"));
    assert_ptr_equal(strstr(buyer_link_hint(saas, "ContainerProduct"), "The buyer's link is in"),
                     buyer_link_hint(saas, "ContainerProduct"));
    assert_true(buyer_link_works(own, "ContainerProduct"));
    assert_string_equal(buyer_link_hint(own, "ContainerProduct"), "");
}

static void test_of_an_unknown_product_the_link_is_a_guess(void **state)
{
    static const char *const unknown[] = {"", "?", "?SomethingNew"};
    (void)state;
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        assert_true(buyer_link_works(saas, unknown[i]));
        assert_non_null(strstr(buyer_link_hint(saas, unknown[i]), "does not open"));
    }
}

static void assert_usual(int64_t *took, size_t count, const char *expected)
{
    char text[USUAL_TIME];
    usual_time(took, count, text);
    assert_string_equal(text, expected);
}

static void test_two_times_tell_nothing(void **state)
{
    int64_t took[] = {600000, 660000};
    (void)state;
    assert_usual(took, 0, "");
    assert_usual(took, 2, "");
}

static void test_the_middle_half_is_told_in_minutes(void **state)
{
    int64_t spread[] = {3600000, 700000, 1000, 840000, 660000, 720000, 800000, 20000000};
    int64_t alike[] = {300000, 300000, 300000};
    int64_t quick[] = {1000, 30000, 59000};
    int64_t begun[] = {60000, 60001, 61000};
    (void)state;
    assert_usual(spread, 8, "AWS usually takes 11–14 minutes");
    assert_usual(alike, 3, "AWS usually takes about 5 minutes");
    assert_usual(quick, 3, "AWS usually takes about a minute");
    assert_usual(begun, 3, "AWS usually takes 1–2 minutes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_link_names_product_and_offer),
        cmocka_unit_test(test_the_pattern_for_saas_is_for_saas_alone),
        cmocka_unit_test(test_of_an_unknown_product_the_link_is_a_guess),
        cmocka_unit_test(test_two_times_tell_nothing),
        cmocka_unit_test(test_the_middle_half_is_told_in_minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
