/* Whatever version wrote it, a book full of offers says the same after it has been brought up to
 * date. */
#include "flows_fixture.h"

#include "book/change_sets.h"
#include "book/history.h"
#include "book/posts.h"
#include "book/requests_list.h"
#include "book/schema.h"
#include "book/votes.h"
#include "flows/cards_load.h"
#include "marketplace/catalog.h"
#include "marketplace/change_sets.h"
#include "offers/draft.h"
#include "offers/offer.h"

enum { FIRST = 2 }; /* the migrations of the first version that had offers */

/* What stands in the book of each offer that is there, and what its card says. */
static struct text said;

/* --- as a version wrote it --- */

/* The first versions had columns that are gone. */
static bool has(struct store *store, const char *table, const char *column)
{
    return store_int(store, "SELECT count(*) FROM pragma_table_info(?) WHERE name = ?",
                     SQL_ARGS(SQL_TEXT(table), SQL_TEXT(column)), 0) > 0;
}

/* A request was an offer once: ${sql} of its name in the version of ${store}. */
#define OF_ITS_TIME(store, sql) (has(store, "request", "number") ? sql("request") : sql("offer"))
#define INSERT_REQUEST(request)                                                                    \
    "INSERT INTO " request " (number, revision, state, requester, created_at, changed_at,"         \
    " published_at, problem, can_retry) VALUES (?, 1, ?, 'U0SELLER', 1, 2, 3, 'words', 1)"
#define INSERT_REVISION(request)                                                                   \
    "INSERT INTO revision (" request ", revision, content, form, created_at)"                      \
    " VALUES (?1, 1, ?2, 'form ' || ?1, 1)"
#define INSERT_MOVE(request)                                                                       \
    "INSERT INTO move (" request ", step, at, who, event, from_state, to_state, revision, why)"    \
    " VALUES (?1, 1, 2, 'U0SELLER', 'submit', 'draft', ?2, 1, 'because')"
#define INSERT_VOTE(request)                                                                       \
    "INSERT INTO vote (" request ", revision, person, verdict, step, at, saw, digest, rule)"       \
    " VALUES (?, 1, 'U0APPROVER', ?, 'approval', 4, 'the card', 'digest', 'the rule')"
#define INSERT_POSTS(request)                                                                      \
    "INSERT INTO post (kind, " request ", channel, ts, effect, sent_at, error)"                    \
    " VALUES ('card', ?1, 'C0APPROVALS', '1.' || ?1, 0, 7, ''),"                                   \
    " ('announcement', ?1, 'C0OFFERS', '2.' || ?1, 0, 8, '')"
#define COUNT_REQUESTS(request)                                                                    \
    "INSERT OR IGNORE INTO counter (name, value) VALUES ('" request "', 100), ('effect', 2)"

static void add_offer(struct store *store, int64_t number, const char *state)
{
    const struct content content = flows_content();
    char *text = content_write(&content);
    store_run(store, OF_ITS_TIME(store, INSERT_REQUEST),
              SQL_ARGS(SQL_INT(number), SQL_TEXT(state)));
    store_run(store, OF_ITS_TIME(store, INSERT_REVISION),
              SQL_ARGS(SQL_INT(number), SQL_TEXT(text)));
    store_run(store, OF_ITS_TIME(store, INSERT_MOVE), SQL_ARGS(SQL_INT(number), SQL_TEXT(state)));
    free(text);
}

static void add_vote(struct store *store, int64_t number, const char *verdict)
{
    if (has(store, "vote", "step"))
        store_run(store, OF_ITS_TIME(store, INSERT_VOTE),
                  SQL_ARGS(SQL_INT(number), SQL_TEXT(verdict)));
    else
        store_run(store,
                  "INSERT INTO vote (offer, revision, person, verdict, at, saw, digest, rule)"
                  " VALUES (?, 1, 'U0APPROVER', ?, 4, 'the card', 'digest', 'the rule')",
                  SQL_ARGS(SQL_INT(number), SQL_TEXT(verdict)));
}

/* What is abandoned was left once. */
static const char *state_of_its_time(struct store *store, const char *state)
{
    return strcmp(state, "abandoned") == 0 && !has(store, "denial", "type") ? "left" : state;
}

static void add_priced_draft(struct store *store, int64_t number, const char *state)
{
    store_run(store,
              "INSERT INTO draft (offer, state, number, revision, attempt, faults, entity,"
              " authorization, own_eula, change_set, deed, empty_looks, looked_at, unread,"
              " started_at, unit_price, why) VALUES (?1, ?2, 1, 1, 2, 1, 'offer-' || ?1,"
              " 'resaleauthz-1', 1, 'cs-' || ?1, 0, 3, 4, 5, 6, '', 'why')",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(state)));
}

/* What the newest version makes of what the others wrote. */
static void add_set(struct store *store, int64_t number, const char *state)
{
    bool making = strcmp(state, "making") == 0;
    bool updating = strcmp(state, "updating") == 0;
    bool releasing = strcmp(state, "releasing") == 0;
    bool counts = has(store, "change_set", "faults");
    store_run(store,
              has(store, "draft", "empty_reads")
                  ? "INSERT INTO draft (offer, state, number, revision, entity, authorization,"
                    " own_eula, empty_reads, polled_since, why) VALUES (?1, ?2, 1, 1,"
                    " 'offer-' || ?1, 'resaleauthz-1', 1, 3, 4, 'why')"
              : counts ? "INSERT INTO draft (offer, state, number, revision, entity, authorization,"
                         " own_eula, empty_looks, looked_at, why) VALUES (?1, ?2, 1, 1,"
                         " 'offer-' || ?1, 'resaleauthz-1', 1, 3, 4, 'why')"
                       : "INSERT INTO draft (offer, state, number, revision, faults, entity,"
                         " authorization, own_eula, empty_looks, looked_at, why) VALUES (?1, ?2, 1,"
                         " 1, 1, 'offer-' || ?1, 'resaleauthz-1', 1, 3, 4, 'why')",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(state)));
    store_run(store,
              "INSERT INTO change_set (number, offer, purpose, state, revision, draft, attempt,"
              " mark, name, token, asked, effect, id, started_at, began, ended_at, slow, why)"
              " VALUES (?1, ?1, ?2, ?3, 1, 1, 2, '', '', '', '', ?4, 'cs-' || ?1, 6, 0, 0, 0, '')",
              SQL_ARGS(SQL_INT(number),
                       SQL_TEXT(making      ? "make"
                                : updating  ? "update"
                                : releasing ? "release"
                                            : ""),
                       SQL_TEXT(making || updating ? "running"
                                : releasing        ? "failed"
                                                   : state_of_its_time(store, "abandoned")),
                       SQL_INT(number == 1 ? 2 : 0)));
    if (counts)
        store_run(store, "UPDATE change_set SET faults = 1 WHERE number = ?",
                  SQL_ARGS(SQL_INT(number)));
}

static void add_draft(struct store *store, int64_t number, const char *state)
{
    if (!has(store, "draft", "attempt")) {
        add_set(store, number, state);
        return;
    }
    if (has(store, "draft", "unit_price")) {
        add_priced_draft(store, number, state);
        return;
    }
    store_run(store,
              "INSERT INTO draft (offer, state, number, revision, attempt, faults, entity,"
              " authorization, own_eula, change_set, deed, empty_looks, looked_at, unread,"
              " started_at, why) VALUES (?1, ?2, 1, 1, 2, 1, 'offer-' || ?1, 'resaleauthz-1', 1,"
              " 'cs-' || ?1, 0, 3, 4, 5, 6, 'why')",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(state)));
}

static void add_posts(struct store *store, int64_t number)
{
    if (has(store, "post", "empty_looks"))
        store_run(store,
                  "INSERT INTO post (kind, offer, channel, ts, deed, sent_at, empty_looks,"
                  " trouble) VALUES ('card', ?1, 'C0APPROVALS', '1.' || ?1, 0, 7, 0, ''),"
                  " ('announcement', ?1, 'C0OFFERS', '2.' || ?1, 0, 8, 0, '')",
                  SQL_ARGS(SQL_INT(number)));
    else if (has(store, "post", "trouble"))
        store_run(store,
                  "INSERT INTO post (kind, offer, channel, ts, deed, sent_at, trouble)"
                  " VALUES ('card', ?1, 'C0APPROVALS', '1.' || ?1, 0, 7, ''),"
                  " ('announcement', ?1, 'C0OFFERS', '2.' || ?1, 0, 8, '')",
                  SQL_ARGS(SQL_INT(number)));
    else
        store_run(store, OF_ITS_TIME(store, INSERT_POSTS), SQL_ARGS(SQL_INT(number)));
}

/* A message that waits, one whose outcome is unknown, and a date. */
static void add_work(struct store *store)
{
    store_run(store,
              "INSERT INTO effect (id, type, kind, state, subject, target, lane, body, not_before,"
              " created_at) VALUES"
              " (1, 'notice', 'notice', 'waiting', 0, '', 'channel:U1', x'7B7D', 9, 9),"
              " (2, 'draft.start', 'deed', 'unknown', 1, '', 'offer:1', x'7B7D', 0, 9)",
              SQL_NO_ARGS);
    store_run(store, "INSERT INTO timer (name, subject, due_at) VALUES ('offer.lapse', 1, ?)",
              SQL_ARGS(SQL_INT(INT64_MAX - 1)));
    store_run(store, OF_ITS_TIME(store, COUNT_REQUESTS), SQL_NO_ARGS);
}

/* One offer in each state, each with a draft in one of its own states. */
static void fill(struct store *store)
{
    static const char *const verdicts[] = {"approve", "request_changes", "reject"};
    for (int state = 0; state < STATES; state++) {
        int64_t number = state + 1;
        if (!kind_has(&offer_kind, (enum request_state)state))
            continue;
        add_offer(store, number, request_state_name((enum request_state)state));
        add_vote(store, number, verdicts[state % 3]);
        add_draft(store, number,
                  state_of_its_time(
                      store, draft_state_name((enum draft_state)(state % DRAFT_UNREADABLE))));
        add_posts(store, number);
    }
    store_run(store, "INSERT INTO claim (authorization, offer) VALUES ('resaleauthz-1', 1)",
              SQL_NO_ARGS);
    add_work(store);
}

/* --- what it says --- */

static void say_offer(struct turn *turn, int64_t number)
{
    struct request offer;
    struct draft draft;
    struct change_set set;
    struct move move;
    struct vote vote;
    struct post post;
    char place[80] = "";
    assert_true(offers_get(turn, number, &offer));
    assert_int_equal(offer.subject, 0);
    drafts_get(turn, number, &draft);
    assert_true(change_sets_last(turn, number, &set));
    assert_true(history_last(turn, number, &move));
    size_t votes = votes_given(turn, number, 1, &vote, 1);
    if (votes > 0)
        assert_string_equal(vote.identity, "U0APPROVER");
    if (posts_get(turn, POST_CARD, number, &post))
        snprintf(place, sizeof(place), "%s %s", post.channel, post.ts);
    struct loaded_card *loaded = cards_load(turn, number);
    char *card = card_plain(cards_view(loaded));
    text_addf(&said,
              "%lld %s %s %s %d; draft %s %s %d %d; set %s %s %s %d %lld %lld %d; move %s %s %s; "
              "votes %zu, %d count; %s; claim "
              "%lld\n%s\n",
              (long long)number, request_state_name(offer.state), offer.requester, offer.problem,
              offer.can_retry, draft_state_name(draft.state), draft.entity, set.attempt,
              (int)draft.origin, set.purpose, set_state_name(set.state), set.id, set.revision,
              (long long)set.effect, (long long)set.started_at, set.faults, actor_name(&move.who),
              request_state_name(move.to), move.why, votes, cards_view(loaded)->approval.given,
              place, (long long)offers_claimed(turn, offer_content(&offer)->authorization), card);
    free(card);
    cards_free(loaded);
}

static void say_all(struct turn *turn, const void *unused)
{
    (void)unused;
    for (int state = 0; state < STATES; state++) {
        if (!kind_has(&offer_kind, (enum request_state)state))
            continue;
        say_offer(turn, state + 1);
        text_addf(&said, "%lld of them\n",
                  (long long)requests_count(turn, NULL, 1U << (unsigned)state));
    }
    text_addf(&said, "%lld effects\n",
              (long long)store_int(turn_reads(turn),
                                   "SELECT sum(id) FROM effect WHERE state IN ('waiting',"
                                   " 'unknown') AND id <= 2",
                                   SQL_NO_ARGS, 0));
}

/* Filled by the version with ${count} migrations, said by the newest. */
static char *say_from(size_t count)
{
    struct err err = {0};
    unlink(flows.path);
    struct store *store = store_open(flows.path, bot_migrations, count, &err);
    if (store == NULL)
        fail_msg("%zu: %s", count, err.text);
    fill(store);
    store_close(store);
    flows_open();
    engine_do(flows.engine, say_all, NULL);
    engine_flush(flows.engine);
    return text_take(&said);
}

static void each_version_says_the_same(void **state)
{
    (void)state;
    flows_stop();
    char *newest = say_from(bot_migration_count);
    assert_non_null(strstr(newest, "withdrawn U0SELLER"));
    assert_non_null(strstr(newest, "votes 1, 1 count"));
    for (size_t count = FIRST; count < bot_migration_count; count++) {
        flows_stop();
        char *older = say_from(count);
        if (strcmp(older, newest) != 0)
            fail_msg("from %zu migrations:\n%s\nand from all of them:\n%s", count, older, newest);
        free(older);
    }
    free(newest);
}

/* --- what comes --- */

/* A state, a kind or a verdict that is new needs no other tables. */
static void a_new_name_can_be_stored(void **state)
{
    (void)state;
    flows_submit();
    store_run(flows.store, "UPDATE request SET state = 'extended'", SQL_NO_ARGS);
    store_run(flows.store, "UPDATE draft SET state = 'extending'", SQL_NO_ARGS);
    store_run(flows.store, "UPDATE post SET kind = 'reminder'", SQL_NO_ARGS);
    store_run(flows.store, "UPDATE effect SET kind = 'event', state = 'asleep'", SQL_NO_ARGS);
    add_vote(flows.store, 1, "delegate");
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM vote WHERE verdict = 'delegate'",
                               SQL_NO_ARGS, 0),
                     1);
}

/* Whoever wrote a EULA is kept by its name. */
static void an_origin_keeps_its_meaning(void **state)
{
    static const char *const names[] = {"unknown", "ours", "foreign"};
    (void)state;
    struct store *store = flows_older(book_schema_names_2);
    for (int64_t i = 1; i <= 3; i++) {
        add_offer(store, i, "pending");
        add_draft(store, i, "ready");
        store_run(store, "UPDATE draft SET origin = ? WHERE offer = ?",
                  SQL_ARGS(SQL_INT(i - 1), SQL_INT(i)));
    }
    store_close(store);
    flows_start();
    for (int64_t i = 1; i <= 3; i++)
        assert_int_equal(store_int(flows.store,
                                   "SELECT count(*) FROM draft WHERE offer = ? AND origin = ?",
                                   SQL_ARGS(SQL_INT(i), SQL_TEXT(names[i - 1])), 0),
                         1);
}

static void read_sales(struct turn *turn, const void *unused)
{
    static const enum authorization_sale sales[] = {SALE_POSSIBLE, SALE_CHOICE, SALE_DISTRIBUTOR,
                                                    SALE_UNREADABLE};
    (void)unused;
    for (size_t i = 0; i < 4; i++) {
        struct authorization authorization;
        char id[] = {'r', 'a', (char)('0' + i), '\0'};
        assert_true(authorizations_get(turn, id, &authorization));
        assert_int_equal(authorization.sale, sales[i]);
    }
}

/* What can be sold, and why not. */
static void a_sale_keeps_its_meaning(void **state)
{
    (void)state;
    struct store *store = flows_older(book_schema_sale);
    store_run(store,
              "INSERT INTO authorization (id, name, product_id, product_name, isv_name, status,"
              " extended_status, ends_at, single_use, gone, unit_price, currency, dimension,"
              " duration, buyers, listed_at, read_at, sale) VALUES"
              " ('ra0', '', '', '', '', '', '', 0, 0, 0, '', '', '', '', '', 0, 0, 0),"
              " ('ra1', '', '', '', '', '', '', 0, 0, 0, '', '', '', '', '', 0, 0, 1),"
              " ('ra2', '', '', '', '', '', '', 0, 0, 0, '', '', '', '', '', 0, 0, 2),"
              " ('ra3', '', '', '', '', '', '', 0, 0, 0, '', '', '', '', '', 0, 0, 3)",
              SQL_NO_ARGS);
    store_close(store);
    flows_start();
    flows_do(read_sales, NULL);
}

static void read_approvals(struct turn *turn, const void *unused)
{
    struct vote given;
    struct vote lost;
    (void)unused;
    assert_int_equal(votes_given(turn, 1, 1, &given, 1), 1);
    assert_string_equal(given.person, "U0APPROVER");
    assert_string_equal(given.step, "approval");
    assert_int_equal(given.at, 4);
    assert_int_equal(votes_lost(turn, 1, 1, &lost, 1), 1);
    assert_string_equal(lost.person, "U0GONE");
    assert_string_equal(lost.lost, "they are a guest now");
}

/* Whatever was decided is of the one step that there was, and all that was kept of it stays. */
static void a_vote_keeps_its_meaning(void **state)
{
    (void)state;
    struct store *store = flows_older(book_schema_steps);
    add_offer(store, 1, "pending");
    add_vote(store, 1, "approve");
    store_run(store,
              "INSERT INTO vote (offer, revision, person, verdict, at, saw, digest, rule, lost,"
              " shown) VALUES (1, 1, 'U0GONE', 'approve', 5, 'their card', 'theirs', 'any one',"
              " 'they are a guest now', 'button')",
              SQL_NO_ARGS);
    store_close(store);
    flows_start();
    flows_do(read_approvals, NULL);
    assert_int_equal(
        store_int(flows.store,
                  "SELECT count(*) FROM vote WHERE person = 'U0GONE' AND verdict = 'approve' AND"
                  " at = 5 AND saw = 'their card' AND digest = 'theirs' AND rule = 'any one' AND"
                  " lost = 'they are a guest now' AND shown = 'button' AND step = 'approval'",
                  SQL_NO_ARGS, 0),
        1);
    add_vote(flows.store, 1, "reject");
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM vote", SQL_NO_ARGS, 0), 3);
}

/* --- change sets --- */

/* A book in which each draft had the one change set that was under way, or its last: what they say,
 * and what was asked of AWS. */
struct under_way {
    const char *offer, *draft; /* their states */
    const char *change_set;    /* AWS's id, "" until it was known */
    bool lost;                 /* it is looked for */
    const char *start, *state; /* the effect that starts it, where there is one still, and its */
    const char *timer;
    bool read; /* its end is being asked for */
};
static const struct under_way ways[] = {
    {"pending", "making", "", false, "draft.start", "waiting", NULL, false},
    {"pending", "making", "", false, "draft.start", "under_way", NULL, false},
    {"pending", "making", "", true, "draft.start", "unknown", "deed.look", false},
    {"pending", "updating", "cs-4", false, NULL, NULL, "change_set.poll", false},
    {"publishing", "releasing", "cs-5", false, NULL, NULL, NULL, true},
    {"publishing", "releasing", "cs-6", false, NULL, NULL, "release.look", false},
    {"publishing", "releasing", "", true, "release.start", "unknown", "deed.look", false},
    {"withdrawn", "left", "", false, "draft.start", "under_way", NULL, false},
    {"pending", "ready", "cs-9", false, NULL, NULL, NULL, false},
    {"publishing", "releasing", "", false, "release.start", "waiting", NULL, false},
    {"publishing", "releasing", "", false, NULL, NULL, "release.look", false}, /* by hand */
};

enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static char *bodies[WAYS];

static char *body_of(int64_t number, const struct under_way *way)
{
    const struct content content = flows_content();
    const struct change_set_id id = {
        .install = "old",
        .offer = number,
        .revision = 1,
        .purpose = strcmp(way->draft, "releasing") == 0 ? "release" : "make",
        .number = 1,
        .attempt = 2,
        .mark = "0fabcdef.7",
    };
    return strcmp(way->draft, "releasing") == 0 ? change_set_release(&id, "offer-x", "3")
                                                : change_set_make(&id, &content, "2022-07-14");
}

static void add_way(struct store *store, int64_t number, const struct under_way *way)
{
    int64_t effect = 100 + number;
    bodies[number - 1] = body_of(number, way);
    add_offer(store, number, way->offer);
    store_run(store,
              "INSERT INTO draft (offer, state, number, revision, attempt, faults, entity,"
              " authorization, own_eula, change_set, deed, empty_looks, looked_at, unread,"
              " started_at, why, mark) VALUES (?1, ?2, 1, 1, 2, 0, 'offer-' || ?1,"
              " 'resaleauthz-1', 0, ?3, ?4, 0, 0, 0, 6, '', '0fabcdef.7')",
              SQL_ARGS(SQL_INT(number), SQL_TEXT(way->draft), SQL_TEXT(way->change_set),
                       SQL_INT(way->lost ? effect : 0)));
    if (way->start != NULL)
        store_run(store,
                  "INSERT INTO effect (id, type, kind, state, subject, target, lane, body,"
                  " not_before, created_at) VALUES (?1, ?2, 'deed', ?3, ?4, '', 'offer:' || ?4,"
                  " ?5, 0, 9)",
                  SQL_ARGS(SQL_INT(effect), SQL_TEXT(way->start), SQL_TEXT(way->state),
                           SQL_INT(number),
                           SQL_BLOB(bodies[number - 1], strlen(bodies[number - 1]))));
    if (way->read) {
        char *body = catalog_describe_change_set(way->change_set);
        store_run(store,
                  "INSERT INTO effect (id, type, kind, state, subject, target, single, body,"
                  " not_before, created_at) VALUES (?1, 'change_set.describe', 'read', 'waiting',"
                  " ?2, ?3, 'change_set.describe ' || ?3 || ' ' || ?2, ?4, 0, 9)",
                  SQL_ARGS(SQL_INT(effect + 100), SQL_INT(number), SQL_TEXT(way->change_set),
                           SQL_BLOB(body, strlen(body))));
        free(body);
    }
    if (way->timer != NULL)
        store_run(store, "INSERT INTO timer (name, subject, due_at) VALUES (?, ?, 0)",
                  SQL_ARGS(SQL_TEXT(way->timer), SQL_INT(number)));
}

static void name_of(int64_t number, char name[SET_NAME])
{
    char token[SET_TOKEN];
    change_set_asked(bodies[number - 1], name, token);
}

static size_t looked_for(int64_t number)
{
    char name[SET_NAME];
    name_of(number, name);
    return flows_count("aws:ListChangeSets", name);
}

static void start_old_book(void)
{
    struct store *store = flows_older(book_schema_change_sets);
    for (int64_t number = 1; number <= WAYS; number++)
        add_way(store, number, &ways[number - 1]);
    store_run(store, "INSERT INTO counter (name, value) VALUES ('offer', 100), ('effect', 999)",
              SQL_NO_ARGS);
    store_close(store);
    flows_start();
    flows_pass(20000);
}

static void free_bodies(void)
{
    for (size_t i = 0; i < WAYS; i++)
        free(bodies[i]);
}

/* Nothing is asked for twice, and nothing is forgotten: what waited goes out with the bytes that it
 * had, what may have been taken is looked for by the name that it had, and what is under way is
 * asked for its end. */
static void what_was_under_way_goes_on(void **state)
{
    (void)state;
    start_old_book();
    assert_int_equal(flows_count("aws:StartChangeSet", ""), 2);
    assert_int_equal(flows_count("aws:StartChangeSet", bodies[0]), 1);
    assert_int_equal(flows_count("aws:StartChangeSet", bodies[9]), 1);
    for (int64_t number = 1; number <= WAYS; number++)
        assert_int_equal(looked_for(number), number == 2 || number == 3 || number == 7);
    assert_int_equal(flows_count("aws:DescribeChangeSet", ""), 2);
    flows_expect("aws:DescribeChangeSet", "cs-4");
    flows_expect("aws:DescribeChangeSet", "cs-5");
    flows_expect("aws:DescribeEntity", "offer-6");
    flows_expect("aws:DescribeEntity", "offer-11");
    assert_int_equal(
        store_int(flows.store, "SELECT count(*) FROM effect WHERE id = 108", SQL_NO_ARGS, -1), 0);
    free_bodies();
}

static void read_ends(struct turn *turn, const void *unused)
{
    static const enum draft_state as[] = {DRAFT_MAKING, DRAFT_READY, DRAFT_MAKING, DRAFT_READY,
                                          DRAFT_READY};
    (void)unused;
    for (int64_t number = 1; number <= 5; number++) {
        struct draft draft;
        drafts_get(turn, number, &draft);
        assert_int_equal(draft.state, as[number - 1]);
    }
    for (int64_t number = 1; number <= WAYS; number++)
        assert_int_equal(change_sets_attempts(turn, number), 2);
}

/* ... to its end; and the next has another number. */
static void what_was_under_way_comes_to_its_end(void **state)
{
    char name[SET_NAME];
    char reply[400];
    (void)state;
    start_old_book();
    name_of(2, name);
    snprintf(reply, sizeof(reply),
             "{\"ChangeSetSummaryList\":[{\"ChangeSetId\":\"cs-2\",\"ChangeSetName\":\"%s\"}]}",
             name);
    flows_answer("aws:ListChangeSets", name, reply);
    flows_pass(20000);
    for (int i = 2; i <= 4; i += 2) {
        char id[16];
        snprintf(id, sizeof(id), "cs-%d", i);
        snprintf(reply, sizeof(reply),
                 "{\"ChangeSetId\":\"%s\",\"Status\":\"SUCCEEDED\",\"ChangeSet\":[{\"Entity\":"
                 "{\"Identifier\":\"offer-%d@1\"}}]}",
                 id, i);
        flows_answer("aws:DescribeChangeSet", id, reply);
    }
    flows_answer("aws:DescribeChangeSet", "cs-5",
                 "{\"ChangeSetId\":\"cs-5\",\"Status\":\"CANCELLED\"}");
    flows_do(read_ends, NULL);
    assert_string_equal(flows_state(5), "failed");
    assert_int_equal(flows_count("aws:StartChangeSet", ""), 2);
    assert_int_equal(store_int(flows.store, "SELECT value FROM counter WHERE name = 'change_set'",
                               SQL_NO_ARGS, 0),
                     WAYS);
    free_bodies();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(each_version_says_the_same),
        FLOWS_TEST(a_new_name_can_be_stored),
        FLOWS_TEST(an_origin_keeps_its_meaning),
        FLOWS_TEST(a_sale_keeps_its_meaning),
        FLOWS_TEST(a_vote_keeps_its_meaning),
        FLOWS_TEST(what_was_under_way_goes_on),
        FLOWS_TEST(what_was_under_way_comes_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
