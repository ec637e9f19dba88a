/* POST /_sandbox/market/NAME: what tests and page order of the Marketplace. */
#include <stdlib.h>
#include <string.h>

#include "market.h"

static const char *change_authorization(struct market *market, const json_t *order, json_t *answer)
{
    static const char *const keys[] = {
        "status", "extended_status", "end", "price", "buyers", "gone", "eula"};
    json_t *one = json_object_get(market->authorizations, text_in(order, "id"));
    (void)answer;
    for (size_t i = 0; one != NULL && i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_t *value = json_object_get(order, keys[i]);
        if (value != NULL)
            json_object_set(one, keys[i], value);
    }
    return one != NULL ? NULL : "no_such_authorization";
}

static const char *add_authorizations(struct market *market, const json_t *order, json_t *answer)
{
    const json_t *model = json_object_get(market->authorizations, "resaleauthz-bronze2024");
    (void)answer;
    for (json_int_t i = json_integer_value(json_object_get(order, "count")); i > 0; i--) {
        char *id = market_id(market, "resaleauthz-more");
        json_t *one = json_deep_copy(model);
        json_object_set_new(one, "name", json_string(id));
        json_object_set_new(market->authorizations, id, one);
        free(id);
    }
    return NULL;
}

static const char *change_offer(struct market *market, const json_t *order, json_t *answer)
{
    json_t *offer = json_object_get(market->offers, text_in(order, "id"));
    (void)answer;
    if (offer == NULL)
        return "no_such_offer";
    return json_object_update(offer, json_object_get(order, "edit")) == 0 ? NULL : "no_edit";
}

static const char *set_clock(struct market *market, const json_t *order, json_t *answer)
{
    (void)answer;
    market->skew_ms = json_integer_value(json_object_get(order, "skew_ms"));
    return NULL;
}

static const char *set_key_life(struct market *market, const json_t *order, json_t *answer)
{
    (void)answer;
    market->key_life_ms = json_integer_value(json_object_get(order, "life_ms"));
    return NULL;
}

static const char *set_speed(struct market *market, const json_t *order, json_t *answer)
{
    (void)answer;
    market->prepare_ms = (int)json_integer_value(json_object_get(order, "prepare_ms"));
    market->apply_ms = (int)json_integer_value(json_object_get(order, "apply_ms"));
    return NULL;
}

static const struct {
    const char *name;
    const char *(*run)(struct market *market, const json_t *order, json_t *answer);
} known[] = {
    {"accept", play_accept},
    {"agreement", play_agreement},
    {"colleague", play_colleague},
    {"extend", play_extend},
    {"revoke", play_revoke},
    {"authorization", change_authorization},
    {"authorizations", add_authorizations},
    {"offer", change_offer},
    {"clock", set_clock},
    {"keys", set_key_life},
    {"speed", set_speed},
};

static const char *run(struct market *market, const char *what, const json_t *order, json_t *answer)
{
    if (!json_is_object(order))
        return "not_a_json_object";
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].name, what) == 0)
            return known[i].run(market, order, answer);
    }
    return "no_such_order";
}

void orders_serve(struct market *market, const char *what, const struct sb_request *request,
                  struct sb_reply *reply)
{
    json_t *order = json_loadb(request->body, request->body_size, 0, NULL);
    json_t *answer = json_object();
    const char *error = run(market, what, order, answer);
    json_object_set_new(answer, "ok", json_boolean(error == NULL));
    if (error != NULL)
        json_object_set_new(answer, "error", json_string(error));
    sandbox_reply_json(reply, error == NULL ? 200 : 400, answer);
    json_decref(order);
}
