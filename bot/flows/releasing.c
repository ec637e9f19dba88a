#include "flows/releasing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "flows/access.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/gates.h"
#include "flows/line.h"
#include "flows/live.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/origins.h"
#include "flows/polling.h"
#include "flows/tracking.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "text.h"

static const struct effect_type release_start_effect, release_check_effect;
static const struct timer_type release_late_timer, release_poll_timer;
static const struct purpose release;

enum {
    MAX_RELEASE_CHECKS = 20, /* of a release that AWS reports but does not show yet: some minutes */
    MAX_DIFFERING_READS = 4, /* AWS's reads lag, so this many in a row have to agree */
};

/* A release that has not gone out by then is read back anew first. */
static const int64_t RELEASE_FRESH_MS = 60000;

bool releasing_note_difference(struct turn *turn, struct draft *draft,
                               const struct timer_type *timer)
{
    if (++draft->differing_reads >= MAX_DIFFERING_READS)
        return true;
    drafts_put(turn, draft);
    turn_timer(turn, timer, draft->offer, app_config(turn)->poll_first);
    return false;
}

void releasing_done(struct turn *turn, struct draft *draft)
{
    struct request offer;
    if (tracking_move(turn, draft, DRAFT_RELEASE_DONE) && offers_get(turn, draft->offer, &offer))
        moves_apply(turn, &offer, EVENT_RELEASE, actor_aws(), "");
}

bool releasing_start(struct turn *turn, struct request *offer, struct draft *draft)
{
    assert(request_state_in(offer->state, STATES_GOING) && !timing_waits(&offer->timing));
    assert(draft->revision == offer->revision && *draft->entity != '\0');
    draft->why[0] = '\0';
    if (!tracking_move(turn, draft, DRAFT_RELEASE))
        return false;
    line_started(turn, offer->number);
    tracking_start(turn, &release, offer, draft);
    turn_timer(turn, &release_late_timer, offer->number, RELEASE_FRESH_MS);
    return true;
}

static char *body_of_release(struct turn *turn, const struct change_set_id *id,
                             const struct request *offer, const struct draft *draft)
{
    (void)turn;
    (void)offer;
    return change_set_release(id, draft->entity, draft->entity_revision);
}

/* --- its end --- */

static void fail(struct turn *turn, struct draft *draft, const char *why, bool can_retry)
{
    if (tracking_move(turn, draft, DRAFT_RELEASE_FAIL))
        moves_fail(turn, draft->offer, actor_aws(), can_retry, "%s", why);
}

/* Nothing was released. What AWS holds is read back once more, and released only if it is still
 * equal. */
static void read_back_again(struct turn *turn, struct draft *draft)
{
    struct request offer;
    if (tracking_move(turn, draft, DRAFT_RELEASE_FAIL) && offers_get(turn, draft->offer, &offer))
        moves_wake(turn, &offer);
}

/* The draft changed after it was read; perhaps somebody is working on it in the console. */
static void retry_stale(struct turn *turn, const struct change_set *set, struct draft *draft,
                        const char *why)
{
    if (tracking_count_stale(turn, set)) {
        read_back_again(turn, draft);
        return;
    }
    char *words = text_format("AWS refused to release CPPO-%lld %d times: its draft (%s) changes "
                              "each time after I have read it. Is somebody editing it in the AWS "
                              "Marketplace portal? AWS says: %s",
                              (long long)draft->offer, set->stale + 1, draft->entity, why);
    notify_operators(turn, "%s", words);
    fail(turn, draft, words, true);
    free(words);
}

/* The draft that a change set was to release. False: the draft is not in that state any more. */
static bool get_releasing(struct turn *turn, const struct change_set *set, struct draft *draft)
{
    drafts_get(turn, set->offer, draft);
    return draft->state == DRAFT_RELEASING;
}

/* Unsent, or certainly without effect so far, but too old to be sent as it is. */
static void send_late(struct turn *turn, int64_t offer)
{
    struct draft draft;
    struct change_set set;
    drafts_get(turn, offer, &draft);
    if (draft.state != DRAFT_RELEASING || !change_sets_open(turn, offer, release.name, &set) ||
        set.state == SET_RUNNING)
        return;
    if (tracking_call_back(turn, &set))
        read_back_again(turn, &draft);
    else
        turn_timer(turn, &release_late_timer, offer, RELEASE_FRESH_MS);
}

/* An unsent release must be called back even if its offer cannot be read, so its timer does not
 * rest. */
static bool notify_if_late_unreadable(struct turn *turn, int64_t offer)
{
    struct draft draft;
    struct change_set set;
    drafts_get(turn, offer, &draft);
    bool open = draft.state == DRAFT_RELEASING && change_sets_open(turn, offer, release.name, &set);
    return !open && notify_if_unreadable(turn, offer);
}

/* Its answer was lost and AWS, as far as we can see, never took it. What was read back then may
 * have changed since. */
static void on_absent(struct turn *turn, const struct change_set *set)
{
    struct draft draft;
    if (get_releasing(turn, set, &draft))
        read_back_again(turn, &draft);
}

static void check_release(struct turn *turn, const struct draft *draft)
{
    flow_read(turn, &release_check_effect, draft->offer, draft->entity,
              catalog_describe_entity(draft->entity));
}

/* Has it been released? ${why}: what AWS said, should it turn out that it has not. */
static void start_checking(struct turn *turn, struct draft *draft, const char *why)
{
    text_fit(draft->why, sizeof(draft->why), why);
    draft->empty_reads = 0;
    draft->polled_since = turn_time(turn);
    drafts_put(turn, draft);
    check_release(turn, draft);
}

/* Lists and entities at AWS lag behind, but what is not released in the end has failed. */
static void note_not_released(struct turn *turn, struct draft *draft)
{
    draft->empty_reads++;
    if (draft->empty_reads >= MAX_RELEASE_CHECKS && *draft->why != '\0') {
        fail(turn, draft, draft->why, true);
        return;
    }
    if (draft->empty_reads == MAX_RELEASE_CHECKS) {
        notify_operators(turn,
                         "AWS reports CPPO-%lld as released, but the offer does not "
                         "appear released yet (%s). I'll keep checking.",
                         (long long)draft->offer, draft->entity);
    }
    drafts_put(turn, draft);
    turn_timer(turn, &release_poll_timer, draft->offer, polling_wait(turn, draft->polled_since));
}

/* The only thing in a release that could be invalid is the revision. */
static bool is_stale_refusal(const struct draft *draft, const char *code)
{
    bool invalid =
        strcmp(code, "ValidationException") == 0 || strcmp(code, "ConflictException") == 0;
    return invalid && strlen(draft->entity_revision) > 0;
}

static void on_refused(struct turn *turn, const struct change_set *set, const struct result *result)
{
    struct draft draft;
    if (!get_releasing(turn, set, &draft))
        return;
    char *why = text_format("%s (%s)", result->text, result->code);
    if (access_denied(result)) { /* nothing was released: it will be read back once more */
        if (tracking_move(turn, &draft, DRAFT_RELEASE_FAIL))
            access_block(turn, draft.offer);
    } else if (line_is_full(result)) { /* the same, when its turn comes */
        if (tracking_move(turn, &draft, DRAFT_RELEASE_FAIL))
            line_wait(turn, draft.offer);
    } else if (is_stale_refusal(&draft, result->code))
        retry_stale(turn, set, &draft, why);
    else
        fail(turn, &draft, why, true);
    free(why);
}

static void on_succeeded(struct turn *turn, const struct change_set *set,
                         const struct change_set_state *state)
{
    struct draft draft;
    (void)state;
    if (!get_releasing(turn, set, &draft))
        return;
    access_on_done(turn, draft.offer, ACCESS_RELEASE);
    start_checking(turn, &draft, "");
}

/* AWS itself was at fault; or the draft changed after it was read, which AWS reports in words that
 * are not documented. */
static bool may_pass(const struct change_set_state *state)
{
    return state->server_fault || state->unknown;
}

static void on_failed(struct turn *turn, const struct change_set *set,
                      const struct change_set_state *state)
{
    struct draft draft;
    if (!get_releasing(turn, set, &draft))
        return;
    if (state->status == CHANGE_SET_CANCELLED) {
        fail(turn, &draft, "The release was cancelled in the AWS console.", true);
    } else if (strstr(state->why, "INVALID_UPDATE_REQUEST") != NULL) {
        start_checking(turn, &draft, state->why); /* AWS says that it is released already */
    } else if (state->stale && !state->server_fault) {
        retry_stale(turn, set, &draft, state->why);
    } else if (may_pass(state) && tracking_count_fault(turn, set)) {
        read_back_again(turn, &draft);
    } else if (state->of_account) { /* nothing was released: it will be read back once more */
        if (tracking_move(turn, &draft, DRAFT_RELEASE_FAIL))
            access_unready(turn, draft.offer, ACCESS_RELEASE, state->why);
    } else {
        fail(turn, &draft, state->why, state->can_retry || may_pass(state));
    }
}

void releasing_check(struct turn *turn, int64_t offer)
{
    turn_timer(turn, &release_poll_timer, offer, 0);
}

static void check_again(struct turn *turn, int64_t offer)
{
    struct draft draft;
    drafts_get(turn, offer, &draft);
    if (draft.state == DRAFT_RELEASING)
        check_release(turn, &draft);
}

static void on_release_check(struct turn *turn, const struct result *result)
{
    struct draft draft;
    struct request offer;
    struct catalog_offer held;
    if (notify_if_unreadable(turn, result->subject)) { /* there is nothing to compare it with */
        turn_timer(turn, &release_poll_timer, result->subject, 0);
        return;
    }
    drafts_get(turn, result->subject, &draft);
    if (draft.state != DRAFT_RELEASING)
        return;
    if (access_denied(result)) { /* that says nothing of it */
        turn_timer(turn, &release_poll_timer, draft.offer, polling_wait(turn, draft.polled_since));
        return;
    }
    if (result->outcome != OUTCOME_OK || !catalog_offer(result->reply, &held) || !held.released ||
        !offers_get(turn, draft.offer, &offer)) {
        note_not_released(turn, &draft);
        return;
    }
    char *differences = live_differences(turn, &offer, &held);
    bool known =
        differences == NULL || releasing_note_difference(turn, &draft, &release_poll_timer);
    if (known) {
        draft.why[0] = '\0';
        draft.differing_reads = 0;
        if (differences != NULL)
            live_differs(turn, &draft, differences);
        releasing_done(turn, &draft);
        origins_audit_later(turn, &offer);
    }
    free(differences);
}

static const struct purpose release = {
    .name = "release",
    .start = &release_start_effect,
    .body = body_of_release,
    .succeeded = on_succeeded,
    .failed = on_failed,
    .refused = on_refused,
    .taken = access_on_taken,
    .absent = on_absent,
};

static const struct effect_type release_start_effect = {
    .name = "release.start",
    .kind = EFFECT_ONCE,
    .call = "aws:StartChangeSet",
    .done = tracking_on_start,
    .gate = &releases_gate,
};
static const struct effect_type release_check_effect = {
    .name = "release.check",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_release_check,
};
static const struct timer_type release_late_timer = {
    .name = "release.late", .due = send_late, .rests = notify_if_late_unreadable};
static const struct timer_type release_poll_timer = {
    .name = "release.poll", .due = check_again, .rests = notify_if_unreadable};

const struct flow releasing_flow = {.effects = {&release_start_effect, &release_check_effect},
                                    .timers = {&release_late_timer, &release_poll_timer},
                                    .kind = KIND_OFFER,
                                    .purposes = {&release}};
