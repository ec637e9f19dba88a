/* Several change sets of one offer, after its release too: each is followed by itself. What is
 * added for a new purpose is what stands here: a row, its effect and its functions. */
#include "flows_publishing.h"

#include "book/change_sets.h"
#include "book/marks.h"
#include "flows/purposes.h"
#include "flows/tracking.h"
#include "marketplace/catalog.h"
#include "marketplace/change_sets.h"
#include "offers/draft.h"
#include "offers/offer.h"

/* --- another purpose --- */

static const struct purpose extend;

/* What was told of the ends, in order: "<attempt> succeeded", and so on. */
static struct text told_ends;

static void tell_end(const struct change_set *set, const char *how)
{
    text_addf(&told_ends, "%d %s;", set->attempt, how);
}

static char *body_of_extend(struct turn *turn, const struct change_set_id *id,
                            const struct request *offer, const struct draft *draft)
{
    (void)turn;
    return change_set_update(id, draft->entity, offer_content(offer), "2022-07-14");
}

static void extended(struct turn *turn, const struct change_set *set,
                     const struct change_set_state *state)
{
    (void)turn;
    (void)state;
    tell_end(set, "succeeded");
}

static void not_extended(struct turn *turn, const struct change_set *set,
                         const struct change_set_state *state)
{
    (void)turn;
    (void)state;
    tell_end(set, set_state_name(set->state));
}

static void not_taken(struct turn *turn, const struct change_set *set, const struct result *result)
{
    (void)turn;
    (void)result;
    tell_end(set, "refused");
}

static void taken_late(struct turn *turn, const struct change_set *set)
{
    (void)turn;
    tell_end(set, "late");
}

static const struct effect_type extend_start_effect = {
    .name = "extend.start",
    .kind = EFFECT_ONCE,
    .call = "aws:StartChangeSet",
    .done = tracking_on_start,
};
static const struct purpose extend = {
    .name = "extend",
    .start = &extend_start_effect,
    .body = body_of_extend,
    .succeeded = extended,
    .failed = not_extended,
    .refused = not_taken,
    .late = taken_late,
};
static const struct flow trial_flow = {.effects = {&extend_start_effect}, .purposes = {&extend}};

static const struct effect_type *effect_named(const char *name)
{
    return strcmp(name, extend_start_effect.name) == 0 ? &extend_start_effect
                                                       : bot_tables.effect_named(name);
}

static void read_mark(struct turn *turn, const void *unused)
{
    (void)unused;
    marks_newest(turn, flows.app.beside);
}

/* The next process, with the file as the last one left it. */
static void start_extending(void)
{
    enum { MAX_FLOWS = 64 };
    static const struct flow *flows_and_it[MAX_FLOWS];
    size_t count = 0;
    for (; bot_flows[count] != NULL; count++)
        flows_and_it[count] = bot_flows[count];
    assert_true(count < MAX_FLOWS - 1);
    flows_and_it[count] = &trial_flow;
    flows_do(read_mark, NULL);
    flows_stop();
    flows.app.flows = flows_and_it;
    flows.effect_named = effect_named;
    flows_start();
}

static int set_up(void **state)
{
    if (flows_set_up(state) != 0)
        return -1;
    start_extending();
    return 0;
}

static int tear_down(void **state)
{
    text_free(&told_ends);
    return flows_tear_down(state);
}

static void ask_to_extend(struct turn *turn, const void *unused)
{
    struct request offer;
    struct draft draft;
    (void)unused;
    assert_true(offers_get(turn, 1, &offer));
    drafts_get(turn, 1, &draft);
    tracking_start(turn, &extend, &offer, &draft);
}

static void extend_once(void)
{
    flows_do(ask_to_extend, NULL);
}

static void lose_the_first(void)
{
    flows_fail("aws:StartChangeSet", ".extend.1.3.", OUTCOME_UNKNOWN, "no_answer");
    flows_pass(SECOND_MS);
}

/* AWS lists nothing of this name, or this. */
static void list(const char *name, const char *id)
{
    char reply[400] = "{\"ChangeSetSummaryList\":[]}";
    if (id != NULL)
        snprintf(reply, sizeof(reply),
                 "{\"ChangeSetSummaryList\":[{\"ChangeSetId\":\"%s\",\"ChangeSetName\":\"%s\"}]}",
                 id, name);
    flows_answer("aws:ListChangeSets", name, reply);
    flows_pass(6 * SECOND_MS);
}

static void name_of(int attempt, char name[SET_NAME])
{
    struct rows *rows = store_query(flows.store, "SELECT name FROM change_set WHERE attempt = ?",
                                    SQL_ARGS(SQL_INT(attempt)));
    assert_true(rows_next(rows));
    rows_fit(rows, 0, name, SET_NAME);
    rows_close(rows);
}

static void expect_set(int attempt, const char *purpose, const char *state, const char *id)
{
    int64_t count =
        store_int(flows.store,
                  "SELECT count(*) FROM change_set WHERE offer = 1 AND attempt = ?"
                  " AND purpose = ? AND state = ? AND id = ?",
                  SQL_ARGS(SQL_INT(attempt), SQL_TEXT(purpose), SQL_TEXT(state), SQL_TEXT(id)), 0);
    if (count != 1)
        fail_msg("change set %d is not %s, %s, %s", attempt, purpose, state, id);
}

static void expect_ends(const char *ends)
{
    assert_string_equal(text_get(&told_ends), ends);
}

/* --- how often it failed --- */

static void start_extending_once_more(struct turn *turn, const void *unused)
{
    struct change_set set;
    (void)unused;
    assert_true(change_sets_last_of(turn, 1, "extend", &set));
    assert_true(tracking_count_fault(turn, &set));
    ask_to_extend(turn, NULL);
}

static void start_updating(struct turn *turn, const void *unused)
{
    struct request offer;
    struct draft draft;
    (void)unused;
    assert_true(offers_get(turn, 1, &offer));
    drafts_get(turn, 1, &draft);
    tracking_start(turn, purpose_named(turn, "update"), &offer, &draft);
}

static int64_t faults_of(int attempt)
{
    return store_int(flows.store, "SELECT faults FROM change_set WHERE offer = 1 AND attempt = ?",
                     SQL_ARGS(SQL_INT(attempt)), -1);
}

/* Two things are asked of one offer side by side: the faults of the one are not the other's. */
static void each_purpose_counts_its_own_faults(void **state)
{
    (void)state;
    publish();
    extend_once();
    flows_do(start_extending_once_more, NULL);
    flows_do(start_updating, NULL);
    flows_do(start_extending_once_more, NULL);
    assert_int_equal(faults_of(4), 2); /* it failed, too */
    assert_int_equal(faults_of(5), 0);
    assert_int_equal(faults_of(6), 2); /* it goes on counting from there */
}

/* --- what it is followed to --- */

/* What was asked, by what name and token, is kept as it was sent. */
static void what_was_asked_is_kept(void **state)
{
    (void)state;
    publish();
    extend_once();
    const struct sent *sent = flows_expect("aws:StartChangeSet", ".extend.1.3.");
    char name[SET_NAME];
    char token[SET_TOKEN];
    change_set_asked(sent->body, name, token);
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM change_set WHERE offer = 1 AND name = ?"
                               " AND token = ? AND asked = ? AND started_at > 0",
                               SQL_ARGS(SQL_TEXT(name), SQL_TEXT(token), SQL_TEXT(sent->body)), 0),
                     1);
    assert_int_equal(strlen(token), SET_TOKEN - 1);
}

/* After the release there can be another, and what was before stays as it was. */
static void an_offer_has_change_sets_after_its_release(void **state)
{
    (void)state;
    publish();
    extend_once();
    start(".extend.1.3.", "cs-extend");
    expect_set(3, "extend", "running", "cs-extend");
    end("cs-extend", "SUCCEEDED", "");
    expect_ends("3 succeeded;");
    expect_set(1, "make", "succeeded", "cs-make");
    expect_set(2, "release", "succeeded", "cs-release");
    expect_set(3, "extend", "succeeded", "cs-extend");
    assert_string_equal(flows_state(1), "published");
    assert_int_equal(flows_count("aws:StartChangeSet", "ReleaseOffer"), 1);
}

/* The answer to the first was lost when the second went out: neither is taken for the other. */
static void two_at_once_are_followed_each_by_itself(void **state)
{
    char name[SET_NAME];
    (void)state;
    publish();
    extend_once();
    extend_once();
    lose_the_first();
    expect_set(3, "extend", "lost", "");
    start(".extend.1.4.", "cs-second");
    expect_set(3, "extend", "lost", "");
    expect_set(4, "extend", "running", "cs-second");
    name_of(3, name);
    list(name, "cs-first");
    expect_set(3, "extend", "running", "cs-first");
    expect_set(4, "extend", "running", "cs-second");
    flows_pass(60 * SECOND_MS);
    end("cs-second", "FAILED", "");
    expect_ends("4 failed;");
    expect_set(3, "extend", "running", "cs-first");
    end("cs-first", "SUCCEEDED", "");
    expect_ends("4 failed;3 succeeded;");
    assert_int_equal(flows_count("aws:StartChangeSet", ".extend."), 2);
}

/* A refusal is of the one that was refused, though another of the offer is under way. */
static void a_refusal_is_of_the_one_that_was_refused(void **state)
{
    (void)state;
    publish();
    extend_once();
    extend_once();
    start(".extend.1.3.", "cs-first");
    flows_fail("aws:StartChangeSet", ".extend.1.4.", OUTCOME_REFUSED, "ResourceInUseException");
    expect_ends("4 refused;");
    expect_set(3, "extend", "running", "cs-first");
    expect_set(4, "extend", "refused", "");
    end("cs-first", "CANCELLED", "");
    expect_ends("4 refused;3 cancelled;");
}

/* The process ends before the answer comes, and AWS has it. */
static void one_that_a_death_cut_off_is_found_by_its_name(void **state)
{
    char name[SET_NAME];
    (void)state;
    publish();
    extend_once();
    flows_expect("aws:StartChangeSet", ".extend.1.3.");
    name_of(3, name);
    start_extending();
    expect_set(3, "extend", "lost", "");
    flows_pass(6 * SECOND_MS);
    list(name, "cs-found");
    expect_set(3, "extend", "running", "cs-found");
    assert_int_equal(flows_count("aws:StartChangeSet", ""), 0);
    end("cs-found", "SUCCEEDED", "");
    expect_ends("3 succeeded;");
}

/* ... or has not: the very bytes go out again. */
static void one_that_is_absent_is_sent_again_as_it_was(void **state)
{
    char name[SET_NAME];
    (void)state;
    publish();
    extend_once();
    char *body = mem_copy(flows_expect("aws:StartChangeSet", ".extend.1.3.")->body);
    name_of(3, name);
    lose_the_first();
    for (int i = 0; i < 2; i++) {
        flows_pass(700 * SECOND_MS);
        list(name, NULL);
    }
    assert_string_equal(flows_expect("aws:StartChangeSet", ".extend.1.3.")->body, body);
    expect_set(3, "extend", "starting", "");
    start(".extend.1.3.", "cs-again");
    expect_set(3, "extend", "running", "cs-again");
    free(body);
}

/* --- what is not followed any more --- */

static void leave_all(struct turn *turn, const void *unused)
{
    struct change_set set;
    (void)unused;
    while (change_sets_open(turn, 1, extend.name, &set))
        tracking_abandon(turn, &set);
}

/* Of all states, those that the book finds as open are those that are. */
static void look_for_open(struct turn *turn, const void *unused)
{
    struct change_set found;
    (void)unused;
    for (int state = 0; state < SET_UNREADABLE; state++) {
        struct change_set set = {.offer = 1, .state = (enum set_state)state, .attempt = 1};
        text_fit(set.purpose, sizeof(set.purpose), "p");
        change_sets_add(turn, &set, "");
        assert_int_equal(change_sets_open(turn, 1, "p", &found), set_state_open(set.state));
        assert_int_equal(set_state_open(set.state), state < SET_SUCCEEDED);
        if (set_state_open(set.state))
            change_sets_close(turn, &set, SET_ABANDONED, "");
    }
    assert_false(change_sets_open(turn, 1, "p", &found));
    assert_false(set_state_open(SET_UNREADABLE) || set_state_open(SET_STATES));
}

static void the_open_ones_are_those_that_somebody_waits_for(void **state)
{
    (void)state;
    flows_submit();
    flows_do(look_for_open, NULL);
}

/* One waits behind another in its lane: it is not sent, and the other's answer comes late. */
static void one_that_is_abandoned_is_not_sent_nor_followed(void **state)
{
    (void)state;
    publish();
    extend_once();
    extend_once();
    flows_do(leave_all, NULL);
    start(".extend.1.3.", "cs-late");
    flows_pass(3600 * SECOND_MS);
    expect_ends("3 late;");
    expect_set(3, "extend", "abandoned", "cs-late");
    expect_set(4, "extend", "abandoned", "");
    assert_int_equal(flows_count("aws:StartChangeSet", ".extend.1.4."), 0);
    assert_int_equal(flows_count("aws:DescribeChangeSet", "cs-late"), 0);
}

static void call_the_newest_back(struct turn *turn, const void *called)
{
    struct change_set set;
    assert_true(change_sets_open(turn, 1, extend.name, &set));
    assert_int_equal(tracking_call_back(turn, &set), *(const bool *)called);
}

/* What is out cannot be called back: it may happen. */
static void only_what_was_not_sent_is_called_back(void **state)
{
    static const bool yes = true, no = false;
    (void)state;
    publish();
    extend_once();
    extend_once();
    flows_do(call_the_newest_back, &yes);
    expect_set(4, "extend", "abandoned", "");
    flows_do(call_the_newest_back, &no);
    expect_set(3, "extend", "starting", "");
    start(".extend.1.3.", "cs-first");
    expect_set(3, "extend", "running", "cs-first");
}

/* A row that this version cannot read: nothing is done with it, the operators are told once, with
 * others all goes on; and it is looked at again, by whatever version there is then. */
static void one_of_another_version_waits_for_it(void **state)
{
    (void)state;
    flows_submit();
    start("CreateCPPO", "cs-make");
    store_run(flows.store, "UPDATE change_set SET purpose = 'mystery'", SQL_NO_ARGS);
    flows_answer("aws:DescribeChangeSet", "cs-make",
                 "{\"ChangeSetId\":\"cs-make\",\"Status\":\"SUCCEEDED\"}");
    for (int hour = 0; hour < 3; hour++) {
        flows_settle_slack();
        flows_pass(3600 * SECOND_MS);
    }
    expect_set(1, "mystery", "running", "cs-make");
    assert_int_equal(flows_count("slack:chat.postMessage", "that this version does not know"), 1);
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(flows_count("aws:StartChangeSet", "CPPO-1"), 1);
    flows_submit();
    flows_expect("aws:StartChangeSet", "CPPO-2");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM timer WHERE name = 'change_set.poll'"
                               " AND subject = 1",
                               SQL_NO_ARGS, 0),
                     1);
}

/* Each purpose of the bot: its name fits where it is kept, and is nobody else's. */
static void purposes_are_whole(void **state)
{
    size_t count = 0;
    char names[8][PURPOSE_NAME];
    (void)state;
    for (const struct flow *const *flow = bot_flows; *flow != NULL; flow++) {
        for (size_t i = 0; i < MAX_PURPOSES && (*flow)->purposes[i] != NULL; i++) {
            const struct purpose *purpose = (*flow)->purposes[i];
            assert_true(text_fit(names[count], PURPOSE_NAME, purpose->name));
            assert_int_equal(purpose->start->kind, EFFECT_ONCE);
            assert_ptr_equal(purpose->start->done, tracking_on_start);
            assert_non_null(purpose->body);
            assert_non_null(purpose->succeeded);
            assert_non_null(purpose->failed);
            assert_non_null(purpose->refused);
            for (size_t other = 0; other < count; other++)
                assert_string_not_equal(names[other], purpose->name);
            count++;
        }
    }
    assert_int_equal(count, 3);
    for (int i = SET_UNREADABLE; i <= SET_STATES; i++)
        assert_string_equal(set_state_name((enum set_state)i), "unreadable");
    assert_int_equal(set_state_named("unreadable"), -1); /* it is never stored */
    for (int i = 0; i < SET_UNREADABLE; i++)
        assert_int_equal(set_state_named(set_state_name((enum set_state)i)), i);
    assert_int_equal(set_state_named("asleep"), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_purpose_counts_its_own_faults),
        TEST(what_was_asked_is_kept),
        TEST(an_offer_has_change_sets_after_its_release),
        TEST(two_at_once_are_followed_each_by_itself),
        TEST(a_refusal_is_of_the_one_that_was_refused),
        TEST(one_that_a_death_cut_off_is_found_by_its_name),
        TEST(one_that_is_absent_is_sent_again_as_it_was),
        TEST(the_open_ones_are_those_that_somebody_waits_for),
        TEST(one_that_is_abandoned_is_not_sent_nor_followed),
        TEST(only_what_was_not_sent_is_called_back),
        TEST(one_of_another_version_waits_for_it),
        TEST(purposes_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
