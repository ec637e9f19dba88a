/* Terms of price and payment: as the ISV extended them, and as an offer with our markup shows them.
 * Amounts are decimal integers with a scale. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "mem.h"

/* --- amounts --- */

__extension__ typedef __int128 wide;
enum { PRICE_DECIMALS = 12, MARKUP_DECIMALS = 9, HUNDRED_DECIMALS = 2 };

static wide power_of_ten(int n)
{
    wide power = 1;
    while (n-- > 0)
        power *= 10;
    return power;
}

/* "12.5" -> 12.5 x 10^decimals; further decimals are cut. */
static wide scaled(const char *text, int decimals)
{
    wide value = 0;
    int after = -1; /* decimals read; -1: the point has not come yet */
    for (; *text != '\0' && after < decimals; text++) {
        if (*text == '.' && after < 0)
            after = 0;
        if (!isdigit((unsigned char)*text))
            continue;
        value = value * 10 + (*text - '0');
        after += after >= 0;
    }
    return value * power_of_ten(decimals - (after > 0 ? after : 0));
}

static bool rounds_up(const struct market *market, wide value, wide rest, wide unit)
{
    if (way_is(market, "rounding", "down"))
        return false;
    if (2 * rest == unit && way_is(market, "rounding", "half_even"))
        return value % 2 == 1;
    return 2 * rest >= unit;
}

static void write_scaled(wide value, int decimals, char text[64])
{
    char digits[64];
    int count = 0;
    size_t at = 0;
    do {
        digits[count++] = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value > 0 || count <= decimals);
    while (count > 0) {
        text[at++] = digits[--count];
        if (count == decimals && count > 0)
            text[at++] = '.';
    }
    while (decimals > 0 && text[at - 1] == '0')
        at--;
    at -= decimals > 0 && text[at - 1] == '.';
    text[at] = '\0';
}

/* price x (1 + markup / 100), at so many decimals, without zeros at its end; without a markup it
 * stays as it was written. */
static json_t *marked_up(const struct market *market, const char *price, const char *markup,
                         int decimals)
{
    char text[64];
    wide rate = scaled(markup, MARKUP_DECIMALS);
    if (rate == 0)
        return json_string(price);
    decimals = decimals < PRICE_DECIMALS ? decimals : PRICE_DECIMALS;
    wide product = scaled(price, PRICE_DECIMALS) * (rate + 100 * power_of_ten(MARKUP_DECIMALS));
    wide unit = power_of_ten(PRICE_DECIMALS + MARKUP_DECIMALS + HUNDRED_DECIMALS - decimals);
    wide value = product / unit;
    value += rounds_up(market, value, product % unit, unit);
    write_scaled(value, decimals, text);
    return json_string(text);
}

static int money_decimals(const json_t *term)
{
    return strcmp(text_in(term, "CurrencyCode"), "JPY") == 0 ? 0 : 2;
}

/* --- as the ISV extended them --- */

static void set_currency(json_t *terms, const char *currency)
{
    size_t i;
    json_t *term;
    json_array_foreach(terms, i, term)
    {
        if (json_object_get(term, "CurrencyCode") != NULL)
            json_object_set_new(term, "CurrencyCode", json_string(currency));
    }
}

json_t *terms_extended(const json_t *authorization)
{
    const char *currency = text_in(authorization, "currency");
    const char *due = text_in(authorization, "net_payment");
    json_t *terms = json_deep_copy(json_object_get(authorization, "pricing"));
    if (terms == NULL)
        terms =
            json_pack("[{s:s, s:s, s:[{s:[{s:s, s:s}]}]}]", "Type", "ResaleUsageBasedPricingTerm",
                      "CurrencyCode", "USD", "RateCards", "RateCard", "DimensionKey",
                      "PremiumUnits", "Price", text_in(authorization, "price"));
    if (*currency != '\0')
        set_currency(terms, currency);
    if (*due != '\0')
        json_array_append_new(terms, json_pack("{s:s, s:s}", "Type", "ResaleNetPaymentTerm",
                                               "PaymentDuePeriod", due));
    return terms;
}

static const json_t *pricing_of(const json_t *authorization, const char *type)
{
    return typed_in(json_object_get(authorization, "pricing"), type);
}

bool terms_have(const json_t *authorization, const char *type)
{
    return pricing_of(authorization, type) != NULL;
}

const char *terms_duration(const json_t *authorization)
{
    return text_in(pricing_of(authorization, "ResaleFixedUpfrontPricingTerm"), "Duration");
}

/* "2026-01-01" -> "2026-01-01T00:00:00.000Z": so they are read back. */
void terms_show_dates(json_t *terms)
{
    size_t i, j;
    json_t *term, *charge;
    json_array_foreach(terms, i, term)
    {
        json_array_foreach(json_object_get(term, "Schedule"), j, charge)
        {
            if (strlen(text_in(charge, "ChargeDate")) == 10)
                json_object_set_new(
                    charge, "ChargeDate",
                    json_sprintf("%sT00:00:00.000Z", text_in(charge, "ChargeDate")));
        }
    }
}

/* --- as an offer shows them --- */

static void mark_up_prices(const struct market *market, json_t *list, const char *key,
                           const char *markup, int decimals)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        json_object_set_new(one, key, marked_up(market, text_in(one, key), markup, decimals));
    }
}

static void mark_up(const struct market *market, json_t *term, const char *markup)
{
    size_t i;
    json_t *card;
    bool by_use = strcmp(text_in(term, "Type"), "UsageBasedPricingTerm") == 0;
    int money = money_decimals(term);
    json_array_foreach(json_object_get(term, "RateCards"), i, card)
    {
        mark_up_prices(market, json_object_get(card, "RateCard"), "Price", markup,
                       by_use ? way_number(market, "price_decimals") : money);
    }
    mark_up_prices(market, json_object_get(term, "Schedule"), "ChargeAmount", markup, money);
    if (json_object_get(term, "Price") != NULL)
        json_object_set_new(term, "Price",
                            marked_up(market, text_in(term, "Price"), markup, money));
}

static bool has_own(const json_t *offer, const char *type)
{
    return offer_term(offer, type) != NULL;
}

/* The offer's own terms stand in the place of what it took over; its legal terms do not stand
 * here. */
static void add_own(json_t *terms, const json_t *offer)
{
    size_t i;
    json_t *term;
    json_array_foreach(json_object_get(offer, "terms"), i, term)
    {
        if (strcmp(text_in(term, "Type"), "LegalTerm") != 0)
            json_array_append_new(terms, json_deep_copy(term));
    }
}

/* P3650D -> P10Y, P12M -> P1Y. */
static void show_in_years(json_t *terms)
{
    size_t i;
    json_t *term;
    json_array_foreach(terms, i, term)
    {
        char *unit;
        const char *duration = text_in(term, "AgreementDuration");
        long count = strtol(duration + (*duration == 'P'), &unit, 10);
        long year = *unit == 'D' ? 365 : 12;
        if (*duration != '\0' && unit[0] != '\0' && unit[1] == '\0' && count % year == 0 &&
            *unit != 'Y')
            json_object_set_new(term, "AgreementDuration", json_sprintf("P%ldY", count / year));
    }
}

json_t *terms_offered(const struct market *market, const json_t *authorization, const json_t *offer)
{
    const char *markup = text_in(offer, "MarkupPercentage");
    const char *duration = terms_duration(authorization);
    json_t *extended = terms_extended(authorization);
    json_t *terms = json_array();
    size_t i;
    json_t *term;
    json_array_foreach(extended, i, term)
    {
        const char *type = text_in(term, "Type") + strlen("Resale");
        if (has_own(offer, type))
            continue;
        json_object_set_new(term, "Type", json_string(type));
        json_object_del(term, "Duration"); /* it stands in the ValidityTerm */
        mark_up(market, term, markup);
        json_array_append(terms, term);
    }
    if (*duration != '\0' && !has_own(offer, "ValidityTerm"))
        json_array_append_new(
            terms, json_pack("{s:s, s:s}", "Type", "ValidityTerm", "AgreementDuration", duration));
    add_own(terms, offer);
    if (way_is(market, "durations", "in_years"))
        show_in_years(terms);
    terms_show_dates(terms);
    json_decref(extended);
    return terms;
}
