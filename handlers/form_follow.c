/* Something was chosen in the form of an offer, and the form follows: what that brings along shows
 * at once. */
#include <string.h>

#include "book/requests.h"
#include "flows/forms.h"
#include "handlers.h"
#include "offer_form.h"
#include "offers/content.h"
#include "playbook_choice.h"
#include "views/form_fields.h"
#include "views/form_rare.h"

/* What it shows names prices: whoever may not fill in this form does not see them. */
static bool may_see(struct turn *turn, const char *user, int64_t number)
{
    struct request request;
    if (number == 0)
        return opening_known(turn, RIGHT_REQUEST, user, NULL);
    return requests_get(turn, number, &request) && opening_known(turn, RIGHT_EDIT, user, &request);
}

static struct decision on_change(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct form_origin origin;
    struct form form;
    struct form_follow follow = {.own_eula = false};
    if (strcmp(from->callback_id, "offer_form") != 0 ||
        !form_origin_read(from->private_metadata, &origin))
        return turn_answer(turn, NULL);
    json_t *kept = form_fields_read(slack_view(from), &form);
    int field = field_named(from->action_id);
    if (field >= 0)
        form.typed[field] = form_fields_meant((enum field)field, from->value);
    bool may = may_see(turn, from->user, origin.request.number);
    struct playbook_choice choice = {.list = NULL};
    follow.more = strcmp(from->action_id, FORM_MORE) == 0;
    if (may && field == FIELD_PLAYBOOK)
        playbook_choice_make(turn, from->user, origin.playbook, &form, &follow, &choice);
    follow.own_eula = form.typed[FIELD_EULA] != NULL &&
                      strcmp(form.typed[FIELD_EULA], eula_value(EULA_CUSTOM)) == 0;
    if (may)
        offer_form_follow(turn, from->user, &form, origin.request.number, &follow);
    json_t *view = form_fields_follow(slack_view(from), &follow);
    if (view != NULL)
        forms_update(turn, from, view);
    form_words_free(&follow.words);
    playbook_choice_free(&choice);
    json_decref(kept);
    return turn_answer(turn, NULL);
}

const struct entry form_follow_entry = {
    .routes = {{"action:playbook", on_change},
               {"action:authorization", on_change},
               {"action:eula", on_change},
               {"action:markup", on_change},
               {"action:preview", on_change},
               {"action:" FORM_MORE, on_change}},
};
