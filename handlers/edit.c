/* Changing an offer: the form, filled with what the offer holds, with the remarks on it above. */
#include <stdlib.h>

#include "book/authorizations.h"
#include "book/history.h"
#include "flows/requesting.h"
#include "offer_form.h"
#include "offers/offer.h"
#include "refill.h"
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

static json_t *open_edit(struct turn *turn, const struct slack_envelope *from,
                         const struct request *offer, const char *value)
{
    char *why = requesting_closed(offer);
    json_t *instead = why != NULL ? message_plain(why) : NULL;
    free(why);
    if (instead == NULL)
        open_form(turn, from, offer, value);
    return instead;
}

static const struct refill edit = {&edit_entry, "its card has the button that changes it",
                                   open_edit};

static json_t *edit_start(struct turn *turn, const struct slack_envelope *from, const char *value)
{
    return refill_start(turn, from, &edit, value);
}

static struct decision edit_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    return refill_command(turn, from, &edit, rest);
}

static struct decision edit_click(struct turn *turn, const void *payload)
{
    return refill_click(turn, payload, &edit);
}

const struct entry edit_entry = {
    .usage = {"edit", "CPPO-12", "change one of your offers and send it again"},
    .run = edit_command,
    .opening = {.action = "edit", .who = RIGHT_EDIT, .of_request = true, .start = edit_start},
    .routes = {{"action:edit", edit_click}},
};
