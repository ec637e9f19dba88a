#include "sight.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { PAGE = 500 };

static const char *member(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

void sight_open(struct sight *sight)
{
    *sight = (struct sight){.cards = json_array(), .forms = json_object()};
}

void sight_close(struct sight *sight)
{
    json_decref(sight->cards);
    json_decref(sight->forms);
    json_decref(sight->kept);
}

/* --- cards --- */

static json_t *card_of(const struct sight *sight, const char *ts)
{
    size_t i;
    json_t *card;
    json_array_foreach(sight->cards, i, card)
    {
        if (strcmp(member(card, "ts"), ts) == 0)
            return card;
    }
    return NULL;
}

static void see_message(struct sight *sight, const json_t *entry)
{
    const char *ts = member(entry, "ts");
    if (strcmp(member(entry, "channel"), "C0APPROVALS") != 0 ||
        strcmp(member(entry, "what"), "ephemeral") == 0 ||
        card_of(sight, member(entry, "thread_ts")) != NULL) /* a reply below it */
        return;
    if (card_of(sight, ts) == NULL)
        json_array_append_new(sight->cards, json_pack("{s:s}", "ts", ts));
    json_object_set(card_of(sight, ts), "text", json_object_get(entry, "text"));
}

/* The call that made or changed a card comes right behind the message; a first post does not know
 * its ts yet. */
static void see_call(struct sight *sight, const json_t *entry)
{
    const json_t *body = json_object_get(entry, "body");
    size_t count = json_array_size(sight->cards);
    const char *method = member(entry, "method");
    if ((strcmp(method, "chat.postMessage") != 0 && strcmp(method, "chat.update") != 0) ||
        count == 0 || strcmp(member(body, "channel"), "C0APPROVALS") != 0 ||
        *member(body, "thread_ts") != '\0' || !json_is_true(json_object_get(entry, "ok")))
        return;
    json_t *card = json_object_get(body, "ts") != NULL ? card_of(sight, member(body, "ts"))
                                                       : json_array_get(sight->cards, count - 1);
    char *blocks = json_dumps(json_object_get(body, "blocks"), JSON_COMPACT);
    if (card != NULL && blocks != NULL)
        json_object_set_new(card, "shown", json_string(blocks));
    free(blocks);
}

const char *sight_card(const struct sight *sight, const char *words)
{
    for (size_t i = json_array_size(sight->cards); i-- > 0;) {
        const json_t *card = json_array_get(sight->cards, i);
        if (strstr(member(card, "text"), words) != NULL ||
            strstr(member(card, "shown"), words) != NULL)
            return member(card, "ts");
    }
    return NULL;
}

/* --- forms --- */

static void see_view(struct sight *sight, const json_t *entry)
{
    const char *id = member(entry, "view_id");
    if (strcmp(member(entry, "type"), "modal") != 0)
        return;
    if (strcmp(member(entry, "kind"), "view.closed") == 0)
        json_object_del(sight->forms, id);
    else
        json_object_set_new(sight->forms, id,
                            json_pack("{s:s, s:s}", "user", member(entry, "user"), "callback_id",
                                      member(entry, "callback_id")));
}

bool sight_form(const struct sight *sight, const char *user, const char *form)
{
    const char *id;
    json_t *view;
    json_object_foreach(sight->forms, id, view)
    {
        if (strcmp(member(view, "user"), user) == 0 &&
            (form == NULL || strcmp(member(view, "callback_id"), form) == 0))
            return true;
    }
    return false;
}

/* --- reading --- */

static void see(struct sight *sight, json_t *entry)
{
    const char *kind = member(entry, "kind");
    if (sight->kept != NULL && strcmp(kind, "slack.call") != 0 && strncmp(kind, "socket.", 7) != 0)
        json_array_append(sight->kept, entry);
    if (strcmp(kind, "slack.message") == 0)
        see_message(sight, entry);
    else if (strcmp(kind, "slack.call") == 0)
        see_call(sight, entry);
    else if (strncmp(kind, "view.", 5) == 0)
        see_view(sight, entry);
}

int sight_read(struct sight *sight, struct world *world)
{
    for (size_t got = PAGE, i; got == PAGE;) {
        char *path = text_format("log?after=%" JSON_INTEGER_FORMAT, sight->next);
        json_t *part = world_ask(world, path, NULL);
        json_t *entry, *entries = json_object_get(part, "entries");
        free(path);
        if (part == NULL)
            return -1;
        got = json_array_size(entries);
        sight->next = json_integer_value(json_object_get(part, "next"));
        json_array_foreach(entries, i, entry)
        {
            see(sight, entry);
        }
        json_decref(part);
    }
    return 0;
}
