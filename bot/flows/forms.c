#include "flows/forms.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/typed.h"
#include "flows/app_context.h"
#include "flows/notify.h"
#include "flows/whispers.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "offers/policy.h"
#include "text.h"
#include "views/messages.h"

static const struct effect_type view_push_effect, view_open_effect, form_update_effect;

void forms_open(struct turn *turn, const struct slack_envelope *from, json_t *view,
                const char *action, const char *value)
{
    json_t *body = json_pack("{s:s, s:o}", "trigger_id", from->trigger, "view", view);
    char *target = text_format("%s %s %s %s", from->user, *from->place != '\0' ? from->place : "-",
                               action, value);
    flow_effect(turn,
                &(struct effect){.type = whispers_in_modal(from->place) ? &view_push_effect
                                                                        : &view_open_effect,
                                 .target = target},
                body);
    free(target);
}

/* Whose form could not be opened, where they acted, and what the button that tries again carries.
 */
struct unopened {
    char user[PERSON_ID];
    char place[PERSON_ID];
    char action[40];
    const char *value;
};

static bool read_unopened(const char *target, struct unopened *what)
{
    if (!text_take_word(&target, what->user, sizeof(what->user)) ||
        !text_take_word(&target, what->place, sizeof(what->place)) ||
        !text_take_word(&target, what->action, sizeof(what->action)) || *what->action == '\0')
        return false;
    if (strcmp(what->place, "-") == 0)
        what->place[0] = '\0';
    what->value = *target != '\0' ? target : "-";
    return true;
}

/* Slack's three seconds were over. */
static bool was_too_late(const struct result *result)
{
    static const char *const codes[] = {"expired_trigger_id", "exchanged_trigger_id",
                                        "invalid_trigger_id", "no_place"};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (strcmp(result->code, codes[i]) == 0)
            return true;
    }
    return false;
}

/* What Slack refuses for a reason of ours is for the operators. */
static const struct matter form_refused = {TOLD_AN_HOUR, .name = "form refused"};

static void tell_operators(struct turn *turn, const struct result *result)
{
    if (result->outcome == OUTCOME_REFUSED)
        notify_operators_once(turn, &form_refused, result->code,
                              "Slack refuses to open one of my forms: %s (%s). Please report "
                              "this; until it is fixed, people cannot use that form.",
                              result->text, result->code);
}

json_t *forms_try_again(struct turn *turn, const char *user, const char *words, const char *action,
                        const char *value)
{
    char id[TURN_ID];
    const struct opening *opening = app_context_of(turn)->opening_of(action);
    bool typed = opening != NULL && opening->typed && strcmp(value, "-") != 0;
    if (typed)
        typed_keep(turn, user, value, id);
    return message_button(words, "Try again", action, typed ? id : value);
}

static void on_view_open(struct turn *turn, const struct result *result)
{
    struct unopened what;
    if (result->outcome == OUTCOME_OK || !read_unopened(result->target, &what))
        return;
    bool late = was_too_late(result);
    char *words =
        late ? mem_copy("The form could not be opened in time: Slack allows three seconds. "
                        "Nothing is lost.")
             : text_format("The form could not be opened: %s (%s). Nothing is lost.", result->text,
                           result->code);
    if (!late)
        tell_operators(turn, result);
    whisper_message(turn, what.place, what.user,
                    forms_try_again(turn, what.user, words, what.action, what.value));
    free(words);
}

/* --- updates --- */

enum { CHANGE_MS = 60 * 1000, CHANGE_USES = 1000, CHANGE_NAME = 60 };

/* Which change of the form ${view_id} is the newest. */
static void note_change(struct turn *turn, const char *view_id, const char *change)
{
    char name[CHANGE_NAME];
    snprintf(name, sizeof(name), "form %s", view_id);
    turn_note(turn, name, change, CHANGE_MS, CHANGE_USES);
}

static bool is_newest(struct turn *turn, const char *view_id, const char *change)
{
    char name[CHANGE_NAME];
    snprintf(name, sizeof(name), "form %s", view_id);
    char *newest = turn_noted(turn, name);
    bool same = newest != NULL && strcmp(newest, change) == 0;
    free(newest);
    return same;
}

/* Slack shows nothing for a hash that is not the form's any more: it was updated meanwhile. */
void forms_update(struct turn *turn, const struct slack_envelope *from, json_t *view)
{
    const char *hash = json_text(slack_view(from), "hash");
    json_t *body = json_pack("{s:s, s:s*, s:o}", "view_id", from->view_id, "hash",
                             *hash != '\0' ? hash : NULL, "view", view);
    char *target = text_format("%s %s", from->view_id, from->action_ts);
    note_change(turn, from->view_id, from->action_ts);
    flow_effect(turn, &(struct effect){.type = &form_update_effect, .target = target}, body);
    free(target);
}

void forms_superseded(struct turn *turn, const struct slack_envelope *from)
{
    note_change(turn, from->view_id, "sent in");
}

/* Nobody but us updates our forms. What came between was of a change before this one, or of a
 * later one: over the former this one goes, and the latter shows this one's consequences, too. */
static void update_anyway(struct turn *turn, const struct result *result)
{
    json_t *body = json_loadb(result->body, result->body_size, 0, NULL);
    json_object_del(body, "hash");
    flow_effect(turn, &(struct effect){.type = &form_update_effect, .target = result->target},
                body);
}

static void on_form_update(struct turn *turn, const struct result *result)
{
    char view_id[PERSON_ID];
    const char *change = result->target;
    if (result->outcome == OUTCOME_OK || !text_take_word(&change, view_id, sizeof(view_id)))
        return;
    if (strcmp(result->code, "hash_conflict") == 0 && is_newest(turn, view_id, change))
        update_anyway(turn, result);
    else
        log_info("form not updated", F_TEXT("view", view_id), F_TEXT("code", result->code));
}

static const struct effect_type view_push_effect = {
    .name = "view.push",
    .kind = EFFECT_VOLATILE,
    .call = "slack:views.push",
    .done = on_view_open,
};
static const struct effect_type view_open_effect = {
    .name = "view.open",
    .kind = EFFECT_VOLATILE,
    .call = "slack:views.open",
    .done = on_view_open,
};

static const struct effect_type form_update_effect = {
    .name = "form.update",
    .kind = EFFECT_VOLATILE,
    .call = "slack:views.update",
    .done = on_form_update,
};

const struct flow forms_flow = {
    .effects = {&view_push_effect, &view_open_effect, &form_update_effect}};
