/* The content of a revision: the form's rules, the canonical text, what changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "offers/content.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct authorization chosen;
static struct form_rules rules;
static struct form form;
static struct content content;
static struct form_errors errors;

/* A form without a fault, on 2026-07-01. */
static int fill(void **state)
{
    (void)state;
    chosen = (struct authorization){.id = "resaleauthz-1", .status = "Active", .read_at = 1};
    rules = (struct form_rules){.markup_cap = {50, 0}, .chosen = &chosen};
    date_read(&rules.today, "2026-07-01");
    rules.now = date_end_ms(rules.today - 1) + 1;
    form = (struct form){{"resaleauthz-1", "Acme 2026", "Acme", "111122223333", "25", "P365D",
                          "2026-08-31", "as_authorized", "", ""}};
    return 0;
}

static void expect_good(void)
{
    if (content_read(&form, &rules, &content, &errors))
        return;
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (errors.text[i][0] != '\0')
            fail_msg("%s “%s”: %s", field_name((enum field)i), form.typed[i], errors.text[i]);
    }
}

/* Exactly one complaint, about ${field}, with ${words} in it. */
static void expect_complaint(enum field field, const char *words)
{
    assert_false(content_read(&form, &rules, &content, &errors));
    if (errors.count != 1 || strstr(errors.text[field], words) == NULL)
        fail_msg("%s “%s”: %zu complaints, “%s”", field_name(field), form.typed[field],
                 errors.count, errors.text[field]);
    assert_true(text_is_utf8(errors.text[field], strlen(errors.text[field])));
}

struct rule {
    const char *typed, *words; /* words: of the complaint, NULL when it is good */
};

static void expect_rules(enum field field, const struct rule *cases, size_t count)
{
    const char *before = form.typed[field];
    for (size_t i = 0; i < count; i++) {
        form.typed[field] = cases[i].typed;
        if (cases[i].words == NULL)
            expect_good();
        else
            expect_complaint(field, cases[i].words);
    }
    form.typed[field] = before;
}

static char *repeated(const char *unit, size_t count)
{
    struct text text = {0};
    while (count-- > 0)
        text_add(&text, unit);
    return text_take(&text);
}

static void expect_most(enum field field, const char *unit, size_t most, const char *words)
{
    char *typed = repeated(unit, most);
    char *more = repeated(unit, most + 1);
    expect_rules(field, (struct rule[]){{typed, NULL}, {more, words}}, 2);
    free(typed);
    free(more);
}

/* --- the fields --- */

static void a_good_form_is_taken(void **state)
{
    (void)state;
    expect_good();
    assert_int_equal(errors.count, 0);
    assert_string_equal(content.authorization, "resaleauthz-1");
    assert_string_equal(content.offer_name, "Acme 2026");
    assert_string_equal(content.customer, "Acme");
    assert_int_equal(content.buyer_count, 1);
    assert_string_equal(content.buyers[0], "111122223333");
    assert_string_equal(content.markup, "25");
    assert_string_equal(content.term, "P365D");
    assert_string_equal(content.accept_by, "2026-08-31");
    assert_int_equal(content.eula, EULA_AS_AUTHORIZED);
    assert_string_equal(content.eula_url, "");
    assert_string_equal(content.note, "");
}

static void all_complaints_come_at_once(void **state)
{
    (void)state;
    form = (struct form){{NULL}};
    assert_false(content_read(&form, &rules, &content, &errors));
    assert_int_equal(errors.count, 8);
    assert_string_equal(errors.text[FIELD_EULA_URL], "");
    assert_string_equal(errors.text[FIELD_NOTE], "");
    form = (struct form){
        {"x", "<", "\x01", "1", "x", "P1D", "2026-02-30", "own", "https://x/", "\xFF", "\xFF"}};
    rules.chosen = NULL;
    assert_false(content_read(&form, &rules, &content, &errors));
    assert_int_equal(errors.count, FIELD_COUNT);
    for (int i = 0; i < FIELD_COUNT; i++)
        assert_true(errors.text[i][0] != '\0');
}

static void an_authorization_must_be_known_and_usable(void **state)
{
    (void)state;
    static const struct rule cases[] = {{"", "Choose"}, {NULL, "Choose"}};
    expect_rules(FIELD_AUTHORIZATION, cases, COUNT(cases));
    rules.chosen = NULL;
    expect_complaint(FIELD_AUTHORIZATION, "do not know");
    rules.chosen = &chosen;
    char *id = repeated("x", AUTHORIZATION_ID);
    form.typed[FIELD_AUTHORIZATION] = id;
    expect_complaint(FIELD_AUTHORIZATION, "do not know");
    free(id);
    form.typed[FIELD_AUTHORIZATION] = "resaleauthz-1";
    static const struct {
        struct authorization is;
        const char *words;
    } states[] = {
        {{.status = "Active", .unlisted = true}, "no longer listed"},
        {{.status = "Restricted"}, "restricted"},
        {{.status = "Draft"}, "not active"},
        {{.status = ""}, "not active"},
        {{.status = "Active", .extended_status = "Completed-Used"}, "already been used"},
    };
    for (size_t i = 0; i < COUNT(states); i++) {
        chosen = states[i].is;
        expect_complaint(FIELD_AUTHORIZATION, states[i].words);
    }
    chosen = (struct authorization){.status = "Active", .extended_status = "Active"};
    chosen.ends_at = rules.now;
    expect_complaint(FIELD_AUTHORIZATION, "expired");
    chosen.ends_at = rules.now + 1;
    expect_good();
}

static void names(void **state)
{
    (void)state;
    static const struct rule cases[] = {
        {"  Acme \n", NULL},
        {"日本 & Söhne 👩‍💻", NULL},
        {"", "Required"},
        {NULL, "Required"},
        {" \t\n ", "Required"},
        {"a\\b", "“\\”"},
        {"a<b", "“<”"},
        {"a>b", "“>”"},
        {"a\nb", "(U+000A)"},
        {"a\x7F", "(U+007F)"},
        {"a\xC2\x80z", "(U+0080)"},
        {"\xC0\xAF", "not UTF-8"},
        {"a\xED\xA0\x80", "not UTF-8"},
    };
    expect_rules(FIELD_OFFER_NAME, cases, COUNT(cases));
    form.typed[FIELD_OFFER_NAME] = "  Acme \n";
    expect_good();
    assert_string_equal(content.offer_name, "Acme");
    expect_most(FIELD_OFFER_NAME, "x", 150, "150");
    expect_most(FIELD_OFFER_NAME, "ü", 150, "150");
    expect_most(FIELD_OFFER_NAME, "😀", 75, "150"); /* two of AWS's units each */
}

static void customers_and_notes(void **state)
{
    (void)state;
    static const struct rule customers[] = {
        {"A < B \\ C", NULL}, {"", "Required"}, {NULL, "Required"}, {"a\nb", "(U+000A)"}};
    static const struct rule notes[] = {{"one\ntwo\\n <3", NULL}, {NULL, NULL}};
    expect_rules(FIELD_CUSTOMER, customers, COUNT(customers));
    expect_most(FIELD_CUSTOMER, "ü", 200, "200");
    expect_rules(FIELD_NOTE, notes, COUNT(notes));
    expect_most(FIELD_NOTE, "😀", 1000, "1000");
}

static void characters_that_hide_are_refused_by_name(void **state)
{
    (void)state;
    static const struct rule cases[] = {{"a\x01z", "a control character (U+0001)"},
                                        {"a\uFFFDz", "a character that could not be read (U+FFFD)"},
                                        {"a\x1Bz", "(U+001B)"},
                                        {"a\u200Ez", "(U+200E)"},
                                        {"a\u200Fz", "(U+200F)"},
                                        {"a\u061Cz", "(U+061C)"},
                                        {"a\u202Az", "(U+202A)"},
                                        {"a\u202Ez", "(U+202E)"},
                                        {"a\u2066z", "(U+2066)"},
                                        {"\u2069z", "(U+2069)"}};
    expect_rules(FIELD_OFFER_NAME, cases, COUNT(cases));
    expect_rules(FIELD_CUSTOMER, cases, COUNT(cases));
    expect_rules(FIELD_NOTE, cases, COUNT(cases));
}

/* Slack and pasted pages put them there; nobody means them. */
static void spaces_are_plain_and_what_has_no_width_is_gone(void **state)
{
    (void)state;
    form.typed[FIELD_CUSTOMER] = "\uFEFFExample\u00A0\u200BCorp\t&\u2028Co\u2060 ";
    expect_good();
    assert_string_equal(content.customer, "Example Corp & Co");
}

static void buyers(void **state)
{
    (void)state;
    static const struct rule cases[] = {
        {"111122223333,444455556666; 777788889999\n\t000011112222\r\n,,", NULL},
        {"", "12 digits"},
        {NULL, "12 digits"},
        {" ,;\n", "12 digits"},
        {"11112222333", "“11112222333” is not an AWS account id: type 12 digits each"},
        {"1111222233334", "“1111222233334” is not an AWS account id"},
        {"acme", "“acme” is not an AWS account id"},
        {"acme, 1, 111122223333, x", "“acme”, “1”, “x” are not AWS account ids"},
        {"a b c d e", "“a”, “b”, “c” and more are not AWS account ids"},
        {"１１１１２２２２３３３３", "“１１１１２２２２３３３３” is no"},
        {"1111222233334444555566667777888899990000", "“111122223333444455556666…” is no"},
        {"111122223333\xFF", "12 digits"},
        {"a\xE2\x80\xAE"
         "b",
         "“ab” is no"},
    };
    expect_rules(FIELD_BUYERS, cases, COUNT(cases));
    form.typed[FIELD_BUYERS] = cases[0].typed;
    expect_good();
    assert_int_equal(content.buyer_count, 4);
    assert_string_equal(content.buyers[3], "000011112222");
    static const char *const same[] = {
        "1111-2222-3333, 4444-5555-6666", /* as AWS prints them */
        "1111 2222 3333\n4444 5555 6666",
        "1111 2222 3333 4444 5555 6666",
        "1111\u00A02222\u00A03333;4444‑5555‑6666",
        "111122223333 444455556666 111122223333", /* once is enough */
        "\u200B111122223333\t444455556666",
    };
    for (size_t i = 0; i < COUNT(same); i++) {
        form.typed[FIELD_BUYERS] = same[i];
        expect_good();
        assert_int_equal(content.buyer_count, 2);
        assert_string_equal(content.buyers[0], "111122223333");
        assert_string_equal(content.buyers[1], "444455556666");
    }
    struct text list = {0};
    for (int i = 0; i < MAX_BUYERS; i++)
        text_addf(&list, "%012d ", i);
    form.typed[FIELD_BUYERS] = text_get(&list);
    expect_good();
    assert_int_equal(content.buyer_count, 24);
    text_add(&list, "111122223333");
    form.typed[FIELD_BUYERS] = text_get(&list);
    expect_complaint(FIELD_BUYERS, "at most 24");
    text_free(&list);
}

static void buyers_stand_in_the_authorization(void **state)
{
    (void)state;
    static const struct rule cases[] = {{"444455556666,111122223333", NULL},
                                        {"111122223333,777788889999",
                                         "“777788889999” is not among the buyers of this "
                                         "authorization; it is for 111122223333, 444455556666."}};
    chosen.buyer_count = 2;
    memcpy(chosen.buyers[0], "111122223333", ACCOUNT_ID);
    memcpy(chosen.buyers[1], "444455556666", ACCOUNT_ID);
    expect_rules(FIELD_BUYERS, cases, COUNT(cases));
}

/* AWS sells to customers; whose offer it is does not buy it. */
static void the_seller_is_no_buyer(void **state)
{
    (void)state;
    static const struct rule cases[] = {
        {"444455556666", NULL},
        {"777788889999", "777788889999 is our own AWS account, which sells: type the customer's."},
        {"444455556666, 7777-8888-9999", "777788889999 is our own AWS account"},
        {"acme, 777788889999", "separated by commas. 777788889999 is our own AWS account"}};
    rules.own = "777788889999";
    expect_rules(FIELD_BUYERS, cases, COUNT(cases));
    chosen.buyer_count = 1; /* nor where the ISV names it */
    memcpy(chosen.buyers[0], "777788889999", ACCOUNT_ID);
    form.typed[FIELD_BUYERS] = "777788889999";
    expect_complaint(FIELD_BUYERS, "is our own AWS account");
}

static void markups(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *canonical;
    } good[] = {{"25", "25"},     {"25%", "25"},          {" 33.3 % ", "33.3"},
                {".5", "0.5"},    {"025.50%", "25.5"},    {"0", "0"},
                {"50", "50"},     {"50.000 %", "50"},     {"1.000000001", "1.000000001"},
                {"12,5", "12.5"}, {"33,3\u00A0%", "33.3"}};
    static const struct rule bad[] = {
        {"", "percent"},
        {NULL, "percent"},
        {"%", "percent"},
        {" % ", "percent"},
        {"50.000000001", "50 %"},
        {"1000", "50 %"},
        {"1,234.5", "not a percentage"},
        {"-5", "not a percentage"},
        {"1,2,3", "not a percentage"},
        {"25%%", "not a percentage"},
        {"5.", "not a percentage"},
        {"1e1", "not a percentage"},
        {"+5", "not a percentage"},
        {"0.0000000001", "not a percentage"},
        {"a,5", "not a percentage"},
        {"\xFF", "not a percentage"},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        form.typed[FIELD_MARKUP] = good[i].typed;
        expect_good();
        assert_string_equal(content.markup, good[i].canonical);
    }
    expect_rules(FIELD_MARKUP, bad, COUNT(bad));
    rules.markup_cap = (struct decimal){INT64_C(9000000000), 0};
    form.typed[FIELD_MARKUP] = "999999999";
    expect_good();
    form.typed[FIELD_MARKUP] = "1000000000";
    expect_complaint(FIELD_MARKUP, "at most 9 digits");
}

static void terms(void **state)
{
    (void)state;
    static const struct rule cases[] = {{"as_authorized", "does not fix a term"},
                                        {"P3650D", NULL},
                                        {"P1825D", NULL},
                                        {"P1095D", NULL},
                                        {"P365D", NULL},
                                        {"", "Choose"},
                                        {NULL, "Choose"},
                                        {"10 years", "Choose"},
                                        {"p365d", "Choose"}};
    static const struct rule fixed[] = {
        {"P1095D", NULL}, {"as_authorized", NULL}, {"P365D", "at 3 years. Choose “As authorized”"}};
    static const struct rule months[] = {{"P365D", "at 12 months. Choose “As authorized”"},
                                         {"as_authorized", NULL},
                                         {"P1095D", "at 12 months"}};
    static const struct rule odd[] = {{"P365D", "at 90 days"}, {"as_authorized", NULL}};
    expect_rules(FIELD_TERM, cases, COUNT(cases));
    chosen.read_at = 0; /* what it fixes is not known yet */
    static const struct rule unread[] = {{"as_authorized", NULL}};
    expect_rules(FIELD_TERM, unread, COUNT(unread));
    text_fit(chosen.duration, sizeof(chosen.duration), "P1095D");
    expect_rules(FIELD_TERM, fixed, COUNT(fixed));
    text_fit(chosen.duration, sizeof(chosen.duration), "P12M");
    expect_rules(FIELD_TERM, months, COUNT(months));
    text_fit(chosen.duration, sizeof(chosen.duration), "P90D");
    expect_rules(FIELD_TERM, odd, COUNT(odd));
}

static void accept_by_dates(void **state)
{
    (void)state;
    static const struct rule cases[] = {{"2026-07-02", NULL},
                                        {"2029-07-01", NULL},
                                        {"2026-07-01", "2026-07-02"},
                                        {"2026-06-30", "2026-07-02"},
                                        {"2029-07-15", "three years"},
                                        {"9999-12-31", "three years"},
                                        {"2027-02-29", "date that exists"},
                                        {"", "date that exists"},
                                        {NULL, "date that exists"},
                                        {"31.08.2026", "date that exists"}};
    expect_rules(FIELD_ACCEPT_BY, cases, COUNT(cases));
}

static void eulas_and_their_addresses(void **state)
{
    (void)state;
    static const struct rule kinds[] = {{"standard", NULL},
                                        {"", "Choose"},
                                        {NULL, "Choose"},
                                        {"own", "Choose"},
                                        {"Standard", "Choose"}};
    static const struct rule urls[] = {
        {"https://bucket.s3.amazonaws.com/eula.pdf", NULL},
        {" https://bucket.s3.eu-central-1.amazonaws.com/a/eula.pdf ", NULL},
        {"https://a.b.s3-eu-west-1.amazonaws.com/eula.pdf?versionId=3#x", NULL},
        {"https://s3.us-east-1.amazonaws.com/bucket/eula.pdf", NULL},
        {"https://s3.dualstack.us-gov-west-1.amazonaws.com/b/e.pdf", NULL},
        {"", "S3 only"},
        {NULL, "S3 only"},
        {"http://bucket.s3.amazonaws.com/eula.pdf", "S3 only"},
        {"https://s3.@ec2-1-2-3-4.compute.amazonaws.com/e.pdf", "S3 only"},
        {"https://s3-evil-12.us-east-1.elb.amazonaws.com/e", "S3 only"},
        {"https://s3-evil-12.amazonaws.com/e", "S3 only"},
        {"https://s3.evil.com%2f.amazonaws.com/e", "S3 only"},
        {"https://s3.evil.com:80.amazonaws.com/e", "S3 only"},
        {"https://s3.ü.amazonaws.com/e", "S3 only"},
        {"https://b..s3.amazonaws.com/e", "S3 only"},
        {"https://.s3.amazonaws.com/e", "S3 only"},
        {"https://s3.evil.com", "S3 only"},
        {"https://s3.evil.com/eula.pdf", "S3 only"},
        {"https://evil.com/.amazonaws.com", "S3 only"},
        {"https://evil.com/s3.amazonaws.com/eula.pdf", "S3 only"},
        {"https://evil.com?s3.amazonaws.com/", "S3 only"},
        {"https://evil.com#.s3.amazonaws.com/", "S3 only"},
        {"https://evil.com@b.s3.amazonaws.com/", "S3 only"},
        {"https://b.s3.amazonaws.com@evil.com/eula.pdf", "S3 only"},
        {"https://b.s3.amazonaws.com.evil.com/eula.pdf", "S3 only"},
        {"https://b.s3.evilamazonaws.com/eula.pdf", "S3 only"},
        {"https://bs3.amazonaws.com/eula.pdf", "S3 only"},
        {"https://ec2.us-east-1.amazonaws.com/eula.pdf", "S3 only"},
        {"https://amazonaws.com/eula.pdf", "S3 only"},
        {"https://.amazonaws.com/eula.pdf", "S3 only"},
        {"https://b.s3.amazonaws.com", "S3 only"},
        {"https:///eula.pdf", "S3 only"},
        {"https://b.s3.amazonaws.com/a b", "S3 only"},
        {"https://b.s3.amazonaws.com/<a>", "S3 only"},
        {"https://b.s3.amazonaws.com/a\xE2\x80\xAE"
         "b",
         "(U+202E)"},
    };
    expect_rules(FIELD_EULA, kinds, COUNT(kinds));
    form.typed[FIELD_EULA] = "custom";
    expect_rules(FIELD_EULA_URL, urls, COUNT(urls));
    char *path = repeated("x", URL_BYTES);
    char *most = text_format("https://b.s3.amazonaws.com/%.*s", URL_BYTES - 27, path);
    char *more = text_format("%sx", most);
    expect_rules(FIELD_EULA_URL, (struct rule[]){{most, NULL}, {more, "2000"}}, 2);
    free(path);
    free(most);
    free(more);
    form.typed[FIELD_EULA_URL] = urls[0].typed;
    form.typed[FIELD_EULA] = "standard";
    expect_complaint(FIELD_EULA_URL, "Clear it");
    form.typed[FIELD_EULA] = "as_authorized";
    expect_complaint(FIELD_EULA_URL, "Clear it");
}

static void reasons(void **state)
{
    (void)state;
    static const struct rule cases[] = {{" too dear\nfor us ", NULL},
                                        {"", "why"},
                                        {NULL, "why"},
                                        {" \n ", "why"},
                                        {"\xFF", "not UTF-8"},
                                        {"a\xE2\x80\xAE"
                                         "b",
                                         "(U+202E)"}};
    char reason[REASON_POINTS * 4 + 1];
    char why[300];
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(content_read_reason(cases[i].typed, reason, why, sizeof(why)),
                         cases[i].words == NULL);
        if (cases[i].words == NULL)
            assert_string_equal(reason, "too dear\nfor us");
        else
            assert_non_null(strstr(why, cases[i].words));
    }
    char *most = repeated("😀", 1001);
    assert_false(content_read_reason(most, reason, why, sizeof(why)));
    assert_non_null(strstr(why, "1000"));
    assert_true(content_read_reason(most + 4, reason, why, sizeof(why)));
    assert_string_equal(reason, most + 4);
    free(most);
}

#define filled(test) cmocka_unit_test_setup(test, fill)

int main(void)
{
    const struct CMUnitTest tests[] = {
        filled(a_good_form_is_taken),
        filled(all_complaints_come_at_once),
        filled(an_authorization_must_be_known_and_usable),
        filled(names),
        filled(customers_and_notes),
        filled(characters_that_hide_are_refused_by_name),
        filled(spaces_are_plain_and_what_has_no_width_is_gone),
        filled(buyers),
        filled(buyers_stand_in_the_authorization),
        filled(the_seller_is_no_buyer),
        filled(markups),
        filled(terms),
        filled(accept_by_dates),
        filled(eulas_and_their_addresses),
        filled(reasons),
    };
    return cmocka_run_group_tests_name("content", tests, NULL, NULL);
}
