/* Rules of approval, from the file to the release: who is asked, in which order, and what needs
 * nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "rules", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return world_tear_down(&w);
}

#define GROUPS_AND_RULES                                                                           \
    "needed: 1\n"                                                                                  \
    "  groups:\n"                                                                                  \
    "    - {name: finance, users: [U0MIA]}\n"                                                      \
    "    - {name: directors, users: [U0MAX]}\n"                                                    \
    "  rules:\n"

static void start_with(const char *rules)
{
    world_replace(&w, "needed: 1", rules);
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
}

static void click(const char *user, const char *action)
{
    world_click(&w, user, "C0APPROVALS", world_card(&w, "CPPO-1"), action);
}

static void test_one_decides_after_the_other(void **state)
{
    const char *said;
    (void)state;
    start_with(GROUPS_AND_RULES
               "    - {name: off tier, markup: off tier, approve: 1 of approvers}\n"
               "    - {name: usual, approve: \"1 of finance, then 1 of directors\"}\n");
    world_request(&w, "Alpha", "25");
    world_card(&w, "CPPO-1");
    expect(&w, world_sees(&w, "C0APPROVALS", "rule “usual”"), "the card names the rule");
    expect(&w,
           world_run(&w, &said, "policy", "test", "CPPO-1", NULL) == 0 &&
               strstr(said, "Nothing would change   not yet: 1 more at finance") != NULL,
           "an operator is told the same beside the bot");
    click("U0MAX", "approve");
    expect(&w, world_hears(&w, "U0MAX", "Not yet: CPPO-1 waits for finance first"),
           "whoever is behind an open step waits");
    click("U0MIA", "approve");
    expect(&w, world_reads_reply(&w, "C0APPROVALS", "1 more needed: <@U0MAX>"),
           "the next is mentioned");
    click("U0MAX", "approve");
    world_published_once(&w);
}

static void test_what_needs_nobody_is_published(void **state)
{
    (void)state;
    start_with(GROUPS_AND_RULES
               "    - {name: small, markup: at most 25, approve: \"by itself, 1 a day\"}\n"
               "    - {name: rest, approve: 1 of finance}\n");
    world_request(&w, "Alpha", "25");
    world_published_once(&w);
    expect(&w, world_sees(&w, "C0APPROVALS", "rule “small”, which needs nobody"),
           "the card says which rule it was");
}

/* Told with their line, by whom Slack has on the lists today. */
static void test_rules_that_nobody_can_meet_are_told(void **state)
{
    (void)state;
    world_replace(&w, "needed: 1",
                  "needed: 1\n"
                  "  groups:\n"
                  "    - {name: finance, users: [U0MIA, U0GUS]}\n"
                  "    - {name: board, users: [U0MAX], groups: [S0MANAGERS]}\n"
                  "    - {name: abroad, groups: [S0NOWHERE]}\n"
                  "  rules:\n"
                  "    - {name: guests, markup: above 49, approve: 2 of finance}\n"
                  "    - {name: twice, markup: above 48, approve: 1 of finance and 2 of board}\n"
                  "    - {name: lost, markup: above 47, approve: 1 of abroad}\n"
                  "    - {name: scarce, markup: above 46, approve: 2 of board}\n"
                  "    - {name: usual, approve: 1 of board}\n");
    const char *said = world_check(&w, 1, "“guests”: finance needs 2 approvals, but only 1 person");
    expect(&w, strstr(said, "“twice”: finance and board need 3 approvals, but only 2") != NULL,
           "one person is not two steps");
    expect(&w, strstr(said, "“lost”: Slack does not show a user group that it names") != NULL,
           "a user group that is gone");
    expect(&w, strstr(said, "“scarce”: every one of them is needed") != NULL, "none to spare");
    expect(&w, strstr(said, "“usual” can be met") != NULL, "and one that is well");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_decides_after_the_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_needs_nobody_is_published, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rules_that_nobody_can_meet_are_told, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
