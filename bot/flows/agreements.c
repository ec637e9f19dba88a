#include "flows/agreements.h"

#include <stdlib.h>
#include <string.h>

#include "book/drafts.h"
#include "book/offers.h"
#include "flows/deciding.h"
#include "flows/house.h"
#include "flows/notify.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/date.h"

/* Every ten minutes at first, every hour at last, where polls slow down to one a minute. */
void agreements_watch(struct turn *turn, const struct offer *offer)
{
    int64_t slowest = config_of(turn)->poll_slowest;
    int64_t wait = (turn_now(turn) - offer->published_at) / 20;
    if (wait < 10 * slowest)
        wait = 10 * slowest;
    if (wait > 60 * slowest)
        wait = 60 * slowest;
    turn_timer(turn, "agreement.look", offer->number, turn_now(turn) + wait);
}

void agreements_look(struct turn *turn, int64_t number)
{
    struct offer offer;
    struct draft draft;
    if (!offers_get(turn, number, &offer))
        return;
    notify_unreadable(turn, &offer);
    if (offer.state != OFFER_PUBLISHED)
        return;
    drafts_get(turn, number, &draft);
    char *body = catalog_search_agreements(draft.entity);
    turn_effect(turn, &(struct effect){.type = "agreement.read",
                                       .subject = number,
                                       .target = draft.entity,
                                       .lane = "agreements",
                                       .body = body,
                                       .body_size = strlen(body)});
    free(body);
}

static bool too_late(const struct turn *turn, const struct offer *offer)
{
    int32_t day;
    return date_read(&day, offer->content.accept_by) &&
           turn_now(turn) > date_end_ms(day) + GRACE_MS;
}

/* Without an answer nobody knows whether it was accepted: then it does not expire either. */
void agreements_read(struct turn *turn, const struct result *result)
{
    struct offer offer;
    if (!offers_get(turn, result->subject, &offer) || offer.state != OFFER_PUBLISHED)
        return;
    bool answered = result->outcome == OUTCOME_OK;
    if (!answered)
        log_warn("whether the buyer accepted cannot be read", F_INT("offer", offer.number),
                 F_TEXT("code", result->code), F_TEXT("text", result->text));
    bool moved = false;
    if (answered && catalog_accepted(result->reply, result->target))
        moved = offers_move(turn, &offer, OFFER_ACCEPT, "bot", "");
    else if (answered && too_late(turn, &offer))
        moved = offers_move(turn, &offer, OFFER_EXPIRE, "bot", "");
    if (moved)
        deciding_moved(turn, &offer);
    else
        agreements_watch(turn, &offer);
}
