#include "flows/deciding.h"

#include <stdlib.h>
#include <string.h>

#include "book/requests.h"
#include "book/votes.h"
#include "flows/approvals.h"
#include "flows/binding.h"
#include "flows/cards.h"
#include "flows/cards_load.h"
#include "flows/details.h"
#include "flows/house.h"
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
    size_t count = offers_moves(turn, offer->number, 0, moves, MAX_MOVES);
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
static void say_too_late(struct turn *turn, const struct judgement *judgement,
                         const struct offer *offer)
{
    struct move move;
    const char *state = kind_label(offer->kind, offer->state);
    if (moved_by_person(turn, offer, &move))
        reply_judged(turn, judgement, "<@%s> %s CPPO-%lld. It is now “%s”.", move.who.id,
                     past_of(move.event), (long long)offer->number, state);
    else
        reply_judged(turn, judgement, "You can no longer %s CPPO-%lld: it is now “%s”.",
                     reply_verb(judgement->what), (long long)offer->number, state);
}

/* May this offer, as it is, be approved at all? Says why not. */
static bool approvable(struct turn *turn, const struct judgement *judgement,
                       const struct offer *offer)
{
    char reviser[PERSON_ID];
    char *why = NULL;
    if (judgements_revision(turn, offer->number, reviser))
        why =
            text_format("CPPO-%lld is being changed: <@%s> has sent a new revision, which the card "
                        "will show in a moment. Please decide on that one.",
                        (long long)offer->number, reviser);
    else if (offer->kind->obstacle != NULL)
        why = offer->kind->obstacle(turn, offer);
    if (why != NULL)
        reply_judged(turn, judgement, "%s", why);
    free(why);
    return why == NULL;
}

/* Keep what was decided, on what, and by which rule; false when it was so already. */
static bool record(struct turn *turn, const struct judgement *judgement, const struct offer *offer,
                   enum offer_event verdict)
{
    struct loaded_card *loaded = cards_load(turn, offer->number);
    char *saw = card_plain(cards_view(loaded));
    struct approval step = cards_view(loaded)->approval;
    step.given = 0; /* the rule, however far it has come */
    char *rule = approvals_rule(turn, offer, &step, NULL, 0);
    bool news = offers_vote(turn, offer, verdict, step.step.name, judgement->person,
                            judgement->shown, saw, rule);
    free(saw);
    free(rule);
    cards_free(loaded);
    return news;
}

/* What came of it, for who does not see the card: in the modal the details as they are now. */
static void say_done(struct turn *turn, const struct judgement *judgement,
                     const struct person *person, const struct offer *offer)
{
    const struct reply_to to = reply_to_judged(judgement);
    if (notify_in_modal(judgement->channel))
        details_show(turn, &to, person, offer, 0);
    else if (*judgement->channel != '\0' &&
             strcmp(judgement->channel, config_of(turn)->channel_approvals) != 0)
        reply_judged(turn, judgement, "Done. CPPO-%lld is now “%s”.", (long long)offer->number,
                     kind_label(offer->kind, offer->state));
}

static void approve(struct turn *turn, const struct judgement *judgement,
                    const struct person *person, struct offer *offer)
{
    const struct request_kind *kind = offer->kind;
    char place[APPROVAL_PLACE];
    if (!approvable(turn, judgement, offer))
        return;
    bool new_vote = record(turn, judgement, offer, OFFER_APPROVE);
    if (kind->voted != NULL)
        kind->voted(turn, offer, judgement->person);
    struct approval approval = voting_recount(turn, offer, judgement->person);
    if (!approval.complete) {
        cards_show(turn, offer->number);
        if (!new_vote)
            return;
        approval_place(&approval, place);
        reply_judged(turn, judgement, "Your approval of CPPO-%lld is recorded: %d of %d%s.",
                     (long long)offer->number, approval.given, approval.step.needed, place);
        threads_call(turn, offer->number, CALL_VOTE);
        return;
    }
    if (kind->approving != NULL)
        kind->approving(turn, offer);
    if (moves_apply(turn, offer, OFFER_APPROVE, actor_person(judgement->person), ""))
        say_done(turn, judgement, person, offer);
}

static void decide(struct turn *turn, const struct judgement *judgement,
                   const struct person *person, struct offer *offer)
{
    if (!reply_unless_allowed(turn, judgement, RIGHT_DECIDE, person, offer))
        return;
    if (judgement->revision != offer->revision) {
        reply_judged(
            turn, judgement,
            "CPPO-%lld has changed since: you saw revision %d; it is now at revision %d. Your "
            "click was not counted; please look at it again.",
            (long long)offer->number, judgement->revision, offer->revision);
        cards_show(turn, offer->number);
        return;
    }
    if (offer->state != OFFER_PENDING) {
        /* A second click of the one whose approval stands already needs no word. */
        if (judgement->what != JUDGE_APPROVE || !voting_has(turn, offer, judgement->person))
            say_too_late(turn, judgement, offer);
        cards_show(turn, offer->number);
        return;
    }
    if (judgement->what == JUDGE_APPROVE) {
        approve(turn, judgement, person, offer);
        return;
    }
    enum offer_event event = judgement->what == JUDGE_REJECT ? OFFER_REJECT : OFFER_REQUEST_CHANGES;
    record(turn, judgement, offer, event);
    if (moves_apply(turn, offer, event, actor_person(judgement->person), judgement->reason))
        say_done(turn, judgement, person, offer);
}

static void retry(struct turn *turn, const struct judgement *judgement, const struct person *person,
                  struct offer *offer)
{
    if (!reply_unless_allowed(turn, judgement, RIGHT_RETRY, person, offer))
        return;
    if (offer->state != OFFER_FAILED || judgement->revision != offer->revision)
        say_too_late(turn, judgement, offer);
    else if (!offer->can_retry)
        reply_judged(turn, judgement, "Trying CPPO-%lld again will not help. Edit it instead: %s",
                     (long long)offer->number, offer->problem);
    else if (!unsure_lets(turn, offer->number, person))
        reply_judged(
            turn, judgement,
            "CPPO-%lld may be published already, but AWS does not show it to me. Ask an operator "
            "to check AWS Marketplace: they can try again.",
            (long long)offer->number);
    else if (moves_apply(turn, offer, OFFER_RETRY, actor_person(person->id), ""))
        say_done(turn, judgement, person, offer);
}

/* Of a click in the history the revision is how many of the newest moves to skip. */
static void show_details(struct turn *turn, const struct judgement *judgement,
                         const struct person *person, const struct offer *offer)
{
    const struct reply_to to = reply_to_judged(judgement);
    size_t skipped = judgement->revision > 0 ? (size_t)judgement->revision : 0;
    if (reply_unless_allowed(turn, judgement, RIGHT_SEE, person, offer))
        details_show(turn, &to, person, offer, skipped);
}

static void show_list(struct turn *turn, const struct judgement *judgement,
                      const struct person *person)
{
    const struct reply_to to = reply_to_judged(judgement);
    listing_show(turn, &to, person);
}

/* What is requested, flows/requesting.h takes. */
static void on_judged(struct turn *turn, const struct judgement *judgement,
                      const struct person *person, const char *content)
{
    struct offer offer;
    (void)content;
    switch (judgement->what) {
    case JUDGE_APPROVE:
    case JUDGE_REJECT:
    case JUDGE_REQUEST_CHANGES:
        if (binding_of_judged(turn, judgement, &offer))
            decide(turn, judgement, person, &offer);
        break;
    case JUDGE_DETAILS:
        if (binding_of_judged(turn, judgement, &offer))
            show_details(turn, judgement, person, &offer);
        break;
    case JUDGE_RETRY:
        if (binding_of_judged(turn, judgement, &offer))
            retry(turn, judgement, person, &offer);
        break;
    case JUDGE_LIST:
        show_list(turn, judgement, person);
        break;
    case JUDGE_SUBMIT:
    case JUDGE_REVISE:
    case JUDGE_WITHDRAW:
    case JUDGED:
        break;
    }
}

const struct flow deciding_flow = {.on_judged = on_judged};
