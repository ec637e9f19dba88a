#include "flows/flow.h"

#include <assert.h>
#include <stdlib.h>

#include "flows/app_context.h"
#include "json.h"
#include "offers/kind.h"

int64_t flow_effect(struct turn *turn, const struct effect *effect, json_t *body)
{
    assert(effect->body == NULL);
    char *text = json_write(body);
    struct effect whole = *effect;
    whole.body = text;
    int64_t id = turn_effect(turn, &whole);
    free(text);
    return id;
}

void flow_read(struct turn *turn, const struct effect_type *type, int64_t subject,
               const char *target, char *body)
{
    turn_effect(turn,
                &(struct effect){.type = type, .subject = subject, .target = target, .body = body});
    free(body);
}

/* Calls ${member} of each flow that has it and that hears of ${about} (NULL: every flow does). */
#define TELL(turn, about, member, ...)                                                             \
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {    \
        if ((*flow)->member != NULL && hears_of(*flow, about))                                     \
            (*flow)->member(__VA_ARGS__);                                                          \
    }

static bool hears_of(const struct flow *flow, const struct request *about)
{
    return about == NULL || flow->kind == NULL || kind_is(about->kind, flow->kind);
}

void flows_tell_start(struct turn *turn)
{
    TELL(turn, NULL, on_start, turn)
}

void flows_tell_alarm(struct turn *turn, const char *text)
{
    TELL(turn, NULL, on_alarm, turn, text)
}

void flows_tell_delivery(struct turn *turn, const void *payload)
{
    TELL(turn, NULL, on_delivery, turn, payload)
}

void flows_tell_completion(struct turn *turn, const char *type, const char *call,
                           const struct result *result)
{
    TELL(turn, NULL, on_completion, turn, type, call, result)
}

void flows_tell_counted(struct turn *turn)
{
    TELL(turn, NULL, on_counted, turn)
}

void flows_tell_renewed(struct turn *turn)
{
    TELL(turn, NULL, on_renewed, turn)
}

void flows_tell_exposed(struct turn *turn)
{
    TELL(turn, NULL, on_exposed, turn)
}

void flows_tell_move(struct turn *turn, const struct moved *moved)
{
    TELL(turn, moved->request, on_move, turn, moved)
}

void flows_tell_wake(struct turn *turn, const struct request *request)
{
    TELL(turn, request, on_wake, turn, request)
}

void flows_tell_stale(struct turn *turn, const struct post *post)
{
    TELL(turn, NULL, on_stale, turn, post)
}

void flows_tell_card(struct turn *turn, const struct post *post, enum card_place place)
{
    TELL(turn, NULL, on_card, turn, post, place)
}

void flows_tell_reread(struct turn *turn, int64_t request, int64_t wait)
{
    TELL(turn, NULL, on_reread, turn, request, wait)
}

void flows_tell_answer(struct turn *turn)
{
    TELL(turn, NULL, on_answer, turn)
}

void flows_tell_finds(struct turn *turn)
{
    TELL(turn, NULL, on_finds, turn)
}

void flows_tell_report(struct turn *turn)
{
    TELL(turn, NULL, on_report, turn)
}

void flows_tell_out(struct turn *turn, struct request *request, const struct find *find,
                    const struct catalog_offer *held)
{
    TELL(turn, NULL, on_out, turn, request, find, held)
}
