#include "flows/polling.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/change_sets.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/line.h"
#include "flows/notify.h"
#include "flows/purposes.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "text.h"

static const struct effect_type change_set_describe_effect;
static const struct timer_type change_set_poll_timer;

static const struct purpose *find(struct turn *turn, int64_t number, struct change_set *set)
{
    return purpose_of(turn, number, SET_RUNNING, &change_set_poll_timer, set);
}

void polling_follow(struct turn *turn, struct change_set *set, const char *id)
{
    assert(set->state == SET_STARTING || set->state == SET_LOST);
    assert(*id != '\0');
    text_fit(set->id, sizeof(set->id), id);
    set->state = SET_RUNNING;
    change_sets_put(turn, set);
    change_sets_search_end(turn, set->number);
    turn_timer(turn, &change_set_poll_timer, set->number, app_config(turn)->poll_first);
    log_info("change set started", F_INT("request", set->offer), F_TEXT("purpose", set->purpose),
             F_TEXT("change_set", id));
}

void polling_resume(struct turn *turn, int64_t number)
{
    turn_timer(turn, &change_set_poll_timer, number, 0);
}

void polling_stop(struct turn *turn, int64_t number)
{
    turn_timer_stop(turn, &change_set_poll_timer, number);
}

int64_t polling_wait(const struct turn *turn, int64_t since)
{
    const struct config *config = app_config(turn);
    int64_t wait = (turn_time(turn) - since) / 4;
    if (wait < config->poll_first)
        wait = config->poll_first;
    if (wait > config->poll_slowest)
        wait = config->poll_slowest;
    return wait;
}

static void poll(struct turn *turn, int64_t number)
{
    struct change_set set;
    if (find(turn, number, &set) != NULL)
        flow_read(turn, &change_set_describe_effect, number, set.id,
                  catalog_describe_change_set(set.id));
}

static void poll_again(struct turn *turn, struct change_set *set)
{
    if (set->began == 0) { /* we do not know when it was started, so count from now */
        set->began = turn_time(turn);
        change_sets_put(turn, set);
    }
    if (turn_time(turn) - set->began >= HOUR_MS && !set->slow) {
        set->slow = true;
        change_sets_put(turn, set);
        notify_operators(turn,
                         "AWS has been working on CPPO-%lld for over an hour (change set "
                         "%s). I'll keep waiting.",
                         (long long)set->offer, set->id);
    }
    turn_timer(turn, &change_set_poll_timer, set->number, polling_wait(turn, set->began));
}

static void end(struct turn *turn, struct change_set *set, const struct purpose *purpose,
                const struct change_set_state *state)
{
    enum set_state as = state->status == CHANGE_SET_SUCCEEDED ? SET_SUCCEEDED
                        : state->status == CHANGE_SET_FAILED  ? SET_FAILED
                                                              : SET_CANCELLED;
    change_sets_end(turn, set, as, as == SET_FAILED ? state->why : "");
    log_info("change set ended", F_INT("request", set->offer), F_TEXT("purpose", set->purpose),
             F_TEXT("change_set", set->id), F_TEXT("status", set_state_name(as)),
             F_TEXT("why", set->why));
    if (as == SET_SUCCEEDED)
        purpose->succeeded(turn, set, state);
    else
        purpose->failed(turn, set, state);
    line_moves_on(turn);
}

static void on_change_set_describe(struct turn *turn, const struct result *result)
{
    struct change_set set;
    struct change_set_state state;
    const struct purpose *purpose = find(turn, result->subject, &set);
    if (purpose == NULL || strcmp(set.id, result->target) != 0)
        return;
    if (result->outcome != OUTCOME_OK || !catalog_change_set(result->reply, &state)) {
        log_warn("change set unreadable", F_INT("request", set.offer), F_TEXT("code", result->code),
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
static const struct timer_type change_set_poll_timer = {.name = "change_set.poll", .due = poll};

const struct flow polling_flow = {.effects = {&change_set_describe_effect},
                                  .timers = {&change_set_poll_timer}};
