/* What an offer costs, and what must be read before it is approved: all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "views_expect.h"
#include "views/announcement.h"
#include "views/notice.h"

/* What Slack's dialog cannot hold is not cut: the button has none then. */
static void nothing_that_is_approved_is_cut(void **state)
{
    size_t without = 0;
    (void)state;
    struct fixture *f = fixture_new();
    for (size_t buyers = 1; buyers <= MAX_BUYERS; buyers++) {
        fixture_offer(&f->request)->buyer_count = buyers;
        text_fit(fixture_offer(&f->request)->buyers[buyers - 1], ACCOUNT_ID, "999999999999");
        json_t *card = card_message(&f->card);
        bool asks = card_facts_fit(&f->card);
        const json_t *confirm = json_object_get(button_named(card, "approve"), "confirm");
        const json_t *silent = button_named(card, "approve_again");
        const char *question = check_text(json_object_get(confirm, "text"), "text");
        assert_int_equal(confirm != NULL, asks);
        assert_int_equal(silent != NULL, !asks);
        assert_null(json_object_get(silent, "confirm"));
        assert_null(strstr(question, "…"));
        without += confirm == NULL;
        expect_good(card);
        json_decref(card);
    }
    assert_true(without > 10 && without < MAX_BUYERS);
    free(f);
}

static void add_line(struct fixture *f, enum term_kind kind, const char *key, const char *amount,
                     const char *duration)
{
    struct term_line line = {.kind = kind, .currency = "USD"};
    text_fit(line.key, sizeof(line.key), key);
    text_fit(line.amount, sizeof(line.amount), amount);
    text_fit(line.duration, sizeof(line.duration), duration);
    terms_add(&f->customer, &line);
}

/* A contract: every amount and date stands on the card, and none alone is called the price. */
static void a_contract_shows_all_it_costs(void **state)
{
    static const char *const shown[] = {"several amounts",
                                        "*What the customer pays*",
                                        "PremiumUnits: 0.0099975 USD per unit used",
                                        "Upfront price: 1250.5 USD for 12 months",
                                        "Due 2027-01-01: 125000 USD",
                                        "Due 2027-07-01: 125000.01 USD",
                                        ("12 months from acceptance, as authorized (until "
                                         "2027-11-23 if accepted today)")};
    (void)state;
    struct fixture *f = fixture_new();
    f->facts.unit_price = "";
    text_fit(fixture_offer(&f->request)->term, sizeof(fixture_offer(&f->request)->term),
             term_as_authorized);
    text_fit(f->authorization.duration, sizeof(f->authorization.duration), "P12M");
    add_line(f, TERM_UPFRONT, "", "1250.5", "P12M");
    add_line(f, TERM_INSTALMENT, "2027-01-01", "125000", "");
    add_line(f, TERM_INSTALMENT, "2027-07-01", "125000.005", "");
    json_t *card = card_message(&f->card);
    expect_good(card);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        expect_text(card, shown[i]);
    expect_no_text(card, "Wholesale price");
    assert_null(button_named(card, "approve"));
    assert_null(json_object_get(button_named(card, "approve_again"), "confirm"));
    json_decref(card);
    json_t *form = card_approval(&f->card, "12.1");
    assert_string_equal(check_text(form, "private_metadata"), "12.1");
    expect_good(form);
    for (size_t i = 2; i < sizeof(shown) / sizeof(shown[0]); i++)
        expect_text(form, shown[i]);
    expect_text(form, "❌ AWS computes another price");
    expect_text(form, "A release cannot be undone.");
    expect_text(form, "Please hurry"); /* the note, as all that the card shows */
    json_decref(form);
    char *plain = card_plain(&f->card);
    assert_non_null(strstr(plain, "Due 2027-07-01: 125000.01 USD"));
    free(plain);
    free(f);
}

/* One price, and when it is to be paid. */
static void a_price_with_a_payment_period_shows_both(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    json_t *card = card_message(&f->card);
    expect_no_text(card, "What the customer pays");
    json_decref(card);
    add_line(f, TERM_NET, "", "", "P45D");
    card = card_message(&f->card);
    expect_text(card, "0.0099975 USD per unit (expected 0.01)");
    expect_text(card, "Invoices are due within 45 days");
    json_decref(card);
    free(f);
}

/* As many lines as there can be, on the card and in the form. */
static void very_many_amounts_fit(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->facts.unit_price = "";
    for (int i = 0; i < MAX_TERM_LINES; i++) {
        char key[TERM_KEY];
        memset(key, 'x', sizeof(key) - 1);
        snprintf(key + 80, sizeof(key) - 80, "%d", i);
        add_line(f, TERM_UNIT, key, "0.00000001", "");
    }
    json_t *card = card_message(&f->card);
    json_t *form = card_approval(&f->card, "12.1");
    expect_good(card);
    expect_good(form);
    expect_text(card, "x118: ");
    expect_text(form, "x118: ");
    json_decref(form);
    json_decref(card);
    free(f);
}

static void a_link_that_is_not_sure_says_where_it_is(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    fixture_publish(f);
    f->facts.buyer_url = "";
    f->facts.link_hint = "The buyer's link is in the portal.";
    json_t *shown[] = {card_message(&f->card), announcement_message(&f->card),
                       notice_message(&f->card)};
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        expect_good(shown[i]);
        expect_text(shown[i], "The buyer's link is in the portal.");
        expect_no_text(shown[i], "https://");
        json_decref(shown[i]);
    }
    free(f);
}

static void what_is_live_and_was_not_approved_is_told(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    fixture_publish(f);
    json_t *card = card_message(&f->card);
    expect_no_text(card, "not what was approved");
    json_decref(card);
    text_fit(f->draft.why, sizeof(f->draft.why), "AWS holds the markup “1”, approved is “33.3”");
    card = card_message(&f->card);
    expect_good(card);
    expect_text(card, "*What is live is not what was approved*: AWS holds the markup");
    json_decref(card);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_is_approved_is_cut),
        cmocka_unit_test(a_contract_shows_all_it_costs),
        cmocka_unit_test(a_price_with_a_payment_period_shows_both),
        cmocka_unit_test(very_many_amounts_fit),
        cmocka_unit_test(what_is_live_and_was_not_approved_is_told),
        cmocka_unit_test(a_link_that_is_not_sure_says_where_it_is),
    };
    return cmocka_run_group_tests_name("amounts", tests, NULL, NULL);
}
