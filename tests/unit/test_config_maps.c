/* Lists of maps in the configuration: by a table of the test's own, with every kind in a map, a
 * list in a list, sections, defaults and bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../bot/config_members.h"
#include "../../bot/config_read.h"
#include "config.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- rules with steps --- */

struct step {
    char *name;
    char **users;
    int needed;
};

struct written_rule {
    char *name;
    char *note;
    char *channel;
    char *account;
    char *price;
    int64_t wait;
    struct decimal above;
    enum config_draft draft;
    enum log_level level;
    char **groups;
    struct step *steps;
    size_t step_count;
};

struct table {
    char *title;
    struct written_rule *rules;
    size_t rule_count;
};

#define STEP(member) offsetof(struct step, member)
#define RULE(member) offsetof(struct written_rule, member)
#define TABLE(member) offsetof(struct table, member)

static const struct config_row step_rows[] = {
    {"name", KIND_NAME, STEP(name), NULL, 0, 0, "the step", NULL},
    {"users", KIND_USERS, STEP(users), "", 0, 0, "who decides", NULL},
    {"needed", KIND_NUMBER, STEP(needed), "1", 1, 9, "how many", NULL},
    {NULL, KIND_TEXT, 0, NULL, 0, 0, NULL, NULL},
};
static const struct config_list steps = {step_rows, sizeof(struct step), RULE(step_count), 0, NULL};

static const struct config_row rule_rows[] = {
    {"name", KIND_NAME, RULE(name), NULL, 0, 0, "the rule", NULL},
    {"note", KIND_TEXT, RULE(note), "none", 0, 0, "a note", NULL},
    {"where.channel", KIND_CHANNEL, RULE(channel), "", 0, 0, "where it is told", NULL},
    {"where.account", KIND_ACCOUNT, RULE(account), "000000000000", 0, 0, "whose", NULL},
    {"price", KIND_PRICE, RULE(price), "", 0, 0, "a price", NULL},
    {"wait", KIND_DURATION, RULE(wait), "5s", 50, 60000, "how long", NULL},
    {"above", KIND_PERCENT, RULE(above), "0", 0, 0, "from which markup on", NULL},
    {"draft", KIND_DRAFT, RULE(draft), "on-submit", 0, 0, "when", NULL},
    {"level", KIND_LEVEL, RULE(level), "info", 0, 0, "how loud", NULL},
    {"groups", KIND_GROUPS, RULE(groups), "", 0, 0, "which groups", NULL},
    {"steps", KIND_LIST_OF_MAPS, RULE(steps), "{name: one, users: [U1]}\n{name: two}", 0, 3,
     "its steps", &steps},
    {NULL, KIND_TEXT, 0, NULL, 0, 0, NULL, NULL},
};
static const struct config_list rules = {rule_rows, sizeof(struct written_rule), TABLE(rule_count),
                                         0, NULL};

static const struct config_row table_rows[] = {
    {"title", KIND_TEXT, TABLE(title), "untitled", 0, 0, "a title", NULL},
    {"approvals.rules", KIND_LIST_OF_MAPS, TABLE(rules), "", 0, 2, "the rules", &rules},
    {NULL, KIND_TEXT, 0, NULL, 0, 0, NULL, NULL},
};

static struct table table;

/* What is wrong with the text, on the heap, "" when nothing is. */
static char *read_text(const char *yaml)
{
    struct text problems = {0};
    char *copy = strdup(yaml);
    FILE *file = fmemopen(copy, strlen(copy), "r");
    assert_non_null(file);
    table = (struct table){.title = NULL};
    (void)config_read(file, "rules.yaml", table_rows, &table, &problems);
    fclose(file);
    free(copy);
    return text_take(&problems);
}

static void read_good(const char *yaml)
{
    char *why = read_text(yaml);
    if (*why != '\0')
        fail_msg("refused: %s", why);
    free(why);
}

static int clear(void **state)
{
    (void)state;
    config_clear(table_rows, &table);
    table = (struct table){.title = NULL};
    return 0;
}

static void assert_percent(struct decimal value, const char *wanted)
{
    char text[DECIMAL_TEXT];
    decimal_write(value, text);
    assert_string_equal(text, wanted);
}

/* --- what is taken --- */

static void what_a_map_does_not_say_gets_its_default(void **state)
{
    (void)state;
    read_good("approvals: {rules: [{name: all}]}\n");
    assert_string_equal(table.title, "untitled");
    assert_int_equal(table.rule_count, 1);
    const struct written_rule *rule = table.rules;
    assert_string_equal(rule->name, "all");
    assert_string_equal(rule->note, "none");
    assert_string_equal(rule->channel, "");
    assert_string_equal(rule->account, "000000000000");
    assert_string_equal(rule->price, "");
    assert_int_equal(rule->wait, 5000);
    assert_percent(rule->above, "0");
    assert_int_equal(rule->draft, DRAFT_ON_SUBMIT);
    assert_int_equal(rule->level, LOG_LEVEL_INFO);
    assert_null(rule->groups[0]);
    assert_int_equal(rule->step_count, 2); /* the default of the list within */
    assert_string_equal(rule->steps[0].name, "one");
    assert_string_equal(rule->steps[0].users[0], "U1");
    assert_null(rule->steps[0].users[1]);
    assert_string_equal(rule->steps[1].name, "two");
    assert_null(rule->steps[1].users[0]);
    assert_int_equal(rule->steps[1].needed, 1);
}

static void every_kind_can_stand_in_a_map(void **state)
{
    (void)state;
    read_good("title: t\n"
              "approvals:\n"
              "  rules:\n"
              "    - {name: small}\n"
              "    - name: large\n"
              "      note: \"n\"\n"
              "      where: {channel: C1, account: \"111122223333\"}\n"
              "      price: 0.5\n"
              "      wait: 1s\n"
              "      above: 33.3\n"
              "      draft: on-approval\n"
              "      level: debug\n"
              "      groups: [S1, S2]\n"
              "      steps:\n"
              "        - {name: finance, users: [U1, W2], needed: 2}\n"
              "        - {name: director, users: [U3]}\n");
    assert_int_equal(table.rule_count, 2);
    const struct written_rule *rule = &table.rules[1];
    assert_string_equal(rule->name, "large");
    assert_string_equal(rule->note, "n");
    assert_string_equal(rule->channel, "C1");
    assert_string_equal(rule->account, "111122223333");
    assert_string_equal(rule->price, "0.5");
    assert_int_equal(rule->wait, 1000);
    assert_percent(rule->above, "33.3");
    assert_int_equal(rule->draft, DRAFT_ON_APPROVAL);
    assert_int_equal(rule->level, LOG_LEVEL_DEBUG);
    assert_string_equal(rule->groups[1], "S2");
    assert_int_equal(rule->step_count, 2);
    assert_string_equal(rule->steps[0].users[1], "W2");
    assert_int_equal(rule->steps[0].needed, 2);
    assert_string_equal(rule->steps[1].name, "director");
    assert_int_equal(table.rules[0].step_count, 2);
    assert_string_equal(table.rules[0].steps[0].name, "one");
}

/* A default that is empty is a list of none. */
static void a_list_may_be_empty(void **state)
{
    (void)state;
    static const char *const texts[] = {"title: t\n", "approvals: {rules: []}\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        read_good(texts[i]);
        assert_int_equal(table.rule_count, 0);
        clear(NULL);
    }
    read_good("approvals: {rules: [{name: all, steps: []}]}\n"); /* as if it were not there */
    assert_int_equal(table.rules[0].step_count, 2);
}

/* --- what is refused --- */

static void what_is_wrong_in_a_map_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } rows[] = {
        {"approvals:\n rules:\n - note: x", "rules.yaml:3: approvals.rules[].name is missing: the"},
        {"approvals:\n rules:\n - name:", ":3: approvals.rules[].name is empty"},
        {"approvals:\n rules:\n - name: a\n   wait: 1d",
         ":4: approvals.rules[].wait: “1d” is not a duration"},
        {"approvals:\n rules:\n - name: a\n   waits: 1s",
         ":4: there is no key “waits” in approvals.rules; did you mean “wait”?"},
        {"approvals:\n rules:\n - name: a\n   colour: red",
         ":4: there is no key “colour” in approvals.rules\n"},
        {"approvals:\n rules:\n - name: a\n   where: {chanel: C1}",
         ":4: there is no key “where.chanel” in approvals.rules; did you mean “where.channel”?"},
        {"approvals:\n rules:\n - name: a\n   wher: {channel: C1}",
         ":4: there is no section “wher” in approvals.rules; did you mean “where”?"},
        {"approvals:\n rules:\n - name: a\n   where.channel: C1",
         ":4: write “where.channel” as a section and a key in it"},
        {"approvals:\n rules:\n - name: a\n   where: {channel: C1, channel: C2}",
         ":4: approvals.rules[].where.channel is listed twice"},
        {"approvals:\n rules:\n - name: a\n   groups: [U1]",
         ":4: approvals.rules[].groups: “U1” is not a user group id"},
        {"approvals:\n rules:\n - name: a\n   groups: S1",
         ":4: approvals.rules[].groups must be a list, like [A, B]"},
        {"approvals:\n rules:\n - name: a\n   groups: {S1: x}",
         ":4: approvals.rules[].groups must be a list, like [A, B]"},
        {"approvals:\n rules:\n - name: a\n   note: [x]",
         ":4: approvals.rules[].note must be a single value"},
        {"approvals:\n rules:\n - name: a\n - name: b\n   level: x\n",
         ":5: approvals.rules[].level: write error, warn, info or debug"},
        {"approvals:\n rules:\n - name: a\n\n - name: a",
         ":5: approvals.rules: “a” is listed twice"},
        {"approvals:\n rules:\n - {name: a}\n - {name: b}\n - {name: c}",
         ":3: approvals.rules: 3 entries; the maximum is 2"},
        {"approvals:\n rules:\n - a",
         ":3: approvals.rules: write {name: …, note: …, where.channel: …"},
        {"approvals:\n rules: a", ":2: approvals.rules must be a list of maps"},
        {"approvals:\n rules: {name: a}", ":2: approvals.rules must be a list of maps"},
        {"approvals:\n rules:\n - name: a\n   steps:\n   - name: x\n     need: 2",
         ":6: there is no key “need” in approvals.rules[].steps; did you mean “needed”?"},
        {"approvals:\n rules:\n - name: a\n   steps:\n   - name: x\n     needed: 0",
         ":6: approvals.rules[].steps[].needed: “0” is not a number from 1 to 9"},
        {"approvals:\n rules:\n - name: a\n   steps:\n   - {name: x}\n   - {name: x}",
         ":6: approvals.rules[].steps: “x” is listed twice"},
        {"approvals:\n rules:\n - name: a\n   steps:\n   - [x]",
         ":5: approvals.rules[].steps: write {name: one, users: [U1]}"},
        {"approvals:\n rules:\n - name: a\n   steps: [{name: 1}, {name: 2}, {name: 3}, {name: 4}]",
         ":4: approvals.rules[].steps: 4 entries; the maximum is 3"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *why = read_text(rows[i].text);
        char *line = text_format("%s\n", why); /* so that the end of a line can be asked for */
        if (strstr(line, rows[i].words) == NULL)
            fail_msg("%s\n“%s” is not in: %s", rows[i].text, rows[i].words, why);
        free(line);
        free(why);
        clear(NULL);
    }
}

static void every_map_tells_its_own(void **state)
{
    (void)state;
    char *why = read_text("approvals:\n rules:\n - wait: x\n - price: y\n");
    static const char *const wanted[] = {
        "rules.yaml:3: approvals.rules[].wait: “x”", "rules.yaml:3: approvals.rules[].name is",
        "rules.yaml:4: approvals.rules[].price: “y”", "rules.yaml:4: approvals.rules[].name is"};
    for (size_t i = 0; i < COUNT(wanted); i++)
        assert_non_null(strstr(why, wanted[i]));
    assert_null(strstr(why, "twice")); /* two without a name do not share one */
    free(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_a_map_does_not_say_gets_its_default, clear),
        cmocka_unit_test_teardown(every_kind_can_stand_in_a_map, clear),
        cmocka_unit_test_teardown(a_list_may_be_empty, clear),
        cmocka_unit_test(what_is_wrong_in_a_map_is_named_with_its_line),
        cmocka_unit_test_teardown(every_map_tells_its_own, clear),
    };
    return cmocka_run_group_tests_name("config maps", tests, NULL, NULL);
}
