/* An EULA was chosen in the form: with one of our own its address is asked for. */
#include <string.h>

#include "common.h"
#include "log.h"
#include "offers/content.h"
#include "views/form_fields.h"

static const struct effect_type form_update_effect;

static void show_field(struct turn *turn, const struct slack_envelope *from, bool shown)
{
    json_t *form = form_with_eula_url(slack_view(from), shown);
    if (form == NULL)
        return;
    json_t *body = json_pack("{s:s, s:o}", "view_id", from->view_id, "view", form);
    flow_effect(turn, &(struct effect){.type = &form_update_effect, .target = from->user}, body);
}

static struct decision on_eula_chosen(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    if (strcmp(from->callback_id, "offer_form") == 0)
        show_field(turn, from, strcmp(from->value, eula_value(EULA_CUSTOM)) == 0);
    return turn_answer(turn, NULL);
}

/* The form goes on without: whoever sends it in is shown the field then. */
static void on_form_update(struct turn *turn, const struct result *result)
{
    (void)turn;
    if (result->outcome != OUTCOME_OK)
        log_info("form not updated", F_TEXT("user", result->target), F_TEXT("code", result->code));
}

static const struct effect_type form_update_effect = {
    .name = "form.update",
    .kind = EFFECT_VOLATILE,
    .call = "slack:views.update",
    .done = on_form_update,
};

const struct flow eula_flow = {.effects = {&form_update_effect}};

const struct entry eula_entry = {.routes = {{"action:eula", on_eula_chosen}}};
