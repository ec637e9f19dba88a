/* Asking. */
#include "marketplace/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "offers/date.h"

static const struct catalog_call calls[] = {
    {"ListEntities", "POST", true, 20000, NULL},
    {"DescribeEntity", "GET", false, 20000, NULL},
    {"StartChangeSet", "POST", true, 30000, NULL},
    {"DescribeChangeSet", "GET", false, 20000, NULL},
    {"ListChangeSets", "POST", true, 20000, NULL},
    {"CancelChangeSet", "PATCH", false, 20000, NULL},
    {"SearchAgreements", "POST", true, 20000, "AWSMPCommerceService_v20200301.SearchAgreements"},
};

const struct catalog_call *catalog_call_named(const char *name)
{
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (strcmp(calls[i].name, name) == 0)
            return &calls[i];
    }
    return NULL;
}

/* Takes ${object}. */
static char *dump(json_t *object, const char *next_token)
{
    if (next_token != NULL && *next_token != '\0')
        json_object_set_new(object, "NextToken", json_string(next_token));
    return json_write(object);
}

/* Authorizations that were extended to us belong to the ISV: they are "shared" with us. */
char *catalog_list_authorizations(const char *next_token)
{
    return dump(json_pack("{s:s, s:s, s:s, s:i}", "Catalog", "AWSMarketplace", "EntityType",
                          "ResaleAuthorization", "OwnershipType", "SHARED", "MaxResults", 50),
                next_token);
}

char *catalog_list_drafts(const char *authorization, int64_t changed_after_ms, const char *next)
{
    char after[TIME_TEXT];
    date_time_write(changed_after_ms, after);
    return dump(json_pack("{s:s, s:s, s:s, s:i, s:{s:{s:{s:[s]}, s:{s:[s]}, s:{s:{s:s}}}}}",
                          "Catalog", "AWSMarketplace", "EntityType", "Offer", "OwnershipType",
                          "SELF", "MaxResults", 50, "EntityTypeFilters", "OfferFilters",
                          "ResaleAuthorizationId", "ValueList", authorization, "State", "ValueList",
                          "Draft", "LastModifiedDate", "DateRange", "AfterValue", after),
                next);
}

char *catalog_describe_entity(const char *entity)
{
    return dump(json_pack("{s:s, s:s}", "catalog", "AWSMarketplace", "entityId", entity), NULL);
}

static char *one_change_set(const char *id)
{
    return dump(json_pack("{s:s, s:s}", "catalog", "AWSMarketplace", "changeSetId", id), NULL);
}

char *catalog_describe_change_set(const char *id)
{
    return one_change_set(id);
}

char *catalog_cancel_change_set(const char *id)
{
    return one_change_set(id);
}

/* Only certain combinations of filters are taken; this is one of them. */
char *catalog_search_agreements(const char *entity, const char *next_token)
{
    json_t *body = json_pack("{s:s, s:[{s:s, s:[s]}, {s:s, s:[s]}, {s:s, s:[s]}], s:i}", "catalog",
                             "AWSMarketplace", "filters", "name", "PartyType", "values", "Proposer",
                             "name", "AgreementType", "values", "PurchaseAgreement", "name",
                             "OfferId", "values", entity, "maxResults", 50);
    if (*next_token != '\0') /* this API writes it small */
        json_object_set_new(body, "nextToken", json_string(next_token));
    return dump(body, NULL);
}

char *catalog_newest_change_sets(const char *next_token)
{
    return dump(json_pack("{s:s, s:i, s:{s:s, s:s}}", "Catalog", "AWSMarketplace", "MaxResults", 20,
                          "Sort", "SortBy", "StartTime", "SortOrder", "DESCENDING"),
                next_token);
}

static char *filtered_change_sets(const char *filter, const char *value, const char *next_token)
{
    return dump(json_pack("{s:s, s:i, s:[{s:s, s:[s]}], s:{s:s, s:s}}", "Catalog", "AWSMarketplace",
                          "MaxResults", 20, "FilterList", "Name", filter, "ValueList", value,
                          "Sort", "SortBy", "StartTime", "SortOrder", "DESCENDING"),
                next_token);
}

char *catalog_list_change_sets(const char *name)
{
    return filtered_change_sets("ChangeSetName", name, NULL);
}

char *catalog_change_sets_of(const char *entity, const char *next_token)
{
    return filtered_change_sets("EntityId", entity, next_token);
}
