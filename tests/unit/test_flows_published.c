/* What is said once an offer is out. */
#include "flows_publishing.h"
#include "flows/cards.h"

static void add_publication(struct turn *turn, int64_t offer, int64_t approved_at,
                            int64_t released_at)
{
    struct store *store = turn_writes(turn);
    store_run(
        store,
        "INSERT INTO move (request, step, at, who, event, from_state, to_state, revision, why)"
        " VALUES (?1, 101, ?2, 'U1', 'approve', 'pending', 'approved', 1, ''),"
        " (?1, 102, ?3, 'aws', 'release', 'publishing', 'published', 1, '')",
        SQL_ARGS(SQL_INT(offer), SQL_INT(approved_at), SQL_INT(released_at)));
}

/* How long AWS usually takes: from our own newest ones, without reading the whole history. */
static void usual(struct turn *turn, const void *unused)
{
    int64_t took[3] = {0};
    (void)unused;
    for (int64_t i = 0; i < 4; i++)
        add_publication(turn, i + 1, 1000 * i, 1000 * i + 10 + i);
    assert_int_equal(offers_times(turn, took, 3), 3);
    assert_int_equal(took[0], 13);
    assert_int_equal(took[2], 11);
    struct rows *rows = store_query(
        flows.store,
        "EXPLAIN QUERY PLAN SELECT at FROM move WHERE event = 'release' ORDER BY at DESC LIMIT 1",
        SQL_NO_ARGS);
    assert_true(rows_next(rows));
    assert_non_null(strstr(rows_text(rows, 3), "move_of_release"));
    rows_close(rows);
}

static void the_usual_time_is_that_of_the_newest_publications(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        flows_submit();
    flows_do(usual, NULL);
}

static int64_t rows(const char *sql)
{
    return store_int(flows.store, sql, SQL_NO_ARGS, -1);
}

static void announce(struct turn *turn, const void *unused)
{
    (void)unused;
    cards_announce(turn, 1);
}

/* The update is still to go out. */
static void announce_and_forget(struct turn *turn, const void *unused)
{
    announce(turn, unused);
    store_run(turn_writes(turn), "UPDATE request SET kind = 'tender' WHERE number = 1",
              SQL_NO_ARGS);
}

/* It may be of another version's kind: it is left as it is until it can be read. */
static void an_announcement_of_what_cannot_be_read_is_left(void **state)
{
    static const char hidden[] = "SELECT count(*) FROM effect WHERE target = 'announcement 1' AND"
                                 " not_before = 9223372036854775807";
    (void)state;
    publish();
    flows_settle_slack();
    flows_do(announce_and_forget, NULL);
    flows_do(announce, NULL);
    flows_pass(5000);
    assert_int_equal(rows(hidden), 1);
    store_run(flows.store, "UPDATE request SET kind = 'offer' WHERE number = 1", SQL_NO_ARGS);
    flows_do(announce, NULL);
    assert_int_equal(rows(hidden), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(the_usual_time_is_that_of_the_newest_publications),
        FLOWS_TEST(an_announcement_of_what_cannot_be_read_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
