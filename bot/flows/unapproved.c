#include "flows/unapproved.h"

#include <stdio.h>
#include <string.h>

#include "book/drafts.h"
#include "book/offers.h"
#include "flows/access.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/notify.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "offers/kind.h"

static const struct effect_type unapproved_read_effect;
static const struct timer_type unapproved_poll_timer;

enum { MAX_READS = 4 }; /* AWS's reads lag: so many in a row have to show a draft */

/* What is going on is compared before its release, and what is out was. */
static bool is_unapproved(const struct request *offer)
{
    return !request_state_in(offer->state, STATES_GOING | 1U << STATE_UNREADABLE) &&
           offer->published_at == 0;
}

static void tell(struct turn *turn, const struct request *offer, const char *entity)
{
    static const struct matter live = {TOLD_A_DAY, .name = "live unapproved"};
    char number[32];
    snprintf(number, sizeof(number), "%lld", (long long)offer->number);
    log_error("live unapproved", F_INT("request", offer->number), F_TEXT("entity", entity));
    notify_operators_once(turn, &live, number,
                          "CPPO-%lld (%s) is live at AWS Marketplace, though here it is “%s”: "
                          "somebody released its draft in the portal. The buyer can accept it. End "
                          "it there if it is wrong.",
                          (long long)offer->number, entity, kind_label(offer->kind, offer->state));
}

static void look_later(struct turn *turn, int64_t offer)
{
    turn_timer(turn, &unapproved_poll_timer, offer, app_config(turn)->poll_slowest);
}

void unapproved_look(struct turn *turn, int64_t offer)
{
    struct draft draft;
    drafts_get(turn, offer, &draft);
    if (*draft.entity == '\0')
        return;
    draft.empty_reads = 0;
    drafts_put(turn, &draft);
    look_later(turn, offer);
}

static void poll(struct turn *turn, int64_t number)
{
    struct draft draft;
    drafts_get(turn, number, &draft);
    if (*draft.entity != '\0')
        flow_read(turn, &unapproved_read_effect, number, draft.entity,
                  catalog_describe_entity(draft.entity));
}

static void on_unapproved_read(struct turn *turn, const struct result *result)
{
    struct request offer;
    struct draft draft;
    struct catalog_offer held;
    drafts_get(turn, result->subject, &draft);
    if (!offers_get(turn, result->subject, &offer) || !is_unapproved(&offer) ||
        strcmp(draft.entity, result->target) != 0)
        return;
    if (result->outcome == OUTCOME_OK && catalog_offer(result->reply, &held) && held.released) {
        tell(turn, &offer, held.id);
    } else if (access_denied(result)) {
        look_later(turn, offer.number); /* that says nothing of it */
    } else if (++draft.empty_reads < MAX_READS) {
        drafts_put(turn, &draft);
        look_later(turn, offer.number);
    }
}

/* The last that we shall hear of it. */
static void on_move(struct turn *turn, const struct moved *moved)
{
    enum request_state state = moved->request->state;
    if (state == STATE_REJECTED || state == STATE_WITHDRAWN)
        unapproved_look(turn, moved->request->number);
}

static const struct effect_type unapproved_read_effect = {
    .name = "unapproved.read",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_unapproved_read,
};
static const struct timer_type unapproved_poll_timer = {
    .name = "unapproved.poll", .due = poll, .rests = notify_if_unreadable};

const struct flow unapproved_flow = {.effects = {&unapproved_read_effect},
                                     .timers = {&unapproved_poll_timer},
                                     .kind = KIND_OFFER,
                                     .on_move = on_move};
