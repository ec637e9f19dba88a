/* The Catalog API: what is asked, and what the replies say. JSON is written with ' for ". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "marketplace/catalog.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static json_t *json(const char *quoted)
{
    json_error_t error;
    char *text = text_format("%s", quoted);
    for (char *at = text; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        fail_msg("%s: %s", error.text, text);
    free(text);
    return root;
}

/* --- asking ------------------------------------------------------------------------------- */

/* Takes ${sent}. */
static void expect_arguments(char *sent, const char *expected)
{
    json_t *root = json_loads(sent, JSON_REJECT_DUPLICATES, NULL);
    json_t *wanted = json(expected);
    if (!json_equal(root, wanted))
        fail_msg("%s", sent);
    json_decref(root);
    json_decref(wanted);
    free(sent);
}

static void arguments(void **state)
{
    (void)state;
    expect_arguments(catalog_list_authorizations(""),
                     "{'Catalog':'AWSMarketplace','EntityType':'ResaleAuthorization',"
                     "'OwnershipType':'SHARED','MaxResults':50}");
    expect_arguments(catalog_list_authorizations("more=="),
                     "{'Catalog':'AWSMarketplace','EntityType':'ResaleAuthorization',"
                     "'OwnershipType':'SHARED','MaxResults':50,'NextToken':'more=='}");
    static const char drafts[] =
        "{'Catalog':'AWSMarketplace','EntityType':'Offer','OwnershipType':'SELF','MaxResults':50,"
        "'EntityTypeFilters':{'OfferFilters':{'ResaleAuthorizationId':{'ValueList':['ra-1']},"
        "'State':{'ValueList':['Draft']},"
        "'LastModifiedDate':{'DateRange':{'AfterValue':'2015-08-30T12:36:00Z'}}}}%s}";
    char *first = text_format(drafts, "");
    char *second = text_format(drafts, ",'NextToken':'x'");
    expect_arguments(catalog_list_drafts("ra-1", INT64_C(1440938160999), ""), first);
    expect_arguments(catalog_list_drafts("ra-1", INT64_C(1440938160000), "x"), second);
    free(first);
    free(second);
    expect_arguments(catalog_describe_entity("offer-1"),
                     "{'catalog':'AWSMarketplace','entityId':'offer-1'}");
    expect_arguments(catalog_describe_change_set("cs1"),
                     "{'catalog':'AWSMarketplace','changeSetId':'cs1'}");
    expect_arguments(catalog_cancel_change_set("cs1"),
                     "{'catalog':'AWSMarketplace','changeSetId':'cs1'}");
    expect_arguments(catalog_list_change_sets("cppo.x"),
                     "{'Catalog':'AWSMarketplace','MaxResults':20,"
                     "'FilterList':[{'Name':'ChangeSetName','ValueList':['cppo.x']}],"
                     "'Sort':{'SortBy':'StartTime','SortOrder':'DESCENDING'}}");
}

static void an_agreement_is_one_of_this_offer(void **state)
{
    static const struct {
        const char *reply;
        bool accepted;
    } cases[] = {
        {"{'agreementViewSummaries':[{'proposalSummary':{'offerId':'offer-1'}}]}", true},
        {"{'agreementViewSummaries':[null,{'proposalSummary':{'offerId':'offer-2'}},"
         "{'proposalSummary':{'offerId':'offer-1'},'status':'CANCELLED'}],'nextToken':null}",
         true},
        {"{'agreementViewSummaries':[{'proposalSummary':{'offerId':'offer-12'}}]}", false},
        {"{'agreementViewSummaries':[]}", false},
        {"{'agreementViewSummaries':null}", false},
        {"{}", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *reply = json(cases[i].reply);
        if (catalog_accepted(reply, "offer-1") != cases[i].accepted)
            fail_msg("%s", cases[i].reply);
        json_decref(reply);
    }
}

static void calls(void **state)
{
    (void)state;
    static const struct {
        const char *name, *method;
        bool in_body;
    } cases[] = {{"ListEntities", "POST", true},      {"StartChangeSet", "POST", true},
                 {"ListChangeSets", "POST", true},    {"DescribeEntity", "GET", false},
                 {"DescribeChangeSet", "GET", false}, {"CancelChangeSet", "PATCH", false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct catalog_call *call = catalog_call_named(cases[i].name);
        assert_non_null(call);
        assert_string_equal(call->name, cases[i].name);
        assert_string_equal(call->method, cases[i].method);
        assert_int_equal(call->in_body, cases[i].in_body);
        assert_true(call->timeout_ms > 0);
    }
    assert_null(catalog_call_named("DeleteEverything"));
}

/* --- lists -------------------------------------------------------------------------------- */

static void lists_of_authorizations(void **state)
{
    (void)state;
    char next[NEXT_TOKEN];
    size_t count;
    json_t *reply = json(
        "{'EntitySummaryList':[{'EntityId':'ra-1@3','Name':null,'Visibility':null,"
        "'ResaleAuthorizationSummary':{'Name':'Acme','ProductId':'prod-1','ProductName':'Thing',"
        "'ManufacturerLegalName':'ISV','Status':'Active','OfferExtendedStatus':'Completed-Used',"
        "'AvailabilityEndDate':'2026-12-31T23:59:59.999Z','AllowedBuyers':null}},"
        "{'EntityId':null},{},null,{'EntityId':'ra-2','Name':'Outer',"
        "'ResaleAuthorizationSummary':null}],'NextToken':'more=='}");
    struct authorization *all = catalog_authorizations(reply, &count, next);
    assert_int_equal(count, 2);
    assert_string_equal(next, "more==");
    assert_string_equal(all[0].id, "ra-1");
    assert_string_equal(all[0].name, "Acme");
    assert_string_equal(all[0].product_id, "prod-1");
    assert_string_equal(all[0].product_name, "Thing");
    assert_string_equal(all[0].isv_name, "ISV");
    assert_string_equal(all[0].status, "Active");
    assert_string_equal(all[0].extended_status, "Completed-Used");
    assert_int_equal(all[0].ends_at, INT64_C(1798761599999));
    assert_string_equal(all[1].id, "ra-2");
    assert_string_equal(all[1].name, "Outer");
    assert_string_equal(all[1].status, "");
    assert_int_equal(all[1].ends_at, 0);
    free(all);
    json_decref(reply);
    static const char *const empty[] = {"{}", "{'EntitySummaryList':null,'NextToken':null}",
                                        "{'EntitySummaryList':[]}", "[]"};
    for (size_t i = 0; i < COUNT(empty); i++) {
        reply = json(empty[i]);
        free(catalog_authorizations(reply, &count, next));
        assert_int_equal(count, 0);
        assert_string_equal(next, "");
        json_decref(reply);
    }
}

static void lists_of_offers(void **state)
{
    (void)state;
    char next[NEXT_TOKEN];
    char ids[3][ENTITY_ID] = {"", "", "untouched"};
    json_t *reply = json("{'EntitySummaryList':[{'EntityId':null},{'EntityId':'offer-1@12'},null,"
                         "{'EntityId':'offer-2'},{'EntityId':'offer-3'}],'NextToken':null}");
    assert_int_equal(catalog_offer_ids(reply, ids, 2, next), 2);
    assert_string_equal(ids[0], "offer-1");
    assert_string_equal(ids[1], "offer-2");
    assert_string_equal(ids[2], "untouched");
    assert_string_equal(next, "");
    assert_int_equal(catalog_offer_ids(reply, ids, 0, next), 0);
    json_decref(reply);
}

/* --- entities ----------------------------------------------------------------------------- */

#define AUTHORIZATION                                                                              \
    "{'Name':'Acme','ProductId':'prod-1','ProductName':'Thing','ManufacturerLegalName':'ISV',"     \
    "'Status':'Active','OfferDetails':{'OfferExtendedStatus':null},'Description':null,"            \
    "'Rules':[null,{'Type':'AvailabilityRule','Usage':'Limited',"                                  \
    "'AvailabilityEndDate':'2026-12-31T23:59:59.999Z'}],"                                          \
    "'Terms':[{'Type':'LegalTerm'},{'Type':'ResaleUsageBasedPricingTerm','CurrencyCode':'USD',"    \
    "'RateCards':[{'RateCard':[{'DimensionKey':'unit','Price':'0.0075'}]}]},"                      \
    "{'Type':'BuyerValidityTerm','AgreementDuration':'P1095D'},{'Type':'BuyerTargetingTerm',"      \
    "'PositiveTargeting':{'BuyerAccounts':[{'AwsAccountId':'111122223333'},'444455556666',null,"   \
    "{'AwsAccountId':'1'}]}}]}"

static void expect_authorization(const char *text)
{
    struct authorization a;
    json_t *reply = json(text);
    assert_true(catalog_authorization(reply, &a));
    json_decref(reply);
    assert_string_equal(a.id, "ra-1");
    assert_string_equal(a.name, "Acme");
    assert_string_equal(a.product_id, "prod-1");
    assert_string_equal(a.product_name, "Thing");
    assert_string_equal(a.isv_name, "ISV");
    assert_string_equal(a.status, "Active");
    assert_string_equal(a.extended_status, "");
    assert_int_equal(a.ends_at, INT64_C(1798761599999));
    assert_true(a.single_use);
    assert_false(a.gone);
    assert_string_equal(a.unit_price, "0.0075");
    assert_string_equal(a.currency, "USD");
    assert_string_equal(a.dimension, "unit");
    assert_string_equal(a.duration, "P1095D");
    assert_int_equal(a.buyer_count, 4);
    assert_string_equal(a.buyers[0], "111122223333");
    assert_string_equal(a.buyers[1], "444455556666");
    assert_string_equal(a.buyers[2], "?"); /* no account, and nobody whom we know */
    assert_string_equal(a.buyers[3], "?");
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
    (void)state;
    static const char *const cases[] = {
        "{}",
        "[]",
        "{'EntityIdentifier':'ra-1'}",
        "{'EntityIdentifier':'ra-1','DetailsDocument':{}}",
        "{'EntityIdentifier':'ra-1','Details':'not json'}",
        "{'EntityIdentifier':null,'DetailsDocument':{'Status':'Active'}}",
        "{'EntityIdentifier':'ra-1','DetailsDocument':{'Status':null}}"};
    struct authorization a;
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *reply = json(cases[i]);
        if (catalog_authorization(reply, &a))
            fail_msg("%s", cases[i]);
        json_decref(reply);
    }
}

static void only_one_price_is_a_unit_price(void **state)
{
    (void)state;
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
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct authorization a;
        struct catalog_offer offer;
        char *text = text_format("{'EntityIdentifier':'x','DetailsDocument':{'Status':'Active',"
                                 "'State':'Draft','Terms':[{'Type':'ResaleUsageBasedPricingTerm',"
                                 "'RateCards':%s},{'Type':'UsageBasedPricingTerm','RateCards':%s}"
                                 "]}}",
                                 cases[i].cards, cases[i].cards);
        json_t *reply = json(text);
        assert_true(catalog_authorization(reply, &a));
        assert_string_equal(a.unit_price, cases[i].price);
        assert_true(catalog_offer(reply, &offer));
        assert_string_equal(offer.unit_price, cases[i].price);
        json_decref(reply);
        free(text);
    }
}

#define OFFER                                                                                      \
    "{'State':'Draft','Name':'Acme 2026','Description':'Acme · CPPO-12 r2',"                      \
    "'ResaleAuthorizationId':'ra-1','MarkupPercentage':'33.30','Rules':[{'Type':'TargetingRule',"  \
    "'PositiveTargeting':{'BuyerAccounts':['444455556666','111122223333'],'CountryCodes':null}},"  \
    "{'Type':'AvailabilityRule','AvailabilityEndDate':'2026-08-31T23:59:59.999Z'}],"               \
    "'Terms':[{'Type':'ValidityTerm','AgreementDuration':'P365D'},{'Type':'LegalTerm',"            \
    "'Documents':[{'Type':'StandardEula','Version':'2022-07-14'}]},"                               \
    "{'Type':'UsageBasedPricingTerm','RateCards':[{'RateCard':[{'Price':'0.0099975'}]}]},"         \
    "{'Type':'LegalTerm','Documents':[{'Type':'CustomEula','Url':'https://b/"                      \
    "e','Version':null}]}]}"

static struct catalog_offer offer_of(const char *text)
{
    struct catalog_offer offer;
    json_t *reply = json(text);
    if (!catalog_offer(reply, &offer))
        fail_msg("%s", text);
    json_decref(reply);
    return offer;
}

/* A name longer than any of ours: not its begin, and nothing that the form takes. */
static void a_name_that_is_too_long_is_nobodys(void **state)
{
    char name[700];
    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    char *text = text_format("{'EntityIdentifier':'o','DetailsDocument':{'State':'Draft',"
                             "'Name':'%s'}}",
                             name);
    struct catalog_offer offer = offer_of(text);
    assert_int_equal(offer.name[0], 0x1F);
    free(text);
}

static void an_offer_is_read(void **state)
{
    (void)state;
    char *details = in_string(OFFER);
    char *string = text_format("{'EntityIdentifier':'offer-1','Details':'%s'}", details);
    const char *const forms[] = {"{'EntityIdentifier':'offer-1@2','DetailsDocument':" OFFER "}",
                                 string};
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct catalog_offer offer = offer_of(forms[i]);
        assert_string_equal(offer.id, "offer-1");
        assert_false(offer.released);
        assert_string_equal(offer.name, "Acme 2026");
        assert_string_equal(offer.description, "Acme · CPPO-12 r2");
        assert_string_equal(offer.authorization, "ra-1");
        assert_string_equal(offer.markup, "33.30");
        assert_int_equal(offer.buyer_count, 2);
        assert_string_equal(offer.buyers[0], "444455556666");
        assert_string_equal(offer.accept_by, "2026-08-31");
        assert_string_equal(offer.duration, "P365D");
        assert_string_equal(offer.unit_price, "0.0099975");
        assert_string_equal(offer.eula_type, "CustomEula"); /* the last legal term */
        assert_string_equal(offer.eula_url, "https://b/e");
        assert_string_equal(offer.eula_version, "");
    }
    free(details);
    free(string);
    assert_true(
        offer_of("{'EntityIdentifier':'o','DetailsDocument':{'State':'Released'}}").released);
    assert_false(offer_of("{'EntityIdentifier':'o','DetailsDocument':{'State':'New'}}").released);
    struct catalog_offer none;
    json_t *reply = json("{'EntityIdentifier':'o','DetailsDocument':{'State':null}}");
    assert_false(catalog_offer(reply, &none));
    json_decref(reply);
}

static void more_buyers_than_can_be_held_are_told(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, "{'EntityIdentifier':'o','DetailsDocument':{'State':'Draft','Rules':[{"
                    "'Type':'TargetingRule','PositiveTargeting':{'BuyerAccounts':['000000000000'");
    for (int i = 1; i <= MOST_AUTHORIZED_BUYERS; i++)
        text_addf(&text, ",'%012d'", i);
    text_add(&text, "]}}]}}");
    assert_int_equal(offer_of(text_get(&text)).buyer_count, MOST_AUTHORIZED_BUYERS + 1);
    text_free(&text);
}

/* Refusing those behind the last that fits would be worse than leaving it to AWS. */
static void an_authorization_for_very_many_buyers_is_left_to_aws(void **state)
{
    (void)state;
    struct authorization authorization;
    struct text text = {0};
    text_add(&text, "{'EntityIdentifier':'ra-1','DetailsDocument':{'Status':'Active','Terms':[{"
                    "'Type':'BuyerTargetingTerm','PositiveTargeting':{'BuyerAccounts':["
                    "{'AwsAccountId':'000000000000'}");
    for (int i = 1; i <= MOST_AUTHORIZED_BUYERS; i++)
        text_addf(&text, ",{'AwsAccountId':'%012d'}", i);
    text_add(&text, "]}}]}}");
    json_t *reply = json(text_get(&text));
    assert_true(catalog_authorization(reply, &authorization));
    assert_true(authorization_allows(&authorization, "000000000032"));
    json_decref(reply);
    text_free(&text);
}

/* --- what differs ------------------------------------------------------------------------- */

static const struct content approved = {.authorization = "ra-1",
                                        .offer_name = "Acme 2026",
                                        .customer = "Acme",
                                        .buyer_count = 2,
                                        .buyers = {"111122223333", "444455556666"},
                                        .markup = "33.3",
                                        .term = "P365D",
                                        .accept_by = "2026-08-31",
                                        .eula = EULA_CUSTOM,
                                        .eula_url = "https://b/e",
                                        .note = "ours"};

/* With ${find} replaced in the offer, exactly one difference with ${words}; NULL: none. */
static void expect_difference(const struct content *content, const char *find, const char *put,
                              const char *words)
{
    static const char whole[] = "{'EntityIdentifier':'offer-1','DetailsDocument':" OFFER "}";
    const char *at = strstr(whole, find);
    assert_non_null(at);
    char *text = text_format("%.*s%s%s", (int)(at - whole), whole, put, at + strlen(find));
    struct catalog_offer held = offer_of(text);
    char *list = catalog_differences(&held, 12, 2, content, "2022-07-14");
    if ((list == NULL) != (words == NULL) ||
        (list != NULL && (strstr(list, words) == NULL || strstr(list, "; ") != NULL)))
        fail_msg("%s for %s: %s", put, find, list != NULL ? list : "no difference");
    free(list);
    free(text);
}

static void every_field_that_differs_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *find, *put, *words;
    } cases[] = {
        {"offer-1", "offer-1", NULL},
        {"'ra-1'", "'ra-2'", "authorization “ra-2”, approved is “ra-1”"},
        {"Acme 2026", "Acme 2027", "the name “Acme 2027”, approved is “Acme 2026”"},
        {"r2'", "r1'", "the description “Acme · CPPO-12 r1”"},
        {"CPPO-12", "CPPO-13", "the description"},
        {"33.30", "33.3", NULL},
        {"33.30", "33.31", "the markup “33.31”, approved is “33.3”"},
        {"'33.30'", "null", "the markup “”"},
        {"'444455556666'", "'777788889999'", "other buyers"},
        {"'444455556666',", "", "other buyers"},
        {"'444455556666'", "'444455556666','777788889999'", "other buyers"},
        {"'444455556666'", "'111122223333'", "other buyers"},
        {"2026-08-31T23:59:59.999Z", "2026-08-31", NULL},
        {"2026-08-31T", "2026-09-01T", "date “2026-09-01”, approved is “2026-08-31”"},
        {"P365D", "P1095D", "the term “P1095D”, approved is “P365D”"},
        {"'Type':'CustomEula'", "'Type':'IsvEula'", "the EULA “IsvEula”"},
        {"https://b/e", "https://b/f", "address “https://b/f”, approved is “https://b/e”"},
        {"0.0099975", "0.01", NULL}, /* its price is another question */
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_difference(&approved, cases[i].find, cases[i].put, cases[i].words);
}

static void eulas_are_compared_by_kind(void **state)
{
    (void)state;
    static const char custom[] = "'CustomEula','Url':'https://b/e','Version':null";
    struct content content = approved;
    content.eula = EULA_AS_AUTHORIZED; /* whatever it is */
    expect_difference(&content, "'CustomEula'", "'IsvEula'", NULL);
    content.eula = EULA_STANDARD;
    expect_difference(&content, custom, "'StandardEula','Version':'2022-07-14'", NULL);
    expect_difference(&content, custom, "'StandardEula','Version':'2021-01-01'",
                      "version “2021-01-01”, approved is “2022-07-14”");
    expect_difference(&content, custom, "'CustomEula','Version':'2022-07-14'", "“CustomEula”");
}

static void differences_are_listed_together(void **state)
{
    (void)state;
    struct catalog_offer held = {.id = "offer-1"};
    char *list = catalog_differences(&held, 12, 2, &approved, "2022-07-14");
    size_t count = 1;
    for (const char *at = list; (at = strstr(at, "; ")) != NULL; at += 2)
        count++;
    assert_int_equal(count, 9);
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments),
        cmocka_unit_test(calls),
        cmocka_unit_test(an_agreement_is_one_of_this_offer),
        cmocka_unit_test(lists_of_authorizations),
        cmocka_unit_test(lists_of_offers),
        cmocka_unit_test(an_authorization_is_read_from_either_form),
        cmocka_unit_test(what_is_no_authorization_is_refused),
        cmocka_unit_test(only_one_price_is_a_unit_price),
        cmocka_unit_test(a_name_that_is_too_long_is_nobodys),
        cmocka_unit_test(an_offer_is_read),
        cmocka_unit_test(more_buyers_than_can_be_held_are_told),
        cmocka_unit_test(an_authorization_for_very_many_buyers_is_left_to_aws),
        cmocka_unit_test(every_field_that_differs_is_told),
        cmocka_unit_test(eulas_are_compared_by_kind),
        cmocka_unit_test(differences_are_listed_together),
    };
    return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
