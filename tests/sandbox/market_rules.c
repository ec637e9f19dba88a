/* What AWS checks about each change: at once (HTTP 422), and later, in the change set's result.
 * Source: "Work with channel partner private offers", the validations of each change type. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"

static char why[300];

static const char *wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

static const char *wrong(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    return why;
}

static bool sized(const struct market *market, const json_t *details, const char *key, size_t most)
{
    const char *text = text_in(details, key);
    size_t size = way_is(market, "text_units", "points") ? text_points(text) : text_utf16(text);
    return size >= 1 && size <= most;
}

/* ^(\d*\.)?\d{1,9}$ */
static bool is_percentage(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL)
        return false; /* a JSON number is refused */
    const char *point = strchr(text, '.');
    const char *tail = point != NULL ? point + 1 : text;
    size_t size = strlen(tail);
    return size >= 1 && size <= 9 && strspn(tail, "0123456789") == size &&
           (point == NULL || strspn(text, "0123456789") == (size_t)(point - text));
}

static bool is_date(const char *text)
{
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    for (int i = 0; i < 10; i++) {
        if (i != 4 && i != 7 && !isdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

static const char *check_create(struct market *market, const json_t *details)
{
    const char *id = text_in(details, "ResaleAuthorizationId");
    const json_t *authorization = json_object_get(market->authorizations, id);
    if (authorization == NULL)
        return wrong("The resale authorization %s is not targeted to this account.", id);
    if (strcmp(text_in(authorization, "status"), "Active") != 0)
        return wrong("The resale authorization %s is not active.", id);
    if (!sized(market, details, "Name", 150) || !sized(market, details, "Description", 255))
        return wrong("Name has 1 to 150, Description 1 to 255 characters.");
    return NULL;
}

static const char *check_information(const struct market *market, const json_t *details)
{
    static const char *const known[] = {"Name", "Description", "PreExistingAgreement"};
    const char *key;
    json_t *value;
    if (json_object_size(details) == 0)
        return wrong("Name, Description or PreExistingAgreement is needed.");
    json_object_foreach((json_t *)(uintptr_t)details, key, value)
    {
        if (strcmp(key, known[0]) != 0 && strcmp(key, known[1]) != 0 && strcmp(key, known[2]) != 0)
            return wrong("UpdateInformation has no %s.", key);
    }
    for (size_t i = 0; i < 2; i++) {
        const char *text = text_in(details, known[i]);
        if (json_object_get(details, known[i]) == NULL)
            continue;
        if (!sized(market, details, known[i], i == 0 ? 150 : 255) ||
            isspace((unsigned char)text[0]))
            return wrong("%s has 1 to %d characters, and begins with no space.", known[i],
                         i == 0 ? 150 : 255);
    }
    if (strpbrk(text_in(details, "Name"), "\\<>") != NULL)
        return wrong("Name takes no \\ < >.");
    return NULL;
}

static const char *check_countries(const json_t *codes)
{
    if (codes != NULL && (json_array_size(codes) < 1 || json_array_size(codes) > 244))
        return wrong("1 to 244 country codes.");
    for (size_t i = 0; i < json_array_size(codes); i++) {
        const char *code = json_string_value(json_array_get(codes, i));
        if (code == NULL || strlen(code) != 2 || !isupper((unsigned char)code[0]) ||
            !isupper((unsigned char)code[1]))
            return wrong("A country code is two capital letters.");
    }
    return NULL;
}

static const char *check_targeting(const json_t *details)
{
    const json_t *list =
        json_object_get(json_object_get(details, "PositiveTargeting"), "BuyerAccounts");
    if (json_array_size(list) < 1 || json_array_size(list) > 25)
        return wrong("1 to 25 buyer accounts.");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i));
        if (id == NULL || strlen(id) != 12 || strspn(id, "0123456789") != 12)
            return wrong("A buyer account is a string of 12 digits.");
    }
    return check_countries(
        json_object_get(json_object_get(details, "PositiveTargeting"), "CountryCodes"));
}

/* ^P(?=.)(\d+Y)?(\d+M)?(\d+D)?$ */
static bool is_duration(const char *text)
{
    const char *units = "YMD";
    if (*text != 'P' || text[1] == '\0')
        return false;
    for (text++; *text != '\0'; text++) {
        size_t digits = strspn(text, "0123456789");
        const char *unit = text[digits] != '\0' ? strchr(units, text[digits]) : NULL;
        if (digits == 0 || unit == NULL)
            return false;
        units = unit + 1;
        text += digits;
    }
    return true;
}

static const char *check_validity(const json_t *details)
{
    const json_t *terms = json_object_get(details, "Terms");
    const json_t *term = json_array_get(terms, 0);
    const char *duration = text_in(term, "AgreementDuration");
    const char *start = text_in(term, "AgreementStartDate");
    const char *end = text_in(term, "AgreementEndDate");
    if (!json_is_array(terms) || json_array_size(terms) > 1)
        return wrong("At most one ValidityTerm.");
    if (term == NULL)
        return NULL;
    if (strcmp(text_in(term, "Type"), "ValidityTerm") != 0)
        return wrong("The term's Type is ValidityTerm.");
    if ((*start != '\0' && !is_date(start)) || (*end != '\0' && !is_date(end)))
        return wrong("A date is YYYY-MM-DD.");
    if (*duration == '\0')
        return *start != '\0' || *end != '\0' ? NULL : wrong("A duration or dates are needed.");
    if (*start != '\0' || *end != '\0')
        return wrong("AgreementDuration stands alone, without dates.");
    return is_duration(duration) ? NULL : wrong("AgreementDuration looks like P3650D.");
}

static const char *check_legal(const json_t *details)
{
    const json_t *term = json_array_get(json_object_get(details, "Terms"), 0);
    const json_t *document = json_array_get(json_object_get(term, "Documents"), 0);
    const char *type = text_in(document, "Type");
    if (json_array_size(json_object_get(details, "Terms")) != 1 ||
        json_array_size(json_object_get(term, "Documents")) != 1)
        return wrong("Exactly one LegalTerm with one document.");
    if (strcmp(type, "CustomEula") == 0 && *text_in(document, "Url") == '\0')
        return wrong("A CustomEula needs a Url.");
    if (strcmp(type, "StandardEula") == 0 &&
        strcmp(text_in(document, "Version"), "2022-07-14") != 0)
        return wrong("Only the newest StandardEula, 2022-07-14, is taken.");
    return strcmp(type, "CustomEula") == 0 || strcmp(type, "StandardEula") == 0
               ? NULL
               : wrong("A document is StandardEula or CustomEula.");
}

const char *rules_at_once(struct market *market, const json_t *change)
{
    const char *type = text_in(change, "ChangeType");
    const json_t *details = json_object_get(change, "DetailsDocument");
    if (!json_is_object(details))
        return wrong("%s: Details is not a JSON object.", type);
    if (strcmp(type, "CreateOfferUsingResaleAuthorization") == 0)
        return check_create(market, details);
    if (strcmp(type, "UpdateInformation") == 0)
        return check_information(market, details);
    if (strcmp(type, "UpdateMarkup") == 0)
        return is_percentage(json_object_get(details, "Percentage"))
                   ? NULL
                   : wrong("Percentage is a string such as \"33.3\".");
    if (strcmp(type, "UpdateTargeting") == 0)
        return check_targeting(details);
    if (strcmp(type, "UpdateAvailability") == 0)
        return is_date(text_in(details, "AvailabilityEndDate")) ? NULL
                                                                : wrong("A date is YYYY-MM-DD.");
    if (strcmp(type, "UpdateValidityTerms") == 0)
        return check_validity(details);
    if (strcmp(type, "UpdateLegalTerms") == 0)
        return check_legal(details);
    if (strcmp(type, "ReleaseOffer") == 0)
        return json_object_size(details) == 0 ? NULL : wrong("ReleaseOffer takes {} only.");
    return prices_know(type) ? prices_at_once(change)
                             : wrong("This sandbox does not know the change type %s.", type);
}

/* --- later --- */

static json_t *of_type(json_t *list, const char *type)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(text_in(json_array_get(list, i), "Type"), type) == 0)
            return json_array_get(list, i);
    }
    json_t *one = json_pack("{s:s}", "Type", type);
    json_array_append_new(list, one);
    return one;
}

static const char *apply_targeting(struct market *market, const json_t *details, json_t *offer)
{
    json_t *targeting = json_object_get(details, "PositiveTargeting");
    const json_t *wanted = json_object_get(targeting, "BuyerAccounts");
    const json_t *allowed = json_object_get(
        json_object_get(market->authorizations, text_in(offer, "ResaleAuthorizationId")), "buyers");
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        bool found = json_array_size(allowed) == 0;
        for (size_t j = 0; j < json_array_size(allowed); j++)
            found |= json_equal(json_array_get(allowed, j), json_array_get(wanted, i));
        if (!found)
            return "INCOMPATIBLE_RESALE_AUTHORIZATION";
        if (strcmp(json_string_value(json_array_get(wanted, i)), "000000000000") == 0)
            return "INVALID_BUYER_ACCOUNTS"; /* an account that was closed */
    }
    json_object_set(of_type(json_object_get(offer, "rules"), "TargetingRule"), "PositiveTargeting",
                    targeting);
    return NULL;
}

void rules_replace_term(const char *type, const json_t *details, json_t *offer)
{
    json_t *terms = json_object_get(offer, "terms");
    for (size_t i = 0; i < json_array_size(terms); i++) {
        if (strcmp(text_in(json_array_get(terms, i), "Type"), type) == 0)
            json_array_remove(terms, i--);
    }
    json_array_extend(terms, json_object_get(details, "Terms"));
}

/* The months of a duration, and its days. */
static void read_duration(const char *text, long *months, long *days)
{
    *months = *days = 0;
    for (text += *text == 'P'; *text != '\0';) {
        char *unit;
        long count = strtol(text, &unit, 10);
        *months += *unit == 'Y' ? 12 * count : *unit == 'M' ? count : 0;
        *days += *unit == 'D' ? count : 0;
        text = *unit != '\0' ? unit + 1 : unit;
    }
}

/* Is "P1Y", or "P365D", the same as "P12M"? */
static bool same_duration(const struct market *market, const char *a, const char *b)
{
    long months[2], days[2];
    if (way_is(market, "fixed_durations", "as_written"))
        return strcmp(a, b) == 0;
    read_duration(a, &months[0], &days[0]);
    read_duration(b, &months[1], &days[1]);
    if (way_is(market, "fixed_durations", "by_meaning"))
        return months[0] / 12 * 365 + months[0] % 12 * 30 + days[0] ==
               months[1] / 12 * 365 + months[1] % 12 * 30 + days[1];
    return months[0] == months[1] && days[0] == days[1];
}

/* What the authorization leaves of it. */
static const char *narrowed(const struct market *market, const json_t *authorization,
                            const json_t *term)
{
    const char *fixed = terms_duration(authorization);
    const char *duration = text_in(term, "AgreementDuration");
    const char *start = text_in(term, "AgreementStartDate");
    const char *latest = text_in(authorization, "latest_start");
    const char *product = text_in(authorization, "product_type");
    if (*duration != '\0' && *fixed != '\0' && !same_duration(market, duration, fixed))
        return "INCOMPATIBLE_RESALE_AUTHORIZATION";
    if (*start == '\0' && terms_have(authorization, "ResaleConfigurableUpfrontPricingTerm"))
        return "MISSING_AGREEMENT_START_DATE";
    if (*start != '\0' && *product != '\0' && strcmp(product, "SaaSProduct") != 0)
        return "INCOMPATIBLE_PRODUCT"; /* a later start is for SaaS only */
    return *start != '\0' && *latest != '\0' && strncmp(start, latest, 10) > 0
               ? "INCOMPATIBLE_AGREEMENT_START_DATE"
               : NULL;
}

static const char *apply_validity(const struct market *market, const json_t *details, json_t *offer,
                                  const char *today)
{
    const json_t *term = json_array_get(json_object_get(details, "Terms"), 0);
    const char *start = text_in(term, "AgreementStartDate");
    const char *end = text_in(term, "AgreementEndDate");
    const char *code = term != NULL
                           ? narrowed(market,
                                      json_object_get(market->authorizations,
                                                      text_in(offer, "ResaleAuthorizationId")),
                                      term)
                           : NULL;
    if (code != NULL)
        return code;
    if (*start != '\0' && strncmp(start, today, 10) <= 0)
        return "INVALID_AGREEMENT_START_DATE";
    if (*end != '\0' && strcmp(end, start) <= 0)
        return "INVALID_AGREEMENT_END_DATE";
    if (*end != '\0' && *start == '\0') /* that is for replacements of an agreement */
        return "INVALID_AGREEMENT_END_DATE";
    rules_replace_term("ValidityTerm", details, offer);
    return NULL;
}

static const char *apply_availability(const struct market *market, json_t *details, json_t *offer,
                                      const char *today)
{
    /* A released one may be ended at once with a date that is past; a draft may not. */
    int ahead = strncmp(text_in(details, "AvailabilityEndDate"), today, 10);
    if (strcmp(text_in(offer, "State"), "Released") != 0 &&
        (ahead < 0 || (ahead == 0 && way_is(market, "ends_today", "refused"))))
        return "INVALID_AVAILABILITY_END_DATE";
    json_object_set(of_type(json_object_get(offer, "rules"), "AvailabilityRule"),
                    "AvailabilityEndDate", json_object_get(details, "AvailabilityEndDate"));
    return NULL;
}

static bool is_usable(const json_t *authorization, const char *now)
{
    return strcmp(text_in(authorization, "status"), "Active") == 0 &&
           strcmp(text_in(authorization, "end"), now) > 0 &&
           strcmp(text_in(authorization, "extended_status"), "Completed-Used") != 0;
}

const char *rules_create(struct market *market, const json_t *change)
{
    const char *id = text_in(json_object_get(change, "DetailsDocument"), "ResaleAuthorizationId");
    char now[32];
    iso_time(market_now(market), now);
    return is_usable(json_object_get(market->authorizations, id), now)
               ? NULL
               : "INCOMPATIBLE_RESALE_AUTHORIZATION";
}

static const char *missing(const json_t *offer, const char *today)
{
    const char *until = text_in(offer_rule(offer, "AvailabilityRule"), "AvailabilityEndDate");
    if (*text_in(offer, "Name") == '\0')
        return "MISSING_NAME";
    if (*text_in(offer, "Description") == '\0')
        return "MISSING_DESCRIPTION";
    if (json_array_size(offer_buyers(offer)) == 0)
        return "MISSING_BUYER_ACCOUNTS";
    if (*until == '\0')
        return "MISSING_AVAILABILITY_END_DATE";
    return strncmp(until, today, 10) < 0 ? "INVALID_AVAILABILITY_END_DATE" : NULL;
}

static const char *apply_release(struct market *market, json_t *offer, const char *now)
{
    json_t *authorization =
        json_object_get(market->authorizations, text_in(offer, "ResaleAuthorizationId"));
    json_int_t count = json_integer_value(json_object_get(offer, "release_count"));
    const char *lacks = missing(offer, now);
    if (strcmp(text_in(offer, "State"), "Released") == 0)
        return "INVALID_UPDATE_REQUEST";
    if (lacks != NULL)
        return lacks;
    if (!is_usable(authorization, now))
        return "INCOMPATIBLE_RESALE_AUTHORIZATION";
    lacks = prices_released(market, authorization, offer);
    if (lacks != NULL)
        return lacks;
    json_object_set_new(offer, "State", json_string("Released"));
    json_object_set_new(offer, "released", json_string(now));
    json_object_set_new(offer, "release_count", json_integer(count + 1));
    json_object_set_new(authorization, "extended_status",
                        json_string(json_is_true(json_object_get(authorization, "single_use"))
                                        ? "Completed-Used"
                                        : "Completed-Usable"));
    return NULL;
}

/* What a release froze. */
static const char *frozen(const char *type, const json_t *details)
{
    if (strcmp(type, "UpdateMarkup") == 0)
        return "INCOMPATIBLE_MARKUP";
    if (strcmp(type, "UpdateTargeting") == 0)
        return "INCOMPATIBLE_TARGETING";
    if (strcmp(type, "UpdateLegalTerms") == 0 || prices_know(type))
        return "INCOMPATIBLE_TERMS";
    return json_object_get(details, "PreExistingAgreement") != NULL
               ? "INCOMPATIBLE_PRE_EXISTING_AGREEMENT"
               : NULL;
}

const char *rules_apply(struct market *market, const json_t *change, json_t *offer)
{
    const char *type = text_in(change, "ChangeType");
    json_t *details = json_object_get(change, "DetailsDocument");
    char now[32];
    iso_time(market_now(market), now);
    if (strcmp(type, "ReleaseOffer") == 0)
        return apply_release(market, offer, now);
    if (strcmp(text_in(offer, "State"), "Released") == 0 && frozen(type, details) != NULL)
        return frozen(type, details);
    if (strcmp(type, "UpdateTargeting") == 0)
        return apply_targeting(market, details, offer);
    if (strcmp(type, "UpdateAvailability") == 0)
        return apply_availability(market, details, offer, now);
    if (strcmp(type, "UpdateValidityTerms") == 0)
        return apply_validity(market, details, offer, now);
    if (strcmp(type, "UpdateLegalTerms") == 0)
        return legal_apply(details, offer);
    if (strcmp(type, "UpdateInformation") != 0)
        return prices_apply(market, change, offer);
    json_object_update(offer, details);
    return NULL;
}
