#include "flows/following.h"

#include <stdlib.h>
#include <string.h>

#include "book/drafts.h"
#include "book/offers.h"
#include "flows/app_context.h"
#include "flows/cards.h"
#include "flows/flow.h"
#include "flows/informing.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "offers/offer.h"
#include "text.h"
#include "views/messages.h"

static const struct effect_type entity_follow_effect;
static const struct timer_type entity_follow_timer;

enum {
    READS_TO_BELIEVE = 3, /* AWS's reads lag: before another date is believed */
    HOURLY = 60,          /* polls at their slowest, which are a minute apart */
    DAILY = 1440,
};

static const char *date_of(const struct request *offer, const struct following *following)
{
    return *following->ends != '\0' ? following->ends : offer_content(offer)->accept_by;
}

int64_t following_end(const struct request *offer, const struct following *following)
{
    int32_t day;
    return date_read(&day, date_of(offer, following)) ? date_end_ms(day) : 0;
}

/* Hourly at first, daily at last, where polls slow down to one a minute. */
static int64_t interval(struct turn *turn, const struct request *offer)
{
    int64_t poll = app_config(turn)->poll_slowest;
    int64_t wait = (turn_now(turn) - offer->published_at) / 8;
    return wait < HOURLY * poll ? HOURLY * poll : wait > DAILY * poll ? DAILY * poll : wait;
}

static void check(struct turn *turn, int64_t number)
{
    struct draft draft;
    drafts_get(turn, number, &draft);
    if (draft.state == DRAFT_RELEASED)
        flow_read(turn, &entity_follow_effect, number, draft.entity,
                  catalog_describe_entity(draft.entity));
}

bool following_check_if_due(struct turn *turn, const struct request *offer,
                            const struct following *following)
{
    int64_t now = turn_now(turn);
    int64_t end = following_end(offer, following);
    int64_t last = following->read_at > 0 ? following->read_at : offer->published_at;
    bool was_set = now < last; /* the clock was ahead when it was read last */
    bool daily = was_set || now - last >= interval(turn, offer);
    bool at_end = offer->state == STATE_PUBLISHED && now > end + GRACE_MS && last <= end + GRACE_MS;
    if (!daily && !at_end)
        return false;
    check(turn, offer->number);
    return true;
}

/* --- another date --- */

/* A date in the past means that somebody took it off the market: it ended then. */
static void end_early(struct turn *turn, struct request *offer, const char *now)
{
    char *why = text_format("Its accept-by date was set to %s on AWS: it is no longer available to "
                            "the buyer.",
                            now);
    if (offer->state == STATE_PUBLISHED)
        moves_apply(turn, offer, EVENT_CLOSE, actor_aws(), why);
    else if (offer->state == STATE_ACCEPTED && offer_content(offer)->buyer_count > 1)
        notify_person(turn, offer->requester,
                      message_format(
                          "CPPO-%lld: its accept-by date was set to %s on AWS. Buyers who have not "
                          "accepted yet no longer can.",
                          (long long)offer->number, now));
    free(why);
}

static void follow_date(struct turn *turn, struct request *offer, const char *before,
                        const char *now)
{
    int32_t day;
    log_info("accept-by date changed", F_INT("request", offer->number), F_TEXT("from", before),
             F_TEXT("to", now));
    cards_show(turn, offer->number);
    cards_announce(turn, offer->number);
    informing_update(turn, offer->number);
    if (date_read(&day, now) && date_of_ms(turn_now(turn)) > day) {
        end_early(turn, offer, now);
        return;
    }
    char *why = text_format("%s on AWS: the buyer can accept it until %s (it was %s).",
                            strcmp(now, before) > 0 ? "extended" : "changed", now, before);
    if (offer->state == STATE_PUBLISHED ||
        (offer->state == STATE_ACCEPTED && offer_content(offer)->buyer_count > 1))
        notify_person(turn, offer->requester,
                      message_format("CPPO-%lld was %s", (long long)offer->number, why));
    else
        moves_apply(turn, offer, EVENT_REOPEN, actor_aws(), why);
    free(why);
}

/* --- reading --- */

/* ${held} was read once more. False: not often enough in a row to be believed, so it is read again.
 */
static bool confirm(struct turn *turn, struct following *following, const char *held)
{
    if (strcmp(following->seen, held) != 0)
        following->reads = 0;
    text_fit(following->seen, sizeof(following->seen), held);
    if (++following->reads >= READS_TO_BELIEVE)
        return true;
    acceptances_put_following(turn, following);
    turn_timer(turn, &entity_follow_timer, following->offer, app_config(turn)->poll_first);
    return false;
}

static void read_date(struct turn *turn, struct request *offer, const char *held)
{
    struct following following;
    char before[DATE_TEXT];
    int32_t day;
    acceptances_following(turn, offer->number, &following);
    text_fit(before, sizeof(before), date_of(offer, &following));
    bool other = date_read(&day, held) && strcmp(held, before) != 0;
    if (other && !confirm(turn, &following, held))
        return;
    following.seen[0] = '\0';
    following.reads = 0;
    following.read_at = turn_now(turn);
    if (other)
        text_fit(following.ends, sizeof(following.ends), held);
    acceptances_put_following(turn, &following);
    if (other)
        follow_date(turn, offer, before, held);
    moves_wake(turn, offer);
}

static void on_entity_follow(struct turn *turn, const struct result *result)
{
    struct request offer;
    struct catalog_offer held;
    if (notify_if_unreadable(turn, result->subject)) {
        turn_timer(turn, &entity_follow_timer, result->subject, 0);
        return;
    }
    if (!offers_get(turn, result->subject, &offer) || offer.published_at == 0)
        return;
    bool answered = result->outcome == OUTCOME_OK && catalog_offer(result->reply, &held) &&
                    held.released && strcmp(held.id, result->target) == 0;
    if (answered)
        read_date(turn, &offer, held.accept_by);
    else if (strcmp(result->code, "ResourceNotFoundException") == 0)
        read_date(turn, &offer, ""); /* the date that is known stands */
    else                             /* asked again with the next question about agreements */
        log_warn("released offer unreadable", F_INT("request", offer.number),
                 F_TEXT("code", result->code));
}

static const struct effect_type entity_follow_effect = {
    .name = "entity.follow",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_entity_follow,
    .patience_ms = PATIENCE_MS,
};
static const struct timer_type entity_follow_timer = {
    .name = "entity.follow", .due = check, .rests = notify_if_unreadable};

const struct flow following_flow = {.effects = {&entity_follow_effect},
                                    .timers = {&entity_follow_timer}};
