/* Agreeing to what an approver asked for: their values are sent in as the next revision, by one
 * click of the requester (offers/proposal.h). */
#include <stdio.h>
#include <stdlib.h>

#include "answers.h"
#include "book/history.h"
#include "book/offers.h"
#include "flows/binding.h"
#include "flows/offering.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "offers/proposal.h"
#include "text.h"
#include "views/messages.h"

/* What was asked for is known as long as nothing else has happened to the offer. */
static char *asked_for(struct turn *turn, const struct request *offer,
                       const struct reference *shown, struct content *proposed)
{
    struct move last;
    if (offer->state != STATE_CHANGES_REQUESTED || offer->revision != shown->revision)
        return text_format("CPPO-%lld has changed since: it is now “%s”, at revision %d. Nothing "
                           "was sent.",
                           (long long)offer->number, kind_label(offer->kind, offer->state),
                           offer->revision);
    if (history_last(turn, offer->number, &last) && last.event == EVENT_REQUEST_CHANGES &&
        proposal_read(offer->problem, offer_content(offer), proposed))
        return NULL;
    return text_format("What CPPO-%lld needs has to be read and typed: press Edit.",
                       (long long)offer->number);
}

/* The first thing that is wrong with them by now. */
static char *wrong(int64_t number, const struct form_errors *errors)
{
    int field = 0;
    while (field < FIELD_COUNT - 1 && errors->text[field][0] == '\0')
        field++;
    return text_format("CPPO-%lld was not sent. %s: %s Press Edit to choose what to send instead.",
                       (long long)number, field_label((enum field)field), errors->text[field]);
}

static struct decision answer(struct turn *turn, const struct slack_envelope *from,
                              const struct requested *requested, const struct form_errors *errors,
                              int64_t number)
{
    char *why = requested->why;
    if (requested->kind == REQUEST_LATER)
        return turn_act_later(turn);
    if (requested->kind == REQUEST_ERRORS)
        why = wrong(number, errors);
    if (why != NULL)
        answer_click(turn, from, message_plain(why));
    free(why);
    return turn_answer(turn, NULL);
}

static struct decision agree_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct offering offering = {.person = from->user, .by = "button"};
    struct request offer;
    struct content proposed;
    struct form_errors errors;
    char buyers[MAX_BUYERS * (ACCOUNT_ID + 1)];
    char id[40];
    if (!binding_of_click(turn, from, &offering.shown, NULL) ||
        !offers_get(turn, offering.shown.number, &offer))
        return turn_answer(turn, NULL);
    char *why = asked_for(turn, &offer, &offering.shown, &proposed);
    if (why != NULL) {
        answer_click(turn, from, message_plain(why));
        free(why);
        return turn_answer(turn, NULL);
    }
    snprintf(id, sizeof(id), "agreed %lld.%d", (long long)offer.number, offer.revision);
    offering.id = id; /* a second click asks for the same */
    content_form(&proposed, buyers, sizeof(buyers), &offering.form);
    struct requested requested = offering_take(turn, &offering, &errors);
    return answer(turn, from, &requested, &errors, offer.number);
}

const struct entry agree_entry = {.routes = {{"action:agree", agree_click}}};
