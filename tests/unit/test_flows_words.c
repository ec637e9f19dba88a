/* What is said of every kind of request is said in its words: an extension is never called an
 * offer, and where requests of several kinds are meant, they are called requests. */
#include "kinds_fixture.h"

#include "flows/catching_up_state.h"
#include "flows/listing.h"
#include "json.h"
#include "views/messages.h"

static int set_up(void **state)
{
    (void)state;
    if (flows_set_up_with("approvals:\n  needed: 2\n"
                          "people:\n  approvers:\n    users: [U0APPROVER, U0BEFORE]\n"
                          "  requesters:\n    users: [U0SELLER]\n"
                          "  operators:\n    users: [U0OPERATOR]\n") != 0)
        return -1;
    flows_submit();
    flows_forget_slack();
    store_run(flows.store,
              "UPDATE request SET state = 'published', published_at = 1 WHERE number = 1",
              SQL_NO_ARGS);
    request("form 1", "2027-02-28", 0);
    return 0;
}

#define WORDS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, flows_tear_down)

/* --- who may --- */

static void those_who_may_not_read_its_name(void **state)
{
    (void)state;
    flows_decide(&approve_action, 2, "U0SELLER");
    said("You requested this extension, so somebody else must decide on it.");
    flows_decide(&approve_action, 1, "U0SELLER");
    said("You requested this offer, so somebody else must decide on it.");
}

static void approve_in_a_list(const char *channel)
{
    struct pending_action pending = {
        .what = &approve_action, .request = 2, .revision = 1, .whispered = true};
    text_fit(pending.person, sizeof(pending.person), "U0APPROVER");
    text_fit(pending.channel, sizeof(pending.channel), channel);
    flows_do(flows_judge_click, &pending);
}

/* The list does not show it: each press of its button is answered, and others are told once. */
static void a_second_approval_in_a_list_is_answered(void **state)
{
    (void)state;
    approve_in_a_list("C0APPROVALS");
    approve_in_a_list("C0APPROVALS");
    assert_int_equal(
        flows_count("slack:chat.postEphemeral", "Your approval of CPPO-2 is recorded: 1 of 2."), 2);
}

static void know_stranger(struct turn *turn, const void *unused)
{
    struct person person = {.id = "U0BEFORE", .team = "T0HOME", .known = true};
    (void)unused;
    people_put(turn, &person);
}

/* Whoever sends one in and is not on the list of those who may. */
static void those_who_may_not_request_read_its_name(void **state)
{
    struct wanted wanted = {
        .kind = &trial_kind, .id = "form 2", .accept_by = "2027-03-31", .person = "U0BEFORE"};
    struct wanted *const pointer = &wanted;
    (void)state;
    flows_do(know_stranger, NULL);
    flows_do(ask, &pointer);
    assert_string_equal(flows_state(3), "withdrawn");
    said("CPPO-3 was not sent: You are not on the list of people who may request extensions.");
}

static void another_s_change_is_refused_in_its_name(void **state)
{
    struct wanted wanted = {.kind = &trial_kind,
                            .id = "form 2",
                            .accept_by = "2027-03-31",
                            .number = 2,
                            .person = "U0BEFORE"};
    struct wanted *const pointer = &wanted;
    (void)state;
    flows_do(know_stranger, NULL);
    flows_do(ask, &pointer);
    assert_int_equal(wanted.requested.kind, REQUEST_REFUSED);
    expect_in(wanted.requested.why, "Only the person who requested this extension, or an operator");
    free(wanted.requested.why);
}

/* An approval of one who had requested it before it was taken over. */
static void an_approval_that_is_lost_is_said_in_its_name(void **state)
{
    (void)state;
    request_of(&bare_kind, "form 2", "2027-03-31", 0);
    flows_do(know_stranger, NULL);
    flows_decide(&approve_action, 3, "U0BEFORE");
    store_run(
        flows.store,
        "INSERT INTO move (request, step, at, who, event, from_state, to_state, revision, why)"
        " VALUES (3, 50, 1795507200000, 'U0BEFORE', 'submit', 'draft', 'pending', 1, '')",
        SQL_NO_ARGS);
    flows_decide(&approve_action, 3, "U0APPROVER");
    assert_string_equal(flows_state(3), "pending");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM vote WHERE request = 3 AND lost ="
                               " 'they may not decide on this extension any more'",
                               SQL_NO_ARGS, -1),
                     1);
}

/* --- what it is --- */

static void a_way_to_change_it_is_named_that_there_is(void **state)
{
    (void)state;
    expect_in(refused("form 1", "2027-03-01", 0),
              "from this form. Change it with its Edit button.");
    expect_in(refused("form 4", "2027-04-01", 1), "That extension no longer exists.");
}

static void one_that_cannot_be_read_is_called_by_its_name(void **state)
{
    (void)state;
    store_run(flows.store, "UPDATE revision SET content = 'why=x' WHERE request = 2", SQL_NO_ARGS);
    flows_decide(&details_action, 2, "U0APPROVER");
    said("so I am leaving that extension alone");
    said("or request the extension anew");
}

/* The book was restored, and the card says that it went on since. */
static void what_a_restored_file_holds_back_is_called_by_its_name(void **state)
{
    (void)state;
    store_run(flows.store, "UPDATE request SET state = 'approved' WHERE number = 2", SQL_NO_ARGS);
    kinds_find_card("done", 1);
    assert_string_equal(flows_state(2), "failed");
    said("and this extension had changed since. Edit it and send it again");
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM setting WHERE value LIKE"
                               " '%so I won''t move the date until it is approved again%'",
                               SQL_NO_ARGS, -1),
                     1);
}

/* --- several kinds --- */

static void expect_shown(json_t *message, const char *words)
{
    char *text = json_dumps(message, JSON_COMPACT | JSON_ENSURE_ASCII);
    expect_in(text, words);
    free(text);
    json_decref(message);
}

static void show_lists(struct turn *turn, const void *unused)
{
    (void)unused;
    expect_shown(json_read(listing_show(turn, "U0SELLER", false, "by:me")), "Your requests: 2");
    expect_shown(json_read(listing_show(turn, "U0OPERATOR", false, "by:me")), "No requests yet.");
    expect_shown(message_menu(2, true), "\"My requests waiting (2)\"");
    expect_shown(message_menu(0, false), "\"My requests\"");
    expect_shown(message_help(&details_entry.usage, 1), "one request with its history");
    expect_shown(message_help(&withdraw_entry.usage, 1), "withdraw one of your requests");
    expect_shown(message_help(&list_entry.usage, 1), "your requests, and those waiting for");
}

static void together_they_are_requests(void **state)
{
    (void)state;
    flows_do(show_lists, NULL);
}

static void forget_all(struct turn *turn, const void *unused)
{
    char *words = binding_words("card", &(struct reference){.number = 2});
    (void)turn;
    (void)unused;
    assert_string_equal(words, "This card belongs to an earlier set of records, so nothing was "
                               "changed. /cppo list shows the requests of today, and /cppo show "
                               "CPPO-2 today's request of that number.");
    free(words);
}

static void cards_of_an_earlier_book_may_have_been_of_any_kind(void **state)
{
    (void)state;
    flows_do(forget_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORDS_TEST(those_who_may_not_read_its_name),
        WORDS_TEST(a_second_approval_in_a_list_is_answered),
        WORDS_TEST(those_who_may_not_request_read_its_name),
        WORDS_TEST(another_s_change_is_refused_in_its_name),
        WORDS_TEST(an_approval_that_is_lost_is_said_in_its_name),
        WORDS_TEST(a_way_to_change_it_is_named_that_there_is),
        WORDS_TEST(one_that_cannot_be_read_is_called_by_its_name),
        WORDS_TEST(what_a_restored_file_holds_back_is_called_by_its_name),
        WORDS_TEST(together_they_are_requests),
        WORDS_TEST(cards_of_an_earlier_book_may_have_been_of_any_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
