/* What DescribeEntity says of authorizations and offers, in the shapes in which AWS says it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "aws_fixture.h"
#include "marketplace/catalog.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct authorization authorization;
static struct terms terms;
static struct catalog_offer offer;

static void read_authorization(const char *name)
{
    json_t *reply = aws_reply(name);
    if (!catalog_authorization(reply, &authorization, &terms))
        fail_msg("%s", name);
    json_decref(reply);
}

/* The lines about money, one below the other. */
static void expect_money(const struct terms *held, const char *words)
{
    char *all = terms_words(held);
    assert_string_equal(all, words);
    free(all);
}

static size_t documents(const struct terms *held, const char *type, const char *version)
{
    size_t count = 0;
    for (size_t i = 0; i < held->count; i++)
        count += held->lines[i].kind == TERM_LEGAL && strcmp(held->lines[i].key, type) == 0 &&
                 strcmp(held->lines[i].amount, version) == 0;
    return count;
}

/* --- authorizations --- */

static void a_contract_is_read_with_all_its_amounts(void **state)
{
    (void)state;
    read_authorization("authorization_contract");
    assert_string_equal(authorization.id, "resaleauthz-contract1");
    assert_string_equal(authorization.duration, "P12M");
    assert_string_equal(authorization.currency, "USD");
    assert_string_equal(authorization.unit_price, ""); /* no single one is the price */
    assert_true(authorization.single_use);
    assert_int_equal(authorization.sale, SALE_POSSIBLE);
    expect_money(&terms, "API calls: 0.002 USD per unit used\n"
                         "Hours: 0.03 USD per unit used\n"
                         "Upfront price: 0 USD for 12 months\n"
                         "Seats: 20 included in the upfront price\n"
                         "Sites: 1 included in the upfront price\n"
                         "Due 2027-08-01: 10 USD\n"
                         "Due 2028-02-01: 20 USD");
    assert_int_equal(documents(&terms, "StandardEula", ""), 1);
    assert_int_equal(documents(&terms, "StandardResellerContract", ""), 0); /* not the buyer's */
}

/* An end date alone lets partners use it again and again; Usage says no more than that there is
 * one. */
static void only_a_largest_quantity_makes_it_single_use(void **state)
{
    static const struct {
        const char *rule, *extended;
        bool single;
    } cases[] = {
        {"'Usage':'Limited','AvailabilityEndDate':'2099-12-31T23:59:59Z'", "Not Started", false},
        {"'Usage':'Limited','OffersMaxQuantity':1", "Not Started", true},
        {"'OffersMaxQuantity':1", "Completed-Used", true},
        {"'Usage':'Unlimited','OffersMaxQuantity':null", "Not Started", false},
        {"'Usage':'Limited','OffersMaxQuantity':1", "Completed-Usable", false},
        {"'Usage':'Unlimited'", "Not Started", false},
    };
    (void)state;
    read_authorization("authorization_dated");
    assert_false(authorization.single_use);
    assert_string_equal(authorization.unit_price, "0.0075");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = text_format("{'EntityIdentifier':'ra-1','DetailsDocument':{'Status':'Active',"
                                 "'OfferDetails':{'OfferExtendedStatus':'%s'},'Rules':[{'Type':"
                                 "'AvailabilityRule',%s}]}}",
                                 cases[i].extended, cases[i].rule);
        json_t *reply = json(text);
        assert_true(catalog_authorization(reply, &authorization, &terms));
        if (authorization.single_use != cases[i].single)
            fail_msg("%s, %s", cases[i].rule, cases[i].extended);
        json_decref(reply);
        free(text);
    }
}

/* AWS takes a day and shows a time. An end that is told and cannot be read is not no end. */
static void an_end_may_be_a_day_and_is_never_overlooked(void **state)
{
    static const struct {
        const char *rule;
        int64_t ends_at;
        enum authorization_sale sale;
    } cases[] = {
        {"'AvailabilityEndDate':'2026-12-31T23:59:59.999Z'", INT64_C(1798761599999), SALE_POSSIBLE},
        {"'AvailabilityEndDate':'2026-12-31'", INT64_C(1798761599999), SALE_POSSIBLE},
        {"'AvailabilityEndDate':'31 December 2026'", 0, SALE_UNREADABLE},
        {"'AvailabilityEndDate':null", 0, SALE_POSSIBLE},
        {"'Usage':'Unlimited'", 0, SALE_POSSIBLE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = text_format("{'EntityIdentifier':'ra-1','DetailsDocument':{'Status':'Active',"
                                 "'Rules':[{'Type':'AvailabilityRule',%s}]}}",
                                 cases[i].rule);
        json_t *reply = json(text);
        assert_true(catalog_authorization(reply, &authorization, &terms));
        if (authorization.ends_at != cases[i].ends_at || authorization.sale != cases[i].sale)
            fail_msg("%s", cases[i].rule);
        json_decref(reply);
        free(text);
    }
}

static void what_cannot_be_sold_rightly_is_said(void **state)
{
    static const struct {
        const char *name, *words; /* NULL: it can */
    } cases[] = {
        {"authorization_contract", NULL},
        {"authorization_dated", NULL},
        {"authorization_net", NULL},
        {"authorization_configurable", "lets the buyer choose"},
        {"authorization_distributor", "as a distributor"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        read_authorization(cases[i].name);
        const char *why = authorization_unusable(&authorization, 0);
        if ((why == NULL) != (cases[i].words == NULL) ||
            (why != NULL && strstr(why, cases[i].words) == NULL))
            fail_msg("%s: %s", cases[i].name, why != NULL ? why : "sold");
        assert_true(why == NULL || strstr(why, "portal") != NULL);
    }
}

/* Of terms, in the middle of an authorization: what becomes of it. */
static void terms_that_cannot_be_shown_are_not_sold(void **state)
{
    static const struct {
        const char *list;
        enum authorization_sale sale;
    } cases[] = {
        {"{'Type':'ResaleByolPricingTerm'}", SALE_UNREADABLE},
        {"{'Type':'ResaleVariablePaymentTerm','CurrencyCode':'USD'}", SALE_UNREADABLE},
        {"{'Type':'ResaleFixedUpfrontPricingTerm','CurrencyCode':'USD','Price':'lots'}",
         SALE_UNREADABLE},
        {"{'Type':'ResaleFixedUpfrontPricingTerm','CurrencyCode':'USD','Price':null}",
         SALE_UNREADABLE},
        {"{'Type':'ResaleFixedUpfrontPricingTerm','CurrencyCode':'USD','Price':'1','Duration':"
         "'P12M'},{'Type':'ResaleFixedUpfrontPricingTerm','CurrencyCode':'USD','Price':'2',"
         "'Duration':'P24M'}",
         SALE_UNREADABLE},
        {"{'Type':'ResaleFixedUpfrontPricingTerm','CurrencyCode':'USD','Price':'1'},{'Type':"
         "'ResalePaymentScheduleTerm','CurrencyCode':'EUR','Schedule':[{'ChargeDate':'2027-01-01',"
         "'ChargeAmount':'1'}]}",
         SALE_UNREADABLE},
        {"{'Type':'BuyerTargetingTerm'},{'Type':'BuyerValidityTerm','MaximumAgreementStartDate':"
         "'2027-01-01'},{'Type':'ResaleLegalTerm','Documents':[{'Type':'X'}]},null,{}",
         SALE_POSSIBLE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = text_format("{'EntityIdentifier':'ra-1','DetailsDocument':{'Status':'Active',"
                                 "'Terms':[%s]}}",
                                 cases[i].list);
        json_t *reply = json(text);
        assert_true(catalog_authorization(reply, &authorization, &terms));
        if (authorization.sale != cases[i].sale)
            fail_msg("%s", cases[i].list);
        json_decref(reply);
        free(text);
    }
}

static void more_lines_than_fit_are_not_sold(void **state)
{
    struct text text = {0};
    (void)state;
    text_add(&text, "{'EntityIdentifier':'ra-1','DetailsDocument':{'Status':'Active','Terms':[{"
                    "'Type':'ResaleUsageBasedPricingTerm','CurrencyCode':'USD','RateCards':[{"
                    "'RateCard':[{'DimensionKey':'x','Price':'1'}");
    for (int i = 0; i < MAX_TERM_LINES; i++)
        text_addf(&text, ",{'DimensionKey':'d%d','Price':'1'}", i);
    text_add(&text, "]}]}]}}");
    json_t *reply = json(text_get(&text));
    assert_true(catalog_authorization(reply, &authorization, &terms));
    assert_int_equal(authorization.sale, SALE_UNREADABLE);
    assert_true(terms.more);
    json_decref(reply);
    text_free(&text);
}

#define AUTHORIZATION                                                                              \
    "{'Name':'Acme','ProductId':'prod-1','ProductName':'Thing','ManufacturerLegalName':'ISV',"     \
    "'Status':'Active','OfferDetails':{'OfferExtendedStatus':null},'Description':null,"            \
    "'Rules':[null,{'Type':'AvailabilityRule','AvailabilityEndDate':'2026-12-31T23:59:59.999Z'}]," \
    "'Terms':[{'Type':'ResaleUsageBasedPricingTerm','CurrencyCode':'USD',"                         \
    "'RateCards':[{'RateCard':[{'DimensionKey':'unit','Price':'0.0075'}]}]},"                      \
    "{'Type':'BuyerTargetingTerm','PositiveTargeting':{'BuyerAccounts':[{'AwsAccountId':"          \
    "'111122223333'},'444455556666',null,{'AwsAccountId':'1'}]}}]}"

static void expect_authorization(const char *text)
{
    struct authorization *a = &authorization;
    json_t *reply = json(text);
    assert_true(catalog_authorization(reply, a, &terms));
    json_decref(reply);
    assert_string_equal(a->id, "ra-1");
    assert_string_equal(a->name, "Acme");
    assert_string_equal(a->product_id, "prod-1");
    assert_string_equal(a->status, "Active");
    assert_string_equal(a->extended_status, "");
    assert_int_equal(a->ends_at, INT64_C(1798761599999));
    assert_false(a->unlisted);
    assert_string_equal(a->unit_price, "0.0075");
    assert_string_equal(a->currency, "USD");
    assert_string_equal(a->duration, "");
    assert_int_equal(a->buyer_count, 4);
    assert_string_equal(a->buyers[0], "111122223333");
    assert_string_equal(a->buyers[1], "444455556666");
    assert_string_equal(a->buyers[2], "?"); /* no account, and nobody whom we know */
    assert_string_equal(a->buyers[3], "?");
}

/* ${text} with its quotes escaped, as Details carries it. */
static char *in_string(const char *text)
{
    struct text out = {0};
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            text_add(&out, "\\");
        text_add_bytes(&out, text, 1);
    }
    return text_take(&out);
}

static void an_authorization_is_read_from_either_form(void **state)
{
    (void)state;
    char *details = in_string(AUTHORIZATION);
    char *string = text_format("{'EntityIdentifier':'ra-1@7','Details':'%s'}", details);
    char *both =
        text_format("{'EntityIdentifier':'ra-1','DetailsDocument':null,'Details':'%s'}", details);
    expect_authorization(
        "{'EntityIdentifier':'ra-1@7','Details':null,'DetailsDocument':" AUTHORIZATION "}");
    expect_authorization(string);
    expect_authorization(both);
    free(details);
    free(string);
    free(both);
}

static void what_is_no_authorization_is_refused(void **state)
{
    static const char *const cases[] = {
        "{}",
        "[]",
        "{'EntityIdentifier':'ra-1'}",
        "{'EntityIdentifier':'ra-1','DetailsDocument':{}}",
        "{'EntityIdentifier':'ra-1','Details':'not json'}",
        "{'EntityIdentifier':null,'DetailsDocument':{'Status':'Active'}}",
        "{'EntityIdentifier':'ra-1','DetailsDocument':{'Status':null}}"};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *reply = json(cases[i]);
        if (catalog_authorization(reply, &authorization, &terms))
            fail_msg("%s", cases[i]);
        json_decref(reply);
    }
    json_t *product = aws_reply("product");
    assert_false(catalog_authorization(product, &authorization, &terms));
    assert_false(catalog_offer(product, &offer));
    json_decref(product);
}

static void only_one_price_is_a_unit_price(void **state)
{
    static const struct {
        const char *cards, *price;
    } cases[] = {
        {"[{'RateCard':[{'DimensionKey':'a','Price':'0.5'}]}]", "0.5"},
        {"[{'RateCard':[{'DimensionKey':'a','Price':null}]}]", ""},
        {"[{'RateCard':[{'Price':'1'},{'Price':'2'}]}]", ""},
        {"[{'RateCard':[{'Price':'1'}]},{'RateCard':[{'Price':'2'}]}]", ""},
        {"[{'RateCard':[]}]", ""},
        {"[]", ""},
        {"null", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = text_format("{'EntityIdentifier':'x','DetailsDocument':{'Status':'Active',"
                                 "'Terms':[{'Type':'ResaleUsageBasedPricingTerm','RateCards':%s}]"
                                 "}}",
                                 cases[i].cards);
        json_t *reply = json(text);
        assert_true(catalog_authorization(reply, &authorization, &terms));
        assert_string_equal(authorization.unit_price, cases[i].price);
        json_decref(reply);
        free(text);
    }
}

/* Refusing those behind the last that fits would be worse than leaving it to AWS. */
static void an_authorization_for_very_many_buyers_is_left_to_aws(void **state)
{
    struct text text = {0};
    (void)state;
    text_add(&text, "{'EntityIdentifier':'ra-1','DetailsDocument':{'Status':'Active','Terms':[{"
                    "'Type':'BuyerTargetingTerm','PositiveTargeting':{'BuyerAccounts':["
                    "{'AwsAccountId':'000000000000'}");
    for (int i = 1; i <= MAX_AUTHORIZED_BUYERS; i++)
        text_addf(&text, ",{'AwsAccountId':'%012d'}", i);
    text_add(&text, "]}}]}}");
    json_t *reply = json(text_get(&text));
    assert_true(catalog_authorization(reply, &authorization, &terms));
    assert_true(authorization_allows(&authorization, "000000000032"));
    json_decref(reply);
    text_free(&text);
}

/* --- offers --- */

static void read_offer(const char *name)
{
    json_t *reply = aws_reply(name);
    if (!catalog_offer(reply, &offer))
        fail_msg("%s", name);
    json_decref(reply);
}

static void a_contract_offer_is_read_whole(void **state)
{
    (void)state;
    read_offer("offer_contract");
    assert_string_equal(offer.id, "offer-contract1");
    assert_string_equal(offer.revision, "4");
    assert_true(offer.released);
    assert_string_equal(offer.authorization, "resaleauthz-contract1");
    assert_string_equal(offer.markup, "5.0");
    assert_string_equal(offer.accept_by, "2027-07-01");
    assert_string_equal(offer.duration, "P12M");
    assert_int_equal(offer.buyer_count, 1);
    assert_string_equal(offer.countries, "");
    assert_string_equal(offer.others, "");
    expect_money(&offer.terms, "Upfront price: 0 USD\n"
                               "seats: 20 included in the upfront price\n"
                               "sites: 1 included in the upfront price\n"
                               "Due 2027-08-01: 10.5 USD\n"
                               "Due 2028-02-01: 21 USD");
    assert_int_equal(documents(&offer.terms, "CustomEula", ""), 1);
    read_offer("offer_direct");
    assert_string_equal(offer.authorization, "");
    assert_string_equal(offer.markup, "0");
    assert_int_equal(documents(&offer.terms, "StandardEula", "2022-07-14"), 1);
}

/* Whoever has the address that AWS made for its copy can read it: nothing of it is taken. */
static void no_address_of_aws_is_kept(void **state)
{
    static const char *const names[] = {"offer_contract", "offer_direct"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *bytes = (const char *)&offer;
        read_offer(names[i]);
        for (size_t at = 0; at + 6 < sizeof(offer); at++)
            assert_memory_not_equal(bytes + at, "SECRET", 6);
    }
}

static void a_draft_need_not_say_so(void **state)
{
    (void)state;
    read_offer("draft_without_state");
    assert_false(offer.released);
    assert_string_equal(offer.revision, "1");
    assert_string_equal(offer.markup, "0"); /* none is told */
    assert_string_equal(offer.duration, "P10Y");
    assert_string_equal(offer.countries, "");
}

static struct catalog_offer *offer_of(const char *details)
{
    char *text = text_format("{'EntityIdentifier':'offer-1','DetailsDocument':%s}", details);
    json_t *reply = json(text);
    if (!catalog_offer(reply, &offer))
        fail_msg("%s", details);
    json_decref(reply);
    free(text);
    return &offer;
}

/* A name longer than any of ours: not its begin, and nothing that the form takes. */
static void what_is_too_long_is_nobodys(void **state)
{
    char name[700];
    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    char *text = text_format("{'State':'Draft','Name':'%s','Terms':[{'Type':"
                             "'UsageBasedPricingTerm','RateCards':[{'RateCard':[{'DimensionKey':"
                             "'%s','Price':'%s'}]}]}]}",
                             name, name, name);
    offer_of(text);
    assert_int_equal(offer.name[0], 0x1F);
    assert_int_equal(offer.terms.lines[0].key[0], 0x1F);
    assert_int_equal(offer.terms.lines[0].amount[0], 0x1F);
    free(text);
}

static void what_we_never_set_is_seen(void **state)
{
    (void)state;
    offer_of("{'State':'Draft','Rules':[{'Type':'TargetingRule','PositiveTargeting':{"
             "'BuyerAccounts':['1'],'CountryCodes':['DE','FR']},'NegativeTargeting':{"
             "'CountryCodes':['US']}},{'Type':'TargetingRule','PositiveTargeting':{"
             "'BuyerAccounts':['111122223333']}},{'Type':'StrangeRule'}],'Terms':[{'Type':"
             "'ValidityTerm','AgreementDuration':'P1Y','AgreementStartDate':'2027-01-01',"
             "'AgreementEndDate':'2028-01-01'},{'Type':'SupportTerm'}]}");
    assert_string_equal(offer.countries, "DE, FR, not US");
    assert_int_equal(offer.buyer_count, 2); /* of both rules */
    assert_string_equal(offer.others,
                        "StrangeRule, an agreement start date, an agreement end date");
    assert_int_equal(offer.terms.count, 1);
    assert_int_equal(offer.terms.lines[0].kind, TERM_OTHER);
    assert_string_equal(offer.terms.lines[0].key, "SupportTerm");
}

static void revisions_of_entities(void **state)
{
    static const char *const cases[][2] = {
        {"offer-1@3", "3"}, {"offer-1", ""},    {"offer-1@", ""},
        {"offer-1@x", ""},  {"offer-1@3x", ""}, {"offer-1@1234567890", "1234567890"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = text_format("{'EntityIdentifier':'%s','DetailsDocument':{'State':'Draft'}}",
                                 cases[i][0]);
        json_t *reply = json(text);
        assert_true(catalog_offer(reply, &offer));
        assert_string_equal(offer.id, "offer-1");
        assert_string_equal(offer.revision, cases[i][1]);
        json_decref(reply);
        free(text);
    }
}

static void what_is_no_offer_is_refused(void **state)
{
    static const char *const cases[] = {"{}",
                                        "{'EntityIdentifier':'o'}",
                                        "{'EntityIdentifier':'o','DetailsDocument':{}}",
                                        "{'EntityIdentifier':'o','DetailsDocument':{'State':null}}",
                                        "{'EntityIdentifier':'o','Details':'{'}",
                                        "{'DetailsDocument':{'State':'Draft'}}"};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *reply = json(cases[i]);
        if (catalog_offer(reply, &offer))
            fail_msg("%s", cases[i]);
        json_decref(reply);
    }
}

static void more_buyers_than_can_be_held_are_told(void **state)
{
    struct text text = {0};
    (void)state;
    text_add(&text, "{'State':'Draft','Rules':[{'Type':'TargetingRule','PositiveTargeting':{"
                    "'BuyerAccounts':['000000000000'");
    for (int i = 1; i <= MAX_AUTHORIZED_BUYERS; i++)
        text_addf(&text, ",'%012d'", i);
    text_add(&text, "]}}]}");
    assert_int_equal(offer_of(text_get(&text))->buyer_count, MAX_AUTHORIZED_BUYERS + 1);
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_contract_is_read_with_all_its_amounts),
        cmocka_unit_test(only_a_largest_quantity_makes_it_single_use),
        cmocka_unit_test(an_end_may_be_a_day_and_is_never_overlooked),
        cmocka_unit_test(what_cannot_be_sold_rightly_is_said),
        cmocka_unit_test(terms_that_cannot_be_shown_are_not_sold),
        cmocka_unit_test(more_lines_than_fit_are_not_sold),
        cmocka_unit_test(an_authorization_is_read_from_either_form),
        cmocka_unit_test(what_is_no_authorization_is_refused),
        cmocka_unit_test(only_one_price_is_a_unit_price),
        cmocka_unit_test(an_authorization_for_very_many_buyers_is_left_to_aws),
        cmocka_unit_test(a_contract_offer_is_read_whole),
        cmocka_unit_test(no_address_of_aws_is_kept),
        cmocka_unit_test(a_draft_need_not_say_so),
        cmocka_unit_test(what_is_too_long_is_nobodys),
        cmocka_unit_test(what_we_never_set_is_seen),
        cmocka_unit_test(revisions_of_entities),
        cmocka_unit_test(what_is_no_offer_is_refused),
        cmocka_unit_test(more_buyers_than_can_be_held_are_told),
    };
    return cmocka_run_group_tests_name("catalog entities", tests, NULL, NULL);
}
