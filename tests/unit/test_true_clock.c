/* The time as Slack tells it, on a machine whose own clock is off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run/clock.h"

static const int64_t NOON = INT64_C(1795521600000);
static const int64_t HOUR = INT64_C(3600000);

static void a_clock_that_is_right_stays_as_it_is(void **state)
{
    struct true_clock clock = {false, 0};
    (void)state;
    assert_int_equal(true_clock_ms(&clock, NOON, 5000), NOON);
    assert_false(true_clock_hear(&clock, NOON - 900, NOON, 5000)); /* seconds are whole */
    assert_int_equal(true_clock_ms(&clock, NOON + 70, 5070), NOON + 70);
    assert_false(true_clock_hear(&clock, NOON - 30000, NOON, 5000)); /* a slow answer */
    assert_int_equal(true_clock_ms(&clock, NOON + 70, 5070), NOON + 70);
}

static void a_clock_that_is_off_is_not_believed(void **state)
{
    struct true_clock clock = {false, 0};
    (void)state;
    assert_true(true_clock_hear(&clock, NOON, NOON + 2 * HOUR, 5000));
    assert_int_equal(true_clock_ms(&clock, NOON + 2 * HOUR + 70, 5070), NOON + 70);
    assert_false(true_clock_hear(&clock, NOON, NOON + 2 * HOUR, 5000)); /* once is enough */
}

/* Once the time was heard, what is done to the machine's clock is not felt. */
static void a_clock_that_is_set_is_not_followed(void **state)
{
    struct true_clock clock = {false, 0};
    (void)state;
    true_clock_hear(&clock, NOON, NOON, 5000);
    assert_int_equal(true_clock_ms(&clock, NOON - 6 * HOUR, 6000), NOON + 1000);
    assert_false(true_clock_hear(&clock, NOON + 1000, NOON - 6 * HOUR, 6000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_is_right_stays_as_it_is),
        cmocka_unit_test(a_clock_that_is_off_is_not_believed),
        cmocka_unit_test(a_clock_that_is_set_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
