/* The AWS Marketplace of the sandbox: which API a request is for; the Catalog API. */
#include "market.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

json_t *market_state(struct market *market)
{
    json_t *state = json_pack("{s:O, s:O, s:O, s:O, s:O, s:o, s:O}", "authorizations",
                              market->authorizations, "offers", market->offers, "change_sets",
                              market->change_sets, "agreements", market->agreements, "ways",
                              market->ways, "choices", ways_choices(), "denied", market->denied);
    json_t *copy = json_deep_copy(state);
    json_decref(state);
    return copy;
}

/* --- the Catalog API --- */

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
    access_check(market, operation, args, *entity != '\0' ? entity : change_set, answer);
    if (answer->code != NULL)
        ;
    else if (request->body_size > 0 && !json_is_object(args))
        market_refuse(answer, 400, "SerializationException", "The body is not a JSON object.");
    else if (strcmp(operation, "ListEntities") == 0)
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

/* --- what is applied late --- */

static void on_late(void *ctx)
{
    struct market *market = ctx;
    struct market_answer answer = {0};
    json_t *late = json_incref(json_array_get(market->late, 0));
    const char *body = text_in(late, "body");
    struct sb_request request = {
        .query = text_in(late, "query"), .body = body, .body_size = strlen(body)};
    json_array_remove(market->late, 0);
    run_call(market, text_in(late, "operation"), &request, &answer);
    log_entry(market->sandbox, "market.late",
              json_pack("{s:s, s:s}", "operation", text_in(late, "operation"), "error",
                        answer.code != NULL ? answer.code : ""));
    json_decref(answer.body);
    json_decref(late);
}

/* They are applied in the order in which they came, whatever their delays. */
static void run_later(struct market *market, const char *operation,
                      const struct sb_request *request, int delay_ms)
{
    json_array_append_new(market->late, json_pack("{s:s, s:s, s:s}", "operation", operation,
                                                  "query", request->query, "body", request->body));
    sandbox_after(market->sandbox, delay_ms, on_late, market);
}

/* ------------------------------------------------------------------------------------------ */

/* Servers in front of AWS's refuse a body's method without a length, even of none. */
static bool lacks_length(const struct market *market, const struct sb_request *request)
{
    return way_is(market, "content_length", "required") && strcmp(request->method, "GET") != 0 &&
           sandbox_header(request, "Content-Length") == NULL;
}

static void serve_catalog(struct market *market, const char *operation,
                          const struct sb_request *request, struct sb_reply *reply)
{
    struct market_answer answer = {0};
    const struct fault *fault = gate_admit(market, operation, request, &answer);
    market->by = sign_is_colleague(request) ? "colleague" : NULL;
    if (answer.code != NULL)
        ;
    else if (strcmp(request->method, method_of(operation)) != 0)
        market_refuse(&answer, 404, "UnknownOperationException", "the wrong method");
    else if (lacks_length(market, request))
        market_refuse(&answer, 411, "MissingContentLength", "Content-Length is needed.");
    else if (fault != NULL && fault->drop == FAULT_LATE)
        run_later(market, operation, request, fault->delay_ms);
    else
        run_call(market, operation, request, &answer);
    gate_send(market, operation, &answer, reply);
    fault_apply(fault, reply);
    bool bot = market->by == NULL;
    market->by = NULL;
    if (bot)
        colleague_turn(market, operation);
}

/* --- the Agreement API --- */

static void serve_agreements(struct market *market, const struct sb_request *request,
                             struct sb_reply *reply)
{
    struct market_answer answer = {0};
    static const char prefix[] = "AWSMPCommerceService_v20200301.";
    const char *target = sandbox_header(request, "X-Amz-Target");
    const char *type = sandbox_header(request, "Content-Type");
    bool ours = target != NULL && strncmp(target, prefix, sizeof(prefix) - 1) == 0;
    const char *operation = ours ? target + sizeof(prefix) - 1 : "";
    const struct fault *fault = gate_admit(market, operation, request, &answer);
    json_t *args = json_loadb(request->body, request->body_size, 0, NULL);
    if (answer.code == NULL)
        access_check(market, operation, args, "", &answer);
    if (answer.code != NULL)
        ;
    else if (strcmp(request->method, "POST") != 0 || type == NULL ||
             strcmp(type, "application/x-amz-json-1.0") != 0 || !json_is_object(args))
        market_refuse(&answer, 400, "SerializationException", "POST of application/x-amz-json-1.0");
    else if (strcmp(operation, "SearchAgreements") == 0)
        agreements_search(market, args, &answer);
    else if (strcmp(operation, "DescribeAgreement") == 0)
        agreements_describe(market, args, &answer);
    else
        market_refuse(&answer, 400, "UnknownOperationException", "X-Amz-Target");
    gate_send_typed(market, operation, &answer, reply);
    fault_apply(fault, reply);
    colleague_turn(market, operation);
    json_decref(args);
}

/* --- all --- */

bool market_handle(struct market *market, const struct sb_request *request, struct sb_reply *reply)
{
    static const char catalog[] = "/aws/catalog/";
    static const char orders[] = "/_sandbox/market/";
    if (strncmp(request->path, catalog, sizeof(catalog) - 1) == 0)
        serve_catalog(market, request->path + sizeof(catalog) - 1, request, reply);
    else if (strcmp(request->path, "/aws/agreement") == 0 ||
             strcmp(request->path, "/aws/agreement/") == 0)
        serve_agreements(market, request, reply);
    else if (strncmp(request->path, "/aws/sts", 8) == 0)
        sts_serve(market, request, reply);
    else if (strncmp(request->path, "/aws/iam", 8) == 0)
        iam_serve(market, request, reply);
    else if (strncmp(request->path, orders, sizeof(orders) - 1) == 0)
        orders_serve(market, request->path + sizeof(orders) - 1, request, reply);
    else
        return places_serve(market, request, reply);
    return true;
}
