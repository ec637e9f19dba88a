/* What a process that leaks looks like beside one that is only measured in the middle of a call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gauge.h"

enum { HOURS = 28 };

static struct gauge steady(void)
{
    struct gauge gauge = {.hours = HOURS};
    for (int i = 0; i < HOURS; i++) {
        gauge.memory[i] = 14000;
        gauge.book[i] = 400;
        gauge.descriptors[i] = 26;
    }
    return gauge;
}

static void calls_under_way_are_no_growth(void **state)
{
    (void)state;
    struct gauge gauge = steady();
    for (int i = HOURS - HOURS / 4; i < HOURS - 1; i++) {
        gauge.memory[i] += 600;
        gauge.descriptors[i] += 5;
    }
    assert_true(gauge_is_flat(&gauge));
}

static void a_descriptor_kept_every_few_hours_is_growth(void **state)
{
    (void)state;
    struct gauge gauge = steady();
    for (int i = 0; i < HOURS; i++)
        gauge.descriptors[i] += i / 6;
    assert_false(gauge_is_flat(&gauge));
}

static void memory_kept_every_hour_is_growth(void **state)
{
    (void)state;
    struct gauge gauge = steady();
    for (int i = 0; i < HOURS; i++)
        gauge.memory[i] += 30L * i;
    assert_false(gauge_is_flat(&gauge));
}

static void pages_of_the_book_are_no_growth(void **state)
{
    (void)state;
    struct gauge gauge = steady();
    for (int i = 0; i < HOURS; i++) {
        gauge.memory[i] += 20L * i;
        gauge.book[i] += 20L * i;
    }
    assert_true(gauge_is_flat(&gauge));
}

static void an_hour_that_was_not_read_proves_nothing(void **state)
{
    (void)state;
    struct gauge gauge = steady();
    gauge.unread = 1;
    assert_false(gauge_is_flat(&gauge));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_under_way_are_no_growth),
        cmocka_unit_test(a_descriptor_kept_every_few_hours_is_growth),
        cmocka_unit_test(memory_kept_every_hour_is_growth),
        cmocka_unit_test(pages_of_the_book_are_no_growth),
        cmocka_unit_test(an_hour_that_was_not_read_proves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
