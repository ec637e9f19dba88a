/* What is said once an offer is out. */
#include "flows_publishing.h"
#include "flows/cards.h"
#include "flows/moves.h"

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

static void apply(struct turn *turn, const void *about)
{
    const enum request_event *event = about;
    struct request offer;
    assert_true(offers_get(turn, 1, &offer));
    assert_true(moves_apply(turn, &offer, *event, actor_aws(), "on AWS"));
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

/* --- announcements that Slack will not update --- */

#define ANNOUNCEMENTS "\"channel\":\"C0OFFERS\""

static void move(enum request_event event)
{
    flows_do(apply, &event);
    flows_pass(1200);
}

static void update_fails(const char *code)
{
    flows_fail("slack:chat.update", ANNOUNCEMENTS, OUTCOME_REFUSED, code);
    flows_pass(1200);
}

static void post_succeeds(const char *part, const char *ts)
{
    char reply[60];
    snprintf(reply, sizeof(reply), "{\"ok\":true,\"ts\":\"%s\"}", ts);
    flows_answer("slack:chat.postMessage", part, reply);
    flows_pass(1200);
}

static size_t announced(const char *words)
{
    size_t count = 0;
    for (size_t i = 0; i < flows.count; i++)
        count += strcmp(flows.sent[i].call, "slack:chat.postMessage") == 0 &&
                 strstr(flows.sent[i].body, ANNOUNCEMENTS) != NULL &&
                 strstr(flows.sent[i].body, words) != NULL;
    return count;
}

/* Nobody is to go on forwarding the link to what was closed: the news is posted, once for each. */
static void an_announcement_that_cannot_be_edited_is_posted_anew_when_it_moves(void **state)
{
    static const char *const codes[] = {"cant_update_message", "edit_window_closed"};
    for (size_t i = 0; i < 2; i++) {
        if (i > 0) {
            flows_tear_down(state);
            flows_set_up(state);
        }
        publish();
        flows_pass(1200);
        post_succeeds("is published", "2.1");
        flows_do(announce, NULL); /* another date, say */
        update_fails(codes[i]);
        assert_int_equal(announced(""), 1);
        move(EVENT_CLOSE);
        update_fails(codes[i]);
        post_succeeds("was closed", "2.2");
        flows_do(announce, NULL);
        update_fails(codes[i]);
        assert_int_equal(announced(""), 2);
        move(EVENT_REOPEN);
        update_fails(codes[i]);
        assert_int_equal(announced("is published"), 2);
        assert_int_equal(announced(""), 3);
    }
}

/* Somebody took it down, and wants it gone. */
static void an_announcement_that_was_deleted_stays_away(void **state)
{
    (void)state;
    publish();
    flows_pass(1200);
    post_succeeds("is published", "2.1");
    move(EVENT_CLOSE);
    update_fails("message_not_found");
    assert_int_equal(announced(""), 1);
}

/* It is for sale again before the news that it was closed stands. */
static void what_came_before_it_stood_is_shown_on_it(void **state)
{
    (void)state;
    publish();
    flows_pass(1200);
    post_succeeds("is published", "2.1");
    move(EVENT_CLOSE);
    update_fails("edit_window_closed");
    flows_expect("slack:chat.postMessage", "was closed");
    move(EVENT_REOPEN);
    post_succeeds("was closed", "2.2");
    struct sent *sent = flows_expect("slack:chat.update", "\"ts\":\"2.2\"");
    assert_non_null(strstr(sent->body, "is published"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(the_usual_time_is_that_of_the_newest_publications),
        FLOWS_TEST(an_announcement_of_what_cannot_be_read_is_left),
        FLOWS_TEST(an_announcement_that_cannot_be_edited_is_posted_anew_when_it_moves),
        FLOWS_TEST(an_announcement_that_was_deleted_stays_away),
        FLOWS_TEST(what_came_before_it_stood_is_shown_on_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
