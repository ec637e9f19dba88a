/* What DescribeEntity says of an authorization and of an offer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog_parts.h"
#include "json.h"
#include "marketplace/catalog.h"
#include "text.h"

/* DetailsDocument where there is one, else Details, which is JSON inside a string. */
static json_t *details_of(const json_t *reply)
{
    json_t *document = json_object_get(reply, "DetailsDocument");
    if (json_is_object(document))
        return json_incref(document);
    return json_loads(json_text(reply, "Details"), JSON_REJECT_DUPLICATES, NULL);
}

static const json_t *of_type(const json_t *array, const char *type)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *one = json_array_get(array, i);
        if (strcmp(json_text(one, "Type"), type) == 0)
            return one;
    }
    return NULL;
}

/* --- terms --- */

/* Prices are strings, quantities whole numbers; what is neither is no amount. */
static void fit_amount(const json_t *object, const char *key, char amount[DECIMAL_TEXT])
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value))
        snprintf(amount, DECIMAL_TEXT, "%lld", (long long)json_integer_value(value));
    else
        catalog_fit_whole(object, key, amount, DECIMAL_TEXT);
}

/* The name that people know a dimension by; "" where none is told. */
static void fit_dimension(const json_t *dimensions, struct term_line *line)
{
    for (size_t i = 0; i < json_array_size(dimensions); i++) {
        const json_t *one = json_array_get(dimensions, i);
        if (strcmp(json_text(one, "Key"), line->key) == 0)
            catalog_fit(one, "Name", line->name, sizeof(line->name));
    }
}

static void add_rate_cards(struct terms *terms, enum term_kind kind, const json_t *term,
                           const json_t *dimensions)
{
    const json_t *cards = json_object_get(term, "RateCards");
    for (size_t i = 0; i < json_array_size(cards); i++) {
        const json_t *rates = json_object_get(json_array_get(cards, i), "RateCard");
        const json_t *selector = json_object_get(json_array_get(cards, i), "Selector");
        for (size_t j = 0; j < json_array_size(rates); j++) {
            struct term_line line = {.kind = kind};
            catalog_fit_whole(json_array_get(rates, j), "DimensionKey", line.key, sizeof(line.key));
            fit_amount(json_array_get(rates, j), "Price", line.amount);
            catalog_fit_whole(selector, "Value", line.duration, sizeof(line.duration));
            catalog_fit_whole(term, "CurrencyCode", line.currency, sizeof(line.currency));
            fit_dimension(dimensions, &line);
            terms_add(terms, &line);
        }
    }
}

static void add_upfront(struct terms *terms, const json_t *term, const json_t *dimensions)
{
    const json_t *grants = json_object_get(term, "Grants");
    struct term_line price = {.kind = TERM_UPFRONT};
    fit_amount(term, "Price", price.amount);
    catalog_fit_whole(term, "Duration", price.duration, sizeof(price.duration));
    catalog_fit_whole(term, "CurrencyCode", price.currency, sizeof(price.currency));
    terms_add(terms, &price);
    for (size_t i = 0; i < json_array_size(grants); i++) {
        struct term_line line = {.kind = TERM_GRANT};
        catalog_fit_whole(json_array_get(grants, i), "DimensionKey", line.key, sizeof(line.key));
        fit_amount(json_array_get(grants, i), "MaxQuantity", line.amount);
        fit_dimension(dimensions, &line);
        terms_add(terms, &line);
    }
}

/* Some replies carry a time with the date. */
static void add_schedule(struct terms *terms, const json_t *term)
{
    const json_t *schedule = json_object_get(term, "Schedule");
    for (size_t i = 0; i < json_array_size(schedule); i++) {
        struct term_line line = {.kind = TERM_INSTALMENT};
        catalog_fit_whole(json_array_get(schedule, i), "ChargeDate", line.key, sizeof(line.key));
        line.key[strcspn(line.key, "T")] = '\0';
        fit_amount(json_array_get(schedule, i), "ChargeAmount", line.amount);
        catalog_fit_whole(term, "CurrencyCode", line.currency, sizeof(line.currency));
        terms_add(terms, &line);
    }
}

/* Of a document only its kind and version: where AWS keeps its copy opens that to whoever reads the
 * address, and is not what was sent. */
static void add_documents(struct terms *terms, const json_t *term)
{
    const json_t *documents = json_object_get(term, "Documents");
    for (size_t i = 0; i < json_array_size(documents); i++) {
        struct term_line line = {.kind = TERM_LEGAL};
        catalog_fit_whole(json_array_get(documents, i), "Type", line.key, sizeof(line.key));
        catalog_fit_whole(json_array_get(documents, i), "Version", line.amount,
                          sizeof(line.amount));
        terms_add(terms, &line);
    }
}

static void add_named(struct terms *terms, enum term_kind kind, const char *name,
                      const char *duration)
{
    struct term_line line = {.kind = kind};
    text_fit(line.key, sizeof(line.key), name);
    if (!text_fit(line.duration, sizeof(line.duration), duration))
        line.duration[0] = '?';
    terms_add(terms, &line);
}

/* What is read elsewhere, or is between the ISV and us. */
static bool is_aside(const char *type)
{
    static const char *const aside[] = {"BuyerTargetingTerm", "BuyerValidityTerm", "ValidityTerm",
                                        "ResaleLegalTerm"};
    for (size_t i = 0; i < sizeof(aside) / sizeof(aside[0]); i++) {
        if (strcmp(type, aside[i]) == 0)
            return true;
    }
    return *type == '\0';
}

/* An authorization's term is called as the offer's with Resale or Buyer in front. */
static void add_term(struct terms *terms, const json_t *term, const json_t *dimensions)
{
    const char *type = json_text(term, "Type");
    if (is_aside(type))
        return;
    if (strncmp(type, "Resale", 6) == 0)
        type += 6;
    else if (strncmp(type, "Buyer", 5) == 0)
        type += 5;
    if (strcmp(type, "UsageBasedPricingTerm") == 0)
        add_rate_cards(terms, TERM_UNIT, term, dimensions);
    else if (strcmp(type, "ConfigurableUpfrontPricingTerm") == 0)
        add_rate_cards(terms, TERM_CHOICE, term, dimensions);
    else if (strcmp(type, "FixedUpfrontPricingTerm") == 0)
        add_upfront(terms, term, dimensions);
    else if (strcmp(type, "PaymentScheduleTerm") == 0)
        add_schedule(terms, term);
    else if (strcmp(type, "NetPaymentTerm") == 0)
        add_named(terms, TERM_NET, "", json_text(term, "PaymentDuePeriod"));
    else if (strcmp(type, "LegalTerm") == 0)
        add_documents(terms, term);
    else
        add_named(terms, TERM_OTHER, type, "");
}

/* It is called otherwise in an authorization and in an offer. */
static void add_renewal(struct terms *terms, const json_t *agreement)
{
    struct term_line line = {.kind = TERM_RENEWAL};
    if (!json_is_object(agreement))
        return;
    catalog_fit_whole(agreement, "AcquisitionChannel", line.key, sizeof(line.key));
    catalog_fit_whole(agreement, "PricingModel", line.amount, sizeof(line.amount));
    terms_add(terms, &line);
}

static void read_terms(struct terms *terms, const json_t *details)
{
    const json_t *list = json_object_get(details, "Terms");
    terms->count = 0;
    terms->more = false;
    for (size_t i = 0; i < json_array_size(list); i++)
        add_term(terms, json_array_get(list, i), json_object_get(details, "Dimensions"));
    add_renewal(terms, json_object_get(details, "PreExistingAgreement"));
    add_renewal(terms, json_object_get(details, "PreExistingBuyerAgreement"));
}

/* --- accounts --- */

/* Accounts stand as strings in an offer, as objects with AwsAccountId in an authorization. What is
 * no account id is somebody all the same, and nobody whom we know. */
static size_t read_accounts(const json_t *list, char (*accounts)[ACCOUNT_ID], size_t count)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const char *id = json_string_value(one);
        if (id == NULL)
            id = json_text(one, "AwsAccountId");
        if (count >= MAX_AUTHORIZED_BUYERS)
            return MAX_AUTHORIZED_BUYERS + 1;
        text_fit(accounts[count++], ACCOUNT_ID, strlen(id) == ACCOUNT_ID - 1 ? id : "?");
    }
    return count;
}

/* --- an authorization --- */

/* OffersMaxQuantity, and nothing else, makes it good for one offer; an end date limits its use,
 * too. One that was used and can still be used is good for more. */
static bool is_single_use(const json_t *availability, const struct authorization *a)
{
    return json_is_number(json_object_get(availability, "OffersMaxQuantity")) &&
           strcmp(a->extended_status, "Completed-Usable") != 0;
}

static void read_price(struct authorization *a, const struct terms *terms)
{
    const struct term_line *price = terms_unit_price(terms);
    if (price != NULL)
        text_fit(a->unit_price, sizeof(a->unit_price), price->amount);
    text_fit(a->currency, sizeof(a->currency), terms_currency(terms));
    text_fit(a->duration, sizeof(a->duration), terms_fixed_duration(terms));
}

bool catalog_authorization(const json_t *reply, struct authorization *a, struct terms *terms)
{
    json_t *details = details_of(reply);
    const json_t *rules = json_object_get(details, "Rules");
    const json_t *availability = of_type(rules, "AvailabilityRule");
    const json_t *targeting = json_object_get(
        of_type(json_object_get(details, "Terms"), "BuyerTargetingTerm"), "PositiveTargeting");
    bool end_readable;
    *a = (struct authorization){
        .ends_at = catalog_until(availability, "AvailabilityEndDate", &end_readable)};
    catalog_fit_id(json_text(reply, "EntityIdentifier"), a->id, sizeof(a->id));
    catalog_fit(details, "Name", a->name, sizeof(a->name));
    catalog_fit(details, "ProductId", a->product_id, sizeof(a->product_id));
    catalog_fit(details, "Status", a->status, sizeof(a->status));
    catalog_fit(json_object_get(details, "OfferDetails"), "OfferExtendedStatus", a->extended_status,
                sizeof(a->extended_status));
    read_terms(terms, details);
    terms->more = terms->more || !end_readable;
    read_price(a, terms);
    a->single_use = is_single_use(availability, a);
    a->sale = authorization_sale(terms,
                                 json_text(of_type(rules, "PartnerTargetingRule"), "ResellerRole"));
    a->buyer_count = read_accounts(json_object_get(targeting, "BuyerAccounts"), a->buyers, 0);
    if (a->buyer_count > MAX_AUTHORIZED_BUYERS)
        a->buyer_count = 0;
    bool good = details != NULL && a->id[0] != '\0' && a->status[0] != '\0';
    json_decref(details);
    return good;
}

bool catalog_entity_type(const json_t *reply, char type[ENTITY_TYPE])
{
    catalog_fit_id(json_text(reply, "EntityType"), type, ENTITY_TYPE);
    return *type != '\0';
}

/* --- an offer --- */

static void add_words(char *list, size_t capacity, const char *words)
{
    size_t at = strlen(list);
    if (at + strlen(words) + 3 < capacity)
        snprintf(list + at, capacity - at, "%s%s", at > 0 ? ", " : "", words);
    else if (at == 0)
        text_fit(list, capacity, words);
}

static void read_countries(struct catalog_offer *offer, const json_t *rule)
{
    static const char *const signs[] = {"PositiveTargeting", "NegativeTargeting"};
    for (size_t i = 0; i < 2; i++) {
        const json_t *codes = json_object_get(json_object_get(rule, signs[i]), "CountryCodes");
        for (size_t j = 0; j < json_array_size(codes); j++) {
            const char *code = json_string_value(json_array_get(codes, j));
            char *words = text_format("%s%s", i == 0 ? "" : "not ", code != NULL ? code : "?");
            add_words(offer->countries, sizeof(offer->countries), words);
            free(words);
        }
    }
}

static void add_other(struct catalog_offer *offer, const char *words)
{
    add_words(offer->others, sizeof(offer->others), words);
}

static void read_targeting(struct catalog_offer *offer, const json_t *rule)
{
    const json_t *positive = json_object_get(rule, "PositiveTargeting");
    const json_t *negative = json_object_get(rule, "NegativeTargeting");
    offer->buyer_count = read_accounts(json_object_get(positive, "BuyerAccounts"), offer->buyers,
                                       offer->buyer_count);
    if (json_array_size(json_object_get(negative, "BuyerAccounts")) > 0)
        add_other(offer, "buyers who are left out");
    read_countries(offer, rule);
}

/* One that begins when AWS made or changed the offer begins at once, as ours do; AWS may say so. */
static void read_start(struct catalog_offer *offer, const json_t *rule, const char *changed)
{
    const char *start = json_text(rule, "AvailabilityStartDate");
    if (*start != '\0' && strncmp(start, changed, DATE_TEXT - 1) > 0)
        add_other(offer, "an availability that begins later");
}

static void read_rules(struct catalog_offer *offer, const json_t *rules, const char *changed)
{
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *rule = json_array_get(rules, i);
        const char *type = json_text(rule, "Type");
        if (strcmp(type, "TargetingRule") == 0)
            read_targeting(offer, rule);
        else if (strcmp(type, "AvailabilityRule") == 0)
            read_start(offer, rule, changed);
        else if (*type != '\0')
            add_other(offer, type);
    }
}

static void read_validity(struct catalog_offer *offer, const json_t *terms)
{
    const json_t *validity = of_type(terms, "ValidityTerm");
    catalog_fit_whole(validity, "AgreementDuration", offer->duration, sizeof(offer->duration));
    if (*json_text(validity, "AgreementStartDate") != '\0')
        add_other(offer, "an agreement start date");
    if (*json_text(validity, "AgreementEndDate") != '\0')
        add_other(offer, "an agreement end date");
}

/* A draft need not say that it is one; but something of an offer must be there. */
static bool is_offer(const json_t *details)
{
    return *json_text(details, "State") != '\0' ||
           *json_text(details, "ResaleAuthorizationId") != '\0' ||
           json_array_size(json_object_get(details, "Rules")) > 0;
}

bool catalog_offer(const json_t *reply, struct catalog_offer *offer)
{
    json_t *details = details_of(reply);
    const json_t *rules = json_object_get(details, "Rules");
    *offer = (struct catalog_offer){
        .released = strcmp(json_text(details, "State"), "Released") == 0,
    };
    catalog_fit_id(json_text(reply, "EntityIdentifier"), offer->id, sizeof(offer->id));
    catalog_fit_revision(json_text(reply, "EntityIdentifier"), offer->revision,
                         sizeof(offer->revision));
    catalog_fit_whole(details, "Name", offer->name, sizeof(offer->name));
    catalog_fit_whole(details, "Description", offer->description, sizeof(offer->description));
    catalog_fit_whole(details, "ResaleAuthorizationId", offer->authorization,
                      sizeof(offer->authorization));
    catalog_fit_whole(details, "MarkupPercentage", offer->markup, sizeof(offer->markup));
    if (offer->markup[0] == '\0')
        text_fit(offer->markup, sizeof(offer->markup), "0");
    catalog_fit(of_type(rules, "AvailabilityRule"), "AvailabilityEndDate", offer->accept_by,
                sizeof(offer->accept_by));
    read_rules(offer, rules, json_text(reply, "LastModifiedDate"));
    if (*json_text(details, "OfferSetId") != '\0')
        add_other(offer, "an offer set");
    read_validity(offer, json_object_get(details, "Terms"));
    read_terms(&offer->terms, details);
    bool good = details != NULL && offer->id[0] != '\0' && is_offer(details);
    json_decref(details);
    return good;
}
