/* Of two who change the same offer one wins, whatever copy of it the other still holds. */
#include "book/requests_list.h"
#include "flows_fixture.h"
#include "offers/offer.h"

static struct request mine, yours;

static void hold_two_copies(struct turn *turn, const void *unused)
{
    (void)unused;
    assert_true(offers_get(turn, 1, &mine));
    yours = mine;
}

static void decide_twice(struct turn *turn, const void *unused)
{
    (void)unused;
    assert_true(requests_move(turn, &mine, EVENT_REJECT, actor_person("U0APPROVER"), "too cheap"));
    assert_false(requests_move(turn, &yours, EVENT_APPROVE, actor_person("U0OTHER"), ""));
}

static void edit_and_decide(struct turn *turn, const void *unused)
{
    struct content content = *offer_content(&mine);
    (void)unused;
    assert_true(flows_revise(turn, &mine, &content, "another form"));
    assert_false(requests_move(turn, &yours, EVENT_APPROVE, actor_person("U0OTHER"), ""));
    assert_false(flows_revise(turn, &yours, &content, "a third form"));
}

static int64_t moves_to(const char *state)
{
    return store_int(flows.store, "SELECT count(*) FROM move WHERE to_state = ?",
                     SQL_ARGS(SQL_TEXT(state)), -1);
}

static void a_decision_is_made_once(void **state)
{
    (void)state;
    flows_submit();
    engine_do(flows.engine, hold_two_copies, NULL);
    engine_do(flows.engine, decide_twice, NULL);
    assert_int_equal(moves_to("rejected"), 1);
    assert_int_equal(moves_to("approved"), 0);
    assert_int_equal(yours.state, STATE_PENDING); /* it says what it said */
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

/* --- counts and lists --- */

static void expect_counts(struct turn *turn, const void *unused)
{
    (void)unused;
    assert_int_equal(requests_count(turn, NULL, ~0U), 5);
    assert_int_equal(requests_count(turn, "U0SELLER", ~0U), 5);
    assert_int_equal(requests_count(turn, "U0OTHER", ~0U), 0);
    assert_int_equal(requests_count(turn, NULL, 1U << STATE_PENDING), 3);
    assert_int_equal(requests_count(turn, "U0SELLER", 1U << STATE_REJECTED), 2);
    assert_int_equal(requests_count(turn, NULL, 1U << STATE_PENDING | 1U << STATE_REJECTED), 5);
}

static void expect_list(struct turn *turn, const char *requester, unsigned states, size_t capacity,
                        const char *numbers)
{
    struct request offers[5];
    struct text got = {0};
    int64_t total;
    size_t count = requests_list(turn, requester, states, offers, capacity, &total);
    for (size_t i = 0; i < count; i++)
        text_addf(&got, "%s%lld", i > 0 ? " " : "", (long long)offers[i].number);
    assert_string_equal(text_get(&got), numbers);
    text_free(&got);
}

static void expect_lists(struct turn *turn, const void *unused)
{
    unsigned both = 1U << STATE_PENDING | 1U << STATE_REJECTED;
    (void)unused;
    expect_list(turn, NULL, ~0U, 5, "5 4 3 2 1");
    expect_list(turn, "U0SELLER", ~0U, 3, "5 4 3");
    expect_list(turn, NULL, 1U << STATE_PENDING, 5, "5 3 1");
    expect_list(turn, "U0SELLER", 1U << STATE_REJECTED, 5, "4 2");
    expect_list(turn, NULL, both, 5, "5 4 3 2 1");
    expect_list(turn, NULL, both, 3, "5 4 3");
    expect_list(turn, NULL, both, 1, "5");
    expect_list(turn, "U0OTHER", ~0U, 5, "");
    expect_list(turn, NULL, 1U << STATE_FAILED, 5, "");
}

static void expect_walk(struct turn *turn, unsigned states, const char *numbers)
{
    struct request request = {.number = 0};
    struct text got = {0};
    while (requests_next(turn, states, request.number, &request))
        text_addf(&got, "%s%lld", got.size > 0 ? " " : "", (long long)request.number);
    assert_string_equal(text_get(&got), numbers);
    text_free(&got);
}

/* One whose revision is lost holds up none behind it. */
static void walk(struct turn *turn, const void *unused)
{
    (void)unused;
    expect_walk(turn, STATES_OPEN, "1 3 5");
    expect_walk(turn, STATES_OPEN | 1U << STATE_REJECTED, "1 2 3 4 5");
    expect_walk(turn, 1U << STATE_REJECTED, "2 4");
    expect_walk(turn, STATES_OUT, "");
    expect_walk(turn, 0, "");
    store_run(turn_writes(turn), "DELETE FROM revision WHERE request = 3", SQL_NO_ARGS);
    expect_walk(turn, STATES_OPEN, "1 5");
}

static void what_there_is_is_counted_and_listed(void **state)
{
    (void)state;
    for (int64_t i = 1; i <= 5; i++) {
        flows_submit();
        if (i % 2 == 0)
            flows_decide(&reject_action, i, "U0APPROVER");
        flows_answer_rest();
    }
    engine_do(flows.engine, expect_counts, NULL);
    engine_do(flows.engine, expect_lists, NULL);
    engine_do(flows.engine, walk, NULL);
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM tally WHERE requester <> '' AND count <>"
                               " (SELECT count(*) FROM request WHERE request.requester ="
                               " tally.requester AND request.state = tally.state)",
                               SQL_NO_ARGS, -1),
                     0);
}

/* The seller's workspace has come to a Grid: they act by another id, and one more offer stands
 * under that. */
static void come_to_a_grid(struct turn *turn, const void *unused)
{
    const struct person seller = {
        .id = "W0SELLER", .identity = "U0SELLER", .team = "T0HOME", .known = true};
    struct content content = flows_content();
    (void)unused;
    text_fit(content.authorization, sizeof(content.authorization), "resaleauthz-2");
    assert_int_equal(flows_draft(turn, "W0SELLER", &content, "their other form"), 3);
    people_put(turn, &seller);
}

static void expect_all_of_theirs(struct turn *turn, const void *unused)
{
    static const char *const ids[] = {"U0SELLER", "W0SELLER"};
    char last[AUTHORIZATION_ID];
    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        expect_list(turn, ids[i], ~0U, 5, "3 2 1");
        expect_list(turn, ids[i], ~0U, 2, "3 2");
        expect_list(turn, ids[i], 1U << STATE_PENDING, 5, "2 1");
        assert_int_equal(requests_count(turn, ids[i], ~0U), 3);
        offers_last_authorization(turn, ids[i], last);
        assert_string_equal(last, "resaleauthz-2");
    }
}

static void what_is_theirs_is_so_by_whatever_id(void **state)
{
    (void)state;
    flows_submit();
    flows_submit();
    flows_do(come_to_a_grid, NULL);
    engine_do(flows.engine, expect_all_of_theirs, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_decision_is_made_once),
        FLOWS_TEST(what_was_edited_meanwhile_is_not_approved),
        FLOWS_TEST(what_there_is_is_counted_and_listed),
        FLOWS_TEST(what_is_theirs_is_so_by_whatever_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
