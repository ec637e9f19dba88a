/* The checks on the card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "offers/checks.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct content content;
static struct authorization authorization;
static struct check_input input;
static struct check checks[MOST_CHECKS];
static size_t count;

/* On 2026-07-01, 60 days to accept, 0.0075 + 33.3 %, nothing configured, no draft. */
static int fill(void **state)
{
    (void)state;
    content = (struct content){.buyer_count = 2,
                               .buyers = {"111122223333", "444455556666"},
                               .markup = "33.3",
                               .accept_by = "2026-08-30"};
    authorization = (struct authorization){.status = "Active", .unit_price = "0.0075"};
    input = (struct check_input){.content = &content,
                                 .authorization = &authorization,
                                 .expected_unit_price = "",
                                 .aws_unit_price = "",
                                 .draft_problem = ""};
    date_time_read(&input.now, "2026-07-01T12:00:00Z");
    return 0;
}

static const char *outcome_name(enum check_outcome outcome)
{
    static const char *const names[] = {"passed", "warning", "failed", "waiting"};
    return names[outcome];
}

/* Exactly one check with ${words} in it, and with this outcome. */
static void expect(enum check_outcome outcome, const char *words)
{
    size_t found = 0;
    count = checks_make(&input, checks);
    assert_true(count <= MOST_CHECKS);
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

/* --- the price ---------------------------------------------------------------------------- */

static void the_customers_price(void **state)
{
    (void)state;
    static const struct {
        const char *wholesale, *markup, *price;
    } cases[] = {{"0.0075", "33.3", "0.0099975"},
                 {"0.008", "25", "0.01"},
                 {"0.0080000000", "25", "0.01"},
                 {"", "25", ""},
                 {"0.008", "", ""},
                 {"free", "25", ""},
                 {"999999999999999999", "25", ""}};
    char price[DECIMAL_TEXT] = "x";
    for (size_t i = 0; i < COUNT(cases); i++) {
        text_fit(authorization.unit_price, sizeof(authorization.unit_price), cases[i].wholesale);
        text_fit(content.markup, sizeof(content.markup), cases[i].markup);
        checks_price(&content, &authorization, price);
        assert_string_equal(price, cases[i].price);
    }
    memcpy(price, "x", 2);
    checks_price(&content, NULL, price);
    assert_string_equal(price, "");
}

/* --- the checks --------------------------------------------------------------------------- */

static void a_plain_offer_passes(void **state)
{
    (void)state;
    count = checks_make(&input, checks);
    assert_int_equal(count, 3); /* authorization, accept by, draft */
    assert_int_equal(checks[0].outcome, CHECK_PASSED);
    assert_int_equal(checks[1].outcome, CHECK_PASSED);
    assert_int_equal(checks[2].outcome, CHECK_WAITING);
}

static void an_authorization_must_be_usable(void **state)
{
    (void)state;
    expect(CHECK_PASSED, "resale authorization");
    authorization.ends_at = input.now;
    expect(CHECK_FAILED, "resale authorization has expired");
    authorization.ends_at = 0;
    memcpy(authorization.status, "Restricted", sizeof("Restricted"));
    expect(CHECK_FAILED, "resale authorization was restricted");
    authorization.gone = true;
    expect(CHECK_FAILED, "resale authorization is no longer listed");
    input.authorization = NULL;
    expect(CHECK_FAILED, "resale authorization is not known");
}

static void buyers_must_be_allowed(void **state)
{
    (void)state;
    expect_none("uyers"); /* any buyer: nothing to look at */
    authorization.buyer_count = 1;
    memcpy(authorization.buyers[0], "111122223333", ACCOUNT_ID);
    expect(CHECK_FAILED, "444455556666 is not among");
    authorization.buyer_count = 2;
    memcpy(authorization.buyers[1], "444455556666", ACCOUNT_ID);
    expect(CHECK_PASSED, "All buyers");
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
        {"", "25", "0.01", CHECK_WARNING, "cannot be computed"},
        {"0.008", "25", "cheap", CHECK_WARNING, "cannot be computed"},
        {"0.008", "25", "0", CHECK_WARNING, "cannot be computed"},
    };
    expect_none("expected");
    for (size_t i = 0; i < COUNT(cases); i++) {
        text_fit(authorization.unit_price, sizeof(authorization.unit_price), cases[i].wholesale);
        text_fit(content.markup, sizeof(content.markup), cases[i].markup);
        input.expected_unit_price = cases[i].expected;
        expect(cases[i].outcome, cases[i].words);
    }
    input.expected_unit_price = "0.01";
    input.authorization = NULL;
    expect(CHECK_WARNING, "cannot be computed");
}

static void aws_must_compute_the_same_price(void **state)
{
    (void)state;
    static const struct {
        const char *price;
        enum check_outcome outcome;
        const char *words;
    } cases[] = {{"0.0099975", CHECK_PASSED, "AWS computes the same price: 0.0099975"},
                 {"0.00999750", CHECK_PASSED, "AWS computes the same price"},
                 {"0.00999751", CHECK_FAILED, "another price: 0.00999751, not 0.0099975"},
                 {"0.01", CHECK_FAILED, "another price: 0.01, not 0.0099975"},
                 {"nothing", CHECK_FAILED, "another price: nothing"}};
    expect_none("AWS computes");
    for (size_t i = 0; i < COUNT(cases); i++) {
        input.aws_unit_price = cases[i].price;
        expect(cases[i].outcome, cases[i].words);
    }
    authorization.unit_price[0] = '\0';
    expect_none("AWS computes");
}

static void the_buyer_needs_time(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        enum check_outcome outcome;
        const char *words;
    } cases[] = {
        {"2026-06-30", CHECK_FAILED, "2026-06-30 leaves no time"},
        {"2026-07-01", CHECK_FAILED, "2026-07-01 leaves no time"},
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

static void the_draft_is_aws_judgement(void **state)
{
    (void)state;
    expect(CHECK_WAITING, "after the approval");
    input.draft_wanted = true;
    expect(CHECK_WAITING, "AWS is checking the draft");
    input.draft_ready = true;
    expect(CHECK_PASSED, "AWS has accepted the draft");
    input.draft_problem = "INVALID_BUYER_ACCOUNTS: no such account";
    expect(CHECK_FAILED, "AWS refused the draft: INVALID_BUYER_ACCOUNTS: no such account");
    expect_none("accepted the draft");
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
    input.aws_unit_price = "0.0099975";
    input.draft_ready = true;
    authorization.buyer_count = 2;
    memcpy(authorization.buyers, content.buyers, sizeof(content.buyers[0]) * 2);
    count = checks_make(&input, checks);
    assert_int_equal(count, 6);
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
        filled(buyers_must_be_allowed),
        filled(the_price_is_held_against_the_expected_one),
        filled(aws_must_compute_the_same_price),
        filled(the_buyer_needs_time),
        filled(the_draft_is_aws_judgement),
        filled(everything_at_once),
    };
    return cmocka_run_group_tests_name("checks", tests, NULL, NULL);
}
