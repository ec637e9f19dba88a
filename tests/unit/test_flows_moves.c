/* Whoever moves an offer, all flows hear of it, in one order. */
#include "book/history.h"
#include "flows_fixture.h"

#include "flows/moves.h"

/* What two listeners heard, as text. */
static char heard[400];
static bool rejects; /* the first of them moves the offer on */

static void hear(const char *who, const struct moved *moved)
{
    size_t at = strlen(heard);
    snprintf(heard + at, sizeof(heard) - at, "%s %s>%s by %s%s%s; ", who,
             request_state_name(moved->move->from), request_state_name(moved->request->state),
             actor_name(&moved->move->who), moved->request->can_retry ? " again" : "",
             moves_unseen(moved) ? " unseen" : "");
    assert_int_equal(moved->move->to, moved->request->state);
    assert_int_equal(moved->move->revision, moved->request->revision);
}

static void first(struct turn *turn, const struct moved *moved)
{
    struct request request = *moved->request;
    hear("first", moved);
    if (rejects && request.state == STATE_PENDING)
        assert_true(moves_apply(turn, &request, EVENT_REJECT, actor_person("U0APPROVER"), "no"));
}

static void second(struct turn *turn, const struct moved *moved)
{
    struct move last;
    struct request request;
    hear("second", moved);
    assert_true(history_last(turn, moved->request->number, &last));
    assert_true(offers_get(turn, moved->request->number, &request));
    assert_true(moved->request->can_retry == request.can_retry);
}

static const struct flow first_flow = {.on_move = first};
static const struct flow deaf_flow = {.on_move = NULL};
static const struct flow second_flow = {.on_move = second};
static const struct flow *const listeners[] = {&first_flow, &deaf_flow, &second_flow, NULL};

static int set_up(void **state)
{
    int failed = flows_set_up(state);
    heard[0] = '\0';
    rejects = false;
    flows.app.flows = listeners;
    return failed;
}

static void expect_heard(const char *words)
{
    assert_string_equal(heard, words);
    heard[0] = '\0';
}

struct wanted {
    enum request_event event;
    const char *who;
    bool moves;
};

static void make(struct turn *turn, const void *unused)
{
    struct content content = flows_content();
    (void)unused;
    assert_int_equal(flows_draft(turn, "U0SELLER", &content, "form"), 1);
}

static void move(struct turn *turn, const void *about)
{
    const struct wanted *wanted = about;
    struct request request;
    assert_true(offers_get(turn, 1, &request));
    assert_true(moves_apply(turn, &request, wanted->event, actor_named(wanted->who), "") ==
                wanted->moves);
}

static void apply(enum request_event event, const char *who, bool moves)
{
    flows_do(move, &(struct wanted){event, who, moves});
}

static void fail_it(struct turn *turn, const void *can_retry)
{
    assert_true(moves_fail(turn, 1, actor_aws(), *(const bool *)can_retry, "words"));
}

static void all_hear_of_a_move(void **state)
{
    (void)state;
    flows_do(make, NULL);
    apply(EVENT_SUBMIT, "U0SELLER", true);
    expect_heard("first draft>pending by U0SELLER; second draft>pending by U0SELLER; ");
}

static void what_does_not_move_is_not_told(void **state)
{
    (void)state;
    flows_do(make, NULL);
    apply(EVENT_APPROVE, "U0APPROVER", false);
    apply(EVENT_SUBMIT, "U0OTHER", false);
    expect_heard("");
}

/* Else the second would hear of the end before the beginning. */
static void a_move_out_of_a_move_is_told_after_it(void **state)
{
    (void)state;
    rejects = true;
    flows_do(make, NULL);
    apply(EVENT_SUBMIT, "U0SELLER", true);
    expect_heard("first draft>pending by U0SELLER; second draft>pending by U0SELLER; "
                 "first pending>rejected by U0APPROVER; second pending>rejected by U0APPROVER; ");
    assert_string_equal(flows_state(1), "rejected");
}

static void whether_it_can_be_retried_is_known_before_it_is_told(void **state)
{
    bool can_retry = true;
    (void)state;
    flows_do(make, NULL);
    apply(EVENT_SUBMIT, "U0SELLER", true);
    apply(EVENT_APPROVE, "U0APPROVER", true);
    heard[0] = '\0';
    flows_do(fail_it, &can_retry);
    expect_heard("first approved>failed by aws again; second approved>failed by aws again; ");
    apply(EVENT_RETRY, "U0SELLER", true);
    heard[0] = '\0';
    can_retry = false;
    flows_do(fail_it, &can_retry);
    expect_heard("first publishing>failed by aws; second publishing>failed by aws; ");
}

/* It never had a card, and gets none by ending. */
static void what_was_never_sent_in_ends_unseen(void **state)
{
    (void)state;
    flows_do(make, NULL);
    apply(EVENT_WITHDRAW, "bot", true);
    expect_heard("first draft>withdrawn by bot unseen; second draft>withdrawn by bot unseen; ");
}

static void what_ends_unseen_has_no_card(void **state)
{
    (void)state;
    flows.app.flows = bot_flows;
    flows_do(make, NULL);
    apply(EVENT_WITHDRAW, "bot", true);
    flows_pass(5000);
    assert_int_equal(flows_count("slack:chat.postMessage", ""), 0);
}

#define MOVES_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, flows_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MOVES_TEST(all_hear_of_a_move),
        MOVES_TEST(what_does_not_move_is_not_told),
        MOVES_TEST(a_move_out_of_a_move_is_told_after_it),
        MOVES_TEST(whether_it_can_be_retried_is_known_before_it_is_told),
        MOVES_TEST(what_was_never_sent_in_ends_unseen),
        MOVES_TEST(what_ends_unseen_has_no_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
