/* What the others do in this story: the ISV extends and revokes resale authorizations, buyers
 * accept offers. Each takes the order of POST /_sandbox/market/NAME and adds what came of it to the
 * answer; NULL, or what was wrong with the order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "market.h"
#include "mem.h"

/* --- the ISV --- */

static json_t *given(const json_t *order, const char *key, json_t *fallback)
{
    json_t *value = json_object_get(order, key);
    if (value == NULL)
        return fallback;
    json_decref(fallback);
    return json_deep_copy(value);
}

/* "2027-01-10", as AWS asks for it, or the time as AWS shows it; NULL: neither. */
static json_t *end_of(const json_t *order)
{
    const char *text = text_in(order, "end");
    size_t size = strlen(text);
    struct tm when;
    const char *rest = strptime(text, "%Y-%m-%d", &when);
    if (size == 0)
        return json_string(MARKET_NO_END);
    if (rest != NULL && *rest == '\0' && size == 10)
        return json_sprintf("%sT23:59:59.999Z", text);
    return rest != NULL && *rest == 'T' && text[size - 1] == 'Z' ? json_string(text) : NULL;
}

/* Members that only some authorizations have. */
static void set_more(json_t *one, const json_t *order)
{
    static const char *const keys[] = {"pricing", "dimensions",  "model",        "currency",
                                       "eula",    "net_payment", "latest_start", "product_type"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const json_t *value = json_object_get(order, keys[i]);
        if (value != NULL)
            json_object_set_new(one, keys[i], json_deep_copy(value));
    }
}

const char *play_extend(struct market *market, const json_t *order, json_t *answer)
{
    char now[32];
    const char *kind = text_in(order, "kind");
    if (*text_in(order, "name") == '\0')
        return "name_missing";
    json_t *end = end_of(order);
    if (end == NULL)
        return "end is a day, 2027-01-10, or a time, 2027-01-10T23:59:59.999Z";
    iso_time(market_now(market), now);
    char *id = market_id(market, "resaleauthz-");
    json_t *one = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "name", text_in(order, "name"),
                            "status", "Active", "extended_status", "Not Started", "created", now,
                            "modified", now, "made_ms", (json_int_t)market_now(market));
    json_object_set_new(one, "end", end);
    json_object_set_new(one, "price", given(order, "price", json_string("0.008")));
    json_object_set_new(one, "single_use", given(order, "single_use", json_false()));
    json_object_set_new(one, "buyers", given(order, "buyers", json_array()));
    const char *wrong = kind_set(market, *kind != '\0' ? kind : "usage", one);
    set_more(one, order);
    if (wrong != NULL) {
        json_decref(one);
        free(id);
        return wrong;
    }
    json_object_set_new(market->authorizations, id, one);
    log_entry(market->sandbox, "market.authorization",
              json_pack("{s:s, s:s}", "id", id, "status", "Active"));
    json_object_set_new(answer, "authorization", json_string(id));
    free(id);
    return NULL;
}

const char *play_revoke(struct market *market, const json_t *order, json_t *answer)
{
    char now[32];
    const char *id = text_in(order, "authorization");
    json_t *one = json_object_get(market->authorizations, id);
    (void)answer;
    iso_time(market_now(market), now);
    if (one == NULL)
        return "no_such_authorization";
    if (strcmp(text_in(one, "status"), "Active") != 0)
        return "not_active";
    if (strcmp(text_in(one, "end"), now) < 0)
        return "expired"; /* those cannot be restricted any more */
    json_object_set_new(one, "status", json_string("Restricted"));
    json_object_set_new(one, "modified", json_string(now));
    log_entry(market->sandbox, "market.authorization",
              json_pack("{s:s, s:s}", "id", id, "status", "Restricted"));
    return NULL;
}

/* --- the buyer --- */

static bool is_targeted(const json_t *offer, const char *account)
{
    const json_t *list = offer_buyers(offer);
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), account) == 0)
            return true;
    }
    return false;
}

static bool has_accepted(const struct market *market, const char *offer, const char *account)
{
    const char *id;
    json_t *agreement;
    json_object_foreach(market->agreements, id, agreement)
    {
        if (strcmp(text_in(agreement, "offer"), offer) == 0 &&
            strcmp(text_in(agreement, "acceptor"), account) == 0)
            return true;
    }
    return false;
}

/* The end of an agreement that begins at ${start_ms} and runs for "P10Y", "P3650D" ... */
static int64_t after_duration(int64_t start_ms, const char *duration)
{
    time_t seconds = (time_t)(start_ms / 1000);
    struct tm when;
    gmtime_r(&seconds, &when);
    for (const char *at = duration + (*duration == 'P'); *at != '\0';) {
        char *unit;
        int count = (int)strtol(at, &unit, 10);
        if (*unit == 'Y')
            when.tm_year += count;
        else if (*unit == 'M')
            when.tm_mon += count;
        else if (*unit == 'D')
            when.tm_mday += count;
        at = *unit != '\0' ? unit + 1 : unit;
    }
    return (int64_t)timegm(&when) * 1000;
}

static int64_t day_ms(const char *date)
{
    struct tm when = {0};
    return strptime(date, "%Y-%m-%d", &when) != NULL ? (int64_t)timegm(&when) * 1000 : 0;
}

static json_t *agreement_of(struct market *market, const char *offer_id, const json_t *offer,
                            const char *account)
{
    const json_t *authorization =
        json_object_get(market->authorizations, text_in(offer, "ResaleAuthorizationId"));
    const json_t *term = offer_term(offer, "ValidityTerm");
    const char *duration =
        term != NULL ? text_in(term, "AgreementDuration") : terms_duration(authorization);
    const char *from = text_in(term, "AgreementStartDate");
    const char *until = text_in(term, "AgreementEndDate");
    int64_t now = market_now(market);
    int64_t start = *from != '\0' ? day_ms(from) : now;
    int64_t end = *until != '\0' ? day_ms(until) : after_duration(start, duration);
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:O*}", "offer", offer_id, "acceptor",
                     account, "proposer", SANDBOX_ACCOUNT, "status", "ACTIVE", "accepted_ms",
                     (json_int_t)now, "start_ms", (json_int_t)start, "end_ms", (json_int_t)end,
                     "product_type", json_object_get(authorization, "product_type"));
}

const char *play_accept(struct market *market, const json_t *order, json_t *answer)
{
    char today[32];
    const char *id = text_in(order, "offer");
    const char *account = text_in(order, "account");
    const json_t *offer = json_object_get(market->offers, id);
    iso_time(market_now(market), today);
    if (offer == NULL)
        return "no_such_offer";
    if (strcmp(text_in(offer, "State"), "Released") != 0)
        return "not_released";
    if (!is_targeted(offer, account))
        return "not_for_this_account"; /* their browser shows a 404 page */
    if (strncmp(text_in(offer_rule(offer, "AvailabilityRule"), "AvailabilityEndDate"), today, 10) <
        0)
        return "expired";
    if (has_accepted(market, id, account))
        return "already_accepted";
    char *agreement = market_id(market, "agmt-");
    json_object_set_new(market->agreements, agreement, agreement_of(market, id, offer, account));
    log_entry(market->sandbox, "market.agreement",
              json_pack("{s:s, s:s, s:s}", "id", agreement, "offer", id, "account", account));
    json_object_set_new(answer, "agreement", json_string(agreement));
    free(agreement);
    return NULL;
}

/* --- afterwards --- */

const char *play_agreement(struct market *market, const json_t *order, json_t *answer)
{
    static const char *const all[] = {"ACTIVE",      "ARCHIVED",   "CANCELLED",
                                      "EXPIRED",     "RENEWED",    "REPLACED",
                                      "ROLLED_BACK", "SUPERSEDED", "TERMINATED"};
    const char *id = text_in(order, "agreement");
    const char *status = text_in(order, "status");
    json_t *one = json_object_get(market->agreements, id);
    size_t i = 0;
    (void)answer;
    while (i < sizeof(all) / sizeof(all[0]) && strcmp(all[i], status) != 0)
        i++;
    if (one == NULL)
        return "no_such_agreement";
    if (i == sizeof(all) / sizeof(all[0]))
        return "no_such_status";
    json_object_set_new(one, "status", json_string(status));
    if (i > 0)
        json_object_set_new(one, "end_ms", json_integer(market_now(market)));
    log_entry(market->sandbox, "market.agreement",
              json_pack("{s:s, s:O, s:O, s:s}", "id", id, "offer", json_object_get(one, "offer"),
                        "account", json_object_get(one, "acceptor"), "status", status));
    return NULL;
}
