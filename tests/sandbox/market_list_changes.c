/* ListChangeSets: filters, order, pages. */
#include <stdlib.h>
#include <string.h>

#include "market.h"

static json_t *entity_ids(const json_t *set)
{
    const json_t *changes = json_object_get(set, "ChangeSet");
    json_t *ids = json_array();
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const char *id =
            text_in(json_object_get(json_array_get(changes, i), "Entity"), "Identifier");
        json_t *one = json_stringn(id, strcspn(id, "@"));
        bool known = *id == '$' || *id == '\0';
        for (size_t j = 0; j < json_array_size(ids); j++)
            known |= json_equal(json_array_get(ids, j), one);
        if (!known)
            json_array_append(ids, one);
        json_decref(one);
    }
    return ids;
}

static json_t *summary(const char *id, const json_t *set)
{
    char *arn = changes_arn(id);
    json_t *one =
        json_pack("{s:s, s:s, s:O, s:O, s:O, s:O, s:o, s:O}", "ChangeSetId", id, "ChangeSetArn",
                  arn, "ChangeSetName", json_object_get(set, "ChangeSetName"), "StartTime",
                  json_object_get(set, "StartTime"), "EndTime", json_object_get(set, "EndTime"),
                  "Status", json_object_get(set, "Status"), "EntityIdList", entity_ids(set),
                  "FailureCode", json_object_get(set, "FailureCode"));
    free(arn);
    return one;
}

static const struct {
    const char *name, *key;
    int order; /* the value comes before (-1) or after (1) what is asked; 0: it is that */
} filters[] = {
    {"ChangeSetName", "ChangeSetName", 0}, {"Status", "Status", 0},
    {"EntityId", "EntityIdList", 0},       {"BeforeStartTime", "StartTime", -1},
    {"AfterStartTime", "StartTime", 1},    {"BeforeEndTime", "EndTime", -1},
    {"AfterEndTime", "EndTime", 1},
};
enum { FILTERS = sizeof(filters) / sizeof(filters[0]) };

static size_t filter_named(const json_t *filter)
{
    size_t i = 0;
    while (i < FILTERS && strcmp(filters[i].name, text_in(filter, "Name")) != 0)
        i++;
    return i;
}

static bool is_so(const json_t *value, int order, const json_t *wanted)
{
    const char *text = json_string_value(value);
    const char *other = json_string_value(wanted);
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (json_equal(json_array_get(value, i), wanted))
            return true;
    }
    if (text == NULL || other == NULL)
        return false;
    int compared = strcmp(text, other);
    return order == 0 ? compared == 0 : compared * order > 0;
}

static bool is_wanted(const json_t *one, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *filter = json_array_get(list, i);
        const json_t *values = json_object_get(filter, "ValueList");
        size_t which = filter_named(filter);
        bool fits = false;
        for (size_t j = 0; j < json_array_size(values); j++)
            fits |= is_so(json_object_get(one, filters[which].key), filters[which].order,
                          json_array_get(values, j));
        if (!fits)
            return false;
    }
    return true;
}

static const char *check(const json_t *args)
{
    const json_t *list = json_object_get(args, "FilterList");
    const json_t *most = json_object_get(args, "MaxResults");
    const char *by = text_in(json_object_get(args, "Sort"), "SortBy");
    if (strcmp(text_in(args, "Catalog"), "AWSMarketplace") != 0)
        return "Catalog is AWSMarketplace.";
    if (most != NULL && (json_integer_value(most) < 1 || json_integer_value(most) > 20))
        return "MaxResults is 1 to 20.";
    if (*by != '\0' && strcmp(by, "StartTime") != 0 && strcmp(by, "EndTime") != 0)
        return "Change sets are sorted by StartTime or EndTime.";
    if (json_array_size(list) > 8)
        return "FilterList has up to 8 filters.";
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *values = json_object_get(json_array_get(list, i), "ValueList");
        if (filter_named(json_array_get(list, i)) == FILTERS || json_array_size(values) < 1 ||
            json_array_size(values) > 10)
            return "A filter has a known Name and a ValueList of 1 to 10.";
    }
    return NULL;
}

void changes_list(struct market *market, const json_t *args, struct market_answer *answer)
{
    const char *wrong = check(args);
    const json_t *most = json_object_get(args, "MaxResults");
    const json_t *sort = json_object_get(args, "Sort");
    const char *by = text_in(sort, "SortBy");
    const char *id;
    json_t *set;
    char next[24];
    if (wrong != NULL) {
        market_refuse(answer, 422, "ValidationException", wrong);
        return;
    }
    json_t *list = json_array();
    json_object_foreach(market->change_sets, id, set)
    {
        json_t *one = summary(id, set);
        if (json_integer_value(json_object_get(set, "made_ms")) <=
                market_now(market) - market->list_lag_ms &&
            is_wanted(one, json_object_get(args, "FilterList")))
            json_array_insert(list, 0, one); /* the newest first */
        json_decref(one);
    }
    list_sort(list, by, strcmp(text_in(sort, "SortOrder"), "ASCENDING") != 0);
    json_t *page = list_page(list, text_in(args, "NextToken"),
                             most != NULL ? json_integer_value(most) : 20, next);
    answer->body = json_pack("{s:o, s:s?}", "ChangeSetSummaryList", page, "NextToken",
                             *next != '\0' ? next : NULL);
    json_decref(list);
}
