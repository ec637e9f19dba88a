/* Changes of markup, prices, instalments and payment terms. A reseller's own prices and instalments
 * exclude a markup, and may not fall below the authorization's. Source: "Work with channel partner
 * private offers", UpdateMarkup, UpdatePricingTerms, UpdatePaymentScheduleTerms and
 * UpdateNetPaymentTerms. */
#include <stdlib.h>
#include <string.h>

#include "market.h"

enum { MAX_CHARGES = 60 };

static const struct {
    const char *change, *term;
} known[] = {
    {"UpdatePricingTerms", "FixedUpfrontPricingTerm"},
    {"UpdatePaymentScheduleTerms", "PaymentScheduleTerm"},
    {"UpdateNetPaymentTerms", "NetPaymentTerm"},
};
enum { KNOWN = sizeof(known) / sizeof(known[0]) };

static size_t change_named(const char *type)
{
    size_t i = 0;
    while (i < KNOWN && strcmp(known[i].change, type) != 0)
        i++;
    return i;
}

bool prices_know(const char *type)
{
    return change_named(type) < KNOWN;
}

/* --- at once --- */

/* Digits with at most two decimals. */
static bool is_amount(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    size_t decimals = text[digits] == '.' ? strspn(text + digits + 1, "0123456789") : 0;
    return digits > 0 && decimals <= 2 && text[digits + (decimals > 0 ? decimals + 1 : 0)] == '\0';
}

static const char *check_schedule(const json_t *schedule)
{
    size_t i;
    const json_t *charge;
    if (json_array_size(schedule) < 1 || json_array_size(schedule) > MAX_CHARGES)
        return "A schedule has 1 to 60 charges.";
    json_array_foreach(schedule, i, charge)
    {
        if (strlen(text_in(charge, "ChargeDate")) != 10 ||
            !is_amount(text_in(charge, "ChargeAmount")))
            return "A charge has a ChargeDate, YYYY-MM-DD, and a ChargeAmount with 2 decimals.";
    }
    return NULL;
}

static const char *check_due(const char *period)
{
    static const char *const taken[] = {"P15D", "P30D", "P45D", "P60D", "P90D", "P120D"};
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        if (strcmp(taken[i], period) == 0)
            return NULL;
    }
    return "PaymentDuePeriod is P15D, P30D, P45D, P60D, P90D or P120D.";
}

const char *prices_at_once(const json_t *change)
{
    size_t which = change_named(text_in(change, "ChangeType"));
    const json_t *details = json_object_get(change, "DetailsDocument");
    const json_t *terms = json_object_get(details, "Terms");
    const json_t *term = json_array_get(terms, 0);
    if (json_array_size(terms) != 1 || strcmp(text_in(term, "Type"), known[which].term) != 0)
        return "Exactly one term, of the type that belongs to the change.";
    if (which == 2)
        return check_due(text_in(term, "PaymentDuePeriod"));
    if (which == 1)
        return check_schedule(json_object_get(term, "Schedule"));
    if (strcmp(text_in(details, "PricingModel"), "Contract") != 0 ||
        !is_amount(text_in(term, "Price")) || json_array_size(json_object_get(term, "Grants")) == 0)
        return "PricingModel Contract, and a FixedUpfrontPricingTerm with Price and Grants.";
    return NULL;
}

/* --- later --- */

/* "12.5" -> 1250; is_amount. */
static long long cents(const json_t *object, const char *key)
{
    char *point;
    long long value = strtoll(text_in(object, key), &point, 10) * 100;
    if (point[0] == '.' && point[1] != '\0')
        value += 10 * (point[1] - '0') + (point[2] != '\0' ? point[2] - '0' : 0);
    return value;
}

static const char *compare_schedule(const json_t *theirs, const json_t *ours)
{
    const json_t *before = json_object_get(theirs, "Schedule");
    const json_t *after = json_object_get(ours, "Schedule");
    if (json_array_size(before) != json_array_size(after))
        return "INVALID_CHARGE_DATES";
    for (size_t i = 0; i < json_array_size(before); i++) {
        const json_t *a = json_array_get(before, i);
        const json_t *b = json_array_get(after, i);
        if (strncmp(text_in(a, "ChargeDate"), text_in(b, "ChargeDate"), 10) != 0)
            return "INVALID_CHARGE_DATES";
        if (cents(b, "ChargeAmount") < cents(a, "ChargeAmount"))
            return "INCOMPATIBLE_RESALE_AUTHORIZATION";
    }
    return NULL;
}

/* Against the authorization's term of the same kind. */
static const char *compare(size_t which, const json_t *theirs, const json_t *ours)
{
    if (theirs == NULL ||
        strcmp(text_in(theirs, "CurrencyCode"), text_in(ours, "CurrencyCode")) != 0)
        return "INCOMPATIBLE_RESALE_AUTHORIZATION";
    if (which == 1)
        return compare_schedule(theirs, ours);
    bool good = which == 0 ? cents(ours, "Price") >= cents(theirs, "Price")
                           : atoi(text_in(ours, "PaymentDuePeriod") + 1) <=
                                 atoi(text_in(theirs, "PaymentDuePeriod") + 1);
    return good ? NULL : "INCOMPATIBLE_RESALE_AUTHORIZATION";
}

static const char *apply_markup(const json_t *details, json_t *offer)
{
    if (offer_term(offer, known[0].term) != NULL || offer_term(offer, known[1].term) != NULL)
        return "INCOMPATIBLE_TERMS"; /* there is no way back from prices of one's own */
    json_object_set(offer, "MarkupPercentage", json_object_get(details, "Percentage"));
    return NULL;
}

static bool has_markup(const json_t *offer)
{
    const char *markup = text_in(offer, "MarkupPercentage");
    return markup[strspn(markup, "0.")] != '\0';
}

const char *prices_apply(const struct market *market, const json_t *change, json_t *offer)
{
    size_t which = change_named(text_in(change, "ChangeType"));
    const json_t *details = json_object_get(change, "DetailsDocument");
    const json_t *authorization =
        json_object_get(market->authorizations, text_in(offer, "ResaleAuthorizationId"));
    if (which == KNOWN)
        return apply_markup(details, offer);
    if (which < 2 && has_markup(offer))
        return "INCOMPATIBLE_MARKUP_PERCENTAGE";
    json_t *extended = terms_extended(authorization);
    char resale[60] = "Resale";
    strncat(resale, known[which].term, sizeof(resale) - 7);
    const char *code = compare(which, typed_in(extended, resale),
                               json_array_get(json_object_get(details, "Terms"), 0));
    json_decref(extended);
    if (code == NULL)
        rules_replace_term(known[which].term, details, offer);
    return code;
}

/* At most one charge may lie before the last day on which the offer can be accepted: AWS says it of
 * a schedule that the offer sets. */
const char *prices_released(const struct market *market, const json_t *authorization,
                            const json_t *offer)
{
    const char *until = text_in(offer_rule(offer, "AvailabilityRule"), "AvailabilityEndDate");
    if (offer_term(offer, known[1].term) == NULL && way_is(market, "inherited_charges", "any"))
        return NULL;
    json_t *terms = terms_offered(market, authorization, offer);
    int before = 0;
    size_t i;
    const json_t *charge;
    json_array_foreach(json_object_get(typed_in(terms, "PaymentScheduleTerm"), "Schedule"), i,
                       charge)
    {
        before += strncmp(text_in(charge, "ChargeDate"), until, 10) < 0;
    }
    json_decref(terms);
    return before > 1 ? "TOO_MANY_BACKDATED_CHARGES" : NULL;
}
