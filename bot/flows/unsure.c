#include "flows/unsure.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/doubts.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "flows/catching_up_news.h"
#include "flows/flow.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "text.h"

static const struct effect_type unsure_entity_effect;
static const struct timer_type unsure_poll_timer;

static const int64_t AGAIN_MS = INT64_C(10) * 60 * 1000; /* at first, then ever more slowly ... */
static const int64_t SLOWEST_MS = INT64_C(24) * HOUR_MS;
/* ... and no longer than AWS keeps its requests (AWS Marketplace Catalog API service quotas). */
static const int64_t GIVE_UP_MS = INT64_C(90) * 24 * HOUR_MS;

bool unsure_holds(struct turn *turn, int64_t offer)
{
    struct doubt doubt;
    return doubts_get(turn, offer, &doubt);
}

void unsure_end(struct turn *turn, int64_t offer)
{
    doubts_drop(turn, offer);
    turn_timer_stop(turn, &unsure_poll_timer, offer);
}

void unsure_hold(struct turn *turn, const struct request *offer, const struct find *find,
                 const char *why)
{
    assert(find->request == offer->number && *why != '\0');
    struct doubt doubt = {
        .offer = offer->number, .revision = find->revision, .since = turn_time(turn)};
    text_fit(doubt.entity, sizeof(doubt.entity), find->entity);
    text_fit(doubt.why, sizeof(doubt.why), why);
    doubts_put(turn, &doubt);
    if (*doubt.entity != '\0')
        turn_timer(turn, &unsure_poll_timer, offer->number, AGAIN_MS);
    log_warn("unconfirmed release held", F_INT("request", offer->number),
             F_TEXT("entity", doubt.entity), F_TEXT("why", why));
}

/* AWS's lists have caught up by now: the operators learn of those that are (still) held. */
static void on_report(struct turn *turn)
{
    struct doubt doubt = {.offer = 0};
    while (doubts_next(turn, doubt.offer, &doubt)) {
        if (doubt.told)
            continue;
        char *line = text_format(
            "My messages say that CPPO-%lld is published, but AWS does not show it to me: %s. I "
            "won't make a second one%s. Please check the AWS Marketplace portal. If the offer is "
            "there, withdraw CPPO-%lld here; if it is not, get it approved again and press *Try "
            "again* on its card.",
            (long long)doubt.offer, doubt.why,
            *doubt.entity != '\0' ? ", and I'll keep checking" : "", (long long)doubt.offer);
        catching_up_report(turn, line);
        free(line);
        doubt.told = true;
        doubts_put(turn, &doubt);
    }
}

/* It was approved, and no release of it is followed. */
static void hold_back(struct turn *turn, int64_t number)
{
    struct request offer;
    struct draft draft;
    drafts_get(turn, number, &draft);
    if (!offers_get(turn, number, &offer) || draft.state == DRAFT_RELEASING)
        return;
    if (request_state_in(offer.state, STATES_GOING))
        moves_fail(turn, number, actor_bot(), true,
                   "My own messages say that this offer is already published, but AWS does not "
                   "show it to me. To avoid selling it twice, I wait until AWS does, or until "
                   "an operator has checked AWS Marketplace and tries again.");
}

bool unsure_stop(struct turn *turn, int64_t offer)
{
    if (!unsure_holds(turn, offer))
        return false;
    hold_back(turn, offer);
    return true;
}

void unsure_clear(struct turn *turn, int64_t offer, const struct person *person)
{
    if (!unsure_holds(turn, offer))
        return;
    assert(person_on(person, LIST_OPERATORS));
    log_warn("unconfirmed release cleared", F_INT("request", offer), F_TEXT("who", person->id));
    unsure_end(turn, offer);
}

static void check(struct turn *turn, int64_t offer)
{
    struct doubt doubt;
    if (doubts_get(turn, offer, &doubt))
        flow_read(turn, &unsure_entity_effect, offer, doubt.entity,
                  catalog_describe_entity(doubt.entity));
}

static int64_t wait_of(int64_t elapsed)
{
    int64_t wait = elapsed / 4;
    if (wait < AGAIN_MS)
        return AGAIN_MS;
    return wait < SLOWEST_MS ? wait : SLOWEST_MS;
}

/* The doubt stays: nothing is published until an operator has looked. */
static void give_up(struct turn *turn, const struct doubt *doubt)
{
    notify_operators(turn,
                     "AWS still does not show CPPO-%lld as released (%s), and I have stopped "
                     "checking. If it is in the AWS Marketplace portal, withdraw CPPO-%lld here; "
                     "if it is not, get it approved again and press *Try again* on its card.",
                     (long long)doubt->offer, doubt->entity, (long long)doubt->offer);
}

static void check_later(struct turn *turn, struct doubt *doubt)
{
    if (doubt->since == 0) { /* from before that was kept */
        doubt->since = turn_time(turn);
        doubts_put(turn, doubt);
    }
    int64_t elapsed = turn_time(turn) - doubt->since;
    if (elapsed < GIVE_UP_MS)
        turn_timer(turn, &unsure_poll_timer, doubt->offer, wait_of(elapsed));
    else
        give_up(turn, doubt);
}

static void tell_out(struct turn *turn, struct request *offer, const struct doubt *doubt,
                     const struct catalog_offer *held)
{
    struct find find = {.what = FIND_SET,
                        .request = doubt->offer,
                        .revision = doubt->revision,
                        .at = turn_now(turn)};
    text_fit(find.entity, sizeof(find.entity), doubt->entity);
    notify_operators(turn, "AWS shows CPPO-%lld as released now (%s): I've recorded that.",
                     (long long)doubt->offer, doubt->entity);
    flows_tell_out(turn, offer, &find, held);
}

static void on_unsure_entity(struct turn *turn, const struct result *result)
{
    struct doubt doubt;
    struct request offer;
    struct catalog_offer held;
    if (notify_if_unreadable(turn, result->subject)) { /* the doubt stays */
        turn_timer(turn, &unsure_poll_timer, result->subject, 0);
        return;
    }
    if (!doubts_get(turn, result->subject, &doubt) || !offers_get(turn, doubt.offer, &offer))
        return;
    bool followed =
        kind_move(offer.kind, offer.state, EVENT_FIND) < 0; /* to its end, by the release */
    bool out =
        result->outcome == OUTCOME_OK && catalog_offer(result->reply, &held) && held.released;
    if (!followed && out)
        tell_out(turn, &offer, &doubt, &held);
    else if (followed || kind_ended(offer.kind, offer.state)) /* nothing of it will be made */
        unsure_end(turn, doubt.offer);
    else
        check_later(turn, &doubt);
}

static const struct effect_type unsure_entity_effect = {
    .name = "unsure.entity",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_unsure_entity,
    .patience_ms = PATIENCE_MS,
};
static const struct timer_type unsure_poll_timer = {
    .name = "unsure.poll", .due = check, .rests = notify_if_unreadable};

const struct flow unsure_flow = {
    .on_report = on_report,
    .effects = {&unsure_entity_effect},
    .timers = {&unsure_poll_timer},
};
