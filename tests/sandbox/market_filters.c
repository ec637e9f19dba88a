/* ListEntities' typed filters and sort keys, by entity type, and the older FilterList. */
#include <stdlib.h>
#include <string.h>

#include "market.h"

enum { VALUES = 1, WILD = 2, RANGE = 4, ACCOUNT = 8, UNSORTED = 16 };

/* What one filter takes. Source: the API's model, OfferFilters, ResaleAuthorizationFilters and the
 * lists of SortBy. */
struct filter {
    const char *name;
    int takes;
};

static const struct filter of_offers[] = {
    {"EntityId", VALUES},
    {"Name", VALUES | WILD},
    {"ProductId", VALUES},
    {"ResaleAuthorizationId", VALUES},
    {"OfferSetId", VALUES},
    {"TargetAgreementId", VALUES},
    {"TargetAgreementIntent", VALUES},
    {"CreatedBySource", VALUES},
    {"State", VALUES},
    {"Targeting", VALUES},
    {"BuyerAccounts", WILD},
    {"ReleaseDate", RANGE},
    {"AvailabilityEndDate", RANGE},
    {"LastModifiedDate", RANGE},
    {NULL, 0},
};

static const struct filter of_authorizations[] = {
    {"EntityId", VALUES},
    {"Name", VALUES | WILD},
    {"ProductId", VALUES | WILD},
    {"ProductName", VALUES | WILD},
    {"ManufacturerAccountId", VALUES | WILD | ACCOUNT},
    {"ManufacturerLegalName", VALUES | WILD},
    {"ResellerAccountID", VALUES | WILD | ACCOUNT},
    {"ResellerLegalName", VALUES | WILD},
    {"Status", VALUES},
    {"OfferExtendedStatus", VALUES},
    {"ResellerRole", VALUES | UNSORTED},
    {"CreatedDate", VALUES | RANGE},
    {"AvailabilityEndDate", VALUES | RANGE},
    {"LastModifiedDate", RANGE},
    {NULL, 0},
};

static const struct filter *table_of(const char *type)
{
    return strcmp(type, "Offer") == 0 ? of_offers : of_authorizations;
}

static const struct filter *filter_named(const char *type, const char *name)
{
    const struct filter *one = table_of(type);
    while (one->name != NULL && strcmp(one->name, name) != 0)
        one++;
    return one->name != NULL ? one : NULL;
}

/* --- is the question well formed? --- */

static bool is_list(const json_t *values)
{
    bool good = json_array_size(values) >= 1 && json_array_size(values) <= 10;
    for (size_t i = 0; i < json_array_size(values); i++)
        good &= json_is_string(json_array_get(values, i));
    return good;
}

static bool is_time(const char *text)
{
    return *text == '\0' || (strlen(text) == 20 && text[10] == 'T' && text[19] == 'Z');
}

static const char *check_one(const struct filter *filter, const json_t *asked)
{
    const json_t *range = json_object_get(asked, "DateRange");
    const char *wild = text_in(asked, "WildCardValue");
    if (filter == NULL)
        return "There is no filter of this name for the entity type.";
    if (!json_is_object(asked) || json_object_size(asked) != 1)
        return "A filter has exactly one of ValueList, WildCardValue and DateRange.";
    if (range != NULL)
        return (filter->takes & RANGE) && is_time(text_in(range, "AfterValue")) &&
                       is_time(text_in(range, "BeforeValue"))
                   ? NULL
                   : "This is no DateRange for the filter.";
    if (*wild != '\0')
        return (filter->takes & WILD) && (!(filter->takes & ACCOUNT) || strlen(wild) == 12)
                   ? NULL
                   : "This is no WildCardValue for the filter.";
    return (filter->takes & VALUES) && is_list(json_object_get(asked, "ValueList"))
               ? NULL
               : "A ValueList holds 1 to 10 texts, where the filter takes one.";
}

/* The one member of a union, which has to be that of the type. */
static const char *union_of(const json_t *args, const char *key, const char *type,
                            const char *suffix, const json_t **part)
{
    const json_t *all = json_object_get(args, key);
    *part = NULL;
    if (all == NULL || json_is_null(all))
        return NULL;
    char *name = text_format("%s%s", type, suffix);
    *part = json_object_get(all, name);
    free(name);
    return json_object_size(all) == 1 && json_is_object(*part)
               ? NULL
               : "Filters and sort have one member: that of the entity type.";
}

const char *filters_check(const json_t *args)
{
    const char *type = text_in(args, "EntityType");
    const json_t *filters;
    const json_t *sort;
    const char *name;
    json_t *asked;
    const char *wrong = union_of(args, "EntityTypeFilters", type, "Filters", &filters);
    if (wrong == NULL)
        wrong = union_of(args, "EntityTypeSort", type, "Sort", &sort);
    if (wrong != NULL)
        return wrong;
    json_object_foreach((json_t *)(uintptr_t)filters, name, asked)
    {
        wrong = check_one(filter_named(type, name), asked);
        if (wrong != NULL)
            return wrong;
    }
    const json_t *old = json_object_get(args, "FilterList");
    for (size_t i = 0; i < json_array_size(old); i++) {
        if (!is_list(json_object_get(json_array_get(old, i), "ValueList")))
            return "A ValueList holds 1 to 10 texts.";
    }
    const struct filter *by = filter_named(type, text_in(sort, "SortBy"));
    if (json_object_get(sort, "SortBy") != NULL && (by == NULL || (by->takes & UNSORTED)))
        return "The entity type cannot be sorted by this.";
    return NULL;
}

/* --- does it fit? --- */

static bool text_fits(const char *value, const json_t *asked)
{
    const json_t *range = json_object_get(asked, "DateRange");
    const json_t *list = json_object_get(asked, "ValueList");
    const char *before = text_in(range, "BeforeValue");
    const char *wild = text_in(asked, "WildCardValue");
    if (range != NULL)
        return *value != '\0' && strcmp(value, text_in(range, "AfterValue")) >= 0 &&
               (*before == '\0' || strcmp(value, before) <= 0);
    if (*wild != '\0')
        return strcasestr(value, wild) != NULL;
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), value) == 0)
            return true;
    }
    return false;
}

static bool fits(const json_t *summary, const char *name, const json_t *asked)
{
    const json_t *value = list_member(summary, name);
    if (json_is_string(value))
        return text_fits(json_string_value(value), asked);
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (text_fits(json_string_value(json_array_get(value, i)), asked))
            return true;
    }
    return false;
}

bool filters_take(const json_t *args, const json_t *summary)
{
    const json_t *filters;
    const char *name;
    json_t *asked;
    union_of(args, "EntityTypeFilters", text_in(args, "EntityType"), "Filters", &filters);
    json_object_foreach((json_t *)(uintptr_t)filters, name, asked)
    {
        if (!fits(summary, name, asked))
            return false;
    }
    const json_t *old = json_object_get(args, "FilterList");
    for (size_t i = 0; i < json_array_size(old); i++) {
        if (!fits(summary, text_in(json_array_get(old, i), "Name"), json_array_get(old, i)))
            return false;
    }
    return true;
}

void filters_sort(const json_t *args, json_t *list)
{
    const json_t *sort;
    union_of(args, "EntityTypeSort", text_in(args, "EntityType"), "Sort", &sort);
    if (sort == NULL)
        sort = json_object_get(args, "Sort");
    list_sort(list, text_in(sort, "SortBy"), strcmp(text_in(sort, "SortOrder"), "ASCENDING") != 0);
}
