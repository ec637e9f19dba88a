/* What is healthy, for tests that make it ill. */
#ifndef CPPO_TESTS_CHECKER_FIXTURE_H
#define CPPO_TESTS_CHECKER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

/* One offer, approved and released as it should be. */
static const char good_log[] =
    "[{'seq':1,'at_ms':100,'kind':'envelope.sent','envelope_id':'e1','payload_type':"
    "'view_submission','user':'U1','form':'offer_form','metadata':'{form: f1}'},"
    "{'seq':2,'at_ms':101,'kind':'envelope.acked','envelope_id':'e1','late':false,'payload':null},"
    "{'seq':3,'at_ms':102,'kind':'slack.message','what':'posted','channel':'C0APPROVALS',"
    "'text':'CPPO-1 for A: Waiting for approval (revision 1)','user':'UBOT'},"
    "{'seq':4,'at_ms':103,'kind':'envelope.sent','envelope_id':'e2','payload_type':"
    "'block_actions','user':'U2','action':'approve','value':'1.1.d'},"
    "{'seq':5,'at_ms':104,'kind':'envelope.acked','envelope_id':'e2','late':false,'payload':null},"
    "{'seq':6,'at_ms':106,'kind':'market.entity','id':'offer-1','state':'Released'},"
    "{'seq':7,'at_ms':107,'kind':'slack.message','what':'updated','channel':'C0APPROVALS',"
    "'text':'CPPO-1 for A: Published (revision 1)','user':'UBOT'},"
    "{'seq':8,'at_ms':108,'kind':'slack.message','what':'posted','channel':'C0OFFERS',"
    "'text':'CPPO-1 for A is published','user':'UBOT'},"
    "{'seq':9,'at_ms':109,'kind':'slack.message','what':'posted','channel':'D1',"
    "'text':'CPPO-1 for A: Published (revision 1)','user':'UBOT'}]";

static const char good_state[] =
    "{'channels':[{'id':'C0APPROVALS','messages':[{'ts':'1','text':"
    "'CPPO-1 for A: Published (revision 1)','blocks':[]}]}],"
    "'dms':[{'id':'D1','user':'U1'}],'groups':[{'handle':'managers','users':['U2','U3']}],"
    "'market':{'offers':{'offer-1':{'Description':'A - CPPO-1 r1','release_count':1,"
    "'MarkupPercentage':'25','Name':'N','ResaleAuthorizationId':'ra','rules':["
    "{'PositiveTargeting':{'BuyerAccounts':['1','2']}},{'AvailabilityEndDate':'2030-01-01'}],"
    "'terms':[{'Type':'ValidityTerm','AgreementDuration':'P3650D'},"
    "{'Type':'LegalTerm','Documents':[{'Type':'CustomEula','Url':'https://e'}]}]}}}}";

static const char good_book[] =
    "{'damage':[],'effect':[],'pending_action':[],"
    "'offer':[{'number':1,'revision':1,'state':'published','requester':'U1'}],"
    "'draft':[{'offer':1,'state':'released','entity':'offer-1'}],"
    "'change_set':[{'offer':1,'purpose':'release','state':'succeeded'}],"
    "'vote':[{'offer':1,'revision':1,'person':'U2','verdict':'approve','at':104}],"
    "'revision':[{'offer':1,'revision':1,'form':'f1','content':'authorization=ra\\noffer_name=N\\n"
    "customer=A\\nbuyers=2\\\\n1\\nmarkup=25\\nterm=P3650D\\naccept_by=2030-01-01\\neula=custom\\n"
    "eula_url=https://e\\n'}],"
    "'move':["
    "{'offer':1,'step':1,'at':101,'who':'U1','event':'submit','from_state':'draft',"
    "'to_state':'pending','revision':1},"
    "{'offer':1,'step':2,'at':104,'who':'U2','event':'approve','from_state':'pending',"
    "'to_state':'approved','revision':1},"
    "{'offer':1,'step':3,'at':105,'who':'bot','event':'publish','from_state':'approved',"
    "'to_state':'publishing','revision':1},"
    "{'offer':1,'step':4,'at':107,'who':'aws','event':'release','from_state':'publishing',"
    "'to_state':'published','revision':1}]}";

struct doctor {
    char log[6000], state[3000], book[4000];
};

static inline void quote(char *to, size_t capacity, const char *from)
{
    snprintf(to, capacity, "%s", from);
    for (; *to != '\0'; to++) {
        if (*to == '\'')
            *to = '"';
    }
}

static inline struct doctor healthy(void)
{
    struct doctor doctor = {{0}, {0}, {0}};
    quote(doctor.log, sizeof(doctor.log), good_log);
    quote(doctor.state, sizeof(doctor.state), good_state);
    quote(doctor.book, sizeof(doctor.book), good_book);
    return doctor;
}

/* Put ${new} in the place of ${old}, both with ' for ". */
static inline void swap(char *text, size_t capacity, const char *old, const char *new)
{
    char was[500], becomes[500], rest[6000];
    quote(was, sizeof(was), old);
    quote(becomes, sizeof(becomes), new);
    char *at = strstr(text, was);
    assert_non_null(at);
    snprintf(rest, sizeof(rest), "%s", at + strlen(was));
    snprintf(at, capacity - (size_t)(at - text), "%s%s", becomes, rest);
}
#define SWAP(array, old, new) swap(array, sizeof(array), old, new)

static inline int judge(const struct doctor *doctor, int needed, struct verdict *verdict)
{
    json_error_t error;
    json_t *log = json_loads(doctor->log, 0, &error);
    json_t *state = json_loads(doctor->state, 0, &error);
    json_t *book = json_loads(doctor->book, 0, &error);
    struct evidence evidence = {.log = log, .state = state, .book = book, .needed = needed};
    assert_true(log != NULL && state != NULL && book != NULL);
    int broken = check_all(&evidence, verdict);
    json_decref(log);
    json_decref(state);
    json_decref(book);
    return broken;
}

/* The rule is named, with these words. */
static inline void caught(const struct doctor *doctor, const char *rule, const char *words)
{
    struct verdict verdict;
    char begin[20];
    snprintf(begin, sizeof(begin), "%s: ", rule);
    assert_true(judge(doctor, 1, &verdict) > 0);
    if (strstr(verdict.lines, begin) == NULL || strstr(verdict.lines, words) == NULL)
        fail_msg("expected %s with “%s”, the judge says:\n%s", rule, words, verdict.lines);
}

#endif
