/* The gate of AWS's APIs: who may call and how often, ordered faults, and the shape of answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "market.h"
#include "parts.h"
#include "workspace.h"

/* AWS's status for each error; those of authentication are in no service's model, and say "message"
 * where the others say "Message". */
static const struct {
    const char *code;
    int status;
    bool is_authentication;
} errors[] = {
    {"AccessDeniedException", 403, false},
    {"ResourceNotFoundException", 404, false},
    {"ResourceNotSupportedException", 415, false},
    {"ValidationException", 422, false},
    {"ResourceInUseException", 423, false},
    {"ServiceQuotaExceededException", 402, false},
    {"ThrottlingException", 429, false},
    {"ExpiredTokenException", 403, true},
    {"UnrecognizedClientException", 403, true},
    {"InvalidSignatureException", 403, true},
    {"IncompleteSignatureException", 403, true},
    {"MissingAuthenticationTokenException", 403, true},
};

static int status_of(const char *code)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (strcmp(errors[i].code, code) == 0)
            return errors[i].status;
    }
    return 500;
}

static bool is_authentication(const char *code)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (strcmp(errors[i].code, code) == 0)
            return errors[i].is_authentication;
    }
    return false;
}

/* --- how often --- */

/* Calls a second and account. Source: "AWS Marketplace Catalog API service quotas"; those of the
 * Agreement API are not published: 5 is a guess. */
static int rate_of(const char *operation)
{
    if (strcmp(operation, "DescribeEntity") == 0)
        return 20;
    if (strcmp(operation, "DescribeChangeSet") == 0 || strcmp(operation, "ListEntities") == 0)
        return 10;
    return 5;
}

/* A bucket of one second's calls, filled again as time goes by. */
static bool too_often(struct market *market, const char *operation)
{
    double rate = rate_of(operation);
    int64_t now = sandbox_monotonic_ms();
    const json_t *bucket = json_object_get(market->buckets, operation);
    double level = rate;
    if (!market->sandbox->workspace->limits)
        return false;
    if (bucket != NULL) {
        int64_t since = now - json_integer_value(json_object_get(bucket, "at"));
        level = json_real_value(json_object_get(bucket, "level")) + rate * (double)since / 1000;
        level = level > rate ? rate : level;
    }
    bool empty = level < 1;
    json_object_set_new(
        market->buckets, operation,
        json_pack("{s:f, s:I}", "level", empty ? level : level - 1, "at", (json_int_t)now));
    return empty;
}

/* --- in and out --- */

const struct fault *gate_admit(struct market *market, const char *operation,
                               const struct sb_request *request, struct market_answer *answer)
{
    const char *account;
    const char *bad = sign_check(market, request, "aws-marketplace", &account);
    if (bad != NULL) {
        market_refuse(answer, 403, bad, sign_message(bad));
        return NULL;
    }
    const struct fault *fault =
        fault_take(market->sandbox, "aws", operation, request->body, request->body_size);
    if (fault_replaces(fault)) {
        const char *code = fault->error != NULL ? fault->error : "InternalServiceException";
        market_refuse(answer, fault->status != 0 ? fault->status : status_of(code), code,
                      "As was ordered.");
    } else if (strcmp(account, SANDBOX_ACCOUNT) != 0) {
        market_refuse(answer, 403, "AccessDeniedException", "This account is no seller.");
    } else if (too_often(market, operation)) {
        market_refuse(answer, 429, "ThrottlingException", "Rate exceeded");
    }
    return fault;
}

static void add_headers(struct market *market, struct sb_reply *reply)
{
    char date[64];
    char id[SANDBOX_UUID];
    time_t now = (time_t)(market_now(market) / 1000);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(date, sizeof(date), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    sandbox_uuid(id);
    text_addf(&reply->headers, "%sx-amzn-RequestId: %s\r\n", date, id);
}

static void note(struct market *market, const char *operation, const struct market_answer *answer)
{
    log_entry(market->sandbox, "market.call",
              json_pack("{s:s, s:i, s:s, s:s}", "operation", operation, "status",
                        answer->status != 0 ? answer->status : 200, "error",
                        answer->code != NULL ? answer->code : "", "message",
                        answer->message != NULL ? answer->message : ""));
}

void gate_send(struct market *market, const char *operation, const struct market_answer *answer,
               struct sb_reply *reply)
{
    note(market, operation, answer);
    add_headers(market, reply);
    if (answer->code == NULL) {
        sandbox_reply_json(reply, 200, answer->body);
        return;
    }
    bool foreign = is_authentication(answer->code);
    text_addf(&reply->headers, "x-amzn-ErrorType: %s%s\r\n", answer->code,
              foreign ? ":com.amazonaws.services.marketplacecatalog.model" : "");
    sandbox_reply_json(reply, answer->status,
                       json_pack("{s:s}", foreign ? "message" : "Message",
                                 answer->message != NULL ? answer->message : ""));
}

void gate_send_typed(struct market *market, const char *operation,
                     const struct market_answer *answer, struct sb_reply *reply)
{
    note(market, operation, answer);
    add_headers(market, reply);
    reply->content_type = "application/x-amz-json-1.0";
    if (answer->code == NULL) {
        sandbox_reply_json(reply, 200, answer->body);
        return;
    }
    char *type = text_format("com.amazonaws.marketplace.agreement#%s", answer->code);
    sandbox_reply_json(reply, answer->status >= 500 ? answer->status : 400,
                       json_pack("{s:s, s:s}", "__type", type, "message",
                                 answer->message != NULL ? answer->message : ""));
    free(type);
}
