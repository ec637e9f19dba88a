/* What agreements say of who bought. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "offers/acceptance.h"

static struct acceptance made(const char *agreement, const char *account, const char *status)
{
    struct acceptance acceptance = {.accepted_at = 1795510800000};
    memcpy(acceptance.agreement, agreement, strlen(agreement));
    memcpy(acceptance.account, account, strlen(account));
    memcpy(acceptance.status, status, strlen(status));
    return acceptance;
}

static void statuses_that_count(void **state)
{
    static const struct {
        const char *status;
        bool counts;
    } cases[] = {
        {"ACTIVE", true},     {"ARCHIVED", true},   {"EXPIRED", true},     {"RENEWED", true},
        {"SUPERSEDED", true}, {"CANCELLED", false}, {"TERMINATED", false}, {"ROLLED_BACK", false},
        {"REPLACED", false},  {"", false},          {"active", false},     {"PENDING", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct acceptance one = made("agmt-1", "111111111111", cases[i].status);
        if (acceptance_counts(&one) != cases[i].counts)
            fail_msg("%s", cases[i].status);
    }
}

static void expect(const struct acceptance *list, size_t count, size_t buyers, const char *words)
{
    char *said = acceptance_words(list, count, buyers);
    assert_string_equal(said, words);
    free(said);
}

static void accounts_are_counted_once(void **state)
{
    const struct acceptance list[] = {
        made("agmt-1", "111111111111", "RENEWED"),
        made("agmt-2", "111111111111", "ACTIVE"),
        made("agmt-3", "222222222222", "ACTIVE"),
        made("agmt-4", "333333333333", "CANCELLED"),
    };
    (void)state;
    assert_int_equal(acceptance_buyers(list, 4), 2);
    expect(list, 0, 3, "");
    expect(list, 1, 1, "Accepted: account 111111111111 (agreement agmt-1, 2026-11-24)");
    expect(list, 4, 3,
           "2 of 3 accepted: account 111111111111 (agreement agmt-1, 2026-11-24), account "
           "222222222222 (agreement agmt-3, 2026-11-24)\n"
           "The agreement agmt-4 of account 333333333333 was cancelled (CANCELLED).");
}

static void what_is_not_known_is_said(void **state)
{
    struct acceptance strange = made("agmt-1", "", "NEWER_WORD");
    (void)state;
    expect(&strange, 1, 1,
           "The agreement agmt-1 of account unknown has a status that I do not know (NEWER_WORD).");
    strange.status[0] = '\0';
    expect(&strange, 1, 1,
           "The agreement agmt-1 of account unknown has a status that I do not know (none).");
}

/* However many there are, a card has room for them. */
static void very_many_are_cut(void **state)
{
    struct acceptance list[MAX_ACCEPTANCES];
    size_t lines = 0;
    (void)state;
    for (size_t i = 0; i < MAX_ACCEPTANCES; i++)
        list[i] = made("agmt-0123456789012345678901234", "111111111111", "CANCELLED");
    char *said = acceptance_words(list, MAX_ACCEPTANCES, 1);
    for (const char *at = said; *at != '\0'; at++)
        lines += *at == '\n';
    assert_int_equal(lines, 9);
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_that_count),
        cmocka_unit_test(accounts_are_counted_once),
        cmocka_unit_test(what_is_not_known_is_said),
        cmocka_unit_test(very_many_are_cut),
    };
    return cmocka_run_group_tests_name("acceptance", tests, NULL, NULL);
}
