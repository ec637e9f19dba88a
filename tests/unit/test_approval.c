/* Is it approved? Rules of one step and of two, and which votes count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "offers/approval.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REVISION = 3, FINANCE = LISTS, DIRECTORS };

static const struct approval_facts facts = {.revision = REVISION, .requester = "U0"};
static struct approval_rules rules;
static struct vote votes[MAX_VOTES];
static size_t count;

static void need(int needed)
{
    rules = (struct approval_rules){
        .steps = {{.name = "approval", .lists = LIST_BIT(LIST_APPROVERS), .needed = needed}},
        .count = 1};
    count = 0;
}

/* Finance, then a director. */
static void need_two_steps(int finance, int directors)
{
    rules = (struct approval_rules){
        .steps = {{.name = "finance", .lists = LIST_BIT(FINANCE), .needed = finance},
                  {.name = "director", .lists = LIST_BIT(DIRECTORS), .needed = directors}},
        .count = 2};
    count = 0;
}

static struct vote *vote(const char *identity, const char *step)
{
    struct vote *one = &votes[count++];
    *one = (struct vote){.revision = REVISION};
    text_fit(one->person, sizeof(one->person), identity);
    text_fit(one->identity, sizeof(one->identity), identity);
    text_fit(one->step, sizeof(one->step), step);
    return one;
}

static struct approval judge(void)
{
    return approval_evaluate(&rules, &facts, votes, count);
}

static void expect_open(size_t place, int given, int missing)
{
    struct approval approval = judge();
    if (approval.complete || approval.place != place || approval.given != given ||
        approval.missing != missing)
        fail_msg("%s, step %zu, %d given, %d missing", approval.complete ? "complete" : "open",
                 approval.place, approval.given, approval.missing);
    assert_string_equal(approval.step.name, rules.steps[place].name);
    assert_int_equal(approval.step.lists, rules.steps[place].lists);
    assert_int_equal(approval.steps, rules.count);
}

static void expect_complete(void)
{
    struct approval approval = judge();
    assert_true(approval.complete);
    assert_int_equal(approval.missing, 0);
    assert_int_equal(approval.place, rules.count - 1);
}

/* --- one step --- */

static void approvals_are_counted_once(void **state)
{
    static const char *const voters[] = {"U1", "U1", "U1", "U2", "U1", "U3"};
    static const struct {
        int needed;
        size_t first, count;
        int given;
    } cases[] = {{1, 0, 0, 0}, {1, 0, 1, 1}, {2, 0, 1, 1}, {2, 0, 3, 1}, {2, 0, 4, 2}, {3, 0, 5, 2},
                 {3, 0, 6, 3}, {4, 0, 6, 3}, {2, 2, 2, 2}, {2, 3, 1, 1}, {3, 3, 3, 3}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        need(cases[i].needed);
        for (size_t j = 0; j < cases[i].count; j++)
            vote(voters[cases[i].first + j], "approval");
        if (cases[i].given >= cases[i].needed)
            expect_complete();
        else
            expect_open(0, cases[i].given, cases[i].needed - cases[i].given);
    }
}

static void a_person_is_one_with_two_ids(void **state)
{
    (void)state;
    need(2);
    vote("W1", "approval");
    text_fit(vote("W1", "approval")->person, PERSON_ID, "U1");
    expect_open(0, 1, 1);
    text_fit(vote("U0", "approval")->person, PERSON_ID, "W7"); /* the requester's other one */
    expect_open(0, 1, 1);
    vote("U2", "approval");
    expect_complete();
}

static void what_does_not_count(void **state)
{
    (void)state;
    need(1);
    vote("U1", "approval")->revision = REVISION - 1; /* of what it was before */
    vote("U2", "approval")->revision = REVISION + 1;
    text_fit(vote("U3", "approval")->lost, 100, "they have left");
    vote("U0", "approval"); /* the requester's own */
    vote("", "approval");
    vote("U4", "another"); /* a step that is gone */
    vote("U5", "");
    expect_open(0, 0, 1);
    vote("U4", "approval"); /* who approved what is gone may do so again */
    expect_complete();
}

static void what_is_never_complete(void **state)
{
    (void)state;
    need(0);
    vote("U1", "approval");
    assert_false(judge().complete);
    rules.steps[0].needed = -1;
    assert_false(judge().complete);
    rules.count = 0;
    assert_false(judge().complete);
    assert_int_equal(judge().step.lists, 0);
    need_two_steps(1, 0);
    vote("U1", "finance");
    assert_false(judge().complete);
}

/* --- two --- */

static void one_who_breaks_the_glass_completes_all(void **state)
{
    (void)state;
    need_two_steps(2, 1);
    vote("U0", APPROVAL_ALONE); /* the requester */
    vote("U1", APPROVAL_ALONE)->revision = REVISION - 1;
    text_fit(vote("U2", APPROVAL_ALONE)->lost, 100, "restored");
    expect_open(0, 0, 2);
    vote("U3", APPROVAL_ALONE);
    assert_true(judge().complete);
    assert_true(judge().alone);
    rules.unready = true;
    assert_false(judge().complete);
}

static void a_step_behind_an_open_one_is_not_open(void **state)
{
    (void)state;
    need_two_steps(1, 1);
    assert_int_equal(judge().open_count, 1);
    struct approval approval = judge();
    assert_int_equal(approval_open_lists(&approval), LIST_BIT(FINANCE));
    vote("UD1", "director"); /* early, by a slip of ours: it opens nothing */
    assert_int_equal(judge().open_count, 1);
    rules.steps[1].together = true;
    count = 0;
    assert_int_equal(judge().open_count, 2);
}

static void one_step_opens_after_the_other(void **state)
{
    (void)state;
    need_two_steps(2, 1);
    expect_open(0, 0, 2);
    vote("UF1", "finance");
    expect_open(0, 1, 1);
    vote("UD1", "director"); /* out of turn, however it came: it opens nothing */
    expect_open(0, 1, 1);
    count--;
    vote("UF2", "finance");
    expect_open(1, 0, 1);
    vote("UF3", "finance"); /* one more than needed is none for the next */
    expect_open(1, 0, 1);
    vote("UD1", "director");
    expect_complete();
}

static void a_step_opens_again_when_its_approval_is_lost(void **state)
{
    (void)state;
    need_two_steps(1, 1);
    struct vote *first = vote("UF1", "finance");
    vote("UD1", "director");
    expect_complete();
    text_fit(first->lost, sizeof(first->lost), "their account was deactivated");
    expect_open(0, 0, 1);
    vote("UF2", "finance"); /* what the director said of this revision still holds */
    expect_complete();
}

static void nobody_is_two_steps(void **state)
{
    (void)state;
    need_two_steps(1, 1);
    vote("U1", "finance");
    vote("U1", "director");
    expect_open(1, 0, 1);
    vote("U0", "director"); /* nor the requester one of them */
    expect_open(1, 0, 1);
    vote("U2", "director");
    expect_complete();
}

static void steps_are_found_by_name(void **state)
{
    (void)state;
    need_two_steps(1, 2);
    assert_int_equal(approval_step_named(&rules, "director")->needed, 2);
    assert_null(approval_step_named(&rules, "approval"));
    assert_int_equal(approval_lists(&rules), LIST_BIT(FINANCE) | LIST_BIT(DIRECTORS));
    need(1);
    assert_int_equal(approval_lists(&rules), LIST_BIT(LIST_APPROVERS));
}

/* --- words --- */

static void expect_words(const char *wanted, const char *place)
{
    char at[APPROVAL_PLACE];
    struct approval approval = judge();
    char *words = approval_words(&approval, "@boss");
    assert_string_equal(words, wanted);
    free(words);
    approval_place(&approval, at);
    assert_string_equal(at, place);
}

static void what_is_missing_is_said(void **state)
{
    (void)state;
    need(1);
    expect_words("Any one of @boss can approve", "");
    need(2);
    expect_words("2 approvals are needed, of @boss", "");
    vote("U1", "approval");
    expect_words("1 of 2 approvals; 1 more of @boss", "");
    need_two_steps(1, 2);
    expect_words("Step 1 of 2, finance: Any one of @boss can approve", " at step 1 of 2, finance");
    vote("UF1", "finance");
    expect_words("Step 2 of 2, director: 2 approvals are needed, of @boss",
                 " at step 2 of 2, director");
    vote("UD1", "director");
    expect_words("Step 2 of 2, director: 1 of 2 approvals; 1 more of @boss",
                 " at step 2 of 2, director");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(approvals_are_counted_once),
        cmocka_unit_test(a_person_is_one_with_two_ids),
        cmocka_unit_test(what_does_not_count),
        cmocka_unit_test(what_is_never_complete),
        cmocka_unit_test(one_who_breaks_the_glass_completes_all),
        cmocka_unit_test(a_step_behind_an_open_one_is_not_open),
        cmocka_unit_test(one_step_opens_after_the_other),
        cmocka_unit_test(a_step_opens_again_when_its_approval_is_lost),
        cmocka_unit_test(nobody_is_two_steps),
        cmocka_unit_test(steps_are_found_by_name),
        cmocka_unit_test(what_is_missing_is_said),
    };
    return cmocka_run_group_tests_name("approval", tests, NULL, NULL);
}
