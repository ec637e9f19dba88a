/* The form of an offer while somebody fills it in, as Slack sends it. */
#ifndef CPPO_TESTS_CHANGE_FIXTURE_H
#define CPPO_TESTS_CHANGE_FIXTURE_H

#include "handlers_fixture.h"

/* The form of ${user} as Slack has it when ${action} is used: ${blocks} and ${values} are members
 * of these, in single quotes. */
static inline void change(const char *user, const char *hash, const char *ts, const char *action,
                          const char *blocks, const char *values)
{
    char *payload = text_format(
        "{'type':'block_actions','user':{'id':'%s'},'view':{'id':'V1','type':'modal','hash':'%s',"
        "'callback_id':'offer_form','title':{'type':'plain_text','text':'t'},'submit':{'type':"
        "'plain_text','text':'s'},'close':{'type':'plain_text','text':'c'},"
        "'private_metadata':'{\\\"form\\\":\\\"f1\\\",\\\"request\\\":0,\\\"revision\\\":0}',"
        "'blocks':[%s],'state':{'values':{%s}}},'actions':[%s'action_ts':'%s'}]}",
        user, hash, blocks, values, action, ts);
    for (char *at = payload; *at != '\0'; at++) {
        if (*at == '\'')
            *at = '"';
    }
    send_frame("interactive", payload);
}

#define SELECT(name, options)                                                                      \
    "{'type':'input','block_id':'" name "','dispatch_action':true,'element':{'type':"              \
    "'static_select','action_id':'" name "','options':[" options "]}}"
#define OPTION(value) "{'text':{'type':'plain_text','text':'" value "'},'value':'" value "'}"
#define TEXT(name)                                                                                 \
    "{'type':'input','block_id':'" name                                                            \
    "','element':{'type':'plain_text_input','action_id':'" name "'}}"
#define CHOOSES(name, value)                                                                       \
    "{'action_id':'" name "','block_id':'" name "','type':'static_select','selected_option':"      \
    "{'value':'" value "'},"
#define HOLDS(name, value) "'" name "':{'" name "':{'selected_option':" OPTION(value) "}}"
#define TYPED(name, text) "'" name "':{'" name "':{'type':'plain_text_input','value':'" text "'}}"

#endif
