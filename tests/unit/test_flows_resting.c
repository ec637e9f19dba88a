/* What waits for something that this version cannot read goes on waiting: another version wrote it,
 * and finds all of it as it was. */
#include "flows_publishing.h"

#include "book/doubts.h"
#include "flows/tracking.h"
#include "offers/draft.h"

static int64_t count_rows(const char *sql)
{
    return store_int(flows.store, sql, SQL_NO_ARGS, -1);
}

static void make_unreadable(void)
{
    store_run(flows.store, "UPDATE request SET state = state || '?' WHERE number = 1", SQL_NO_ARGS);
}

/* The version that knows it starts. */
static void make_readable(void)
{
    store_run(flows.store, "UPDATE request SET state = rtrim(state, '?') WHERE number = 1",
              SQL_NO_ARGS);
    flows_stop();
    flows_start();
}

static size_t told(const char *what)
{
    return flows_count("slack:chat.postMessage", what);
}

/* --- timers --- */

static const char *const timers[] = {
    "access.again", "agreement.poll", "draft.again",  "entity.follow", "offer.lapse",
    "origin.audit", "release.again",  "release.poll", "release.late",  "unsure.poll",
};
enum { TIMERS = sizeof(timers) / sizeof(timers[0]) };

static void set_all_timers(void)
{
    store_run(flows.store, "DELETE FROM timer WHERE subject = 1", SQL_NO_ARGS);
    for (size_t i = 0; i < TIMERS; i++)
        store_run(flows.store,
                  "INSERT INTO timer (name, subject, dated, due_at) VALUES (?, 1, 1, 7)",
                  SQL_ARGS(SQL_TEXT(timers[i])));
}

/* In this process they are looked at once, in the next once more; their time stays. */
static void its_timers_sleep_until_it_can_be_read(void **state)
{
    (void)state;
    flows_submit();
    flows_forget_slack();
    make_unreadable();
    set_all_timers();
    for (int process = 0; process < 2; process++) {
        flows_stop();
        flows_start();
        flows_pass(60 * SECOND_MS);
        assert_int_equal(
            count_rows(
                "SELECT count(*) FROM timer WHERE subject = 1 AND asleep = 1 AND due_at = 7"),
            TIMERS);
        assert_int_equal(told("CPPO-1 cannot be read"), process == 0);
        flows_forget_slack();
    }
    make_readable();
    assert_string_equal(flows_state(1), "changes_requested"); /* it lapsed */
}

/* --- what AWS says meanwhile --- */

static void hold_back(struct turn *turn, const void *unused)
{
    const struct doubt doubt = {.offer = 1, .revision = 1, .entity = "offer-9", .why = "not found"};
    (void)unused;
    doubts_put(turn, &doubt);
}

static void a_doubt_stays(void **state)
{
    (void)state;
    flows_submit();
    flows_do(hold_back, NULL);
    set_all_timers();
    flows_stop();
    flows_start();
    make_unreadable();
    flows_fail("aws:DescribeEntity", "offer-9", OUTCOME_REFUSED, "ResourceNotFoundException");
    flows_pass(60 * SECOND_MS);
    assert_int_equal(count_rows("SELECT count(*) FROM doubt"), 1);
    make_readable();
    flows_expect("aws:DescribeEntity", "offer-9");
}

/* It is out by now, for all that can be told. */
static void its_release_is_looked_at_again(void **state)
{
    (void)state;
    submit_and_approve();
    release_starts("cs-release");
    end("cs-release", "SUCCEEDED", "");
    make_unreadable();
    describe_offer("Released", "25");
    flows_pass(60 * SECOND_MS);
    assert_int_equal(
        count_rows("SELECT count(*) FROM draft WHERE state = 'releasing' AND differing_reads = 0"),
        1);
    make_readable();
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
}

static void its_buyers_are_asked_about_again(void **state)
{
    (void)state;
    publish();
    flows_pass(INT64_C(20) * 60 * SECOND_MS);
    make_unreadable();
    flows_answer("aws:SearchAgreements", "offer-1", "{\"agreementViewSummaries\":[]}");
    flows_pass(60 * SECOND_MS);
    make_readable();
    flows_expect("aws:SearchAgreements", "offer-1");
}

/* A date that AWS tells of it is not taken for another: nobody knows which one it had. */
static void its_date_is_not_believed(void **state)
{
    (void)state;
    publish();
    flows_pass(INT64_C(20) * 60 * SECOND_MS);
    flows_answer("aws:SearchAgreements", "offer-1", "{\"agreementViewSummaries\":[]}");
    for (int hour = 0; hour < 4 && flows_find("aws:DescribeEntity", "offer-1") == NULL; hour++) {
        flows_pass(INT64_C(3600) * SECOND_MS);
        if (flows_find("aws:SearchAgreements", "offer-1") != NULL)
            flows_answer("aws:SearchAgreements", "offer-1", "{\"agreementViewSummaries\":[]}");
    }
    make_unreadable();
    describe_offer("Released", "25");
    flows_pass(60 * SECOND_MS);
    assert_int_equal(count_rows("SELECT count(*) FROM following WHERE seen <> ''"), 0);
    make_readable();
    flows_expect("aws:DescribeEntity", "offer-1");
}

/* --- posts --- */

static void rename_post(const char *kind)
{
    store_run(flows.store, "UPDATE post SET kind = ?", SQL_ARGS(SQL_TEXT(kind)));
}

/* Whether it stands, the version that knows it finds out. */
static void a_lost_post_of_another_kind_is_not_given_up(void **state)
{
    (void)state;
    flows_submit();
    rename_post("reminder");
    flows_fail("slack:chat.postMessage", "CPPO-1", OUTCOME_UNKNOWN, "timeout");
    flows_pass(60 * SECOND_MS);
    assert_int_equal(count_rows("SELECT count(*) FROM effect WHERE type = 'post'"), 1);
    assert_int_equal(told("“reminder”"), 1);
    flows_forget_slack();
    flows_stop();
    flows_start();
    flows_pass(60 * SECOND_MS);
    assert_int_equal(count_rows("SELECT count(*) FROM effect WHERE type = 'post'"), 1);
    assert_int_equal(told("“reminder”"), 0);
    rename_post("card");
    flows_stop();
    flows_start();
    flows_expect("slack:conversations.history", "\"limit\":200");
}

static void where_a_post_of_another_kind_stands_is_kept(void **state)
{
    (void)state;
    flows_submit();
    rename_post("reminder");
    flows_answer("slack:chat.postMessage", "CPPO-1", "{\"ok\":true,\"ts\":\"1795507200.000100\"}");
    assert_int_equal(count_rows("SELECT count(*) FROM post WHERE ts = '1795507200.000100'"), 1);
    flows_submit();
    flows_pass(2 * SECOND_MS);
    store_run(flows.store, "UPDATE post SET kind = 'reminder' WHERE request = 2", SQL_NO_ARGS);
    flows_fail("slack:chat.postMessage", "CPPO-2", OUTCOME_REFUSED, "is_archived");
    assert_int_equal(count_rows("SELECT count(*) FROM post WHERE error = 'is_archived'"), 1);
    flows_forget_slack();
    flows_pass(60 * SECOND_MS);
    store_run(flows.store, "UPDATE post SET kind = 'card' WHERE request = 2", SQL_NO_ARGS);
    flows_stop();
    flows_start();
    flows_pass(SECOND_MS);
    assert_int_equal(count_rows("SELECT count(*) FROM effect WHERE type = 'post' AND subject = 2"),
                     1);
}

/* Nothing of it was sent: what it is to say only the version that knows it can tell. */
static void a_post_of_another_kind_does_not_leave(void **state)
{
    (void)state;
    flows_submit();
    flows_submit(); /* whose card waits for the channel */
    store_run(flows.store, "UPDATE post SET kind = 'reminder' WHERE request = 2", SQL_NO_ARGS);
    flows_answer("slack:chat.postMessage", "CPPO-1", "{\"ok\":true,\"ts\":\"1795507200.000100\"}");
    flows_pass(60 * SECOND_MS);
    assert_int_equal(flows_count("slack:chat.postMessage", "CPPO-2 "), 0);
    assert_int_equal(count_rows("SELECT not_before = 9223372036854775807 FROM effect WHERE"
                                " state = 'waiting' AND type = 'post' AND subject = 2"),
                     1);
    flows_stop();
    flows_start(); /* another version, perhaps: it is looked at once more */
    assert_int_equal(count_rows("SELECT not_before < 9223372036854775807 FROM effect WHERE"
                                " state = 'waiting' AND type = 'post' AND subject = 2"),
                     1);
}

/* --- drafts --- */

static void move_as_it_cannot(struct turn *turn, const void *unused)
{
    struct draft draft;
    (void)unused;
    drafts_get(turn, 1, &draft);
    assert_int_equal(draft.state, DRAFT_MAKING);
    draft.number = 9;
    assert_false(tracking_move(turn, &draft, DRAFT_RELEASE_DONE));
    assert_int_equal(draft.state, DRAFT_MAKING);
    draft.state = DRAFT_READY; /* it was moved since it was read */
    assert_false(tracking_move(turn, &draft, DRAFT_RELEASE));
}

/* A fault of ours at one offer ends no process: at the next start it would be there again. */
static void a_draft_that_cannot_be_moved_so_stays_where_it_is(void **state)
{
    (void)state;
    flows_submit();
    flows_do(move_as_it_cannot, NULL);
    flows_do(move_as_it_cannot, NULL);
    flows_pass(5 * SECOND_MS);
    assert_int_equal(count_rows("SELECT state = 'making' AND number = 1 FROM draft"), 1);
    assert_int_equal(told("the Marketplace draft of CPPO-1 is not where I took it to be"), 1);
    flows_submit();
    assert_string_equal(flows_state(2), "pending");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(its_timers_sleep_until_it_can_be_read),
        FLOWS_TEST(a_doubt_stays),
        FLOWS_TEST(its_release_is_looked_at_again),
        FLOWS_TEST(its_buyers_are_asked_about_again),
        FLOWS_TEST(its_date_is_not_believed),
        FLOWS_TEST(a_lost_post_of_another_kind_is_not_given_up),
        FLOWS_TEST(where_a_post_of_another_kind_stands_is_kept),
        FLOWS_TEST(a_post_of_another_kind_does_not_leave),
        FLOWS_TEST(a_draft_that_cannot_be_moved_so_stays_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
