#include "flows/tracking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/drafts.h"
#include "book/offers.h"
#include "flows/house.h"
#include "flows/notify.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "text.h"

static const struct effect_type change_set_describe_effect, deed_find_effect, deed_entities_effect,
    deed_entity_effect;
static const struct timer_type change_set_poll_timer, deed_look_timer;

enum { MOST_TRIES = 3 }; /* of a step that fails by AWS's own fault */

static const int64_t FIRST_LOOK_MS = 3000;
static const int64_t HOUR_MS = INT64_C(60) * 60 * 1000;

/* What the change set is for that ${draft} has under way; NULL: it has none. */
static const struct purpose *purpose_of(const struct turn *turn, const struct draft *draft)
{
    for (const struct flow *const *flow = house_of(turn)->flows; *flow != NULL; flow++) {
        for (size_t i = 0; i < MAX_PURPOSES; i++) {
            const struct purpose *purpose = (*flow)->purposes[i];
            if (purpose != NULL && purpose->state == draft->state)
                return purpose;
        }
    }
    return NULL;
}

void tracking_id(struct turn *turn, const struct draft *draft, char install[TURN_ID],
                 struct change_set_id *id)
{
    const struct purpose *purpose = purpose_of(turn, draft);
    install_of(turn, install);
    *id = (struct change_set_id){
        .install = install,
        .offer = draft->offer,
        .revision = draft->revision,
        .step = purpose != NULL ? purpose->step : "make",
        .number = draft->number,
        .attempt = draft->attempt,
        .mark = draft->mark,
    };
}

void tracking_read(struct turn *turn, const struct effect_type *type, int64_t offer,
                   const char *target, char *body)
{
    turn_effect(turn, &(struct effect){.type = type,
                                       .subject = offer,
                                       .target = target,
                                       .body = body,
                                       .body_size = strlen(body)});
    free(body);
}

/* --- from the start to the id ------------------------------------------------------------- */

static void follow(struct turn *turn, struct draft *draft, const char *change_set)
{
    text_fit(draft->change_set, sizeof(draft->change_set), change_set);
    draft->deed = 0;
    drafts_put(turn, draft);
    turn_timer_stop(turn, &deed_look_timer, draft->offer);
    turn_timer(turn, &change_set_poll_timer, draft->offer,
               turn_now(turn) + config_of(turn)->poll_first);
    log_info("change set started", F_INT("offer", draft->offer), F_TEXT("change_set", change_set));
}

bool tracking_started(struct turn *turn, struct draft *draft, const struct result *result)
{
    char id[ENTITY_ID];
    switch (result->outcome) {
    case OUTCOME_REFUSED:
        return false;
    case OUTCOME_OK:
        if (catalog_started(result->reply, id)) {
            follow(turn, draft, id);
            return true;
        }
        break; /* a success without an id: look for it */
    case OUTCOME_RETRY:
    case OUTCOME_UNKNOWN:
        break;
    }
    log_warn("change set unconfirmed", F_INT("offer", draft->offer), F_TEXT("code", result->code));
    draft->deed = result->effect;
    drafts_put(turn, draft);
    turn_timer(turn, &deed_look_timer, draft->offer, turn_now(turn) + FIRST_LOOK_MS);
    return true;
}

/* --- looking for one whose answer was lost ------------------------------------------------ */

static bool awaited(struct turn *turn, int64_t offer, struct draft *draft)
{
    drafts_get(turn, offer, draft);
    return draft->deed != 0;
}

static bool is_looking(struct turn *turn, int64_t offer)
{
    return turn_pending(turn, &deed_find_effect, offer) ||
           turn_pending(turn, &deed_entities_effect, offer) ||
           turn_pending(turn, &deed_entity_effect, offer);
}

static void look_again(struct turn *turn, int64_t offer)
{
    turn_timer(turn, &deed_look_timer, offer, turn_now(turn) + config_of(turn)->poll_slowest);
}

static void look(struct turn *turn, int64_t offer)
{
    struct draft draft;
    struct change_set_id id;
    char install[TURN_ID];
    char name[CHANGE_SET_NAME];
    if (!awaited(turn, offer, &draft))
        return;
    if (is_looking(turn, offer)) { /* what is still read then would be counted for both looks */
        look_again(turn, offer);
        return;
    }
    tracking_id(turn, &draft, install, &id);
    change_set_name(&id, name);
    tracking_read(turn, &deed_find_effect, offer, name, catalog_list_change_sets(name));
}

/* Drafts are looked for since an hour before: clocks differ. By one that was ahead it was started
 * later than now. */
static int64_t since(const struct turn *turn, const struct draft *draft)
{
    int64_t started = draft->started_at < turn_now(turn) ? draft->started_at : turn_now(turn);
    return started - HOUR_MS;
}

/* Lists at AWS lag behind what it has taken, by minutes: it is looked for all the while, but
 * absence counts only after two empty reads this far apart. However quickly polls are configured to
 * follow each other, this is no less. */
static const int64_t ABSENT_AFTER_MS = INT64_C(10) * 60 * 1000;

int64_t tracking_apart(struct turn *turn)
{
    (void)turn;
    return ABSENT_AFTER_MS;
}

static void nothing_found(struct turn *turn, struct draft *draft)
{
    int64_t rest = turn_missed(turn, draft->deed, ABSENT_AFTER_MS);
    int64_t wait = config_of(turn)->poll_slowest;
    if (rest > 0) {
        log_info("change set not found", F_INT("offer", draft->offer), F_INT("absent_in_ms", rest));
        drafts_put(turn, draft);
        turn_timer(turn, &deed_look_timer, draft->offer,
                   turn_now(turn) + (rest < wait ? rest : wait));
        return;
    }
    const struct purpose *purpose = purpose_of(turn, draft);
    if (purpose != NULL && purpose->missed != NULL) {
        purpose->missed(turn, draft);
        return;
    }
    log_warn("change set resent", F_INT("offer", draft->offer), F_INT("effect", draft->deed));
    turn_resend(turn, draft->deed);
    draft->deed = 0;
    drafts_put(turn, draft);
}

static void on_deed_find(struct turn *turn, const struct result *result)
{
    struct draft draft;
    char change_set[ENTITY_ID];
    if (!awaited(turn, result->subject, &draft))
        return;
    const struct purpose *purpose = purpose_of(turn, &draft);
    if (result->outcome != OUTCOME_OK) {
        look_again(turn, draft.offer);
        return;
    }
    if (catalog_find_change_set(result->reply, result->target, change_set)) {
        turn_settle(turn, draft.deed);
        follow(turn, &draft, change_set);
    } else if (purpose != NULL && purpose->makes_entity) {
        draft.unread = 1; /* the first page */
        drafts_put(turn, &draft);
        tracking_read(turn, &deed_entities_effect, draft.offer, result->target,
                      catalog_list_drafts(draft.authorization, since(turn, &draft), ""));
    } else {
        nothing_found(turn, &draft);
    }
}

/* A page, or a draft, was read in vain. */
static void one_less(struct turn *turn, struct draft *draft)
{
    if (--draft->unread > 0)
        drafts_put(turn, draft);
    else
        nothing_found(turn, draft);
}

/* Drafts of this authorization that changed since: ours says so in its description. It was not
 * found when all of them have been read. */
static void on_deed_entities(struct turn *turn, const struct result *result)
{
    enum { MOST = 50 };
    struct draft draft;
    char ids[MOST][ENTITY_ID];
    char next[NEXT_TOKEN];
    if (!awaited(turn, result->subject, &draft))
        return;
    if (result->outcome != OUTCOME_OK) {
        look_again(turn, draft.offer);
        return;
    }
    size_t count = catalog_offer_ids(result->reply, ids, MOST, next);
    for (size_t i = 0; i < count; i++)
        tracking_read(turn, &deed_entity_effect, draft.offer, ids[i],
                      catalog_describe_entity(ids[i]));
    if (*next != '\0')
        tracking_read(turn, &deed_entities_effect, draft.offer, next,
                      catalog_list_drafts(draft.authorization, since(turn, &draft), next));
    draft.unread += (int)count + (*next != '\0');
    one_less(turn, &draft);
}

static void found_entity(struct turn *turn, struct draft *draft, const char *entity)
{
    struct change_set_state made = {.status = CHANGE_SET_SUCCEEDED};
    turn_settle(turn, draft->deed);
    draft->deed = 0;
    turn_timer_stop(turn, &deed_look_timer, draft->offer);
    text_fit(made.entity, sizeof(made.entity), entity);
    const struct purpose *purpose = purpose_of(turn, draft);
    if (purpose != NULL)
        purpose->ended(turn, draft, &made);
}

static void on_deed_entity(struct turn *turn, const struct result *result)
{
    struct draft draft;
    struct content content;
    struct catalog_offer held;
    if (!awaited(turn, result->subject, &draft) ||
        !offers_revision(turn, draft.offer, draft.revision, &content))
        return;
    if (result->outcome != OUTCOME_OK || !catalog_offer(result->reply, &held)) {
        look_again(turn, draft.offer); /* it could be this one */
        return;
    }
    if (change_set_describes(held.description, draft.offer, draft.revision, content.customer))
        found_entity(turn, &draft, held.id);
    else
        one_less(turn, &draft);
}

/* --- from the id to the end --------------------------------------------------------------- */

static void poll(struct turn *turn, int64_t offer)
{
    struct draft draft;
    drafts_get(turn, offer, &draft);
    if (purpose_of(turn, &draft) != NULL && *draft.change_set != '\0')
        tracking_read(turn, &change_set_describe_effect, offer, draft.change_set,
                      catalog_describe_change_set(draft.change_set));
}

void tracking_ask(struct turn *turn, int64_t offer)
{
    turn_timer(turn, &change_set_poll_timer, offer, turn_now(turn));
}

void tracking_leave(struct turn *turn, int64_t offer)
{
    turn_timer_stop(turn, &change_set_poll_timer, offer);
    turn_timer_stop(turn, &deed_look_timer, offer);
}

int64_t tracking_next(struct turn *turn, int64_t since)
{
    const struct config *config = config_of(turn);
    int64_t wait = (turn_time(turn) - since) / 4;
    if (wait < config->poll_first)
        wait = config->poll_first;
    if (wait > config->poll_slowest)
        wait = config->poll_slowest;
    return turn_now(turn) + wait;
}

bool tracking_once_more(struct draft *draft)
{
    draft->faults = (draft->faults + 1) % MOST_TRIES;
    return draft->faults != 0;
}

static void poll_again(struct turn *turn, struct draft *draft)
{
    if (draft->began == 0) { /* when it was started is not known: then since now */
        draft->began = turn_time(turn);
        drafts_put(turn, draft);
    }
    if (turn_time(turn) - draft->began >= HOUR_MS && !draft->slow) {
        draft->slow = true;
        drafts_put(turn, draft);
        char *words = text_format("AWS has been working on CPPO-%lld for over an hour (change set "
                                  "%s). I'll keep waiting.",
                                  (long long)draft->offer, draft->change_set);
        notify_operators(turn, words);
        free(words);
    }
    turn_timer(turn, &change_set_poll_timer, draft->offer, tracking_next(turn, draft->began));
}

static void note_end(const struct draft *draft, const struct change_set_state *state)
{
    log_info("change set ended", F_INT("offer", draft->offer),
             F_TEXT("change_set", draft->change_set),
             F_TEXT("status", state->status == CHANGE_SET_SUCCEEDED ? "succeeded"
                              : state->status == CHANGE_SET_FAILED  ? "failed"
                                                                    : "cancelled"),
             F_TEXT("why", state->status == CHANGE_SET_FAILED ? state->why : ""));
}

static void on_change_set_describe(struct turn *turn, const struct result *result)
{
    struct draft draft;
    struct change_set_state state;
    drafts_get(turn, result->subject, &draft);
    const struct purpose *purpose = purpose_of(turn, &draft);
    if (purpose == NULL || strcmp(draft.change_set, result->target) != 0)
        return;
    if (result->outcome != OUTCOME_OK || !catalog_change_set(result->reply, &state)) {
        log_warn("change set unreadable", F_INT("offer", draft.offer), F_TEXT("code", result->code),
                 F_TEXT("text", result->text));
        poll_again(turn, &draft);
        return;
    }
    switch (state.status) {
    case CHANGE_SET_PREPARING:
    case CHANGE_SET_APPLYING:
    case CHANGE_SET_STRANGE:
        poll_again(turn, &draft);
        break;
    case CHANGE_SET_SUCCEEDED:
    case CHANGE_SET_FAILED:
    case CHANGE_SET_CANCELLED:
        note_end(&draft, &state);
        purpose->ended(turn, &draft, &state);
        break;
    }
}

static const struct effect_type change_set_describe_effect = {
    .name = "change_set.describe",
    .kind = EFFECT_READ,
    .call = "aws:DescribeChangeSet",
    .done = on_change_set_describe,
};
static const struct effect_type deed_find_effect = {
    .name = "deed.find",
    .kind = EFFECT_READ,
    .call = "aws:ListChangeSets",
    .done = on_deed_find,
};
static const struct effect_type deed_entities_effect = {
    .name = "deed.entities",
    .kind = EFFECT_READ,
    .call = "aws:ListEntities",
    .done = on_deed_entities,
};
static const struct effect_type deed_entity_effect = {
    .name = "deed.entity",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_deed_entity,
};
static const struct timer_type change_set_poll_timer = {.name = "change_set.poll", .due = poll};
static const struct timer_type deed_look_timer = {.name = "deed.look", .due = look};

const struct flow tracking_flow = {.effects = {&change_set_describe_effect, &deed_find_effect,
                                               &deed_entities_effect, &deed_entity_effect},
                                   .timers = {&change_set_poll_timer, &deed_look_timer}};
