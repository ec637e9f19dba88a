/* Authorizations and offers as AWS really shows them: several terms, copies of documents, a
 * colleague in the console. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "driver.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "terms", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void start_bot(void)
{
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot is there");
}

static void way(const char *key, const char *value)
{
    world_do(&w, "fault", json_pack("{s:s}", key, value));
}

static bool asks_for_eula(const json_t *state, const void *unused)
{
    (void)unused;
    return shows(top_view(state, "U0SELLER"), "bucket.s3.amazonaws.com"); /* the field's example */
}

/* The form, sent in with ${values} besides the customer. Takes them. */
static void request(const char *customer, json_t *values)
{
    world_command(&w, "U0SELLER", "/cppo new");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_more(&w, "U0SELLER");
    if (json_object_get(values, "eula_url") != NULL) {
        world_press_in_view(&w, "U0SELLER", "eula", "custom");
        expect(&w, world_wait(&w, asks_for_eula, NULL), "its address is asked for");
    }
    world_do(
        &w, "suggest",
        json_pack("{s:s, s:s, s:s}", "user", "U0SELLER", "block_id", "authorization", "text", ""));
    json_object_set_new(values, "customer", json_string(customer));
    if (json_object_get(values, "buyers") == NULL)
        json_object_set_new(values, "buyers", json_string("210987654321"));
    if (json_object_get(values, "authorization") == NULL)
        json_object_set_new(values, "authorization", json_string("resaleauthz-bronze2024"));
    const json_t *errors = world_submit(&w, "U0SELLER", values);
    char *words = errors != NULL ? json_dumps(errors, JSON_COMPACT) : NULL;
    expect(&w, words == NULL, words);
    expect(&w, world_sees(&w, "C0APPROVALS", customer), "its card is there");
}

static bool card_says(const json_t *state, const char *customer, const char *text)
{
    const json_t *card = message_with(state, "C0APPROVALS", customer);
    return card != NULL && shows(card, text);
}

struct wanted {
    const char *customer, *text;
};

static bool says(const json_t *state, const void *about)
{
    const struct wanted *wanted = about;
    return card_says(state, wanted->customer, wanted->text);
}

static void expect_card(const char *customer, const char *text, const char *words)
{
    const struct wanted wanted = {customer, text};
    expect(&w, world_wait(&w, says, &wanted), words);
}

static void approve(const char *customer)
{
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, customer), "approve");
}

/* Where there is more to read than the button's dialog can hold. */
static void approve_by_form(const char *customer)
{
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, customer), "approve_again");
    expect(&w, world_form(&w, "U0MIA", "approve_form"), "a form shows all of it");
    expect(&w, world_submit(&w, "U0MIA", json_object()) == NULL, "sending it approves");
}

/* Nothing that people see holds an address that AWS made for its copy of a document. */
static void expect_no_copy_shown(void)
{
    char *all = json_dumps(json_object_get(world_state(&w), "messages"), JSON_COMPACT);
    expect(&w, all == NULL || strstr(all, "X-Amz-") == NULL, "no signed address is shown");
    free(all);
    for (size_t i = 0; i < json_array_size(messages_in(w.state, "C0APPROVALS")); i++)
        expect(&w, !shows(json_array_get(messages_in(w.state, "C0APPROVALS"), i), "X-Amz-"),
               "nor on a card");
}

/* AWS copies the EULA to an address of its own, and puts it beside the authorization's in a way
 * that it does not write down; nor how it rounds. */
static void test_an_eula_of_our_own_is_published(void **state)
{
    static const char *const merges[] = {"two_terms", "one_term", "one_term_ours_first",
                                         "two_terms_ours_first"};
    static const char *const roundings[] = {"half_up", "half_even", "down", "down"};
    (void)state;
    way("legal_urls", "presigned");
    way("draft_state", "absent");
    way("durations", "in_years");
    way("markup_of_zero", "absent");
    way("availability_start", "shown");
    start_bot();
    for (int i = 0; i < 4; i++) {
        char custom[40];
        char standard[40];
        snprintf(custom, sizeof(custom), "Custom %d", i);
        snprintf(standard, sizeof(standard), "Standard %d", i);
        way("legal_terms", merges[i]);
        way("rounding", roundings[i]);
        world_do(&w, "fault", json_pack("{s:i}", "price_decimals", i < 3 ? 8 : 12));
        request(custom, json_pack("{s:s, s:s, s:s}", "eula", "custom", "eula_url",
                                  "https://partner.s3.amazonaws.com/eula.pdf", "markup", "0"));
        request(standard,
                json_pack("{s:s, s:s}", "eula", "standard", "markup", "33.33333333")); /* rounded */
        expect_card(custom, "AWS has accepted", "the draft is made");
        approve(custom);
        expect_card(custom, "*Published*", "a EULA of our own is published");
        expect_card(standard, "AWS has accepted", "the draft is made");
        approve(standard);
        expect_card(standard, "*Published*", "and the standard one");
    }
    expect_no_copy_shown();
}

/* An end date makes nothing single-use. */
static void test_a_dated_authorization_sells_again_and_again(void **state)
{
    (void)state;
    const char *id =
        world_extend(&w, json_pack("{s:s, s:s}", "name", "Dated", "end", "2099-06-30"));
    start_bot();
    for (int i = 0; i < 3; i++) {
        char customer[40];
        snprintf(customer, sizeof(customer), "Again %d", i);
        request(customer, json_pack("{s:s}", "authorization", id));
        expect_card(customer, "AWS has accepted", "its draft is made before the approval");
        approve(customer);
        expect_card(customer, "*Published*", "it is published");
    }
}

static void day_after(int days, char day[32])
{
    time_t later = time(NULL) + days * INT64_C(86400);
    struct tm utc;
    strftime(day, 32, "%Y-%m-%d", gmtime_r(&later, &utc));
}

/* The ISV names a day; who may accept longer is told to the approvers. */
static void test_an_authorization_that_ends_before_the_offer_is_told(void **state)
{
    (void)state;
    char day[32];
    day_after(20, day);
    const char *id = world_extend(&w, json_pack("{s:s, s:s}", "name", "Soon over", "end", day));
    start_bot();
    request("Example Corp", json_pack("{s:s}", "authorization", id));
    expect_card("Example Corp", "after the authorization's own end", "the approvers see it");
}

/* AWS's own checks stand on the card before anybody decides. Whether instalments that come from the
 * authorization may be due before the offer ends, AWS leaves open: it is told, and stops nobody. */
static void test_aws_checks_are_made_before_anybody_is_asked(void **state)
{
    char day[32];
    (void)state;
    const char *id =
        world_extend(&w, json_pack("{s:s, s:s}", "name", "Parts", "kind", "instalments"));
    way("inherited_charges", "any");
    day_after(400, day);
    start_bot();
    request("Usual", json_object());
    expect_card("Usual", "✅ AWS checks ", "all of them pass, in one line");
    request("Early Parts", json_pack("{s:s, s:s, s:s}", "authorization", id, "term",
                                     "as_authorized", "accept_by", day));
    expect_card("Early Parts", "⚠️ At most one instalment is due", "what does not has its own");
    expect_card("Early Parts", "2 are due before (", "with what there is instead");
    expect_card("Early Parts", "AWS: TOO_MANY_BACKDATED_CHARGES", "and AWS's word for it");
    approve_by_form("Early Parts");
    expect_card("Early Parts", "*Published*", "it was only a warning");
}

/* Instalments, metered prices and a fixed term: the card shows each amount, the click decides
 * nothing, and the form that it opens shows all of them. */
static void test_a_contract_is_approved_with_all_it_costs(void **state)
{
    (void)state;
    const char *id =
        world_extend(&w, json_pack("{s:s, s:s}", "name", "Contract", "kind", "consumption"));
    start_bot();
    request("Contract Corp", json_pack("{s:s, s:s, s:s}", "authorization", id, "term",
                                       "as_authorized", "markup", "10"));
    expect_card("Contract Corp", "What the customer pays", "the card lists it");
    expect_card("Contract Corp", "137500 USD", "with each instalment");
    expect_card("Contract Corp", "0.0011 USD per unit used", "and metered price");
    expect_card("Contract Corp", "AWS computes the same amounts", "as AWS does");
    expect_card("Contract Corp", "12 months from acceptance, as authorized", "and the term");
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, "Contract Corp"), "approve_again");
    expect(&w, world_form(&w, "U0MIA", "approve_form"), "a form shows all of it");
    expect(&w, card_says(world_state(&w), "Contract Corp", "Waiting for approval"),
           "the click decides nothing");
    expect(&w, world_submit(&w, "U0MIA", json_object()) == NULL, "sending it approves");
    expect_card("Contract Corp", "*Published*", "it is published");
}

static bool says_of_field(const json_t *errors, const char *field, const char *words)
{
    return strstr(member(errors, field), words) != NULL;
}

/* Whether AWS takes 365 days for 12 months is not written down: what the authorization fixes is not
 * asked for in other words, and the offer that leaves it there is published either way. */
static void test_what_the_authorization_fixes_is_left_there(void **state)
{
    static const char *const ways[] = {"by_units", "by_meaning", "as_written"};
    (void)state;
    const char *id =
        world_extend(&w, json_pack("{s:s, s:s}", "name", "Contract", "kind", "contract"));
    start_bot();
    request("Before", json_object());
    expect_card("Before", "AWS has accepted", "all authorizations are read by now");
    for (size_t i = 0; i < 3; i++) {
        char customer[40];
        snprintf(customer, sizeof(customer), "Year %zu", i);
        way("fixed_durations", ways[i]);
        world_command(&w, "U0SELLER", "/cppo new");
        expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
        world_more(&w, "U0SELLER");
        json_t *values = json_pack("{s:s, s:s, s:s, s:s}", "customer", customer, "buyers",
                                   "210987654321", "authorization", id, "term", "P365D");
        const json_t *errors = world_submit(&w, "U0SELLER", values);
        expect(&w, says_of_field(errors, "term", "fixes the term at 12 months"),
               "a year of days is not what it fixes");
        expect(&w,
               world_submit(&w, "U0SELLER", json_pack("{s:s}", "term", "as_authorized")) == NULL,
               "what it fixes is");
        expect_card(customer, "12 months from acceptance, as authorized", "the card says it");
        approve_by_form(customer);
        expect_card(customer, "*Published*", "it is published");
    }
}

static void test_what_cannot_be_sold_is_said(void **state)
{
    (void)state;
    world_extend(&w, json_pack("{s:s, s:s}", "name", "By choice", "kind", "configurable"));
    start_bot();
    request("Another", json_object());
    expect_card("Another", "AWS has accepted", "all authorizations are read by now");
    world_command(&w, "U0SELLER", "/cppo new");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    char *views = json_dumps(world_state(&w), JSON_COMPACT | JSON_ENSURE_ASCII);
    expect(&w, strstr(views, "lets the buyer choose units and duration") != NULL, "and says so");
    free(views);
}

/* Between the reading and the release a colleague restricts the draft to a country. */
static void change_between(const char *revisions)
{
    way("revisions", revisions);
    start_bot();
    request("Between Corp", json_object());
    expect_card("Between Corp", "AWS computes the same price", "the draft is ready");
    world_do(&w, "market/colleague",
             json_pack("{s:s, s:{s:s, s:i}}", "act", "countries", "after", "operation",
                       "DescribeEntity", "skip", 1));
    approve("Between Corp");
}

static void test_what_changed_after_the_reading_is_not_released(void **state)
{
    (void)state;
    change_between("refused");
    expect_card("Between Corp", "restricts the offer to countries", "it is read back again");
    expect(&w, released(world_state(&w)) == 0, "and not released");
}

static void fail_as_stale(const char *words)
{
    way("stale_words", words);
    change_between("fails");
    expect_card("Between Corp", "restricts the offer to countries", "it is read back again");
    expect(&w, released(world_state(&w)) == 0, "and not released");
}

static void test_a_change_set_that_fails_as_stale_is_read_back(void **state)
{
    (void)state;
    fail_as_stale("revision");
}

static void test_it_is_whatever_words_aws_has_for_it(void **state)
{
    (void)state;
    fail_as_stale("other");
}

static void test_what_aws_released_all_the_same_is_told(void **state)
{
    (void)state;
    change_between("ignored");
    expect_card("Between Corp", "What is live is not what was approved", "the card says so");
    expect(&w, world_sees(&w, "C0OPERATORS", "what is live is not what was approved"),
           "and the operators hear it");
}

/* A colleague sets instalments of their own in the console. */
static void test_other_instalments_than_approved_are_not_released(void **state)
{
    (void)state;
    const char *id =
        world_extend(&w, json_pack("{s:s, s:s}", "name", "Parts", "kind", "instalments"));
    start_bot();
    request("Parts Corp", json_pack("{s:s, s:s, s:s}", "authorization", id, "term", "as_authorized",
                                    "markup", "10"));
    expect_card("Parts Corp", "AWS computes the same amounts", "the draft is ready");
    world_do(&w, "market/colleague", json_pack("{s:s}", "act", "schedule"));
    approve_by_form("Parts Corp");
    expect_card("Parts Corp", "999999.99 USD”, approved is", "it is told");
    expect(&w, released(world_state(&w)) == 0, "and not released");
}

/* AWS shows copies of its own: another EULA in the place of ours reads back as ours does. */
static void test_another_eula_in_the_place_of_ours_is_not_released(void **state)
{
    (void)state;
    start_bot();
    request("Eula Corp", json_pack("{s:s, s:s}", "eula", "custom", "eula_url",
                                   "https://partner.s3.amazonaws.com/eula.pdf"));
    expect_card("Eula Corp", "AWS has accepted", "the draft is ready");
    world_do(&w, "market/colleague",
             json_pack("{s:s, s:s}", "act", "legal", "value",
                       "https://partner.s3.amazonaws.com/other.pdf"));
    approve("Eula Corp");
    expect_card("Eula Corp", "legal terms were changed in the AWS console", "it is told");
    expect(&w, released(world_state(&w)) == 0, "and not released");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_an_eula_of_our_own_is_published),
        TEST(test_a_dated_authorization_sells_again_and_again),
        TEST(test_an_authorization_that_ends_before_the_offer_is_told),
        TEST(test_aws_checks_are_made_before_anybody_is_asked),
        TEST(test_a_contract_is_approved_with_all_it_costs),
        TEST(test_what_the_authorization_fixes_is_left_there),
        TEST(test_what_cannot_be_sold_is_said),
        TEST(test_what_changed_after_the_reading_is_not_released),
        TEST(test_a_change_set_that_fails_as_stale_is_read_back),
        TEST(test_it_is_whatever_words_aws_has_for_it),
        TEST(test_what_aws_released_all_the_same_is_told),
        TEST(test_other_instalments_than_approved_are_not_released),
        TEST(test_another_eula_in_the_place_of_ours_is_not_released),
    };
    return cmocka_run_group_tests_name("terms", tests, NULL, NULL);
}
