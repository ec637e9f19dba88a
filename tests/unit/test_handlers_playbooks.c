/* Playbooks in the form, behind `/cppo new`, and on the card. */
#include "change_fixture.h"

#define PLAYBOOKS                                                                                  \
    "playbooks:\n- {name: Gold, tier: gold, term: 5 years, note: by the book}\n"                   \
    "- {name: Plain, tier: silver, expected_unit_price: \"0.01\"}\n"                               \
    "- {name: Boss, markup: 1, for: approvers}\n"

static int set_up(void **state)
{
    char *yaml = text_format("%s" PLAYBOOKS, flows_people);
    (void)state;
    int result = flows_set_up_with(yaml);
    free(yaml);
    flows_do(flows_know, NULL);
    return result;
}

/* What went out before is not looked at any more. */
static void forget(void)
{
    for (size_t i = 0; i < flows.count; i++)
        flows.sent[i].open = false;
}

#define BLOCKS                                                                                     \
    SELECT("playbook", OPTION("-") "," OPTION("Gold") "," OPTION("Plain"))                         \
    "," SELECT("authorization", OPTION("resaleauthz-1")) "," TEXT("customer") "," TEXT(            \
        "markup") "," SELECT("term", OPTION("P3650D") "," OPTION("P1825D")) "," TEXT("note")

/* The playbook is chosen where this markup stands. */
static const struct sent *choose(const char *user, const char *name, const char *markup)
{
    char *action = text_format("{'action_id':'playbook','block_id':'playbook','type':"
                               "'static_select','selected_option':{'value':'%s'},",
                               name);
    char *values = text_format(
        TYPED("customer", "Acme") "," TYPED("markup", "%s") "," HOLDS("term", "P3650D") ",%s",
        markup, HOLDS("authorization", "resaleauthz-1"));
    forget();
    change(user, "h0", "1.1", action, BLOCKS, values);
    free(values);
    free(action);
    return flows_expect("slack:views.update", "offer_form");
}

static void expect_in(const struct sent *sent, const char *words)
{
    if (strstr(sent->body, words) == NULL)
        fail_msg("“%s” is not in: %s", words, sent->body);
}

static void one_fills_in_what_nobody_has_typed(void **state)
{
    (void)state;
    const struct sent *update = choose("U0SELLER", "Gold", "25");
    expect_in(update, "\"initial_value\":\"42.8\"");
    expect_in(update, "\"markup.2\"");
    expect_in(update, "\"term.2\"");
    expect_in(update, "\"initial_value\":\"by the book\"");
    expect_in(update, "\"initial_value\":\"Acme\"");
    expect_in(update, "Matches playbook Gold");
    expect_in(update, "\\\"playbook\\\":\\\"Gold\\\"");
}

static void what_was_typed_stays_and_is_told(void **state)
{
    (void)state;
    const struct sent *update = choose("U0SELLER", "Gold", "31");
    expect_in(update, "\"initial_value\":\"31\"");
    expect_in(update, "Playbook Gold: markup 31 % instead of 42.8 %");
    assert_null(strstr(update->body, "\"markup."));
}

/* Of two choices in one form each has ids of its own: Slack would show the first for the second. */
static void another_choice_comes_under_other_ids(void **state)
{
    (void)state;
    expect_in(choose("U0SELLER", "Gold", "25"), "\"markup.2\"");
    expect_in(choose("U0SELLER", "Plain", "25"), "\"markup.3\"");
}

/* Whatever the form was made to send. */
static void others_cannot_use_it(void **state)
{
    (void)state;
    type("U0SELLER", "new");
    const struct sent *form = flows_expect("slack:views.open", "Plain");
    assert_null(strstr(form->body, "Boss"));
    expect_in(form, "What you have typed yourself stays");
    assert_null(strstr(choose("U0SELLER", "Boss", "25")->body, "\"markup."));
    type("U0APPROVER", "new");
    flows_expect("slack:views.open", "Boss");
}

static void the_line_knows_playbooks(void **state)
{
    (void)state;
    type("U0SELLER", "new gold Acme 25%");
    const struct sent *form = flows_expect("slack:views.open", "offer_form");
    expect_in(form, "\"initial_value\":\"25\"");
    expect_in(form, "5 years");
    expect_in(form, "by the book");
    expect_in(form, "Playbook Gold: markup 25 % instead of 42.8 %");
    forget();
    type("U0SELLER", "new playbook=Boss Acme");
    expect_in(flows_expect("slack:views.open", "offer_form"),
              "“Boss” is not a playbook that you can use");
}

static void send_offer(const char *playbook, const char *form)
{
    char *payload = text_format(
        "{\"type\":\"view_submission\",\"user\":{\"id\":\"U0SELLER\"},\"view\":{\"callback_id\":"
        "\"offer_form\",\"private_metadata\":\"{\\\"form\\\":\\\"%s\\\",\\\"request\\\":0,"
        "\\\"revision\\\":0}\",\"state\":{\"values\":{\"playbook\":{\"playbook\":{\"selected_option"
        "\":{\"value\":\"%s\"}}},%s}}",
        form, playbook, strchr(strchr(FORM_STATE, '{') + 1, '{') + 1);
    send_envelope("interactive", payload);
    free(payload);
}

static void the_card_names_it_and_what_differs(void **state)
{
    (void)state;
    send_offer("Boss", "f1");
    expect_acked("This playbook is not there for you any more");
    send_offer("Plain", "f1");
    const struct sent *card = flows_expect("slack:chat.postMessage", "Playbook Plain");
    expect_in(card, "Playbook Plain: markup 25 % instead of 33.3 %");
    expect_in(card, "is 6.25 % below the expected 0.01");
}

static void an_offer_that_keeps_to_its_own_says_so(void **state)
{
    (void)state;
    struct content content = flows_content();
    text_fit(content.playbook, sizeof(content.playbook), "Plain");
    text_fit(content.markup, sizeof(content.markup), "33.3");
    flows_do(flows_add, &content);
    const struct sent *card = flows_expect("slack:chat.postMessage", "CPPO-1");
    expect_in(card, "Matches playbook Plain");
    assert_null(strstr(card->body, "below the expected"));
}

static void the_card_of_an_offer_without_one_says_nothing_of_them(void **state)
{
    (void)state;
    send_offer("-", "f1");
    assert_null(strstr(flows_expect("slack:chat.postMessage", "CPPO-1")->body, "laybook"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, flows_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(one_fills_in_what_nobody_has_typed),
        TEST(what_was_typed_stays_and_is_told),
        TEST(another_choice_comes_under_other_ids),
        TEST(others_cannot_use_it),
        TEST(the_line_knows_playbooks),
        TEST(the_card_names_it_and_what_differs),
        TEST(an_offer_that_keeps_to_its_own_says_so),
        TEST(the_card_of_an_offer_without_one_says_nothing_of_them),
    };
    return cmocka_run_group_tests_name("handlers playbooks", tests, NULL, NULL);
}
