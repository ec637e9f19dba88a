/* Authorizations and offers: lists and descriptions, in the shapes of the Catalog API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "mem.h"

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

/* --- parts of them --- */

char *entity_arn(const char *type, const char *id)
{
    bool is_of_isv = strcmp(type, "ResaleAuthorization") == 0 || strcmp(type, "SaaSProduct") == 0;
    return text_format("arn:aws:aws-marketplace:" SANDBOX_REGION ":%s:AWSMarketplace/%s/%s",
                       is_of_isv ? SANDBOX_ISV : SANDBOX_ACCOUNT, type, id);
}

const json_t *typed_in(const json_t *list, const char *type)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(text_in(json_array_get(list, i), "Type"), type) == 0)
            return json_array_get(list, i);
    }
    return NULL;
}

const json_t *offer_rule(const json_t *offer, const char *type)
{
    return typed_in(json_object_get(offer, "rules"), type);
}

const json_t *offer_term(const json_t *offer, const char *type)
{
    return typed_in(json_object_get(offer, "terms"), type);
}

json_t *offer_buyers(const json_t *offer)
{
    return json_object_get(json_object_get(offer_rule(offer, "TargetingRule"), "PositiveTargeting"),
                           "BuyerAccounts");
}

/* --- an authorization --- */

static json_t *targeting_term(const json_t *a)
{
    json_t *buyers = json_array();
    size_t i;
    json_t *id;
    json_array_foreach(json_object_get(a, "buyers"), i, id)
    {
        json_array_append_new(buyers, json_pack("{s:O, s:n}", "AwsAccountId", id, "LegalName"));
    }
    if (json_array_size(buyers) > 0)
        return json_pack("{s:s, s:{s:o}}", "Type", "BuyerTargetingTerm", "PositiveTargeting",
                         "BuyerAccounts", buyers);
    json_decref(buyers);
    return NULL;
}

/* An agreement's term stands in the pricing terms; this one only says when it may begin. */
static json_t *validity_term(const json_t *a)
{
    const char *latest = text_in(a, "latest_start");
    return *latest == '\0' ? NULL
                           : json_pack("{s:s, s:s}", "Type", "BuyerValidityTerm",
                                       "MaximumAgreementStartDate", latest);
}

static json_t *authorization_terms(const json_t *a)
{
    json_t *terms = terms_extended(a);
    json_t *const more[] = {
        targeting_term(a), validity_term(a),
        json_pack("{s:s, s:[o]}", "Type", "BuyerLegalTerm", "Documents", legal_extended(a))};
    terms_show_dates(terms);
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        if (more[i] != NULL)
            json_array_append_new(terms, more[i]);
    }
    return terms;
}

static bool authorization_ends(const json_t *a)
{
    return strcmp(text_in(a, "end"), MARKET_NO_END) != 0;
}

/* "2099-06-30T23:59:59.999Z", or "2099-06-30T23:59:59Z"; the caller frees. */
static char *end_shown(const struct market *market, const json_t *a)
{
    const char *end = text_in(a, "end");
    return way_is(market, "authorization_dates", "seconds") ? text_format("%.19sZ", end)
                                                            : mem_copy(end);
}

/* Unlimited means: neither an end nor a quantity. Source: "Work with resale authorizations". */
static json_t *availability(const struct market *market, const json_t *a)
{
    bool single = json_is_true(json_object_get(a, "single_use"));
    bool ends = authorization_ends(a);
    char *end = end_shown(market, a);
    json_t *rule = json_pack("{s:s, s:s}", "Type", "AvailabilityRule", "Usage",
                             single || ends ? "Limited" : "Unlimited");
    if (ends || way_is(market, "no_end", "far"))
        json_object_set_new(rule, "AvailabilityEndDate", json_string(end));
    if (single)
        json_object_set_new(rule, "OffersMaxQuantity", json_integer(1));
    free(end);
    return rule;
}

static int created_count(const struct market *market, const char *id)
{
    int count = 0;
    const char *other;
    json_t *offer;
    json_object_foreach(market->offers, other, offer)
    {
        count += strcmp(text_in(offer, "ResaleAuthorizationId"), id) == 0;
    }
    return count;
}

static json_t *dimensions_of(const json_t *a)
{
    json_t *own = json_object_get(a, "dimensions");
    return own != NULL ? json_incref(own)
                       : json_pack("[{s:s, s:s, s:s, s:s, s:[s]}]", "Name",
                                   "Guaranteed Reserved Instance Premiums", "Description",
                                   "Premiums in units", "Key", "PremiumUnits", "Unit", "Units",
                                   "Types", "ExternallyMetered");
}

static json_t *authorization_details(const struct market *market, const char *id, const json_t *a)
{
    const char *model = text_in(a, "model");
    return json_pack(
        "{s:s, s:n, s:s, s:s, s:s, s:s, s:n, s:s, s:s, s:s, s:o, s:{s:s, s:i}, s:o,"
        " s:[o, {s:s, s:s, s:s, s:s}]}",
        "Name", text_in(a, "name"), "Description", "ProductId", "prod-archera", "ProductName",
        "Archera - Subscription", "PricingModel", *model != '\0' ? model : "Usage", "Status",
        text_in(a, "status"), "PreExistingBuyerAgreement", "CreatedDate", text_in(a, "created"),
        "ManufacturerLegalName", "Reserved AI", "ManufacturerAccountId", SANDBOX_ISV, "Dimensions",
        dimensions_of(a), "OfferDetails", "OfferExtendedStatus", text_in(a, "extended_status"),
        "OfferCreatedCount", created_count(market, id), "Terms", authorization_terms(a), "Rules",
        availability(market, a), "Type", "PartnerTargetingRule", "ResellerAccountId",
        SANDBOX_ACCOUNT, "ResellerLegalName", "Partner", "ResellerRole", "ChannelPartner");
}

/* --- an offer --- */

/* The day as it was sent; its last moment as it is read. */
static json_t *rules_shown(const struct market *market, const json_t *offer)
{
    json_t *rules = json_deep_copy(json_object_get(offer, "rules"));
    size_t i;
    json_t *rule;
    json_array_foreach(rules, i, rule)
    {
        const char *end = text_in(rule, "AvailabilityEndDate");
        if (*end != '\0' && way_is(market, "availability_start", "shown"))
            json_object_set(rule, "AvailabilityStartDate", json_object_get(offer, "modified"));
        if (strlen(end) == 10)
            json_object_set_new(rule, "AvailabilityEndDate", json_sprintf("%sT23:59:59.999Z", end));
    }
    return rules;
}

static bool is_zero(const char *number)
{
    return number[strspn(number, "0.")] == '\0';
}

static json_t *offer_details(struct market *market, const char *id, const json_t *offer)
{
    const json_t *a =
        json_object_get(market->authorizations, text_in(offer, "ResaleAuthorizationId"));
    const char *markup = text_in(offer, "MarkupPercentage");
    bool draft = strcmp(text_in(offer, "State"), "Draft") == 0;
    json_t *terms = terms_offered(market, a, offer);
    json_t *legal = legal_terms(market, id, a, offer);
    json_array_extend(terms, legal);
    json_decref(legal);
    json_t *details = json_pack(
        "{s:s, s:s, s:s?, s:s?, s:n, s:s, s:s, s:s?, s:o, s:o}", "Id", id, "State",
        text_in(offer, "State"), "Name", json_string_value(json_object_get(offer, "Name")),
        "Description", json_string_value(json_object_get(offer, "Description")),
        "PreExistingAgreement", "ProductId", "prod-archera", "ResaleAuthorizationId",
        text_in(offer, "ResaleAuthorizationId"), "MarkupPercentage",
        json_string_value(json_object_get(offer, "MarkupPercentage")), "Terms", terms, "Rules",
        rules_shown(market, offer));
    if (draft && way_is(market, "draft_state", "absent"))
        json_object_del(details, "State");
    if (is_zero(markup) && way_is(market, "markup_of_zero", "absent"))
        json_object_del(details, "MarkupPercentage");
    return details;
}

/* --- describing --- */

/* What this read of the offer shows: itself, or what it was before the last change. NULL: it is not
 * there yet. */
static json_t *offer_as_read(struct market *market, const char *id, json_t *offer)
{
    json_t *older = json_object_get(market->older, id);
    json_int_t left = json_integer_value(json_object_get(older, "left"));
    if (left <= 0)
        return offer;
    json_object_set_new(older, "left", json_integer(left - 1));
    return json_object_get(older, "offer");
}

static json_t *described(const char *type, const char *id, int revision, const char *modified,
                         json_t *details)
{
    char *text = json_dumps(details, JSON_COMPACT);
    char *identifier = text_format("%s@%d", id, revision);
    char *arn = entity_arn(type, id);
    json_t *body = json_pack("{s:s+, s:s, s:s, s:s, s:s, s:o}", "EntityType", type, "@1.0",
                             "EntityIdentifier", identifier, "EntityArn", arn, "LastModifiedDate",
                             modified, "Details", text, "DetailsDocument", details);
    free(arn);
    free(text);
    free(identifier);
    return body;
}

static void describe_offer(struct market *market, const char *id, json_t *stored,
                           struct market_answer *answer)
{
    json_t *offer = json_incref(offer_as_read(market, id, stored));
    if (offer == NULL) {
        market_refuse(answer, 404, "ResourceNotFoundException", "There is no such entity.");
        return;
    }
    json_int_t revision = json_integer_value(json_object_get(offer, "revision"));
    answer->body = described("Offer", id, (int)revision, text_in(offer, "modified"),
                             offer_details(market, id, offer));
    json_decref(offer);
    if (way_spend(market, "raised"))
        json_object_set_new(
            stored, "revision",
            json_integer(1 + json_integer_value(json_object_get(stored, "revision"))));
}

void entities_describe(struct market *market, const char *asked, struct market_answer *answer)
{
    char id[128];
    text_fit(id, sizeof(id), asked);
    id[strcspn(id, "@")] = '\0';
    const json_t *a = json_object_get(market->authorizations, id);
    json_t *offer = json_object_get(market->offers, id);
    if (offer != NULL)
        describe_offer(market, id, offer, answer);
    else if (a != NULL)
        answer->body = described("ResaleAuthorization", id, 1, text_in(a, "modified"),
                                 authorization_details(market, id, a));
    else
        market_refuse(answer, 404, "ResourceNotFoundException", "There is no such entity.");
}
