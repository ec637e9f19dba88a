/* What the bot's identity may do: what was refused by order, and what its IAM policy says. Each
 * call is judged by its action, its resources and its condition keys. Source: Service Authorization
 * Reference, "AWS Marketplace" and "AWS Marketplace Catalog"; AWS Marketplace Catalog API, "Access
 * control". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "market_iam.h"
#include "mem.h"

#define BOT_IDENTITY "arn:aws:iam::" SANDBOX_ACCOUNT ":user/sandbox"

static char why[700]; /* kept until the next call */

/* --- by order --- */

const char *access_deny(struct market *market, const json_t *wish)
{
    const char *denied = text_in(wish, "deny");
    const char *allowed = text_in(wish, "allow");
    const char *reason = text_in(wish, "why");
    if (*allowed != '\0') {
        if (strcmp(allowed, "*") == 0)
            json_object_clear(market->denied);
        else
            json_object_del(market->denied, allowed);
        return NULL;
    }
    if (*reason == '\0')
        reason = "permission";
    if (strcmp(reason, "permission") != 0 && strcmp(reason, "kyc") != 0)
        return "why is \"permission\" or \"kyc\"";
    if (*denied == '\0')
        return "deny is an operation, or \"*\"";
    json_object_set_new(market->denied, denied, json_string(reason));
    return NULL;
}

const char *access_policy(struct market *market, const json_t *wish)
{
    json_t *policy = json_object_get(wish, "policy");
    const char *wrong = json_is_null(policy) ? NULL : iam_wrong(policy);
    if (wrong != NULL)
        return wrong;
    json_decref(market->policy);
    market->policy = json_is_null(policy) ? NULL : json_deep_copy(policy);
    return NULL;
}

/* --- what is asked of IAM --- */

static void say_denied(struct market_answer *answer, const char *action, const char *resource,
                       bool explicitly)
{
    if (explicitly)
        snprintf(why, sizeof(why),
                 "User: " BOT_IDENTITY " is not authorized to perform: %s on resource: %s with an"
                 " explicit deny in an identity-based policy",
                 action, resource);
    else
        snprintf(why, sizeof(why),
                 "User: " BOT_IDENTITY " is not authorized to perform: %s on resource: %s because"
                 " no identity-based policy allows the %s action",
                 action, resource, action);
    market_refuse(answer, 403, "AccessDeniedException", why);
}

/* False when it is denied. Takes ${context}. */
static bool judge(struct market *market, const char *action, const char *resource, json_t *context,
                  struct market_answer *answer)
{
    const struct iam_request request = {action, resource, context};
    enum iam_verdict verdict = iam_judge(market->policy, &request);
    if (verdict != IAM_ALLOWED)
        say_denied(answer, action, resource, verdict == IAM_DENIED);
    json_decref(context);
    return verdict == IAM_ALLOWED;
}

/* An id does not say of what; a product's begins so. */
static const char *type_of(const struct market *market, const char *id)
{
    if (json_object_get(market->authorizations, id) != NULL)
        return "ResaleAuthorization";
    return strncmp(id, "prod-", 5) == 0 ? "SaaSProduct" : "Offer";
}

static bool judge_entity(struct market *market, const char *action, const char *id,
                         struct market_answer *answer)
{
    char bare[128];
    text_fit(bare, sizeof(bare), id);
    bare[strcspn(bare, "@")] = '\0';
    char *arn = entity_arn(type_of(market, bare), bare);
    bool good = judge(market, action, arn, NULL, answer);
    free(arn);
    return good;
}

/* What does not exist yet has no id; the caller frees. */
static char *arn_of(const json_t *entity)
{
    char type[64];
    char id[128];
    text_fit(type, sizeof(type), text_in(entity, "Type"));
    text_fit(id, sizeof(id), text_in(entity, "Identifier"));
    type[strcspn(type, "@")] = '\0';
    id[strcspn(id, "@")] = '\0';
    return entity_arn(type, *id != '\0' && *id != '$' ? id : "*");
}

/* Of each change: on the entity, and on the change set that there will be. One type of change at a
 * time: how the key stands for a set of several is not written down. */
static void judge_start(struct market *market, const char *action, const json_t *args,
                        struct market_answer *answer)
{
    char *sets = changes_arn("*");
    size_t i;
    const json_t *change;
    json_array_foreach(json_object_get(args, "ChangeSet"), i, change)
    {
        char *entity = arn_of(json_object_get(change, "Entity"));
        const char *const resources[] = {entity, sets};
        for (size_t j = 0; j < 2 && answer->code == NULL; j++)
            judge(market, action, resources[j],
                  json_pack("{s:s, s:s}", "catalog:ChangeType", text_in(change, "ChangeType"),
                            "aws-marketplace:Intent", "APPLY"),
                  answer);
        free(entity);
    }
    free(sets);
}

/* A list of entities is a look at each of them, too. */
static void judge_list(struct market *market, const char *action, const char *type,
                       struct market_answer *answer)
{
    if (!judge(market, action, "*", NULL, answer) || *type == '\0')
        return;
    char *arn = entity_arn(type, "*");
    judge(market, "aws-marketplace:DescribeEntity", arn, NULL, answer);
    free(arn);
}

/* PartyType is a text, AgreementType an ArrayOfString. */
static json_t *search_context(const json_t *args)
{
    json_t *context = json_object();
    size_t i;
    const json_t *filter;
    json_array_foreach(json_object_get(args, "filters"), i, filter)
    {
        json_t *values = json_object_get(filter, "values");
        if (strcmp(text_in(filter, "name"), "PartyType") == 0)
            json_object_set(context, "aws-marketplace:PartyType", json_array_get(values, 0));
        if (strcmp(text_in(filter, "name"), "AgreementType") == 0)
            json_object_set(context, "aws-marketplace:AgreementType", values);
    }
    return context;
}

static json_t *agreement_context(const char *operation, const json_t *args)
{
    return strcmp(operation, "SearchAgreements") == 0
               ? search_context(args)
               : json_pack("{s:s, s:[s]}", "aws-marketplace:PartyType", "Proposer",
                           "aws-marketplace:AgreementType", "PurchaseAgreement");
}

static void ask_iam(struct market *market, const char *operation, const json_t *args,
                    const char *id, struct market_answer *answer)
{
    char action[100];
    snprintf(action, sizeof(action), "aws-marketplace:%s", operation);
    if (strcmp(operation, "StartChangeSet") == 0) {
        judge_start(market, action, args, answer);
    } else if (strcmp(operation, "DescribeEntity") == 0) {
        judge_entity(market, action, id, answer);
    } else if (strstr(operation, "Agreement") != NULL) {
        judge(market, action, "*", agreement_context(operation, args), answer);
    } else if (strncmp(operation, "List", 4) == 0) {
        judge_list(market, action, text_in(args, "EntityType"), answer);
    } else {
        char *set = changes_arn(id);
        judge(market, action, set, NULL, answer);
        free(set);
    }
}

void access_check(struct market *market, const char *operation, const json_t *args, const char *id,
                  struct market_answer *answer)
{
    const char *reason = text_in(market->denied, operation);
    char action[100];
    if (market->by != NULL)
        return; /* the policy is the bot's */
    if (*reason == '\0')
        reason = text_in(market->denied, "*");
    snprintf(action, sizeof(action), "aws-marketplace:%s", operation);
    if (strcmp(reason, "kyc") == 0)
        market_refuse(answer, 403, "AccessDeniedException",
                      "Current identity is not KYC compliant");
    else if (*reason != '\0')
        say_denied(answer, action, "*", false);
    else if (market->policy != NULL)
        ask_iam(market, operation, args, id, answer);
}
