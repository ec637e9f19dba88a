/* People and groups as Slack tells of them: in an Enterprise Grid, when they have left, when they
 * cannot be seen, when a group is gone. */
#include "../sandbox/org.h"
#include "sandbox_api_fixture.h"

/* The user whom users.info tells of; fails when it does not. */
static const json_t *info(const char *user)
{
    char *form = text_format("user=%s", user);
    call_form("users.info", form);
    expect_error(NULL);
    free(form);
    return json_object_get(reply.body, "user");
}

static void join_grid(void)
{
    turn("{'grid': 'on'}");
    org_settle(fake.box.workspace);
}

/* ${user} belongs to these workspaces, as ["T0HOME"]; ' for ". */
static void expect_teams(const json_t *user, const char *wanted)
{
    json_t *teams = parse(wanted);
    assert_true(
        json_equal(json_object_get(json_object_get(user, "enterprise_user"), "teams"), teams));
    json_decref(teams);
}

static void without_a_grid_nobody_hears_of_one(void **state)
{
    (void)state;
    const json_t *mia = info("U0MIA");
    assert_string_equal(workspace_text(mia, "team_id"), "T0HOME");
    assert_null(json_object_get(mia, "enterprise_user"));
    call_form("users.info", "user=W0MIA");
    expect_error("user_not_found");
    call("auth.test", "{}");
    assert_null(json_object_get(reply.body, "enterprise_id"));
}

static void a_grid_has_two_ids_for_everybody(void **state)
{
    (void)state;
    join_grid();
    call("auth.test", "{}");
    assert_string_equal(answer("enterprise_id"), ORG_ENTERPRISE);
    const json_t *mia = info("U0MIA");
    assert_string_equal(workspace_text(mia, "id"), "U0MIA");
    assert_string_equal(workspace_text(json_object_get(mia, "enterprise_user"), "id"), "W0MIA");
    expect_teams(mia, "['T0HOME']");
    assert_string_equal(workspace_text(info("W0MIA"), "id"), "W0MIA");
    turn("{'user_id': 'the_other'}");
    assert_string_equal(workspace_text(info("U0MIA"), "id"), "W0MIA");
    assert_string_equal(workspace_text(info("W0MIA"), "id"), "U0MIA");
    assert_null(json_object_get(info("U0INES"), "enterprise_user")); /* of another organisation */
    assert_string_equal(workspace_text(info("U0INES"), "id"), "U0INES");
}

static void a_team_may_be_absent_or_the_sisters(void **state)
{
    (void)state;
    join_grid();
    turn("{'user_team': 'absent'}");
    const json_t *mia = info("U0MIA");
    assert_null(json_object_get(mia, "team_id"));
    expect_teams(mia, "['T0HOME']");
    turn("{'user_team': 'null'}");
    assert_true(json_is_null(json_object_get(info("U0MIA"), "team_id")));
    turn("{'user_team': 'sister'}");
    mia = info("U0MIA");
    assert_string_equal(workspace_text(mia, "team_id"), ORG_SISTER);
    expect_teams(mia, "['T0SISTER', 'T0HOME']");
}

static void the_sister_has_people_and_guests_of_her_own(void **state)
{
    (void)state;
    join_grid();
    const json_t *sue = info("U0SUE");
    assert_string_equal(workspace_text(sue, "team_id"), ORG_SISTER);
    assert_false(workspace_flag(sue, "is_restricted"));
    expect_teams(sue, "['T0SISTER']");
    assert_true(workspace_flag(info("U0GIL"), "is_restricted"));
    turn("{'sister_flags': 'absent'}");
    assert_null(json_object_get(info("U0GIL"), "is_restricted"));
    assert_true(workspace_flag(info("U0GUS"), "is_restricted")); /* our own are as ever */
}

/* The first one of the list ${key} that came. */
static const char *first(const char *key)
{
    return json_string_value(json_array_get(json_object_get(reply.body, key), 0));
}

static void lists_may_hold_the_other_kind_of_id(void **state)
{
    (void)state;
    join_grid();
    call_form("usergroups.users.list", "usergroup=S0MANAGERS");
    assert_string_equal(first("users"), "U0MIA");
    turn("{'list_ids': 'W'}");
    call_form("usergroups.users.list", "usergroup=S0MANAGERS");
    assert_string_equal(first("users"), "W0MIA");
    call_form("conversations.members", "channel=C0OPERATORS");
    assert_string_equal(first("members"), "W0OLGA");
}

static void a_message_reaches_a_person_by_either_id(void **state)
{
    (void)state;
    join_grid();
    call("chat.postMessage", "{'channel': 'U0MIA', 'text': 'x'}");
    char *dm = mem_copy(answer("channel"));
    call("chat.postMessage", "{'channel': 'W0MIA', 'text': 'x'}");
    expect_error(NULL);
    assert_string_equal(answer("channel"), dm);
    call("chat.postEphemeral", "{'channel': 'C0OFFERS', 'user': 'W0MIA', 'text': 'x'}");
    expect_error(NULL);
    assert_int_equal(json_array_size(json_object_get(fake.box.workspace->ephemerals, "U0MIA")), 1);
    call("chat.postMessage", "{'channel': 'C0OFFERS', 'text': '<@W0MIA>'}");
    assert_string_equal(workspace_text(logged("slack.notice"), "user"), "U0MIA");
    free(dm);
}

static json_t *managers(void)
{
    return json_object_get(fake.box.workspace->groups, "S0MANAGERS");
}

static void a_group_that_is_disabled_is_left_out(void **state)
{
    (void)state;
    json_object_set_new(managers(), "disabled", json_true());
    call_form("usergroups.users.list", "usergroup=S0MANAGERS");
    expect_error("no_such_subteam");
    turn("{'disabled_group': 'empty'}");
    call_form("usergroups.users.list", "usergroup=S0MANAGERS");
    expect_error(NULL);
    assert_null(first("users"));
    turn("{'disabled_group': 'listed'}");
    call_form("usergroups.users.list", "usergroup=S0MANAGERS");
    assert_string_equal(first("users"), "U0MIA");
    call_form("usergroups.list", "");
    assert_null(json_array_get(json_object_get(reply.body, "usergroups"), 0));
    call_form("usergroups.list", "include_disabled=true");
    assert_non_null(json_array_get(json_object_get(reply.body, "usergroups"), 0));
    call("chat.postMessage", "{'channel': 'C0APPROVALS', 'text': '<!subteam^S0MANAGERS>'}");
    assert_null(logged("slack.notice")); /* it calls nobody */
}

static void a_group_may_be_gone_or_its_plan(void **state)
{
    (void)state;
    call_form("usergroups.users.list", "usergroup=S0GONE");
    expect_error("no_such_subteam");
    turn("{'plan': 'free'}");
    call_form("usergroups.users.list", "usergroup=S0MANAGERS");
    expect_error("plan_upgrade_required");
    call_form("usergroups.list", "");
    expect_error("plan_upgrade_required");
}

static void who_cannot_be_seen_is_an_error(void **state)
{
    static const char *const errors[] = {"user_not_visible", "user_not_found"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        json_object_set_new(workspace_user(fake.box.workspace, "U0OTTO"), "unseen",
                            json_string(errors[i]));
        call_form("users.info", "user=U0OTTO");
        expect_error(errors[i]);
        call("conversations.open", "{'users': 'U0OTTO'}");
        expect_error(errors[i]);
        call("chat.postMessage", "{'channel': 'U0OTTO', 'text': 'x'}");
        expect_error("channel_not_found");
    }
}

static void who_left_is_written_to_and_reads_nothing(void **state)
{
    (void)state;
    json_object_set_new(workspace_user(fake.box.workspace, "U0OTTO"), "deleted", json_true());
    assert_true(workspace_flag(info("U0OTTO"), "deleted"));
    assert_null(json_object_get(info("U0OTTO"), "is_restricted"));
    call("chat.postMessage", "{'channel': 'U0OTTO', 'text': 'x'}");
    expect_error(NULL);
    assert_null(logged("slack.notice"));
    call("conversations.open", "{'users': 'U0OTTO'}");
    expect_error("user_disabled");
    turn("{'deactivated': 'user_disabled'}");
    call("chat.postMessage", "{'channel': 'U0OTTO', 'text': 'x'}");
    expect_error("user_disabled");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_grid_nobody_hears_of_one),
        TEST(a_grid_has_two_ids_for_everybody),
        TEST(a_team_may_be_absent_or_the_sisters),
        TEST(the_sister_has_people_and_guests_of_her_own),
        TEST(lists_may_hold_the_other_kind_of_id),
        TEST(a_message_reaches_a_person_by_either_id),
        TEST(a_group_that_is_disabled_is_left_out),
        TEST(a_group_may_be_gone_or_its_plan),
        TEST(who_cannot_be_seen_is_an_error),
        TEST(who_left_is_written_to_and_reads_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
