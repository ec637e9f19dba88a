/* A request that nobody decides before its accept-by date lapses: the buyer could not accept it any
 * more. */
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

/* Nothing for an approval: the move that follows from it stops the timer. */
static void on_move(struct turn *turn, const struct moved *moved)
{
    if (moved->request->state == STATE_PENDING)
        set(turn, moved->request);
    else if (moved->request->state != STATE_APPROVED)
        turn_timer_stop(turn, &offer_lapse_timer, moved->request->number);
}

static const struct timer_type offer_lapse_timer = {
    .name = "offer.lapse", .due = lapse, .rests = notify_if_unreadable};

const struct flow lapsing_flow = {
    .kind = KIND_OFFER, .timers = {&offer_lapse_timer}, .on_move = on_move};
