/* IAM identity policies, judged as IAM documents it: one policy, one request. Source: IAM user
 * guide, "Policy evaluation logic", "IAM JSON policy elements", "Single-valued vs. multivalued
 * context keys". */
#ifndef SANDBOX_MARKET_IAM_H
#define SANDBOX_MARKET_IAM_H

#include <jansson.h>

enum iam_verdict {
    IAM_NONE, /* nothing allows it: denied */
    IAM_ALLOWED,
    IAM_DENIED, /* explicitly, whatever else allows it */
};

struct iam_request {
    const char *action;    /* "aws-marketplace:ListEntities" */
    const char *resource;  /* an ARN; "*" when the action knows no resources */
    const json_t *context; /* key -> text: single-valued; key -> [text]: multivalued. NULL: none */
};

/* What is wrong with the document, or what is not known here; NULL: nothing. Static text. */
const char *iam_wrong(const json_t *policy);

/* ${policy} is one of which iam_wrong says nothing. */
enum iam_verdict iam_judge(const json_t *policy, const struct iam_request *request);

#endif
