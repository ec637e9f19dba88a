/* Approving: by the button, whose dialog shows what is approved; or, where that is more than the
 * dialog can hold, by a form that the button opens. */
#include <stdlib.h>

#include "book/offers.h"
#include "common.h"
#include "flows/cards_load.h"
#include "flows/forms.h"
#include "flows/rosters.h"

/* Is there more to read than the button's dialog holds? Of what cannot be approved any more that
 * does not matter: the click is answered. */
static json_t *form_of(struct turn *turn, const struct judgement *judgement, bool always)
{
    struct loaded_card *loaded = cards_load(turn, judgement->offer);
    if (loaded == NULL)
        return NULL;
    const struct card *card = cards_view(loaded);
    bool current =
        card->offer->state == OFFER_PENDING && card->offer->revision == judgement->revision;
    bool wanted = always || !card_approval_fits(card);
    struct form_origin origin = origin_of(turn, judgement);
    char *metadata = form_origin_write(&origin);
    json_t *form = current && wanted ? card_approval(card, metadata) : NULL;
    free(metadata);
    cards_free(loaded);
    return form;
}

/* Told at once when it is known by now; else it is judged when the form comes. */
static bool may_not(struct turn *turn, const struct judgement *judgement)
{
    struct offer offer;
    struct standing standing;
    if (!requests_get(turn, judgement->offer, &offer))
        return true;
    rosters_judge(turn, RIGHT_DECIDE, judgement->person, &offer, ROSTERS_FRESH_MS, &standing);
    if (!standing.settled)
        rosters_ask(turn, judgement->person, &offer, &standing); /* while the form is read */
    return standing.settled && standing.why != NULL;
}

static struct decision approve(struct turn *turn, const struct slack_envelope *from, bool always)
{
    struct judgement judgement;
    if (!judgement_of(turn, from, JUDGE_APPROVE, &judgement))
        return turn_answer(turn, NULL);
    json_t *form = form_of(turn, &judgement, always);
    if (form == NULL || may_not(turn, &judgement)) {
        json_decref(form);
        return answer_judged(turn, &judgement);
    }
    forms_open(turn, from, form, "approve_again", from->value);
    return turn_answer(turn, NULL);
}

static struct decision approve_click(struct turn *turn, const void *payload)
{
    return approve(turn, payload, false);
}

/* In a list, or as "Try again", it stands under no card and asks nothing: it shows what it is
 * about, however little that is. */
static struct decision approve_again_click(struct turn *turn, const void *payload)
{
    return approve(turn, payload, true);
}

/* Where the button was pressed the answer belongs: the form is gone by then. */
static struct decision approve_form_submit(struct turn *turn, const void *payload)
{
    struct slack_envelope from = *(const struct slack_envelope *)payload;
    struct judgement judgement;
    struct form_origin origin;
    char value[OFFER_REFERENCE] = "";
    if (form_origin_read(from.private_metadata, &origin)) {
        reference_write(&origin.offer, value);
        from.place = origin.place;
    }
    from.value = value;
    if (!judgement_of(turn, &from, JUDGE_APPROVE, &judgement))
        return turn_answer(turn, NULL);
    return answer_judged(turn, &judgement);
}

const struct entry approve_entry = {
    .routes =
        {
            {"action:approve", approve_click},
            {"action:approve_again", approve_again_click},
            {"view:approve_form", approve_form_submit},
        },
};
