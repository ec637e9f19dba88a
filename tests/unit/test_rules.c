/* Rules of approval: how they are written, to which requests they apply, who then decides; and what
 * is refused before any of them judges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "offers/rules.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- one rule --- */

static struct rule read_rule(const char *text)
{
    struct rule rule;
    if (!rule_read(&rule, text))
        fail_msg("not read: %s", text);
    return rule;
}

static struct decimal number(const char *text)
{
    struct decimal value;
    assert_true(decimal_read_price(&value, text));
    return value;
}

/* 33.3 % where the tier has 25, 0.01 USD a unit of which 0.0025 are ours, three years, one buyer
 * who bought before, no list of the requester's. */
static struct rule_facts usual_facts(void)
{
    return (struct rule_facts){
        .numbers = {[RULE_MARKUP] = {FACT_KNOWN, number("33.3"), ""},
                    [RULE_PRICE] = {FACT_KNOWN, number("0.01"), "USD"},
                    [RULE_MARGIN] = {FACT_KNOWN, number("0.0025"), "USD"},
                    [RULE_TERM] = {FACT_KNOWN, number("1095"), ""},
                    [RULE_BUYERS] = {FACT_KNOWN, number("1"), ""}},
        .tier = {25, 0},
        .words = {[RULE_EULA] = "standard",
                  [RULE_BUYER] = "known",
                  [RULE_AUTHORIZATION] = "resaleauthz-1",
                  [RULE_KIND] = "offer"},
        .checks = FACT_KNOWN,
    };
}

static char *const nobody[] = {NULL};
static char *const two_users[] = {"U1", "U2", NULL};
static char *const one_user[] = {"U3", NULL};

/* As the configuration makes them: what it always has, then those of its own. */
static struct rule_lists some_lists(void)
{
    return (struct rule_lists){.at = {{"requesters", nobody, true},
                                      {"approvers", nobody, true},
                                      {"operators", nobody, true},
                                      {"finance", two_users, false},
                                      {"directors", one_user, false},
                                      {"interns", nobody, true}},
                               .count = 6};
}
enum { FINANCE = 3, DIRECTORS, INTERNS };

static int applies(const char *condition, const struct rule_facts *facts)
{
    char text[300];
    struct rule_lists lists = some_lists();
    snprintf(text, sizeof(text), "name=r\n%s\napprove=1 of approvers\n", condition);
    struct rule rule = read_rule(text);
    return rules_next(&rule, 1, 0, facts, &lists);
}

static void a_condition_is_met_or_not(void **state)
{
    static const struct {
        const char *condition;
        bool met;
    } cases[] = {
        {"markup=above tier", true},
        {"markup=below tier", false},
        {"markup=off tier", true},
        {"markup=on tier", false},
        {"markup=tier", false},
        {"markup=above 33.3 %", false},
        {"markup=at least 33.3%", true},
        {"markup=at most 33.3", true},
        {"markup=below 33.3", false},
        {"markup=above 30 and below 40", true},
        {"markup=above tier and at most 30", false},
        {"price=above 0.009 USD", true},
        {"price=above 0.01 USD", false},
        {"price=above 0.02 USD", false},
        {"margin=at least 0.0025 USD", true},
        {"term=above 3 years", false},
        {"term=at least 3 years", true},
        {"term=below 5 years", true},
        {"buyers=above 1", false},
        {"buyers=1", true},
        {"eula=standard", true},
        {"eula=not standard", false},
        {"eula=as authorized", false},
        {"eula=not as authorized", true},
        {"buyer=first-time", false},
        {"buyer=known", true},
        {"authorization=resaleauthz-1", true},
        {"authorization=not resaleauthz-1", false},
        {"requester=interns", false},
        {"requester=not interns", true},
        {"kind=offer", true},
        {"kind=extension", false},
    };
    (void)state;
    struct rule_facts facts = usual_facts();
    for (size_t i = 0; i < COUNT(cases); i++) {
        if ((applies(cases[i].condition, &facts) == 0) != cases[i].met)
            fail_msg("%s: %s", cases[i].condition, cases[i].met ? "not met" : "met");
    }
    facts.on = LIST_BIT(INTERNS);
    assert_int_equal(applies("requester=interns", &facts), 0);
    assert_int_equal(applies("requester=not interns", &facts), RULES_NONE);
}

static void all_conditions_of_a_rule_hold_together(void **state)
{
    (void)state;
    struct rule_facts facts = usual_facts();
    assert_int_equal(applies("markup=above tier\neula=standard", &facts), 0);
    assert_int_equal(applies("markup=above tier\neula=custom", &facts), RULES_NONE);
}

/* What is high asks more people than what is low; of a margin it is the other way. */
static void a_price_that_is_no_single_number_is_high_and_a_margin_low(void **state)
{
    (void)state;
    struct rule_facts facts = usual_facts();
    facts.numbers[RULE_PRICE].state = facts.numbers[RULE_MARGIN].state = FACT_SEVERAL;
    assert_int_equal(applies("price=above 5000 USD", &facts), 0);
    assert_int_equal(applies("price=below 5000 USD", &facts), RULES_NONE);
    assert_int_equal(applies("margin=below 1 USD", &facts), 0);
    assert_int_equal(applies("margin=above 1 USD", &facts), RULES_NONE);
    facts = usual_facts();
    assert_int_equal(applies("price=above 5000 EUR", &facts), 0);
    assert_int_equal(applies("price=below 5000 EUR", &facts), RULES_NONE);
}

static void what_is_not_known_yet_is_waited_for(void **state)
{
    (void)state;
    struct rule_facts facts = usual_facts();
    facts.numbers[RULE_PRICE].state = FACT_LATER;
    facts.perhaps = LIST_BIT(INTERNS);
    assert_int_equal(applies("price=above 1 USD", &facts), RULES_LATER);
    assert_int_equal(applies("requester=not interns", &facts), RULES_LATER);
    assert_int_equal(applies("price=above 1 USD\neula=custom", &facts), RULES_NONE);
    assert_int_equal(applies("eula=standard", &facts), 0);
}

static void the_first_that_applies_is_taken(void **state)
{
    (void)state;
    struct rule_lists lists = some_lists();
    struct rule_facts facts = usual_facts();
    struct rule rules[] = {read_rule("name=a\neula=custom\napprove=1 of finance\n"),
                           read_rule("name=b\nmarkup=off tier\napprove=2 of finance\n"),
                           read_rule("name=c\napprove=1 of approvers\n")};
    assert_int_equal(rules_next(rules, 3, 0, &facts, &lists), 1);
    assert_int_equal(rules_next(rules, 3, 2, &facts, &lists), 2);
    facts.numbers[RULE_MARKUP].value = facts.tier;
    assert_int_equal(rules_next(rules, 3, 0, &facts, &lists), 2);
    assert_int_equal(rules_next(rules, 2, 0, &facts, &lists), RULES_NONE);
}

static void nothing_is_approved_by_itself_that_is_not_well_or_not_known(void **state)
{
    (void)state;
    struct rule_lists lists = some_lists();
    struct rule_facts facts = usual_facts();
    struct rule rule =
        read_rule("name=small\nprice=at most 0.01 USD\napprove=by itself, 5 a day\n");
    assert_int_equal(rule.quota, 5);
    assert_int_equal(rules_next(&rule, 1, 0, &facts, &lists), 0);
    text_fit(facts.problem, sizeof(facts.problem), "The accept-by date has passed");
    assert_int_equal(rules_next(&rule, 1, 0, &facts, &lists), RULES_NONE);
    facts.problem[0] = '\0';
    facts.checks = FACT_LATER;
    assert_int_equal(rules_next(&rule, 1, 0, &facts, &lists), RULES_LATER);
    facts.checks = FACT_KNOWN;
    facts.numbers[RULE_PRICE].state = FACT_SEVERAL;
    assert_int_equal(rules_next(&rule, 1, 0, &facts, &lists), RULES_NONE);
    rule = read_rule("name=dear\nprice=above 1 USD\napprove=by itself, 5 a day\n");
    assert_int_equal(rules_next(&rule, 1, 0, &facts, &lists), RULES_NONE);
}

static void why_names_the_facts_that_meet_it(void **state)
{
    (void)state;
    struct rule_facts facts = usual_facts();
    struct rule rule = read_rule("name=b\nmarkup=above tier\nprice=above 0.001 USD\n"
                                 "eula=standard\napprove=1 of finance\n");
    char *why = rules_why(&rule, &facts);
    assert_string_equal(why, "markup: 33.3 % (above tier, which is 25 %)\n"
                             "price: 0.01 USD (above 0.001 USD)\n"
                             "eula: standard (standard)");
    free(why);
}

/* --- its steps --- */

static struct approval_rules steps_of(const char *approve)
{
    char text[400];
    struct approval_rules steps;
    struct rule_lists lists = some_lists();
    snprintf(text, sizeof(text), "name=r\napprove=%s\n", approve);
    struct rule rule = read_rule(text);
    assert_true(rules_steps(&rule, &lists, &steps));
    return steps;
}

static void steps_are_one_after_another_or_together(void **state)
{
    (void)state;
    struct approval_rules steps =
        steps_of("2 of finance, then 1 of directors and 1 of interns or approvers");
    assert_int_equal(steps.count, 3);
    assert_string_equal(steps.steps[0].name, "finance");
    assert_int_equal(steps.steps[0].needed, 2);
    assert_int_equal(steps.steps[0].lists, LIST_BIT(FINANCE));
    assert_false(steps.steps[1].together);
    assert_string_equal(steps.steps[2].name, "interns or approvers");
    assert_int_equal(steps.steps[2].lists, LIST_BIT(INTERNS) | LIST_BIT(LIST_APPROVERS));
    assert_true(steps.steps[2].together);
}

static void by_itself_nobody_can_click_for_it(void **state)
{
    (void)state;
    struct approval_rules steps = steps_of("by itself, 3 a day");
    assert_int_equal(steps.count, 1);
    assert_int_equal(steps.steps[0].lists, 0);
    assert_int_equal(steps.steps[0].needed, 1);
}

static void a_rule_is_kept_as_it_was_written(void **state)
{
    (void)state;
    const char *text = "name=big deals\nmarkup=off tier\nrequester=not interns\n"
                       "approve=2 of finance, then 1 of directors\none_click=all steps\n";
    struct rule rule = read_rule(text);
    char one[RULE_VERSION];
    char two[RULE_VERSION];
    char *again = rule_write(&rule);
    assert_string_equal(again, text);
    assert_true(rule.all_steps);
    rule_version(text, one);
    rule_version("name=big deals\napprove=2 of finance\n", two);
    assert_int_equal(strlen(one), RULE_VERSION - 1);
    assert_string_not_equal(one, two);
    free(again);
}

static void what_this_version_cannot_read_is_no_rule(void **state)
{
    static const char *const texts[] = {
        "",
        "?",
        "name=a\n",
        "approve=1 of finance\n",
        "name=a\nmoon=full\napprove=1 of finance\n",
        "name=a\nmarkup=huge\napprove=1 of finance\n",
        "name=a\napprove=0 of finance\n",
        "name=a\napprove\n",
        "name=a name that is much too long for it\napprove=1 of finance\n",
    };
    (void)state;
    struct rule rule;
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (rule_read(&rule, texts[i]))
            fail_msg("read: %s", texts[i]);
    }
}

static void a_rule_has_a_name_among_voters(void **state)
{
    (void)state;
    char voter[RULE_VOTER];
    rule_voter("small", voter);
    assert_string_equal(rule_of_voter(voter), "small");
    assert_null(rule_of_voter("U0123456789"));
}

/* --- in the configuration --- */

#define LEAST                                                                                      \
    "slack:\n"                                                                                     \
    "  channels: {approvals: C0123456789, announcements: C0123456780}\n"                           \
    "aws: {account: \"111122223333\"}\n"                                                           \
    "people: {approvers: {users: [U0123456789]}}\n"                                                \
    "approvals:\n"                                                                                 \
    "  groups:\n"                                                                                  \
    "    - {name: finance, users: [U1, U2]}\n"
#define LEAST_OF_RULES LEAST "    - {name: directors, users: [U3], groups: [S1]}\n  rules:\n"
enum { FIRST_RULE = 10, SECOND_LIST = 8 }; /* their lines */

/* NULL: it was refused, for ${why}. */
static struct config *load_whole(const char *start, const char *rest, char **why)
{
    char path[] = "/tmp/cppo-rules-XXXXXX";
    char *file = text_format("%s%s", start, rest);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, file, strlen(file)), strlen(file));
    close(fd);
    *why = NULL;
    struct config *config = config_load(path, why);
    unlink(path);
    free(file);
    return config;
}

static struct config *load(const char *rules, char **why)
{
    return load_whole(LEAST_OF_RULES, rules, why);
}

/* Refused for that, at that line. */
static void expect_refused(const struct config *config, char *why, int line, const char *words)
{
    char at[20];
    snprintf(at, sizeof(at), ":%d: ", line);
    if (config != NULL)
        fail_msg("taken, though: %s", words);
    if (strstr(why, words) == NULL || strstr(why, at) == NULL)
        fail_msg("in place of %s %s it is refused with:\n%s", at, words, why);
    free(why);
}

static void rules_are_read_in_their_order(void **state)
{
    (void)state;
    char *why;
    struct config *config =
        load("    - {name: small, price: below 1 USD, approve: \"by itself, 5 a day\"}\n"
             "    - name: big\n"
             "      markup: off tier\n"
             "      approve: 2 of finance, then 1 of directors\n"
             "      one_click: all steps\n"
             "    - {name: others, approve: 1 of approvers}\n",
             &why);
    if (config == NULL)
        fail_msg("%s", why);
    assert_int_equal(config->rule_count, 3);
    assert_string_equal(config->rules[0].name, "small");
    assert_true(config->rules[1].all_steps);
    assert_string_equal(config->rules[2].parts[RULE_APPROVE], "1 of approvers");
    assert_int_equal(config->rule_lists,
                     LIST_BIT(LISTS) | LIST_BIT(LISTS + 1) | LIST_BIT(LIST_APPROVERS));
    config_free(config);
}

static void what_cannot_be_meant_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *rules;
        int line;
        const char *why;
    } cases[] = {
        {"    - {name: a, markup: huge, approve: 1 of finance}\n", 0,
         "approvals.rules[].markup: “huge” is not understood; write above tier"},
        {"    - {name: a, markup: above 20 and below 10, approve: 1 of finance}\n", 0,
         "nothing is “above 20 and below 10”"},
        {"    - {name: a, markup: above tier and below tier, approve: 1 of finance}\n", 0,
         "nothing is “above tier and below tier”"},
        {"    - {name: a, price: above 20, approve: 1 of finance}\n", 0,
         "“above 20” is not understood; write above 0.02 USD"},
        {"    - {name: a, markup: above 100, approve: 1 of finance}\n", 0,
         "no markup is so high: offer.markup_cap is below it"},
        {"    - {name: a, buyers: above 24, approve: 1 of finance}\n", 0,
         "no offer has buyers “above 24”: it has 1 to 24"},
        {"    - {name: a, buyers: below 1, approve: 1 of finance}\n", 0, "no offer has buyers"},
        {"    - {name: a, term: above 3, approve: 1 of finance}\n", 0, "write above 3 years"},
        {"    - {name: a, buyer: new, approve: 1 of finance}\n", 0, "write first-time or known"},
        {"    - {name: a, approve: 1 of finanec}\n", 0,
         "approvals.rules “a”: there is no list “finanec”, did you mean “finance”?; name it in "
         "approvals.groups"},
        {"    - {name: a, requester: moon, approve: 1 of finance}\n", 0, "there is no list “moon”"},
        {"    - {name: a, approve: 3 of finance}\n", 0,
         "finance wants 3 approvals of 2 people: nobody can satisfy it"},
        {"    - {name: a, approve: \"2 of finance, then 2 of finance or approvers\"}\n", 0,
         "it wants 4 approvals of 3 people"},
        {"    - {name: a, approve: \"1 of finance, then 1 of finance\"}\n", 0,
         "“finance” is in two steps"},
        {"    - {name: a, approve: by itself}\n", 0, "or by itself, 5 a day"},
        {"    - {name: a, approve: anybody}\n", 0, "“anybody” is not understood; write 1 of"},
        {"    - {name: a, approve: 1 of finance, one_click: every step}\n", 0,
         "write one step or all steps"},
        {"    - {name: a}\n", 0, "approvals.rules[].approve is missing"},
        {"    - {name: a, approve: 1 of finance}\n    - {name: b, approve: 2 of finance}\n", 1,
         "approvals.rules “b”: no request reaches it: “a” above takes all that it is for"},
        {"    - {name: a, eula: custom, approve: 1 of finance}\n"
         "    - {name: b, eula: custom, buyers: 1, approve: 2 of finance}\n",
         1, "no request reaches it"},
        {"    - {name: a, approve: 1 of finance}\n    - {name: a, approve: 1 of finance}\n", 1,
         "“a” is listed twice"},
        {"    - {name: a rule with a name that is long, approve: 1 of finance}\n", 0,
         "is no name; use at most 24 characters"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *why;
        struct config *config = load(cases[i].rules, &why);
        expect_refused(config, why, FIRST_RULE + cases[i].line, cases[i].why);
    }
}

/* Its day's number may be used up, or a check not be well: then the next applies. */
static void behind_one_that_approves_by_itself_there_may_be_more(void **state)
{
    (void)state;
    char *why;
    struct config *config = load("    - {name: a, approve: \"by itself, 5 a day\"}\n"
                                 "    - {name: b, approve: 1 of finance}\n",
                                 &why);
    if (config == NULL)
        fail_msg("%s", why);
    config_free(config);
}

static void lists_have_names_of_their_own_and_people(void **state)
{
    static const struct {
        const char *group, *why;
    } cases[] = {
        {"    - {name: approvers, users: [U1]}\n", "“approvers” is people.approvers already"},
        {"    - {name: the boss, users: [U1]}\n", "“the boss” cannot stand in a rule"},
        {"    - {name: boss}\n", "nobody is in “boss”; name users or groups"},
        {"    - {name: finance, users: [U1]}\n", "“finance” is listed twice"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *why;
        struct config *config = load_whole(LEAST, cases[i].group, &why);
        expect_refused(config, why, SECOND_LIST, cases[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_condition_is_met_or_not),
        cmocka_unit_test(all_conditions_of_a_rule_hold_together),
        cmocka_unit_test(a_price_that_is_no_single_number_is_high_and_a_margin_low),
        cmocka_unit_test(what_is_not_known_yet_is_waited_for),
        cmocka_unit_test(the_first_that_applies_is_taken),
        cmocka_unit_test(nothing_is_approved_by_itself_that_is_not_well_or_not_known),
        cmocka_unit_test(why_names_the_facts_that_meet_it),
        cmocka_unit_test(steps_are_one_after_another_or_together),
        cmocka_unit_test(by_itself_nobody_can_click_for_it),
        cmocka_unit_test(a_rule_is_kept_as_it_was_written),
        cmocka_unit_test(what_this_version_cannot_read_is_no_rule),
        cmocka_unit_test(a_rule_has_a_name_among_voters),
        cmocka_unit_test(rules_are_read_in_their_order),
        cmocka_unit_test(what_cannot_be_meant_is_refused_with_its_line),
        cmocka_unit_test(behind_one_that_approves_by_itself_there_may_be_more),
        cmocka_unit_test(lists_have_names_of_their_own_and_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
