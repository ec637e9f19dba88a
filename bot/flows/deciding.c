#include "flows/deciding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/offers.h"
#include "book/people.h"
#include "book/seen.h"
#include "flows/approvals.h"
#include "flows/binding.h"
#include "flows/cards.h"
#include "flows/cards_load.h"
#include "flows/details.h"
#include "flows/house.h"
#include "flows/listing.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/rosters.h"
#include "flows/syncing.h"
#include "flows/threads.h"
#include "flows/unsure.h"
#include "flows/voting.h"
#include "log.h"
#include "mem.h"
#include "text.h"
#include "views/messages.h"

/* --- what is said to the one who tried ---------------------------------------------------- */

static void refuse(struct turn *turn, const struct judgement *judgement, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void refuse(struct turn *turn, const struct judgement *judgement, const char *format, ...)
{
    char words[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    json_t *message = *judgement->reason != '\0' ? message_quoting(words, judgement->reason)
                                                 : message_plain(words);
    (judgement->instead ? notify_replace : notify_whisper)(turn, judgement->channel,
                                                           judgement->person, message);
}

static const char *const names[JUDGED] = {
    [JUDGE_APPROVE] = "approve",
    [JUDGE_REJECT] = "reject",
    [JUDGE_REQUEST_CHANGES] = "request changes to",
    [JUDGE_SUBMIT] = "send in",
    [JUDGE_REVISE] = "change",
    [JUDGE_WITHDRAW] = "withdraw",
    [JUDGE_DETAILS] = "see",
    [JUDGE_RETRY] = "retry",
    [JUDGE_LIST] = "list",
};

/* Who tried what and may not, is told and leaves a line in the log. */
static void refuse_person(struct turn *turn, const struct judgement *judgement, enum right right,
                          const struct person *person, const struct offer *offer, const char *why)
{
    char *words = rosters_words(turn, right, why, person, offer);
    log_info("refused", F_TEXT("who", judgement->person), F_TEXT("what", names[judgement->what]),
             F_INT("offer", judgement->offer), F_TEXT("why", words));
    refuse(turn, judgement, "%s", words);
    free(words);
}

/* May they? Says why not. */
static bool may(struct turn *turn, const struct judgement *judgement, enum right right,
                const struct person *person, const struct offer *offer)
{
    const char *why = rosters_refusal(turn, right, person, offer);
    if (why != NULL)
        refuse_person(turn, judgement, right, person, offer, why);
    return why == NULL;
}

/* Has a person moved it on, in this revision? The newest who did. */
static bool moved_by_person(struct turn *turn, const struct offer *offer, struct move *found)
{
    struct move moves[MAX_MOVES];
    size_t count = offers_moves(turn, offer->number, 0, moves, MAX_MOVES);
    while (count-- > 0) {
        const struct move *move = &moves[count];
        bool person = move->who[0] == 'U' || move->who[0] == 'W';
        if (person && move->revision == offer->revision && move->event != OFFER_SUBMIT &&
            move->event != OFFER_TAKE_OVER) {
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
    const char *state = offer_state_label(offer->state);
    if (moved_by_person(turn, offer, &move))
        refuse(turn, judgement, "<@%s> %s CPPO-%lld. It is now “%s”.", move.who,
               past_of(move.event), (long long)offer->number, state);
    else
        refuse(turn, judgement, "You can no longer %s CPPO-%lld: it is now “%s”.",
               names[judgement->what], (long long)offer->number, state);
}

/* --- the moves ---------------------------------------------------------------------------- */

static void submit(struct turn *turn, const struct judgement *judgement,
                   const struct person *person)
{
    struct offer offer;
    const char *why = rosters_why(turn, RIGHT_REQUEST, person, true);
    if (!offers_get(turn, judgement->offer, &offer) || offer.state != OFFER_DRAFT)
        return;
    if (why == NULL) {
        moves_apply(turn, &offer, OFFER_SUBMIT, person->id, "");
        return;
    }
    char *words = rosters_words(turn, RIGHT_REQUEST, why, person, NULL);
    log_info("refused", F_TEXT("who", person->id), F_TEXT("what", "send in"),
             F_INT("offer", offer.number), F_TEXT("why", words));
    if (moves_apply(turn, &offer, OFFER_WITHDRAW, "bot", words))
        refuse(turn, judgement, "CPPO-%lld was not sent: %s", (long long)offer.number, words);
    free(words);
}

/* What somebody typed into the form and what does not count is theirs to keep. */
static void return_change(struct turn *turn, const struct judgement *judgement,
                          const struct content *content, const char *why)
{
    enum { ROOM = 2500 };
    char changes[ROOM] = "";
    struct offer offer;
    char *words =
        text_format("Your change of CPPO-%lld was not made: %s", (long long)judgement->offer, why);
    if (content != NULL && offers_get(turn, judgement->offer, &offer))
        content_changes(&offer.content, content, changes, sizeof(changes));
    notify_person(turn, judgement->person,
                  *changes != '\0' ? message_quoting(words, changes) : message_plain(words));
    free(words);
}

/* Why this offer cannot be changed now, on the heap; NULL: it can. */
static char *unchangeable(const struct judgement *judgement, const struct offer *offer)
{
    if (judgement->revision != offer->revision)
        return text_format("it has changed in the meantime and is now at revision %d. Open it "
                           "again with /cppo edit CPPO-%lld.",
                           offer->revision, (long long)offer->number);
    if (offer_move(offer->state, OFFER_SUBMIT) < 0)
        return text_format("it is now “%s”.", offer_state_label(offer->state));
    return NULL;
}

/* An operator who changes an offer is its requester from then on. */
static bool becomes_requester(struct turn *turn, struct offer *offer, const char *person)
{
    char before[PERSON_ID];
    if (people_same(turn, offer->requester, person))
        return true;
    text_fit(before, sizeof(before), offer->requester);
    if (!offers_take_over(turn, offer, person))
        return false;
    char *words = text_format("<@%s> has changed CPPO-%lld, which you requested, and taken it "
                              "over: they get its messages from now on.",
                              person, (long long)offer->number);
    notify_person(turn, before, message_plain(words));
    free(words);
    return true;
}

static void revise(struct turn *turn, const struct judgement *judgement,
                   const struct person *person, struct offer *offer, const struct content *content)
{
    bool own = rosters_own(turn, RIGHT_EDIT, offer, person->id);
    const char *why = rosters_why(turn, RIGHT_EDIT, person, own);
    char *words = why != NULL ? rosters_words(turn, RIGHT_EDIT, why, person, offer)
                              : unchangeable(judgement, offer);
    if (why != NULL)
        log_info("refused", F_TEXT("who", person->id), F_TEXT("what", "change"),
                 F_INT("offer", offer->number), F_TEXT("why", words));
    if (words != NULL || content == NULL)
        return_change(turn, judgement, content, words != NULL ? words : "it cannot be read.");
    else if (becomes_requester(turn, offer, person->id) &&
             offers_revise(turn, offer, content, judgement->form))
        moves_apply(turn, offer, OFFER_SUBMIT, person->id, "");
    free(words);
}

/* Who sent it in can never be told from a stranger: it ends, and nothing that was typed is lost. */
static void give_up(struct turn *turn, const struct judgement *judgement,
                    const struct content *content)
{
    static const char why[] =
        "for a long time Slack has not confirmed whether you may request offers. Please send it "
        "again when Slack works, or ask an operator of this bot.";
    struct offer offer;
    char *words = text_format("%s CPPO-%lld by <@%s> was given up: Slack does not tell who they "
                              "are. They have been told.",
                              content != NULL ? "A change to" : "The request",
                              (long long)judgement->offer, judgement->person);
    notify_operators(turn, words);
    free(words);
    if (judgement->what == JUDGE_REVISE)
        return_change(turn, judgement, content, why);
    else if (offers_get(turn, judgement->offer, &offer) && offer.state == OFFER_DRAFT &&
             moves_apply(turn, &offer, OFFER_WITHDRAW, "bot", why))
        refuse(turn, judgement, "CPPO-%lld was not sent: %s", (long long)offer.number, why);
}

/* May this offer, as it is, be approved at all? Says why not. */
static bool approvable(struct turn *turn, const struct judgement *judgement,
                       const struct offer *offer)
{
    struct authorization authorization;
    const char *unusable = "is no longer known to AWS";
    struct judgement change;
    int32_t day;
    if (judgements_revision(turn, offer->number, &change)) {
        refuse(turn, judgement,
               "CPPO-%lld is being changed: <@%s> has sent a new revision, which the card will "
               "show in a moment. Please decide on that one.",
               (long long)offer->number, change.person);
        return false;
    }
    if (authorizations_get(turn, offer->content.authorization, &authorization)) {
        offers_own_use(turn, offer->number, &authorization);
        unusable = authorization_unusable(&authorization, turn_now(turn));
    }
    if (unusable != NULL) {
        refuse(
            turn, judgement,
            "CPPO-%lld cannot be approved: its resale authorization %s. Use “Request changes” so "
            "that <@%s> can choose another.",
            (long long)offer->number, unusable, offer->requester);
        return false;
    }
    if (authorization.read_at == 0) {
        refuse(turn, judgement,
               "CPPO-%lld cannot be approved yet: I have not read the prices of its resale "
               "authorization. Try again in a minute.",
               (long long)offer->number);
        syncing_soon(turn);
        return false;
    }
    if (!date_read(&day, offer->content.accept_by) || date_of_ms(turn_now(turn)) >= day) {
        refuse(turn, judgement,
               "CPPO-%lld cannot be approved: its accept-by date %s has passed or is too soon. Use "
               "“Request changes” so that <@%s> can choose a later one.",
               (long long)offer->number, offer->content.accept_by, offer->requester);
        return false;
    }
    if (!authorization.single_use)
        return true;
    int64_t owner = offers_claimed(turn, authorization.id);
    if (owner != 0 && owner != offer->number) {
        refuse(turn, judgement,
               "CPPO-%lld cannot be approved: its resale authorization is single-use and already "
               "taken by CPPO-%lld.",
               (long long)offer->number, (long long)owner);
        return false;
    }
    return true;
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
    struct judgement asked = *judgement;
    asked.revision = 0;
    if (notify_in_modal(judgement->channel))
        details_show(turn, &asked, person, offer);
    else if (*judgement->channel != '\0' &&
             strcmp(judgement->channel, config_of(turn)->channel_approvals) != 0)
        refuse(turn, judgement, "Done. CPPO-%lld is now “%s”.", (long long)offer->number,
               offer_state_label(offer->state));
}

static void approve(struct turn *turn, const struct judgement *judgement,
                    const struct person *person, struct offer *offer)
{
    struct authorization authorization;
    struct terms terms;
    char place[APPROVAL_PLACE];
    if (!approvable(turn, judgement, offer))
        return;
    bool new_vote = record(turn, judgement, offer, OFFER_APPROVE);
    authorizations_terms(turn, offer->content.authorization, &terms);
    char *seen = terms_write(&terms);
    seen_put(turn, offer->number, offer->revision, judgement->person, seen);
    free(seen);
    struct approval approval = voting_recount(turn, offer, judgement->person);
    if (!approval.complete) {
        cards_show(turn, offer->number);
        if (!new_vote)
            return;
        approval_place(&approval, place);
        refuse(turn, judgement, "Your approval of CPPO-%lld is recorded: %d of %d%s.",
               (long long)offer->number, approval.given, approval.step.needed, place);
        threads_call(turn, offer->number, CALL_VOTE);
        return;
    }
    if (authorizations_get(turn, offer->content.authorization, &authorization) &&
        authorization.single_use)
        offers_claim(turn, authorization.id, offer->number);
    if (moves_apply(turn, offer, OFFER_APPROVE, judgement->person, ""))
        say_done(turn, judgement, person, offer);
}

static void decide(struct turn *turn, const struct judgement *judgement,
                   const struct person *person, struct offer *offer)
{
    if (!may(turn, judgement, RIGHT_DECIDE, person, offer))
        return;
    if (judgement->revision != offer->revision) {
        refuse(turn, judgement,
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
    if (moves_apply(turn, offer, event, judgement->person, judgement->reason))
        say_done(turn, judgement, person, offer);
}

static void retry(struct turn *turn, const struct judgement *judgement, const struct person *person,
                  struct offer *offer)
{
    if (!may(turn, judgement, RIGHT_RETRY, person, offer))
        return;
    if (offer->state != OFFER_FAILED || judgement->revision != offer->revision)
        say_too_late(turn, judgement, offer);
    else if (!offer->can_retry)
        refuse(turn, judgement, "Trying CPPO-%lld again will not help. Edit it instead: %s",
               (long long)offer->number, offer->problem);
    else if (!unsure_lets(turn, offer->number, person))
        refuse(
            turn, judgement,
            "CPPO-%lld may be published already, but AWS does not show it to me. Ask an operator "
            "to check AWS Marketplace: they can try again.",
            (long long)offer->number);
    else if (moves_apply(turn, offer, OFFER_RETRY, person->id, ""))
        say_done(turn, judgement, person, offer);
}

static void show_details(struct turn *turn, const struct judgement *judgement,
                         const struct person *person, const struct offer *offer)
{
    if (may(turn, judgement, RIGHT_SEE, person, offer))
        details_show(turn, judgement, person, offer);
}

static void withdraw(struct turn *turn, const struct judgement *judgement,
                     const struct person *person, struct offer *offer)
{
    if (!may(turn, judgement, RIGHT_WITHDRAW, person, offer))
        return;
    if (judgement->revision != 0 && judgement->revision != offer->revision)
        refuse(turn, judgement,
               "CPPO-%lld has changed since: it is now at revision %d. Nothing was withdrawn.",
               (long long)offer->number, offer->revision);
    else if (moves_apply(turn, offer, OFFER_WITHDRAW, person->id, ""))
        refuse(turn, judgement, "CPPO-%lld is withdrawn.", (long long)offer->number);
    else
        refuse(turn, judgement, "CPPO-%lld can no longer be withdrawn: it is “%s”.",
               (long long)offer->number, offer_state_label(offer->state));
}

/* Must what is asked have been asked of what the book holds? Who sends an offer in, or types a
 * number, saw nothing of it. */
static bool is_bound(const struct judgement *judgement)
{
    switch (judgement->what) {
    case JUDGE_APPROVE:
    case JUDGE_REJECT:
    case JUDGE_REQUEST_CHANGES:
    case JUDGE_RETRY:
    case JUDGE_REVISE:
        return true;
    case JUDGE_WITHDRAW:
        return judgement->revision != 0; /* by a button */
    case JUDGE_SUBMIT:
    case JUDGE_DETAILS:
    case JUDGE_LIST:
    case JUDGED:
        break;
    }
    return false;
}

void deciding_apply(struct turn *turn, const struct judgement *judgement,
                    const struct person *person, const struct content *content)
{
    struct offer offer;
    struct offer_reference shown = {.number = judgement->offer, .revision = judgement->revision};
    if (judgement->what == JUDGE_LIST) {
        listing_show(turn, judgement, person);
        return;
    }
    text_fit(shown.digest, sizeof(shown.digest), judgement->digest);
    if (is_bound(judgement) && !binding_holds(turn, &shown)) {
        char *words = binding_words("click", &shown);
        refuse(turn, judgement, "%s", words);
        free(words);
        return;
    }
    if (!offers_get(turn, judgement->offer, &offer)) {
        refuse(turn, judgement, "There is no CPPO-%lld.", (long long)judgement->offer);
        return;
    }
    notify_unreadable(turn, &offer);
    switch (judgement->what) {
    case JUDGE_APPROVE:
    case JUDGE_REJECT:
    case JUDGE_REQUEST_CHANGES:
        decide(turn, judgement, person, &offer);
        break;
    case JUDGE_SUBMIT:
        submit(turn, judgement, person);
        break;
    case JUDGE_REVISE:
        revise(turn, judgement, person, &offer, content);
        break;
    case JUDGE_WITHDRAW:
        withdraw(turn, judgement, person, &offer);
        break;
    case JUDGE_DETAILS:
        show_details(turn, judgement, person, &offer);
        break;
    case JUDGE_RETRY:
        retry(turn, judgement, person, &offer);
        break;
    case JUDGE_LIST:
    case JUDGED:
        break;
    }
}

const struct flow deciding_flow = {.on_judged = deciding_apply, .on_given_up = give_up};
