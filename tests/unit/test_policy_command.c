/* `cppo-bot policy test`: which rule applies to what is in the book, and what would change. */
#include "flows_fixture.h"

#include "flows/ruling.h"
#include "run/policy_command.h"

static int set_up(void **state)
{
    (void)state;
    return flows_set_up_with(
        "people:\n  approvers:\n    users: [U0APPROVER]\n  operators:\n    users: [U0OPERATOR]\n"
        "approvals:\n  groups:\n"
        "    - {name: finance, users: [U0FRIDA, U0FELIX, U0SELLER]}\n"
        "    - {name: directors, users: [U0DORA]}\n"
        "    - {name: sales, groups: [S0SALES]}\n"
        "  rules:\n"
        "    - {name: high, markup: above tier, approve: 1 of approvers}\n"
        "    - {name: big, markup: on tier, approve: \"1 of finance, then 1 of directors\"}\n");
}

static char said[9000];

/* What it prints, by a configuration with the first of ${rules} alone changed. */
static int run(const char *which, bool all, const char *other_rule)
{
    struct config config = *flows.config;
    struct rule rules[2] = {config.rules[0], config.rules[1]};
    FILE *output = tmpfile();
    int stdout_was = dup(STDOUT_FILENO);
    config.store_path = flows.path;
    config.rules = rules;
    if (other_rule != NULL)
        assert_true(rule_read(&rules[0], other_rule));
    fflush(NULL);
    dup2(fileno(output), STDOUT_FILENO);
    int status = policy_command(&config, which, all);
    fflush(stdout);
    dup2(stdout_was, STDOUT_FILENO);
    close(stdout_was);
    rewind(output);
    said[fread(said, 1, sizeof(said) - 1, output)] = '\0';
    fclose(output);
    return status;
}

static void expect_said(const char *part)
{
    if (strstr(said, part) == NULL)
        fail_msg("“%s” is not said: %s", part, said);
}

static void know_all(struct turn *turn, const void *unused)
{
    static const struct {
        const char *id, *name;
    } people[] = {{"U0FRIDA", "Frida"}, {"U0FELIX", "Felix"}, {"U0DORA", "Dora"}};
    (void)unused;
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        struct person person = {.team = "T0HOME", .known = true};
        text_fit(person.id, sizeof(person.id), people[i].id);
        text_fit(person.name, sizeof(person.name), people[i].name);
        people_put(turn, &person);
    }
}

static void submit(void)
{
    flows_do(know_all, NULL);
    flows_submit();
    flows_settle_slack();
}

static void an_offer_is_told_its_rule_and_who_decides(void **state)
{
    (void)state;
    submit();
    assert_int_equal(run("cppo-1", false, NULL), 0);
    expect_said("CPPO-1, revision 1: Waiting for approval\n");
    expect_said("It was sent under      big, version ");
    expect_said("Why                    markup: 25 % (on tier, which is 25 %)\n");
    expect_said("Who may approve        finance, 1 needed: Frida, Felix\n");
    expect_said("  then                   directors, 1 needed: Dora\n");
    expect_said("Nothing would change   not yet: 1 more at finance\n");
}

static void another_configuration_tells_what_would_change(void **state)
{
    (void)state;
    submit();
    flows_decide(&approve_action, 1, "U0FRIDA");
    flows_settle_slack();
    run("1", false, "name=new\nmarkup=at least 20\napprove=1 of finance\n");
    expect_said("It was sent under      big, version ");
    expect_said("Now it would be        new, version ");
    expect_said("What would change      it would be approved\n");
    run(NULL, false, "name=new\nmarkup=at least 20\napprove=1 of finance and 1 of directors\n");
    expect_said(
        "CPPO-1     r1   pending            CHANGED  big → new: not yet: 1 more at directors");
    expect_said("1 tested, 1 would change\n");
    run(NULL, false, "name=free\nmarkup=at least 20\napprove=by itself, 1 a day\nbuyer=known\n");
    expect_said("same     big: not yet: 1 more at directors\n");
    expect_said("1 tested, 0 would change\n");
}

static void what_is_decided_is_judged_where_all_are_asked_for(void **state)
{
    (void)state;
    submit();
    flows_decide(&approve_action, 1, "U0FRIDA");
    flows_pass(1000);
    flows_decide(&approve_action, 1, "U0DORA");
    flows_settle_slack();
    run(NULL, false, NULL);
    assert_string_equal(said, "0 tested, 0 would change\n");
    run(NULL, true, NULL);
    expect_said("approved           same     big: approved, as it is\n");
    run(NULL, true, "name=new\nmarkup=at least 20\napprove=2 of directors or finance\n");
    expect_said("CHANGED  big → new: approved, as it is\n");
    run(NULL, true, "name=new\nmarkup=at least 20\napprove=1 of approvers\n");
    expect_said("CHANGED  big → new: it would not be approved: 1 more at approvers\n");
}

static void what_is_not_known_is_not_guessed(void **state)
{
    (void)state;
    submit();
    run("1", false, "name=ours\nrequester=sales\napprove=1 of finance\n");
    expect_said("Now it would be        not known yet: its prices, or the lists of its requester");
    assert_int_equal(run("2", false, NULL), 1);
    assert_int_equal(run("pending", false, NULL), 64);
}

/* --- what a rule approved by itself --- */

static int by_itself(void **state)
{
    (void)state;
    return flows_set_up_with(
        "people:\n  approvers:\n    users: [U0APPROVER]\n  operators:\n    users: [U0OPERATOR]\n"
        "approvals:\n  rules:\n"
        "    - {name: small, price: below 1 USD, approve: \"by itself, 1 a day\"}\n");
}

static void judge_again(struct turn *turn, const void *unused)
{
    struct request request;
    (void)unused;
    assert_true(requests_get(turn, 1, &request));
    struct ruling ruling = ruling_of(turn, &request, true);
    assert_string_equal(ruling.rule, request.rule);
    ruling_free(&ruling);
    ruling = ruling_of(turn, &request, false);
    assert_non_null(strstr(ruling.rule, "approvals.needed"));
    ruling_free(&ruling);
}

static void its_own_approval_does_not_use_up_the_days_number(void **state)
{
    (void)state;
    submit();
    assert_string_equal(flows_state(1), "approved");
    flows_do(judge_again, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_offer_is_told_its_rule_and_who_decides, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(another_configuration_tells_what_would_change, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(what_is_decided_is_judged_where_all_are_asked_for, set_up,
                                        flows_tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_not_guessed, set_up, flows_tear_down),
        cmocka_unit_test_setup_teardown(its_own_approval_does_not_use_up_the_days_number, by_itself,
                                        flows_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
