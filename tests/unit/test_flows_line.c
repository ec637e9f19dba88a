/* AWS works on so many offers of an account at once: what more there is waits in line. */
#include "flows_restored.h"

#include "flows/cards_load.h"
#include "json.h"
#include "views/card.h"

static const char full[] = "ServiceQuotaExceededException";
static const char to_operators[] = "as many changes of our account under way";

/* How many starts AWS has taken. */
static int taken;

static int clean_set_up(void **state)
{
    taken = 0;
    return flows_set_up(state);
}

#define LINE_TEST(name) cmocka_unit_test_setup_teardown(name, clean_set_up, flows_tear_down)

/* Slack is answered; of what was answered nothing is kept. */
static void tidy(void)
{
    size_t kept = 0;
    for (size_t i = 0; i < flows.count; i++) {
        if (flows.sent[i].open && strncmp(flows.sent[i].call, "slack:", 6) == 0)
            flows_answer(flows.sent[i].call, flows.sent[i].body,
                         "{\"ok\":true,\"channel\":\"D1\",\"ts\":\"1795507200.000100\"}");
    }
    for (size_t i = 0; i < flows.count; i++) {
        if (flows.sent[i].open)
            flows.sent[kept++] = flows.sent[i];
        else
            free(flows.sent[i].body);
    }
    flows.count = kept;
}

/* How many AWS was asked for that it has not answered. */
static int asked(void)
{
    int count = 0;
    for (size_t i = 0; i < flows.count; i++)
        count += flows.sent[i].open && strcmp(flows.sent[i].call, "aws:StartChangeSet") == 0;
    return count;
}

static void refuse_one(void)
{
    flows_fail("aws:StartChangeSet", "", OUTCOME_REFUSED, full);
}

static void take_one(void)
{
    char reply[60];
    snprintf(reply, sizeof(reply), "{\"ChangeSetId\":\"cs-%d.\"}", ++taken);
    flows_answer("aws:StartChangeSet", "", reply);
}

/* AWS takes so many in all, whatever comes. */
static void take_all_up_to(int most)
{
    while (taken < most && flows_find("aws:StartChangeSet", "") != NULL) {
        take_one();
        tidy();
    }
}

static void submit_many(int count)
{
    for (int i = 0; i < count; i++) {
        flows_submit();
        tidy();
    }
}

/* The number of the offer that is being started. */
static int being_started(void)
{
    const char *name = strstr(flows_expect("aws:StartChangeSet", "")->body, "Example Corp - CPPO-");
    assert_non_null(name);
    return (int)strtol(name + strlen("Example Corp - CPPO-"), NULL, 10);
}

static void end_one(const char *id)
{
    for (int i = 0; i < 600 && flows_find("aws:DescribeChangeSet", id) == NULL; i++)
        flows_pass(SECOND_MS);
    end(id, "SUCCEEDED", "");
}

/* Those that run go on running, and there is room for no other. */
static void let_run(int64_t ms)
{
    for (int64_t until = flows.now + ms; flows.now < until;) {
        flows_pass(5 * SECOND_MS);
        while (flows_find("aws:DescribeChangeSet", "cs-") != NULL)
            flows_answer("aws:DescribeChangeSet", "cs-",
                         "{\"ChangeSetId\":\"cs\",\"Status\":\"APPLYING\"}");
        while (flows_find("aws:StartChangeSet", "") != NULL)
            refuse_one();
        tidy();
    }
}

/* Whatever the crowd: AWS is never asked for more than it takes a second. */
static void few_are_asked_for_at_once(void **state)
{
    (void)state;
    submit_many(12);
    assert_int_equal(asked(), 5);
    take_one();
    assert_int_equal(asked(), 5);
}

static int64_t line_looked_at(void)
{
    return store_int(flows.store, "SELECT due_at FROM timer WHERE name = 'line'", SQL_NO_ARGS, 0);
}

/* Nothing changes for those who stand in it: that would be a commit for each. */
static void who_joins_the_line_moves_nobody(void **state)
{
    (void)state;
    submit_many(6);
    int64_t due = line_looked_at();
    assert_int_equal(due, flows.now + 30 * SECOND_MS);
    flows_pass(SECOND_MS);
    submit_many(6);
    assert_int_equal(line_looked_at(), due);
}

/* AWS may not answer at all. */
static void the_first_in_line_waits_for_no_answer_for_ever(void **state)
{
    (void)state;
    submit_many(6);
    flows_pass(31 * SECOND_MS);
    assert_int_equal(asked(), 6);
}

/* As many as AWS documents; then one alone asks for more, and is the only one that is refused. */
static void a_crowd_is_refused_once(void **state)
{
    (void)state;
    submit_many(60);
    take_all_up_to(20);
    assert_int_equal(asked(), 1);
    assert_int_equal(being_started(), 21);
    refuse_one();
    flows_pass(14 * SECOND_MS);
    assert_int_equal(asked(), 0);
}

static void the_oldest_is_first_and_an_end_makes_room(void **state)
{
    (void)state;
    submit_many(30);
    take_all_up_to(20);
    refuse_one();
    tidy();
    end_one("cs-3.");
    assert_int_equal(being_started(), 21); /* which was refused, and is the first again */
    take_one();
    flows_pass(0);
    assert_null(flows_find("aws:StartChangeSet", "")); /* one place, one offer */
    end_one("cs-4.");
    assert_int_equal(being_started(), 22);
}

/* Others use the account, and AWS does not tell when they are done. */
static void without_an_end_one_asks_again_by_and_by(void **state)
{
    int64_t last = 0;
    (void)state;
    submit_many(3);
    refuse_one();
    refuse_one();
    refuse_one();
    for (int i = 0; i < 8; i++) {
        int64_t from = flows.now;
        assert_null(flows_find("aws:StartChangeSet", ""));
        for (int s = 0; s < 400 && flows_find("aws:StartChangeSet", "") == NULL; s++)
            flows_pass(SECOND_MS);
        assert_int_equal(being_started(), 1);
        assert_true(flows.now - from >= last);
        assert_in_range(flows.now - from, 15 * SECOND_MS, 301 * SECOND_MS);
        last = flows.now - from < 300 * SECOND_MS ? flows.now - from : 0;
        refuse_one();
        tidy();
    }
    flows_pass(301 * SECOND_MS);
    take_one();
    assert_int_equal(being_started(), 2); /* where one was taken, the next asks at once */
    take_one();
    assert_int_equal(being_started(), 3);
}

/* AWS may take more of us than it documents. */
static void more_than_documented_is_found_out(void **state)
{
    (void)state;
    submit_many(40);
    take_all_up_to(33);
    assert_int_equal(taken, 33);
    assert_int_equal(being_started(), 34);
}

static char *card;

static void read_card(struct turn *turn, const void *about)
{
    struct loaded_card *loaded = cards_load(turn, *(const int64_t *)about);
    card = json_write(card_message(cards_view(loaded)));
    cards_free(loaded);
}

static bool card_shows(int64_t number, const char *words)
{
    flows_do(read_card, &number);
    bool shows = strstr(card, words) != NULL;
    free(card);
    return shows;
}

static void nobody_has_failed_and_cards_say_so(void **state)
{
    (void)state;
    submit_many(22);
    assert_true(card_shows(1, "AWS is checking the draft"));
    assert_true(card_shows(22, "this one waits for its turn"));
    take_all_up_to(20);
    refuse_one();
    assert_string_equal(flows_state(21), "pending");
    assert_true(card_shows(21, "this one waits for its turn"));
    assert_false(card_shows(21, "refused"));
    tidy();
    end_one("cs-1.");
    assert_true(card_shows(21, "AWS is checking the draft"));
    assert_int_equal(told("Changes requested"), 0);
}

/* What is released is read when its turn has come, not before. */
static void a_release_waits_too(void **state)
{
    (void)state;
    submit_and_approve();
    describe_authorization();
    describe_offer("Draft", "25");
    flows_fail("aws:StartChangeSet", "ReleaseOffer", OUTCOME_REFUSED, full);
    assert_string_equal(flows_state(1), "publishing");
    assert_true(card_shows(1, "this one waits for its turn"));
    assert_null(flows_find("aws:DescribeEntity", ""));
    flows_pass(14 * SECOND_MS);
    assert_null(flows_find("aws:DescribeEntity", ""));
    flows_pass(SECOND_MS);
    assert_false(card_shows(1, "this one waits for its turn"));
    release_starts("cs-release");
    end("cs-release", "SUCCEEDED", "");
    describe_offer("Released", "25");
    assert_string_equal(flows_state(1), "published");
}

/* Nobody reads back more than has its turn. */
static void releases_are_read_back_by_turns(void **state)
{
    (void)state;
    submit_many(12);
    for (int i = 1; i <= 12; i++) {
        char id[16];
        snprintf(id, sizeof(id), "cs-%d.", i);
        take_one();
        end_one(id);
        tidy();
    }
    store_run(flows.store, "UPDATE draft SET prices_read = 1", SQL_NO_ARGS);
    while (flows_find("aws:DescribeEntity", "offer-1") != NULL)
        describe_offer("Draft", "25");
    for (int64_t i = 1; i <= 12; i++)
        flows_decide(&approve_action, i, "U0APPROVER");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM effect WHERE type = 'release.authorization'",
                               SQL_NO_ARGS, 0),
                     5);
}

static void what_is_withdrawn_leaves_the_line(void **state)
{
    (void)state;
    submit_many(2);
    refuse_one();
    refuse_one();
    flows_decide(&withdraw_action, 1, "U0SELLER");
    assert_string_equal(flows_state(1), "withdrawn");
    flows_pass(60 * SECOND_MS);
    assert_int_equal(being_started(), 2);
}

/* What cannot be read holds up nobody, and is in line again for a version that can. */
static void what_cannot_be_read_is_passed_over(void **state)
{
    (void)state;
    submit_many(2);
    refuse_one();
    refuse_one();
    tidy();
    store_run(flows.store, "UPDATE request SET state = 'extended' WHERE number = 1", SQL_NO_ARGS);
    flows_pass(31 * SECOND_MS);
    assert_int_equal(being_started(), 2);
    take_one();
    store_run(flows.store, "UPDATE request SET state = 'pending' WHERE number = 1", SQL_NO_ARGS);
    tidy();
    flows_stop();
    flows_start();
    assert_int_equal(being_started(), 1);
}

static void operators_hear_once_when_it_lasts(void **state)
{
    (void)state;
    submit_many(25);
    take_all_up_to(20);
    refuse_one();
    tidy();
    let_run(59 * MINUTE_MS);
    size_t heard = told(to_operators);
    assert_int_equal(heard, 0);
    for (int i = 0; i < 24; i++) {
        flows_pass(5 * MINUTE_MS);
        heard += told(to_operators);
        tidy();
        let_run(5 * SECOND_MS);
    }
    assert_int_equal(heard, 1);
}

static void operators_hear_nothing_of_what_passes(void **state)
{
    (void)state;
    submit_many(1);
    refuse_one();
    flows_pass(16 * SECOND_MS);
    take_one();
    let_run(2 * 60 * MINUTE_MS);
    assert_int_equal(told(to_operators), 0);
    assert_int_equal(store_int(flows.store, "SELECT count(*) FROM places", SQL_NO_ARGS, -1), 0);
}

/* The line is in the book. */
static void the_next_process_goes_on_with_it(void **state)
{
    (void)state;
    submit_many(30);
    take_all_up_to(20);
    refuse_one();
    tidy();
    flows_stop();
    flows_start();
    assert_null(flows_find("aws:StartChangeSet", ""));
    end_one("cs-5.");
    assert_int_equal(being_started(), 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(few_are_asked_for_at_once),
        LINE_TEST(who_joins_the_line_moves_nobody),
        LINE_TEST(the_first_in_line_waits_for_no_answer_for_ever),
        LINE_TEST(a_crowd_is_refused_once),
        LINE_TEST(the_oldest_is_first_and_an_end_makes_room),
        LINE_TEST(without_an_end_one_asks_again_by_and_by),
        LINE_TEST(more_than_documented_is_found_out),
        LINE_TEST(nobody_has_failed_and_cards_say_so),
        LINE_TEST(a_release_waits_too),
        LINE_TEST(releases_are_read_back_by_turns),
        LINE_TEST(what_is_withdrawn_leaves_the_line),
        LINE_TEST(what_cannot_be_read_is_passed_over),
        LINE_TEST(operators_hear_once_when_it_lasts),
        LINE_TEST(operators_hear_nothing_of_what_passes),
        LINE_TEST(the_next_process_goes_on_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
