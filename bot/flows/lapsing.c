/* What nobody decides until its accept-by date lapses: the buyer could not accept it any more. */
#include "book/offers.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "offers/kind.h"

static const struct timer_type offer_lapse_timer;

static void lapse(struct turn *turn, int64_t number)
{
    struct offer offer;
    if (offers_get(turn, number, &offer) && offer.state == OFFER_PENDING)
        moves_apply(turn, &offer, OFFER_LAPSE, actor_bot(),
                    "Its accept-by date passed before anybody decided. Choose a later date and "
                    "send it again.");
}

/* An hour after the day has ended: the clock of the machine may be an hour off. */
static void set(struct turn *turn, const struct offer *offer)
{
    int32_t day;
    if (date_read(&day, offer->content.accept_by))
        turn_date(turn, &offer_lapse_timer, offer->number, date_end_ms(day) + 1 + GRACE_MS);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    switch (moved->offer->state) {
    case OFFER_PENDING:
        set(turn, moved->offer);
        break;
    case OFFER_CHANGES_REQUESTED:
    case OFFER_PUBLISHED:
    case OFFER_REJECTED:
    case OFFER_WITHDRAWN:
        turn_timer_stop(turn, &offer_lapse_timer, moved->offer->number);
        break;
    case OFFER_DRAFT:
    case OFFER_APPROVED:
    case OFFER_PUBLISHING:
    case OFFER_ACCEPTED:
    case OFFER_EXPIRED:
    case OFFER_CLOSED:
    case OFFER_FAILED:
    case OFFER_UNDER_WAY:
    case OFFER_DONE:
    case OFFER_UNREADABLE:
    case OFFER_STATES:
        break;
    }
}

static const struct timer_type offer_lapse_timer = {
    .name = "offer.lapse", .due = lapse, .rests = notify_rests};

const struct flow lapsing_flow = {
    .kind = KIND_OFFER, .timers = {&offer_lapse_timer}, .on_move = on_move};
