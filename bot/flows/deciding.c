#include "flows/deciding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/offers.h"
#include "flows/agreements.h"
#include "flows/cards.h"
#include "flows/drafting.h"
#include "flows/house.h"
#include "flows/notify.h"
#include "flows/publishing.h"
#include "flows/syncing.h"
#include "mem.h"
#include "text.h"
#include "views/messages.h"

enum { MOST_VOTES = 32, MOST_MOVES = 60 };

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
    notify_whisper(turn, judgement->channel, judgement->person,
                   *judgement->reason != '\0' ? message_quoting(words, judgement->reason)
                                              : message_plain(words));
}

/* "CPPO-12 is approved already; @Mia did that." */
static void say_too_late(struct turn *turn, const struct judgement *judgement,
                         const struct offer *offer)
{
    struct move last;
    const char *verb = "";
    switch (judgement->what) {
    case JUDGE_APPROVE:
        verb = offer_event_verb(OFFER_APPROVE);
        break;
    case JUDGE_REJECT:
        verb = offer_event_verb(OFFER_REJECT);
        break;
    case JUDGE_REQUEST_CHANGES:
        verb = offer_event_verb(OFFER_REQUEST_CHANGES);
        break;
    case JUDGE_RETRY:
        verb = offer_event_verb(OFFER_RETRY);
        break;
    case JUDGE_SUBMIT:
    case JUDGE_DETAILS:
        break;
    }
    if (!offers_last_move(turn, offer->number, &last))
        last.who[0] = '\0';
    bool by_person = last.who[0] == 'U' || last.who[0] == 'W';
    char *who = by_person ? text_format("<@%s>", last.who)
                          : mem_copy(strcmp(last.who, "aws") == 0 ? "AWS" : "the bot");
    refuse(turn, judgement, "You cannot %s CPPO-%lld any more: its state is “%s”, by %s.", verb,
           (long long)offer->number, offer_state_label(offer->state), who);
    free(who);
}

/* --- the moves ---------------------------------------------------------------------------- */

void deciding_moved(struct turn *turn, const struct offer *offer)
{
    struct loaded_card *loaded = cards_load(turn, offer->number);
    cards_show(turn, offer->number);
    notify_news(turn, offer->requester, offer->number, card_notice(cards_view(loaded)));
    cards_free(loaded);
    switch (offer->state) {
    case OFFER_PENDING: {
        int32_t day;
        offers_unclaim(turn, offer->number); /* a failed one that was edited */
        if (date_read(&day, offer->content.accept_by))
            turn_timer(turn, "offer.lapse", offer->number, date_end_ms(day) + 1 + GRACE_MS);
        drafting_want(turn, offer->number);
        break;
    }
    case OFFER_APPROVED:
    case OFFER_PUBLISHING:
        publishing_advance(turn, offer->number);
        break;
    case OFFER_PUBLISHED:
        turn_timer_stop(turn, "offer.lapse", offer->number);
        cards_announce(turn, offer->number);
        agreements_watch(turn, offer);
        syncing_soon(turn);
        break;
    case OFFER_REJECTED:
    case OFFER_WITHDRAWN:
        offers_unclaim(turn, offer->number);
        turn_timer_stop(turn, "offer.lapse", offer->number);
        drafting_leave(turn, offer->number);
        break;
    case OFFER_CHANGES_REQUESTED:
        offers_unclaim(turn, offer->number);
        turn_timer_stop(turn, "offer.lapse", offer->number);
        break;
    case OFFER_DRAFT:
    case OFFER_ACCEPTED:
    case OFFER_EXPIRED:
    case OFFER_CLOSED:
    case OFFER_FAILED:
    case OFFER_STATES:
        break;
    }
}

static void submit(struct turn *turn, const struct judgement *judgement,
                   const struct person *person)
{
    struct policy policy = policy_of(turn);
    struct offer offer;
    const char *why = policy_may_request(&policy, person);
    if (!offers_get(turn, judgement->offer, &offer) || offer.state != OFFER_DRAFT)
        return;
    if (offers_move(turn, &offer, why == NULL ? OFFER_SUBMIT : OFFER_WITHDRAW,
                    why == NULL ? person->id : "bot", why == NULL ? "" : why)) {
        if (why == NULL)
            deciding_moved(turn, &offer);
        else
            refuse(turn, judgement, "CPPO-%lld was not sent: %s", (long long)offer.number, why);
    }
}

/* May this offer, as it is, be approved at all? Says why not. */
static bool approvable(struct turn *turn, const struct judgement *judgement,
                       const struct offer *offer)
{
    struct authorization authorization;
    const char *unusable = "is not known to AWS any more";
    int32_t day;
    if (authorizations_get(turn, offer->content.authorization, &authorization))
        unusable = authorization_unusable(&authorization, turn_now(turn));
    if (unusable != NULL) {
        refuse(
            turn, judgement,
            "CPPO-%lld cannot be approved: its resale authorization %s. Use “Request changes” so "
            "that <@%s> can choose another.",
            (long long)offer->number, unusable, offer->requester);
        return false;
    }
    if (!date_read(&day, offer->content.accept_by) || date_of_ms(turn_now(turn)) >= day) {
        refuse(turn, judgement,
               "CPPO-%lld cannot be approved: its accept-by date %s leaves no time. Use “Request "
               "changes” so that <@%s> can choose a later one.",
               (long long)offer->number, offer->content.accept_by, offer->requester);
        return false;
    }
    if (!authorization.single_use)
        return true;
    int64_t owner = offers_claimed(turn, authorization.id);
    if (owner != 0 && owner != offer->number) {
        refuse(turn, judgement,
               "CPPO-%lld cannot be approved: its resale authorization can be used once, and "
               "CPPO-%lld has it.",
               (long long)offer->number, (long long)owner);
        return false;
    }
    return true;
}

static size_t count_votes(struct turn *turn, const struct offer *offer, struct vote *votes,
                          const char **voters)
{
    size_t count = offers_votes(turn, offer->number, offer->revision, votes, MOST_VOTES);
    for (size_t i = 0; i < count; i++)
        voters[i] = votes[i].person;
    return count;
}

/* Keep what was decided, on what, and by which rule; false when it was so already. */
static bool record(struct turn *turn, const struct judgement *judgement, const struct offer *offer,
                   enum offer_event verdict)
{
    struct loaded_card *loaded = cards_load(turn, offer->number);
    char *saw = card_plain(cards_view(loaded));
    char *rule = approval_rule(turn);
    bool news = offers_vote(turn, offer, verdict, judgement->person, saw, rule);
    free(saw);
    free(rule);
    cards_free(loaded);
    return news;
}

static void approve(struct turn *turn, const struct judgement *judgement, struct offer *offer)
{
    struct policy policy = policy_of(turn);
    struct vote votes[MOST_VOTES];
    const char *voters[MOST_VOTES];
    struct authorization authorization;
    if (!approvable(turn, judgement, offer))
        return;
    bool new_vote = record(turn, judgement, offer, OFFER_APPROVE);
    size_t count = count_votes(turn, offer, votes, voters);
    if (!policy_enough(&policy, voters, count)) {
        cards_show(turn, offer->number);
        if (new_vote)
            refuse(turn, judgement, "Your approval of CPPO-%lld counts: %zu of %d.",
                   (long long)offer->number, count, policy.needed);
        return;
    }
    if (authorizations_get(turn, offer->content.authorization, &authorization) &&
        authorization.single_use)
        offers_claim(turn, authorization.id, offer->number);
    if (offers_move(turn, offer, OFFER_APPROVE, judgement->person, ""))
        deciding_moved(turn, offer);
}

static bool approved_by(struct turn *turn, const struct offer *offer, const char *person)
{
    struct vote votes[MOST_VOTES];
    const char *voters[MOST_VOTES];
    size_t count = count_votes(turn, offer, votes, voters);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(voters[i], person) == 0)
            return true;
    }
    return false;
}

static void decide(struct turn *turn, const struct judgement *judgement,
                   const struct person *person, struct offer *offer)
{
    struct policy policy = policy_of(turn);
    const char *why = policy_may_decide(&policy, person, offer->requester);
    if (why != NULL) {
        refuse(turn, judgement, "%s", why);
        return;
    }
    if (judgement->revision != offer->revision) {
        refuse(
            turn, judgement,
            "CPPO-%lld has changed since: you saw revision %d, it is at revision %d now. Nothing "
            "was decided; please look at the card again.",
            (long long)offer->number, judgement->revision, offer->revision);
        cards_show(turn, offer->number);
        return;
    }
    if (offer->state != OFFER_PENDING) {
        /* A second click of the one whose approval stands already needs no word. */
        if (judgement->what != JUDGE_APPROVE || !approved_by(turn, offer, judgement->person))
            say_too_late(turn, judgement, offer);
        cards_show(turn, offer->number);
        return;
    }
    if (judgement->what == JUDGE_APPROVE) {
        approve(turn, judgement, offer);
        return;
    }
    enum offer_event event = judgement->what == JUDGE_REJECT ? OFFER_REJECT : OFFER_REQUEST_CHANGES;
    record(turn, judgement, offer, event);
    if (offers_move(turn, offer, event, judgement->person, judgement->reason))
        deciding_moved(turn, offer);
}

static void retry(struct turn *turn, const struct judgement *judgement, const struct person *person,
                  struct offer *offer)
{
    struct policy policy = policy_of(turn);
    const char *why = policy_may_retry(&policy, person, offer->requester);
    if (why != NULL)
        refuse(turn, judgement, "%s", why);
    else if (offer->state != OFFER_FAILED || judgement->revision != offer->revision)
        say_too_late(turn, judgement, offer);
    else if (!offer->can_retry)
        refuse(turn, judgement,
               "Trying CPPO-%lld again with the same content cannot succeed. Edit it instead: %s",
               (long long)offer->number, offer->problem);
    else if (offers_move(turn, offer, OFFER_RETRY, person->id, ""))
        deciding_moved(turn, offer);
}

static void show_details(struct turn *turn, const struct judgement *judgement,
                         const struct person *person, const struct offer *offer)
{
    struct policy policy = policy_of(turn);
    struct move moves[MOST_MOVES];
    const char *why = policy_may_see(&policy, person, offer->requester);
    if (why != NULL) {
        refuse(turn, judgement, "%s", why);
        return;
    }
    struct loaded_card *loaded = cards_load(turn, offer->number);
    size_t count = offers_moves(turn, offer->number, moves, MOST_MOVES);
    notify_whisper(turn, judgement->channel, judgement->person,
                   card_details(cards_view(loaded), moves, count));
    cards_free(loaded);
}

void deciding_apply(struct turn *turn, const struct judgement *judgement,
                    const struct person *person)
{
    struct offer offer;
    if (!offers_get(turn, judgement->offer, &offer)) {
        refuse(turn, judgement, "There is no CPPO-%lld.", (long long)judgement->offer);
        return;
    }
    switch (judgement->what) {
    case JUDGE_APPROVE:
    case JUDGE_REJECT:
    case JUDGE_REQUEST_CHANGES:
        decide(turn, judgement, person, &offer);
        break;
    case JUDGE_SUBMIT:
        submit(turn, judgement, person);
        break;
    case JUDGE_DETAILS:
        show_details(turn, judgement, person, &offer);
        break;
    case JUDGE_RETRY:
        retry(turn, judgement, person, &offer);
        break;
    }
}

void deciding_withdraw(struct turn *turn, int64_t number, int revision, const char *user,
                       const char *channel)
{
    struct offer offer;
    struct judgement asked = {.offer = number, .revision = revision, .what = JUDGE_DETAILS};
    text_fit(asked.person, sizeof(asked.person), user);
    text_fit(asked.channel, sizeof(asked.channel), channel);
    if (!offers_get(turn, number, &offer)) {
        refuse(turn, &asked, "There is no CPPO-%lld.", (long long)number);
    } else if (strcmp(offer.requester, user) != 0) {
        refuse(turn, &asked, "Only <@%s>, who requested CPPO-%lld, can withdraw it.",
               offer.requester, (long long)number);
    } else if (revision != 0 && revision != offer.revision) {
        refuse(turn, &asked,
               "CPPO-%lld has changed since: it is at revision %d now. Nothing was withdrawn.",
               (long long)number, offer.revision);
    } else if (offers_move(turn, &offer, OFFER_WITHDRAW, user, "")) {
        deciding_moved(turn, &offer);
    } else {
        refuse(turn, &asked, "CPPO-%lld cannot be withdrawn any more: its state is “%s”.",
               (long long)number, offer_state_label(offer.state));
    }
}

void deciding_lapse(struct turn *turn, int64_t number)
{
    struct offer offer;
    if (!offers_get(turn, number, &offer) || offer.state != OFFER_PENDING)
        return;
    if (offers_move(turn, &offer, OFFER_LAPSE, "bot",
                    "Its accept-by date is past and nobody had decided. Choose a later date and "
                    "send it again."))
        deciding_moved(turn, &offer);
}
