/* The judge, on state files that were put back: what people had put an end to stays ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/store.h"
#include "sim.h"
#include "text.h"

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static bool is_end(const char *state)
{
    return strcmp(state, "withdrawn") == 0 || strcmp(state, "rejected") == 0;
}

/* By the cards as they stand when the file is put back. The newest of an offer counts. */
void restored_note(struct sim *sim)
{
    size_t i;
    const json_t *message;
    json_object_clear(sim->ended);
    json_array_foreach(sim->messages, i, message)
    {
        const json_t *told = json_object_get(json_object_get(message, "metadata"), "event_payload");
        char number[30];
        if (strcmp(text_at(told, "kind"), "card") != 0)
            continue;
        snprintf(number, sizeof(number), "%lld",
                 (long long)json_integer_value(json_object_get(told, "offer")));
        if (is_end(text_at(told, "state")))
            json_object_set(sim->ended, number, json_object_get(told, "revision"));
        else
            json_object_del(sim->ended, number);
    }
}

/* Unless it was found to be out, or is not in the file, or was changed by somebody who did not know
 * yet. */
static bool is_alive(struct sim *sim, const char *number, int64_t revision)
{
    return store_int(sim->store,
                     "SELECT count(*) FROM request WHERE number = ? AND revision <= ? AND state NOT"
                     " IN ('withdrawn', 'rejected') AND NOT EXISTS (SELECT 1 FROM move WHERE"
                     " move.request = number AND event = 'find')",
                     SQL_ARGS(SQL_INT(atoll(number)), SQL_INT(revision)), 0) > 0;
}

char *restored_wrong(struct sim *sim)
{
    const char *number;
    json_t *revision;
    json_object_foreach(sim->ended, number, revision)
    {
        if (is_alive(sim, number, json_integer_value(revision)))
            return text_format("I2: CPPO-%s had been put an end to, and is alive again", number);
    }
    return NULL;
}
