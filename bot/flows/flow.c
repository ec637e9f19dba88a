#include "flows/flow.h"

#include <stdlib.h>

#include "flows/app_context.h"

int64_t flow_effect(struct turn *turn, const struct effect *effect, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    struct effect whole = *effect;
    whole.body = text;
    int64_t id = turn_effect(turn, &whole);
    free(text);
    json_decref(body);
    return id;
}

void flows_tell_card(struct turn *turn, const struct post *post, enum card_place place)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        if ((*flow)->on_card != NULL)
            (*flow)->on_card(turn, post, place);
    }
}

void flows_tell_reread(struct turn *turn, int64_t offer, int64_t wait)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        if ((*flow)->on_reread != NULL)
            (*flow)->on_reread(turn, offer, wait);
    }
}

void flows_tell_answer(struct turn *turn)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        if ((*flow)->on_answer != NULL)
            (*flow)->on_answer(turn);
    }
}

void flows_tell_finds(struct turn *turn)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        if ((*flow)->on_finds != NULL)
            (*flow)->on_finds(turn);
    }
}

void flows_tell_report(struct turn *turn)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        if ((*flow)->on_report != NULL)
            (*flow)->on_report(turn);
    }
}

void flows_tell_out(struct turn *turn, struct offer *offer, const struct find *find,
                    const struct catalog_offer *held)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        if ((*flow)->on_out != NULL)
            (*flow)->on_out(turn, offer, find, held);
    }
}

void flows_tell_action(struct turn *turn, const struct pending_action *pending,
                       const struct person *person, const char *content)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        if ((*flow)->on_action != NULL)
            (*flow)->on_action(turn, pending, person, content);
    }
}

void flows_tell_given_up(struct turn *turn, const struct pending_action *pending,
                         const char *content)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        if ((*flow)->on_given_up != NULL)
            (*flow)->on_given_up(turn, pending, content);
    }
}
