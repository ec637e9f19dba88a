/* The form of an offer follows what is chosen in it, and loses nothing by that. */
#include "change_fixture.h"

#define BLOCKS                                                                                     \
    SELECT("authorization", OPTION("resaleauthz-1") "," OPTION("resaleauthz-2"))                   \
    "," TEXT("customer") "," SELECT("term", OPTION("P3650D") "," OPTION("as_authorized"))

static void choose(const char *user, const char *hash, const char *ts, const char *id)
{
    char *action =
        text_format("{'action_id':'authorization','block_id':'authorization','selected_option':"
                    "{'value':'%s'},",
                    id);
    change(user, hash, ts, action, BLOCKS, TYPED("customer", "Acme") "," HOLDS("term", "P3650D"));
    free(action);
}

static void extend_another(struct turn *turn, const void *unused)
{
    static const struct terms terms = {
        .count = 1,
        .lines = {{.kind = TERM_UNIT, .key = "Hosts", .amount = "0.5", .currency = "USD"}}};
    struct authorization authorization = {.id = "resaleauthz-2",
                                          .product_id = "prod-2",
                                          .status = "Active",
                                          .unit_price = "0.5",
                                          .currency = "USD",
                                          .duration = "P12M"};
    (void)unused;
    authorizations_put(turn, &authorization, &terms);
}

static void open_world(void)
{
    flows_do(flows_know, NULL);
    flows_do(extend_another, NULL);
}

/* Its hash names the form as it was, what was typed stays, and the term that fits is chosen. */
static void a_chosen_authorization_shows_what_it_allows(void **state)
{
    (void)state;
    open_world();
    choose("U0SELLER", "h0", "1.1", "resaleauthz-2");
    const struct sent *update = flows_expect("slack:views.update", "prod-2");
    assert_non_null(strstr(update->body, "\"hash\":\"h0\""));
    assert_non_null(strstr(update->body, "Hosts: 0.5 USD per unit used"));
    assert_non_null(strstr(update->body, "\"initial_value\":\"Acme\""));
    assert_non_null(strstr(update->body, "\"term.1\""));
    assert_non_null(strstr(update->body, "runs for 12 months, as authorized"));
}

static void the_opened_form_tells_of_the_one_that_is_chosen(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    type("U0SELLER", "new");
    const struct sent *form = flows_expect("slack:views.open", "offer_form");
    assert_non_null(strstr(form->body, "*Product* prod-1"));
    assert_non_null(strstr(form->body, "PremiumUnits: 0.0075 USD per unit used"));
}

/* Enter in the field of the markup, or the button below it. */
static void a_typed_markup_or_price_shows_what_the_customer_pays(void **state)
{
    (void)state;
    open_world();
    change("U0SELLER", "h0", "1.1",
           "{'action_id':'markup','block_id':'markup','type':'plain_text_input','value':'20',",
           BLOCKS "," TEXT("markup"),
           HOLDS("authorization", "resaleauthz-1") "," TYPED("markup", "20"));
    flows_expect("slack:views.update", "PremiumUnits: 0.009 USD per unit used · our margin 0.0015");
    change("U0SELLER", "h0", "1.2", "{'action_id':'preview','block_id':'markup_words','value':'-',",
           BLOCKS "," TEXT("markup"),
           HOLDS("authorization", "resaleauthz-2") "," TYPED("markup", "=0.75"));
    const struct sent *update = flows_expect("slack:views.update", "0.75 USD is a markup of 50 %");
    assert_non_null(strstr(update->body, "\"initial_value\":\"=0.75\""));
}

/* Neither who is unknown, nor who may not request, by whatever they send. */
static void prices_are_not_shown_to_who_may_not_request(void **state)
{
    (void)state;
    open_world();
    flows_do(become_guest, "U0GUEST");
    choose("U0GUEST", "h0", "1.1", "resaleauthz-2");
    choose("U0NOBODY", "h0", "1.2", "resaleauthz-2");
    assert_null(flows_find("slack:views.update", "prod-2"));
    assert_null(flows_find("slack:views.update", "0.5 USD"));
}

static void one_that_is_gone_is_told(void **state)
{
    (void)state;
    open_world();
    choose("U0SELLER", "h0", "1.1", "resaleauthz-3");
    flows_expect("slack:views.update", "AWS no longer names this authorization");
}

/* Both were made of the form as it first was. Slack takes the first, and refuses the second, which
 * is the newer: that one goes out again. */
static void of_two_quick_choices_the_newest_is_shown(void **state)
{
    (void)state;
    open_world();
    choose("U0SELLER", "h0", "1.1", "resaleauthz-1");
    choose("U0SELLER", "h0", "1.2", "resaleauthz-2");
    flows_answer("slack:views.update", "prod-1", "{\"ok\":true}");
    flows_fail("slack:views.update", "prod-2", OUTCOME_REFUSED, "hash_conflict");
    const struct sent *again = flows_expect("slack:views.update", "prod-2");
    assert_null(strstr(again->body, "\"hash\""));
    flows_answer("slack:views.update", "prod-2", "{\"ok\":true}");
    assert_null(flows_find("slack:views.update", ""));
}

/* The other way round: what is older is not shown over what is newer. */
static void an_older_choice_does_not_come_back(void **state)
{
    (void)state;
    open_world();
    choose("U0SELLER", "h0", "1.1", "resaleauthz-1");
    choose("U0SELLER", "h0", "1.2", "resaleauthz-2");
    flows_answer("slack:views.update", "prod-2", "{\"ok\":true}");
    flows_fail("slack:views.update", "prod-1", OUTCOME_REFUSED, "hash_conflict");
    assert_null(flows_find("slack:views.update", ""));
}

/* The form is closed by then: nothing is to be said or done. */
static void an_update_after_send_is_nothing(void **state)
{
    (void)state;
    open_world();
    choose("U0SELLER", "h0", "1.1", "resaleauthz-1");
    flows_fail("slack:views.update", "prod-1", OUTCOME_REFUSED, "not_found");
    assert_null(flows_find("slack:views.update", ""));
    assert_null(flows_find("slack:chat.postMessage", ""));
    assert_null(flows_find("slack:chat.postEphemeral", ""));
}

/* It has no such blocks, ids or marks; whatever it sends is acknowledged. */
static void the_form_of_an_earlier_version_goes_on_working(void **state)
{
    (void)state;
    open_world();
    change("U0SELLER", "", "1.1", CHOOSES("eula", "custom"),
           SELECT("eula", OPTION("as_authorized") "," OPTION("custom")), HOLDS("eula", "custom"));
    expect_acked("");
    change("U0SELLER", "", "1.2", CHOOSES("eula", "custom"),
           BLOCKS "," SELECT("eula", OPTION("as_authorized") "," OPTION("custom")),
           HOLDS("authorization", "resaleauthz-1") "," HOLDS("eula", "custom"));
    const struct sent *update = flows_expect("slack:views.update", "eula_url");
    assert_null(strstr(update->body, "\"hash\""));
    change("U0SELLER", "h0", "1.3", CHOOSES("authorization", "resaleauthz-1"), "", "");
    change("U0SELLER", "h0", "1.4", "{'action_id':'authorization',", "'x',null", "'x':7");
}

/* --- behind More --- */

/* By the form that the bot itself opened, as Slack sends it back. */
static void send_opened(const char *type, const char *more, const char *state)
{
    const struct sent *open = flows_expect("slack:views.open", "offer_form");
    json_t *body = json_loads(open->body, 0, NULL);
    json_t *payload = json_pack("{s:s, s:{s:s}, s:O}", "type", type, "user", "id", "U0SELLER",
                                "view", json_object_get(body, "view"));
    json_t *view = json_object_get(payload, "view");
    json_object_update_new(payload, json_loads(more, 0, NULL));
    json_object_update_new(view, json_loads(state, 0, NULL));
    char *text = json_dumps(payload, 0);
    send_envelope("interactive", text);
    free(text);
    json_decref(payload);
    json_decref(body);
}

#define FEW                                                                                        \
    "{\"id\":\"V1\",\"state\":{\"values\":{"                                                       \
    "\"authorization\":{\"authorization\":{\"selected_option\":{\"value\":\"resaleauthz-1\"}}},"   \
    "\"customer\":{\"customer\":{\"value\":\"Example Corp\"}},"                                    \
    "\"buyers\":{\"buyers\":{\"value\":\"123456789012\"}},"                                        \
    "\"markup\":{\"markup\":{\"value\":\"25\"}},"                                                  \
    "\"accept_by\":{\"accept_by\":{\"selected_date\":\"2027-01-20\"}}}}}"

static void what_is_behind_more_is_sent_too(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    type("U0SELLER", "new");
    send_opened("view_submission", "{}", FEW);
    const struct sent *card = flows_expect("slack:chat.postMessage", "CPPO-1");
    assert_non_null(strstr(card->body, "Example Corp"));
    assert_int_equal(store_int(flows.store,
                               "SELECT count(*) FROM revision WHERE content LIKE "
                               "'%Archera - Subscription%term=P3650D%'",
                               SQL_NO_ARGS, 0),
                     1);
}

static void the_button_shows_them(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    type("U0SELLER", "new");
    send_opened("block_actions",
                "{\"actions\":[{\"action_id\":\"more\",\"block_id\":\"more\",\"value\":\"-\","
                "\"action_ts\":\"1.1\"}]}",
                FEW);
    const struct sent *update = flows_expect("slack:views.update", "\"offer_name\"");
    assert_non_null(strstr(update->body, "Example Corp"));
    assert_null(strstr(update->body, "\"block_id\":\"more\""));
}

/* Somebody has other values than the usual ones in mind: they are seen at once. */
static void what_is_not_as_usual_is_not_hidden(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    type("U0SELLER", "new Acme 5 years");
    const struct sent *form = flows_expect("slack:views.open", "\"block_id\":\"term\"");
    assert_null(strstr(form->body, "\"block_id\":\"more\""));
}

/* An error can only be shown beside a field that is there: the form comes back with it. */
static void what_is_wrong_behind_more_comes_out(void **state)
{
    (void)state;
    flows_do(flows_know, NULL);
    flows_do(extend_another, NULL);
    type("U0SELLER", "new authorization=Archera-Us");
    char *other = mem_copy(FEW);
    strstr(other, "resaleauthz-1")[12] = '2'; /* which fixes the term */
    send_opened("view_submission", "{}", other);
    expect_acked("\"response_action\":\"update\"");
    expect_acked("\"block_id\":\"term");
    expect_acked("⚠️");
    free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOWS_TEST(a_chosen_authorization_shows_what_it_allows),
        FLOWS_TEST(the_opened_form_tells_of_the_one_that_is_chosen),
        FLOWS_TEST(a_typed_markup_or_price_shows_what_the_customer_pays),
        FLOWS_TEST(prices_are_not_shown_to_who_may_not_request),
        FLOWS_TEST(one_that_is_gone_is_told),
        FLOWS_TEST(of_two_quick_choices_the_newest_is_shown),
        FLOWS_TEST(an_older_choice_does_not_come_back),
        FLOWS_TEST(an_update_after_send_is_nothing),
        FLOWS_TEST(the_form_of_an_earlier_version_goes_on_working),
        FLOWS_TEST(what_is_behind_more_is_sent_too),
        FLOWS_TEST(the_button_shows_them),
        FLOWS_TEST(what_is_not_as_usual_is_not_hidden),
        FLOWS_TEST(what_is_wrong_behind_more_comes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
