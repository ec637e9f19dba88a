/* Authorizations and offers: lists and descriptions, in the shapes of the Catalog API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "mem.h"

#define CREATED "2024-01-01T00:00:00Z"
#define ISV_EULA "https://reserved-ai.s3.amazonaws.com/eula.txt"

/* id, name, status, extended status, end, single use, price, buyers */
static const struct {
    const char *id, *name, *status, *extended, *end, *price;
    bool single;
    const char *buyers[3];
} fixture[] = {
    {"resaleauthz-bronze2024",
     "Archera-Partner-Subscription-2024",
     "Active",
     "Completed-Usable",
     MARKET_NO_END,
     "0.008",
     false,
     {NULL}},
    {"resaleauthz-single01",
     "Archera-Partner-Single-2026",
     "Active",
     "Not Started",
     "2099-06-30T23:59:59.999Z",
     "0.0075",
     true,
     {"222233334444", "555566667777", NULL}},
    {"resaleauthz-used01",
     "Archera-Partner-Used-2025",
     "Active",
     "Completed-Used",
     MARKET_NO_END,
     "0.0075",
     true,
     {NULL}},
    {"resaleauthz-expired1",
     "Archera-Partner-Old-2023",
     "Active",
     "Completed-Usable",
     "2024-12-31T23:59:59.999Z",
     "0.008",
     false,
     {NULL}},
    {"resaleauthz-restrict1",
     "Archera-Partner-Restricted-2024",
     "Restricted",
     "Completed-Usable",
     MARKET_NO_END,
     "0.008",
     false,
     {NULL}},
};

void entities_open(struct market *market)
{
    for (size_t i = 0; i < sizeof(fixture) / sizeof(fixture[0]); i++) {
        json_t *buyers = json_array();
        for (size_t j = 0; j < 3 && fixture[i].buyers[j] != NULL; j++)
            json_array_append_new(buyers, json_string(fixture[i].buyers[j]));
        json_object_set_new(market->authorizations, fixture[i].id,
                            json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o}", "name",
                                      fixture[i].name, "status", fixture[i].status,
                                      "extended_status", fixture[i].extended, "end", fixture[i].end,
                                      "price", fixture[i].price, "created", CREATED, "modified",
                                      CREATED, "single_use", fixture[i].single, "buyers", buyers));
    }
}

/* --- parts of them ------------------------------------------------------------------------ */

char *entity_arn(const char *type, const char *id)
{
    return text_format("arn:aws:aws-marketplace:" SANDBOX_REGION ":%s:AWSMarketplace/%s/%s",
                       strcmp(type, "ResaleAuthorization") == 0 ? SANDBOX_ISV : SANDBOX_ACCOUNT,
                       type, id);
}

static const json_t *of_type(const json_t *list, const char *type)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(text_in(json_array_get(list, i), "Type"), type) == 0)
            return json_array_get(list, i);
    }
    return NULL;
}

const json_t *offer_rule(const json_t *offer, const char *type)
{
    return of_type(json_object_get(offer, "rules"), type);
}

const json_t *offer_term(const json_t *offer, const char *type)
{
    return of_type(json_object_get(offer, "terms"), type);
}

json_t *offer_buyers(const json_t *offer)
{
    return json_object_get(json_object_get(offer_rule(offer, "TargetingRule"), "PositiveTargeting"),
                           "BuyerAccounts");
}

/* --- one ---------------------------------------------------------------------------------- */

static json_t *authorization_terms(const json_t *a)
{
    json_t *buyers = json_array();
    const json_t *ids = json_object_get(a, "buyers");
    for (size_t i = 0; i < json_array_size(ids); i++)
        json_array_append_new(
            buyers, json_pack("{s:O, s:n}", "AwsAccountId", json_array_get(ids, i), "LegalName"));
    json_t *terms =
        json_pack("[{s:s, s:s, s:[{s:[{s:s, s:s}]}]}]", "Type", "ResaleUsageBasedPricingTerm",
                  "CurrencyCode", "USD", "RateCards", "RateCard", "DimensionKey", "PremiumUnits",
                  "Price", text_in(a, "price"));
    if (json_array_size(buyers) > 0)
        json_array_append_new(terms, json_pack("{s:s, s:{s:O}}", "Type", "BuyerTargetingTerm",
                                               "PositiveTargeting", "BuyerAccounts", buyers));
    json_decref(buyers);
    json_array_append_new(terms, json_pack("{s:s, s:[{s:s, s:s}]}", "Type", "BuyerLegalTerm",
                                           "Documents", "Type", "CustomEula", "Url", ISV_EULA));
    return terms;
}

static json_t *authorization_details(const json_t *a)
{
    bool single = json_is_true(json_object_get(a, "single_use"));
    json_t *rules = json_pack("[{s:s, s:s, s:s, s:i}, {s:s, s:s, s:s, s:s}]", "Type",
                              "AvailabilityRule", "Usage", single ? "Limited" : "Unlimited",
                              "AvailabilityEndDate", text_in(a, "end"), "OffersMaxQuantity", 1,
                              "Type", "PartnerTargetingRule", "ResellerAccountId", SANDBOX_ACCOUNT,
                              "ResellerLegalName", "Partner", "ResellerRole", "ChannelPartner");
    if (!single)
        json_object_del(json_array_get(rules, 0), "OffersMaxQuantity");
    return json_pack(
        "{s:s, s:n, s:s, s:s, s:s, s:s, s:n, s:s, s:s, s:s, s:[{s:s, s:s, s:s, s:s, s:[s]}],"
        " s:{s:s, s:i}, s:o, s:o}",
        "Name", text_in(a, "name"), "Description", "ProductId", "prod-archera", "ProductName",
        "Archera - Subscription", "PricingModel", "Usage", "Status", text_in(a, "status"),
        "PreExistingBuyerAgreement", "CreatedDate", text_in(a, "created"), "ManufacturerLegalName",
        "Reserved AI", "ManufacturerAccountId", SANDBOX_ISV, "Dimensions", "Name",
        "Guaranteed Reserved Instance Premiums", "Description", "Premiums in units", "Key",
        "PremiumUnits", "Unit", "Units", "Types", "ExternallyMetered", "OfferDetails",
        "OfferExtendedStatus", text_in(a, "extended_status"), "OfferCreatedCount", 0, "Terms",
        authorization_terms(a), "Rules", rules);
}

/* price x (1 + markup / 100), printed with at most 10 decimals. */
static void marked_up(const char *price, const char *markup, char text[40])
{
    long double value = strtold(price, NULL) * (1 + strtold(markup, NULL) / 100);
    snprintf(text, 40, "%.10Lf", value);
    for (size_t end = strlen(text); end > 0 && text[end - 1] == '0'; end--)
        text[end - 1] = '\0';
}

static json_t *offer_details(struct market *market, const char *id, const json_t *offer)
{
    char price[40];
    const json_t *a =
        json_object_get(market->authorizations, text_in(offer, "ResaleAuthorizationId"));
    marked_up(text_in(a, "price"), text_in(offer, "MarkupPercentage"), price);
    json_t *terms = json_pack("[{s:s, s:s, s:[{s:[{s:s, s:s}]}]}]", "Type", "UsageBasedPricingTerm",
                              "CurrencyCode", "USD", "RateCards", "RateCard", "DimensionKey",
                              "PremiumUnits", "Price", price);
    json_array_append_new(terms, json_pack("{s:s, s:[{s:s, s:s}]}", "Type", "LegalTerm",
                                           "Documents", "Type", "CustomEula", "Url", ISV_EULA));
    json_array_extend(terms, json_object_get(offer, "terms"));
    json_t *details = json_pack(
        "{s:s, s:s, s:s?, s:s?, s:n, s:s, s:s, s:s?, s:o, s:o}", "Id", id, "State",
        text_in(offer, "State"), "Name", json_string_value(json_object_get(offer, "Name")),
        "Description", json_string_value(json_object_get(offer, "Description")),
        "PreExistingAgreement", "ProductId", "prod-archera", "ResaleAuthorizationId",
        text_in(offer, "ResaleAuthorizationId"), "MarkupPercentage",
        json_string_value(json_object_get(offer, "MarkupPercentage")), "Terms", terms, "Rules",
        json_deep_copy(json_object_get(offer, "rules")));
    return details;
}

void entities_describe(struct market *market, const char *asked, struct market_answer *answer)
{
    char id[128];
    text_fit(id, sizeof(id), asked);
    id[strcspn(id, "@")] = '\0';
    const json_t *a = json_object_get(market->authorizations, id);
    const json_t *offer = json_object_get(market->offers, id);
    if (a == NULL && offer == NULL) {
        market_refuse(answer, 404, "ResourceNotFoundException", "There is no such entity.");
        return;
    }
    json_t *details = a != NULL ? authorization_details(a) : offer_details(market, id, offer);
    char *text = json_dumps(details, JSON_COMPACT);
    char *identifier = text_format(
        "%s@%d", id,
        offer != NULL ? (int)json_integer_value(json_object_get(offer, "revision")) : 1);
    const char *type = a != NULL ? "ResaleAuthorization" : "Offer";
    char *arn = entity_arn(type, id);
    answer->body = json_pack("{s:s+, s:s, s:s, s:s, s:s, s:o}", "EntityType", type, "@1.0",
                             "EntityIdentifier", identifier, "EntityArn", arn, "LastModifiedDate",
                             text_in(a != NULL ? a : offer, "modified"), "Details", text,
                             "DetailsDocument", details);
    free(arn);
    free(text);
    free(identifier);
}
