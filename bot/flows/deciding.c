/* What people decide about an offer, once it is known that they may: the rules of design and
 * policy, the move, and what is said to the one who tried. */
#include <stdlib.h>
#include <string.h>

#include "book/requests.h"
#include "book/votes.h"
#include "flows/approvals.h"
#include "flows/binding.h"
#include "flows/cards.h"
#include "flows/cards_load.h"
#include "flows/details.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/listing.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/rosters.h"
#include "flows/threads.h"
#include "flows/unsure.h"
#include "flows/voting.h"
#include "offers/kind.h"
#include "text.h"

/* Has a person moved it on, in this revision? The newest who did. */
static bool moved_by_person(struct turn *turn, const struct offer *offer, struct move *found)
{
    struct move moves[MAX_MOVES];
    size_t count = requests_moves(turn, offer->number, 0, moves, MAX_MOVES);
    while (count-- > 0) {
        const struct move *move = &moves[count];
        if (move->who.kind == ACTOR_PERSON && move->revision == offer->revision &&
            move->event != OFFER_SUBMIT && move->event != OFFER_TAKE_OVER) {
            *found = *move;
            return true;
        }
    }
    return false;
}

static const char *past_of(enum offer_event event)
{
    static const char *const words[OFFER_EVENTS] = {
        [OFFER_APPROVE] = "already approved",
        [OFFER_REJECT] = "already rejected",
        [OFFER_REQUEST_CHANGES] = "already asked for changes to",
        [OFFER_WITHDRAW] = "withdrew",
        [OFFER_RETRY] = "is already retrying",
    };
    return event < OFFER_EVENTS && words[event] != NULL ? words[event] : "already acted on";
}

/* "@Mia already approved CPPO-12. It is now “Publishing”." */
static void say_too_late(struct turn *turn, const struct pending_action *pending,
                         const struct offer *offer)
{
    struct move move;
    const char *state = kind_label(offer->kind, offer->state);
    if (moved_by_person(turn, offer, &move))
        reply_action(turn, pending, "<@%s> %s CPPO-%lld. It is now “%s”.", move.who.id,
                     past_of(move.event), (long long)offer->number, state);
    else
        reply_action(turn, pending, "You can no longer %s CPPO-%lld: it is now “%s”.",
                     reply_verb(pending->what), (long long)offer->number, state);
}

/* May this offer, as it is, be approved at all? Says why not. */
static bool approvable(struct turn *turn, const struct pending_action *pending,
                       const struct offer *offer)
{
    char reviser[PERSON_ID];
    char *why = NULL;
    if (pending_actions_revision(turn, offer->number, reviser))
        why =
            text_format("CPPO-%lld is being changed: <@%s> has sent a new revision, which the card "
                        "will show in a moment. Please decide on that one.",
                        (long long)offer->number, reviser);
    else if (offer->kind->obstacle != NULL)
        why = offer->kind->obstacle(turn, offer);
    if (why != NULL)
        reply_action(turn, pending, "%s", why);
    free(why);
    return why == NULL;
}

/* Keep what was decided, on what, and by which rule; false when it was so already. */
static bool record(struct turn *turn, const struct pending_action *pending,
                   const struct offer *offer, enum offer_event verdict)
{
    struct loaded_card *loaded = cards_load(turn, offer->number);
    char *saw = card_plain(cards_view(loaded));
    struct approval step = cards_view(loaded)->approval;
    step.given = 0; /* the rule, however far it has come */
    char *rule = approvals_rule(turn, offer, &step, NULL, 0);
    bool is_new = votes_give(turn, offer, verdict, step.step.name, pending->person, pending->shown,
                             saw, rule);
    free(saw);
    free(rule);
    cards_free(loaded);
    return is_new;
}

/* What came of it, for who does not see the card: in the modal the details as they are now. */
static void say_done(struct turn *turn, const struct pending_action *pending,
                     const struct person *person, const struct offer *offer)
{
    const struct reply_to to = reply_to_action(pending);
    if (notify_in_modal(pending->channel))
        details_show(turn, &to, person, offer, 0);
    else if (*pending->channel != '\0' &&
             strcmp(pending->channel, app_config(turn)->channel_approvals) != 0)
        reply_action(turn, pending, "Done. CPPO-%lld is now “%s”.", (long long)offer->number,
                     kind_label(offer->kind, offer->state));
}

static void approve(struct turn *turn, const struct pending_action *pending,
                    const struct person *person, struct offer *offer)
{
    const struct request_kind *kind = offer->kind;
    char place[APPROVAL_PLACE];
    if (!approvable(turn, pending, offer))
        return;
    bool new_vote = record(turn, pending, offer, OFFER_APPROVE);
    if (kind->voted != NULL)
        kind->voted(turn, offer, pending->person);
    struct approval approval = voting_recount(turn, offer, pending->person);
    if (!approval.complete) {
        cards_show(turn, offer->number);
        if (!new_vote)
            return;
        approval_place(&approval, place);
        reply_action(turn, pending, "Your approval of CPPO-%lld is recorded: %d of %d%s.",
                     (long long)offer->number, approval.given, approval.step.needed, place);
        threads_call(turn, offer->number, CALL_VOTE);
        return;
    }
    if (kind->approving != NULL)
        kind->approving(turn, offer);
    if (moves_apply(turn, offer, OFFER_APPROVE, actor_person(pending->person), ""))
        say_done(turn, pending, person, offer);
}

static void decide(struct turn *turn, const struct pending_action *pending,
                   const struct person *person, struct offer *offer)
{
    if (!reply_unless_allowed(turn, pending, RIGHT_DECIDE, person, offer))
        return;
    if (pending->revision != offer->revision) {
        reply_action(
            turn, pending,
            "CPPO-%lld has changed since: you saw revision %d; it is now at revision %d. Your "
            "click was not counted; please look at it again.",
            (long long)offer->number, pending->revision, offer->revision);
        cards_show(turn, offer->number);
        return;
    }
    if (offer->state != OFFER_PENDING) {
        /* A second click of the one whose approval stands already needs no word. */
        if (pending->what != ACTION_APPROVE || !voting_has(turn, offer, pending->person))
            say_too_late(turn, pending, offer);
        cards_show(turn, offer->number);
        return;
    }
    if (pending->what == ACTION_APPROVE) {
        approve(turn, pending, person, offer);
        return;
    }
    enum offer_event event = pending->what == ACTION_REJECT ? OFFER_REJECT : OFFER_REQUEST_CHANGES;
    record(turn, pending, offer, event);
    if (moves_apply(turn, offer, event, actor_person(pending->person), pending->reason))
        say_done(turn, pending, person, offer);
}

static void retry(struct turn *turn, const struct pending_action *pending,
                  const struct person *person, struct offer *offer)
{
    if (!reply_unless_allowed(turn, pending, RIGHT_RETRY, person, offer))
        return;
    if (offer->state != OFFER_FAILED || pending->revision != offer->revision)
        say_too_late(turn, pending, offer);
    else if (!offer->can_retry)
        reply_action(turn, pending, "Trying CPPO-%lld again will not help. Edit it instead: %s",
                     (long long)offer->number, offer->problem);
    else if (!unsure_lets(turn, offer->number, person))
        reply_action(
            turn, pending,
            "CPPO-%lld may be published already, but AWS does not show it to me. Ask an operator "
            "to check AWS Marketplace: they can try again.",
            (long long)offer->number);
    else if (moves_apply(turn, offer, OFFER_RETRY, actor_person(person->id), ""))
        say_done(turn, pending, person, offer);
}

/* Of a click in the history the revision is how many of the newest moves to skip. */
static void show_details(struct turn *turn, const struct pending_action *pending,
                         const struct person *person, const struct offer *offer)
{
    const struct reply_to to = reply_to_action(pending);
    size_t skipped = pending->revision > 0 ? (size_t)pending->revision : 0;
    if (reply_unless_allowed(turn, pending, RIGHT_SEE, person, offer))
        details_show(turn, &to, person, offer, skipped);
}

static void show_list(struct turn *turn, const struct pending_action *pending,
                      const struct person *person)
{
    const struct reply_to to = reply_to_action(pending);
    listing_show(turn, &to, person);
}

/* What is requested, flows/requesting.h takes. */
static void on_action(struct turn *turn, const struct pending_action *pending,
                      const struct person *person, const char *content)
{
    struct offer offer;
    (void)content;
    switch (pending->what) {
    case ACTION_APPROVE:
    case ACTION_REJECT:
    case ACTION_REQUEST_CHANGES:
        if (binding_of_action(turn, pending, &offer))
            decide(turn, pending, person, &offer);
        break;
    case ACTION_DETAILS:
        if (binding_of_action(turn, pending, &offer))
            show_details(turn, pending, person, &offer);
        break;
    case ACTION_RETRY:
        if (binding_of_action(turn, pending, &offer))
            retry(turn, pending, person, &offer);
        break;
    case ACTION_LIST:
        show_list(turn, pending, person);
        break;
    case ACTION_SUBMIT:
    case ACTION_REVISE:
    case ACTION_WITHDRAW:
    case ACTIONS:
        break;
    }
}

const struct flow deciding_flow = {.on_action = on_action};
