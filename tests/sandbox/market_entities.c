/* Authorizations and offers: lists and descriptions, in the shapes of the Catalog API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"

#define CREATED "2024-01-01T00:00:00Z"

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

/* --- lists -------------------------------------------------------------------------------- */

static json_t *authorization_summary(const char *id, const json_t *a)
{
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:n, s:s, s:n, s:{s:s, s:s, s:s, s:s, s:s, s:s, s:s, "
        "s:s, s:s, s:s}}",
        "Name", text_in(a, "name"), "EntityType", "ResaleAuthorization", "EntityId", id,
        "LastModifiedDate", text_in(a, "modified"), "Visibility", "EntityArn",
        "arn:aws:aws-marketplace:us-east-1:999988887777:AWSMarketplace/none", "OfferSummary",
        "ResaleAuthorizationSummary", "Name", text_in(a, "name"), "ProductId", "prod-archera",
        "ProductName", "Archera - Subscription", "ManufacturerAccountId", "999988887777",
        "ManufacturerLegalName", "Reserved AI", "ResellerAccountID", "111122223333", "Status",
        text_in(a, "status"), "OfferExtendedStatus", text_in(a, "extended_status"), "CreatedDate",
        text_in(a, "created"), "AvailabilityEndDate", text_in(a, "end"));
}

static json_t *offer_summary(const char *id, const json_t *offer)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:n, s:{s:s, s:s, s:s, s:s}}", "Name",
                     text_in(offer, "Name"), "EntityType", "Offer", "EntityId", id,
                     "LastModifiedDate", text_in(offer, "modified"), "ResaleAuthorizationSummary",
                     "OfferSummary", "Name", text_in(offer, "Name"), "ProductId", "prod-archera",
                     "ResaleAuthorizationId", text_in(offer, "ResaleAuthorizationId"), "State",
                     text_in(offer, "State"));
}

static bool wanted(const json_t *filter, const char *name, const char *value)
{
    const json_t *list = json_object_get(json_object_get(filter, name), "ValueList");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), value) == 0)
            return true;
    }
    return list == NULL;
}

static bool offer_matches(const json_t *args, const json_t *offer)
{
    const json_t *filter =
        json_object_get(json_object_get(args, "EntityTypeFilters"), "OfferFilters");
    const json_t *range = json_object_get(json_object_get(filter, "LastModifiedDate"), "DateRange");
    return wanted(filter, "State", text_in(offer, "State")) &&
           wanted(filter, "ResaleAuthorizationId", text_in(offer, "ResaleAuthorizationId")) &&
           strcmp(text_in(offer, "modified"), text_in(range, "AfterValue")) >= 0;
}

void entities_list(struct market *market, const json_t *args, struct market_answer *answer)
{
    const char *type = text_in(args, "EntityType");
    bool shared = strcmp(text_in(args, "OwnershipType"), "SHARED") == 0;
    json_int_t most = json_integer_value(json_object_get(args, "MaxResults"));
    size_t skip = (size_t)strtoul(text_in(args, "NextToken"), NULL, 10);
    json_t *list = json_array();
    const char *id;
    json_t *entity;
    char next[24];
    if (most == 0)
        most = 20;
    if (strcmp(text_in(args, "Catalog"), "AWSMarketplace") != 0 || most < 1 || most > 50) {
        json_decref(list);
        market_refuse(answer, 422, "ValidationException", "Catalog or MaxResults");
        return;
    }
    /* Authorizations belong to the ISV: they are listed as shared only. */
    if (strcmp(type, "ResaleAuthorization") == 0 && shared) {
        json_object_foreach(market->authorizations, id, entity)
        {
            if (!json_is_true(json_object_get(entity, "gone")))
                json_array_append_new(list, authorization_summary(id, entity));
        }
    } else if (strcmp(type, "Offer") == 0 && !shared) {
        json_object_foreach(market->offers, id, entity)
        {
            if (offer_matches(args, entity))
                json_array_append_new(list, offer_summary(id, entity));
        }
    }
    json_t *page = json_array();
    for (size_t i = skip; i < json_array_size(list) && i < skip + (size_t)most; i++)
        json_array_append(page, json_array_get(list, i));
    bool more = skip + (size_t)most < json_array_size(list);
    snprintf(next, sizeof(next), "%zu", skip + (size_t)most);
    answer->body =
        json_pack("{s:o, s:s?}", "EntitySummaryList", page, "NextToken", more ? next : NULL);
    json_decref(list);
}

/* --- one ---------------------------------------------------------------------------------- */

static json_t *authorization_details(const json_t *a)
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
    bool single = json_is_true(json_object_get(a, "single_use"));
    return json_pack("{s:s, s:n, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:i}, s:o, s:[{s:s, s:s, s:s}]}",
                     "Name", text_in(a, "name"), "Description", "ProductId", "prod-archera",
                     "ProductName", "Archera - Subscription", "PricingModel", "Usage", "Status",
                     text_in(a, "status"), "ManufacturerLegalName", "Reserved AI", "OfferDetails",
                     "OfferExtendedStatus", text_in(a, "extended_status"), "OfferCreatedCount", 0,
                     "Terms", terms, "Rules", "Type", "AvailabilityRule", "Usage",
                     single ? "Limited" : "Unlimited", "AvailabilityEndDate", text_in(a, "end"));
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
    answer->body =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "EntityType",
                  a != NULL ? "ResaleAuthorization@1.0" : "Offer@1.0", "EntityIdentifier",
                  identifier, "EntityArn", "arn:aws:none", "LastModifiedDate",
                  "2026-01-01T00:00:00Z", "Details", text, "DetailsDocument", details);
    free(text);
    free(identifier);
}
