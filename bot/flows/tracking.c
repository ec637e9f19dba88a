#include "flows/tracking.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/marks.h"
#include "book/offers.h"
#include "flows/app_context.h"
#include "flows/notify.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "text.h"

static const struct effect_type change_set_describe_effect, reconcile_find_effect,
    reconcile_entities_effect, reconcile_entity_effect;
static const struct timer_type change_set_poll_timer, reconcile_timer;

enum {
    MAX_TRIES = 3, /* of a step that fails by AWS's own fault */
    MAX_STALE = 5, /* of one whose draft changed after it was read */
};

static const int64_t RECONCILE_FIRST_MS = 3000;

const struct purpose *tracking_purpose(const struct turn *turn, const char *name)
{
    for (const struct flow *const *flow = app_context_of(turn)->flows; *flow != NULL; flow++) {
        for (size_t i = 0; i < MAX_PURPOSES; i++) {
            const struct purpose *purpose = (*flow)->purposes[i];
            if (purpose != NULL && strcmp(purpose->name, name) == 0)
                return purpose;
        }
    }
    return NULL;
}

/* What it is for, another version of the bot knows: it waits for that one. The operators are told,
 * once a day at most. */
static void keep_unknown(struct turn *turn, const struct change_set *set)
{
    char note[PURPOSE_NAME + 20];
    snprintf(note, sizeof(note), "told purpose %s", set->purpose);
    turn_timer(turn, set->state == SET_LOST ? &reconcile_timer : &change_set_poll_timer,
               set->number, HOUR_MS);
    char *told = turn_noted(turn, note);
    if (told == NULL) {
        char *words = text_format("Another version of the bot asked AWS for a change of CPPO-%lld "
                                  "(“%s”) that this version does not know. I leave it alone until "
                                  "a version that knows it is started.",
                                  (long long)set->offer, set->purpose);
        log_error("change set of unknown purpose", F_INT("offer", set->offer),
                  F_TEXT("purpose", set->purpose));
        turn_note(turn, note, "", INT64_C(24) * HOUR_MS, INT_MAX);
        notify_operators(turn, words);
        free(words);
    }
    free(told);
}

/* Another version of the bot knows where it is: it is asked again then, and told like any offer
 * that cannot be read. */
static void keep_unreadable(struct turn *turn, const struct change_set *set, enum set_state state)
{
    struct request offer;
    turn_timer(turn, state == SET_LOST ? &reconcile_timer : &change_set_poll_timer, set->number,
               HOUR_MS);
    if (requests_get(turn, set->offer, &offer))
        notify_unreadable(turn, &offer);
}

/* The change set ${number}, where it is in ${state}; NULL: it is not, or nobody knows what it is
 * for. */
static const struct purpose *find(struct turn *turn, int64_t number, enum set_state state,
                                  struct change_set *set)
{
    if (!change_sets_get(turn, number, set))
        return NULL;
    if (set->state == SET_UNREADABLE)
        keep_unreadable(turn, set, state);
    if (set->state != state)
        return NULL;
    const struct purpose *purpose = tracking_purpose(turn, set->purpose);
    if (purpose == NULL)
        keep_unknown(turn, set);
    return purpose;
}

void tracking_read(struct turn *turn, const struct effect_type *type, int64_t offer,
                   const char *target, char *body)
{
    turn_effect(turn,
                &(struct effect){.type = type, .subject = offer, .target = target, .body = body});
    free(body);
}

/* --- the draft --- */

bool tracking_move(struct turn *turn, struct draft *draft, enum draft_event event)
{
    if (drafts_move(turn, draft, event))
        return true;
    char number[24];
    snprintf(number, sizeof(number), "%lld", (long long)draft->offer);
    char *words = text_format("A fault of mine: the Marketplace draft of CPPO-%lld is not where I "
                              "took it to be, so I am leaving it alone; all other offers go on. "
                              "Look at it in AWS Marketplace, and please report this.",
                              (long long)draft->offer);
    notify_operators_once(turn, SETTING_STUCK, number, words);
    free(words);
    return false;
}

/* --- from the start to the id --- */

/* All that names it. ${install} must outlive what is given back. */
static struct change_set_id identity(const struct change_set *set, const char *install)
{
    return (struct change_set_id){
        .install = install,
        .offer = set->offer,
        .revision = set->revision,
        .step = set->purpose,
        .number = set->draft,
        .attempt = set->attempt,
        .mark = set->mark,
    };
}

/* One that is made once more goes on counting where the last one left off. */
static void count_on(struct turn *turn, struct change_set *set)
{
    struct change_set last;
    if (!change_sets_last_of(turn, set->offer, set->purpose, &last) ||
        last.revision != set->revision)
        return;
    set->faults = last.faults;
    set->stale = last.stale;
}

void tracking_start(struct turn *turn, const struct purpose *purpose, const struct request *offer,
                    const struct draft *draft)
{
    char install[TURN_ID];
    char lane[40];
    struct change_set set = {
        .offer = offer->number,
        .state = SET_STARTING,
        .revision = draft->revision,
        .draft = draft->number,
        .attempt = change_sets_attempts(turn, offer->number) + 1,
        .started_at = turn_now(turn),
        .began = turn_time(turn),
    };
    text_fit(set.purpose, sizeof(set.purpose), purpose->name);
    count_on(turn, &set);
    app_install(turn, install);
    marks_take(turn, set.mark);
    const struct change_set_id id = identity(&set, install);
    char *body = purpose->body(turn, &id, offer, draft);
    change_set_asked(body, set.name, set.token);
    snprintf(lane, sizeof(lane), "offer:%lld", (long long)offer->number);
    set.effect = turn_effect(
        turn, &(struct effect){
                  .type = purpose->start, .subject = offer->number, .lane = lane, .body = body});
    change_sets_add(turn, &set, body);
    free(body);
}

static void stop(struct turn *turn, int64_t number)
{
    turn_timer_stop(turn, &change_set_poll_timer, number);
    turn_timer_stop(turn, &reconcile_timer, number);
    change_sets_search_end(turn, number);
}

/* Whatever comes of it, nobody waits for it here any more. */
static void close_as(struct turn *turn, struct change_set *set, enum set_state state,
                     const char *why)
{
    stop(turn, set->number);
    set->state = state;
    set->ended_at = turn_now(turn);
    text_fit(set->why, sizeof(set->why), why);
    change_sets_put(turn, set);
}

/* AWS ended it, or did not take it. */
static void end_as(struct turn *turn, struct change_set *set, enum set_state state, const char *why)
{
    close_as(turn, set, state, why);
    if (set->faults != 0 || set->stale != 0)
        change_sets_count(turn, set->number, 0, 0);
}

static void follow(struct turn *turn, struct change_set *set, const char *id)
{
    text_fit(set->id, sizeof(set->id), id);
    set->state = SET_RUNNING;
    change_sets_put(turn, set);
    stop(turn, set->number);
    turn_timer(turn, &change_set_poll_timer, set->number, app_config(turn)->poll_first);
    log_info("change set started", F_INT("offer", set->offer), F_TEXT("purpose", set->purpose),
             F_TEXT("change_set", id));
}

static void lose(struct turn *turn, struct change_set *set, const char *code)
{
    log_warn("change set unconfirmed", F_INT("offer", set->offer), F_TEXT("purpose", set->purpose),
             F_TEXT("code", code));
    set->state = SET_LOST;
    change_sets_put(turn, set);
    turn_timer(turn, &reconcile_timer, set->number, RECONCILE_FIRST_MS);
}

/* Nobody waits for this answer any more. */
static void came_late(struct turn *turn, struct change_set *set, const struct purpose *purpose,
                      const struct result *result)
{
    bool rests = set->state == SET_UNREADABLE; /* what is to become of it, another version knows */
    if (result->outcome == OUTCOME_UNKNOWN && !rests)
        turn_resolve(turn, result->effect);
    if (result->outcome != OUTCOME_OK || *set->id != '\0' ||
        !catalog_started(result->reply, set->id))
        return;
    change_sets_put(turn, set);
    if (purpose != NULL && purpose->late != NULL && !rests)
        purpose->late(turn, set);
}

void tracking_on_start(struct turn *turn, const struct result *result)
{
    struct change_set set;
    char id[ENTITY_ID];
    if (!change_sets_by_effect(turn, result->effect, &set)) {
        log_error("unknown change set started", F_INT("offer", result->subject));
        return;
    }
    const struct purpose *purpose = tracking_purpose(turn, set.purpose);
    if (set.state != SET_STARTING || purpose == NULL) {
        came_late(turn, &set, purpose, result);
        return;
    }
    if (result->outcome == OUTCOME_OK && purpose->taken != NULL)
        purpose->taken(turn, set.offer);
    if (result->outcome == OUTCOME_REFUSED) {
        end_as(turn, &set, SET_REFUSED, result->code);
        purpose->refused(turn, &set, result);
    } else if (result->outcome == OUTCOME_OK && catalog_started(result->reply, id)) {
        follow(turn, &set, id);
    } else {
        lose(turn, &set, result->code); /* a success without an id, too */
    }
}

/* --- looking for one whose answer was lost --- */

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
    if (find(turn, number, SET_LOST, &set) == NULL)
        return;
    if (is_reconciling(turn, number)) /* what is still read then would be counted for both looks */
        reconcile_again(turn, number);
    else
        tracking_read(turn, &reconcile_find_effect, number, set.name,
                      catalog_list_change_sets(set.name));
}

/* Drafts are looked for since an hour before: clocks differ. By one that was ahead it was started
 * later than now. */
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

static void nothing_found(struct turn *turn, struct change_set *set, const struct purpose *purpose)
{
    int64_t rest = turn_reconcile_wait(turn, set->effect, TRACKING_ABSENT_MS);
    int64_t wait = app_config(turn)->poll_slowest;
    change_sets_search_end(turn, set->number);
    if (rest > 0) {
        log_info("change set not found", F_INT("offer", set->offer), F_INT("in_ms", rest));
        turn_timer(turn, &reconcile_timer, set->number, rest < wait ? rest : wait);
        return;
    }
    if (purpose->absent != NULL) {
        turn_resolve(turn, set->effect);
        close_as(turn, set, SET_ABSENT, "");
        purpose->absent(turn, set);
        return;
    }
    log_warn("change set resent", F_INT("offer", set->offer), F_INT("effect", set->effect));
    turn_resend(turn, set->effect);
    set->state = SET_STARTING;
    change_sets_put(turn, set);
}

static void on_reconcile_find(struct turn *turn, const struct result *result)
{
    struct change_set set;
    char id[ENTITY_ID];
    const struct purpose *purpose = find(turn, result->subject, SET_LOST, &set);
    if (purpose == NULL)
        return;
    if (result->outcome != OUTCOME_OK) {
        reconcile_again(turn, set.number);
        return;
    }
    if (catalog_find_change_set(result->reply, result->target, id)) {
        turn_resolve(turn, set.effect);
        follow(turn, &set, id);
    } else if (purpose->makes_entity) {
        change_sets_search_put(turn, set.number, 1); /* the first page */
        tracking_read(turn, &reconcile_entities_effect, set.number, result->target,
                      list_drafts(turn, &set, ""));
    } else {
        nothing_found(turn, &set, purpose);
    }
}

/* A page, or a draft, was read in vain. */
static void one_less(struct turn *turn, struct change_set *set, const struct purpose *purpose,
                     int unread)
{
    if (unread > 1)
        change_sets_search_put(turn, set->number, unread - 1);
    else
        nothing_found(turn, set, purpose);
}

/* Drafts of this authorization that changed since: ours says so in its description. It was not
 * found when all of them have been read. */
static void on_reconcile_entities(struct turn *turn, const struct result *result)
{
    enum { MOST = 50 };
    struct change_set set;
    char ids[MOST][ENTITY_ID];
    char next[NEXT_TOKEN];
    const struct purpose *purpose = find(turn, result->subject, SET_LOST, &set);
    if (purpose == NULL)
        return;
    if (result->outcome != OUTCOME_OK) {
        reconcile_again(turn, set.number);
        return;
    }
    size_t count = catalog_offer_ids(result->reply, ids, MOST, next);
    for (size_t i = 0; i < count; i++)
        tracking_read(turn, &reconcile_entity_effect, set.number, ids[i],
                      catalog_describe_entity(ids[i]));
    if (*next != '\0')
        tracking_read(turn, &reconcile_entities_effect, set.number, next,
                      list_drafts(turn, &set, next));
    one_less(turn, &set, purpose,
             change_sets_search_unread(turn, set.number) + (int)count + (*next != '\0'));
}

static void found_entity(struct turn *turn, struct change_set *set, const struct purpose *purpose,
                         const char *entity)
{
    struct change_set_state made = {.status = CHANGE_SET_SUCCEEDED};
    turn_resolve(turn, set->effect);
    text_fit(made.entity, sizeof(made.entity), entity);
    end_as(turn, set, SET_SUCCEEDED, "");
    purpose->succeeded(turn, set, &made);
}

static void on_reconcile_entity(struct turn *turn, const struct result *result)
{
    struct change_set set;
    struct content content;
    struct catalog_offer held;
    const struct purpose *purpose = find(turn, result->subject, SET_LOST, &set);
    if (purpose == NULL || !offers_revision(turn, set.offer, set.revision, &content))
        return;
    if (result->outcome != OUTCOME_OK || !catalog_offer(result->reply, &held)) {
        reconcile_again(turn, set.number); /* it could be this one */
        return;
    }
    if (change_set_describes(held.description, set.offer, set.revision, content.customer))
        found_entity(turn, &set, purpose, held.id);
    else
        one_less(turn, &set, purpose, change_sets_search_unread(turn, set.number));
}

/* --- from the id to the end --- */

static void poll(struct turn *turn, int64_t number)
{
    struct change_set set;
    if (find(turn, number, SET_RUNNING, &set) != NULL)
        tracking_read(turn, &change_set_describe_effect, number, set.id,
                      catalog_describe_change_set(set.id));
}

void tracking_adopt(struct turn *turn, struct change_set *set)
{
    change_sets_add(turn, set, "");
    if (set->state == SET_RUNNING)
        turn_timer(turn, &change_set_poll_timer, set->number, 0);
}

bool tracking_call_back(struct turn *turn, struct change_set *set)
{
    if (set->state != SET_STARTING || !turn_cancel(turn, set->effect))
        return false;
    close_as(turn, set, SET_LEFT, "");
    return true;
}

void tracking_leave(struct turn *turn, struct change_set *set)
{
    if (set->state == SET_STARTING)
        turn_cancel(turn, set->effect);
    else if (set->state == SET_LOST)
        turn_resolve(turn, set->effect);
    close_as(turn, set, SET_LEFT, "");
}

int64_t tracking_wait(const struct turn *turn, int64_t since)
{
    const struct config *config = app_config(turn);
    int64_t wait = (turn_time(turn) - since) / 4;
    if (wait < config->poll_first)
        wait = config->poll_first;
    if (wait > config->poll_slowest)
        wait = config->poll_slowest;
    return wait;
}

bool tracking_once_more(struct turn *turn, const struct change_set *set)
{
    if (set->faults + 1 >= MAX_TRIES)
        return false;
    change_sets_count(turn, set->number, set->faults + 1, set->stale);
    return true;
}

bool tracking_stale(struct turn *turn, const struct change_set *set)
{
    if (set->stale + 1 >= MAX_STALE)
        return false;
    change_sets_count(turn, set->number, set->faults, set->stale + 1);
    return true;
}

static void poll_again(struct turn *turn, struct change_set *set)
{
    if (set->began == 0) { /* when it was started is not known: then since now */
        set->began = turn_time(turn);
        change_sets_put(turn, set);
    }
    if (turn_time(turn) - set->began >= HOUR_MS && !set->slow) {
        set->slow = true;
        change_sets_put(turn, set);
        char *words = text_format("AWS has been working on CPPO-%lld for over an hour (change set "
                                  "%s). I'll keep waiting.",
                                  (long long)set->offer, set->id);
        notify_operators(turn, words);
        free(words);
    }
    turn_timer(turn, &change_set_poll_timer, set->number, tracking_wait(turn, set->began));
}

static void end(struct turn *turn, struct change_set *set, const struct purpose *purpose,
                const struct change_set_state *state)
{
    enum set_state as = state->status == CHANGE_SET_SUCCEEDED ? SET_SUCCEEDED
                        : state->status == CHANGE_SET_FAILED  ? SET_FAILED
                                                              : SET_CANCELLED;
    end_as(turn, set, as, as == SET_FAILED ? state->why : "");
    log_info("change set ended", F_INT("offer", set->offer), F_TEXT("purpose", set->purpose),
             F_TEXT("change_set", set->id), F_TEXT("status", set_state_name(as)),
             F_TEXT("why", set->why));
    if (as == SET_SUCCEEDED)
        purpose->succeeded(turn, set, state);
    else
        purpose->failed(turn, set, state);
}

static void on_change_set_describe(struct turn *turn, const struct result *result)
{
    struct change_set set;
    struct change_set_state state;
    const struct purpose *purpose = find(turn, result->subject, SET_RUNNING, &set);
    if (purpose == NULL || strcmp(set.id, result->target) != 0)
        return;
    if (result->outcome != OUTCOME_OK || !catalog_change_set(result->reply, &state)) {
        log_warn("change set unreadable", F_INT("offer", set.offer), F_TEXT("code", result->code),
                 F_TEXT("why", result->text));
        poll_again(turn, &set);
        return;
    }
    switch (state.status) {
    case CHANGE_SET_PREPARING:
    case CHANGE_SET_APPLYING:
    case CHANGE_SET_STRANGE:
        poll_again(turn, &set);
        break;
    case CHANGE_SET_SUCCEEDED:
    case CHANGE_SET_FAILED:
    case CHANGE_SET_CANCELLED:
        end(turn, &set, purpose, &state);
        break;
    }
}

static const struct effect_type change_set_describe_effect = {
    .name = "change_set.describe",
    .kind = EFFECT_READ,
    .call = "aws:DescribeChangeSet",
    .done = on_change_set_describe,
};
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
static const struct timer_type change_set_poll_timer = {.name = "change_set.poll", .due = poll};
static const struct timer_type reconcile_timer = {.name = "change_set.reconcile", .due = reconcile};

const struct flow tracking_flow = {.effects = {&change_set_describe_effect, &reconcile_find_effect,
                                               &reconcile_entities_effect,
                                               &reconcile_entity_effect},
                                   .timers = {&change_set_poll_timer, &reconcile_timer}};
