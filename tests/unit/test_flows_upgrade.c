/* A state file that an earlier version left in the middle of its work. */
#include "flows_fixture.h"

#include "book/change_sets.h"
#include "book/denials.h"
#include "book/drafts.h"
#include "book/finds.h"
#include "book/marks.h"
#include "book/schema.h"
#include "book/threads.h"

static void add_offer(struct store *store, int64_t number, const char *state)
{
    const struct content content = flows_content();
    char *text = content_write(&content);
    store_run(store,
              "INSERT INTO offer (number, revision, state, requester, created_at, changed_at)"
              " VALUES (?, 1, ?, 'U0SELLER', 1, 1)",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(state)));
    store_run(store,
              "INSERT INTO revision (offer, revision, content, form, created_at)"
              " VALUES (?1, 1, ?2, 'form ' || ?1, 1)",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(text)));
    free(text);
}

/* Offer ${number} in ${state}, and a click or form that waits for what Slack says of ${person}; as
 * that version wrote it. */
static void leave(struct store *store, int64_t number, const char *state, int64_t what,
                  const char *person)
{
    char *body = text_format("{\"user\":\"%s\"}", person);
    add_offer(store, number, state);
    store_run(store,
              "INSERT INTO judgement (id, what, offer, revision, person, channel, reason, asked_at)"
              " VALUES (?1, ?2, ?1, 1, ?3, 'C0APPROVALS', '', ?4)",
              SQL_ARGS(SQL_INT(number), SQL_INT(what), SQL_TEXT(person), SQL_INT(MORNING_MS)));
    store_run(store, "INSERT INTO timer (name, subject, due_at) VALUES ('judgement.lapse', ?, ?)",
              SQL_ARGS(SQL_INT(number), SQL_INT(MORNING_MS + 30000)));
    store_run(store,
              "INSERT INTO effect (id, type, kind, state, subject, target, single, body,"
              " not_before, created_at) VALUES (?1, 'person.read', 'read', 'waiting', 0, ?2,"
              " 'person.read ' || ?2 || ' 0', CAST(?3 AS BLOB), 0, 1)",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(person), SQL_TEXT(body)));
    free(body);
}

static void go_back(void)
{
    struct store *store = flows_older(book_schema_people);
    leave(store, 1, "pending", 0, "U0APPROVER"); /* an approval */
    leave(store, 2, "draft", 3, "U0SELLER");     /* a form that was sent in */
    store_run(store, "INSERT INTO counter (name, value) VALUES ('offer', 2), ('effect', 2)",
              SQL_NO_ARGS);
    store_close(store);
}

static void show(const char *user)
{
    char reply[200];
    snprintf(reply, sizeof(reply), "{\"ok\":true,\"user\":{\"id\":\"%s\",\"team_id\":\"T0HOME\"}}",
             user);
    flows_answer("slack:users.info", user, reply);
}

/* The form is kept. The click counts for nothing, since it does not say what it showed; whoever
 * clicked hears it. */
static void what_waited_for_slack_is_done(void **state)
{
    (void)state;
    go_back();
    flows_start();
    assert_int_equal(
        store_int(flows.store,
                  "SELECT count(*) FROM pending_action WHERE what IN ('approve', 'submit')",
                  SQL_NO_ARGS, 0),
        2);
    show("U0SELLER");
    show("U0APPROVER");
    flows_pass(60000); /* AWS says nothing of the authorization */
    assert_string_equal(flows_state(2), "pending");
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM pending_action", SQL_NO_ARGS, -1),
                     0);
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM vote", SQL_NO_ARGS, -1), 0);
    assert_non_null(flows_find("slack:chat.postEphemeral", "U0APPROVER"));
    flows_do(flows_know, NULL);
    flows_decide(&approve_action, 1, "U0APPROVER"); /* on the card as it stands now */
    assert_string_equal(flows_state(1), "approved");
}

static int64_t count_of(const char *sql)
{
    return store_int(flows.store, sql, SQL_NO_ARGS, -1);
}

/* Stored names that became others: what waits under them goes on. */
static void what_waits_under_an_old_name_goes_on(void **state)
{
    (void)state;
    struct store *store = flows_older(book_schema_words);
    add_offer(store, 1, "pending");
    store_run(store,
              "INSERT INTO effect (id, type, kind, state, subject, target, single, body,"
              " not_before, created_at) VALUES"
              " (1, 'deed.find', 'read', 'waiting', 7, 'n', 'deed.find n 7', x'7B7D', 0, 9),"
              " (2, 'post.send', 'deed', 'unknown', 1, '', NULL, x'7B7D', 0, 9)",
              SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO timer (name, subject, due_at) VALUES ('deed.look', 7, 99),"
              " ('judgement.lapse', 3, 99)",
              SQL_NO_ARGS);
    store_run(store, "INSERT INTO counter (name, value) VALUES ('judgement', 3)", SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO judgement (id, what, offer, revision, person, channel, reason, asked_at)"
              " VALUES (3, 'approve', 1, 1, 'U0APPROVER', '', '', 9)",
              SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO post (kind, offer, channel, ts, deed, sent_at, trouble, key)"
              " VALUES ('card', 1, 'C0APPROVALS', '', 2, 7, 'channel_not_found', 'k')",
              SQL_NO_ARGS);
    store_close(store);
    flows_open();
    assert_int_equal(count_of("SELECT count(*) FROM effect WHERE type = 'reconcile.find'"
                              " AND single = 'reconcile.find n 7'"),
                     1);
    assert_int_equal(count_of("SELECT count(*) FROM effect WHERE kind = 'once'"), 1);
    assert_int_equal(count_of("SELECT count(*) FROM timer WHERE name = 'change_set.reconcile'"
                              " AND subject = 7"),
                     1);
    assert_int_equal(count_of("SELECT count(*) FROM timer WHERE name = 'action.lapse'"
                              " AND subject = 3"),
                     1);
    assert_int_equal(count_of("SELECT value FROM counter WHERE name = 'pending_action'"), 3);
    assert_int_equal(count_of("SELECT id FROM pending_action WHERE what = 'approve'"), 3);
    assert_int_equal(count_of("SELECT effect FROM post WHERE error = 'channel_not_found'"), 2);
}

static void read_marks(struct turn *turn, const void *unused)
{
    char newest[BOOK_MARK];
    (void)unused;
    marks_newest(turn, newest);
    assert_string_equal(strchr(newest, '.'), ".8");
    assert_true(marks_known(turn, "10111213.7"));
    assert_false(marks_known(turn, "10111213.8"));
}

/* A life counts on from the one before it, and from what it learned of others. */
static void marks_are_counted_on(void **state)
{
    (void)state;
    struct store *store = flows_older(book_schema_marks);
    store_run(store, "INSERT INTO life (id, marks) VALUES ('10111213', 5), ('20212223', 7)",
              SQL_NO_ARGS);
    store_run(store, "INSERT INTO setting (name, value) VALUES ('life', '10111213')", SQL_NO_ARGS);
    store_run(store, "INSERT INTO counter (name, value) VALUES ('mark', 7)", SQL_NO_ARGS);
    store_close(store);
    flows_start();
    flows_do(read_marks, NULL);
}

static int64_t count_rows(const char *sql)
{
    return store_int(flows.store, sql, SQL_NO_ARGS, -1);
}

/* A time that never comes stood for it; a mirror may have slept for a reason of its own. */
static void what_nobody_knew_sleeps_on(void **state)
{
    static const char *const effects[][2] = {{"later", "read"}, {"card", "mirror"}};
    (void)state;
    struct store *store = flows_older(engine_schema_6);
    store_run(store, "INSERT INTO timer (name, subject, due_at, dated) VALUES ('later', 1, ?, 1)",
              SQL_ARGS(SQL_INT(INT64_MAX)));
    for (size_t i = 0; i < 2; i++)
        store_run(store,
                  "INSERT INTO effect (id, type, kind, state, subject, target, body, not_before,"
                  " created_at) VALUES (?, ?, ?, 'waiting', 1, 't', x'', ?, 0)",
                  SQL_ARGS(SQL_INT(1001 + i), SQL_TEXT(effects[i][0]), SQL_TEXT(effects[i][1]),
                           SQL_INT(INT64_MAX)));
    store_close(store);
    flows_start();
    assert_int_equal(count_rows("SELECT due_at FROM timer WHERE name = 'later' AND asleep = 1"), 0);
    assert_int_equal(
        count_rows("SELECT not_before FROM effect WHERE id = 1001 AND state = 'asleep'"), 0);
    assert_int_equal(count_rows("SELECT not_before FROM effect WHERE id = 1002"), INT64_MAX);
    store_run(flows.store, "UPDATE timer SET name = 'cards.refresh' WHERE name = 'later'",
              SQL_NO_ARGS);
    flows_stop();
    flows_start();
    assert_int_equal(count_rows("SELECT count(*) FROM timer WHERE asleep <> 0 OR due_at <= 0"), 0);
}

/* They were counted with the draft, for whatever was under way. */
static void what_failed_before_counts_on(void **state)
{
    (void)state;
    struct store *store = flows_older(book_schema_counts);
    for (int64_t i = 1; i <= 2; i++)
        add_offer(store, i, "approved");
    store_run(store,
              "INSERT INTO draft (offer, state, number, revision, faults, stale, entity,"
              " authorization, own_eula, empty_looks, looked_at, why)"
              " VALUES (1, 'ready', 1, 1, 2, 3, 'offer-1', 'resaleauthz-1', 0, 0, 0, ''),"
              " (2, 'none', 0, 0, 1, 0, '', '', 0, 0, 0, '')",
              SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO change_set (number, offer, purpose, state, revision, draft, attempt,"
              " mark, name, token, asked, effect, id, started_at, began, ended_at, slow, why)"
              " VALUES (1, 1, 'make', 'succeeded', 1, 1, 1, '', '', '', '', 0, '', 0, 0, 0, 0, ''),"
              " (2, 1, 'release', 'failed', 1, 1, 2, '', '', '', '', 0, '', 0, 0, 0, 0, '')",
              SQL_NO_ARGS);
    store_close(store);
    flows_open();
    assert_int_equal(count_rows("SELECT count(*) FROM change_set WHERE faults = 2 AND stale = 3"
                                " AND number = 2"),
                     1);
    assert_int_equal(count_rows("SELECT faults + stale FROM change_set WHERE number = 1"), 0);
    assert_int_equal(count_rows("SELECT count(*) FROM draft"), 2);
}

/* What was looked at is read, polled and found by now. */
static void what_waits_under_an_older_name_is_done(void **state)
{
    static const char *const timers[] = {"change_set.reconcile", "post.find",    "release.poll",
                                         "agreement.poll",       "channel.poll", "marks.poll",
                                         "unsure.poll"};
    (void)state;
    struct store *store = flows_older(book_schema_requests);
    store_run(store,
              "INSERT INTO timer (name, subject, due_at) VALUES ('reconcile.look', 9001, 99),"
              " ('post.look', 9002, 99), ('release.look', 9003, 99), ('agreement.look', 9004, 99),"
              " ('channel.look', 9005, 99), ('marks.look', 9006, 99), ('unsure.look', 9007, 99)",
              SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO effect (id, type, kind, state, subject, target, single, body,"
              " not_before, created_at) VALUES"
              " (1, 'post.look', 'read', 'waiting', 7, 'n', 'post.look n 7', x'7B7D', 0, 9),"
              " (2, 'authorization.look', 'read', 'waiting', 0, 'r', 'authorization.look r 0',"
              " x'7B7D', 0, 9)",
              SQL_NO_ARGS);
    store_run(store, "INSERT INTO counter (name, value) VALUES ('offer', 41)", SQL_NO_ARGS);
    store_close(store);
    flows_open();
    for (size_t i = 0; i < sizeof(timers) / sizeof(timers[0]); i++)
        assert_int_equal(store_int(flows.store, "SELECT subject FROM timer WHERE name = ?",
                                   SQL_ARGS(SQL_TEXT(timers[i])), 0),
                         9001 + (int64_t)i);
    assert_int_equal(count_of("SELECT count(*) FROM effect WHERE single = 'post.find n 7' AND"
                              " type = 'post.find' OR single = 'authorization.status r 0' AND"
                              " type = 'authorization.status'"),
                     2);
    assert_int_equal(count_of("SELECT value FROM counter WHERE name = 'request'"), 41);
}

static void read_clicks(struct turn *turn, const void *unused)
{
    static const struct pending_action were[] = {
        {.id = 1, .what = &approve_action, .revision = 2},
        {.id = 2, .what = &details_action, .skipped = 40},
        {.id = 3, .what = &list_action, .query = "state:pending"},
        {.id = 4, .what = &list_action},
    };
    struct pending_action pending = {.id = 0};
    (void)unused;
    for (size_t i = 0; i < sizeof(were) / sizeof(were[0]); i++) {
        assert_true(pending_actions_next(turn, pending.id, &pending));
        assert_int_equal(pending.id, were[i].id);
        assert_ptr_equal(pending.what, were[i].what);
        assert_int_equal(pending.revision, were[i].revision);
        assert_int_equal(pending.skipped, were[i].skipped);
        assert_string_equal(pending.query, were[i].query);
    }
}

static void write_click(struct turn *turn, const void *unused)
{
    const struct pending_action pending = {
        .what = &details_action, .revision = 3, .skipped = 80, .query = ">12 by:me"};
    struct pending_action stored;
    (void)unused;
    int64_t id = pending_actions_add(turn, &pending, NULL);
    assert_true(pending_actions_get(turn, id, &stored));
    assert_int_equal(stored.revision, 3);
    assert_int_equal(stored.skipped, 80);
    assert_string_equal(stored.query, ">12 by:me");
}

/* What the revision of a click was depended on what was clicked. */
static void a_click_keeps_its_meaning(void **state)
{
    (void)state;
    struct store *store = flows_older(book_schema_meanings);
    store_run(store,
              "INSERT INTO pending_action (id, what, request, revision, person, channel, reason,"
              " asked_at) VALUES (1, 'approve', 1, 2, 'U1', '', '', 9),"
              " (2, 'details', 1, 40, 'U1', '', '', 9), (3, 'list', 0, 1, 'U1', '', '', 9),"
              " (4, 'list', 0, 0, 'U1', '', '', 9)",
              SQL_NO_ARGS);
    store_run(store, "INSERT INTO counter (name, value) VALUES ('pending_action', 4)", SQL_NO_ARGS);
    store_close(store);
    flows_open();
    engine_do(flows.engine, read_clicks, NULL);
    engine_do(flows.engine, write_click, NULL);
    engine_flush(flows.engine);
}

static void read_renamed(struct turn *turn, const void *unused)
{
    struct draft draft;
    struct change_set set;
    struct denial denial;
    struct thread thread;
    struct find find;
    (void)unused;
    drafts_get(turn, 1, &draft);
    assert_int_equal(draft.state, DRAFT_ABANDONED);
    assert_true(change_sets_last(turn, 1, &set));
    assert_int_equal(set.state, SET_ABANDONED);
    assert_true(denials_get(turn, "draft.start", &denial));
    assert_true(denial.open);
    threads_get(turn, 1, &thread);
    assert_string_equal(thread.mention, "vote");
    assert_int_equal(finds_request(turn, 0), 7);
    assert_true(finds_newest(turn, 7, FIND_CARD, "pending", &find));
    assert_int_equal(find.request, 7);
}

/* What the book calls by another name is what it was. */
static void what_was_renamed_is_what_it_was(void **state)
{
    (void)state;
    struct store *store = flows_older(book_schema_words_2);
    store_run(store,
              "INSERT INTO request (number, revision, state, requester, created_at, changed_at)"
              " VALUES (1, 1, 'withdrawn', 'U0SELLER', 1, 1)",
              SQL_NO_ARGS);
    store_run(
        store,
        "INSERT INTO draft (offer, state, number, revision, entity, authorization, own_eula,"
        " empty_reads, polled_since, why) VALUES (1, 'left', 1, 1, 'offer-1', '', 0, 0, 0, '')",
        SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO change_set (number, offer, purpose, state, revision, draft, attempt,"
              " mark, name, token, asked, effect, id, started_at, began, ended_at, slow, why)"
              " VALUES (1, 1, 'make', 'left', 1, 1, 1, '', '', '', '', 0, 'cs-1', 6, 0, 0, 0, '')",
              SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO refusal (type, call, open, told_at)"
              " VALUES ('draft.start', 'aws:StartChangeSet', 1, 5)",
              SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO thread (request, ts, permalink, calling) VALUES (1, '1.1', '', 'vote')",
              SQL_NO_ARGS);
    store_run(store,
              "INSERT INTO found (what, id, offer, revision, state, entity, key, mark, number,"
              " attempt, at) VALUES ('card', 'C1 1.1', 7, 1, 'pending', '', 'k', '0fabcdef.7', 0,"
              " 0, 9)",
              SQL_NO_ARGS);
    store_close(store);
    flows_open();
    engine_do(flows.engine, read_renamed, NULL);
    engine_flush(flows.engine);
}

/* An index is named by what it is of: the table, and for requests their number. */
static void indexes_have_the_names_of_their_tables(void **state)
{
    (void)state;
    assert_int_equal(count_rows("SELECT count(*) FROM sqlite_schema WHERE type = 'index'"
                                " AND sql IS NOT NULL AND name NOT GLOB tbl_name || '_*'"),
                     0);
    assert_int_equal(count_rows("SELECT count(*) FROM sqlite_schema WHERE type = 'index'"
                                " AND name GLOB '*_by_offer' AND sql NOT GLOB '*(*offer*)*'"),
                     0);
    assert_int_equal(count_rows("SELECT count(*) FROM sqlite_schema WHERE type = 'index'"
                                " AND tbl_name = 'letter' AND name = 'letter_by_request'"),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(what_nobody_knew_sleeps_on),
        FLOWS_TEST(what_waited_for_slack_is_done),
        FLOWS_TEST(what_waits_under_an_old_name_goes_on),
        FLOWS_TEST(marks_are_counted_on),
        FLOWS_TEST(what_failed_before_counts_on),
        FLOWS_TEST(what_waits_under_an_older_name_is_done),
        FLOWS_TEST(a_click_keeps_its_meaning),
        FLOWS_TEST(what_was_renamed_is_what_it_was),
        FLOWS_TEST(indexes_have_the_names_of_their_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
