/* What the Marketplace holds, and what its files share. */
#include <stdlib.h>
#include <time.h>

#include "market.h"
#include "mem.h"

const char *text_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

void iso_time(int64_t ms, char text[32])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

int64_t market_now(const struct market *market)
{
    return sandbox_now_ms() + market->skew_ms;
}

char *market_id(struct market *market, const char *prefix)
{
    return text_format("%s%08u", prefix, ++market->last_id);
}

void market_refuse(struct market_answer *answer, int status, const char *code, const char *message)
{
    *answer = (struct market_answer){status, code, message, NULL};
}

struct market *market_open(struct sandbox *sandbox)
{
    struct market *market = mem_new(1, sizeof(*market));
    market->sandbox = sandbox;
    market->authorizations = json_object();
    market->offers = json_object();
    market->change_sets = json_object();
    market->buckets = json_object();
    market->late = json_array();
    market->agreements = json_object();
    market->orders = json_array();
    market->older = json_object();
    market->denied = json_object();
    market->waiting = json_array();
    ways_open(market);
    market->prepare_ms = market->apply_ms = 300;
    market->key_life_ms = 3600000;
    market->honours_tokens = true;
    entities_open(market);
    return market;
}

void market_close(struct market *market)
{
    if (market == NULL)
        return;
    json_decref(market->authorizations);
    json_decref(market->offers);
    json_decref(market->change_sets);
    json_decref(market->buckets);
    json_decref(market->late);
    json_decref(market->agreements);
    json_decref(market->orders);
    json_decref(market->ways);
    json_decref(market->older);
    json_decref(market->denied);
    json_decref(market->policy);
    json_decref(market->waiting);
    changes_close(market);
    free(market);
}
