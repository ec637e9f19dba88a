/* The disk under the state file: who is told, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "run/disk.h"

static void the_folder_of_a_path(void **state)
{
    static const char *const rows[][2] = {
        {"cppo.db", "."}, {"/cppo.db", "/"}, {"/var/lib/cppo/cppo.db", "/var/lib/cppo"}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *folder = disk_folder(rows[i][0]);
        assert_string_equal(folder, rows[i][1]);
        free(folder);
    }
}

static void what_is_free_can_be_told(void **state)
{
    (void)state;
    assert_true(disk_free("/") >= 0);
    assert_int_equal(disk_free("/there/is/none"), -1);
}

static void a_disk_that_fills_is_told_once(void **state)
{
    bool told = false;
    (void)state;
    assert_false(disk_is_newly_low(&told, DISK_LOW));
    assert_true(disk_is_newly_low(&told, DISK_LOW - 1));
    assert_false(disk_is_newly_low(&told, 0));
    assert_false(
        disk_is_newly_low(&told, DISK_LOW + 1)); /* to and fro around the mark is no news */
    assert_false(disk_is_newly_low(&told, DISK_LOW - 1));
    assert_false(disk_is_newly_low(&told, -1)); /* it cannot be told now */
    assert_false(disk_is_newly_low(&told, 2 * DISK_LOW));
    assert_true(disk_is_newly_low(&told, DISK_LOW - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_of_a_path),
        cmocka_unit_test(what_is_free_can_be_told),
        cmocka_unit_test(a_disk_that_fills_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
