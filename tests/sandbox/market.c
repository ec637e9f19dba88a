/* The AWS Marketplace of the sandbox: the Catalog API, and the orders of tests and page. */
#include "market.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

json_t *market_state(struct market *market)
{
    json_t *state = json_pack("{s:O, s:O, s:O}", "authorizations", market->authorizations, "offers",
                              market->offers, "change_sets", market->change_sets);
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
    time_t now = (time_t)((sandbox_now_ms() + market->skew_ms) / 1000);
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

/* --- orders of tests and page ------------------------------------------------------------- */

static bool change_authorization(struct market *market, const json_t *order)
{
    static const char *const keys[] = {"status", "extended_status", "end",
                                       "price",  "buyers",          "gone"};
    json_t *one = json_object_get(market->authorizations, text_in(order, "id"));
    for (size_t i = 0; one != NULL && i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_t *value = json_object_get(order, keys[i]);
        if (value != NULL)
            json_object_set(one, keys[i], value);
    }
    return one != NULL;
}

static void add_authorizations(struct market *market, const json_t *order)
{
    const json_t *model = json_object_get(market->authorizations, "resaleauthz-bronze2024");
    for (json_int_t i = json_integer_value(json_object_get(order, "count")); i > 0; i--) {
        char *id = market_id(market, "resaleauthz-more");
        json_t *one = json_deep_copy(model);
        json_object_set_new(one, "name", json_string(id));
        json_object_set_new(market->authorizations, id, one);
        free(id);
    }
}

static bool take_order(struct market *market, const char *what, const json_t *order)
{
    json_t *offer = json_object_get(market->offers, text_in(order, "id"));
    if (strcmp(what, "next") == 0)
        return json_array_append(market->orders, (json_t *)(uintptr_t)order) == 0;
    if (strcmp(what, "release_holds") == 0)
        return changes_release_holds(market), true;
    if (strcmp(what, "authorization") == 0)
        return change_authorization(market, order);
    if (strcmp(what, "authorizations") == 0)
        return add_authorizations(market, order), true;
    if (strcmp(what, "offer") == 0)
        return offer != NULL && json_object_update(offer, json_object_get(order, "edit")) == 0;
    if (strcmp(what, "clock") == 0)
        return market->skew_ms = json_integer_value(json_object_get(order, "skew_ms")), true;
    if (strcmp(what, "keys") == 0)
        return market->key_life_ms = json_integer_value(json_object_get(order, "life_ms")), true;
    if (strcmp(what, "tokens") == 0)
        return text_fit(market->tokens, sizeof(market->tokens), text_in(order, "mode"));
    if (strcmp(what, "speed") == 0) {
        market->prepare_ms = (int)json_integer_value(json_object_get(order, "prepare_ms"));
        market->apply_ms = (int)json_integer_value(json_object_get(order, "apply_ms"));
        return true;
    }
    return false;
}

static void serve_order(struct market *market, const char *what, const struct sb_request *request,
                        struct sb_reply *reply)
{
    json_t *order = json_loadb(request->body, request->body_size, 0, NULL);
    bool good = json_is_object(order) && take_order(market, what, order);
    sandbox_reply_json(reply, good ? 200 : 400, json_pack("{s:b}", "ok", good));
    json_decref(order);
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
        serve_order(market, request->path + sizeof(orders) - 1, request, reply);
    else
        return places_serve(market, request, reply);
    return true;
}
