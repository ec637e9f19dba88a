/* Does what AWS holds equal what was approved? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "aws_fixture.h"
#include "marketplace/catalog.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct terms authorized;
static struct catalog_offer held;

static const struct content contract = {.authorization = "resaleauthz-contract1",
                                        .offer_name = "Example Contract",
                                        .customer = "Example Corp",
                                        .buyer_count = 1,
                                        .buyers = {"111122223333"},
                                        .markup = "5",
                                        .term = "as_authorized",
                                        .accept_by = "2027-07-01",
                                        .eula = EULA_CUSTOM,
                                        .eula_url = "https://ours.s3.amazonaws.com/eula.pdf"};

static const struct content usage = {.authorization = "resaleauthz-usage1",
                                     .offer_name = "Example Usage",
                                     .customer = "Example Corp",
                                     .buyer_count = 1,
                                     .buyers = {"111122223333"},
                                     .markup = "0",
                                     .term = "P3650D",
                                     .accept_by = "2027-07-01"};

static void read_terms(const char *name)
{
    struct authorization authorization;
    json_t *reply = aws_reply(name);
    assert_true(catalog_authorization(reply, &authorization, &authorized));
    json_decref(reply);
}

static char *differences(const struct content *content)
{
    const struct approved approved = {12, 2, content, &authorized, "2022-07-14"};
    return catalog_differences(&held, &approved);
}

/* Exactly one difference, with ${words} in it; NULL: none. ${what}: to be told when not. */
static void expect(const struct content *content, const char *words, const char *what)
{
    char *list = differences(content);
    if ((list == NULL) != (words == NULL) ||
        (list != NULL && (strstr(list, words) == NULL || strstr(list, "; ") != NULL)))
        fail_msg("%s: %s", what, list != NULL ? list : "no difference");
    free(list);
}

/* In the file ${name}, with ${find} replaced. */
static void expect_with(const struct content *content, const char *name, const char *find,
                        const char *put, const char *words)
{
    json_t *reply = aws_reply(name);
    json_object_del(reply, "Details");
    char *text = json_dumps(reply, JSON_COMPACT);
    char *quoted = text_format("%s", find);
    char *wanted = text_format("%s", put);
    for (char *at = quoted; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    for (char *at = wanted; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    char *there = strstr(text, quoted);
    if (there == NULL)
        fail_msg("%s has no %s", name, find);
    char *changed =
        text_format("%.*s%s%s", (int)(there - text), text, wanted, there + strlen(quoted));
    json_t *root = json_loads(changed, 0, NULL);
    assert_non_null(root);
    assert_true(catalog_offer(root, &held));
    expect(content, words, put);
    json_decref(root);
    free(changed);
    free(wanted);
    free(quoted);
    free(text);
    json_decref(reply);
}

/* --- a contract --- */

static void every_difference_of_a_contract_is_told(void **state)
{
    static const struct {
        const char *find, *put, *words;
    } cases[] = {
        {"'Released'", "'Released'", NULL},
        {"'Released'", "null", NULL},
        {"'5.0'", "'5'", NULL},
        {"'5.0'", "'5.000000001'", "the markup “5.000000001”, approved is “5”"},
        {"'5.0'", "null", "the markup “0”"},
        {"'P12M'", "'P1Y'", NULL},
        {"'P12M'", "'P365D'", NULL},
        {"{'Type':'ValidityTerm','AgreementDuration':'P12M'},", "", NULL},
        {"'P12M'", "'P24M'", "the term “P24M”, approved is “P12M”"},
        {"'AgreementDuration':'P12M'", "'AgreementDuration':'P12M','AgreementEndDate':'2029-01-01'",
         "an agreement end date"},
        {"'10.5'", "'10.50'", NULL},
        {"'10.5'", "'10.51'",
         "“Due 2027-08-01: 10.51 USD”, approved is “Due 2027-08-01: 10.5 USD”"},
        {"'10.5'", "'250000'", "Due 2027-08-01: 250000 USD"},
        {"{'ChargeDate':'2028-02-01T00:00:00.000Z','ChargeAmount':'21'}",
         "{'ChargeDate':'2028-02-01','ChargeAmount':'21'}", NULL},
        {",{'ChargeDate':'2028-02-01T00:00:00.000Z','ChargeAmount':'21'}", "",
         "does not hold “Due 2028-02-01: 21 USD”"},
        {"{'ChargeDate':'2028-02-01T00:00:00.000Z',",
         "{'ChargeDate':'2028-02-01','ChargeAmount':'21'},{'ChargeDate':'2029-02-01',",
         "“Due 2029-02-01: 21 USD”, which was not approved"},
        {"'Price':'0'", "'Price':'0.00'", NULL},
        {"'Price':'0'", "'Price':'1000'", "“Upfront price: 1000 USD”"},
        {"'Price':'0'", "'Price':'0','Duration':'P12M'", NULL},
        {"'Price':'0'", "'Price':'0','Duration':'P36M'", "for 36 months"},
        {"'MaxQuantity':20", "'MaxQuantity':21", "Seats: 21 included"},
        {"'MaxQuantity':20", "'MaxQuantity':'20'", NULL},
        {"'CurrencyCode':'USD','Price'", "'CurrencyCode':'EUR','Price'", "0 EUR"},
        {"{'Type':'LegalTerm'",
         "{'Type':'UsageBasedPricingTerm','CurrencyCode':'USD','RateCards':[{"
         "'RateCard':[{'DimensionKey':'calls','Price':'1'}]}]},"
         "{'Type':'LegalTerm'",
         "“calls: 1 USD per unit used”, which was not approved"},
        {"{'Type':'LegalTerm'", "{'Type':'RenewalTerm'},{'Type':'LegalTerm'", "RenewalTerm"},
        {"{'Type':'LegalTerm'",
         "{'Type':'NetPaymentTerm','PaymentDuePeriod':'P30D'},"
         "{'Type':'LegalTerm'",
         "due within 30 days”, which was not approved"},
        {"{'BuyerAccounts':['111122223333']}",
         "{'BuyerAccounts':['111122223333'],'CountryCodes':['DE']}", "countries (DE)"},
        {"{'BuyerAccounts':['111122223333']}",
         "{'BuyerAccounts':['111122223333'],'CountryCodes':[]}", NULL},
        {"{'BuyerAccounts':['111122223333']}",
         "{'BuyerAccounts':['111122223333']},'NegativeTargeting':{'BuyerAccounts':['222233334444']"
         "}",
         "buyers who are left out"},
        {"{'BuyerAccounts':['111122223333']}",
         "{'BuyerAccounts':['111122223333']},'NegativeTargeting':{'BuyerAccounts':[]}", NULL},
        {"'AvailabilityEndDate'", "'AvailabilityStartDate':null,'AvailabilityEndDate'", NULL},
        {"'AvailabilityEndDate'",
         "'AvailabilityStartDate':'2026-03-04T05:06:07Z','AvailabilityEndDate'", NULL},
        {"'AvailabilityEndDate'", "'AvailabilityStartDate':'2026-03-05','AvailabilityEndDate'",
         "an availability that begins later"},
        {"'State':'Released'", "'State':'Released','OfferSetId':'offerset-1'", "an offer set"},
        {"'State':'Released'", "'State':'Released','OfferSetId':null", NULL},
        {"'111122223333'", "'111122223334'", "other buyers"},
        {"'111122223333'", "'111122223333','222233334444'", "other buyers"},
        {"'State':'Released'",
         "'State':'Released','PreExistingAgreement':{'AcquisitionChannel':'External',"
         "'PricingModel':'Contract'}",
         "“Renews an earlier agreement (External, Contract)”, which was not approved"},
        {"'State':'Released'", "'State':'Released','PreExistingAgreement':null", NULL},
        {"2027-07-01T23:59:59.999Z", "2027-07-02T23:59:59.999Z", "the accept-by date “2027-07-02”"},
        {"CPPO-12 r2", "CPPO-12 r1", "the description"},
        {"Corp - CPPO", "Corp · CPPO", NULL}, /* as it was written once */
        {"Example Contract", "Other", "the name “Other”"},
        {"'ResaleAuthorizationId':'resaleauthz-contract1'", "'ResaleAuthorizationId':'other'",
         "the resale authorization “other”"},
    };
    (void)state;
    read_terms("authorization_contract");
    struct terms all = authorized; /* its metered prices would be held, too: left out here */
    authorized.count = 0;
    for (size_t i = 0; i < all.count; i++) {
        if (all.lines[i].kind != TERM_UNIT)
            terms_add(&authorized, &all.lines[i]);
    }
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_with(&contract, "offer_contract", cases[i].find, cases[i].put, cases[i].words);
}

/* --- a usage price --- */

/* No State, no markup, ten years for 3650 days, a date without milliseconds. */
static void a_draft_is_compared_by_meaning(void **state)
{
    (void)state;
    read_terms("authorization_dated");
    authorized.count--; /* without legal terms, as the draft */
    expect_with(&usage, "draft_without_state", "'offer-draft1'", "'offer-draft1'", NULL);
    expect_with(&usage, "draft_without_state", "'P10Y'", "'P3650D'", NULL);
    expect_with(&usage, "draft_without_state", "'P10Y'", "'P3653D'", "the term “P3653D”");
    expect_with(&usage, "draft_without_state", "'P10Y'", "null", "the term “”");
    expect_with(&usage, "draft_without_state", "'0.0075'", "'0.00750000'", NULL);
    expect_with(&usage, "draft_without_state", "'0.0075'", "'0.0076'", "calls: 0.0076 USD");
}

/* AWS keeps 8 decimals; whether it rounds or cuts is not written down. */
static void prices_are_rounded_as_aws_does(void **state)
{
    static const struct {
        const char *price;
        bool same;
    } cases[] = {{"0.01066667", true},
                 {"0.01066666", true},
                 {"0.0106666666666664", true},
                 {"0.01066668", false},
                 {"0.01066665", false},
                 {"0.0107", false},
                 {"0", false},
                 {"", false}};
    struct content content = usage;
    (void)state;
    read_terms("authorization_dated");
    authorized.count--;
    text_fit(authorized.lines[0].amount, DECIMAL_TEXT, "0.008");
    text_fit(content.markup, sizeof(content.markup), "33.333333333");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *put = text_format("'Price':'%s'", cases[i].price);
        json_t *reply = aws_reply("draft_without_state");
        assert_true(catalog_offer(reply, &held));
        json_decref(reply);
        text_fit(held.markup, sizeof(held.markup), "33.333333333");
        text_fit(held.terms.lines[0].amount, DECIMAL_TEXT, cases[i].price);
        expect(&content, cases[i].same ? NULL : "calls", put);
        free(put);
    }
}

/* --- legal terms --- */

#define DOC(type) "{'Type':'" type "','Url':'https://copies.example/x?X-Amz-Signature=SECRET'}"
#define STANDARD(version) "{'Type':'StandardEula','Version':'" version "','Url':'https://c/'}"
#define TERM(documents) "{'Type':'LegalTerm','Documents':[" documents "]}"

/* The authorization has an EULA of the ISV's; AWS merges ours with it in a way that it does not
 * write down. */
static void eulas_are_found_wherever_they_stand(void **state)
{
    static const struct {
        enum offer_eula eula;
        const char *terms, *words;
    } cases[] = {
        {EULA_AS_AUTHORIZED, TERM(DOC("CustomEula")), NULL},
        {EULA_AS_AUTHORIZED, TERM(""), "does not hold the EULA “CustomEula”"},
        {EULA_AS_AUTHORIZED, TERM(DOC("CustomEula") "," DOC("CustomEula")), "not approved"},
        {EULA_AS_AUTHORIZED, TERM(DOC("CustomEula")) "," TERM(DOC("EnterpriseEula")),
         "“EnterpriseEula”, which was not approved"},
        {EULA_STANDARD, TERM(STANDARD("2022-07-14")), NULL},
        {EULA_STANDARD, TERM(DOC("CustomEula") "," STANDARD("2022-07-14")), NULL},
        {EULA_STANDARD, TERM(STANDARD("2022-07-14") "," DOC("CustomEula")), NULL},
        {EULA_STANDARD, TERM(DOC("CustomEula")) "," TERM(STANDARD("2022-07-14")), NULL},
        {EULA_STANDARD, TERM(STANDARD("2022-07-14")) "," TERM(DOC("CustomEula")), NULL},
        {EULA_STANDARD, TERM(DOC("CustomEula")),
         "does not hold the EULA “StandardEula 2022-07-14”"},
        {EULA_STANDARD, TERM(STANDARD("2022-07-14") "," DOC("EnterpriseEula")), "EnterpriseEula"},
        {EULA_CUSTOM, TERM(DOC("CustomEula")), NULL},
        {EULA_CUSTOM, TERM(DOC("CustomEula") "," DOC("CustomEula")), NULL},
        {EULA_CUSTOM, TERM(DOC("CustomEula")) "," TERM(DOC("CustomEula")), NULL},
        {EULA_CUSTOM, TERM(DOC("CustomEula") "," DOC("CustomEula") "," DOC("CustomEula")),
         "not approved"},
    };
    (void)state;
    read_terms("authorization_dated");
    text_fit(authorized.lines[1].key, TERM_KEY, "CustomEula");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct content content = usage;
        content.eula = cases[i].eula;
        char *put = text_format("%s,{'Type':'ValidityTerm'", cases[i].terms);
        expect_with(&content, "draft_without_state", "{'Type':'ValidityTerm'", put, cases[i].words);
        free(put);
    }
}

static void a_standard_eula_has_its_version(void **state)
{
    struct content content = usage;
    content.eula = EULA_STANDARD;
    (void)state;
    read_terms("authorization_dated");
    authorized.count--;
    expect_with(&content, "draft_without_state", "{'Type':'ValidityTerm'",
                TERM(STANDARD("2022-07-14")) ",{'Type':'ValidityTerm'", NULL);
    char *list = NULL;
    for (size_t i = 0; i < held.terms.count; i++) {
        if (held.terms.lines[i].kind == TERM_LEGAL)
            text_fit(held.terms.lines[i].amount, DECIMAL_TEXT, "2021-01-01");
    }
    list = differences(&content);
    assert_non_null(list);
    assert_non_null(strstr(list, "“StandardEula 2021-01-01”, which was not approved"));
    free(list);
}

/* The authorization does not tell the version of its standard contract, the offer does. */
static void a_version_that_is_not_told_is_no_difference(void **state)
{
    (void)state;
    read_terms("authorization_dated");
    expect_with(&usage, "draft_without_state", "{'Type':'ValidityTerm'",
                TERM(STANDARD("2022-07-14")) ",{'Type':'ValidityTerm'", NULL);
}

static void no_address_is_told(void **state)
{
    (void)state;
    read_terms("authorization_contract");
    json_t *reply = aws_reply("offer_direct");
    assert_true(catalog_offer(reply, &held));
    json_decref(reply);
    char *list = differences(&usage); /* everything differs */
    assert_non_null(list);
    assert_null(strstr(list, "SECRET"));
    assert_null(strstr(list, "://"));
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_difference_of_a_contract_is_told),
        cmocka_unit_test(a_draft_is_compared_by_meaning),
        cmocka_unit_test(prices_are_rounded_as_aws_does),
        cmocka_unit_test(eulas_are_found_wherever_they_stand),
        cmocka_unit_test(a_standard_eula_has_its_version),
        cmocka_unit_test(a_version_that_is_not_told_is_no_difference),
        cmocka_unit_test(no_address_is_told),
    };
    return cmocka_run_group_tests_name("catalog differences", tests, NULL, NULL);
}
