/* Who may, is looked up at the click. */
#include "handlers_fixture.h"

#include "flows/actions.h"
#include "flows/authorized.h"
#include "flows/cards_load.h"

static void click(struct turn *turn, const void *about)
{
    const struct pending_action pending = flows_click(turn, about);
    actions_now_or_later(turn, &pending, NULL);
}

static const struct pending_action approval = {
    .what = &approve_action, .request = 1, .revision = 1, .person = "U0APPROVER"};

/* An hour later the clock is an hour back: what was read is as old as it is. */
static void a_clock_set_back_does_not_make_an_old_list_fresh(void **state)
{
    (void)state;
    flows_submit();
    flows.set_by -= HOUR_MS;
    flows_do(click, &approval);
    assert_string_equal(flows_state(1), "pending");
    flows_answer("slack:users.info", "U0APPROVER",
                 "{\"ok\":true,\"user\":{\"id\":\"U0APPROVER\",\"team_id\":\"T0HOME\","
                 "\"is_restricted\":true}}");
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(flows_count("slack:chat.postMessage", "Guests cannot"), 1);
}

static void a_click_that_cannot_be_judged_in_time_lapses_and_is_told(void **state)
{
    (void)state;
    flows_submit();
    flows.now += HOUR_MS;
    flows_do(click, &approval);
    flows_pass(31000);
    assert_int_equal(flows_count("slack:chat.postMessage", "Please click again"), 1);
    flows_answer("slack:users.info", "U0APPROVER",
                 "{\"ok\":true,\"user\":{\"id\":\"U0APPROVER\",\"team_id\":\"T0HOME\"}}");
    assert_string_equal(flows_state(1), "pending");
}

/* What ${run} writes to the log (on the heap). */
static char *logged(void (*run)(void))
{
    FILE *file = tmpfile();
    int before = dup(STDERR_FILENO);
    char *text = mem_new(1, 4001);
    assert_non_null(file);
    dup2(fileno(file), STDERR_FILENO);
    log_set_level(LOG_LEVEL_INFO);
    run();
    log_flush();
    log_set_level(LOG_LEVEL_ERROR);
    dup2(before, STDERR_FILENO);
    close(before);
    rewind(file);
    text[fread(text, 1, 4000, file)] = '\0';
    fclose(file);
    return text;
}

static void approve_own(void)
{
    flows_decide(&approve_action, 1, "U0SELLER");
}

/* Whoever tried what they may not leaves a line, with what and why. */
static void a_refused_click_stands_in_the_log(void **state)
{
    static const char *const parts[] = {"event=\"action refused\"", "who=\"U0SELLER\"",
                                        "what=\"approve\"", "request=1",
                                        "why=\"You requested this offer"};
    (void)state;
    flows_submit();
    char *text = logged(approve_own);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strstr(text, parts[i]) == NULL)
            fail_msg("%s is not in: %s", parts[i], text);
    }
    free(text);
    assert_string_equal(flows_state(1), "pending");
}

static void type_new(void)
{
    type("U0GUEST", "new");
}

static void type_list(void)
{
    type("U0GUEST", "list");
}

static void type_edit(void)
{
    type("U0GUEST", "edit CPPO-1");
}

static void send_form(void)
{
    send_change("U0GUEST", "f2", "Another");
}

static void press_old_card(void)
{
    send_envelope("interactive",
                  "{\"type\":\"block_actions\",\"user\":{\"id\":\"U0GUEST\"},\"container\":{"
                  "\"message_ts\":\"1.1\",\"channel_id\":\"C0APPROVALS\"},\"actions\":[{"
                  "\"action_id\":\"withdraw\",\"value\":\"1.1.0123456789abcdef01234567\","
                  "\"action_ts\":\"2.1\"}]}");
}

static void send_old_reason(void)
{
    send_envelope("interactive",
                  "{\"type\":\"view_submission\",\"user\":{\"id\":\"U0GUEST\"},\"view\":{\"id\":"
                  "\"V1\",\"callback_id\":\"reject_form\",\"private_metadata\":\"{\\\"form\\\":"
                  "\\\"f9\\\",\\\"request\\\":1,\\\"revision\\\":1,\\\"digest\\\":"
                  "\\\"0123456789abcdef01234567\\\"}\",\"state\":{\"values\":{\"reason\":{"
                  "\"reason\":{\"type\":\"plain_text_input\",\"value\":\"No\"}}}}}}");
}

/* So does whoever is refused before anything is done: a form, a list, a button of another book. */
static void whatever_is_refused_stands_in_the_log(void **state)
{
    static const struct {
        void (*what)(void);
        const char *name, *why;
    } cases[] = {
        {type_new, "what=\"new_offer\" request=0", "why=\"Guests cannot do this"},
        {type_list, "what=\"list\" request=0", "why=\"Guests cannot do this"},
        {type_edit, "what=\"edit\" request=1", "why=\""},
        {send_form, "what=\"change\" request=1", "why=\""},
        {press_old_card, "what=\"withdraw\" request=1", "why=\"This card belongs to an earlier"},
        {send_old_reason, "what=\"reject_form\" request=1",
         "why=\"This form belongs to an earlier"},
    };
    (void)state;
    flows_submit();
    flows_do(become_guest, "U0GUEST");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = logged(cases[i].what);
        if (strstr(text, "event=\"action refused\"") == NULL ||
            strstr(text, "who=\"U0GUEST\"") == NULL || strstr(text, cases[i].name) == NULL ||
            strstr(text, cases[i].why) == NULL)
            fail_msg("%s is not in: %s", cases[i].name, text);
        free(text);
    }
}

static void move(struct turn *turn, const void *who)
{
    struct request request;
    offers_get(turn, 1, &request);
    requests_move(turn, &request, EVENT_APPROVE, actor_named(who), "");
}

/* Whatever a list or a handler got wrong: the book itself does not take it. */
static void nobody_but_another_person_approves(void **state)
{
    static const char *const others[] = {"U0SELLER", "bot", "aws"};
    (void)state;
    flows_submit();
    for (size_t i = 0; i < 3; i++) {
        flows_do(move, others[i]);
        assert_string_equal(flows_state(1), "pending");
    }
    flows_do(move, "U0APPROVER");
    assert_string_equal(flows_state(1), "approved");
}

/* With every decision stands what was seen, its hash, and the rule. */
static void a_decision_is_kept_with_what_was_seen(void **state)
{
    static const struct {
        const struct action_type *what;
        const char *verdict;
    } cases[] = {{&approve_action, "approve"},
                 {&reject_action, "reject"},
                 {&request_changes_action, "request_changes"}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        int64_t request = (int64_t)i + 1;
        flows_submit();
        flows_decide(cases[i].what, request, "U0APPROVER");
        assert_int_equal(
            store_int(flows.store,
                      "SELECT count(*) FROM vote WHERE request = ? AND verdict = ?"
                      " AND person = 'U0APPROVER' AND saw LIKE '%markup=25%unit_price=0.009375%'"
                      " AND length(digest) = 64 AND rule LIKE 'Any one of%'",
                      SQL_ARGS(SQL_INT(request), SQL_TEXT(cases[i].verdict)), 0),
            1);
    }
}

/* Another price at AWS, written so. */
static void change_price(struct turn *turn, const void *price)
{
    struct authorization authorization;
    struct terms terms;
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    authorizations_terms(turn, authorization.id, &terms);
    text_fit(terms.lines[0].amount, DECIMAL_TEXT, price);
    authorized_store(turn, &authorization, &terms, 0);
}

/* Click on a card that is as ${about}, a digest, says. */
static void click_shown(struct turn *turn, const void *about)
{
    struct pending_action pending = approval;
    text_fit(pending.digest, sizeof(pending.digest), about);
    flows_judge(turn, &pending);
}

/* The digest that the card's button has now. */
static void read_shown(struct turn *turn, const void *about)
{
    char *digest;
    struct loaded_card *loaded = cards_load(turn, 1);
    memcpy(&digest, about, sizeof(digest));
    text_fit(digest, REFERENCE_DIGEST, cards_view(loaded)->request->digest);
    reference_cover(digest, cards_view(loaded)->covers);
    cards_free(loaded);
}

static void forget_terms(struct turn *turn, const void *unused)
{
    (void)unused;
    store_run(turn_writes(turn), "UPDATE authorization SET read_at = 0", SQL_NO_ARGS);
}

/* An approval covers the prices that its button showed, and no others. */
static void other_prices_than_were_shown_are_not_approved(void **state)
{
    char shown[REFERENCE_DIGEST];
    char *at = shown;
    (void)state;
    flows_submit();
    flows_do(read_shown, &at);
    assert_int_equal(strlen(reference_covers(shown)), COVERS_TEXT - 1);
    flows_do(change_price, "0.0080");
    flows_do(click_shown, shown);
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(flows_count("slack:chat.postMessage", "terms of CPPO-1 as they are now"), 1);
    flows_do(change_price, "0.00750"); /* the same again, in other words */
    flows_do(click_shown, shown);
    assert_string_equal(flows_state(1), "approved");
}

/* The card said that they are not known yet; they are, by the time of the click. */
static void a_button_that_showed_no_price_approves_none(void **state)
{
    char shown[REFERENCE_DIGEST];
    char *at = shown;
    (void)state;
    flows_submit();
    flows_do(forget_terms, NULL);
    flows_do(read_shown, &at);
    assert_string_equal(reference_covers(shown), "");
    flows_do(change_price, "0.008");
    flows_do(click_shown, shown);
    assert_string_equal(flows_state(1), "pending");
    assert_int_equal(flows_count("slack:chat.postMessage", "terms of CPPO-1 as they are now"), 1);
}

static void add_instalment(struct turn *turn, const void *unused)
{
    struct authorization authorization;
    struct terms terms;
    const struct term_line due = {.kind = TERM_INSTALMENT, .key = "2027-08-01", .amount = "100"};
    (void)unused;
    assert_true(authorizations_get(turn, "resaleauthz-1", &authorization));
    authorizations_terms(turn, authorization.id, &terms);
    terms_add(&terms, &due);
    authorized_store(turn, &authorization, &terms, 0);
}

/* Not the one price of its row alone: any amount stands on the card. */
static void another_amount_is_on_the_card_at_once(void **state)
{
    (void)state;
    flows_submit();
    flows_settle_slack();
    flows_do(add_instalment, NULL);
    flows_settle_slack();
    assert_true(flows_count("slack:chat.update", "Due 2027-08-01: ") > 0);
}

static void add_draft(struct turn *turn, const void *content)
{
    flows_draft(turn, "U0NEW", content, "form-2");
}

static void wait_action(struct turn *turn, const void *about)
{
    const struct pending_action pending = flows_click(turn, about);
    actions_later(turn, &pending, NULL);
}

/* The form was sent in once and is not lost; a reason that was typed comes back. */
static void what_was_typed_outlives_a_lapse(void **state)
{
    static const struct pending_action rejection = {.what = &reject_action,
                                                    .request = 1,
                                                    .revision = 1,
                                                    .person = "U0APPROVER",
                                                    .reason = "No budget <@U0MIA>"};
    static const struct pending_action submission = {
        .what = &submit_action, .request = 2, .revision = 1, .person = "U0NEW"};
    struct content content = flows_content();
    (void)state;
    flows_submit();
    flows.now += HOUR_MS;
    flows_do(wait_action, &rejection);
    flows_do(add_draft, &content);
    flows_do(wait_action, &submission);
    flows_pass(31000);
    assert_int_equal(flows_count("slack:chat.postMessage", "No budget <@U0MIA>"), 1);
    assert_int_equal(flows_count("slack:chat.postMessage", "CPPO-2 is saved"), 1);
    flows_pass(31000);
    flows_pass(31000);
    assert_int_equal(flows_count("slack:chat.postMessage", "CPPO-2 is saved"), 1);
    assert_string_equal(flows_state(2), "draft");
    flows_answer("slack:users.info", "U0NEW",
                 "{\"ok\":true,\"user\":{\"id\":\"U0NEW\",\"team_id\":\"T0HOME\"}}");
    assert_string_equal(flows_state(2), "pending");
    assert_string_equal(flows_state(1), "pending");
}

/* A new form, and who sent it in is not known yet. */
static void send_in(struct turn *turn, const void *number)
{
    struct content content = flows_content();
    char form[20];
    struct pending_action submission = {.what = &submit_action,
                                        .request = *(const int64_t *)number,
                                        .revision = 1,
                                        .person = "U0NEW"};
    snprintf(form, sizeof(form), "form-%lld", (long long)submission.request);
    flows_draft(turn, "U0NEW", &content, form);
    wait_action(turn, &submission);
}

/* Not in one turn, however many hang on it: others are answered in between. */
static void an_answer_for_many_keeps_nobody_waiting(void **state)
{
    enum { MANY = 40 };
    (void)state;
    for (int64_t i = 1; i <= MANY; i++)
        flows_do(send_in, &i);
    struct sent *asked = flows_expect("slack:users.info", "U0NEW");
    json_t *reply =
        json_pack("{s:b, s:{s:s, s:s}}", "ok", 1, "user", "id", "U0NEW", "team_id", "T0HOME");
    asked->open = false;
    engine_result(flows.engine, asked->effect,
                  &(struct completion){.outcome = OUTCOME_OK, .reply = reply});
    json_decref(reply);
    assert_string_equal(flows_state(1), "pending");
    assert_string_equal(flows_state(MANY), "draft");
    flows_pass(0);
    for (int i = 1; i <= MANY; i++)
        assert_string_equal(flows_state(i), "pending");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_refused_click_stands_in_the_log),
        FLOWS_TEST(whatever_is_refused_stands_in_the_log),
        FLOWS_TEST(a_clock_set_back_does_not_make_an_old_list_fresh),
        FLOWS_TEST(nobody_but_another_person_approves),
        FLOWS_TEST(a_decision_is_kept_with_what_was_seen),
        FLOWS_TEST(other_prices_than_were_shown_are_not_approved),
        FLOWS_TEST(a_button_that_showed_no_price_approves_none),
        FLOWS_TEST(another_amount_is_on_the_card_at_once),
        FLOWS_TEST(a_click_that_cannot_be_judged_in_time_lapses_and_is_told),
        FLOWS_TEST(what_was_typed_outlives_a_lapse),
        FLOWS_TEST(an_answer_for_many_keeps_nobody_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
