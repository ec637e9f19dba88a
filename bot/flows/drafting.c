/* The Marketplace draft of an offer: made when it is submitted, updated when it changes, abandoned
 * when the offer ends. One change set per offer at a time; what is wanted meanwhile waits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "flows/access.h"
#include "flows/app_context.h"
#include "flows/cards.h"
#include "flows/flow.h"
#include "flows/line.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/origins.h"
#include "flows/tracking.h"
#include "flows/unapproved.h"
#include "flows/unsure.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "text.h"

static const struct effect_type draft_start_effect, draft_read_effect, draft_cancel_effect;
static const struct timer_type draft_again_timer;
static const struct purpose make, update;

enum { MAX_PRICE_READS = 4 };

/* --- starting --- */

static void start(struct turn *turn, const struct request *offer, struct draft *draft, bool anew)
{
    const struct content *content = offer_content(offer);
    bool own_eula = content->eula != EULA_AS_AUTHORIZED;
    if (!line_admits(turn, offer->number))
        return; /* it is wanted anew when its turn comes */
    origins_begin(offer, draft, anew);
    draft->revision = offer->revision;
    draft->why[0] = draft->entity_revision[0] = '\0';
    draft->price_problem[0] = '\0';
    draft->prices_read = false;
    draft->differing_reads = draft->price_reads = 0;
    draft->own_eula = own_eula || (!anew && draft->own_eula);
    if (anew) {
        draft->number++;
        draft->entity[0] = '\0';
        text_fit(draft->authorization, sizeof(draft->authorization), content->authorization);
    }
    if (tracking_move(turn, draft, anew ? DRAFT_MAKE : DRAFT_UPDATE))
        tracking_start(turn, anew ? &make : &update, offer, draft);
}

static char *body_of_make(struct turn *turn, const struct change_set_id *id,
                          const struct request *offer, const struct draft *draft)
{
    (void)draft;
    return change_set_make(id, offer_content(offer), app_config(turn)->eula_version);
}

static char *body_of_update(struct turn *turn, const struct change_set_id *id,
                            const struct request *offer, const struct draft *draft)
{
    return change_set_update(id, draft->entity, offer_content(offer),
                             app_config(turn)->eula_version);
}

/* Before the approval no draft is made from an authorization that is single-use, or may be as far
 * as we know yet; nor when the configuration says so. */
static bool too_early(struct turn *turn, const struct request *offer)
{
    struct authorization authorization;
    if (offer->state != STATE_PENDING)
        return false;
    return app_config(turn)->draft == DRAFT_ON_APPROVAL ||
           !authorizations_get(turn, offer_content(offer)->authorization, &authorization) ||
           authorization.read_at == 0 || authorization.single_use;
}

static bool wants_draft(const struct request *offer)
{
    return request_state_in(offer->state, 1U << STATE_PENDING | STATES_GOING);
}

/* The offer wants a draft that holds its current revision: start what is needed, unless there is
 * one, it is under way, or must not be made before the approval. */
static void want(struct turn *turn, int64_t number)
{
    struct request offer;
    struct draft draft;
    if (!offers_get(turn, number, &offer))
        return;
    notify_unreadable(turn, &offer);
    if (!wants_draft(&offer) || too_early(turn, &offer) || unsure_stop(turn, number))
        return;
    drafts_get(turn, number, &draft);
    bool current = draft.revision == offer.revision;
    bool anew = *draft.entity == '\0' ||
                strcmp(draft.authorization, offer_content(&offer)->authorization) != 0 ||
                (draft.own_eula && offer_content(&offer)->eula == EULA_AS_AUTHORIZED) ||
                origins_lost(&offer, &draft);
    switch (draft.state) {
    case DRAFT_MAKING:
    case DRAFT_UPDATING:
    case DRAFT_RELEASING: /* looked at again when that ends */
    case DRAFT_RELEASED:
    case DRAFT_ABANDONED:
    case DRAFT_UNREADABLE:
    case DRAFT_STATES:
        break;
    case DRAFT_READY:
        if (!current)
            start(turn, &offer, &draft, anew);
        break;
    case DRAFT_REFUSED:
        if (!current || offer.state != STATE_PENDING || access_blocked(turn, number) ||
            line_calls(turn, number))
            start(turn, &offer, &draft, anew);
        break;
    case DRAFT_NONE:
        start(turn, &offer, &draft, true);
        break;
    }
}

/* --- its end --- */

/* AWS rejected it. What it rejected may be older than what is wanted by now. */
static void refuse(struct turn *turn, struct draft *draft, const char *why, bool can_retry)
{
    struct request offer;
    text_fit(draft->why, sizeof(draft->why), why);
    if (!tracking_move(turn, draft, DRAFT_REFUSE) || !offers_get(turn, draft->offer, &offer))
        return;
    if (offer.revision != draft->revision) {
        want(turn, draft->offer);
        return;
    }
    if (offer.state == STATE_PENDING)
        moves_apply(turn, &offer, EVENT_REFUSE, actor_aws(), why);
    else
        moves_fail(turn, draft->offer, actor_aws(), can_retry, "%s", why);
}

/* Nothing is wrong with the offer: it waits. */
static void wait_for_right(struct turn *turn, struct draft *draft, const char *why)
{
    text_fit(draft->why, sizeof(draft->why), why);
    if (tracking_move(turn, draft, DRAFT_REFUSE))
        access_block(turn, draft->offer);
}

static void wait_for_turn(struct turn *turn, struct draft *draft)
{
    draft->why[0] = '\0';
    if (tracking_move(turn, draft, DRAFT_REFUSE))
        line_wait(turn, draft->offer);
}

static void wait_for_account(struct turn *turn, struct draft *draft, const char *why)
{
    text_fit(draft->why, sizeof(draft->why), why);
    if (tracking_move(turn, draft, DRAFT_REFUSE))
        access_unready(turn, draft->offer, ACCESS_DRAFT, why);
}

/* AWS does not know the draft that was to be changed (any more): another is made. */
static void make_another(struct turn *turn, struct draft *draft, const char *why)
{
    log_warn("Marketplace draft missing", F_INT("request", draft->offer),
             F_TEXT("entity", draft->entity));
    text_fit(draft->why, sizeof(draft->why), why);
    draft->entity[0] = '\0';
    draft->revision = 0;
    if (tracking_move(turn, draft, DRAFT_REFUSE))
        want(turn, draft->offer);
}

static void cancel(struct turn *turn, int64_t offer, const char *change_set)
{
    log_info("Marketplace draft abandoned", F_INT("request", offer),
             F_TEXT("change_set", change_set));
    flow_read(turn, &draft_cancel_effect, offer, change_set, catalog_cancel_change_set(change_set));
}

/* It was in flight when its offer ended, or was found to be released: at worst a draft is
 * abandoned. */
static void on_late(struct turn *turn, const struct change_set *set)
{
    cancel(turn, set->offer, set->id);
}

/* The draft that a change set was to make or update. False: the draft is not in that state any
 * more. */
static bool get_working(struct turn *turn, const struct change_set *set, struct draft *draft)
{
    drafts_get(turn, set->offer, draft);
    return draft->state == DRAFT_MAKING || draft->state == DRAFT_UPDATING;
}

static void on_refused(struct turn *turn, const struct change_set *set, const struct result *result)
{
    struct draft draft;
    if (!get_working(turn, set, &draft))
        return;
    char *why = text_format("%s (%s)", result->text, result->code);
    if (access_denied(result))
        wait_for_right(turn, &draft, why);
    else if (line_is_full(result))
        wait_for_turn(turn, &draft);
    else if (*draft.entity != '\0' && strcmp(result->code, "ResourceNotFoundException") == 0)
        make_another(turn, &draft, why);
    else
        refuse(turn, &draft, why, true);
    free(why);
}

/* The draft holds its revision now: it waits for the approval, or is published. */
static void go_on(struct turn *turn, int64_t number)
{
    struct request offer;
    if (!offers_get(turn, number, &offer))
        return;
    notify_unreadable(turn, &offer);
    moves_wake(turn, &offer);
}

/* AWS itself was at fault. By now a newer revision may be wanted, from another authorization. */
static void start_again(struct turn *turn, struct draft *draft)
{
    struct request offer;
    if (!offers_get(turn, draft->offer, &offer))
        return;
    if (offer.revision != draft->revision)
        want(turn, draft->offer);
    else if (wants_draft(&offer))
        start(turn, &offer, draft, *draft->entity == '\0');
}

static void on_failed(struct turn *turn, const struct change_set *set,
                      const struct change_set_state *state)
{
    struct draft draft;
    if (!get_working(turn, set, &draft))
        return;
    if (state->status == CHANGE_SET_CANCELLED) {
        refuse(turn, &draft,
               "the change set was cancelled in the AWS console; send the offer again to create a "
               "new one",
               true);
    } else if (state->server_fault && tracking_count_fault(turn, set)) {
        if (tracking_move(turn, &draft, DRAFT_REFUSE))
            start_again(turn, &draft);
    } else if (state->of_account) {
        wait_for_account(turn, &draft, state->why);
    } else {
        if (strstr(state->why, "INVALID_UPDATE_REQUEST") != NULL) /* it is released already */
            unapproved_look(turn, draft.offer);
        refuse(turn, &draft, state->why, state->can_retry);
    }
}

static void on_succeeded(struct turn *turn, const struct change_set *set,
                         const struct change_set_state *state)
{
    struct draft draft;
    if (!get_working(turn, set, &draft))
        return;
    if (strcmp(set->purpose, make.name) == 0)
        access_on_done(turn, draft.offer, ACCESS_DRAFT);
    else
        access_on_changed(turn, draft.offer);
    if (*draft.entity == '\0')
        text_fit(draft.entity, sizeof(draft.entity), state->entity);
    origins_end(turn, &draft, set->purpose, state->revision);
    if (!tracking_move(turn, &draft, DRAFT_MADE))
        return;
    flow_read(turn, &draft_read_effect, draft.offer, draft.entity,
              catalog_describe_entity(draft.entity));
    cards_show(turn, draft.offer);
    go_on(turn, draft.offer); /* a newer revision may have come meanwhile */
}

/* How AWS's prices differ from those on the card; NULL: they do not. */
static char *price_problem(struct turn *turn, const struct draft *draft, const struct terms *held)
{
    struct content content;
    struct terms authorized;
    struct terms customer;
    if (!offers_revision(turn, draft->offer, draft->revision, &content))
        return NULL;
    authorizations_terms(turn, content.authorization, &authorized);
    terms_mark_up(&authorized, content.markup, &customer);
    return terms_differences(held, &customer);
}

/* AWS's own prices, for the card. Its reads lag, so they are read several times before they are
 * called different. */
static void on_draft_read(struct turn *turn, const struct result *result)
{
    struct draft draft;
    struct catalog_offer held;
    if (notify_if_unreadable(turn, result->subject)) {
        turn_timer(turn, &draft_again_timer, result->subject, 0);
        return;
    }
    drafts_get(turn, result->subject, &draft);
    if (access_denied(result) && draft.state == DRAFT_READY && !draft.prices_read)
        turn_timer(turn, &draft_again_timer, draft.offer, 10 * app_config(turn)->poll_slowest);
    if (result->outcome != OUTCOME_OK || draft.state != DRAFT_READY || draft.prices_read ||
        !catalog_offer(result->reply, &held) || strcmp(held.id, draft.entity) != 0)
        return;
    origins_see(turn, &draft, held.revision);
    if (held.released)
        unapproved_look(turn, draft.offer);
    char *problem = price_problem(turn, &draft, &held.terms);
    draft.prices_read = problem == NULL || ++draft.price_reads >= MAX_PRICE_READS;
    text_fit(draft.price_problem, sizeof(draft.price_problem), problem != NULL ? problem : "");
    free(problem);
    drafts_put(turn, &draft);
    if (draft.prices_read)
        cards_show(turn, draft.offer);
    else
        turn_timer(turn, &draft_again_timer, draft.offer, app_config(turn)->poll_first);
}

static void read_again(struct turn *turn, int64_t offer)
{
    struct draft draft;
    drafts_get(turn, offer, &draft);
    if (draft.state == DRAFT_READY && !draft.prices_read)
        flow_read(turn, &draft_read_effect, offer, draft.entity,
                  catalog_describe_entity(draft.entity));
}

/* --- abandoning --- */

/* The offer ended: cancel what is under way, release nothing. */
static void abandon(struct turn *turn, int64_t offer)
{
    struct draft draft;
    struct change_set set;
    drafts_get(turn, offer, &draft);
    switch (draft.state) {
    case DRAFT_MAKING:
    case DRAFT_UPDATING:
        if (change_sets_open(turn, offer, draft.state == DRAFT_MAKING ? make.name : update.name,
                             &set)) {
            tracking_abandon(turn, &set);
            if (*set.id != '\0')
                cancel(turn, offer, set.id);
        }
        tracking_move_only(turn, &draft, DRAFT_ABANDON);
        break;
    case DRAFT_READY:
    case DRAFT_REFUSED:
        if (tracking_move(turn, &draft, DRAFT_ABANDON))
            log_info("Marketplace draft abandoned", F_INT("request", offer),
                     F_TEXT("entity", draft.entity));
        break;
    case DRAFT_NONE:
    case DRAFT_RELEASING:
    case DRAFT_RELEASED:
    case DRAFT_ABANDONED:
    case DRAFT_UNREADABLE:
    case DRAFT_STATES:
        break;
    }
}

static void on_draft_cancel(struct turn *turn, const struct result *result)
{
    (void)turn;
    log_info("draft cancel", F_INT("request", result->subject),
             F_TEXT("outcome", result->outcome == OUTCOME_OK ? "cancelled" : "not cancelled"),
             F_TEXT("code", result->code), F_TEXT("why", result->text));
}

/* --- what it hears of --- */

static void on_wake(struct turn *turn, const struct request *offer)
{
    if (wants_draft(offer))
        want(turn, offer->number);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    enum request_state state = moved->request->state;
    if (state == STATE_REJECTED || state == STATE_WITHDRAWN)
        abandon(turn, moved->request->number);
    else
        on_wake(turn, moved->request);
}

static const struct purpose make = {
    .name = "make",
    .start = &draft_start_effect,
    .makes_entity = true,
    .writes_all = true,
    .body = body_of_make,
    .succeeded = on_succeeded,
    .failed = on_failed,
    .refused = on_refused,
    .taken = access_on_taken,
    .late = on_late,
};
static const struct purpose update = {
    .name = "update",
    .start = &draft_start_effect,
    .writes_all = true,
    .body = body_of_update,
    .succeeded = on_succeeded,
    .failed = on_failed,
    .refused = on_refused,
    .taken = access_on_taken,
    .late = on_late,
};

static const struct effect_type draft_start_effect = {
    .name = "draft.start",
    .kind = EFFECT_ONCE,
    .call = "aws:StartChangeSet",
    .done = tracking_on_start,
};
static const struct effect_type draft_read_effect = {
    .name = "draft.read",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_draft_read,
};
static const struct effect_type draft_cancel_effect = {
    .name = "draft.cancel",
    .kind = EFFECT_NOTICE,
    .call = "aws:CancelChangeSet",
    .done = on_draft_cancel,
    .patience_ms = PATIENCE_LONG_MS,
};
static const struct timer_type draft_again_timer = {
    .name = "draft.again", .due = read_again, .rests = notify_if_unreadable};

const struct flow drafting_flow = {
    .effects = {&draft_start_effect, &draft_read_effect, &draft_cancel_effect},
    .timers = {&draft_again_timer},
    .kind = KIND_OFFER,
    .on_move = on_move,
    .on_wake = on_wake,
    .purposes = {&make, &update}};
