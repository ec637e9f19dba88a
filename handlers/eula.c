/* A EULA was chosen in the form; if it is one of our own, the form asks for its address. */
#include <string.h>

#include "flows/forms.h"
#include "handlers.h"
#include "offers/content.h"
#include "views/form_fields.h"

static struct decision on_eula_chosen(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    bool ours = strcmp(from->value, eula_value(EULA_CUSTOM)) == 0;
    json_t *form = strcmp(from->callback_id, "offer_form") == 0
                       ? form_with_eula_url(slack_view(from), ours)
                       : NULL;
    if (form != NULL)
        forms_update(turn, from, form);
    return turn_answer(turn, NULL);
}

const struct entry eula_entry = {.routes = {{"action:eula", on_eula_chosen}}};
