/* The AWS Marketplace of the sandbox: the Catalog API. */
#include "market.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

json_t *market_state(struct market *market)
{
    json_t *state = json_pack("{s:O, s:O, s:O, s:O}", "authorizations", market->authorizations,
                              "offers", market->offers, "change_sets", market->change_sets,
                              "agreements", market->agreements);
    json_t *copy = json_deep_copy(state);
    json_decref(state);
    return copy;
}

/* --- the Catalog API ---------------------------------------------------------------------- */

/* A parameter of the query; ids here need no decoding. On the heap. */
static char *parameter(const char *query, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = query; *at != '\0'; at += strcspn(at, "&"), at += *at == '&') {
        if (strncmp(at, name, size) == 0 && at[size] == '=')
            return text_format("%.*s", (int)strcspn(at + size + 1, "&"), at + size + 1);
    }
    return mem_copy("");
}

static void run_call(struct market *market, const char *operation, const struct sb_request *request,
                     struct market_answer *answer)
{
    json_t *args = json_loadb(request->body, request->body_size, 0, NULL);
    char *entity = parameter(request->query, "entityId");
    char *change_set = parameter(request->query, "changeSetId");
    if (strcmp(operation, "ListEntities") == 0)
        entities_list(market, args, answer);
    else if (strcmp(operation, "DescribeEntity") == 0)
        entities_describe(market, entity, answer);
    else if (strcmp(operation, "StartChangeSet") == 0)
        changes_start(market, args, answer);
    else if (strcmp(operation, "DescribeChangeSet") == 0)
        changes_describe(market, change_set, answer);
    else if (strcmp(operation, "ListChangeSets") == 0)
        changes_list(market, args, answer);
    else if (strcmp(operation, "CancelChangeSet") == 0)
        changes_cancel(market, change_set, answer);
    else
        market_refuse(answer, 404, "UnknownOperationException", operation);
    json_decref(args);
    free(entity);
    free(change_set);
}

static const char *method_of(const char *operation)
{
    if (strcmp(operation, "CancelChangeSet") == 0)
        return "PATCH";
    return strncmp(operation, "Describe", 8) == 0 ? "GET" : "POST";
}

/* AWS's status for an error that a test ordered by its name. */
static int status_of(const char *code)
{
    static const struct {
        const char *code;
        int status;
    } known[] = {
        {"AccessDeniedException", 403},         {"ResourceNotFoundException", 404},
        {"ResourceNotSupportedException", 415}, {"ValidationException", 422},
        {"ResourceInUseException", 423},        {"ServiceQuotaExceededException", 402},
        {"ThrottlingException", 429},           {"ExpiredTokenException", 403},
        {"UnrecognizedClientException", 403},   {"InvalidSignatureException", 403},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].code, code) == 0)
            return known[i].status;
    }
    return 500;
}

static void send_answer(struct market *market, const char *operation,
                        const struct market_answer *answer, struct sb_reply *reply)
{
    char date[64];
    time_t now = (time_t)(market_now(market) / 1000);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(date, sizeof(date), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    log_entry(market->sandbox, "market.call",
              json_pack("{s:s, s:i, s:s}", "operation", operation, "status",
                        answer->status != 0 ? answer->status : 200, "error",
                        answer->code != NULL ? answer->code : ""));
    text_add(&reply->headers, date);
    if (answer->code == NULL) {
        sandbox_reply_json(reply, 200, answer->body);
        return;
    }
    text_addf(&reply->headers, "x-amzn-ErrorType: %s\r\n", answer->code);
    sandbox_reply_json(reply, answer->status,
                       json_pack("{s:s}", answer->status == 403 ? "message" : "Message",
                                 answer->message != NULL ? answer->message : ""));
}

static void serve_catalog(struct market *market, const char *operation,
                          const struct sb_request *request, struct sb_reply *reply)
{
    struct market_answer answer = {0};
    const char *account;
    const char *bad = sign_check(market, request, "aws-marketplace", &account);
    const struct fault *fault = NULL;
    if (bad != NULL)
        market_refuse(&answer, 403, bad, "The request was not signed as it should be.");
    else
        fault = fault_take(market->sandbox, "aws", operation, request->body, request->body_size);
    if (bad != NULL)
        ;
    else if (strcmp(request->method, method_of(operation)) != 0)
        market_refuse(&answer, 404, "UnknownOperationException", "the wrong method");
    else if (fault_replaces(fault))
        market_refuse(&answer,
                      fault->status != 0     ? fault->status
                      : fault->error != NULL ? status_of(fault->error)
                                             : 500,
                      fault->error != NULL ? fault->error : "InternalServiceException",
                      "As was ordered.");
    else if (strcmp(account, SANDBOX_ACCOUNT) != 0)
        market_refuse(&answer, 403, "AccessDeniedException", "This account is no seller.");
    else
        run_call(market, operation, request, &answer);
    send_answer(market, operation, &answer, reply);
    fault_apply(fault, reply);
}

bool market_handle(struct market *market, const struct sb_request *request, struct sb_reply *reply)
{
    static const char catalog[] = "/aws/catalog/";
    static const char orders[] = "/_sandbox/market/";
    if (strncmp(request->path, catalog, sizeof(catalog) - 1) == 0)
        serve_catalog(market, request->path + sizeof(catalog) - 1, request, reply);
    else if (strncmp(request->path, "/aws/sts", 8) == 0)
        sts_serve(market, request, reply);
    else if (strncmp(request->path, orders, sizeof(orders) - 1) == 0)
        orders_serve(market, request->path + sizeof(orders) - 1, request, reply);
    else
        return places_serve(market, request, reply);
    return true;
}
