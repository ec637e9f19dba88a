/* The sandbox judges IAM policies as IAM documents it. Each row is one of the cases of the IAM user
 * guide: evaluation logic, wildcards, condition operators, single- and multivalued keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../sandbox/market_iam.h"
#include "mem.h"
#include "text.h"

#define ARN "arn:aws:aws-marketplace:us-east-1:111122223333:AWSMarketplace/"

/* ' stands for ". */
static json_t *parsed(const char *text)
{
    char *copy = mem_copy(text);
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *root = json_loads(copy, JSON_DECODE_ANY, NULL);
    if (root == NULL)
        fail_msg("no JSON: %s", text);
    free(copy);
    return root;
}

static json_t *policy_of(const char *statements)
{
    char *text = text_format("{'Version': '2012-10-17', 'Statement': %s}", statements);
    json_t *policy = parsed(text);
    free(text);
    return policy;
}

static enum iam_verdict verdict(const char *statements, const char *action, const char *resource,
                                const char *context)
{
    json_t *policy = policy_of(statements);
    json_t *keys = context != NULL ? parsed(context) : NULL;
    const struct iam_request request = {action, resource, keys};
    const char *wrong = iam_wrong(policy);
    if (wrong != NULL)
        fail_msg("%s: %s", statements, wrong);
    enum iam_verdict found = iam_judge(policy, &request);
    json_decref(policy);
    json_decref(keys);
    return found;
}

/* --- effects --- */

#define ALLOW_ALL "{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}"
#define ALLOW_LIST "{'Effect': 'Allow', 'Action': 's:List', 'Resource': '*'}"
#define DENY_LIST "{'Effect': 'Deny', 'Action': 's:List', 'Resource': '*'}"

static void deny_wins_over_allow_and_nothing_is_denied(void **state)
{
    static const struct {
        const char *statements;
        enum iam_verdict list, other;
    } rows[] = {
        {"[" ALLOW_LIST "]", IAM_ALLOWED, IAM_NONE},
        {ALLOW_LIST, IAM_ALLOWED, IAM_NONE}, /* one statement needs no list */
        {"[" DENY_LIST "]", IAM_DENIED, IAM_NONE},
        {"[" ALLOW_ALL ", " DENY_LIST "]", IAM_DENIED, IAM_ALLOWED},
        {"[" DENY_LIST ", " ALLOW_ALL "]", IAM_DENIED, IAM_ALLOWED}, /* order does not matter */
        {"[" ALLOW_LIST ", " ALLOW_LIST "]", IAM_ALLOWED, IAM_NONE},
        {"[{'Effect': 'Allow', 'NotAction': 's:List', 'Resource': '*'}]", IAM_NONE, IAM_ALLOWED},
        {"[{'Effect': 'Deny', 'NotAction': 's:List', 'Resource': '*'}, " ALLOW_ALL "]", IAM_ALLOWED,
         IAM_DENIED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(verdict(rows[i].statements, "s:List", "*", NULL), rows[i].list);
        assert_int_equal(verdict(rows[i].statements, "s:Read", "*", NULL), rows[i].other);
    }
}

/* --- actions and resources --- */

static void actions_and_resources_take_wildcards(void **state)
{
    static const struct {
        const char *action, *resource; /* of the policy */
        const char *asked, *on;
        bool allowed;
    } rows[] = {
        {"'aws-marketplace:ListEntities'", "'*'", "aws-marketplace:ListEntities", "*", true},
        {"'AWS-Marketplace:listentities'", "'*'", "aws-marketplace:ListEntities", "*", true},
        {"'aws-marketplace:List*'", "'*'", "aws-marketplace:ListEntities", "*", true},
        {"'aws-marketplace:List*'", "'*'", "aws-marketplace:DescribeEntity", "*", false},
        {"'aws-marketplace:*'", "'*'", "sts:AssumeRole", "*", false},
        {"'aws-marketplace:*Entit*'", "'*'", "aws-marketplace:DescribeEntity", "*", true},
        {"'aws-marketplace:DescribeEntit?'", "'*'", "aws-marketplace:DescribeEntity", "*", true},
        {"'aws-marketplace:DescribeEntity?'", "'*'", "aws-marketplace:DescribeEntity", "*", false},
        {"['sts:*', 'aws-marketplace:ListEntities']", "'*'", "aws-marketplace:ListEntities", "*",
         true},
        {"'*'", "'" ARN "Offer/*'", "s:Read", ARN "Offer/offer-1", true},
        {"'*'", "'" ARN "Offer/*'", "s:Read", ARN "ChangeSet/1", false},
        {"'*'", "'" ARN "Offer/*'", "s:Read", ARN "offer/offer-1", false}, /* case counts */
        {"'*'", "'" ARN "Offer/offer-?'", "s:Read", ARN "Offer/offer-1", true},
        {"'*'", "'" ARN "Offer/offer-?'", "s:Read", ARN "Offer/offer-12", false},
        {"'*'", "'arn:aws:aws-marketplace:*:*:AWSMarketplace/Offer/*'", "s:Read",
         ARN "Offer/offer-1", true},
        {"'*'", "'" ARN "Offer/*'", "s:Read", "*", false}, /* an action without resources */
        {"'*'", "['" ARN "ChangeSet/*', '" ARN "Offer/*']", "s:Read", ARN "Offer/o", true},
        {"'*'", "'" ARN "*'", "s:Read", ARN "Offer/a/b", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *statement = text_format("{'Effect': 'Allow', 'Action': %s, 'Resource': %s}",
                                      rows[i].action, rows[i].resource);
        bool allowed = verdict(statement, rows[i].asked, rows[i].on, NULL) == IAM_ALLOWED;
        if (allowed != rows[i].allowed)
            fail_msg("%s of %s on %s", rows[i].asked, statement, rows[i].on);
        free(statement);
    }
    assert_int_equal(verdict("{'Effect': 'Allow', 'Action': '*', 'NotResource': '" ARN "Offer/*'}",
                             "s:Read", ARN "Offer/o", NULL),
                     IAM_NONE);
}

/* --- conditions --- */

static void conditions_are_judged_by_their_keys(void **state)
{
    static const struct {
        const char *condition, *context;
        bool fits;
    } rows[] = {
        /* a single value */
        {"{'StringEquals': {'k': 'a'}}", "{'k': 'a'}", true},
        {"{'StringEquals': {'k': 'a'}}", "{'k': 'A'}", false},
        {"{'StringEquals': {'k': 'a'}}", "{'K': 'a'}", true}, /* names of keys know no case */
        {"{'StringEquals': {'k': 'a*'}}", "{'k': 'ab'}", false},
        {"{'StringEquals': {'k': ['a', 'b']}}", "{'k': 'b'}", true},
        {"{'StringEqualsIgnoreCase': {'k': 'a'}}", "{'k': 'A'}", true},
        {"{'StringNotEquals': {'k': 'a'}}", "{'k': 'b'}", true},
        {"{'StringNotEquals': {'k': ['a', 'b']}}", "{'k': 'b'}", false}, /* neither of them */
        {"{'StringLike': {'k': 'a*'}}", "{'k': 'ab'}", true},
        {"{'StringLike': {'k': 'a?'}}", "{'k': 'abc'}", false},
        {"{'StringNotLike': {'k': 'a*'}}", "{'k': 'ab'}", false},
        {"{'Bool': {'k': true}}", "{'k': 'true'}", true},
        {"{'ArnLike': {'k': 'arn:aws:s3:::b/*'}}", "{'k': 'arn:aws:s3:::b/o'}", true},
        /* all operators, all keys */
        {"{'StringEquals': {'k': 'a', 'l': 'b'}}", "{'k': 'a', 'l': 'b'}", true},
        {"{'StringEquals': {'k': 'a', 'l': 'b'}}", "{'k': 'a', 'l': 'c'}", false},
        {"{'StringEquals': {'k': 'a'}, 'StringLike': {'l': 'b*'}}", "{'k': 'a', 'l': 'c'}", false},
        /* a key that is not in the request */
        {"{'StringEquals': {'k': 'a'}}", "{}", false},
        {"{'StringLike': {'k': '*'}}", "{}", false},
        {"{'StringNotEquals': {'k': 'a'}}", "{}", true},
        {"{'StringEqualsIfExists': {'k': 'a'}}", "{}", true},
        {"{'StringEqualsIfExists': {'k': 'a'}}", "{'k': 'b'}", false},
        {"{'Null': {'k': 'true'}}", "{}", true},
        {"{'Null': {'k': 'true'}}", "{'k': 'a'}", false},
        {"{'Null': {'k': 'false'}}", "{}", false},
        {"{'Null': {'k': false}}", "{'k': 'a'}", true},
        {"{'Null': {'k': 'false'}}", "{'k': []}", false},
        /* several values: each of them, or one of them */
        {"{'ForAllValues:StringEquals': {'k': ['a', 'b']}}", "{'k': ['a', 'b']}", true},
        {"{'ForAllValues:StringEquals': {'k': ['a', 'b']}}", "{'k': ['a']}", true},
        {"{'ForAllValues:StringEquals': {'k': ['a', 'b']}}", "{'k': ['a', 'c']}", false},
        {"{'ForAllValues:StringLike': {'k': 'a*'}}", "{'k': ['ab', 'ac']}", true},
        {"{'ForAllValues:StringEquals': {'k': 'a'}}", "{}", true},
        {"{'ForAllValues:StringEquals': {'k': 'a'}}", "{'k': []}", true},
        {"{'ForAllValues:StringEquals': {'k': 'a'}, 'Null': {'k': 'false'}}", "{}", false},
        {"{'ForAllValues:StringEquals': {'k': 'a'}, 'Null': {'k': 'false'}}", "{'k': ['a']}", true},
        {"{'ForAllValues:StringNotEquals': {'k': 'a'}}", "{'k': ['b', 'c']}", true},
        {"{'ForAllValues:StringNotEquals': {'k': 'a'}}", "{'k': ['a', 'c']}", false},
        {"{'ForAnyValue:StringEquals': {'k': ['a', 'b']}}", "{'k': ['a', 'c']}", true},
        {"{'ForAnyValue:StringEquals': {'k': ['a', 'b']}}", "{'k': ['c', 'd']}", false},
        {"{'ForAnyValue:StringEquals': {'k': 'a'}}", "{}", false},
        {"{'ForAnyValue:StringNotEquals': {'k': 'a'}}", "{'k': ['a', 'b']}", true},
        {"{'ForAnyValue:StringNotEquals': {'k': 'a'}}", "{}", false},
        {"{'ForAllValues:StringEquals': {'k': 'a'}}", "{'k': 'a'}", true},
        /* a multivalued key without a set operator */
        {"{'StringEquals': {'k': 'a'}}", "{'k': ['a']}", false},
        {"{'StringNotEquals': {'k': 'b'}}", "{'k': ['a']}", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *statement =
            text_format("{'Effect': 'Allow', 'Action': '*', 'Resource': '*', 'Condition': %s}",
                        rows[i].condition);
        bool fits = verdict(statement, "s:Read", "*", rows[i].context) == IAM_ALLOWED;
        if (fits != rows[i].fits)
            fail_msg("%s of %s", rows[i].condition, rows[i].context);
        free(statement);
    }
}

/* A Deny whose condition does not fit denies nothing. */
static void a_condition_narrows_a_deny(void **state)
{
    static const char statements[] =
        "[" ALLOW_ALL ", {'Effect': 'Deny', 'Action': '*', 'Resource': '*', 'Condition':"
        " {'ForAnyValue:StringEquals': {'k': 'a'}}}]";
    (void)state;
    assert_int_equal(verdict(statements, "s:Read", "*", "{'k': ['a', 'b']}"), IAM_DENIED);
    assert_int_equal(verdict(statements, "s:Read", "*", "{'k': ['b']}"), IAM_ALLOWED);
    assert_int_equal(verdict(statements, "s:Read", "*", "{}"), IAM_ALLOWED);
}

/* --- documents --- */

static void what_is_no_policy_is_refused(void **state)
{
    static const char *const wrong[] = {
        "{}",
        "{'Version': '2012-10-17'}",
        "{'Version': '2012-10-17', 'Statement': []}",
        "{'Version': '2020-01-01', 'Statement': " ALLOW_ALL "}",
        "{'Version': '2012-10-17', 'Statement': ['Allow']}",
        "{'Version': '2012-10-17', 'Statement': {'Effect': 'allow', 'Action': '*', 'Resource':"
        " '*'}}",
        "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Resource': '*'}}",
        "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action': '*'}}",
        "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action': '*', 'NotAction':"
        " 'a', 'Resource': '*'}}",
        "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action': '*', 'Resource':"
        " '*', 'Principal': '*'}}",
        "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action': '*', 'Resource':"
        " '*', 'Condition': {'StringIs': {'k': 'a'}}}}",
        "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action': '*', 'Resource':"
        " '*', 'Condition': {'ForAllValues:Null': {'k': 'true'}}}}",
        "{'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action': '*', 'Resource':"
        " '*', 'Condition': {'StringEquals': {'k': []}}}}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        json_t *policy = parsed(wrong[i]);
        if (iam_wrong(policy) == NULL)
            fail_msg("taken: %s", wrong[i]);
        json_decref(policy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deny_wins_over_allow_and_nothing_is_denied),
        cmocka_unit_test(actions_and_resources_take_wildcards),
        cmocka_unit_test(conditions_are_judged_by_their_keys),
        cmocka_unit_test(a_condition_narrows_a_deny),
        cmocka_unit_test(what_is_no_policy_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
