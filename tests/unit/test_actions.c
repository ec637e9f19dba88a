/* What people can ask for, with an action of this test's own among it: what is added for a new one
 * is what stands here, a row and its function. */
#include "flows_fixture.h"

#include "flows/actions.h"
#include "flows/replies.h"

static int praised;

static void on_praise(struct turn *turn, const struct action *action)
{
    praised++;
    reply_action(turn, action->pending, "CPPO-%lld is praised.",
                 (long long)action->request->number);
}

static const struct action_type praise_action = {
    .name = "praise",
    .verb = "praise",
    .right = RIGHT_RETRY,
    .binding = BINDS_SHOWN,
    .run = on_praise,
};

/* In the place of the bot's own table. */
#define ACTION_ADDRESS(name) &name##_action,
const struct action_type *const action_types[] = {ACTIONS(ACTION_ADDRESS) & praise_action, NULL};

static int set_up(void **state)
{
    praised = 0;
    if (flows_set_up(state) != 0)
        return -1;
    flows_submit();
    return 0;
}

#define ACTIONS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, flows_tear_down)

static void click(struct turn *turn, const void *about)
{
    const struct pending_action pending = flows_click(turn, about);
    actions_now_or_later(turn, &pending, NULL);
}

static void praise(const char *person)
{
    struct pending_action pending = {.what = &praise_action, .request = 1, .revision = 1};
    text_fit(pending.person, sizeof(pending.person), person);
    flows_do(click, &pending);
}

static void slack_shows(const char *person)
{
    char reply[100];
    snprintf(reply, sizeof(reply), "{\"ok\":true,\"user\":{\"id\":\"%s\",\"team_id\":\"T0HOME\"}}",
             person);
    flows_answer("slack:users.info", person, reply);
}

static int64_t waiting(void)
{
    return store_int(flows.store, "SELECT count(*) FROM pending_action WHERE what = 'praise'",
                     SQL_NO_ARGS, 0);
}

static void expect_told(const char *words)
{
    if (flows_count("slack:chat.postMessage", words) != 1)
        fail_msg("nobody is told “%s”", words);
}

static void it_is_done_where_they_may(void **state)
{
    (void)state;
    praise("U0APPROVER");
    assert_int_equal(praised, 1);
    assert_int_equal(waiting(), 0);
    expect_told("CPPO-1 is praised.");
}

static void it_waits_until_that_is_known(void **state)
{
    (void)state;
    flows.now += HOUR_MS;
    praise("U0APPROVER");
    assert_int_equal(praised, 0);
    assert_int_equal(waiting(), 1);
    flows_stop();
    flows_start();
    flows_pass(0);
    slack_shows("U0APPROVER");
    assert_int_equal(praised, 1);
    assert_int_equal(waiting(), 0);
}

static void who_may_not_is_told_so(void **state)
{
    (void)state;
    praise("U0OTTO");
    slack_shows("U0OTTO");
    assert_int_equal(praised, 0);
    expect_told("Only the requester, approvers and operators can try again.");
}

static void forget_digest(struct turn *turn, const void *about)
{
    struct pending_action pending = flows_click(turn, about);
    memset(pending.digest, 'f', sizeof(pending.digest) - 1);
    actions_now_or_later(turn, &pending, NULL);
}

static void what_another_book_showed_is_not_done(void **state)
{
    static const struct pending_action pending = {
        .what = &praise_action, .request = 1, .revision = 1, .person = "U0APPROVER"};
    (void)state;
    flows_do(forget_digest, &pending);
    assert_int_equal(praised, 0);
    expect_told("belongs to an earlier set of records");
}

/* Stored by a version that had another: it does nothing, and nobody waits for it. */
static void one_of_another_version_ends(void **state)
{
    (void)state;
    flows.now += HOUR_MS;
    praise("U0APPROVER");
    store_run(flows.store, "UPDATE pending_action SET what = 'blame'", SQL_NO_ARGS);
    slack_shows("U0APPROVER");
    assert_int_equal(praised, 0);
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM pending_action", SQL_NO_ARGS, 0),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACTIONS_TEST(it_is_done_where_they_may),
        ACTIONS_TEST(it_waits_until_that_is_known),
        ACTIONS_TEST(who_may_not_is_told_so),
        ACTIONS_TEST(what_another_book_showed_is_not_done),
        ACTIONS_TEST(one_of_another_version_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
