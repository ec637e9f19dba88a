/* What operators are told by themselves, before somebody complains. */
#include "flows_fixture.h"

#include "flows/notify.h"

#include <sys/syscall.h>
#include <time.h>

/* A disk whose every sync takes so long, by a clock that only this program sees. */
static int64_t sync_takes_ms;
static int64_t later_ms;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long failed = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_MONOTONIC)
        now->tv_sec += later_ms / 1000;
    return (int)failed;
}

int fdatasync(int fd)
{
    later_ms += sync_takes_ms;
    return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    later_ms += sync_takes_ms;
    return (int)syscall(SYS_fsync, fd);
}

static void a_disk_that_is_far_too_slow_is_told_once_an_hour(void **state)
{
    (void)state;
    sync_takes_ms = 2000;
    flows_submit();
    flows_submit();
    flows_pass(60000);
    assert_int_equal(flows_count("slack:chat.postMessage", "disk holding the state file"), 1);
    flows_answer_rest();
    flows_pass(3600 * 1000);
    flows_submit();
    flows_pass(60000);
    assert_int_equal(flows_count("slack:chat.postMessage", "disk holding the state file"), 1);
    sync_takes_ms = 0;
}

static void what_fails_for_very_long_is_told_once_an_hour(void **state)
{
    (void)state;
    flows_submit();
    flows_submit();
    for (int i = 0; i < 80; i++) {
        flows_pass(60000);
        for (int offer = 0; offer < 2; offer++) {
            if (flows_find("aws:StartChangeSet", "CreateCPPO") != NULL)
                flows_fail("aws:StartChangeSet", "CreateCPPO", OUTCOME_RETRY,
                           "ResourceInUseException");
        }
        if (i == 30)
            assert_int_equal(flows_count("slack:chat.postMessage", "ResourceInUse"), 0);
    }
    assert_int_equal(flows_count("slack:chat.postMessage", "ResourceInUse"), 1);
}

static void tell(struct turn *turn, const void *text)
{
    notify_operators(turn, "%s", (const char *)text);
}

static void join(struct turn *turn, const void *unused)
{
    static const char *const members[] = {"U0OPERATOR", "U0OSCAR", "U0OTTO", "W0OSCAR"};
    const struct person oscar = {
        .id = "W0OSCAR", .identity = "U0OSCAR", .team = "T0HOME", .known = true};
    (void)unused;
    people_put(turn, &oscar);
    people_put_group(turn, "S0OPERATORS", members, 4);
}

static void expect_told_to_all(void)
{
    static const char *const operators[] = {"U0OPERATOR", "U0OSCAR", "U0OTTO"};
    for (size_t i = 0; i < 3; i++) {
        struct sent *sent = flows_expect("slack:chat.postMessage", operators[i]);
        assert_non_null(strstr(sent->body, "Look out"));
    }
}

/* The channel that is there for it is shut, or there is none: then everybody who runs the bot,
 * once, whatever lists and ids they are on. */
static void operators_are_told_one_way_or_another(void **state)
{
    char group[] = "S0OPERATORS";
    char *groups[] = {group, NULL};
    char **none = flows.config->people[LIST_OPERATORS].groups;
    (void)state;
    flows.config->people[LIST_OPERATORS].groups = groups;
    flows_do(join, NULL);
    flows_do(tell, "Look out");
    flows_fail("slack:chat.postMessage", "C0OPERATORS", OUTCOME_REFUSED, "not_in_channel");
    expect_told_to_all();
    assert_int_equal(flows_count("slack:chat.postMessage", "Look out"), 4); /* one was refused */
    flows_answer_rest();
    flows_pass(2000);
    flows.config->channel_operators[0] = '\0';
    flows_do(tell, "Look out");
    expect_told_to_all();
    assert_int_equal(flows_count("slack:chat.postMessage", "Look out"), 3);
    flows.config->people[LIST_OPERATORS].groups = none;
}

/* Nobody is named: better those who decide than nobody. */
static void without_operators_the_approvers_are_told(void **state)
{
    char *nobody[] = {NULL};
    struct config_people *operators = &flows.config->people[LIST_OPERATORS];
    const struct config_people named = *operators;
    (void)state;
    flows.config->channel_operators[0] = '\0';
    operators->users = operators->groups = nobody;
    flows_do(tell, "Look out");
    *operators = named;
    flows_expect("slack:chat.postMessage", "C0APPROVALS");
    assert_int_equal(flows_count("slack:chat.postMessage", "Look out"), 1);
}

/* One channel for both, and it is shut: there is nobody else. */
static void what_the_only_channel_refuses_is_not_sent_there_again(void **state)
{
    char *nobody[] = {NULL};
    struct config_people *operators = &flows.config->people[LIST_OPERATORS];
    const struct config_people named = *operators;
    char *own = flows.config->channel_operators;
    (void)state;
    flows.config->channel_operators = flows.config->channel_approvals;
    operators->users = operators->groups = nobody;
    flows_do(tell, "Look out");
    flows_fail("slack:chat.postMessage", "Look out", OUTCOME_REFUSED, "not_in_channel");
    flows_pass(2000);
    *operators = named;
    flows.config->channel_operators = own;
    assert_int_equal(flows_count("slack:chat.postMessage", "Look out"), 1);
}

/* --- once --- */

static const struct matter for_ever = {TOLD_FOR_EVER, .setting = SETTING_STUCK};
static const struct matter until_well = {TOLD_UNTIL_WELL, .setting = SETTING_UNKNOWN_POST};
static const struct matter a_day = {TOLD_A_DAY, .name = "a"};
static const struct matter an_hour = {TOLD_AN_HOUR, .name = "b"};

static const struct matter *matter;

static bool told_now;

static void tell_once(struct turn *turn, const void *about)
{
    told_now = notify_operators_once(turn, matter, about, "Look at %s", (const char *)about);
}

/* It is met: are they told? */
static bool is_told(const struct matter *what, const char *about)
{
    char *words = text_format("Look at %s", about);
    matter = what;
    flows_answer_rest();
    flows_do(tell_once, about);
    flows_pass(2000);
    assert_int_equal(flows_count("slack:chat.postMessage", words), told_now);
    free(words);
    return told_now;
}

static void make_well(struct turn *turn, const void *about)
{
    notify_well(turn, matter, about);
}

static void what_is_met_again_and_again_is_told_once(void **state)
{
    static const struct matter *const all[] = {&for_ever, &until_well, &a_day, &an_hour};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_true(is_told(all[i], "x1"));
        assert_false(is_told(all[i], "x1"));
        assert_true(is_told(all[i], "x2"));
        assert_false(is_told(all[i], "x2"));
    }
}

/* As long as it lasts: for ever, until it is well again, or until so much time went by. */
static void it_stays_told_for_as_long_as_it_lasts(void **state)
{
    (void)state;
    assert_true(is_told(&for_ever, "x1") && is_told(&until_well, "x2") && is_told(&a_day, "x3") &&
                is_told(&an_hour, "x4"));
    flows_pass(INT64_C(3601) * 1000);
    assert_false(is_told(&for_ever, "x1") || is_told(&until_well, "x2") || is_told(&a_day, "x3"));
    assert_true(is_told(&an_hour, "x4"));
    flows_answer_rest();
    flows.now += INT64_C(24) * 3600 * 1000;
    flows_pass(0);
    assert_false(is_told(&for_ever, "x1") || is_told(&until_well, "x2"));
    assert_true(is_told(&a_day, "x3"));
    matter = &until_well;
    flows_do(make_well, "x2");
    assert_true(is_told(&until_well, "x2"));
}

/* What is stored, no later process tells again; what is in memory, each tells for itself. */
static void the_next_process_knows_what_is_stored(void **state)
{
    (void)state;
    assert_true(is_told(&for_ever, "x1") && is_told(&until_well, "x2") && is_told(&a_day, "x3") &&
                is_told(&an_hour, "x4"));
    flows_answer_rest();
    flows_stop();
    flows_start();
    assert_false(is_told(&for_ever, "x1") || is_told(&until_well, "x2"));
    assert_true(is_told(&a_day, "x3") && is_told(&an_hour, "x4"));
}

static void see_channel(bool shared)
{
    flows_answer("slack:conversations.info", "C0APPROVALS",
                 shared ? "{\"ok\":true,\"channel\":{\"is_ext_shared\":true}}"
                        : "{\"ok\":true,\"channel\":{\"is_ext_shared\":false}}");
    flows_pass(2000);
}

static size_t told_of_channel(void)
{
    return flows_count("slack:chat.postMessage", "is shared with another organisation");
}

/* It is looked at again and again. */
static void a_channel_that_others_share_is_told_until_they_do_not(void **state)
{
    (void)state;
    see_channel(true);
    assert_int_equal(told_of_channel(), 1);
    flows_answer_rest();
    for (int i = 0; i < 3; i++) {
        flows_pass(INT64_C(3600) * 1000);
        see_channel(true);
    }
    assert_int_equal(told_of_channel(), 0);
    flows_pass(INT64_C(3600) * 1000);
    see_channel(false);
    flows_pass(INT64_C(3600) * 1000);
    see_channel(true);
    assert_int_equal(told_of_channel(), 1);
}

/* The cards that stand there are rewritten, and once more when they are alone again. */
static void cards_that_others_read_are_rewritten(void **state)
{
    (void)state;
    see_channel(false);
    flows_submit();
    flows_settle_slack();
    flows_pass(2000);
    flows_answer_rest();
    flows_pass(300000);
    see_channel(true);
    flows_expect("slack:chat.update", "People of another organisation can read this channel");
    assert_int_equal(flows_count("slack:chat.update", "Markup"), 0);
    flows_answer_rest();
    flows_pass(300000);
    see_channel(false);
    flows_expect("slack:chat.update", "Markup");
}

/* What they are told may name prices. */
static void operators_whose_channel_others_read_are_told_each(void **state)
{
    (void)state;
    flows_answer("slack:conversations.info", flows.config->channel_operators,
                 "{\"ok\":true,\"channel\":{\"is_ext_shared\":true}}");
    flows_pass(2000);
    flows_expect("slack:chat.postMessage", "\"channel\":\"U0OPERATOR\"");
    flows_answer_rest();
    flows_do(tell, "Look out");
    flows_pass(2000);
    assert_non_null(strstr(flows_expect("slack:chat.postMessage", "Look out")->body, "U0OPERATOR"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_disk_that_is_far_too_slow_is_told_once_an_hour),
        FLOWS_TEST(what_fails_for_very_long_is_told_once_an_hour),
        FLOWS_TEST(operators_are_told_one_way_or_another),
        FLOWS_TEST(without_operators_the_approvers_are_told),
        FLOWS_TEST(what_the_only_channel_refuses_is_not_sent_there_again),
        FLOWS_TEST(what_is_met_again_and_again_is_told_once),
        FLOWS_TEST(it_stays_told_for_as_long_as_it_lasts),
        FLOWS_TEST(the_next_process_knows_what_is_stored),
        FLOWS_TEST(a_channel_that_others_share_is_told_until_they_do_not),
        FLOWS_TEST(cards_that_others_read_are_rewritten),
        FLOWS_TEST(operators_whose_channel_others_read_are_told_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
