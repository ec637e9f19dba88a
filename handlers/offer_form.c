/* The form of an offer: opened, and taken when it comes back as a new offer or a new revision of
 * one. */
#include "offer_form.h"

#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "book/authorizations.h"
#include "flows/app_context.h"
#include "flows/forms.h"
#include "flows/offering.h"
#include "flows/rosters.h"
#include "flows/syncing.h"
#include "text.h"
#include "views/form.h"
#include "views/form_fields.h"

void offer_form_open(struct turn *turn, const struct slack_envelope *from,
                     const struct opening *opening, const char *value, struct form_view *view)
{
    struct standing standing;
    char form_id[TURN_ID];
    turn_new_id(turn, form_id);
    view->form_id = form_id;
    view->choices.now = turn_now(turn);
    view->list_minutes = (int)(syncing_age(turn) / 60000);
    rosters_settle(turn, RIGHT_REQUEST, from->user, NULL, ROSTERS_KNOWN_MS, &standing);
    if (!standing.settled || standing.why != NULL)
        view->choices.count = 0;
    forms_open(turn, from, form_modal(view), opening->action, value);
    view->form_id = NULL;
}

json_t *offer_form_instead(struct turn *turn)
{
    struct authorization *list;
    char unread[UNREAD_WORDS];
    size_t count = authorizations_all(turn, &list);
    bool whole = authorizations_listed(turn, unread);
    syncing_again(turn);
    json_t *instead = form_nothing_usable(list, count, turn_now(turn), whole ? NULL : unread,
                                          app_config(turn)->support_contact);
    free(list);
    return instead;
}

static struct decision one_error(struct turn *turn, const char *field, char *text)
{
    json_t *errors = json_pack("{s:s}", field, text);
    free(text);
    return answer_errors(turn, errors);
}

/* Is the address all that is wrong, and its field not there yet? An error can only be shown beside
 * a field that is there. */
static bool lacks_eula_field(const struct slack_envelope *from, struct form_errors *errors)
{
    if (errors->text[FIELD_EULA_URL][0] == '\0' || form_has_eula_url(slack_view(from)))
        return false;
    errors->text[FIELD_EULA_URL][0] = '\0'; /* other errors come first */
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (errors->text[field][0] != '\0')
            return false;
    }
    return true;
}

/* The form again, with the field; NULL when that is more than an ack holds. */
static char *with_eula_field(const struct slack_envelope *from)
{
    json_t *form = form_with_eula_url(slack_view(from), true);
    return form != NULL
               ? answer_body(json_pack("{s:s, s:o}", "response_action", "update", "view", form))
               : NULL;
}

static struct decision ask_for_eula(struct turn *turn, const struct slack_envelope *from)
{
    char *form = with_eula_field(from);
    if (form != NULL)
        return turn_answer(turn, form);
    return one_error(turn, "eula",
                     text_format("The field for its address is missing. Choose another EULA, then "
                                 "“Our own” again."));
}

static struct decision field_errors(struct turn *turn, const struct slack_envelope *from,
                                    struct form_errors *errors)
{
    if (lacks_eula_field(from, errors))
        return ask_for_eula(turn, from);
    json_t *object = json_object();
    for (int field = 0; field < FIELD_COUNT; field++) {
        if (errors->text[field][0] != '\0')
            json_object_set_new(object, field_name((enum field)field),
                                json_string(errors->text[field]));
    }
    return answer_errors(turn, object);
}

/* What came of it. Takes what ${requested} holds. */
static struct decision answer(struct turn *turn, const struct slack_envelope *from,
                              struct requested *requested, struct form_errors *errors)
{
    switch (requested->kind) {
    case REQUEST_LATER:
        return turn_act_later(turn);
    case REQUEST_ERRORS:
        return field_errors(turn, from, errors);
    case REQUEST_REFUSED:
        return one_error(turn, "note", requested->why);
    case REQUEST_TAKEN:
        break;
    }
    return turn_answer(turn, NULL);
}

static struct decision offer_form_submit(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct form_origin origin;
    if (!form_origin_read(from->private_metadata, &origin))
        return one_error(turn, "note",
                         text_format("I do not know this form. Open it again with "
                                     "/cppo new."));
    struct form_errors errors;
    struct offering offering = {.person = from->user,
                                .by = "form",
                                .id = origin.form_id,
                                .shown = origin.request,
                                .copied = origin.copied};
    for (int field = 0; field < FIELD_COUNT; field++)
        offering.form.typed[field] = slack_view_value(from, field_name((enum field)field));
    struct requested requested = offering_take(turn, &offering, &errors);
    return answer(turn, from, &requested, &errors);
}

const struct entry offer_form_entry = {.routes = {{"view:offer_form", offer_form_submit}}};
