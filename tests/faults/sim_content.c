/* Is what AWS holds what was typed, and nothing besides? The judge's own rule: it shares none with
 * the bot. */
#include <string.h>

#include "../sandbox/market.h"
#include "sim.h"

static bool same_buyers(const json_t *rules, const char *typed)
{
    const json_t *targeting =
        json_object_get(typed_in(rules, "TargetingRule"), "PositiveTargeting");
    const json_t *list = json_object_get(targeting, "BuyerAccounts");
    size_t i;
    const json_t *one;
    if (json_array_size(json_object_get(targeting, "CountryCodes")) > 0)
        return false;
    json_array_foreach(list, i, one)
    {
        if (strstr(typed, json_string_value(one)) == NULL)
            return false;
    }
    return json_array_size(list) == (strlen(typed) + 1) / 13;
}

/* The EULA that was sent, besides the authorization's. */
static bool same_eula(const json_t *term, const char *eula)
{
    const json_t *document = json_array_get(json_object_get(term, "Documents"), 0);
    const char *type = text_in(document, "Type");
    if (strcmp(eula, "custom") == 0)
        return strcmp(type, "CustomEula") == 0 &&
               strcmp(text_in(document, "Url"), "https://partner.s3.amazonaws.com/eula.pdf") == 0;
    return strcmp(type, strcmp(eula, "standard") == 0 ? "StandardEula" : "") == 0;
}

/* Beside what was typed, AWS holds nothing: no prices or instalments of one's own, no countries. */
static bool nothing_else(const json_t *entity, const char *eula)
{
    const json_t *terms = json_object_get(entity, "terms");
    const json_t *targeting = json_object_get(
        typed_in(json_object_get(entity, "rules"), "TargetingRule"), "PositiveTargeting");
    size_t i;
    const json_t *term;
    json_array_foreach(terms, i, term)
    {
        const char *type = text_in(term, "Type");
        if (strcmp(type, "ValidityTerm") != 0 && strcmp(type, "LegalTerm") != 0)
            return false;
    }
    return same_eula(typed_in(terms, "LegalTerm"), eula) && json_object_size(targeting) == 1 &&
           strcmp(text_in(entity, "Name"), "Archera - Subscription") == 0;
}

/* As authorized: the offer has none of its own. */
static bool same_term(const json_t *validity, const char *typed)
{
    return strcmp(typed, "as_authorized") == 0
               ? validity == NULL
               : strcmp(text_in(validity, "AgreementDuration"), typed) == 0;
}

/* What AWS holds is what was typed. */
bool content_is(const json_t *entity, const json_t *typed)
{
    const json_t *rules = json_object_get(entity, "rules");
    const json_t *validity = typed_in(json_object_get(entity, "terms"), "ValidityTerm");
    return strcmp(text_in(entity, "MarkupPercentage"), text_in(typed, "markup")) == 0 &&
           strcmp(text_in(entity, "ResaleAuthorizationId"), text_in(typed, "authorization")) == 0 &&
           strcmp(text_in(typed_in(rules, "AvailabilityRule"), "AvailabilityEndDate"),
                  text_in(typed, "accept_by")) == 0 &&
           same_term(validity, text_in(typed, "term")) &&
           same_buyers(rules, text_in(typed, "buyers")) &&
           nothing_else(entity, text_in(typed, "eula"));
}
