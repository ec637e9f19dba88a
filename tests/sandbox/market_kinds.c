/* The kinds of resale authorization that an ISV extends. Their shapes are those of AWS's published
 * replies: dimensions with Types, durations within the pricing terms, dates with a time. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "market.h"

#define METERED                                                                                    \
    "{'Type': 'ResaleUsageBasedPricingTerm', 'CurrencyCode': 'USD', 'RateCards': [{'RateCard': ["  \
    "{'DimensionKey': 'calls', 'Price': '0.001'}, {'DimensionKey': 'gigabytes', 'Price': '0.12'}," \
    " {'DimensionKey': 'hosts', 'Price': '3.5'}]}]}"
#define UPFRONT(price)                                                                             \
    "{'Type': 'ResaleFixedUpfrontPricingTerm', 'CurrencyCode': 'USD', 'Duration': 'P12M',"         \
    " 'Price': '" price "', 'Grants': [{'DimensionKey': 'seats', 'MaxQuantity': 500},"             \
    " {'DimensionKey': 'support', 'MaxQuantity': 1}]}"
#define INSTALMENTS                                                                                \
    "{'Type': 'ResalePaymentScheduleTerm', 'CurrencyCode': 'USD', 'Schedule': ["                   \
    "{'ChargeDate': '+200', 'ChargeAmount': '125000.00'},"                                         \
    " {'ChargeDate': '+380', 'ChargeAmount': '125000.00'}]}"
#define SELECTABLE                                                                                 \
    "{'Type': 'ResaleConfigurableUpfrontPricingTerm', 'CurrencyCode': 'USD', 'RateCards': ["       \
    "{'Selector': {'Type': 'Duration', 'Value': 'P12M'}, 'RateCard': [{'DimensionKey': 'seats',"   \
    " 'Price': '150'}], 'Constraints': {'MultipleDimensionSelection': 'Allowed',"                  \
    " 'QuantityConfiguration': 'Allowed'}},"                                                       \
    "{'Selector': {'Type': 'Duration', 'Value': 'P24M'}, 'RateCard': [{'DimensionKey': 'seats',"   \
    " 'Price': '270.5'}], 'Constraints': {'MultipleDimensionSelection': 'Allowed',"                \
    " 'QuantityConfiguration': 'Allowed'}}]}"
#define ENTITLED "{'seats': 'Entitled', 'support': 'Entitled'}"
#define BY_USE                                                                                     \
    "{'calls': 'ExternallyMetered', 'gigabytes': 'ExternallyMetered', 'hosts': 'Metered'}"
#define BOTH                                                                                       \
    "{'seats': 'Entitled', 'support': 'Entitled', 'calls': 'ExternallyMetered',"                   \
    " 'gigabytes': 'ExternallyMetered', 'hosts': 'Metered'}"

/* Dimensions: key -> type; a charge date is given as days from now. */
static const struct {
    const char *kind, *model, *pricing, *dimensions;
} kinds[] = {
    {"usage", "Usage", NULL, NULL},
    {"metered", "Usage", "[" METERED "]", BY_USE},
    {"contract", "Contract", "[" UPFRONT("12000.00") "]", ENTITLED},
    {"instalments", "Contract", "[" INSTALMENTS ", " UPFRONT("0") "]", ENTITLED},
    {"consumption", "Contract", "[" INSTALMENTS ", " UPFRONT("0") ", " METERED "]", BOTH},
    {"configurable", "Contract", "[" SELECTABLE "]", "{'seats': 'Entitled'}"},
};

/* ' stands for ". */
static json_t *parsed(const char *text)
{
    char copy[2000];
    snprintf(copy, sizeof(copy), "%s", text);
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    return json_loads(copy, 0, NULL);
}

static json_t *dimensions_of(const char *text)
{
    json_t *given = parsed(text);
    json_t *list = json_array();
    const char *key;
    json_t *type;
    json_object_foreach(given, key, type)
    {
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:s, s:[O]}", "Name", key, "Description",
                                        key, "Key", key, "Unit", "Units", "Types", type));
    }
    json_decref(given);
    return list;
}

static void set_dates(struct market *market, json_t *pricing)
{
    size_t i, j;
    json_t *term, *charge;
    json_array_foreach(pricing, i, term)
    {
        json_array_foreach(json_object_get(term, "Schedule"), j, charge)
        {
            const char *date = text_in(charge, "ChargeDate");
            int days = 0;
            char when[32];
            if (sscanf(date, "+%d", &days) != 1)
                continue;
            iso_time(market_now(market) + days * INT64_C(86400000), when);
            json_object_set_new(charge, "ChargeDate", json_stringn(when, 10));
        }
    }
}

const char *kind_set(struct market *market, const char *kind, json_t *authorization)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].kind, kind) != 0)
            continue;
        json_object_set_new(authorization, "model", json_string(kinds[i].model));
        if (kinds[i].pricing == NULL)
            return NULL;
        json_t *pricing = parsed(kinds[i].pricing);
        set_dates(market, pricing);
        json_object_set_new(authorization, "pricing", pricing);
        json_object_set_new(authorization, "dimensions", dimensions_of(kinds[i].dimensions));
        return NULL;
    }
    return "kind is usage, metered, contract, instalments, consumption or configurable";
}
