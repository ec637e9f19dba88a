#include "flows/tracking.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/marks.h"
#include "flows/app_context.h"
#include "flows/line.h"
#include "flows/notify.h"
#include "flows/polling.h"
#include "flows/reconciling.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "text.h"

enum {
    MAX_TRIES = 3, /* of a step that fails through AWS's own fault */
    MAX_STALE = 5, /* of one whose draft changed after it was read */
};

/* --- the draft --- */

static const struct matter stuck = {TOLD_FOR_EVER, .setting = SETTING_STUCK};

static void tell_stuck(struct turn *turn, const struct draft *draft)
{
    char number[24];
    snprintf(number, sizeof(number), "%lld", (long long)draft->offer);
    notify_operators_once(turn, &stuck, number,
                          "A fault of mine: the Marketplace draft of CPPO-%lld is not where I "
                          "took it to be, so I am leaving it alone; all other offers go on. "
                          "Look at it in AWS Marketplace, and please report this.",
                          (long long)draft->offer);
}

bool tracking_move(struct turn *turn, struct draft *draft, enum draft_event event)
{
    bool moved = drafts_move(turn, draft, event);
    if (!moved)
        tell_stuck(turn, draft);
    return moved;
}

void tracking_move_only(struct turn *turn, struct draft *draft, enum draft_event event)
{
    if (!drafts_move(turn, draft, event))
        tell_stuck(turn, draft);
}

/* --- from the start to the id --- */

/* All that names it. ${install} must outlive what is given back. */
static struct change_set_id identity(const struct change_set *set, const char *install)
{
    return (struct change_set_id){
        .install = install,
        .offer = set->offer,
        .revision = set->revision,
        .purpose = set->purpose,
        .number = set->draft,
        .attempt = set->attempt,
        .mark = set->mark,
    };
}

/* A repeated one goes on counting where the last one left off. */
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
    assert(purpose->start->kind == EFFECT_ONCE && purpose->start->done == tracking_on_start);
    assert(draft->offer == offer->number && draft->revision == offer->revision);
    struct change_set set = {
        .offer = offer->number,
        .state = SET_STARTING,
        .revision = draft->revision,
        .draft = draft->number,
        .attempt = change_sets_attempts(turn, offer->number) + 1,
        .started_at = turn_now(turn),
        .began = turn_time(turn),
    };
    bool fits = text_fit(set.purpose, sizeof(set.purpose), purpose->name);
    assert(fits);
    if (set.attempt > 1)
        count_on(turn, &set);
    app_install(turn, install);
    marks_take(turn, set.mark);
    const struct change_set_id id = identity(&set, install);
    char *body = purpose->body(turn, &id, offer, draft);
    change_set_asked(body, set.name, set.token);
    assert(*set.name != '\0' && *set.token != '\0'); /* by which it is found, and not made twice */
    snprintf(lane, sizeof(lane), "offer:%lld", (long long)offer->number);
    set.effect = turn_effect(
        turn, &(struct effect){
                  .type = purpose->start, .subject = offer->number, .lane = lane, .body = body});
    change_sets_add(turn, &set, body);
    free(body);
}

static void stop(struct turn *turn, int64_t number)
{
    polling_stop(turn, number);
    reconciling_stop(turn, number);
}

/* Nobody waits for this answer any more. */
static void take_late_answer(struct turn *turn, struct change_set *set,
                             const struct purpose *purpose, const struct result *result)
{
    bool rests =
        set->state == SET_UNREADABLE; /* only another version knows what is to become of it */
    if (result->outcome == OUTCOME_UNKNOWN && !rests)
        turn_resolve(turn, result->effect);
    if (result->outcome != OUTCOME_OK || *set->id != '\0' ||
        !catalog_started(result->reply, set->id))
        return;
    change_sets_put(turn, set);
    if (purpose != NULL && purpose->late != NULL && !rests)
        purpose->late(turn, set);
}

/* One for which there was no place says nothing of its offer: what failed before is still counted.
 */
static void refuse(struct turn *turn, struct change_set *set, const struct purpose *purpose,
                   const struct result *result)
{
    stop(turn, set->number);
    if (line_is_full(result)) {
        change_sets_close(turn, set, SET_REFUSED, result->code);
        line_refused(turn);
    } else {
        change_sets_end(turn, set, SET_REFUSED, result->code);
    }
    purpose->refused(turn, set, result);
}

void tracking_on_start(struct turn *turn, const struct result *result)
{
    struct change_set set;
    char id[ENTITY_ID];
    if (!change_sets_by_effect(turn, result->effect, &set)) {
        log_error("unknown change set started", F_INT("request", result->subject));
        return;
    }
    const struct purpose *purpose = purpose_named(turn, set.purpose);
    if (set.state != SET_STARTING || purpose == NULL) {
        take_late_answer(turn, &set, purpose, result);
        return;
    }
    if (result->outcome == OUTCOME_OK && purpose->taken != NULL)
        purpose->taken(turn, set.offer);
    if (result->outcome == OUTCOME_REFUSED) {
        refuse(turn, &set, purpose, result);
    } else if (result->outcome == OUTCOME_OK && catalog_started(result->reply, id)) {
        reconciling_stop(turn, set.number);
        polling_follow(turn, &set, id);
        line_taken(turn);
    } else {
        reconciling_begin(turn, &set, result->code); /* a success without an id, too */
    }
    line_moves_on(turn);
}

void tracking_adopt(struct turn *turn, struct change_set *set)
{
    assert(set->effect == 0); /* its answer would come to nobody */
    change_sets_add(turn, set, "");
    if (set->state == SET_RUNNING)
        polling_resume(turn, set->number);
}

bool tracking_call_back(struct turn *turn, struct change_set *set)
{
    if (set->state != SET_STARTING || !turn_cancel(turn, set->effect))
        return false;
    stop(turn, set->number);
    change_sets_close(turn, set, SET_ABANDONED, "");
    return true;
}

void tracking_abandon(struct turn *turn, struct change_set *set)
{
    if (set->state == SET_STARTING)
        turn_cancel(turn, set->effect);
    else if (set->state == SET_LOST)
        turn_resolve(turn, set->effect);
    stop(turn, set->number);
    change_sets_close(turn, set, SET_ABANDONED, "");
}

bool tracking_count_fault(struct turn *turn, const struct change_set *set)
{
    if (set->faults + 1 >= MAX_TRIES)
        return false;
    change_sets_count(turn, set->number, set->faults + 1, set->stale);
    return true;
}

bool tracking_count_stale(struct turn *turn, const struct change_set *set)
{
    if (set->stale + 1 >= MAX_STALE)
        return false;
    change_sets_count(turn, set->number, set->faults, set->stale + 1);
    return true;
}
