#include "offers_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/people.h"
#include "book/requests.h"
#include "book/votes.h"
#include "mem.h"
#include "offers/content.h"
#include "offers/date.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "text.h"

static json_t *json_time(int64_t ms)
{
    char text[TIME_TEXT];
    date_time_write(ms, text);
    return json_string(text);
}

/* Without a name when the book has none: the bot and AWS never do. */
static json_t *json_person(struct turn *turn, const char *id)
{
    struct person person;
    json_t *object = json_pack("{s:s}", "id", id);
    if (people_get(turn, id, &person) && *person.name != '\0')
        json_object_set_new(object, "name", json_string(person.name));
    return object;
}

static json_t *json_offer(struct turn *turn, const struct request *offer)
{
    struct text title = {0};
    char number[32];
    snprintf(number, sizeof(number), "CPPO-%lld", (long long)offer->number);
    if (offer->kind->title != NULL)
        offer->kind->title(offer, &title);
    json_t *object =
        json_pack("{s:s, s:s, s:i, s:s, s:s, s:o, s:o}", "number", number, "kind",
                  offer->kind->name, "revision", offer->revision, "state",
                  request_state_name(offer->state), "title", text_get(&title), "requester",
                  json_person(turn, offer->requester), "changed_at", json_time(offer->changed_at));
    text_free(&title);
    return object;
}

static json_t *json_content(struct turn *turn, const struct request *offer)
{
    char *content = requests_content(turn, offer->number, offer->revision);
    json_t *object = json_object();
    struct text value = {0};
    const char *name;
    for (char *rest = content; rest != NULL && content_next(&rest, &name, &value);)
        json_object_set_new(object, name, json_string(text_get(&value)));
    text_free(&value);
    free(content);
    return object;
}

static json_t *json_move(struct turn *turn, const struct move *move)
{
    return json_pack("{s:o, s:i, s:s, s:s, s:s, s:o, s:s}", "at", json_time(move->at), "revision",
                     move->revision, "event", request_event_name(move->event), "from",
                     request_state_name(move->from), "to", request_state_name(move->to), "by",
                     json_person(turn, actor_name(&move->who)), "why", move->why);
}

static json_t *json_decisions(struct turn *turn, int64_t number)
{
    enum { MAX_DECISIONS = 200 };
    struct decided *decided = mem_new(MAX_DECISIONS, sizeof(*decided));
    size_t count = votes_all(turn, number, decided, MAX_DECISIONS);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct vote *vote = &decided[i].vote;
        json_array_append_new(
            list,
            json_pack("{s:o, s:i, s:s, s:s, s:o, s:s, s:s}", "at", json_time(vote->at), "revision",
                      vote->revision, "event", request_event_name(decided[i].verdict), "step",
                      vote->step, "by", json_person(turn, vote->person), "comment", vote->comment,
                      "code", decided[i].code, "lost", vote->lost));
    }
    free(decided);
    return list;
}

json_t *offers_json_list(struct turn *turn, const struct request *offers, size_t count,
                         int64_t total)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_offer(turn, &offers[i]));
    return json_pack("{s:I, s:o}", "total", (json_int_t)total, "offers", list);
}

json_t *offers_json_one(struct turn *turn, const struct request *offer, const struct move *moves,
                        size_t count)
{
    struct draft draft;
    struct change_set set = {.id = ""};
    json_t *history = json_array();
    json_t *object = json_offer(turn, offer);
    drafts_get(turn, offer->number, &draft);
    change_sets_last(turn, offer->number, &set);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(history, json_move(turn, &moves[i]));
    json_object_set_new(object, "content", json_content(turn, offer));
    json_object_set_new(object, "draft", json_string(draft_state_name(draft.state)));
    json_object_set_new(object, "marketplace_offer", json_string(draft.entity));
    json_object_set_new(object, "change_set", json_string(set.id));
    json_object_set_new(object, "decisions", json_decisions(turn, offer->number));
    json_object_set_new(object, "history", history);
    return object;
}

void offers_json_print(json_t *value)
{
    json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    printf("\n");
    json_decref(value);
}
