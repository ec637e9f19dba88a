/* What the replies say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marketplace/catalog.h"
#include "marketplace/change_sets.h"
#include "marketplace/errors.h"
#include "mem.h"
#include "offers/date.h"
#include "text.h"

/* --- small readers ------------------------------------------------------------------------ */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static void fit(const json_t *object, const char *key, char *array, size_t room)
{
    text_fit(array, room, text_of(object, key));
}

/* For what is compared: a text that is too long must not equal one that is as long as there is
 * room, nor anything that can be typed. */
static void fit_whole(const json_t *object, const char *key, char *array, size_t room)
{
    if (!text_fit(array, room, text_of(object, key)))
        text_fit(array, room, "\x1Ftoo long");
}

/* "offer-abc@3" -> "offer-abc". */
static void fit_id(const char *id, char *array, size_t room)
{
    text_fit(array, room, id);
    array[strcspn(array, "@")] = '\0';
}

static int64_t time_of(const json_t *object, const char *key)
{
    int64_t ms;
    return date_time_read(&ms, text_of(object, key)) ? ms : 0;
}

/* DetailsDocument where there is one, else Details, which is JSON inside a string. */
static json_t *details_of(const json_t *reply)
{
    json_t *document = json_object_get(reply, "DetailsDocument");
    if (json_is_object(document))
        return json_incref(document);
    return json_loads(text_of(reply, "Details"), 0, NULL);
}

static const json_t *of_type(const json_t *array, const char *type)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *one = json_array_get(array, i);
        if (strcmp(text_of(one, "Type"), type) == 0)
            return one;
    }
    return NULL;
}

/* The price of the only dimension of a usage-based term; false when there is not exactly one. */
static bool only_price(const json_t *term, char *price, size_t room, char *dimension,
                       size_t dimension_room)
{
    const json_t *card =
        json_object_get(json_array_get(json_object_get(term, "RateCards"), 0), "RateCard");
    if (json_array_size(json_object_get(term, "RateCards")) != 1 || json_array_size(card) != 1)
        return false;
    fit(json_array_get(card, 0), "Price", price, room);
    fit(json_array_get(card, 0), "DimensionKey", dimension, dimension_room);
    return true;
}

/* Accounts stand as strings in an offer, as objects with AwsAccountId in an authorization. What is
 * no account id is somebody all the same, and nobody whom we know. */
static size_t read_accounts(const json_t *list, char (*accounts)[ACCOUNT_ID])
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const char *id = json_string_value(one);
        if (id == NULL)
            id = text_of(one, "AwsAccountId");
        if (count == MOST_AUTHORIZED_BUYERS)
            return count + 1;
        text_fit(accounts[count++], ACCOUNT_ID, strlen(id) == ACCOUNT_ID - 1 ? id : "?");
    }
    return count;
}

/* --- lists -------------------------------------------------------------------------------- */

static void read_summary(const json_t *entity, struct authorization *a)
{
    const json_t *summary = json_object_get(entity, "ResaleAuthorizationSummary");
    *a = (struct authorization){.ends_at = time_of(summary, "AvailabilityEndDate")};
    fit_id(text_of(entity, "EntityId"), a->id, sizeof(a->id));
    fit(summary, "Name", a->name, sizeof(a->name));
    if (a->name[0] == '\0')
        fit(entity, "Name", a->name, sizeof(a->name));
    fit(summary, "ProductId", a->product_id, sizeof(a->product_id));
    fit(summary, "ProductName", a->product_name, sizeof(a->product_name));
    fit(summary, "ManufacturerLegalName", a->isv_name, sizeof(a->isv_name));
    fit(summary, "Status", a->status, sizeof(a->status));
    fit(summary, "OfferExtendedStatus", a->extended_status, sizeof(a->extended_status));
}

struct authorization *catalog_authorizations(const json_t *reply, size_t *count,
                                             char next[NEXT_TOKEN])
{
    const json_t *list = json_object_get(reply, "EntitySummaryList");
    struct authorization *all = mem_new(json_array_size(list), sizeof(*all));
    *count = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        read_summary(json_array_get(list, i), &all[*count]);
        if (all[*count].id[0] != '\0')
            ++*count;
    }
    fit(reply, "NextToken", next, NEXT_TOKEN);
    return all;
}

size_t catalog_offer_ids(const json_t *reply, char (*ids)[ENTITY_ID], size_t room,
                         char next[NEXT_TOKEN])
{
    const json_t *list = json_object_get(reply, "EntitySummaryList");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list) && count < room; i++) {
        fit_id(text_of(json_array_get(list, i), "EntityId"), ids[count], ENTITY_ID);
        count += ids[count][0] != '\0';
    }
    fit(reply, "NextToken", next, NEXT_TOKEN);
    return count;
}

/* --- entities ----------------------------------------------------------------------------- */

bool catalog_authorization(const json_t *reply, struct authorization *a)
{
    json_t *details = details_of(reply);
    const json_t *terms = json_object_get(details, "Terms");
    const json_t *rules = json_object_get(details, "Rules");
    const json_t *availability = of_type(rules, "AvailabilityRule");
    const json_t *price = of_type(terms, "ResaleUsageBasedPricingTerm");
    const json_t *targeting =
        json_object_get(of_type(terms, "BuyerTargetingTerm"), "PositiveTargeting");
    *a = (struct authorization){.ends_at = time_of(availability, "AvailabilityEndDate")};
    fit_id(text_of(reply, "EntityIdentifier"), a->id, sizeof(a->id));
    fit(details, "Name", a->name, sizeof(a->name));
    fit(details, "ProductId", a->product_id, sizeof(a->product_id));
    fit(details, "ProductName", a->product_name, sizeof(a->product_name));
    fit(details, "ManufacturerLegalName", a->isv_name, sizeof(a->isv_name));
    fit(details, "Status", a->status, sizeof(a->status));
    fit(json_object_get(details, "OfferDetails"), "OfferExtendedStatus", a->extended_status,
        sizeof(a->extended_status));
    a->single_use = strcmp(text_of(availability, "Usage"), "Limited") == 0;
    fit(price, "CurrencyCode", a->currency, sizeof(a->currency));
    if (!only_price(price, a->unit_price, sizeof(a->unit_price), a->dimension,
                    sizeof(a->dimension)))
        a->unit_price[0] = '\0';
    fit(of_type(terms, "BuyerValidityTerm"), "AgreementDuration", a->duration, sizeof(a->duration));
    a->buyer_count = read_accounts(json_object_get(targeting, "BuyerAccounts"), a->buyers);
    if (a->buyer_count > MOST_AUTHORIZED_BUYERS)
        a->buyer_count = 0;
    bool good = details != NULL && a->id[0] != '\0' && a->status[0] != '\0';
    json_decref(details);
    return good;
}

/* The last legal term is the one that was added to the authorization's. */
static void read_eula(const json_t *terms, struct catalog_offer *offer)
{
    for (size_t i = 0; i < json_array_size(terms); i++) {
        const json_t *term = json_array_get(terms, i);
        const json_t *document = json_array_get(json_object_get(term, "Documents"), 0);
        if (strcmp(text_of(term, "Type"), "LegalTerm") != 0)
            continue;
        fit_whole(document, "Type", offer->eula_type, sizeof(offer->eula_type));
        fit_whole(document, "Url", offer->eula_url, sizeof(offer->eula_url));
        fit_whole(document, "Version", offer->eula_version, sizeof(offer->eula_version));
    }
}

bool catalog_offer(const json_t *reply, struct catalog_offer *offer)
{
    char dimension[201];
    json_t *details = details_of(reply);
    const json_t *terms = json_object_get(details, "Terms");
    const json_t *rules = json_object_get(details, "Rules");
    const json_t *targeting = json_object_get(of_type(rules, "TargetingRule"), "PositiveTargeting");
    *offer = (struct catalog_offer){
        .released = strcmp(text_of(details, "State"), "Released") == 0,
    };
    fit_id(text_of(reply, "EntityIdentifier"), offer->id, sizeof(offer->id));
    fit_whole(details, "Name", offer->name, sizeof(offer->name));
    fit_whole(details, "Description", offer->description, sizeof(offer->description));
    fit_whole(details, "ResaleAuthorizationId", offer->authorization, sizeof(offer->authorization));
    fit_whole(details, "MarkupPercentage", offer->markup, sizeof(offer->markup));
    fit(of_type(rules, "AvailabilityRule"), "AvailabilityEndDate", offer->accept_by,
        sizeof(offer->accept_by));
    fit_whole(of_type(terms, "ValidityTerm"), "AgreementDuration", offer->duration,
              sizeof(offer->duration));
    if (!only_price(of_type(terms, "UsageBasedPricingTerm"), offer->unit_price,
                    sizeof(offer->unit_price), dimension, sizeof(dimension)))
        offer->unit_price[0] = '\0';
    offer->buyer_count = read_accounts(json_object_get(targeting, "BuyerAccounts"), offer->buyers);
    read_eula(terms, offer);
    bool good = details != NULL && offer->id[0] != '\0' && *text_of(details, "State") != '\0';
    json_decref(details);
    return good;
}

/* --- what differs ------------------------------------------------------------------------- */

static void differ(struct text *list, const char *what, const char *held, const char *wanted)
{
    text_addf(list, "%sAWS holds %s “%s”, approved is “%s”", list->size > 0 ? "; " : "", what, held,
              wanted);
}

static void compare(struct text *list, const char *what, const char *held, const char *wanted)
{
    if (strcmp(held, wanted) != 0)
        differ(list, what, held, wanted);
}

static bool same_buyers(const struct catalog_offer *held, const struct content *content)
{
    if (held->buyer_count != content->buyer_count)
        return false;
    for (size_t i = 0; i < content->buyer_count; i++) {
        size_t j = 0;
        while (j < held->buyer_count && strcmp(held->buyers[j], content->buyers[i]) != 0)
            j++;
        if (j == held->buyer_count)
            return false;
    }
    return true;
}

static void compare_eula(struct text *list, const struct catalog_offer *held,
                         const struct content *content, const char *eula_version)
{
    if (content->eula == EULA_CUSTOM) {
        compare(list, "the EULA", held->eula_type, "CustomEula");
        compare(list, "the EULA's address", held->eula_url, content->eula_url);
    } else if (content->eula == EULA_STANDARD) {
        compare(list, "the EULA", held->eula_type, "StandardEula");
        compare(list, "the EULA's version", held->eula_version, eula_version);
    }
}

char *catalog_differences(const struct catalog_offer *held, int64_t offer, int revision,
                          const struct content *content, const char *eula_version)
{
    struct text list = {0};
    struct decimal theirs;
    struct decimal ours;
    char *description = change_set_description(offer, revision, content->customer);
    compare(&list, "the resale authorization", held->authorization, content->authorization);
    compare(&list, "the name", held->name, content->offer_name);
    compare(&list, "the description", held->description, description);
    if (!decimal_read(&theirs, held->markup) || !decimal_read(&ours, content->markup) ||
        decimal_compare(theirs, ours) != 0)
        differ(&list, "the markup", held->markup, content->markup);
    if (!same_buyers(held, content))
        text_addf(&list, "%sAWS holds other buyers than those approved", list.size > 0 ? "; " : "");
    /* Some replies carry a time with the date. */
    if (strncmp(held->accept_by, content->accept_by, DATE_TEXT - 1) != 0)
        differ(&list, "the accept-by date", held->accept_by, content->accept_by);
    compare(&list, "the term", held->duration, content->term);
    compare_eula(&list, held, content, eula_version);
    free(description);
    return list.size > 0 ? text_take(&list) : NULL;
}

/* --- change sets -------------------------------------------------------------------------- */

static enum change_set_status status_named(const char *name)
{
    static const char *const names[] = {"PREPARING", "APPLYING", "SUCCEEDED", "FAILED",
                                        "CANCELLED"};
    for (int i = 0; i < 5; i++) {
        if (strcmp(names[i], name) == 0)
            return (enum change_set_status)i;
    }
    return CHANGE_SET_STRANGE;
}

static void add_failures(const json_t *change, struct text *why, bool *can_retry)
{
    const json_t *list = json_object_get(change, "ErrorDetailList");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *code = text_of(json_array_get(list, i), "ErrorCode");
        const char *said = text_of(json_array_get(list, i), "ErrorMessage");
        bool may_retry;
        const char *words = aws_change_error(code, &may_retry);
        *can_retry = *can_retry && may_retry;
        text_addf(why, "%s%s: %s%s%s", why->size > 0 ? "; " : "", code, said,
                  words != NULL ? " – " : "", words != NULL ? words : "");
    }
}

bool catalog_change_set(const json_t *reply, struct change_set_state *state)
{
    struct text why = {0};
    const json_t *changes = json_object_get(reply, "ChangeSet");
    bool can_retry = true;
    *state = (struct change_set_state){.status = status_named(text_of(reply, "Status"))};
    fit(reply, "ChangeSetId", state->id, sizeof(state->id));
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        const char *entity = text_of(json_object_get(change, "Entity"), "Identifier");
        if (state->entity[0] == '\0' && entity[0] != '$')
            fit_id(entity, state->entity, sizeof(state->entity));
        add_failures(change, &why, &can_retry);
    }
    state->server_fault = strcmp(text_of(reply, "FailureCode"), "SERVER_FAULT") == 0;
    if (why.size == 0) { /* nothing says that the same content can succeed */
        can_retry = false;
        text_add(&why, text_of(reply, "FailureDescription"));
    }
    if (why.size == 0 && state->status == CHANGE_SET_FAILED)
        text_add(&why, "AWS does not say why");
    state->can_retry = state->server_fault || (state->status == CHANGE_SET_FAILED && can_retry);
    text_fit(state->why, sizeof(state->why), text_get(&why));
    text_free(&why);
    return state->id[0] != '\0';
}

/* The filter asked for this offer alone; an answer about another is not one. */
bool catalog_accepted(const json_t *reply, const char *entity)
{
    const json_t *list = json_object_get(reply, "agreementViewSummaries");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (strcmp(text_of(json_object_get(one, "proposalSummary"), "offerId"), entity) == 0)
            return true;
    }
    return false;
}

bool catalog_started(const json_t *reply, char id[ENTITY_ID])
{
    fit(reply, "ChangeSetId", id, ENTITY_ID);
    return id[0] != '\0';
}

bool catalog_find_change_set(const json_t *reply, const char *name, char id[ENTITY_ID])
{
    const json_t *list = json_object_get(reply, "ChangeSetSummaryList");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (strcmp(text_of(one, "ChangeSetName"), name) == 0) {
            fit(one, "ChangeSetId", id, ENTITY_ID);
            return id[0] != '\0';
        }
    }
    return false;
}
