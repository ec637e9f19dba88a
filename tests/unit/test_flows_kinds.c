/* A second kind of request: the extension of an offer that is out, whose doing is a test's. All
 * that people see and decide of it comes from its row; nothing else knows it. */
#include "kinds_fixture.h"

#include "flows/cards.h"
#include "flows/cards_load.h"
#include "flows/listing.h"
#include "flows/moves.h"

/* --- its doing --- */

static bool waits;      /* it does not begin */
static int began, left; /* how often it was to be done; or was not to be done any more */

static void on_move(struct turn *turn, const struct moved *moved)
{
    struct request request = *moved->request;
    assert_ptr_equal(request.kind, &trial_kind);
    began += request.state == STATE_UNDER_WAY;
    left += request.state == STATE_WITHDRAWN;
    if (request.state == STATE_APPROVED && !waits)
        assert_true(moves_apply(turn, &request, EVENT_BEGIN, actor_bot(), ""));
}

static int woken;

static void on_wake(struct turn *turn, const struct request *request)
{
    (void)turn;
    assert_ptr_equal(request->kind, &trial_kind);
    woken++;
}

static const struct flow trial_flow = {.kind = "trial", .on_move = on_move, .on_wake = on_wake};

static int set_up(void **state)
{
    enum { ROOM = 64 };
    static const struct flow *all[ROOM];
    size_t count = 0;
    voted = approving = hindered = retrying = began = left = woken = 0;
    waits = waits_for_operators = false;
    if (flows_set_up(state) != 0)
        return -1;
    for (; bot_flows[count] != NULL; count++)
        all[count] = bot_flows[count];
    assert_true(count + 1 < ROOM);
    all[count] = &trial_flow;
    all[count + 1] = NULL;
    flows.app.flows = all;
    flows_submit();
    flows_forget_slack();
    store_run(flows.store,
              "UPDATE request SET state = 'published', published_at = 1 WHERE number = 1",
              SQL_NO_ARGS);
    return 0;
}

#define KINDS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, flows_tear_down)

/* --- what came of it --- */

/* How the card reads by now. */
static char *card_body(void)
{
    char *newest = NULL;
    settle();
    for (size_t i = 0; i < flows.count; i++) {
        bool card = strstr(flows.sent[i].body, "\"channel\":\"C0APPROVALS\"") != NULL &&
                    strstr(flows.sent[i].body, "CPPO-2 · ") != NULL;
        if (card)
            newest = flows.sent[i].body;
    }
    assert_non_null(newest);
    return newest;
}

static int64_t rows(const char *sql)
{
    return store_int(flows.store, sql, SQL_NO_ARGS, -1);
}

static void end_it(struct turn *turn, const void *about)
{
    struct request request;
    assert_true(requests_get(turn, 2, &request));
    if (about != NULL)
        assert_true(moves_fail(turn, 2, actor_aws(), true, "%s", (const char *)about));
    else
        assert_true(moves_apply(turn, &request, EVENT_FINISH, actor_aws(), ""));
}

/* --- what it shows --- */

static void it_is_shown_in_its_own_words(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    assert_string_equal(flows_state(2), "pending");
    assert_int_equal(rows("SELECT subject FROM request WHERE number = 2 AND kind = 'trial'"), 1);
    const char *card = card_body();
    expect_in(card, "CPPO-2 · Extension of CPPO-1");
    expect_in(card, "CPPO-2, Extension of CPPO-1: Waiting for approval (revision 1)");
    expect_in(card, "*New accept-by date*\\n2027-02-28 (now 2027-01-20)");
    expect_in(card, "The board <meets> later");
    expect_in(card, "until 2027-02-28");
    expect_in(card, "Any one of <@U0APPROVER> can approve");
    expect_in(card, "Extend this offer?");
    expect_in(card, "Withdraw this extension?");
    expect_in(card, "The offer keeps its date.");
    expect_in(card, "\"action_id\":\"trial_edit\"");
    expect_not_in(card, "Markup");
    expect_not_in(card, "Release");
    expect_not_in(card, "published");
    said("*CPPO-2* · Extension of CPPO-1");
}

static void show_lists(struct turn *turn, const void *unused)
{
    char *list = listing_show(turn, "U0SELLER", false, "by:me");
    (void)unused;
    expect_in(list, "Extension of CPPO-1 · until 2027-02-28 · a moment ago");
    expect_in(list, "Example Corp · accept by 2027-01-20");
    free(list);
}

static void show_form(struct turn *turn, const void *unused)
{
    struct loaded_card *loaded = cards_load(turn, 2);
    json_t *form = card_approval(cards_view(loaded), "origin");
    char *text = json_dumps(form, JSON_COMPACT);
    (void)unused;
    expect_in(text, "*Extend this offer?* A date is not taken back.");
    free(text);
    json_decref(form);
    cards_free(loaded);
}

/* The details, and the form that shows more than a dialog holds. */
static void all_of_it_is_shown_too(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    flows_decide(&details_action, 2, "U0APPROVER");
    said("CPPO-2 · Extension of CPPO-1");
    said("sent it for approval");
    flows_do(show_form, NULL);
}

static void it_stands_in_lists_beside_offers(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    flows_do(show_lists, NULL);
}

/* --- deciding --- */

static void it_is_voted_approved_and_done(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    flows_decide(&approve_action, 2, "U0SELLER"); /* their own */
    assert_string_equal(flows_state(2), "pending");
    flows_decide(&approve_action, 2, "U0APPROVER");
    assert_string_equal(flows_state(2), "under_way");
    assert_int_equal(voted, 1);
    assert_int_equal(approving, 1);
    assert_int_equal(hindered, 0);
    assert_int_equal(began, 1);
    assert_int_equal(rows("SELECT count(*) FROM vote WHERE request = 2 AND verdict = 'approve' AND"
                          " saw LIKE 'CPPO-2 revision 1%subject=1%accept_by=2027-02-28%'"),
                     1);
    expect_in(card_body(), "*Extending*");
    expect_in(card_body(), "AWS is moving the date.");
    flows_do(end_it, NULL);
    assert_string_equal(flows_state(2), "done");
    expect_in(card_body(), "*Extended*");
    expect_in(card_body(), "Extended on AWS (");
    said("*Extended.* The buyer has longer now.");
    assert_string_equal(flows_state(1), "published");
}

static void release_it(struct turn *turn, const void *unused)
{
    struct request request;
    (void)unused;
    assert_true(requests_get(turn, 2, &request));
    assert_true(moves_apply(turn, &request, EVENT_RELEASE, actor_aws(), ""));
    cards_announce(turn, 2);
}

/* What a kind does not announce is not announced, whatever becomes of it. */
static void it_is_not_announced(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    flows_decide(&approve_action, 2, "U0APPROVER");
    flows_do(release_it, NULL);
    assert_string_equal(flows_state(2), "published");
    assert_int_equal(rows("SELECT count(*) FROM post WHERE request = 2 AND kind = 'card'"), 1);
    assert_int_equal(rows("SELECT count(*) FROM post WHERE request = 2"), 1);
}

static void its_history_is_its_own(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    flows_decide(&approve_action, 2, "U0APPROVER");
    flows_do(end_it, NULL);
    static const char *const steps[] = {
        "draft submit pending U0SELLER", "pending approve approved U0APPROVER",
        "approved begin under_way bot", "under_way finish done aws"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            store_int(
                flows.store,
                "SELECT count(*) FROM move WHERE request = 2 AND step = ? AND from_state || ' '"
                " || event || ' ' || to_state || ' ' || who = ?",
                SQL_ARGS(SQL_INT((int64_t)i + 1), SQL_TEXT(steps[i])), 0),
            1);
    assert_int_equal(rows("SELECT count(*) FROM move WHERE request = 2"), 4);
}

static void what_stands_against_it_is_said(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    store_run(flows.store, "UPDATE request SET state = 'expired' WHERE number = 1", SQL_NO_ARGS);
    flows_decide(&approve_action, 2, "U0APPROVER");
    assert_string_equal(flows_state(2), "pending");
    said("CPPO-2 cannot be approved: CPPO-1 is not out.");
    assert_int_equal(voted, 0);
    assert_int_equal(hindered, 1);
}

static void it_fails_and_is_tried_again(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    flows_decide(&approve_action, 2, "U0APPROVER");
    expect_in(card_body(), "*Extending*");
    flows_do(end_it, "AWS is away.");
    assert_string_equal(flows_state(2), "failed");
    expect_in(card_body(), "*Failed*");
    said("CPPO-2 could not be extended: AWS is away.");
    waits_for_operators = true;
    flows_decide(&retry_action, 2, "U0APPROVER");
    assert_string_equal(flows_state(2), "failed");
    said("CPPO-2 waits: U0APPROVER runs no bot.");
    assert_int_equal(retrying, 0);
    waits_for_operators = false;
    flows_decide(&retry_action, 2, "U0APPROVER");
    assert_string_equal(flows_state(2), "under_way");
    assert_int_equal(retrying, 1);
    assert_int_equal(began, 2);
}

static void it_is_taken_back(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    flows_decide(&withdraw_action, 2, "U0SELLER");
    assert_string_equal(flows_state(2), "withdrawn");
    assert_int_equal(left, 1);
    expect_not_in(card_body(), "/cppo new");
}

static void another_date_is_another_revision(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    request("form 1", "2027-02-28", 0); /* the same again */
    assert_int_equal(rows("SELECT count(*) FROM request"), 2);
    expect_in(refused("form 1", "2027-03-01", 0), "already created from this form");
    expect_in(refused("form 2", "2027-02-28", 2), "already says this");
    request("form 3", "2027-03-15", 2);
    assert_int_equal(rows("SELECT revision FROM request WHERE number = 2"), 2);
    expect_in(card_body(), "Accept by: 2027-02-28 → 2027-03-15");
    flows_decide(&approve_action, 2, "U0APPROVER"); /* of what is no longer asked */
    assert_string_equal(flows_state(2), "pending");
}

/* --- offers are left alone --- */

static void look_for_offers(struct turn *turn, const void *unused)
{
    struct request request;
    (void)unused;
    assert_false(offers_get(turn, 2, &request));
    assert_true(requests_get(turn, 2, &request));
    assert_string_equal(request.kind->name, "trial");
    assert_true(requests_next(turn, STATES_GOING, 0, &request));
    assert_false(offers_next(turn, STATES_GOING, 0, &request));
    moves_wake_all(turn, STATES_GOING);
}

/* What publishes offers hears nothing of it, and would know nothing of it. */
static void no_offer_is_made_of_it(void **state)
{
    (void)state;
    size_t looks = flows_count("aws:DescribeEntity", "");
    size_t sets = flows_count("aws:StartChangeSet", "");
    waits = true;
    request("form 1", "2027-02-28", 0);
    flows_decide(&approve_action, 2, "U0APPROVER");
    assert_string_equal(flows_state(2), "approved");
    flows_do(look_for_offers, NULL);
    assert_int_equal(woken, 1);
    flows_pass(60000);
    assert_string_equal(flows_state(2), "approved");
    assert_int_equal(flows_count("aws:DescribeEntity", ""), looks);
    assert_int_equal(flows_count("aws:StartChangeSet", ""), sets);
    assert_int_equal(rows("SELECT count(*) FROM draft WHERE offer = 2"), 0);
    assert_int_equal(rows("SELECT count(*) FROM claim WHERE offer = 2"), 0);
    assert_int_equal(rows("SELECT count(*) FROM timer WHERE name = 'offer.lapse' AND subject = 2"),
                     0);
}

/* What the file does not know any more, its card does. */
static void a_restored_file_asks_its_card(void **state)
{
    (void)state;
    waits = true;
    request("form 1", "2027-02-28", 0);
    flows_decide(&approve_action, 2, "U0APPROVER");
    kinds_find_card("done", 1); /* it was done since: not twice */
    assert_string_equal(flows_state(2), "failed");
    assert_int_equal(began, 0);
    assert_int_equal(flows_count("slack:chat.postMessage", "missing from my records"), 0);
}

static void a_later_revision_on_its_card_counts(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    kinds_find_card("pending", 3);
    assert_int_equal(rows("SELECT revision FROM request WHERE number = 2"), 4);
    assert_string_equal(flows_state(2), "pending");
    expect_in(card_body(), "2027-02-28");
}

/* What a kind does not say is left out, also of what changed from revision to revision. */
static void what_a_kind_does_not_say_is_left_out(void **state)
{
    struct pending_action approval = {
        .what = &approve_action, .request = 2, .revision = 2, .person = "U0APPROVER"};
    (void)state;
    request_of(&bare_kind, "form 1", "2027-02-28", 0);
    request_of(&bare_kind, "form 2", "2027-03-31", 2);
    assert_int_equal(rows("SELECT revision FROM request WHERE number = 2"), 2);
    settle();
    assert_true(flows_count("slack:chat.postMessage", "CPPO-2") > 0);
    flows_do(flows_judge_click, &approval);
    assert_string_equal(flows_state(2), "approved");
    settle();
}

/* And what was stored is so for the next process. */
static void it_outlives_the_process(void **state)
{
    (void)state;
    request("form 1", "2027-02-28", 0);
    flows_stop();
    flows_start();
    flows_decide(&approve_action, 2, "U0APPROVER");
    assert_string_equal(flows_state(2), "under_way");
    expect_in(card_body(), "*Extending*");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KINDS_TEST(it_is_shown_in_its_own_words),
        KINDS_TEST(all_of_it_is_shown_too),
        KINDS_TEST(it_stands_in_lists_beside_offers),
        KINDS_TEST(it_is_voted_approved_and_done),
        KINDS_TEST(it_is_not_announced),
        KINDS_TEST(its_history_is_its_own),
        KINDS_TEST(what_stands_against_it_is_said),
        KINDS_TEST(it_fails_and_is_tried_again),
        KINDS_TEST(it_is_taken_back),
        KINDS_TEST(another_date_is_another_revision),
        KINDS_TEST(no_offer_is_made_of_it),
        KINDS_TEST(a_restored_file_asks_its_card),
        KINDS_TEST(a_later_revision_on_its_card_counts),
        KINDS_TEST(what_a_kind_does_not_say_is_left_out),
        KINDS_TEST(it_outlives_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
