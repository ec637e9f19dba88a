/* What the form tells below its fields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "offers/content.h"
#include "views/form_facts.h"
#include "views_fixture.h"

static const int64_t NOW = INT64_C(1795464180000);

static struct terms some_terms(void)
{
    return (struct terms){
        .count = 4,
        .lines = {
            {.kind = TERM_UNIT, .key = "U", .name = "Users", .amount = "0.0125", .currency = "USD"},
            {.kind = TERM_UNIT,
             .key = "G",
             .name = "GB *stored*",
             .amount = "0.5",
             .currency = "USD"},
            {.kind = TERM_NET, .duration = "P30D"},
            {.kind = TERM_LEGAL, .key = "StandardEula", .amount = "2022-07-14"}}};
}

static void expect_words(char *words, const char *wanted)
{
    if (strstr(words, wanted) == NULL)
        fail_msg("nowhere does it say “%s” in:\n%s", wanted, words);
}

static void an_authorization_is_told_with_all_that_it_allows(void **state)
{
    (void)state;
    struct terms terms = some_terms();
    struct authorization a = {.read_at = 1, .single_use = true, .ends_at = NOW, .buyer_count = 24};
    fixture_authorization(&a);
    text_fit(a.product_id, sizeof(a.product_id), "prod-1");
    text_fit(a.product_type, sizeof(a.product_type), "SaaSProduct");
    text_fit(a.duration, sizeof(a.duration), "P12M");
    for (int i = 0; i < 24; i++)
        snprintf(a.buyers[i], ACCOUNT_ID, "%012d", i + 1);
    char *words = form_facts_authorization(&a, &terms, NULL);
    expect_words(words, "*Product* SaaS, prod-1");
    expect_words(words, "*Buyers* only 000000000001, 000000000002, 000000000003, 000000000004 "
                        "and 20 more");
    expect_words(words, "*Usable* once, until 2026-11-23 (UTC)");
    expect_words(words, "• Users: 0.0125 USD per unit used\n• GB ∗stored∗: 0.5 USD per unit used");
    expect_words(words, "runs for 12 months, as authorized · Invoices are due within 30 days · "
                        "StandardEula 2022-07-14");
    free(words);
    a.buyer_count = 0;
    a.single_use = false;
    a.ends_at = 0;
    a.duration[0] = '\0';
    words = form_facts_authorization(&a, &terms, NULL);
    expect_words(words, "any AWS account");
    expect_words(words, "*Usable* any number of times\n");
    expect_words(words, "you choose how long it runs");
    free(words);
    a.read_at = 0;
    words = form_facts_authorization(&a, &terms, NULL);
    expect_words(words, "I have not read its price and terms");
    free(words);
    words = form_facts_authorization(&a, &terms, "has expired");
    expect_words(words, "This authorization has expired. Choose another.");
    free(words);
}

/* As many dimensions as there can be: some, and how many more. */
static void many_prices_are_counted(void **state)
{
    (void)state;
    struct terms terms = {.count = 0};
    struct authorization a = {.read_at = 1};
    fixture_authorization(&a);
    for (int i = 0; i < MAX_TERM_LINES; i++) {
        struct term_line line = {.kind = TERM_UNIT, .amount = "1", .currency = "USD"};
        memset(line.name, '&', sizeof(line.name) - 1);
        terms_add(&terms, &line);
    }
    char *words = form_facts_authorization(&a, &terms, NULL);
    expect_words(words, "• and 115 more");
    assert_true(text_points(words) < 3000);
    free(words);
}

static void the_proposed_term_fits_the_authorization(void **state)
{
    (void)state;
    struct authorization a = {.read_at = 1};
    assert_null(term_proposed(&a, "P3650D"));
    assert_string_equal(term_proposed(&a, term_as_authorized), "P3650D");
    text_fit(a.duration, sizeof(a.duration), "P12M");
    assert_string_equal(term_proposed(&a, "P3650D"), term_as_authorized);
    assert_null(term_proposed(&a, "P365D")); /* somebody chose it: they are told when they send */
    assert_null(term_proposed(&a, term_as_authorized));
    a.read_at = 0;
    assert_null(term_proposed(&a, "P3650D")); /* nobody knows yet */
}

/* --- prices --- */

static const struct form_limits limits = {.cap = {50, 0}, .expected = "", .currency = "USD"};

static void what_the_customer_pays_is_told_with_our_margin(void **state)
{
    (void)state;
    struct terms terms = some_terms();
    terms_add(&terms, &(struct term_line){.kind = TERM_INSTALMENT,
                                          .key = "2027-01-01",
                                          .amount = "250",
                                          .currency = "USD"});
    char *words = form_facts_prices("33.3", &terms, &limits);
    expect_words(words, "*At 33.3 %* the customer pays");
    expect_words(words, "• Users: 0.0166625 USD per unit used · our margin 0.0041625 USD");
    expect_words(words, "• Due 2027-01-01: 333.25 USD · our margin 83.25 USD");
    assert_null(strstr(words, "At most"));
    free(words);
    words = form_facts_prices("51", &terms, &limits);
    expect_words(words, "⚠️ At most 50 % here");
    free(words);
    words = form_facts_prices("=1", &terms, &limits);
    expect_words(words, "⚠️ The chosen resale authorization has 3 prices");
    free(words);
    words = form_facts_prices("<!here>", &terms, &limits);
    expect_words(words, "not a percentage I can read");
    free(words);
    assert_null(form_facts_prices(NULL, &terms, &limits));
    terms.count = 0;
    assert_null(form_facts_prices("25", &terms, &limits));
}

/* Tier and authorization belong together. */
static void a_markup_that_misses_the_expected_price_is_flagged(void **state)
{
    (void)state;
    struct form_limits wanted = {.cap = {50, 0}, .expected = "0.01", .currency = "USD"};
    struct terms terms = {
        .count = 1,
        .lines = {{.kind = TERM_UNIT, .key = "Users", .amount = "0.0075", .currency = "USD"}}};
    char *words = form_facts_prices("33.3", &terms, &wanted);
    assert_null(strstr(words, "⚠️"));
    free(words);
    words = form_facts_prices("42.8", &terms, &wanted);
    expect_words(words,
                 "⚠️ Customer's price 0.01071 is 7.10 % above the expected 0.01: does the "
                 "markup fit this authorization's tier?");
    free(words);
}

static void what_differs_from_the_playbook_is_told(void **state)
{
    (void)state;
    static const struct playbook gold = {
        .name = "<Gold>", .authorization = "", .form = {.typed = {[FIELD_MARKUP] = "42.8"}}};
    struct form form = {.typed = {[FIELD_MARKUP] = "42.8"}};
    char *words = form_facts_playbook(&gold, &form, NULL);
    assert_string_equal(words, "✅ Matches playbook &lt;Gold&gt;");
    free(words);
    form.typed[FIELD_MARKUP] = "25";
    words = form_facts_playbook(&gold, &form, NULL);
    assert_string_equal(words, "ℹ️ Playbook &lt;Gold&gt;: markup 25 % instead of 42.8 %");
    free(words);
}

static void a_price_is_told_as_the_markup_that_makes_it(void **state)
{
    (void)state;
    struct terms terms = {
        .count = 1,
        .lines = {{.kind = TERM_UNIT, .key = "Users", .amount = "0.0075", .currency = "USD"}}};
    char *words = form_facts_prices("=0.01", &terms, &limits);
    expect_words(words, "*0.01 USD is a markup of 33.333333334 %* (0.01000000000005 USD, which AWS "
                        "rounds). The customer pays\n• Users: 0.01 USD per unit used · our margin "
                        "0.0025 USD");
    free(words);
    words = form_facts_prices("=0.00900000000001", &terms, &limits);
    expect_words(words, "*0.009 USD is a markup of 20 %*, rounded to the decimals that AWS keeps.");
    free(words);
}

/* As many as there can be, each as long as it can be. */
static void many_amounts_stay_within_a_text_of_slacks(void **state)
{
    (void)state;
    struct terms terms = {.count = 0};
    for (int i = 0; i < MAX_TERM_LINES; i++) {
        struct term_line line = {.kind = TERM_UNIT, .amount = "1", .currency = "USD"};
        memset(line.name, '&', sizeof(line.name) - 1);
        terms_add(&terms, &line);
    }
    char *words = form_facts_prices("25", &terms, &limits);
    expect_words(words, "more, which the card lists");
    assert_true(text_points(words) <= 3000);
    free(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_authorization_is_told_with_all_that_it_allows),
        cmocka_unit_test(many_prices_are_counted),
        cmocka_unit_test(what_the_customer_pays_is_told_with_our_margin),
        cmocka_unit_test(a_markup_that_misses_the_expected_price_is_flagged),
        cmocka_unit_test(what_differs_from_the_playbook_is_told),
        cmocka_unit_test(a_price_is_told_as_the_markup_that_makes_it),
        cmocka_unit_test(many_amounts_stay_within_a_text_of_slacks),
        cmocka_unit_test(the_proposed_term_fits_the_authorization),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
