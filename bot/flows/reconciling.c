#include "flows/reconciling.h"

#include <assert.h>

#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/polling.h"
#include "flows/purposes.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "text.h"

static const struct effect_type reconcile_find_effect, reconcile_entities_effect,
    reconcile_entity_effect;
static const struct timer_type reconcile_timer;

static const int64_t RECONCILE_FIRST_MS = 3000;

static const struct purpose *find(struct turn *turn, int64_t number, struct change_set *set)
{
    return purpose_of(turn, number, SET_LOST, &reconcile_timer, set);
}

void reconciling_begin(struct turn *turn, struct change_set *set, const char *code)
{
    assert(set->state == SET_STARTING && set->effect > 0);
    log_warn("change set unconfirmed", F_INT("request", set->offer),
             F_TEXT("purpose", set->purpose), F_TEXT("code", code));
    set->state = SET_LOST;
    change_sets_put(turn, set);
    turn_timer(turn, &reconcile_timer, set->number, RECONCILE_FIRST_MS);
}

void reconciling_stop(struct turn *turn, int64_t number)
{
    turn_timer_stop(turn, &reconcile_timer, number);
}

static bool is_reconciling(struct turn *turn, int64_t number)
{
    return turn_pending(turn, &reconcile_find_effect, number) ||
           turn_pending(turn, &reconcile_entities_effect, number) ||
           turn_pending(turn, &reconcile_entity_effect, number);
}

static void reconcile_again(struct turn *turn, int64_t number)
{
    turn_timer(turn, &reconcile_timer, number, app_config(turn)->poll_slowest);
}

static void reconcile(struct turn *turn, int64_t number)
{
    struct change_set set;
    if (find(turn, number, &set) == NULL)
        return;
    if (is_reconciling(turn,
                       number)) /* or what is still being read would count for both searches */
        reconcile_again(turn, number);
    else
        flow_read(turn, &reconcile_find_effect, number, set.name,
                  catalog_list_change_sets(set.name));
}

/* Drafts are searched from an hour earlier: clocks differ. If ours was ahead, it was started “later
 * than now”. */
static int64_t since(const struct turn *turn, const struct change_set *set)
{
    int64_t started = set->started_at < turn_now(turn) ? set->started_at : turn_now(turn);
    return started - HOUR_MS;
}

static char *list_drafts(struct turn *turn, const struct change_set *set, const char *page)
{
    struct draft draft;
    drafts_get(turn, set->offer, &draft);
    return catalog_list_drafts(draft.authorization, since(turn, set), page);
}

static void note_miss(struct turn *turn, struct change_set *set, const struct purpose *purpose)
{
    int64_t rest = turn_reconcile_wait(turn, set->effect, RECONCILING_ABSENT_MS);
    int64_t wait = app_config(turn)->poll_slowest;
    change_sets_search_end(turn, set->number);
    if (rest > 0) {
        log_info("change set not found", F_INT("request", set->offer), F_INT("in_ms", rest));
        turn_timer(turn, &reconcile_timer, set->number, rest < wait ? rest : wait);
        return;
    }
    if (purpose->absent != NULL) {
        turn_resolve(turn, set->effect);
        reconciling_stop(turn, set->number);
        change_sets_close(turn, set, SET_ABSENT, "");
        purpose->absent(turn, set);
        return;
    }
    log_warn("change set resent", F_INT("request", set->offer), F_INT("effect", set->effect));
    turn_resend(turn, set->effect);
    set->state = SET_STARTING;
    change_sets_put(turn, set);
}

/* The purpose of the one that ${result} was read for. NULL: nobody looks for it any more, or the
 * read failed and is repeated. */
static const struct purpose *find_read(struct turn *turn, const struct result *result,
                                       struct change_set *set)
{
    const struct purpose *purpose = find(turn, result->subject, set);
    if (purpose == NULL || result->outcome == OUTCOME_OK)
        return purpose;
    reconcile_again(turn, set->number);
    return NULL;
}

static void on_reconcile_find(struct turn *turn, const struct result *result)
{
    struct change_set set;
    char id[ENTITY_ID];
    const struct purpose *purpose = find_read(turn, result, &set);
    if (purpose == NULL)
        return;
    if (catalog_find_change_set(result->reply, result->target, id)) {
        turn_resolve(turn, set.effect);
        reconciling_stop(turn, set.number);
        polling_follow(turn, &set, id);
    } else if (purpose->makes_entity) {
        change_sets_search_put(turn, set.number, 1); /* the first page */
        flow_read(turn, &reconcile_entities_effect, set.number, result->target,
                  list_drafts(turn, &set, ""));
    } else {
        note_miss(turn, &set, purpose);
    }
}

/* One page or draft more has been read, and does not show it. */
static void count_read(struct turn *turn, struct change_set *set, const struct purpose *purpose,
                       int unread)
{
    if (unread > 1)
        change_sets_search_put(turn, set->number, unread - 1);
    else
        note_miss(turn, set, purpose);
}

/* Drafts from this authorization that changed since. Ours says so in its description; it is not
 * there if none of them does. */
static void on_reconcile_entities(struct turn *turn, const struct result *result)
{
    enum { MOST = 50 };
    struct change_set set;
    char ids[MOST][ENTITY_ID];
    char next[NEXT_TOKEN];
    const struct purpose *purpose = find_read(turn, result, &set);
    if (purpose == NULL)
        return;
    size_t count = catalog_offer_ids(result->reply, ids, MOST, next);
    for (size_t i = 0; i < count; i++)
        flow_read(turn, &reconcile_entity_effect, set.number, ids[i],
                  catalog_describe_entity(ids[i]));
    if (*next != '\0')
        flow_read(turn, &reconcile_entities_effect, set.number, next,
                  list_drafts(turn, &set, next));
    count_read(turn, &set, purpose,
               change_sets_search_unread(turn, set.number) + (int)count + (*next != '\0'));
}

static void found_entity(struct turn *turn, struct change_set *set, const struct purpose *purpose,
                         const char *entity)
{
    struct change_set_state made = {.status = CHANGE_SET_SUCCEEDED};
    turn_resolve(turn, set->effect);
    text_fit(made.entity, sizeof(made.entity), entity);
    reconciling_stop(turn, set->number);
    change_sets_end(turn, set, SET_SUCCEEDED, "");
    purpose->succeeded(turn, set, &made);
}

static void on_reconcile_entity(struct turn *turn, const struct result *result)
{
    struct change_set set;
    struct content content;
    struct catalog_offer held;
    const struct purpose *purpose = find(turn, result->subject, &set);
    if (purpose == NULL || !offers_revision(turn, set.offer, set.revision, &content))
        return;
    if (result->outcome != OUTCOME_OK || !catalog_offer(result->reply, &held)) {
        reconcile_again(turn, set.number); /* it could be this one */
        return;
    }
    if (change_set_describes(held.description, set.offer, set.revision, content.customer))
        found_entity(turn, &set, purpose, held.id);
    else
        count_read(turn, &set, purpose, change_sets_search_unread(turn, set.number));
}

static const struct effect_type reconcile_find_effect = {
    .name = "reconcile.find",
    .kind = EFFECT_READ,
    .call = "aws:ListChangeSets",
    .done = on_reconcile_find,
};
static const struct effect_type reconcile_entities_effect = {
    .name = "reconcile.entities",
    .kind = EFFECT_READ,
    .call = "aws:ListEntities",
    .done = on_reconcile_entities,
};
static const struct effect_type reconcile_entity_effect = {
    .name = "reconcile.entity",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_reconcile_entity,
};
static const struct timer_type reconcile_timer = {.name = "change_set.reconcile", .due = reconcile};

const struct flow reconciling_flow = {
    .effects = {&reconcile_find_effect, &reconcile_entities_effect, &reconcile_entity_effect},
    .timers = {&reconcile_timer}};
