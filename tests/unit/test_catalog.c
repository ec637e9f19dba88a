/* The Catalog API: what is asked, and what the replies say. JSON is written with ' for ". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "aws_fixture.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- asking --- */

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

static void agreements_are_of_this_offer(void **state)
{
    static const struct {
        const char *reply;
        size_t count;
        const char *first; /* agreement, account, status, time */
    } cases[] = {
        {"{'agreementViewSummaries':[{'agreementId':'agmt-1','status':'ACTIVE','acceptor':"
         "{'accountId':'123456789012'},'acceptanceTime':1795510800.25,"
         "'proposalSummary':{'offerId':'offer-1'}}]}",
         1, "agmt-1 123456789012 ACTIVE 1795510800250"},
        {"{'agreementViewSummaries':[null,{'agreementId':'agmt-2','proposalSummary':"
         "{'offerId':'offer-2'}},{'agreementId':'agmt-3','acceptor':null,'acceptanceTime':"
         "'2026-11-24T09:00:00Z','proposalSummary':{'offerId':'offer-1'},"
         "'status':'CANCELLED'}],'nextToken':null}",
         1, "agmt-3  CANCELLED 1795510800000"},
        {"{'agreementViewSummaries':[{'agreementId':'a','proposalSummary':{'offerId':"
         "'offer-12'}}]}",
         0, ""},
        {"{'agreementViewSummaries':[{'proposalSummary':{'offerId':'offer-1'}}]}", 0, ""},
        {"{'agreementViewSummaries':[{'agreementId':'a','acceptanceTime':1e300,"
         "'proposalSummary':{'offerId':'offer-1'}}]}",
         1, "a   0"},
        {"{'agreementViewSummaries':[]}", 0, ""},
        {"{'agreementViewSummaries':null}", 0, ""},
        {"{}", 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct acceptance list[2];
        char next[NEXT_TOKEN];
        char first[200] = "";
        json_t *reply = json(cases[i].reply);
        assert_int_equal(catalog_agreements(reply, "offer-1", list, 2, next), cases[i].count);
        if (cases[i].count > 0)
            snprintf(first, sizeof(first), "%s %s %s %lld", list[0].agreement, list[0].account,
                     list[0].status, (long long)list[0].accepted_at);
        assert_string_equal(first, cases[i].first);
        assert_string_equal(next, "");
        json_decref(reply);
    }
}

static void agreements_come_in_pages(void **state)
{
    (void)state;
    expect_arguments(catalog_search_agreements("offer-1", "two"),
                     "{'catalog':'AWSMarketplace','filters':[{'name':'PartyType','values':"
                     "['Proposer']},{'name':'AgreementType','values':['PurchaseAgreement']},"
                     "{'name':'OfferId','values':['offer-1']}],'maxResults':50,"
                     "'nextToken':'two'}");
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

/* --- lists --- */

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

/* --- shapes of whole replies --- */

static void lists_are_read_in_the_shape_of_aws(void **state)
{
    char next[NEXT_TOKEN];
    char ids[4][ENTITY_ID];
    size_t count;
    (void)state;
    json_t *reply = aws_reply("list_authorizations");
    struct authorization *all = catalog_authorizations(reply, &count, next);
    assert_int_equal(count, 2);
    assert_string_equal(next, "next-page==");
    assert_string_equal(all[0].id, "resaleauthz-usage1");
    assert_string_equal(all[0].extended_status, "Completed-Usable");
    assert_string_equal(all[1].name, "second");
    assert_true(all[1].ends_at > 0); /* without milliseconds */
    free(all);
    json_decref(reply);
    reply = aws_reply("list_offers");
    assert_int_equal(catalog_offer_ids(reply, ids, 4, next), 2);
    assert_string_equal(ids[1], "offer-b2");
    assert_string_equal(next, "");
    json_decref(reply);
    reply = aws_reply("list_products"); /* not asked for, and no harm */
    free(catalog_authorizations(reply, &count, next));
    json_decref(reply);
    reply = aws_reply("list_change_sets");
    assert_true(catalog_find_change_set(reply, "cppo.x.12.r2.make.1.1", ids[0]));
    assert_string_equal(ids[0], "cs-example1");
    assert_false(catalog_find_change_set(reply, "cppo.x.12.r2.make.1", ids[0]));
    json_decref(reply);
}

static void change_sets_are_read_in_the_shape_of_aws(void **state)
{
    static const struct {
        const char *name;
        enum change_set_status status;
        bool stale;
    } cases[] = {{"change_set_succeeded", CHANGE_SET_SUCCEEDED, false},
                 {"change_set_one", CHANGE_SET_SUCCEEDED, false},
                 {"change_set_failed", CHANGE_SET_FAILED, false},
                 {"change_set_stale", CHANGE_SET_FAILED, true}};
    char id[ENTITY_ID];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct change_set_state set;
        json_t *reply = aws_reply(cases[i].name);
        assert_true(catalog_change_set(reply, &set));
        assert_string_equal(set.id, "cs-example1");
        assert_string_equal(set.entity, "offer-a1"); /* whatever revision is behind it */
        assert_int_equal(set.status, cases[i].status);
        assert_int_equal(set.stale, cases[i].stale);
        assert_null(strstr(set.why, "://")); /* nor is any other part of it shown */
        assert_null(strstr(set.why, "amazonaws"));
        json_decref(reply);
    }
    json_t *started = aws_reply("started");
    assert_true(catalog_started(started, id));
    assert_string_equal(id, "cs-example1");
    json_decref(started);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments),
        cmocka_unit_test(calls),
        cmocka_unit_test(agreements_are_of_this_offer),
        cmocka_unit_test(agreements_come_in_pages),
        cmocka_unit_test(lists_of_authorizations),
        cmocka_unit_test(lists_of_offers),
        cmocka_unit_test(lists_are_read_in_the_shape_of_aws),
        cmocka_unit_test(change_sets_are_read_in_the_shape_of_aws),
    };
    return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
