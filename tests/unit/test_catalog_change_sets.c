/* What the Catalog API says of change sets. JSON is written with ' for ". */
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

/* --- one change set --- */

static struct change_set_state state_of(const char *text)
{
    struct change_set_state state;
    json_t *reply = json(text);
    if (!catalog_change_set(reply, &state))
        fail_msg("%s", text);
    json_decref(reply);
    return state;
}

static void statuses(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum change_set_status status;
    } cases[] = {{"'PREPARING'", CHANGE_SET_PREPARING}, {"'APPLYING'", CHANGE_SET_APPLYING},
                 {"'SUCCEEDED'", CHANGE_SET_SUCCEEDED}, {"'FAILED'", CHANGE_SET_FAILED},
                 {"'CANCELLED'", CHANGE_SET_CANCELLED}, {"'PAUSED'", CHANGE_SET_STRANGE},
                 {"'succeeded'", CHANGE_SET_STRANGE},   {"null", CHANGE_SET_STRANGE}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = text_format("{'ChangeSetId':'cs1','Status':%s,'FailureCode':null,"
                                 "'FailureDescription':null,'ChangeSet':null}",
                                 cases[i].word);
        struct change_set_state read = state_of(text);
        assert_string_equal(read.id, "cs1");
        assert_int_equal(read.status, cases[i].status);
        assert_string_equal(read.entity, "");
        assert_false(read.server_fault);
        assert_int_equal(read.why[0] != '\0', read.status == CHANGE_SET_FAILED);
        free(text);
    }
    struct change_set_state none;
    json_t *reply = json("{'ChangeSetId':null,'Status':'SUCCEEDED'}");
    assert_false(catalog_change_set(reply, &none));
    json_decref(reply);
}

static void the_entity_comes_without_its_revision(void **state)
{
    (void)state;
    struct change_set_state read =
        state_of("{'ChangeSetId':'cs1','Status':'SUCCEEDED','ChangeSet':[{'ChangeType':'Create',"
                 "'Entity':{'Type':'Offer@1.0','Identifier':'offer-1@1'},'ErrorDetailList':[]},"
                 "{'Entity':{'Type':'Offer@1.0','Identifier':'offer-2@1'},'ErrorDetailList':null}"
                 "]}");
    assert_string_equal(read.entity, "offer-1");
    assert_string_equal(read.revision, "1");
    assert_string_equal(read.why, "");
    read = state_of("{'ChangeSetId':'cs1','Status':'PREPARING','ChangeSet':[{'Entity':{"
                    "'Type':'Offer@1.0','Identifier':null}},null,{'Entity':{'Identifier':"
                    "'$CreateCPPO.Entity.Identifier'}}]}");
    assert_string_equal(read.entity, "");
    assert_string_equal(read.revision, "");
    read = state_of("{'ChangeSetId':'cs1','Status':'SUCCEEDED','ChangeSet':[{'Entity':{"
                    "'Identifier':'offer-3'}},{'Entity':{'Identifier':'offer-3@4'}}]}");
    assert_string_equal(read.revision, ""); /* of an update AWS tells none */
}

/* A failed one, with the error lists of its two changes. */
static struct change_set_state failed(const char *failure, const char *first, const char *second)
{
    char *text = text_format("{'ChangeSetId':'cs1','Status':'FAILED','FailureCode':%s,"
                             "'FailureDescription':'It did not work','ChangeSet':["
                             "{'Entity':{},'ErrorDetailList':%s},"
                             "{'Entity':{},'ErrorDetailList':%s}]}",
                             failure, first, second);
    struct change_set_state read = state_of(text);
    free(text);
    return read;
}

#define CLIENT "'CLIENT_FAULT'"
#define SERVER "'SERVER_FAULT'"
#define BUYER "[{'ErrorCode':'INVALID_BUYER_ACCOUNTS','ErrorMessage':'No account 1.'}]"
#define TAX "[{'ErrorCode':'INVALID_TAX_INFORMATION','ErrorMessage':'Tax.'}]"
#define MANY "[{'ErrorCode':'TOO_MANY_OFFERS','ErrorMessage':'Many.'}]"
#define NEW "[{'ErrorCode':'NEVER_HEARD_OF','ErrorMessage':'Hm.'}]"

static void failures_are_told_with_what_to_do(void **state)
{
    (void)state;
    struct change_set_state read = failed(CLIENT, BUYER, "null");
    assert_string_equal(read.why, "INVALID_BUYER_ACCOUNTS: No account 1. – AWS does not know a "
                                  "buyer account: check the ids with the customer.");
    read = failed(CLIENT, NEW, BUYER);
    assert_ptr_equal(strstr(read.why, "NEVER_HEARD_OF: Hm.; INVALID_BUYER_ACCOUNTS: No account"),
                     read.why);
    read = failed(CLIENT, "[]", "null");
    assert_string_equal(read.why, "It did not work");
    read = state_of("{'ChangeSetId':'cs1','Status':'FAILED'}");
    assert_true(read.why[0] != '\0');
}

static void only_what_can_succeed_is_tried_again(void **state)
{
    (void)state;
    static const struct {
        const char *failure, *first, *second;
        bool server_fault, can_retry, of_account;
    } cases[] = {
        {CLIENT, BUYER, "[]", false, false, false}, {CLIENT, NEW, "[]", false, false, false},
        {CLIENT, TAX, "[]", false, true, true},     {CLIENT, TAX, BUYER, false, false, false},
        {CLIENT, BUYER, TAX, false, false, false},  {CLIENT, TAX, TAX, false, true, true},
        {CLIENT, TAX, NEW, false, false, false},    {CLIENT, TAX, MANY, false, true, true},
        {SERVER, "[]", "null", true, true, false},  {SERVER, NEW, "[]", true, true, false},
        {"null", TAX, "null", false, true, true},   {CLIENT, "[]", "null", false, false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct change_set_state read = failed(cases[i].failure, cases[i].first, cases[i].second);
        if (read.server_fault != cases[i].server_fault || read.can_retry != cases[i].can_retry ||
            read.of_account != cases[i].of_account)
            fail_msg("%s %s %s", cases[i].failure, cases[i].first, cases[i].second);
    }
    assert_false(state_of("{'ChangeSetId':'cs1','Status':'SUCCEEDED'}").can_retry);
    assert_false(state_of("{'ChangeSetId':'cs1','Status':'CANCELLED'}").can_retry);
}

static void long_failures_are_cut_between_characters(void **state)
{
    (void)state;
    struct text errors = {0};
    for (int i = 0; i < 3; i++) {
        struct change_set_state read;
        text_clear(&errors);
        text_addf(&errors, "[{'ErrorCode':'X','ErrorMessage':'%.*s", i, "xx");
        for (int j = 0; j < 1000; j++)
            text_add(&errors, "…");
        text_add(&errors, "'}]");
        read = failed(CLIENT, text_get(&errors), "null");
        assert_true(strlen(read.why) > WHY_TEXT - 5);
        assert_true(text_is_utf8(read.why, strlen(read.why)));
    }
    text_free(&errors);
}

/* --- starting and finding --- */

static void a_started_change_set_has_an_id(void **state)
{
    (void)state;
    static const struct {
        const char *reply, *id; /* "": none */
    } cases[] = {{"{'ChangeSetArn':'arn:x','ChangeSetId':'cs1'}", "cs1"},
                 {"{'ChangeSetId':null}", ""},
                 {"{'ChangeSetId':7}", ""},
                 {"{}", ""},
                 {"[]", ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char id[ENTITY_ID];
        json_t *reply = json(cases[i].reply);
        assert_int_equal(catalog_started(reply, id), *cases[i].id != '\0');
        assert_string_equal(id, cases[i].id);
        json_decref(reply);
    }
}

static void only_exactly_this_name_is_found(void **state)
{
    (void)state;
    char id[ENTITY_ID];
    json_t *reply = json("{'ChangeSetSummaryList':[null,{'ChangeSetId':'a','ChangeSetName':null},"
                         "{'ChangeSetId':'b','ChangeSetName':'cppo.x.1.r1.make.1.10'},"
                         "{'ChangeSetId':'c','ChangeSetName':'cppo.x.1.r1.make.1.1'},"
                         "{'ChangeSetId':'d','ChangeSetName':'cppo.x.1.r1.make.1.1'}],"
                         "'NextToken':null}");
    assert_true(catalog_find_change_set(reply, "cppo.x.1.r1.make.1.1", id));
    assert_string_equal(id, "c"); /* the newest comes first */
    assert_true(catalog_find_change_set(reply, "cppo.x.1.r1.make.1.10", id));
    assert_string_equal(id, "b");
    assert_false(catalog_find_change_set(reply, "cppo.x.1.r1.make.1", id));
    assert_false(catalog_find_change_set(reply, "CPPO.x.1.r1.make.1.1", id));
    json_decref(reply);
    reply = json("{'ChangeSetSummaryList':null}");
    assert_false(catalog_find_change_set(reply, "cppo.x.1.r1.make.1.1", id));
    json_decref(reply);
}

static void those_of_others_are_listed_without_a_name_of_ours(void **state)
{
    char next[NEXT_TOKEN];
    size_t count;
    json_t *reply = json("{'ChangeSetSummaryList':[null,{'ChangeSetId':'a','ChangeSetName':"
                         "'Submitted by 111122223333','StartTime':'2026-11-24T08:00:00Z','Status':"
                         "'SUCCEEDED','EntityIdList':['offer-1']},{'ChangeSetId':'b',"
                         "'ChangeSetName':'cppo.x.1.r1.make.0.x','Status':'FAILED'},"
                         "{'ChangeSetId':'c','ChangeSetName':'cppo.x.7.r1.make.1.1','Status':"
                         "'APPLYING','StartTime':null,'EntityIdList':null}],'NextToken':'n'}");
    (void)state;
    struct change_set_summary *list = catalog_change_sets(reply, &count, next);
    assert_int_equal(count, 3);
    assert_string_equal(list[0].id, "a");
    assert_string_equal(list[0].entity, "offer-1");
    assert_int_equal(list[0].status, CHANGE_SET_SUCCEEDED);
    assert_int_equal(list[0].at, 1795507200000);
    assert_int_equal(list[0].parts.offer, 0);
    assert_string_equal(list[1].parts.install, ""); /* nearly one of ours */
    assert_int_equal(list[1].parts.revision, 0);
    assert_int_equal(list[2].parts.offer, 7);
    assert_int_equal(list[2].at, 0);
    assert_string_equal(next, "n");
    free(list);
    json_decref(reply);
}

static void what_may_change_legal_terms(void **state)
{
    static const struct {
        const char *changes;
        bool may;
    } cases[] = {
        {"[{'ChangeType':'UpdateLegalTerms'}]", true},
        {"[{'ChangeType':'UpdateMarkup'},{'ChangeType':'UpdateLegalTerms'}]", true},
        {"[{'ChangeType':'SomethingNew'}]", true},
        {"[{'ChangeType':null}]", true},
        {"[]", true},
        {"null", true},
        {"[{'ChangeType':'UpdateMarkup'},{'ChangeType':'UpdateAvailability'}]", false},
        {"[{'ChangeType':'ReleaseOffer'}]", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = text_format("{'ChangeSetId':'cs1','ChangeSet':%s}", cases[i].changes);
        json_t *reply = json(text);
        if (catalog_changes_legal_terms(reply) != cases[i].may)
            fail_msg("%s", text);
        json_decref(reply);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses),
        cmocka_unit_test(the_entity_comes_without_its_revision),
        cmocka_unit_test(failures_are_told_with_what_to_do),
        cmocka_unit_test(only_what_can_succeed_is_tried_again),
        cmocka_unit_test(long_failures_are_cut_between_characters),
        cmocka_unit_test(a_started_change_set_has_an_id),
        cmocka_unit_test(only_exactly_this_name_is_found),
        cmocka_unit_test(those_of_others_are_listed_without_a_name_of_ours),
        cmocka_unit_test(what_may_change_legal_terms),
    };
    return cmocka_run_group_tests_name("catalog_change_sets", tests, NULL, NULL);
}
