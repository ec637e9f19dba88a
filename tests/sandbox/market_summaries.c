/* ListEntities: the summaries of authorizations and offers. */
#include <stdlib.h>
#include <string.h>

#include "market.h"

/* What is not of the entity's own type is there, and null. */
static json_t *summary(const char *type, const char *id, const char *name, const char *modified,
                       json_t *own)
{
    static const char *const kinds[] = {
        "AmiProductSummary",  "ContainerProductSummary",       "DataProductSummary",
        "SaaSProductSummary", "MachineLearningProductSummary", "OfferSummary",
        "OfferSetSummary",    "ResaleAuthorizationSummary",
    };
    char *arn = entity_arn(type, id);
    char *key = text_format("%sSummary", type);
    json_t *list = json_pack("{s:s?, s:s, s:s, s:s, s:s, s:n}", "Name", *name != '\0' ? name : NULL,
                             "EntityType", type, "EntityId", id, "EntityArn", arn,
                             "LastModifiedDate", modified, "Visibility");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        json_object_set_new(list, kinds[i], json_null());
    json_object_set_new(list, key, own);
    free(arn);
    free(key);
    return list;
}

static json_t *authorization_summary(const char *id, const json_t *a)
{
    json_t *own = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "Name", text_in(a, "name"),
        "ProductId", "prod-archera", "ProductName", "Archera - Subscription",
        "ManufacturerAccountId", SANDBOX_ISV, "ManufacturerLegalName", "Reserved AI",
        "ResellerAccountID", SANDBOX_ACCOUNT, "ResellerLegalName", "Partner", "Status",
        text_in(a, "status"), "OfferExtendedStatus", text_in(a, "extended_status"), "CreatedDate",
        text_in(a, "created"), "AvailabilityEndDate", text_in(a, "end"), "ResellerRole",
        "ChannelPartner");
    return summary("ResaleAuthorization", id, text_in(a, "name"), text_in(a, "modified"), own);
}

static json_t *offer_summary(const char *id, const json_t *offer)
{
    const json_t *buyers = offer_buyers(offer);
    json_t *own =
        json_pack("{s:O?, s:s, s:s, s:O?, s:O?, s:O?, s:s, s:[s], s:n, s:n, s:n, s:s}", "Name",
                  json_object_get(offer, "Name"), "ProductId", "prod-archera",
                  "ResaleAuthorizationId", text_in(offer, "ResaleAuthorizationId"), "ReleaseDate",
                  json_object_get(offer, "released"), "AvailabilityEndDate",
                  json_object_get(offer_rule(offer, "AvailabilityRule"), "AvailabilityEndDate"),
                  "BuyerAccounts", buyers, "State", text_in(offer, "State"), "Targeting",
                  buyers != NULL ? "BuyerAccounts" : "None", "OfferSetId", "TargetAgreementId",
                  "TargetAgreementIntent", "CreatedBySource", "Seller");
    return summary("Offer", id, text_in(offer, "Name"), text_in(offer, "modified"), own);
}

static const char *check_list(const json_t *args)
{
    const char *type = text_in(args, "EntityType");
    const char *owner = text_in(args, "OwnershipType");
    const char *token = text_in(args, "NextToken");
    const json_t *most = json_object_get(args, "MaxResults");
    if (strcmp(text_in(args, "Catalog"), "AWSMarketplace") != 0)
        return "Catalog is AWSMarketplace.";
    if (strcmp(type, "Offer") != 0 && strcmp(type, "ResaleAuthorization") != 0)
        return "EntityType is Offer or ResaleAuthorization here, without a version.";
    if (*owner != '\0' && strcmp(owner, "SELF") != 0 && strcmp(owner, "SHARED") != 0)
        return "OwnershipType is SELF or SHARED.";
    if (most != NULL && (json_integer_value(most) < 1 || json_integer_value(most) > 50))
        return "MaxResults is 1 to 50.";
    if (token[strspn(token, "0123456789")] != '\0')
        return "NextToken is not one that was given.";
    return filters_check(args);
}

/* Authorizations belong to the ISV: they are listed as shared only; offers as our own. */
static json_t *all_that_fit(struct market *market, const json_t *args)
{
    bool shared = strcmp(text_in(args, "OwnershipType"), "SHARED") == 0;
    bool offers = strcmp(text_in(args, "EntityType"), "Offer") == 0;
    json_t *list = json_array();
    const char *id;
    json_t *entity;
    json_object_foreach(offers ? market->offers : market->authorizations, id, entity)
    {
        if (offers == shared || json_is_true(json_object_get(entity, "gone")) ||
            json_integer_value(json_object_get(entity, "made_ms")) >
                market_now(market) - market->list_lag_ms)
            continue;
        json_t *one = offers ? offer_summary(id, entity) : authorization_summary(id, entity);
        if (filters_take(args, one))
            json_array_append(list, one);
        json_decref(one);
    }
    filters_sort(args, list);
    return list;
}

void entities_list(struct market *market, const json_t *args, struct market_answer *answer)
{
    const char *wrong = check_list(args);
    char next[24];
    if (wrong != NULL) {
        market_refuse(answer, 422, "ValidationException", wrong);
        return;
    }
    const json_t *most = json_object_get(args, "MaxResults");
    json_t *list = all_that_fit(market, args);
    json_t *page = list_page(list, text_in(args, "NextToken"),
                             most != NULL ? json_integer_value(most) : 20, next);
    answer->body = json_pack("{s:o, s:s?}", "EntitySummaryList", page, "NextToken",
                             *next != '\0' ? next : NULL);
    json_decref(list);
}
