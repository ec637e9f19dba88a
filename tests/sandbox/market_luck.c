/* Bad luck of the Marketplace as a whole, ordered with POST /_sandbox/fault: how the next change
 * set fares, whether tokens are honoured, how late the lists are, what the bot may do, and the
 * switches of market_ways.c. */
#include <string.h>

#include "market.h"

static const char *order_change_set(struct market *market, const json_t *wish)
{
    const char *what = text_in(wish, "change_set");
    const char *state = text_in(wish, "state");
    bool fails = strcmp(what, "fail") == 0;
    if (strcmp(what, "go_on") == 0)
        return changes_release_holds(market), NULL;
    if (!fails && strcmp(what, "hold") != 0 && strcmp(what, "cancel") != 0)
        return "change_set is \"fail\", \"cancel\", \"hold\" or \"go_on\"";
    if (fails && *text_in(wish, "code") == '\0')
        return "to fail, a change set needs a code";
    if (*state != '\0' && strcmp(state, "PREPARING") != 0 && strcmp(state, "APPLYING") != 0)
        return "a change set is held in state PREPARING or APPLYING";
    json_array_append_new(market->orders, json_deep_copy(wish));
    return NULL;
}

static const char *order_tokens(struct market *market, const json_t *wish)
{
    const char *mode = text_in(wish, "tokens");
    if (strcmp(mode, "honoured") != 0 && strcmp(mode, "ignored") != 0)
        return "tokens are \"honoured\" or \"ignored\"";
    market->honours_tokens = strcmp(mode, "honoured") == 0;
    return NULL;
}

static const char *order_lag(struct market *market, const json_t *wish)
{
    const json_t *lag = json_object_get(wish, "list_lag_ms");
    if (!json_is_integer(lag) || json_integer_value(lag) < 0)
        return "list_lag_ms is a number of milliseconds";
    market->list_lag_ms = json_integer_value(lag);
    return NULL;
}

bool market_luck(struct market *market, const json_t *wish, const char **error)
{
    static const struct {
        const char *key;
        const char *(*run)(struct market *market, const json_t *wish);
    } known[] = {
        {"change_set", order_change_set}, {"tokens", order_tokens},
        {"list_lag_ms", order_lag},       {"deny", access_deny},
        {"allow", access_deny},           {"policy", access_policy},
    };
    const char *key;
    json_t *value;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (json_object_get(wish, known[i].key) != NULL) {
            *error = known[i].run(market, wish);
            return true;
        }
    }
    json_object_foreach((json_t *)(uintptr_t)wish, key, value)
    {
        if (!way_known(key))
            return false;
        *error = way_set(market, key, value);
        if (*error != NULL)
            return true;
    }
    return json_object_size(wish) > 0;
}

void market_luck_ends(struct market *market)
{
    json_array_clear(market->orders);
    changes_release_holds(market);
    market->honours_tokens = true;
    market->list_lag_ms = 0;
    ways_open(market);
    json_object_clear(market->older);
    json_object_clear(market->denied);
    json_array_clear(market->waiting);
    json_decref(market->policy);
    market->policy = NULL;
}
