/* Asking for the same anew: the form of a new offer, filled with what another holds. */
#include <stdlib.h>

#include "book/authorizations.h"
#include "flows/app_context.h"
#include "flows/buyer_checks.h"
#include "flows/claims.h"
#include "flows/rosters.h"
#include "offer_form.h"
#include "offers/claim.h"
#include "offers/date.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "refill.h"
#include "text.h"
#include "views/form.h"
#include "views/messages.h"

/* The resale authorization that it was made from, where it can be used for another one. Else the
 * notice says why not: another is not chosen for them, since its prices are others. */
static const struct authorization *choose(struct turn *turn, const struct request *source,
                                          struct authorization *room, struct text *notice)
{
    char why[CLAIM_WORDS];
    const char *id = offer_content(source)->authorization;
    const char *cannot = "is no longer known to AWS";
    text_fit(room->name, sizeof(room->name), id);
    if (authorizations_get(turn, id, room)) {
        int64_t taken = claims_taken(turn, room, 0);
        cannot = authorization_unusable(room, turn_now(turn));
        if (taken != 0)
            claim_words(taken, why);
        if (cannot == NULL && taken != 0)
            cannot = why;
    }
    if (cannot == NULL)
        return room;
    text_addf(notice, "The resale authorization of CPPO-%lld, “%s”, %s. Choose another.",
              (long long)source->number, *room->name != '\0' ? room->name : id, cannot);
    return NULL;
}

static void open_form(struct turn *turn, const struct slack_envelope *from,
                      const struct request *source, const char *value,
                      const struct form_choices *choices)
{
    struct authorization room = {.id = ""};
    struct text notice = {0};
    char buyers[MAX_BUYERS * (ACCOUNT_ID + 1)];
    char accept_by[DATE_TEXT];
    struct form_view view = {
        .digest = "",
        .copied = {.number = source->number, .revision = source->revision},
        .choices = *choices,
        .remarks = "",
    };
    text_fit(view.copied.digest, sizeof(view.copied.digest), source->digest);
    content_form(offer_content(source), buyers, sizeof(buyers), &view.values);
    date_write(date_of_ms(turn_now(turn)) + app_config(turn)->accept_within_days, accept_by);
    view.values.typed[FIELD_ACCEPT_BY] = accept_by;
    view.authorization = choose(turn, source, &room, &notice);
    buyer_checks_tell(turn, &view.values, view.authorization, &notice);
    view.notice = text_get(&notice);
    offer_form_open(turn, from, &copy_entry.opening, value, &view);
    text_free(&notice);
}

/* Whoever sees it may copy it if they may request. NULL: they may, as far as is known; what is sent
 * in is decided in any case. */
static char *why_not(struct turn *turn, const struct slack_envelope *from,
                     const struct request *source)
{
    struct standing standing;
    if (source->state == STATE_UNREADABLE)
        return text_format("CPPO-%lld cannot be copied: %s.", (long long)source->number,
                           source->problem);
    rosters_settle(turn, RIGHT_REQUEST, from->user, NULL, ROSTERS_KNOWN_MS, &standing);
    return standing.settled && standing.why != NULL
               ? rosters_words_new(turn, standing.why, &standing.person, &offer_kind)
               : NULL;
}

static json_t *open_copy(struct turn *turn, const struct slack_envelope *from,
                         const struct request *source, const char *value)
{
    struct authorization *usable;
    char *why = why_not(turn, from, source);
    json_t *instead = why != NULL ? message_plain(why) : NULL;
    free(why);
    if (instead != NULL)
        return instead;
    struct form_choices choices = {.count = authorizations_usable(turn, &usable)};
    choices.list = usable;
    if (choices.count > 0)
        open_form(turn, from, source, value, &choices);
    else
        instead = offer_form_instead(turn);
    free(usable);
    return instead;
}

static const struct refill copy = {&copy_entry, "only offers can be copied", open_copy};

static json_t *copy_start(struct turn *turn, const struct slack_envelope *from, const char *value)
{
    return refill_start(turn, from, &copy, value);
}

static struct decision copy_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    return refill_command(turn, from, &copy, rest);
}

static struct decision copy_click(struct turn *turn, const void *payload)
{
    return refill_click(turn, payload, &copy);
}

const struct entry copy_entry = {
    .usage = {"copy", "CPPO-12", "request a new offer, filled with what another holds"},
    .run = copy_command,
    .opening = {.action = "copy", .who = RIGHT_SEE, .of_request = true, .start = copy_start},
    .routes = {{"action:copy", copy_click}},
};
