/* Of two who change the same offer one wins, whatever copy of it the other still holds. */
#include "flows_fixture.h"

static struct offer mine, yours;

static void hold_two_copies(struct turn *turn, const void *unused)
{
    (void)unused;
    assert_true(offers_get(turn, 1, &mine));
    yours = mine;
}

static void decide_twice(struct turn *turn, const void *unused)
{
    (void)unused;
    assert_true(offers_move(turn, &mine, OFFER_REJECT, "U0APPROVER", "too cheap"));
    assert_false(offers_move(turn, &yours, OFFER_APPROVE, "U0OTHER", ""));
}

static void edit_and_decide(struct turn *turn, const void *unused)
{
    struct content content = mine.content;
    (void)unused;
    assert_true(offers_revise(turn, &mine, &content, "another form"));
    assert_false(offers_move(turn, &yours, OFFER_APPROVE, "U0OTHER", ""));
    assert_false(offers_revise(turn, &yours, &content, "a third form"));
}

static int64_t moves_to(const char *state)
{
    return store_int(flows.store, "SELECT count(*) FROM move WHERE to_state = ?", ARGS(TEXT(state)),
                     -1);
}

static void a_decision_is_made_once(void **state)
{
    (void)state;
    flows_submit();
    engine_do(flows.engine, hold_two_copies, NULL);
    engine_do(flows.engine, decide_twice, NULL);
    assert_int_equal(moves_to("rejected"), 1);
    assert_int_equal(moves_to("approved"), 0);
    assert_int_equal(yours.state, OFFER_PENDING); /* it says what it said */
}

static void what_was_edited_meanwhile_is_not_approved(void **state)
{
    (void)state;
    flows_submit();
    engine_do(flows.engine, hold_two_copies, NULL);
    engine_do(flows.engine, edit_and_decide, NULL);
    assert_int_equal(moves_to("approved"), 0);
    assert_int_equal(mine.revision, yours.revision + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_decision_is_made_once),
        FLOWS_TEST(what_was_edited_meanwhile_is_not_approved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
