/* What the judge knows of offers that a colleague released in AWS's console. */
#include <stdio.h>
#include <string.h>

#include "../sandbox/market.h"
#include "io/store.h"
#include "sim.h"
#include "text.h"

/* What the operators are told of it. */
static const char theirs_differs[] =
    "was released in the AWS console, and is not what was approved";
static const char theirs_unapproved[] = "is live at AWS Marketplace, though here it is";

bool judge_alarmed(struct sim *sim, long long number, const char *words)
{
    char mark[40];
    bool found = false;
    size_t i;
    const json_t *message;
    int size = snprintf(mark, sizeof(mark), "CPPO-%lld", number);
    json_array_foreach(sim->messages, i, message)
    {
        const char *channel = text_in(message, "channel");
        const char *text = text_in(message, "text");
        const char *at = strstr(text, mark);
        /* Where their channel is shut, each of them is told. */
        found |= (strcmp(channel, "C0OPERATORS") == 0 || strcmp(channel, "U0OLGA") == 0) &&
                 at != NULL && (at[size] < '0' || at[size] > '9') && strstr(text, words) != NULL;
    }
    return found;
}

const json_t *judge_released(struct sim *sim, const char *id)
{
    const json_t *one = json_object_get(sim->releases, id);
    return strcmp(text_in(one, "by"), "colleague") != 0 ? json_object_get(one, "offer") : NULL;
}

/* It was live when people put an end to it here. */
static bool was_live_before(struct sim *sim, const char *id, long long number)
{
    const json_t *at = json_object_get(json_object_get(sim->releases, id), "at");
    return store_int(sim->store,
                     "SELECT count(*) FROM draft JOIN move ON move.request = draft.offer WHERE"
                     " draft.offer = ? AND entity = ? AND state = 'abandoned' AND"
                     " event IN ('reject', 'withdraw') AND move.at > ?",
                     SQL_ARGS(SQL_INT(number), SQL_TEXT(id), SQL_INT(json_integer_value(at))),
                     0) > 0;
}

/* Somebody released it by hand. What the bot was to release and finds released it takes for its own
 * when it is what was approved, and calls the operators when it is not. At what was rejected or
 * withdrawn it looks some more times, and calls them if it is live; what is released later than
 * that it promises nothing of. */
char *judge_by_hand(struct sim *sim, const char *id, long long number, const json_t *typed)
{
    const json_t *then = json_object_get(json_object_get(sim->releases, id), "offer");
    bool taken = store_int(sim->store,
                           "SELECT count(*) FROM draft WHERE offer = ? AND entity = ? AND state ="
                           " 'released'",
                           SQL_ARGS(SQL_INT(number), SQL_TEXT(id)), 0) > 0;
    bool found = store_int(sim->store,
                           "SELECT count(*) FROM move WHERE request = ? AND event = 'fail' AND why"
                           " LIKE '%released in the AWS console%'",
                           SQL_ARGS(SQL_INT(number)), 0) > 0;
    if (taken && (typed == NULL || !content_is(then, typed)) &&
        !judge_alarmed(sim, number, JUDGE_DIFFERS))
        return text_format("I2: CPPO-%lld was released by hand as another, and is published",
                           number);
    if (was_live_before(sim, id, number) && !judge_alarmed(sim, number, theirs_unapproved))
        return text_format("I2: CPPO-%lld was live when it was ended, and nobody was told", number);
    if (found && !judge_alarmed(sim, number, theirs_differs))
        return text_format("I2: CPPO-%lld was released by hand as another, and nobody was told",
                           number);
    return NULL;
}
