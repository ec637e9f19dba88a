/* What a card says of the customer's last offer: in what it differs, or that it does not. */
#include "flows_publishing.h"
#include "handlers_fixture.h"

#include "offers/usual.h"
#include "views_expect.h"

/* --- two offers --- */

static struct usual compare(const struct content *last, const struct content *now)
{
    struct usual usual;
    char *stored = content_write(last);
    usual_compare(&usual, 7, stored, "", now);
    free(stored);
    return usual;
}

static void what_each_offer_has_of_its_own_is_no_difference(void **state)
{
    (void)state;
    struct content last = flows_content();
    struct content now = flows_content();
    last.buyer_count = now.buyer_count = 2;
    text_fit(last.buyers[1], ACCOUNT_ID, "210987654321");
    text_fit(now.buyers[0], ACCOUNT_ID, "210987654321"); /* in another order */
    text_fit(now.buyers[1], ACCOUNT_ID, "123456789012");
    text_fit(now.accept_by, sizeof(now.accept_by), "2027-02-20");
    text_fit(now.note, sizeof(now.note), "Please hurry");
    text_fit(now.customer, sizeof(now.customer), "example corp.");
    struct usual usual = compare(&last, &now);
    assert_int_equal(usual.last, 7);
    assert_string_equal(usual.differences, "");
}

static void all_else_is(void **state)
{
    (void)state;
    struct content last = flows_content();
    struct content now = flows_content();
    text_fit(last.authorization, sizeof(last.authorization), "resaleauthz-9");
    struct usual usual = compare(&last, &now);
    assert_string_equal(usual.differences, "Resale authorization: another one");
    text_fit(now.markup, sizeof(now.markup), "33.3");
    text_fit(now.term, sizeof(now.term), "P365D");
    text_fit(now.buyers[0], ACCOUNT_ID, "210987654321");
    now.eula = EULA_STANDARD;
    usual = compare(&last, &now);
    assert_string_equal(usual.differences, "Resale authorization: another one\n"
                                           "Buyer account ids: 123456789012 → 210987654321\n"
                                           "Markup: 25 % → 33.3 %\n"
                                           "Term: 10 years → 1 year\n"
                                           "EULA: As authorized → "
                                           "AWS Marketplace standard contract");
}

static void what_cannot_be_read_is_not_compared(void **state)
{
    (void)state;
    struct usual usual;
    const struct content now = flows_content();
    usual_compare(&usual, 7, "damaged", "damaged", &now);
    assert_int_equal(usual.last, 0);
    usual_compare(&usual, 0, NULL, NULL, &now);
    assert_int_equal(usual.last, 0);
}

/* --- on the card --- */

static void the_card_says_it(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    json_t *card = card_message(&f->card);
    expect_no_text(card, "last offer");
    json_decref(card);
    f->usual.last = 7;
    card = card_message(&f->card);
    expect_text(card, "🟰 Nothing unusual: all as in CPPO-7, this customer's last offer");
    json_decref(card);
    text_fit(f->usual.differences, USUAL_TEXT, "Markup: 25 % → 33.3 %\nName: *x* → <!channel>");
    text_fit(f->usual.price, USUAL_PRICE, "0.01 USD per unit");
    card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "🔀 *Not as in CPPO-7*, this customer's last offer\n"
                      "Customer's price: 0.01 USD per unit → 0.0099975 USD per unit\n"
                      "Markup: 25 % → 33.3 %\n");
    json_decref(card);
    f->request.copy_of = 7; /* that against what it is a copy of is there already */
    card = card_message(&f->card);
    expect_no_text(card, "Not as in");
    json_decref(card);
    free(f);
}

static void outsiders_read_in_how_many_things(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->usual.last = 7;
    f->card.outsiders = true;
    text_fit(f->usual.differences, USUAL_TEXT, "Markup: 25 % → 33.3 %\nTerm: 1 → 3");
    text_fit(f->usual.price, USUAL_PRICE, "0.0125 USD per unit");
    json_t *card = card_message(&f->card);
    expect_text(card, "*Not as in CPPO-7*, this customer's last offer: 3 differences");
    expect_no_text(card, "33.3");
    expect_no_text(card, "0.0125");
    json_decref(card);
    free(f);
}

/* --- from the book --- */

static void end_as(int64_t number, const char *how)
{
    store_run(flows.store, "UPDATE request SET state = ? WHERE number = ?",
              SQL_ARGS(SQL_TEXT(how), SQL_INT(number)));
}

static void submit(const char *customer, const char *markup)
{
    struct content content = flows_content();
    text_fit(content.customer, sizeof(content.customer), customer);
    text_fit(content.markup, sizeof(content.markup), markup);
    flows_settle_slack();
    flows_do(flows_add, &content);
}

/* What nobody approved is no example, however new it is; nor is another customer's. */
static void the_last_that_was_approved_is_compared_with(void **state)
{
    (void)state;
    submit_and_approve();
    flows_forget_slack();
    end_as(1, "accepted");
    submit("Example Corp", "40");
    end_as(2, "withdrawn");
    submit("Globex", "41");
    end_as(3, "accepted");
    submit("Example Corp", "42");
    submit("example corp.", "30");
    assert_int_equal(flows_count("slack:chat.postMessage",
                                 "Customer's price: 0.009375 USD per unit → 0.00975 USD per unit\\n"
                                 "Markup: 25 % → 30 %"),
                     1);
    for (int other = 2; other <= 5; other++) {
        char words[40];
        snprintf(words, sizeof(words), "as in CPPO-%d", other);
        assert_int_equal(flows_count("slack:chat.postMessage", words), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_each_offer_has_of_its_own_is_no_difference),
        cmocka_unit_test(all_else_is),
        cmocka_unit_test(what_cannot_be_read_is_not_compared),
        cmocka_unit_test(the_card_says_it),
        cmocka_unit_test(outsiders_read_in_how_many_things),
        FLOWS_TEST(the_last_that_was_approved_is_compared_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
