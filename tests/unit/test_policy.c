/* Who may do what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "offers/kind.h"
#include "offers/policy.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ALL = (1U << LISTS) - 1 };

static const char *const teams[] = {"T-partner", "E-partner", NULL};
static struct policy policy;
static struct person person;

/* A member of the home team who stands on every list. */
static int fill(void **state)
{
    (void)state;
    policy = (struct policy){.home_team = "T-home",
                             .enterprise = "",
                             .teams = teams,
                             .requesters_configured = true,
                             .deciders = LIST_BIT(LIST_APPROVERS),
                             .open = LIST_BIT(LIST_APPROVERS),
                             .breakers = LIST_BIT(LIST_APPROVERS)};
    person =
        (struct person){.id = "U1", .name = "Ann", .team = "T-home", .known = true, .lists = ALL};
    return 0;
}

static const struct kind_words kind = {.noun = "tender", .nouns = "tenders"};

static void expect(const struct policy_rule *rule, const char *words)
{
    char *why = rule != NULL ? policy_words(rule, &kind) : NULL;
    if (why != NULL && strstr(why, "people.") != NULL)
        fail_msg("a key of the configuration is nobody's word: %s", why);
    if ((why == NULL) != (words == NULL) || (why != NULL && strstr(why, words) == NULL))
        fail_msg("“%s”, not “%s”", why != NULL ? why : "allowed",
                 words != NULL ? words : "allowed");
    free(why);
}

/* The same answer to everything: it hangs on who they are, not on what they want. */
static void expect_everywhere(const char *words)
{
    expect(policy_may(&policy, RIGHT_REQUEST, &person, true), words);
    expect(policy_may(&policy, RIGHT_DECIDE, &person, false), words);
    expect(policy_may(&policy, RIGHT_SEE, &person, false), words);
    expect(policy_may(&policy, RIGHT_RETRY, &person, false), words);
    expect(policy_may(&policy, RIGHT_EDIT, &person, false), words);
    expect(policy_may(&policy, RIGHT_WITHDRAW, &person, false), words);
    expect(policy_may(&policy, RIGHT_HOLD, &person, false), words);
    expect(policy_may(&policy, RIGHT_CONTINUE, &person, false), words);
    expect(policy_may(&policy, RIGHT_BREAK_GLASS, &person, false), words);
    if (words == NULL)
        return;
    expect(policy_may(&policy, RIGHT_SEE, &person, true), words); /* their own offer as well */
    expect(policy_may(&policy, RIGHT_RETRY, &person, true), words);
    expect(policy_may(&policy, RIGHT_HOLD, &person, true), words);
    expect(policy_may(&policy, RIGHT_CONTINUE, &person, true), words);
    expect(policy_may(&policy, RIGHT_BREAK_GLASS, &person, true), words);
}

/* --- who they are --- */

static void members_on_the_lists_may_do_all(void **state)
{
    (void)state;
    expect_everywhere(NULL);
}

static void who_is_not_known_may_nothing(void **state)
{
    (void)state;
    person.known = false;
    expect_everywhere("try again in a moment");
    strcpy(person.team, "T-partner");
    expect_everywhere("try again in a moment");
    person = (struct person){.id = "U1"};
    expect_everywhere("try again in a moment");
}

static void only_active_people_act(void **state)
{
    (void)state;
    static const char *const homes[] = {"T-home", "T-partner"};
    for (size_t i = 0; i < COUNT(homes); i++) {
        strcpy(person.team, homes[i]);
        person.deleted = true;
        expect_everywhere("Only active members");
        person.deleted = false;
        person.bot = true;
        expect_everywhere("Only active members");
        person.bot = false;
        expect_everywhere(NULL);
    }
}

static void strangers_and_guests_may_nothing(void **state)
{
    (void)state;
    person.guest = GUEST_IS;
    expect_everywhere("Guests cannot");
    person.guest = GUEST_NOT;
    person.stranger = true; /* Slack's word, whatever the team says */
    expect_everywhere("our own organisation");
    person.stranger = false;
    static const char *const others[] = {"T-other", "", "T-hom", "T-home2", "t-home", "T-PARTNER"};
    for (size_t i = 0; i < COUNT(others); i++) {
        strcpy(person.team, others[i]);
        expect_everywhere("our own organisation");
    }
}

static void configured_teams_act_without_their_guests(void **state)
{
    (void)state;
    for (size_t i = 0; teams[i] != NULL; i++) {
        fill(NULL);
        strcpy(person.team, teams[i]);
        expect_everywhere(NULL);
        person.stranger = true;
        expect_everywhere(NULL);
        person.guest = GUEST_IS;
        expect_everywhere("Guests cannot");
        person.guest = GUEST_NOT;
        person.lists = 0;
        expect(policy_may(&policy, RIGHT_REQUEST, &person, true), "people who may request");
        expect(policy_may(&policy, RIGHT_DECIDE, &person, false), "list of approvers");
        expect(policy_may(&policy, RIGHT_SEE, &person, false), "Only the requester");
        expect(policy_may(&policy, RIGHT_RETRY, &person, false), "Only the requester");
    }
    static const char *const none[] = {NULL};
    policy.teams = none;
    expect_everywhere("our own organisation");
}

static void whoever_is_named_for_it_breaks_the_glass_but_never_on_their_own(void **state)
{
    (void)state;
    expect(policy_may(&policy, RIGHT_BREAK_GLASS, &person, true), "You requested this tender");
    policy.breakers = LIST_BIT(LISTS);
    expect(policy_may(&policy, RIGHT_BREAK_GLASS, &person, false), "approve alone in an emergency");
    person.lists = LIST_BIT(LISTS);
    expect(policy_may(&policy, RIGHT_BREAK_GLASS, &person, false), NULL);
    policy.breakers = 0;
    expect(policy_may(&policy, RIGHT_BREAK_GLASS, &person, false), "approve alone in an emergency");
}

/* --- Enterprise Grid --- */

static void a_member_of_our_workspace_is_ours_wherever_their_home_is(void **state)
{
    (void)state;
    static const char *const rosters[] = {"T-home", "T-a T-home", "T-home T-b", "T-a T-home T-b"};
    static const char *const homes[] = {"", "T-sister"};
    policy.enterprise = "E-ours";
    for (size_t i = 0; i < COUNT(rosters) * COUNT(homes); i++) {
        fill(NULL);
        strcpy(person.enterprise, "E-ours");
        strcpy(person.team, homes[i % COUNT(homes)]);
        strcpy(person.teams, rosters[i / COUNT(homes)]);
        expect_everywhere(NULL);
        person.guest = GUEST_IS;
        expect_everywhere("Guests cannot");
    }
}

static void a_sister_workspace_is_not_ours_and_that_is_said(void **state)
{
    (void)state;
    policy.enterprise = "E-ours";
    strcpy(person.enterprise, "E-ours");
    strcpy(person.team, "T-sister");
    strcpy(person.teams, "T-sister T-homely xT-home T-hom");
    expect_everywhere("another workspace of our organisation");
    person.team[0] = person.teams[0] = person.enterprise[0] = '\0';
    expect_everywhere("does not say which workspace");
    strcpy(person.enterprise, "E-theirs");
    strcpy(person.teams, "T-theirs");
    expect_everywhere("our own organisation");
}

static void a_configured_sister_acts_without_its_guests(void **state)
{
    (void)state;
    strcpy(person.team, "T-x");
    strcpy(person.teams, "T-x T-partner");
    expect_everywhere(NULL);
    person.guest = GUEST_IS;
    expect_everywhere("Guests cannot");
}

/* Of our own members Slack always says it. Of other organisations it never does, and who lets one
 * in knows that. */
static void who_may_be_a_guest_of_a_sister_may_nothing(void **state)
{
    static const struct {
        const char *team, *enterprise, *teams;
        enum guest guest;
        const char *words;
    } cases[] = {
        {"T-partner", "E-ours", "T-partner", GUEST_UNKNOWN, "does not say whether you are a guest"},
        {"", "E-ours", "T-x T-partner", GUEST_UNKNOWN, "does not say whether you are a guest"},
        {"T-partner", "E-ours", "T-partner", GUEST_NOT, NULL},
        {"T-partner", "E-ours", "T-partner", GUEST_IS, "Guests cannot"},
        {"T-partner", "E-ours", "T-partner T-home", GUEST_UNKNOWN, NULL},
        {"T-home", "E-ours", "", GUEST_UNKNOWN, NULL},
        {"T-x", "E-partner", "T-x", GUEST_UNKNOWN, NULL},
        {"T-partner", "", "", GUEST_UNKNOWN, NULL},
    };
    (void)state;
    policy.enterprise = "E-ours";
    for (size_t i = 0; i < COUNT(cases); i++) {
        strcpy(person.team, cases[i].team);
        strcpy(person.enterprise, cases[i].enterprise);
        strcpy(person.teams, cases[i].teams);
        person.guest = cases[i].guest;
        expect_everywhere(cases[i].words);
    }
}

/* --- what they want --- */

static void requesting(void **state)
{
    (void)state;
    person.lists = ALL & ~LIST_BIT(LIST_REQUESTERS);
    expect(policy_may(&policy, RIGHT_REQUEST, &person, true), "people who may request");
    policy.requesters_configured = false;
    person.lists = 0;
    expect(policy_may(&policy, RIGHT_REQUEST, &person, true), NULL);
    person.guest = GUEST_IS;
    expect(policy_may(&policy, RIGHT_REQUEST, &person, true), "Guests cannot");
}

static void deciding(void **state)
{
    (void)state;
    expect(policy_may(&policy, RIGHT_DECIDE, &person, true), "somebody else must decide");
    expect(policy_may(&policy, RIGHT_DECIDE, &person, false), NULL);
    person.lists = ALL & ~LIST_BIT(LIST_APPROVERS); /* operators and requesters do not decide */
    expect(policy_may(&policy, RIGHT_DECIDE, &person, false), "list of approvers");
    assert_non_null(policy_may(&policy, RIGHT_DECIDE, &person, true));
    strcpy(person.team, "T-partner");
    person.lists = ALL;
    expect(policy_may(&policy, RIGHT_DECIDE, &person, true), "somebody else must decide");
}

static void seeing_and_trying_again(void **state)
{
    (void)state;
    static const struct {
        unsigned lists;
        bool own, allowed;
    } cases[] = {{0, true, true},
                 {LIST_BIT(LIST_APPROVERS), false, true},
                 {LIST_BIT(LIST_OPERATORS), false, true},
                 {LIST_BIT(LIST_REQUESTERS), false, false},
                 {0, false, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        person.lists = cases[i].lists;
        expect(policy_may(&policy, RIGHT_SEE, &person, cases[i].own),
               cases[i].allowed ? NULL : "can see this");
        expect(policy_may(&policy, RIGHT_RETRY, &person, cases[i].own),
               cases[i].allowed ? NULL : "can try again");
        assert_int_equal(policy_sees_cards(&policy, &person), cases[i].allowed && !cases[i].own);
    }
}

/* Whoever has a part in it may stop it. What another holds, an approver lets go, who has not asked
 * for it. */
static void holding_and_letting_go(void **state)
{
    (void)state;
    static const struct {
        unsigned lists;
        bool own;
        const char *hold, *let_go;
    } cases[] = {{0, true, NULL, "somebody else holds it"},
                 {ALL, true, NULL, "somebody else holds it"},
                 {LIST_BIT(LIST_APPROVERS), false, NULL, NULL},
                 {LIST_BIT(LIST_OPERATORS), false, NULL, "Only the person who holds it"},
                 {LIST_BIT(LIST_REQUESTERS), false, "can hold this", "or an approver"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        person.lists = cases[i].lists;
        expect(policy_may(&policy, RIGHT_HOLD, &person, cases[i].own), cases[i].hold);
        expect(policy_may(&policy, RIGHT_CONTINUE, &person, cases[i].own), cases[i].let_go);
    }
}

static void editing_and_withdrawing(void **state)
{
    (void)state;
    person.lists = ALL & ~LIST_BIT(LIST_OPERATORS); /* approvers and other requesters do not */
    expect(policy_may(&policy, RIGHT_EDIT, &person, false), "Only the person who requested");
    expect(policy_may(&policy, RIGHT_WITHDRAW, &person, false), "Only the person who requested");
    expect(policy_may(&policy, RIGHT_EDIT, &person, true), NULL);
    person.lists = LIST_BIT(LIST_APPROVERS);
    expect(policy_may(&policy, RIGHT_EDIT, &person, true), "people who may request");
    expect(policy_may(&policy, RIGHT_WITHDRAW, &person, true), NULL);
    person.lists |= LIST_BIT(LIST_OPERATORS);
    expect(policy_may(&policy, RIGHT_EDIT, &person, false), NULL);
    expect(policy_may(&policy, RIGHT_WITHDRAW, &person, false), NULL);
    person.guest = GUEST_IS;
    expect(policy_may(&policy, RIGHT_EDIT, &person, true), "Guests cannot");
    expect(policy_may(&policy, RIGHT_WITHDRAW, &person, true), "Guests cannot");
}

/* Who decides at another step than the one that is open sees the offer, and waits. */
static void each_step_has_its_own_deciders(void **state)
{
    enum { FINANCE = LISTS, DIRECTORS };
    (void)state;
    policy.deciders = LIST_BIT(FINANCE) | LIST_BIT(DIRECTORS);
    policy.open = LIST_BIT(FINANCE);
    person.lists = LIST_BIT(DIRECTORS);
    expect(policy_may(&policy, RIGHT_DECIDE, &person, false), "list of approvers");
    expect(policy_may(&policy, RIGHT_SEE, &person, false), NULL);
    expect(policy_may(&policy, RIGHT_RETRY, &person, false), NULL);
    assert_true(policy_sees_cards(&policy, &person));
    person.lists = LIST_BIT(FINANCE);
    expect(policy_may(&policy, RIGHT_DECIDE, &person, false), NULL);
    expect(policy_may(&policy, RIGHT_DECIDE, &person, true), "somebody else must decide");
    person.lists = LIST_BIT(LIST_APPROVERS); /* a list that no step has */
    expect(policy_may(&policy, RIGHT_DECIDE, &person, false), "list of approvers");
    expect(policy_may(&policy, RIGHT_SEE, &person, false), "can see this");
    assert_false(policy_sees_cards(&policy, &person));
}

/* What was requested is called what its kind calls it. */
static void rules_name_what_was_requested(void **state)
{
    (void)state;
    person.lists = LIST_BIT(LIST_APPROVERS);
    expect(policy_may(&policy, RIGHT_REQUEST, &person, true),
           "who may request tenders. Ask an operator");
    expect(policy_may(&policy, RIGHT_DECIDE, &person, true),
           "You requested this tender, so somebody else must decide on it. Ask another approver.");
    expect(policy_may(&policy, RIGHT_WITHDRAW, &person, false),
           "Only the person who requested this tender, or an operator of this bot, can do this.");
}

#define filled(test) cmocka_unit_test_setup(test, fill)

int main(void)
{
    const struct CMUnitTest tests[] = {
        filled(members_on_the_lists_may_do_all),
        filled(who_is_not_known_may_nothing),
        filled(only_active_people_act),
        filled(strangers_and_guests_may_nothing),
        filled(configured_teams_act_without_their_guests),
        filled(whoever_is_named_for_it_breaks_the_glass_but_never_on_their_own),
        filled(a_member_of_our_workspace_is_ours_wherever_their_home_is),
        filled(a_sister_workspace_is_not_ours_and_that_is_said),
        filled(a_configured_sister_acts_without_its_guests),
        filled(who_may_be_a_guest_of_a_sister_may_nothing),
        filled(requesting),
        filled(deciding),
        filled(seeing_and_trying_again),
        filled(holding_and_letting_go),
        filled(editing_and_withdrawing),
        filled(each_step_has_its_own_deciders),
        filled(rules_name_what_was_requested),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
