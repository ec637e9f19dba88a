#include "flows/actions.h"

#include <stdlib.h>

#include "book/requests.h"
#include "flows/binding.h"
#include "flows/flow.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/rosters.h"
#include "flows/voting.h"
#include "flows/whispers.h"
#include "offers/kind.h"
#include "text.h"
#include "views/messages.h"

static const struct timer_type action_lapse_timer, action_settle_timer;

static const int64_t SOON_MS = 3000; /* what takes longer is said */
static const int64_t LAPSE_MS = 30000;
static const int64_t MAX_HOLD_MS = 300000;

/* --- what is settled --- */

/* A form is accepted by lists up to ten minutes old, and so is what only stops something.
 * Everything else, and every refusal, needs fresh ones. */
static void settle_right(struct turn *turn, const struct pending_action *pending,
                         const struct request *request, struct standing *standing)
{
    enum right right = pending->what->right;
    bool older = pending->what->typed != TYPED_NOTHING || pending->what->stops;
    if (older)
        rosters_settle(turn, right, pending->person, request, ROSTERS_KNOWN_MS, standing);
    if (!older || !standing->settled || standing->why != NULL)
        rosters_settle(turn, right, pending->person, request, ROSTERS_FRESH_MS, standing);
}

/* An approval that would be refused may depend on what AWS says now. True: AWS is being asked. */
static bool recheck(struct turn *turn, const struct pending_action *pending,
                    const struct request *request)
{
    return pending->what->approves && request->state == STATE_PENDING &&
           pending->revision == request->revision && request->kind->recheck != NULL &&
           request->kind->recheck(turn, request);
}

/* True: all that it depends on is known; what is not, is being asked for. */
static bool settle(struct turn *turn, const struct pending_action *pending,
                   struct standing *standing)
{
    struct request request;
    bool there = requests_get(turn, pending->request, &request);
    settle_right(turn, pending, there ? &request : NULL, standing);
    if (pending->what->own_soon && there && standing->why == NULL &&
        rosters_own(turn, pending->what->right, &request, pending->person))
        standing->settled = true;
    if (!standing->settled)
        rosters_ask(turn, pending->person, there ? &request : NULL, standing);
    if (standing->settled && there && recheck(turn, pending, &request))
        return false;
    if (standing->settled && standing->why == NULL && there && pending->what->ready != NULL &&
        !pending->what->ready(turn, &request))
        return false;
    bool last_vote = standing->settled && standing->why == NULL && there &&
                     pending->what->approves && pending->revision == request.revision;
    return standing->settled && (!last_vote || voting_ask_others(turn, &request, pending->person));
}

static void store(struct turn *turn, const struct pending_action *pending, const char *content)
{
    int64_t id = pending_actions_add(turn, pending, content);
    turn_timer(turn, &action_lapse_timer, id, SOON_MS);
}

void actions_later(struct turn *turn, const struct pending_action *pending, const char *content)
{
    struct standing standing;
    settle(turn, pending, &standing);
    store(turn, pending, content);
}

bool actions_now_or_later(struct turn *turn, const struct pending_action *pending,
                          const char *content)
{
    struct standing standing;
    if (!settle(turn, pending, &standing)) {
        store(turn, pending, content);
        return false;
    }
    binding_run(turn, pending, &standing.person, content);
    return true;
}

/* --- who may --- */

static void forget(struct turn *turn, int64_t id)
{
    pending_actions_remove(turn, id);
    turn_timer_stop(turn, &action_lapse_timer, id);
}

static void settle_one(struct turn *turn, const struct pending_action *pending)
{
    struct standing standing;
    if (pending->what->run != NULL && !settle(turn, pending, &standing))
        return;
    char *held =
        pending->what->typed == TYPED_CHANGE ? pending_actions_content(turn, pending->id) : NULL;
    forget(turn, pending->id);
    binding_run(turn, pending, &standing.person, held);
    free(held);
}

/* Hundreds may wait for one answer. Whoever else wants something comes in between. */
static void settle_after(struct turn *turn, int64_t id)
{
    enum { AT_ONCE = 4 };
    struct pending_action pending = {.id = id};
    for (int i = 0; pending_actions_next(turn, pending.id, &pending); i++) {
        if (i == AT_ONCE) {
            turn_timer(turn, &action_settle_timer, id, 0);
            return;
        }
        settle_one(turn, &pending);
        id = pending.id;
    }
}

/* Something that a stored click waits for was read. */
static void on_answer(struct turn *turn)
{
    settle_after(turn, 0);
}

/* --- what cannot be settled --- */

/* Why it is not known whether they may, as far as Slack said; on the heap. */
static char *silence(struct turn *turn, const struct pending_action *pending)
{
    struct standing standing;
    rosters_settle(turn, pending->what->right, pending->person, NULL, ROSTERS_FRESH_MS, &standing);
    int64_t held = rosters_backoff(turn);
    long long minutes = (long long)((held + 59999) / 60000);
    if (*standing.person.error != '\0')
        return rosters_words(turn, pending->what->right, standing.why, &standing.person, NULL);
    if (held > 0)
        return text_format("Slack is rate-limiting me. Please click again in %lld minute%s; "
                           "nothing was changed.",
                           minutes, minutes == 1 ? "" : "s");
    return text_format("Slack did not tell me in time whether you may do this, so nothing was "
                       "changed. Please click again.");
}

static void drop(struct turn *turn, const struct pending_action *pending)
{
    struct reply_to to = reply_to_action(pending);
    char *words = silence(turn, pending);
    to.question = ""; /* the button stays, to be pressed again */
    to.kept = true;
    forget(turn, pending->id);
    reply_words(turn, &to, "%s", words);
    free(words);
}

/* Slack said how long to wait: the person is told. */
static void tell_hold(struct turn *turn, const struct pending_action *pending, int64_t wait)
{
    whisper_message(
        turn, pending->channel, pending->person,
        message_format("Slack makes me wait about %lld seconds before I can look up whether "
                       "you may do this. I'll do it then; no need to press again.",
                       (long long)((wait + 999) / 1000)));
}

static void tell_kept(struct turn *turn, const struct pending_action *pending)
{
    notify_person(turn, pending->person,
                  message_format("%sCPPO-%lld is saved but not yet with the approvers: Slack has "
                                 "not confirmed your permissions. I'll keep trying.",
                                 pending->what->typed == TYPED_CHANGE ? "Your change of " : "",
                                 (long long)pending->request));
}

/* Nobody should have to type a form twice, so it is kept until it can be settled. The person is
 * told once; we ask less and less often, and give up after a day (after an hour, for a change of a
 * request). */
static void keep_waiting(struct turn *turn, const struct pending_action *pending)
{
    enum { DOUBLINGS = 9, HOUR = 8, DAY = 31 };
    struct standing standing;
    int step = pending->lapses < DOUBLINGS ? pending->lapses : DOUBLINGS;
    if (pending->lapses > (pending->what->typed == TYPED_CHANGE ? HOUR : DAY)) {
        char *held = pending_actions_content(turn, pending->id);
        forget(turn, pending->id);
        pending->what->given_up(turn, pending, held);
        free(held);
        return;
    }
    if (pending->lapses == 2)
        tell_kept(turn, pending);
    settle(turn, pending, &standing);
    turn_timer(turn, &action_lapse_timer, pending->id, LAPSE_MS << (step - 2));
}

/* True: everything about the person is known, and only AWS, which is being asked, holds it up. */
static bool settle_by_book(struct turn *turn, const struct pending_action *pending,
                           struct standing *standing)
{
    struct request request;
    if (!requests_get(turn, pending->request, &request))
        return false;
    settle_right(turn, pending, &request, standing);
    return standing->settled && recheck(turn, pending, &request);
}

/* The first time after three seconds, to say that it takes a while; the next time, to give up. */
static void lapse(struct turn *turn, int64_t id)
{
    struct pending_action pending;
    struct standing standing;
    if (!pending_actions_get(turn, id, &pending))
        return;
    int64_t wait = rosters_backoff(turn);
    bool first = pending.lapses == 0;
    pending_actions_note_lapse(turn, &pending);
    if (wait > 0 && wait <= MAX_HOLD_MS && pending.lapses <= 3) {
        if (first && wait > SOON_MS)
            tell_hold(turn, &pending, wait);
        turn_timer(turn, &action_lapse_timer, id, wait + LAPSE_MS);
    } else if (first) {
        turn_timer(turn, &action_lapse_timer, id, LAPSE_MS - SOON_MS);
    } else if (pending.what->typed != TYPED_NOTHING) {
        keep_waiting(turn, &pending);
    } else if (settle_by_book(turn, &pending,
                              &standing)) { /* AWS says nothing: by what the book has */
        forget(turn, id);
        binding_run(turn, &pending, &standing.person, NULL);
    } else {
        drop(turn, &pending);
    }
}

static const struct timer_type action_lapse_timer = {.name = "action.lapse", .due = lapse};
static const struct timer_type action_settle_timer = {.name = "action.settle", .due = settle_after};

const struct flow actions_flow = {.timers = {&action_lapse_timer, &action_settle_timer},
                                  .on_answer = on_answer};
