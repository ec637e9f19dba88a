/* May it be released? Everything that must hold, each taken away alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "offers/release.h"

static struct vote votes[4];
static struct approval_rules rules;
static struct release_facts facts;
static struct timing timing;

static int fill(void **state)
{
    (void)state;
    memset(votes, 0, sizeof(votes));
    memcpy(votes[0].identity, "U1", sizeof("U1"));
    memcpy(votes[1].identity, "U2", sizeof("U2"));
    votes[0].revision = votes[1].revision = 3;
    for (int i = 0; i < 4; i++)
        memcpy(votes[i].step, "approval", sizeof("approval"));
    rules = (struct approval_rules){.steps = {{"approval", LIST_BIT(LIST_APPROVERS), 2, false}},
                                    .count = 1};
    timing = (struct timing){.opens = 0};
    facts = (struct release_facts){
        .state = STATE_APPROVED,
        .revision = 3,
        .requester = "U0",
        .votes = votes,
        .vote_count = 2,
        .rules = &rules,
        .draft_state = DRAFT_READY,
        .draft_revision = 3,
        .entity = "offer-1",
        .read_back_equal = true,
        .legal_ours = true,
        .buyers_covered = true,
        .terms_as_seen = true,
        .timing = &timing,
    };
    return 0;
}

static void expect(const char *words)
{
    const char *why = release_allowed(&facts);
    if ((why == NULL) != (words == NULL) || (why != NULL && strstr(why, words) == NULL))
        fail_msg("%s, expected %s", why != NULL ? why : "allowed", words != NULL ? words : "that");
    fill(NULL);
}

static void all_of_it_allows(void **state)
{
    (void)state;
    expect(NULL);
    facts.state = STATE_PUBLISHING; /* tried once more */
    expect(NULL);
    rules.steps[0].needed = 1;
    expect(NULL);
}

static void each_of_it_is_needed(void **state)
{
    (void)state;
    facts.draft_revision = 2;
    expect("another revision");
    facts.entity = "";
    expect("not ready");
    facts.read_back_equal = false;
    expect("not what was approved");
    facts.legal_ours = false;
    expect("EULA");
    facts.terms_as_seen = false;
    expect("terms");
    facts.buyers_covered = false;
    expect("does not cover");
    rules.steps[0].needed = 0;
    expect("approvals");
    rules.count = 0;
    expect("approvals");
}

static void only_states_on_the_way_allow(void **state)
{
    (void)state;
    for (int i = 0; i < STATES; i++) {
        facts.state = (enum request_state)i;
        expect(i == STATE_APPROVED || i == STATE_PUBLISHING ? NULL : "not approved");
    }
    for (int i = 0; i < DRAFT_STATES; i++) {
        facts.draft_state = (enum draft_state)i;
        expect(i == DRAFT_READY ? NULL : "not ready");
    }
}

/* However completely it is approved. */
static void what_waits_is_not_allowed(void **state)
{
    (void)state;
    memcpy(timing.held_by, "U0", sizeof("U0"));
    expect("on hold");
    timing.opens = 1;
    expect("its time has not come");
    timing.opens = 1;
    facts.state = STATE_PUBLISHING;
    expect("its time has not come");
}

static void votes_are_counted_by_distinct_others(void **state)
{
    (void)state;
    facts.vote_count = 1;
    expect("approvals");
    votes[1].revision = 2; /* of what it was before */
    expect("approvals");
    memcpy(votes[1].identity, "U1", sizeof("U1")); /* twice the same */
    expect("approvals");
    memcpy(votes[1].identity, "U0", sizeof("U0")); /* the requester's own */
    expect("approvals");
    votes[1].identity[0] = '\0';
    expect("approvals");
    memcpy(votes[1].lost, "left", sizeof("left")); /* has left since */
    expect("approvals");
    memcpy(votes[1].step, "another", sizeof("another")); /* for a step that is gone */
    expect("approvals");
    facts.vote_count = 0;
    expect("approvals");
    facts.vote_count = 3; /* an old vote of the same person beside a new one is no harm */
    memcpy(votes[2].identity, "U1", sizeof("U1"));
    votes[2].revision = 2;
    expect(NULL);
    facts.vote_count = 3;
    votes[0].revision = 2;
    memcpy(votes[2].identity, "U1", sizeof("U1"));
    votes[2].revision = 3;
    expect(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_of_it_allows, fill),
        cmocka_unit_test_setup(each_of_it_is_needed, fill),
        cmocka_unit_test_setup(only_states_on_the_way_allow, fill),
        cmocka_unit_test_setup(what_waits_is_not_allowed, fill),
        cmocka_unit_test_setup(votes_are_counted_by_distinct_others, fill),
    };
    return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
