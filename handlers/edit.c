/* Changing an offer: the form, filled with what the offer holds, with the remarks on it above. */
#include <stdlib.h>

#include "answers.h"
#include "book/authorizations.h"
#include "book/history.h"
#include "book/offers.h"
#include "flows/binding.h"
#include "flows/requesting.h"
#include "flows/whispers.h"
#include "offer_form.h"
#include "offers/offer.h"
#include "offers/typed.h"
#include "text.h"
#include "views/form.h"
#include "views/messages.h"

static void open_form(struct turn *turn, const struct slack_envelope *from,
                      const struct request *request, const char *value)
{
    struct authorization authorization;
    struct authorization *usable;
    struct move last;
    char buyers[MAX_BUYERS * (ACCOUNT_ID + 1)];
    struct form_view view = {
        .offer = request->number,
        .revision = request->revision,
        .digest = request->digest,
        .remarks = request->problem,
        .notice = "",
    };
    view.choices.count = authorizations_usable(turn, &usable);
    view.choices.list = usable;
    content_form(offer_content(request), buyers, sizeof(buyers), &view.values);
    if (authorizations_get(turn, offer_content(request)->authorization, &authorization))
        view.authorization = &authorization;
    if (history_last(turn, request->number, &last))
        view.remarks_by = last.who;
    offer_form_open(turn, from, &edit_entry.opening, value, &view);
    free(usable);
}

/* NULL: the form opens, or Slack is asked first. Otherwise why it does not. */
static char *start(struct turn *turn, const struct slack_envelope *from, int64_t number)
{
    struct request request;
    char value[REFERENCE_TEXT];
    char *why;
    if (!requests_get(turn, number, &request))
        return text_format("There is no CPPO-%lld.", (long long)number);
    if (!offers_get(turn, number, &request))
        return text_format("CPPO-%lld is not an offer: its card has the button that changes it.",
                           (long long)number);
    struct reference reference = {.number = number, .revision = request.revision};
    text_fit(reference.digest, sizeof(reference.digest), request.digest);
    reference_write(&reference, value);
    if (!opening_try(turn, from, &edit_entry.opening, &request, value, &why))
        return why;
    why = requesting_closed(&request);
    if (why != NULL)
        return why;
    open_form(turn, from, &request, value);
    return NULL;
}

static json_t *edit_start(struct turn *turn, const struct slack_envelope *from, int64_t number)
{
    char *why = start(turn, from, number);
    json_t *instead = why != NULL ? message_plain(why) : NULL;
    free(why);
    return instead;
}

/* Slack has answered about who wanted it. */
static json_t *edit_again(struct turn *turn, const struct slack_envelope *from, const char *value)
{
    struct reference request;
    return reference_read(&request, value) ? edit_start(turn, from, request.number) : NULL;
}

static struct decision edit_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    int64_t number = typed_request_number(rest);
    if (number == 0)
        return answer_which(turn, from, &edit_entry.usage);
    json_t *instead = edit_start(turn, from, number);
    return instead != NULL ? answer_message(turn, from, instead) : turn_answer(turn, NULL);
}

static struct decision edit_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct reference request;
    if (!binding_of_click(turn, from, &request, NULL))
        return turn_answer(turn, NULL);
    json_t *instead = edit_start(turn, from, request.number);
    if (instead != NULL)
        whisper_message(turn, from->place, from->user, instead);
    return turn_answer(turn, NULL);
}

const struct entry edit_entry = {
    .usage = {"edit", "CPPO-12", "change one of your offers and send it again"},
    .run = edit_command,
    .opening = {.action = "edit", .who = RIGHT_EDIT, .of_request = true, .start = edit_again},
    .routes = {{"action:edit", edit_click}},
};
