/* A row that cannot be read stops no other offer; and what lasts long is told, by a clock that
 * nobody sets. */
#include "flows_fixture.h"

#include "book/posts.h"
#include "book/requests_list.h"
#include "offers/draft.h"
#include "offers/offer.h"
#include "run/offers_command.h"

/* --- rows --- */

static int64_t start_of_1; /* the effect that asks AWS for the draft of CPPO-1 */

/* Both offers wait for a decision; then something happens to CPPO-1. */
static void damage(const char *sql)
{
    flows_submit();
    start_of_1 = flows_expect("aws:StartChangeSet", "CPPO-1")->effect;
    flows_submit();
    flows_forget_slack();
    assert_string_equal(flows_state(2), "pending");
    store_run(flows.store, "PRAGMA ignore_check_constraints = ON", SQL_NO_ARGS);
    store_run(flows.store, sql, SQL_NO_ARGS);
}

static void look_at_all(struct turn *turn, const void *about)
{
    struct request offers[3];
    int64_t total;
    (void)about;
    assert_int_equal(requests_list(turn, NULL, ~0U, offers, 3, &total), 2);
    assert_int_equal(offers[0].state, STATE_PENDING);
    assert_string_equal(offer_content(&offers[0])->customer, "Example Corp");
    assert_int_equal(offers[1].number, 1);
    assert_int_equal(offers[1].state, STATE_UNREADABLE);
    for (size_t i = 0; i < REQUEST_CONTENT; i++)
        assert_int_equal(offers[1].content[i], 0);
    assert_false(requests_move(turn, &offers[1], EVENT_APPROVE, actor_person("U0APPROVER"), ""));
    assert_false(flows_revise(turn, &offers[1], offer_content(&offers[0]), "another form"));
    assert_false(requests_take_over(turn, &offers[1], "U0OPERATOR"));
}

static size_t told(void)
{
    return flows_count("slack:chat.postMessage", "CPPO-1 cannot be read");
}

static void expect_it_rests(const char *as)
{
    flows_do(look_at_all, NULL);
    flows_decide(&approve_action, 1, "U0APPROVER");
    flows_decide(&reject_action, 1, "U0APPROVER");
    flows_decide(&withdraw_action, 1, "U0SELLER");
    flows_decide(&approve_action, 2, "U0APPROVER");
    assert_string_equal(flows_state(1), as);
    assert_string_equal(flows_state(2), "approved");
    flows_pass(5000);
    assert_int_equal(told(), 1);
    flows_forget_slack();
    flows_stop(); /* nor is it news to the next process */
    flows_start();
    flows_decide(&details_action, 1, "U0APPROVER");
    flows.now += INT64_C(60) * 24 * 3600 * 1000; /* past its accept-by date */
    flows_pass(5000);
    assert_string_equal(flows_state(1), as);
    assert_int_equal(told(), 0);
}

static void a_content_that_cannot_be_read(void **state)
{
    (void)state;
    damage("UPDATE revision SET content = 'customer=Half' WHERE request = 1");
    expect_it_rests("pending");
}

static void a_state_that_nobody_knows(void **state)
{
    (void)state;
    damage("UPDATE request SET state = 'asleep' WHERE number = 1");
    expect_it_rests("asleep");
}

static void a_state_that_its_kind_does_not_have(void **state)
{
    (void)state;
    damage("UPDATE request SET state = 'under_way' WHERE number = 1");
    expect_it_rests("under_way");
}

/* It was on its way when the row was damaged. */
static void change_it(struct turn *turn, const void *about)
{
    const struct pending_action pending = flows_click(turn, about);
    struct person person;
    lists_known_person(turn, pending.person, &person);
    binding_run(turn, &pending, &person, "accept_by=2027-02-28\n");
}

static void a_kind_that_nobody_knows(void **state)
{
    static const struct pending_action change = {
        .what = &revise_action, .request = 1, .revision = 1, .person = "U0SELLER"};
    (void)state;
    damage("UPDATE request SET kind = 'tender' WHERE number = 1");
    flows_do(change_it, &change);
    expect_it_rests("pending");
}

/* What ${run} writes to ${fd}: on the heap. */
static char *written(int fd, void (*run)(void))
{
    FILE *file = tmpfile();
    int before = dup(fd);
    char *text = mem_new(1, 8001);
    assert_non_null(file);
    fflush(NULL);
    dup2(fileno(file), fd);
    run();
    log_flush();
    fflush(NULL);
    dup2(before, fd);
    close(before);
    rewind(file);
    text[fread(text, 1, 8000, file)] = '\0';
    fclose(file);
    return text;
}

static void expect_in(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("“%s” is not in: %s", part, text);
}

static void print_offer(void)
{
    char *path = flows.config->store_path;
    flows.config->store_path = flows.path;
    assert_int_equal(offers_command(flows.config, "CPPO-1", false), 0);
    flows.config->store_path = path;
}

static void damage_history(void)
{
    damage("INSERT INTO move (request, step, at, who, event, from_state, to_state, revision, why)"
           " VALUES (1, 50, 1795507200000, 'U0SELLER', 'hibernate', 'asleep', 'dormant', 1, '')");
}

/* A history with such a row is told in full, and the offer goes on. */
static void a_move_that_nobody_knows(void **state)
{
    (void)state;
    damage_history();
    flows_decide(&details_action, 1, "U0APPROVER");
    flows_decide(&approve_action, 1, "U0APPROVER");
    assert_string_equal(flows_state(1), "approved");
    flows_pass(5000);
    assert_int_equal(told(), 0);
    char *text = written(STDOUT_FILENO, print_offer);
    expect_in(text, "unknown          unreadable → unreadable, by U0SELLER");
    expect_in(text, "approve          pending → approved, by U0APPROVER");
    free(text);
}

static void look_again(void)
{
    for (int i = 0; i < 5; i++) {
        flows_do(look_at_all, NULL);
        flows_decide(&approve_action, 1, "U0APPROVER");
        flows_decide(&details_action, 1, "U0APPROVER");
        flows_pass(60000);
    }
}

/* It is read again and again: the log says it once, and what is wrong with it. */
static void it_is_logged_once(void **state)
{
    (void)state;
    damage("UPDATE request SET state = 'asleep' WHERE number = 1");
    for (int process = 0; process < 2; process++) {
        char *text = written(STDERR_FILENO, look_again);
        const char *first = strstr(text, "request unreadable");
        assert_non_null(first);
        expect_in(first, "request=1");
        expect_in(first, "asleep");
        assert_null(strstr(first + 1, "request unreadable"));
        free(text);
        flows_stop();
        flows_start();
    }
}

static int64_t count_rows(const char *sql)
{
    return store_int(flows.store, sql, SQL_NO_ARGS, -1);
}

/* AWS answers all the same: what was asked for before, and how it ended. */
static void let_aws_answer(void)
{
    json_t *reply = json_pack("{s:s}", "ChangeSetId", "set-1");
    engine_result(flows.engine, start_of_1,
                  &(struct completion){.outcome = OUTCOME_OK, .code = "", .reply = reply});
    json_decref(reply);
    flows_pass(60000);
    if (flows_find("aws:DescribeChangeSet", "set-1") != NULL)
        flows_answer("aws:DescribeChangeSet", "set-1",
                     "{\"ChangeSetId\":\"set-1\",\"Status\":\"SUCCEEDED\",\"ChangeSet\":[]}");
    flows_pass(60000);
}

/* The draft's state is not made up either: then it would be made twice. */
static void a_draft_in_a_state_that_nobody_knows(void **state)
{
    (void)state;
    damage("UPDATE draft SET state = 'asleep' WHERE offer = 1");
    let_aws_answer();
    expect_it_rests("pending");
    assert_int_equal(flows_count("aws:StartChangeSet", "CPPO-1"), 0);
    assert_int_equal(count_rows("SELECT state = 'asleep' FROM draft WHERE offer = 1"), 1);
}

/* What AWS calls it is kept for the version that knows it; nothing of it is called off. */
static void a_change_set_in_a_state_that_nobody_knows(void **state)
{
    (void)state;
    damage("UPDATE change_set SET state = 'asleep' WHERE offer = 1");
    let_aws_answer();
    expect_it_rests("pending");
    assert_int_equal(flows_count("aws:CancelChangeSet", ""), 0);
    assert_int_equal(
        count_rows("SELECT state = 'asleep' AND id = 'set-1' FROM change_set WHERE offer = 1"), 1);
    assert_int_equal(count_rows("SELECT state = 'making' FROM draft WHERE offer = 1"), 1);
}

/* A restored file: what AWS and the channel show is later than what it holds. */
static void adopt_more(struct turn *turn, const void *about)
{
    struct draft draft;
    (void)about;
    drafts_get(turn, 1, &draft);
    assert_int_equal(draft.state, DRAFT_UNREADABLE);
    draft.number = 9;
    drafts_put(turn, &draft);
}

static void nothing_is_stored_over_a_draft_that_nobody_knows(void **state)
{
    (void)state;
    damage("UPDATE draft SET state = 'asleep' WHERE offer = 1");
    flows_do(adopt_more, NULL);
    assert_int_equal(count_rows("SELECT state = 'asleep' FROM draft WHERE offer = 1"), 1);
}

/* It stays running as far as that version knows it, whose reads go on in it. */
static void a_poll_that_nobody_can_judge_comes_again(void **state)
{
    (void)state;
    flows_submit();
    flows_answer("aws:StartChangeSet", "CPPO-1", "{\"ChangeSetId\":\"set-1\"}");
    flows_submit();
    store_run(flows.store, "UPDATE change_set SET state = 'asleep' WHERE offer = 1", SQL_NO_ARGS);
    flows_pass(INT64_C(3) * 3600 * 1000);
    assert_int_equal(told(), 1);
    assert_int_equal(flows_count("aws:DescribeChangeSet", "set-1"), 0);
    store_run(flows.store, "UPDATE change_set SET state = 'running' WHERE offer = 1", SQL_NO_ARGS);
    flows_pass(INT64_C(2) * 3600 * 1000);
    assert_int_equal(flows_count("aws:DescribeChangeSet", "set-1"), 1);
}

/* --- posts --- */

static void read_strange_posts(struct turn *turn, const void *about)
{
    struct post post;
    (void)about;
    assert_true(posts_by_effect(turn, 7001, &post));
    assert_int_equal(post.kind, POST_ANNOUNCEMENT);
    assert_false(posts_by_effect(turn, 7002, &post));
    assert_true(posts_get(turn, POST_CARD, 1, &post));
    assert_string_not_equal(post.ts, "1.2");
    turn_mirror(turn, bot_tables.effect_named("card"), "reminder 1", 1);
}

/* It is no announcement: it is left alone, and so is its mirror. */
static void a_post_of_a_kind_that_nobody_knows(void **state)
{
    (void)state;
    damage("INSERT INTO post (kind, request, channel, ts, effect, sent_at, error, key) VALUES"
           " ('announcement', 1, 'C0OFFERS', '1.1', 7001, 1, '', ''),"
           " ('reminder', 1, 'C0OFFERS', '1.2', 7002, 1, '', '')");
    flows_do(read_strange_posts, NULL);
    flows_pass(5000);
    assert_int_equal(flows_count("slack:chat.update", "1.1"), 0);
    assert_int_equal(flows_count("slack:chat.update", "1.2"), 0);
    assert_int_equal(count_rows("SELECT count(*) FROM post WHERE kind = 'reminder' AND ts = '1.2'"),
                     1);
}

/* --- waits --- */

static void set_clock(int64_t by_ms)
{
    flows.now += by_ms;
    flows.set_by += by_ms;
}

/* AWS is at it all the while. */
static void wait_for_aws(int minutes)
{
    for (int i = 0; i < minutes; i++) {
        flows_pass(60000);
        while (flows_find("aws:DescribeChangeSet", "") != NULL)
            flows_answer("aws:DescribeChangeSet", "",
                         "{\"ChangeSetId\":\"set-1\",\"Status\":\"APPLYING\"}");
    }
}

static size_t long_ones(void)
{
    return flows_count("slack:chat.postMessage", "for over an hour");
}

static void an_hour_is_an_hour_whatever_the_clock_says(void **state)
{
    static const int64_t hours[] = {5, -5};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        flows_submit();
        flows_pass(1000);
        flows_answer("aws:StartChangeSet", "", "{\"ChangeSetId\":\"set-1\"}");
        wait_for_aws(5);
        set_clock(hours[i] * 3600 * 1000);
        wait_for_aws(50);
        assert_int_equal(long_ones(), 0);
        wait_for_aws(20);
        assert_int_equal(long_ones(), 1);
        assert_int_equal(flows_tear_down(state), 0);
        assert_int_equal(flows_set_up(state), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_content_that_cannot_be_read),
        FLOWS_TEST(a_state_that_nobody_knows),
        FLOWS_TEST(a_state_that_its_kind_does_not_have),
        FLOWS_TEST(a_kind_that_nobody_knows),
        FLOWS_TEST(a_move_that_nobody_knows),
        FLOWS_TEST(it_is_logged_once),
        FLOWS_TEST(a_draft_in_a_state_that_nobody_knows),
        FLOWS_TEST(a_change_set_in_a_state_that_nobody_knows),
        FLOWS_TEST(nothing_is_stored_over_a_draft_that_nobody_knows),
        FLOWS_TEST(a_poll_that_nobody_can_judge_comes_again),
        FLOWS_TEST(a_post_of_a_kind_that_nobody_knows),
        FLOWS_TEST(an_hour_is_an_hour_whatever_the_clock_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
