/* The Agreement API (AWS JSON 1.0): agreements that came of accepted offers. */
#include <stdlib.h>
#include <string.h>

#include "market.h"

static json_t *seconds(const json_t *agreement, const char *key)
{
    return json_real((double)json_integer_value(json_object_get(agreement, key)) / 1000);
}

/* How it is listed and described, but for what it costs. */
static const char *product_type(const json_t *agreement)
{
    const char *type = text_in(agreement, "product_type");
    return *type != '\0' ? type : "SaaSProduct";
}

static json_t *view(const char *id, const json_t *agreement)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:{s:O}, s:{s:O}, s:O, s:{s:O, s:[{s:s, s:s}]}}",
                     "agreementId", id, "agreementType", "PurchaseAgreement", "acceptanceTime",
                     seconds(agreement, "accepted_ms"), "startTime", seconds(agreement, "start_ms"),
                     "endTime", seconds(agreement, "end_ms"), "acceptor", "accountId",
                     json_object_get(agreement, "acceptor"), "proposer", "accountId",
                     json_object_get(agreement, "proposer"), "status",
                     json_object_get(agreement, "status"), "proposalSummary", "offerId",
                     json_object_get(agreement, "offer"), "resources", "id", "prod-archera", "type",
                     product_type(agreement));
}

/* --- searching --- */

/* The value of the filter ${name}; "" when it is not given. */
static const char *filter_value(const json_t *args, const char *name)
{
    const json_t *filters = json_object_get(args, "filters");
    for (size_t i = 0; i < json_array_size(filters); i++) {
        const json_t *one = json_array_get(filters, i);
        if (strcmp(text_in(one, "name"), name) == 0) {
            const char *value =
                json_string_value(json_array_get(json_object_get(one, "values"), 0));
            return value != NULL ? value : "";
        }
    }
    return "";
}

static const char *check_filters(const json_t *args)
{
    static const char known[] = " PartyType AgreementType OfferId AcceptorAccountId Status "
                                "ResourceIdentifier ResourceType BeforeEndTime AfterEndTime ";
    const json_t *filters = json_object_get(args, "filters");
    if (json_array_size(filters) < 1 || json_array_size(filters) > 10)
        return "1 to 10 filters are needed.";
    for (size_t i = 0; i < json_array_size(filters); i++) {
        const json_t *one = json_array_get(filters, i);
        char *word = text_format(" %s ", text_in(one, "name"));
        bool is_known = strstr(known, word) != NULL;
        free(word);
        if (!is_known)
            return "There is no filter of this name.";
        if (json_array_size(json_object_get(one, "values")) != 1)
            return "A filter takes exactly one value.";
    }
    if (*filter_value(args, "PartyType") == '\0' || *filter_value(args, "AgreementType") == '\0')
        return "This combination of filters is not supported: PartyType and AgreementType belong "
               "to each.";
    return NULL;
}

static const char *check_search(const json_t *args)
{
    const json_t *most = json_object_get(args, "maxResults");
    const json_t *sort = json_object_get(args, "sort");
    if (strcmp(text_in(args, "catalog"), "AWSMarketplace") != 0)
        return "catalog is AWSMarketplace.";
    if (most != NULL && (json_integer_value(most) < 1 || json_integer_value(most) > 50))
        return "maxResults is 1 to 50.";
    if (sort != NULL && strcmp(text_in(sort, "sortBy"), "EndTime") != 0)
        return "Agreements are sorted by EndTime only.";
    return check_filters(args);
}

static bool is_wanted(const json_t *agreement, const json_t *args)
{
    static const struct {
        const char *filter, *key;
    } same[] = {{"OfferId", "offer"}, {"AcceptorAccountId", "acceptor"}, {"Status", "status"}};
    const char *party = filter_value(args, "PartyType");
    const char *before = filter_value(args, "BeforeEndTime");
    const char *after = filter_value(args, "AfterEndTime");
    char end[32];
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        const char *value = filter_value(args, same[i].filter);
        if (*value != '\0' && strcmp(text_in(agreement, same[i].key), value) != 0)
            return false;
    }
    const char *resource = filter_value(args, "ResourceIdentifier");
    const char *type = filter_value(args, "ResourceType");
    if ((*resource != '\0' && strcmp(resource, "prod-archera") != 0) ||
        (*type != '\0' && strcmp(type, product_type(agreement)) != 0))
        return false;
    iso_time(json_integer_value(json_object_get(agreement, "end_ms")), end);
    return strcmp(filter_value(args, "AgreementType"), "PurchaseAgreement") == 0 &&
           strcmp(text_in(agreement, strcmp(party, "Proposer") == 0 ? "proposer" : "acceptor"),
                  SANDBOX_ACCOUNT) == 0 &&
           (*before == '\0' || strcmp(end, before) < 0) && strcmp(end, after) > 0;
}

void agreements_search(struct market *market, const json_t *args, struct market_answer *answer)
{
    const char *wrong = check_search(args);
    const char *id;
    json_t *agreement;
    if (wrong != NULL) {
        market_refuse(answer, 400, "ValidationException", wrong);
        return;
    }
    json_t *list = json_array();
    json_object_foreach(market->agreements, id, agreement)
    {
        if (is_wanted(agreement, args))
            json_array_append_new(list, view(id, agreement));
    }
    json_t *sort = json_object_get(args, "sort");
    list_sort(list, sort != NULL ? "endTime" : "",
              strcmp(text_in(sort, "sortOrder"), "DESCENDING") == 0);
    json_int_t most = json_integer_value(json_object_get(args, "maxResults"));
    char next[24];
    json_t *page = list_page(list, text_in(args, "nextToken"), most != 0 ? most : 50, next);
    answer->body = json_pack("{s:o, s:s*}", "agreementViewSummaries", page, "nextToken",
                             *next != '\0' ? next : NULL);
    json_decref(list);
}

void agreements_describe(struct market *market, const json_t *args, struct market_answer *answer)
{
    const char *id = text_in(args, "agreementId");
    const json_t *agreement = json_object_get(market->agreements, id);
    if (agreement == NULL) {
        market_refuse(answer, 404, "ResourceNotFoundException", "There is no such agreement.");
        return;
    }
    answer->body = view(id, agreement);
    json_object_set_new(answer->body, "estimatedCharges",
                        json_pack("{s:s, s:s}", "currencyCode", "USD", "agreementValue", "0.00"));
}
