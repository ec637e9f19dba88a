/* A colleague who works in the AWS console while the bot works through the API: another identity of
 * the same account, whose changes go through the same change sets, locks and rules. */
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "mem.h"

static const int64_t DAY_MS = INT64_C(86400000);

/* --- what the colleague does, as changes --- */

struct work {
    struct market *market;
    const char *id;
    const json_t *offer;
    const json_t *value; /* as ordered; NULL: something that makes a difference */
};

static const char *text_or(const struct work *work, const char *fallback)
{
    const char *text = json_string_value(work->value);
    return text != NULL ? text : fallback;
}

static json_t *change(const struct work *work, const char *type, json_t *details)
{
    return json_pack("{s:s, s:{s:s, s:s}, s:o}", "ChangeType", type, "Entity", "Type", "Offer@1.0",
                     "Identifier", work->id, "DetailsDocument", details);
}

static json_t *one_term(json_t *term)
{
    return json_pack("{s:[o]}", "Terms", term);
}

static json_t *name(const struct work *work)
{
    return json_pack("{s:s}", "Name", text_or(work, "Another name"));
}

static json_t *markup(const struct work *work)
{
    return json_pack("{s:s}", "Percentage", text_or(work, "1"));
}

static json_t *targets(json_t *buyers)
{
    return json_pack("{s:{s:o}}", "PositiveTargeting", "BuyerAccounts", buyers);
}

static json_t *buyers(const struct work *work)
{
    return targets(json_is_array(work->value) ? json_deep_copy(work->value)
                                              : json_pack("[s]", "123456789012"));
}

static json_t *countries(const struct work *work)
{
    json_t *details = targets(json_deep_copy(offer_buyers(work->offer)));
    json_object_set_new(json_object_get(details, "PositiveTargeting"), "CountryCodes",
                        json_is_array(work->value) ? json_deep_copy(work->value)
                                                   : json_pack("[s]", "DE"));
    return details;
}

/* An address, or the standard contract. */
static json_t *legal(const struct work *work)
{
    const char *url = text_or(work, "https://partner.s3.amazonaws.com/other-eula.pdf");
    json_t *document =
        strncmp(url, "https:", 6) == 0
            ? json_pack("{s:s, s:s}", "Type", "CustomEula", "Url", url)
            : json_pack("{s:s, s:s}", "Type", "StandardEula", "Version", "2022-07-14");
    return one_term(json_pack("{s:s, s:[o]}", "Type", "LegalTerm", "Documents", document));
}

static json_t *term(const struct work *work)
{
    return one_term(json_pack("{s:s, s:s}", "Type", "ValidityTerm", "AgreementDuration",
                              text_or(work, "P30D")));
}

static json_t *until(const struct work *work, int days)
{
    char when[32];
    iso_time(market_now(work->market) + days * DAY_MS, when);
    when[10] = '\0';
    return json_pack("{s:s}", "AvailabilityEndDate", text_or(work, when));
}

static json_t *later(const struct work *work)
{
    return until(work, 120);
}

static json_t *at_once(const struct work *work)
{
    return until(work, -1);
}

static json_t *nothing(const struct work *work)
{
    (void)work;
    return json_object();
}

/* The authorization's term of this type as one of the offer's, to be changed. */
static json_t *taken_over(const struct work *work, const char *type)
{
    json_t *terms = terms_extended(json_object_get(work->market->authorizations,
                                                   text_in(work->offer, "ResaleAuthorizationId")));
    char *resale = text_format("Resale%s", type);
    const json_t *theirs = typed_in(terms, resale);
    json_t *own = theirs != NULL ? json_deep_copy(theirs) : json_object();
    json_object_set_new(own, "Type", json_string(type));
    json_decref(terms);
    free(resale);
    return own;
}

static json_t *price(const struct work *work)
{
    json_t *own = taken_over(work, "FixedUpfrontPricingTerm");
    json_object_set_new(own, "Price", json_string(text_or(work, "999999.99")));
    json_t *details = one_term(own);
    json_object_set_new(details, "PricingModel", json_string("Contract"));
    return details;
}

/* So much in each instalment. */
static json_t *schedule(const struct work *work)
{
    json_t *own = taken_over(work, "PaymentScheduleTerm");
    size_t i;
    json_t *charge;
    json_array_foreach(json_object_get(own, "Schedule"), i, charge)
    {
        json_object_set_new(charge, "ChargeAmount", json_string(text_or(work, "999999.99")));
    }
    return one_term(own);
}

static const struct {
    const char *act, *type;
    json_t *(*details)(const struct work *work);
    bool excludes_markup; /* which is set to 0 before */
} acts[] = {
    {"name", "UpdateInformation", name, false},
    {"markup", "UpdateMarkup", markup, false},
    {"buyers", "UpdateTargeting", buyers, false},
    {"countries", "UpdateTargeting", countries, false},
    {"legal", "UpdateLegalTerms", legal, false},
    {"term", "UpdateValidityTerms", term, false},
    {"date", "UpdateAvailability", later, false},
    {"extend", "UpdateAvailability", later, false},
    {"cancel", "UpdateAvailability", at_once, false},
    {"price", "UpdatePricingTerms", price, true},
    {"schedule", "UpdatePaymentScheduleTerms", schedule, true},
    {"release", "ReleaseOffer", nothing, false},
};

/* NULL: no such act. */
static json_t *changes_of(const struct work *work, const char *act)
{
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (strcmp(acts[i].act, act) != 0)
            continue;
        json_t *changes = json_array();
        if (acts[i].excludes_markup)
            json_array_append_new(
                changes, change(work, "UpdateMarkup", json_pack("{s:s}", "Percentage", "0")));
        json_array_append_new(changes, change(work, acts[i].type, acts[i].details(work)));
        return changes;
    }
    return NULL;
}

/* --- doing it --- */

static const char *act_now(struct market *market, const json_t *order, json_t *answer)
{
    const char *id = text_in(order, "offer");
    const json_t *offer = json_object_get(market->offers, id);
    struct market_answer reply = {0};
    if (offer == NULL)
        return "no_such_offer";
    const struct work work = {market, id, offer, json_object_get(order, "value")};
    json_t *changes = changes_of(&work, text_in(order, "act"));
    if (changes == NULL)
        return "no_such_act";
    json_t *args = json_pack("{s:s, s:o}", "Catalog", "AWSMarketplace", "ChangeSet", changes);
    market->by = "colleague";
    changes_start(market, args, &reply);
    market->by = NULL;
    json_decref(args);
    const char *set = text_in(reply.body, "ChangeSetId");
    if (reply.code == NULL && !json_is_true(json_object_get(order, "slowly")))
        changes_finish(market, set);
    if (reply.code == NULL) {
        json_object_set_new(answer, "change_set", json_string(set));
        json_object_set(answer, "status",
                        json_object_get(json_object_get(market->change_sets, set), "Status"));
    }
    log_entry(market->sandbox, "market.colleague",
              json_pack("{s:s, s:s, s:s, s:s}", "offer", id, "act", text_in(order, "act"),
                        "change_set", set, "error", reply.code != NULL ? reply.code : ""));
    json_decref(reply.body);
    return reply.code;
}

/* The order, for the newest offer when it names none: a new reference. */
static json_t *name_offer(struct market *market, const json_t *order)
{
    const char *id;
    json_t *offer;
    json_t *named = json_deep_copy(order);
    if (*text_in(order, "offer") != '\0')
        return named;
    json_object_foreach(market->offers, id, offer)
    {
        json_object_set_new(named, "offer", json_string(id));
    }
    return named;
}

const char *play_colleague(struct market *market, const json_t *order, json_t *answer)
{
    if (json_object_get(order, "after") == NULL) {
        json_t *named = name_offer(market, order);
        const char *error = act_now(market, named, answer);
        json_decref(named);
        return error;
    }
    if (!json_is_object(json_object_get(order, "after")))
        return "after is {operation, skip}";
    json_array_append_new(market->waiting, json_deep_copy(order));
    return NULL;
}

/* Whom a lock keeps out tries again behind the next call. */
void colleague_turn(struct market *market, const char *operation)
{
    for (size_t i = 0; i < json_array_size(market->waiting); i++) {
        json_t *order = json_array_get(market->waiting, i);
        json_t *after = json_object_get(order, "after");
        const char *wanted = text_in(after, "operation");
        json_int_t skip = json_integer_value(json_object_get(after, "skip"));
        if (strcmp(wanted, "*") != 0 && strcmp(wanted, operation) != 0)
            continue;
        if (skip > 0) {
            json_object_set_new(after, "skip", json_integer(skip - 1));
            continue;
        }
        json_t *answer = json_object();
        json_t *now = name_offer(market, order);
        const char *error = act_now(market, now, answer);
        if (error == NULL ||
            (strcmp(error, "ResourceInUseException") != 0 && strcmp(error, "no_such_offer") != 0))
            json_array_remove(market->waiting, i--);
        json_decref(answer);
        json_decref(now);
    }
}
