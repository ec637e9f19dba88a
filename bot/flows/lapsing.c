/* What nobody decides until its accept-by date lapses: the buyer could not accept it any more. */
#include "book/offers.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "offers/kind.h"
#include "offers/offer.h"

static const struct timer_type offer_lapse_timer;

static void lapse(struct turn *turn, int64_t number)
{
    struct request request;
    if (offers_get(turn, number, &request) && request.state == STATE_PENDING)
        moves_apply(turn, &request, EVENT_LAPSE, actor_bot(),
                    "Its accept-by date passed before anybody decided. Choose a later date and "
                    "send it again.");
}

/* An hour after the day has ended: the clock of the machine may be an hour off. */
static void set(struct turn *turn, const struct request *request)
{
    int32_t day;
    if (date_read(&day, offer_content(request)->accept_by))
        turn_date(turn, &offer_lapse_timer, request->number, date_end_ms(day) + 1 + GRACE_MS);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    switch (moved->request->state) {
    case STATE_PENDING:
        set(turn, moved->request);
        break;
    case STATE_CHANGES_REQUESTED:
    case STATE_PUBLISHED:
    case STATE_REJECTED:
    case STATE_WITHDRAWN:
        turn_timer_stop(turn, &offer_lapse_timer, moved->request->number);
        break;
    case STATE_DRAFT:
    case STATE_APPROVED:
    case STATE_PUBLISHING:
    case STATE_ACCEPTED:
    case STATE_EXPIRED:
    case STATE_CLOSED:
    case STATE_FAILED:
    case STATE_UNDER_WAY:
    case STATE_DONE:
    case STATE_UNREADABLE:
    case STATES:
        break;
    }
}

static const struct timer_type offer_lapse_timer = {
    .name = "offer.lapse", .due = lapse, .rests = notify_rests};

const struct flow lapsing_flow = {
    .kind = KIND_OFFER, .timers = {&offer_lapse_timer}, .on_move = on_move};
