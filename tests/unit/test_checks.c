/* The checks on the card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "offers/checks.h"
#include "offers/twin.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct content content;
static struct authorization authorization;
static struct terms customer;
static struct check_input input;
static struct check checks[MAX_CHECKS];
static size_t count;

/* What the customer pays for the one thing that is sold. */
static void price_it(const char *wholesale, const char *markup)
{
    struct terms authorized = {.count = 1,
                               .lines = {{.kind = TERM_UNIT, .key = "units", .currency = "USD"}}};
    text_fit(authorized.lines[0].amount, DECIMAL_TEXT, wholesale);
    terms_mark_up(&authorized, markup, &customer);
}

static void instalment(const char *date)
{
    struct term_line line = {.kind = TERM_INSTALMENT, .amount = "10", .currency = "USD"};
    text_fit(line.key, sizeof(line.key), date);
    terms_add(&customer, &line);
}

/* On 2026-07-01, 60 days to accept, 0.0075 + 33.3 %, nothing configured, no draft. */
static int fill(void **state)
{
    (void)state;
    content = (struct content){.offer_name = "Archera",
                               .customer = "Example Corp",
                               .term = "P3650D",
                               .buyer_count = 2,
                               .buyers = {"111122223333", "444455556666"},
                               .markup = "33.3",
                               .accept_by = "2026-08-30"};
    authorization = (struct authorization){.status = "Active", .read_at = 1};
    price_it("0.0075", "33.3");
    input = (struct check_input){.content = &content,
                                 .authorization = &authorization,
                                 .customer = &customer,
                                 .expected_unit_price = "",
                                 .expected_currency = "USD",
                                 .price_problem = "",
                                 .draft_problem = ""};
    date_time_read(&input.now, "2026-07-01T12:00:00Z");
    return 0;
}

static const char *outcome_name(enum check_outcome outcome)
{
    static const char *const names[] = {"passed", "warning", "failed", "waiting", "heading"};
    return names[outcome];
}

/* Exactly one check with ${words} in it, and with this outcome. */
static void expect(enum check_outcome outcome, const char *words)
{
    size_t found = 0;
    count = checks_make(&input, checks);
    assert_true(count <= MAX_CHECKS);
    for (size_t i = 0; i < count; i++) {
        if (strstr(checks[i].text, words) == NULL)
            continue;
        found++;
        if (checks[i].outcome != outcome)
            fail_msg("“%s” %s", checks[i].text, outcome_name(checks[i].outcome));
    }
    if (found != 1)
        fail_msg("%zu checks say “%s”", found, words);
}

static void expect_none(const char *words)
{
    count = checks_make(&input, checks);
    for (size_t i = 0; i < count; i++) {
        if (strstr(checks[i].text, words) != NULL)
            fail_msg("“%s”", checks[i].text);
    }
}

/* --- the price --- */

static void the_customers_price(void **state)
{
    (void)state;
    static const struct {
        const char *wholesale, *markup, *price;
    } cases[] = {{"0.0075", "33.3", "0.0099975"},
                 {"0.008", "25", "0.01"},
                 {"0.0080000000", "25", "0.01"},
                 {"0.008", "33.333333333", "0.01066667"}, /* AWS keeps 8 decimals */
                 {"", "25", ""},
                 {"0.008", "", ""},
                 {"free", "25", ""},
                 {"999999999999999999", "25", ""}};
    char price[DECIMAL_TEXT] = "x";
    for (size_t i = 0; i < COUNT(cases); i++) {
        price_it(cases[i].wholesale, cases[i].markup);
        checks_price(&customer, price);
        assert_string_equal(price, cases[i].price);
    }
    memcpy(price, "x", 2);
    checks_price(NULL, price);
    assert_string_equal(price, "");
    price_it("0.008", "25");
    instalment("2027-01-01");
    checks_price(&customer, price);
    assert_string_equal(price, ""); /* one price is not the price */
}

/* --- the checks --- */

static void a_plain_offer_passes(void **state)
{
    (void)state;
    count = checks_make(&input, checks);
    assert_int_equal(count, 4); /* AWS's, two buyers, accept by, draft */
    assert_int_equal(checks[0].outcome, CHECK_PASSED);
    assert_int_equal(checks[1].outcome, CHECK_WARNING);
    assert_int_equal(checks[2].outcome, CHECK_PASSED);
    assert_int_equal(checks[3].outcome, CHECK_WAITING);
}

/* Counted in the table; of those that pass, the number alone is shown. */
static const char *all_pass(void)
{
    static char words[40];
    snprintf(words, sizeof(words), "AWS checks %zu/%zu", twin_count, twin_count);
    return words;
}

static const char *all_but(size_t failing)
{
    static char words[40];
    snprintf(words, sizeof(words), "AWS checks %zu/%zu", twin_count - failing, twin_count);
    return words;
}

static void an_authorization_must_be_usable(void **state)
{
    (void)state;
    expect(CHECK_PASSED, all_pass());
    expect_none("resale authorization");
    authorization.ends_at = input.now;
    expect(CHECK_HEADING, all_but(1));
    expect(CHECK_FAILED, "it expired on 2026-07-01. Choose another (AWS: INCOMPATIBLE_RESALE_");
    authorization.ends_at = 0;
    memcpy(authorization.status, "Restricted", sizeof("Restricted"));
    expect(CHECK_FAILED, "has to be active: it was restricted by the ISV. Choose another");
    authorization.unlisted = true;
    expect(CHECK_HEADING, all_but(2));
    expect(CHECK_FAILED, "it is no longer listed");
    input.authorization = NULL;
    expect(CHECK_FAILED, "it is no longer listed");
}

static void what_was_not_read_yet_is_waited_for(void **state)
{
    (void)state;
    authorization.read_at = 0;
    expect(CHECK_WAITING, "the others need terms of the resale authorization");
    expect_none(all_pass());
    text_fit(content.offer_name, sizeof(content.offer_name), "");
    expect(CHECK_FAILED, "The offer needs a name. Type one (AWS: MISSING_NAME)");
    expect_none("the others need");
}

static void what_cannot_be_sold_here_is_said(void **state)
{
    (void)state;
    authorization.sale = SALE_DISTRIBUTOR;
    expect(CHECK_PASSED, all_pass());
    expect(CHECK_FAILED, "extended to us as a distributor");
}

static void buyers_must_be_allowed(void **state)
{
    (void)state;
    authorization.buyer_count = 1;
    memcpy(authorization.buyers[0], "111122223333", ACCOUNT_ID);
    expect(CHECK_FAILED, "444455556666 is not among them. Take that one out");
    authorization.buyer_count = 2;
    memcpy(authorization.buyers[1], "444455556666", ACCOUNT_ID);
    expect(CHECK_PASSED, all_pass());
}

static void the_price_is_held_against_the_expected_one(void **state)
{
    (void)state;
    static const struct {
        const char *wholesale, *markup, *expected;
        enum check_outcome outcome;
        const char *words;
    } cases[] = {
        {"0.008", "25", "0.01", CHECK_PASSED, "price 0.01 is the expected 0.01"},
        {"0.008", "25", "0.010", CHECK_PASSED, "is the expected 0.010"},
        {"0.0075", "33.3", "0.01", CHECK_PASSED, "0.0099975 is the expected 0.01 (within 0.03 %)"},
        {"0.01", "0.5", "0.01", CHECK_PASSED, "(within 0.50 %)"},
        {"0.00995", "0", "0.01", CHECK_PASSED, "(within 0.50 %)"},
        {"0.01", "0.51", "0.01", CHECK_WARNING, "is 0.51 % above the expected 0.01"},
        {"0.00994", "0", "0.01", CHECK_WARNING, "is 0.60 % below the expected 0.01"},
        {"0.008", "42.8", "0.01", CHECK_WARNING, "0.011424 is 14.24 % above the expected 0.01"},
        {"", "25", "0.01", CHECK_WARNING, "no single price per unit"},
        {"0.008", "25", "cheap", CHECK_WARNING, "no single price per unit"},
        {"0.008", "25", "0", CHECK_WARNING, "no single price per unit"},
    };
    expect_none("expected");
    for (size_t i = 0; i < COUNT(cases); i++) {
        price_it(cases[i].wholesale, cases[i].markup);
        input.expected_unit_price = cases[i].expected;
        expect(cases[i].outcome, cases[i].words);
    }
    input.expected_unit_price = "0.01";
    input.customer = NULL;
    expect(CHECK_WARNING, "no single price per unit");
}

static void aws_must_compute_the_same_price(void **state)
{
    (void)state;
    expect_none("AWS computes");
    input.prices_read = true;
    expect(CHECK_PASSED, "AWS computes the same price: 0.0099975");
    input.price_problem = "AWS holds “units: 0.01 USD per unit used”";
    expect(CHECK_FAILED, "AWS computes other prices: AWS holds “units: 0.01");
    input.price_problem = "";
    instalment("2027-01-01");
    expect(CHECK_PASSED, "AWS computes the same amounts");
}

/* As it was typed before the authorization had been read. */
static void the_term_fits_the_authorization(void **state)
{
    (void)state;
    text_fit(content.term, sizeof(content.term), term_as_authorized);
    authorization.read_at = 0;
    expect_none("fixes");
    authorization.read_at = 1;
    expect(CHECK_FAILED, "fixes no term");
    text_fit(authorization.duration, sizeof(authorization.duration), "P12M");
    expect_none("fixes it");
    text_fit(content.term, sizeof(content.term), "P365D"); /* for AWS that may be another */
    expect(CHECK_WARNING, "fixes it at 12 months. Choose “As authorized”");
    text_fit(content.term, sizeof(content.term), "P3650D");
    expect(CHECK_FAILED, "fixes it at 12 months. Choose “As authorized”");
    text_fit(authorization.duration, sizeof(authorization.duration), "P3650D");
    expect_none("fixes it");
}

static void prices_in_another_currency_are_not_compared(void **state)
{
    (void)state;
    price_it("0.008", "25");
    input.expected_unit_price = "0.01";
    expect(CHECK_PASSED, "is the expected 0.01");
    input.expected_currency = "EUR";
    expect(CHECK_WARNING, "The price is in USD, the expected 0.01 in EUR");
    expect_none("is the expected");
}

/* The user guide says that one buyer sees it, the API takes 25. */
static void several_buyers_are_a_warning(void **state)
{
    (void)state;
    expect(CHECK_WARNING, "There are 2 buyers");
    content.buyer_count = 1;
    expect_none("user guide");
}

static void one_instalment_may_be_due_before_the_offer_ends(void **state)
{
    (void)state;
    instalment("2026-08-01");
    instalment("2026-08-31"); /* the day after */
    expect_none("instalment");
    instalment("2026-08-30");
    expect(CHECK_WARNING, "At most one instalment");
    expect(CHECK_WARNING, "2 are due before (2026-08-30). Choose an earlier accept-by date");
    expect(CHECK_HEADING, all_but(1));
}

static void the_buyer_needs_time(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        enum check_outcome outcome;
        const char *words;
    } cases[] = {
        {"2026-06-30", CHECK_FAILED, "2026-06-30 has passed. Choose a later one"},
        {"2026-07-01", CHECK_WARNING, "2026-07-01 is today"},   /* AWS may take it ... */
        {"2026-07-01", CHECK_FAILED, "2026-07-01 is too soon"}, /* ... but not in time */
        {"2026-07-02", CHECK_WARNING, "1 day"},
        {"2026-07-30", CHECK_WARNING, "29 days"},
        {"2026-07-31", CHECK_PASSED, "30 days"},
        {"2026-09-29", CHECK_PASSED, "90 days"},
        {"2026-09-30", CHECK_WARNING, "91 days"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        text_fit(content.accept_by, sizeof(content.accept_by), cases[i].date);
        expect(cases[i].outcome, cases[i].words);
    }
    text_fit(content.accept_by, sizeof(content.accept_by), "2026-08-30");
    date_time_read(&authorization.ends_at, "2026-08-30T23:59:59.999Z");
    expect(CHECK_PASSED, "60 days");
    authorization.ends_at--;
    expect(CHECK_WARNING, "until 2026-08-30, after the authorization's own end");
}

/* Of what is out, or will never be, nobody is told what would stop its release. */
static void what_is_over_is_not_stopped(void **state)
{
    (void)state;
    authorization.status[0] = '\0';
    authorization.buyer_count = 1;
    text_fit(content.accept_by, sizeof(content.accept_by), "2026-06-30");
    expect(CHECK_FAILED, "is not active");
    expect(CHECK_FAILED, "is not among");
    expect(CHECK_FAILED, "has passed");
    input.over = true;
    expect_none("AWS checks");
    expect_none("is not active");
    expect_none("is not among");
    expect_none("has passed");
}

static void the_draft_is_aws_judgement(void **state)
{
    (void)state;
    expect(CHECK_WAITING, "once it is approved");
    input.draft_wanted = true;
    expect(CHECK_WAITING, "AWS is checking the draft");
    input.stopped = true; /* failed */
    expect_none("AWS is checking");
    input.stopped = false;
    input.over = true; /* rejected or withdrawn: nothing is waited for */
    expect_none("AWS is checking");
    expect_none("once it is approved");
    input.draft_wanted = true;
    input.draft_ready = true;
    expect(CHECK_PASSED, "AWS has accepted the draft");
    input.draft_problem = "INVALID_BUYER_ACCOUNTS: no such account";
    expect(CHECK_FAILED, "AWS refused the draft: INVALID_BUYER_ACCOUNTS: no such account");
    expect_none("accepted the draft");
    input.draft_problem_told = true;
    expect(CHECK_FAILED, "AWS refused the draft");
    expect_none("INVALID_BUYER_ACCOUNTS");
    input.draft_problem_told = false;
    char problem[1200];
    memset(problem, 'x', sizeof(problem));
    problem[sizeof(problem) - 1] = '\0';
    input.draft_problem = problem;
    expect(CHECK_FAILED, "AWS refused the draft: xxx");
}

static void everything_at_once(void **state)
{
    (void)state;
    input.expected_unit_price = "0.01";
    input.prices_read = true;
    input.draft_ready = true;
    content.buyer_count = 1;
    authorization.buyer_count = 2;
    memcpy(authorization.buyers, content.buyers, sizeof(content.buyers[0]) * 2);
    count = checks_make(&input, checks);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
        if (checks[i].outcome != CHECK_PASSED)
            fail_msg("“%s” %s", checks[i].text, outcome_name(checks[i].outcome));
    }
}

#define filled(test) cmocka_unit_test_setup(test, fill)

int main(void)
{
    const struct CMUnitTest tests[] = {
        filled(the_customers_price),
        filled(a_plain_offer_passes),
        filled(an_authorization_must_be_usable),
        filled(what_was_not_read_yet_is_waited_for),
        filled(what_cannot_be_sold_here_is_said),
        filled(buyers_must_be_allowed),
        filled(the_price_is_held_against_the_expected_one),
        filled(aws_must_compute_the_same_price),
        filled(the_term_fits_the_authorization),
        filled(prices_in_another_currency_are_not_compared),
        filled(several_buyers_are_a_warning),
        filled(one_instalment_may_be_due_before_the_offer_ends),
        filled(the_buyer_needs_time),
        filled(what_is_over_is_not_stopped),
        filled(the_draft_is_aws_judgement),
        filled(everything_at_once),
    };
    return cmocka_run_group_tests_name("checks", tests, NULL, NULL);
}
