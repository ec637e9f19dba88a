/* After the publication: which buyers have accepted, or did the offer expire? AWS sends no event,
 * so the bot polls: less and less when little is expected any more, and not without end. */
#include <stdlib.h>
#include <string.h>

#include "book/acceptances.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "flows/access.h"
#include "flows/app_context.h"
#include "flows/cards.h"
#include "flows/flow.h"
#include "flows/following.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "views/messages.h"

static const struct effect_type agreement_read_effect;
static const struct timer_type agreement_poll_timer;

/* AWS is asked this long after the end: an acceptance in time may show up late, and agreements get
 * cancelled. */
static const int64_t AFTERWARDS_MS = INT64_C(30) * 24 * HOUR_MS;

static bool is_out(const struct request *offer)
{
    return request_state_in(offer->state, STATES_OUT);
}

/* --- when --- */

static int64_t between(int64_t value, int64_t min, int64_t max)
{
    return value < min ? min : value > max ? max : value;
}

static bool all_accepted(struct turn *turn, const struct request *offer)
{
    struct acceptance list[MAX_ACCEPTANCES];
    size_t count = acceptances_get(turn, offer->number, list, MAX_ACCEPTANCES);
    return acceptance_buyers(list, count) >= offer_content(offer)->buyer_count;
}

static bool is_over(struct turn *turn, const struct request *offer,
                    const struct following *following)
{
    int64_t end = following_end(offer, following);
    return end > 0 && turn_now(turn) > end + GRACE_MS;
}

/* When to ask AWS next, until a month after all buyers have accepted or nobody can any more. If
 * polls slow down to one a minute: every ten minutes at first, later every hour, and daily once
 * little is expected. */
static void ask_again(struct turn *turn, const struct request *offer)
{
    struct following following;
    int64_t poll = app_config(turn)->poll_slowest;
    int64_t now = turn_now(turn);
    acceptances_following(turn, offer->number, &following);
    bool settled = is_over(turn, offer, &following) || all_accepted(turn, offer);
    if (settled != (following.settled_at > 0)) {
        following.settled_at = settled ? now : 0;
        acceptances_put_following(turn, &following);
    }
    if (settled && now - following.settled_at > AFTERWARDS_MS)
        return;
    int64_t wait = settled ? between((now - following.settled_at) / 10, 60 * poll, 1440 * poll)
                           : between((now - offer->published_at) / 20, 10 * poll, 60 * poll);
    turn_timer(turn, &agreement_poll_timer, offer->number, wait);
}

static void search(struct turn *turn, int64_t number, const char *entity, const char *next)
{
    char *body = catalog_search_agreements(entity, next);
    turn_effect(turn, &(struct effect){.type = &agreement_read_effect,
                                       .subject = number,
                                       .target = entity,
                                       .lane = "agreements",
                                       .body = body});
    free(body);
}

static void check(struct turn *turn, int64_t number)
{
    struct request offer;
    struct draft draft;
    if (!offers_get(turn, number, &offer) || !is_out(&offer))
        return;
    drafts_get(turn, number, &draft);
    search(turn, number, draft.entity, "");
}

/* --- what came of it --- */

/* One more buyer; or an agreement that counted, or never did, does not count. The first buyer moves
 * the offer, and the move itself tells people. */
static void tell_change(struct turn *turn, const struct request *offer,
                        const struct acceptance *acceptance, bool counted)
{
    long long number = (long long)offer->number;
    const char *account = *acceptance->account != '\0' ? acceptance->account : "unknown";
    bool counts = acceptance_counts(acceptance);
    if (!counts) {
        char *became = acceptance_undone(acceptance);
        notify_person(turn, offer->requester,
                      message_format("CPPO-%lld: the agreement %s of buyer account %s %s.", number,
                                     acceptance->agreement, account, became));
        free(became);
    } else if (!counted && offer->state == STATE_ACCEPTED) {
        struct acceptance list[MAX_ACCEPTANCES];
        size_t count = acceptances_get(turn, offer->number, list, MAX_ACCEPTANCES);
        notify_person(
            turn, offer->requester,
            message_format(
                "🎉 CPPO-%lld: buyer account %s accepted (agreement %s). %zu of %zu buyers "
                "have accepted.",
                number, account, acceptance->agreement, acceptance_buyers(list, count),
                offer_content(offer)->buyer_count));
    }
}

/* Into the book; true when it is news. */
static bool note(struct turn *turn, const struct request *offer,
                 const struct acceptance *acceptance)
{
    struct acceptance before;
    bool known = acceptances_find(turn, offer->number, acceptance->agreement, &before);
    if (known && strcmp(before.status, acceptance->status) == 0 &&
        strcmp(before.account, acceptance->account) == 0)
        return false;
    acceptances_put(turn, offer->number, acceptance);
    log_info("agreement", F_INT("request", offer->number),
             F_TEXT("agreement", acceptance->agreement), F_TEXT("account", acceptance->account),
             F_TEXT("status", acceptance->status));
    if (!known || acceptance_counts(&before) != acceptance_counts(acceptance))
        tell_change(turn, offer, acceptance, known && acceptance_counts(&before));
    return true;
}

/* The card says that acceptance is unknown, or no longer says so. */
static void set_blind(struct turn *turn, int64_t offer, bool blind)
{
    struct following following;
    acceptances_following(turn, offer, &following);
    if (following.blind == blind)
        return;
    following.blind = blind;
    acceptances_put_following(turn, &following);
    cards_show(turn, offer);
}

static bool has_buyer(struct turn *turn, int64_t offer)
{
    struct acceptance list[MAX_ACCEPTANCES];
    return acceptance_buyers(list, acceptances_get(turn, offer, list, MAX_ACCEPTANCES)) > 0;
}

static void expire(struct turn *turn, struct request *offer)
{
    struct following following;
    acceptances_following(turn, offer->number, &following);
    if (offer->state == STATE_PUBLISHED && !following.blind && is_over(turn, offer, &following))
        moves_apply(turn, offer, EVENT_EXPIRE, actor_bot(), "");
}

/* All pages were read. */
static void decide(struct turn *turn, struct request *offer)
{
    struct following following;
    if (has_buyer(turn, offer->number))
        moves_apply(turn, offer, EVENT_ACCEPT, actor_bot(), "");
    acceptances_following(turn, offer->number, &following);
    if (!following_check_if_due(turn, offer, &following))
        expire(turn, offer);
    ask_again(turn, offer);
}

/* Nobody knows whether it was accepted, so it must not expire either. */
static void on_no_answer(struct turn *turn, const struct request *offer,
                         const struct result *result)
{
    struct following following;
    if (access_denied(result)) { /* its date can be followed all the same */
        set_blind(turn, offer->number, true);
        acceptances_following(turn, offer->number, &following);
        following_check_if_due(turn, offer, &following);
    } else {
        log_warn("agreements unreadable", F_INT("request", offer->number),
                 F_TEXT("code", result->code), F_TEXT("why", result->text));
    }
    ask_again(turn, offer);
}

static void on_agreement_read(struct turn *turn, const struct result *result)
{
    struct request offer;
    struct acceptance page[MAX_ACCEPTANCES];
    char next[NEXT_TOKEN];
    bool is_new = false;
    if (notify_if_unreadable(turn, result->subject)) {
        turn_timer(turn, &agreement_poll_timer, result->subject, 0);
        return;
    }
    if (!offers_get(turn, result->subject, &offer) || !is_out(&offer))
        return;
    if (result->outcome != OUTCOME_OK) {
        on_no_answer(turn, &offer, result);
        return;
    }
    set_blind(turn, offer.number, false);
    size_t count = catalog_agreements(result->reply, result->target, page, MAX_ACCEPTANCES, next);
    for (size_t i = 0; i < count; i++)
        is_new = note(turn, &offer, &page[i]) || is_new;
    if (is_new) {
        cards_show(turn, offer.number);
        cards_announce(turn, offer.number);
    }
    if (*next != '\0')
        search(turn, offer.number, result->target, next);
    else
        decide(turn, &offer);
}

/* --- what it hears of --- */

static void on_move(struct turn *turn, const struct moved *moved)
{
    if (moved->request->state == STATE_PUBLISHED)
        ask_again(turn, moved->request);
}

/* AWS's copy of it was read: what is past by its date has expired. */
static void on_wake(struct turn *turn, const struct request *offer)
{
    struct request now = *offer;
    if (!is_out(offer))
        return;
    expire(turn, &now);
    ask_again(turn, &now);
}

static const struct effect_type agreement_read_effect = {
    .name = "agreement.read",
    .kind = EFFECT_READ,
    .call = "aws:SearchAgreements",
    .done = on_agreement_read,
    .gap_ms = 100,
    .patience_ms = PATIENCE_MS,
};
static const struct timer_type agreement_poll_timer = {
    .name = "agreement.poll", .due = check, .rests = notify_if_unreadable};

const struct flow agreements_flow = {.effects = {&agreement_read_effect},
                                     .timers = {&agreement_poll_timer},
                                     .kind = KIND_OFFER,
                                     .on_move = on_move,
                                     .on_wake = on_wake};
