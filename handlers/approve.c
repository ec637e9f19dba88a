/* Approving: by the button, whose dialog shows what is approved; or, where that is more than the
 * dialog can hold, or something is to be said with it, by a form. */
#include <stdlib.h>

#include "answers.h"
#include "book/requests.h"
#include "clicks.h"
#include "flows/binding.h"
#include "flows/cards_load.h"
#include "flows/forms.h"
#include "flows/rosters.h"
#include "text.h"

/* The form, if the button has no dialog (${always}), or if there is more to read by now than its
 * dialog could hold. NULL otherwise, and if the request cannot be approved any more: then the click
 * is answered instead. */
static json_t *form_of(struct turn *turn, const struct pending_action *pending, bool always)
{
    struct loaded_card *loaded = cards_load(turn, pending->request);
    if (loaded == NULL)
        return NULL;
    const struct card *card = cards_view(loaded);
    bool current =
        card->request->state == STATE_PENDING && card->request->revision == pending->revision;
    bool wanted = always || !card_facts_fit(card);
    struct form_origin origin = click_origin(turn, pending);
    reference_cover(origin.request.digest, card->covers);
    char *metadata = form_origin_write(&origin);
    json_t *form = current && wanted ? card_approval(card, metadata) : NULL;
    free(metadata);
    cards_free(loaded);
    return form;
}

/* False: we know already that they may not, and they are told. Otherwise it is looked up while they
 * read the form, and settled when the form comes back. */
static bool look_up_right(struct turn *turn, const struct pending_action *pending)
{
    struct request request;
    struct standing standing;
    if (!requests_get(turn, pending->request, &request))
        return false;
    rosters_settle(turn, RIGHT_DECIDE, pending->person, &request, ROSTERS_FRESH_MS, &standing);
    if (!standing.settled)
        rosters_ask(turn, pending->person, &request, &standing);
    return !standing.settled || standing.why == NULL;
}

static struct decision approve(struct turn *turn, const struct slack_envelope *from, bool always)
{
    struct pending_action pending;
    if (!click_action(turn, from, &approve_action, &pending))
        return turn_answer(turn, NULL);
    json_t *form = form_of(turn, &pending, always);
    if (form == NULL || !look_up_right(turn, &pending)) {
        json_decref(form);
        return answer_action(turn, &pending);
    }
    forms_open(turn, from, form, "approve_again", from->value);
    return turn_answer(turn, NULL);
}

static struct decision approve_click(struct turn *turn, const void *payload)
{
    return approve(turn, payload, false);
}

/* What was pressed has no dialog: it is in a list or in the menu beside the button, says "Try
 * again", or is on a card with more facts than a dialog holds. So the form shows what it is about,
 * however little that is by now. */
static struct decision approve_again_click(struct turn *turn, const void *payload)
{
    return approve(turn, payload, true);
}

/* The answer belongs where the button was pressed: the form is gone by then. */
static struct decision approve_form_submit(struct turn *turn, const void *payload)
{
    struct slack_envelope from = *(const struct slack_envelope *)payload;
    struct pending_action pending;
    struct form_origin origin;
    char value[REFERENCE_TEXT] = "";
    char comment[COMMENT_POINTS * 4 + 1];
    char why[300];
    if (form_origin_read(from.private_metadata, &origin)) {
        reference_write(&origin.request, value);
        from.place = origin.place;
    }
    from.value = value;
    if (!content_read_words(slack_view_value(&from, "comment"), COMMENT_POINTS, comment, why,
                            sizeof(why)))
        return answer_errors(turn, json_pack("{s:s}", "comment", why));
    if (*comment != '\0' && !binding_holds(turn, &origin.request))
        return answer_other_book(turn, &from, "comment", &origin.request);
    if (!click_action(turn, &from, &approve_action, &pending))
        return turn_answer(turn, NULL);
    text_fit(pending.reason, sizeof(pending.reason), comment);
    pending.whispered = origin.whispered;
    return answer_action(turn, &pending);
}

const struct entry approve_entry = {
    .routes =
        {
            {"action:approve", approve_click},
            {"action:approve_again", approve_again_click},
            {"action:approve_comment", approve_again_click},
            {"view:approve_form", approve_form_submit},
        },
};
