/* Somebody approves alone in an emergency. The form shows all that is approved, as it is when it
 * opens, and asks why it cannot wait; what is sent in counts for what it showed. */
#include <stdlib.h>

#include "answers.h"
#include "book/requests.h"
#include "clicks.h"
#include "flows/binding.h"
#include "flows/cards_load.h"
#include "flows/forms.h"
#include "flows/whispers.h"
#include "offers/content.h"
#include "offers/kind.h"
#include "offers/typed.h"
#include "text.h"
#include "typed_number.h"
#include "views/card.h"
#include "views/messages.h"

enum { KEPT_MS = 600000 };

/* For the request as it is now; NULL: it does not wait for an approval. */
static json_t *form_of(struct turn *turn, const struct slack_envelope *from, int64_t number,
                       const char *reason, char value[REFERENCE_TEXT])
{
    struct loaded_card *loaded = cards_load(turn, number);
    const struct card *card = cards_view(loaded);
    const struct request *request = card->request;
    struct pending_action pending = {.request = number, .revision = request->revision};
    text_fit(pending.digest, sizeof(pending.digest), request->digest);
    text_fit(pending.channel, sizeof(pending.channel), from->place);
    struct form_origin origin = click_origin(turn, &pending);
    reference_cover(origin.request.digest, card->covers);
    reference_write(&origin.request, value);
    char *metadata = form_origin_write(&origin);
    json_t *form = request->state == STATE_PENDING
                       ? card_break_glass(card, metadata, *reason != '\0' ? reason : NULL)
                       : NULL;
    free(metadata);
    cards_free(loaded);
    return form;
}

/* What was typed behind the number, while Slack is asked who they are. */
static void keep(struct turn *turn, const char *user, const char *reason)
{
    char *name = text_format("break-glass %s", user);
    turn_note(turn, name, reason, KEPT_MS, 1);
    free(name);
}

static char *kept(struct turn *turn, const char *user)
{
    char *name = text_format("break-glass %s", user);
    char *reason = turn_noted(turn, name);
    free(name);
    return reason;
}

/* NULL: the form opens, or Slack is asked first. Otherwise why it does not. */
static char *start(struct turn *turn, const struct slack_envelope *from, int64_t number,
                   const char *reason)
{
    struct request request;
    char value[REFERENCE_TEXT];
    char *why;
    if (!requests_get(turn, number, &request))
        return text_format("There is no CPPO-%lld.", (long long)number);
    struct reference reference = {.number = number, .revision = request.revision};
    text_fit(reference.digest, sizeof(reference.digest), request.digest);
    reference_write(&reference, value);
    if (!opening_try(turn, from, &break_glass_entry.opening, &request, value, &why)) {
        keep(turn, from->user, reason);
        return why;
    }
    json_t *form = form_of(turn, from, number, reason, value);
    if (form == NULL)
        return text_format("CPPO-%lld does not wait for an approval: it is now “%s”.",
                           (long long)number, kind_label(request.kind, request.state));
    forms_open(turn, from, form, "break_glass", value);
    return NULL;
}

/* Slack has answered about who wanted it; or the form came too late. */
static json_t *again(struct turn *turn, const struct slack_envelope *from, const char *value)
{
    struct reference request;
    if (!reference_read(&request, value))
        return NULL;
    char *reason = kept(turn, from->user);
    char *why = start(turn, from, request.number, reason != NULL ? reason : "");
    json_t *instead = why != NULL ? message_plain(why) : NULL;
    free(reason);
    free(why);
    return instead;
}

static struct decision break_glass_command(struct turn *turn, const struct slack_envelope *from,
                                           const char *rest)
{
    const char *reason;
    int64_t number = typed_number(rest, &reason);
    if (number == 0)
        return answer_which(turn, from, &break_glass_entry.usage);
    reason += typed_blanks(reason);
    char *typed = text_format("%.*s", (int)text_cut(reason, COMMENT_POINTS), reason);
    char *why = start(turn, from, number, typed);
    json_t *instead = why != NULL ? message_plain(why) : NULL;
    free(typed);
    free(why);
    return instead != NULL ? answer_message(turn, from, instead) : turn_answer(turn, NULL);
}

static struct decision break_glass_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct reference request;
    if (!binding_of_click(turn, from, &request, NULL))
        return turn_answer(turn, NULL);
    json_t *instead = again(turn, from, from->value);
    if (instead != NULL)
        whisper_message(turn, from->place, from->user, instead);
    return turn_answer(turn, NULL);
}

static struct decision break_glass_form_submit(struct turn *turn, const void *payload)
{
    struct slack_envelope from = *(const struct slack_envelope *)payload;
    struct pending_action pending;
    struct form_origin origin;
    char value[REFERENCE_TEXT];
    char reason[COMMENT_POINTS * 4 + 1];
    char why[300];
    if (!form_origin_read(from.private_metadata, &origin))
        return turn_answer(turn, NULL);
    if (!content_read_words(slack_view_value(&from, "reason"), COMMENT_POINTS, reason, why,
                            sizeof(why)))
        return answer_errors(turn, json_pack("{s:s}", "reason", why));
    if (*reason == '\0')
        return answer_errors(turn, json_pack("{s:s}", "reason",
                                             "Say why it cannot wait for the others: all approvers "
                                             "and operators will read it."));
    if (!binding_holds(turn, &origin.request))
        return answer_other_book(turn, &from, "reason", &origin.request);
    reference_write(&origin.request, value);
    from.value = value;
    from.place = origin.place;
    if (!click_action(turn, &from, &break_glass_action, &pending))
        return turn_answer(turn, NULL);
    text_fit(pending.reason, sizeof(pending.reason), reason);
    return answer_action(turn, &pending);
}

const struct entry break_glass_entry = {
    .usage = {"break-glass", "CPPO-12", "approve one alone in an emergency, if you may"},
    .run = break_glass_command,
    .opening = {.action = "break_glass",
                .who = RIGHT_BREAK_GLASS,
                .of_request = true,
                .start = again},
    .routes = {{"action:break_glass", break_glass_click},
               {"view:break_glass_form", break_glass_form_submit}},
};
