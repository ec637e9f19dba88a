#include "flows/judging.h"

#include <stdlib.h>

#include "book/requests.h"
#include "flows/flow.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/rosters.h"
#include "flows/voting.h"
#include "offers/kind.h"
#include "text.h"
#include "views/messages.h"

static const struct timer_type judgement_lapse_timer;

static const int64_t SOON_MS = 3000; /* what takes longer is said */
static const int64_t LAPSE_MS = 30000;
static const int64_t MAX_HOLD_MS = 300000;

/* --- what is settled ---------------------------------------------------------------------- */

static enum right right_to(enum judged what)
{
    switch (what) {
    case JUDGE_APPROVE:
    case JUDGE_REJECT:
    case JUDGE_REQUEST_CHANGES:
        return RIGHT_DECIDE;
    case JUDGE_SUBMIT:
        return RIGHT_REQUEST;
    case JUDGE_RETRY:
        return RIGHT_RETRY;
    case JUDGE_REVISE:
        return RIGHT_EDIT;
    case JUDGE_WITHDRAW:
        return RIGHT_WITHDRAW;
    case JUDGE_DETAILS:
    case JUDGE_LIST:
    case JUDGED:
        break;
    }
    return RIGHT_SEE;
}

/* A form is taken by what was read within ten minutes; all else, and every refusal, is by what is
 * fresh. */
static void judge(struct turn *turn, const struct judgement *judgement, const struct offer *offer,
                  struct standing *standing)
{
    enum right right = right_to(judgement->what);
    bool form = judgement->what == JUDGE_SUBMIT || judgement->what == JUDGE_REVISE;
    if (form)
        rosters_judge(turn, right, judgement->person, offer, ROSTERS_KNOWN_MS, standing);
    if (!form || !standing->settled || standing->why != NULL)
        rosters_judge(turn, right, judgement->person, offer, ROSTERS_FRESH_MS, standing);
}

/* An approval that would be refused may hang on what is being asked at this moment. */
static bool may_be_refused_wrongly(struct turn *turn, const struct judgement *judgement,
                                   const struct offer *offer)
{
    return judgement->what == JUDGE_APPROVE && offer->state == OFFER_PENDING &&
           judgement->revision == offer->revision && offer->kind->doubt != NULL &&
           offer->kind->doubt(turn, offer);
}

/* Is all that it hangs on known? Else it is asked for. */
static bool settle(struct turn *turn, const struct judgement *judgement, struct standing *standing)
{
    struct offer offer;
    bool there = requests_get(turn, judgement->offer, &offer);
    judge(turn, judgement, there ? &offer : NULL, standing);
    /* Taking one's own offer back does no harm: what was known of the person last is enough. */
    if (judgement->what == JUDGE_WITHDRAW && there && standing->why == NULL &&
        rosters_own(turn, RIGHT_WITHDRAW, &offer, judgement->person))
        standing->settled = true;
    if (!standing->settled)
        rosters_ask(turn, judgement->person, there ? &offer : NULL, standing);
    if (standing->settled && there && may_be_refused_wrongly(turn, judgement, &offer))
        return false;
    bool last_vote = standing->settled && standing->why == NULL && there &&
                     judgement->what == JUDGE_APPROVE && judgement->revision == offer.revision;
    return standing->settled && (!last_vote || voting_settled(turn, &offer, judgement->person));
}

static void store(struct turn *turn, const struct judgement *judgement, const char *content)
{
    int64_t id = judgements_add(turn, judgement, content);
    turn_timer(turn, &judgement_lapse_timer, id, turn_now(turn) + SOON_MS);
}

void judging_later(struct turn *turn, const struct judgement *judgement, const char *content)
{
    struct standing standing;
    settle(turn, judgement, &standing);
    store(turn, judgement, content);
}

bool judging_now_or_later(struct turn *turn, const struct judgement *judgement, const char *content)
{
    struct standing standing;
    if (!settle(turn, judgement, &standing)) {
        store(turn, judgement, content);
        return false;
    }
    flows_tell_judged(turn, judgement, &standing.person, content);
    return true;
}

/* --- judging ------------------------------------------------------------------------------ */

static void forget(struct turn *turn, int64_t id)
{
    judgements_remove(turn, id);
    turn_timer_stop(turn, &judgement_lapse_timer, id);
}

/* Something that a stored click waits for was read. */
static void judge_again(struct turn *turn)
{
    struct judgement judgement = {.id = 0};
    struct standing standing;
    while (judgements_next(turn, judgement.id, &judgement)) {
        if (judgement.what != JUDGED && !settle(turn, &judgement, &standing))
            continue;
        char *held = judgement.what == JUDGE_REVISE ? judgements_content(turn, judgement.id) : NULL;
        forget(turn, judgement.id);
        flows_tell_judged(turn, &judgement, &standing.person, held);
        free(held);
    }
}

/* --- what cannot be settled --------------------------------------------------------------- */

/* Why it is not known whether they may, as far as Slack said; on the heap. */
static char *silence(struct turn *turn, const struct judgement *judgement)
{
    struct standing standing;
    rosters_judge(turn, right_to(judgement->what), judgement->person, NULL, ROSTERS_FRESH_MS,
                  &standing);
    int64_t held = rosters_held(turn) - turn_now(turn);
    if (*standing.person.trouble != '\0')
        return rosters_words(turn, right_to(judgement->what), standing.why, &standing.person, NULL);
    if (held > 0)
        return text_format("Slack makes me wait %lld minutes before I can look up whether you may "
                           "do this, so nothing was changed. Please click again then.",
                           (long long)((held + 59999) / 60000));
    return text_format("Slack did not tell me in time whether you may do this, so nothing was "
                       "changed. Please click again.");
}

static void drop(struct turn *turn, const struct judgement *judgement)
{
    struct reply_to to = reply_to_judged(judgement);
    char *words = silence(turn, judgement);
    to.instead = false; /* the button stays, to be pressed again */
    forget(turn, judgement->id);
    reply_words(turn, &to, "%s", words);
    free(words);
}

/* Slack named the time: it is waited for, and the person knows. */
static void tell_hold(struct turn *turn, const struct judgement *judgement, int64_t wait)
{
    char *words = text_format("Slack makes me wait about %lld seconds before I can look up whether "
                              "you may do this. I'll do it then; no need to press again.",
                              (long long)((wait + 999) / 1000));
    notify_whisper(turn, judgement->channel, judgement->person, message_plain(words));
    free(words);
}

static void tell_kept(struct turn *turn, const struct judgement *judgement)
{
    char *words = text_format("%sCPPO-%lld is saved but not yet with the approvers: Slack has "
                              "not confirmed your permissions. I'll keep trying.",
                              judgement->what == JUDGE_REVISE ? "Your change of " : "",
                              (long long)judgement->offer);
    notify_person(turn, judgement->person, message_plain(words));
    free(words);
}

/* A form is typed once: it is kept until it can be judged, which is told once and asked ever more
 * seldom; after a day of that (a change of an offer: after an hour) it ends. */
static void keep_waiting(struct turn *turn, const struct judgement *judgement)
{
    enum { DOUBLINGS = 9, HOUR = 8, DAY = 31 };
    struct standing standing;
    int step = judgement->lapses < DOUBLINGS ? judgement->lapses : DOUBLINGS;
    if (judgement->lapses > (judgement->what == JUDGE_REVISE ? HOUR : DAY)) {
        char *held = judgements_content(turn, judgement->id);
        forget(turn, judgement->id);
        flows_tell_given_up(turn, judgement, held);
        free(held);
        return;
    }
    if (judgement->lapses == 2)
        tell_kept(turn, judgement);
    settle(turn, judgement, &standing);
    turn_timer(turn, &judgement_lapse_timer, judgement->id,
               turn_now(turn) + (LAPSE_MS << (step - 2)));
}

/* Do only others than the person keep it from being judged? */
static bool is_known(struct turn *turn, const struct judgement *judgement,
                     struct standing *standing)
{
    struct offer offer;
    if (!requests_get(turn, judgement->offer, &offer))
        return false;
    judge(turn, judgement, &offer, standing);
    return standing->settled && may_be_refused_wrongly(turn, judgement, &offer);
}

/* First after three seconds, to say so when it takes long; then when it is over. */
static void lapse(struct turn *turn, int64_t id)
{
    struct judgement judgement;
    struct standing standing;
    if (!judgements_get(turn, id, &judgement))
        return;
    int64_t wait = rosters_held(turn) - turn_now(turn);
    bool first = judgement.lapses == 0;
    judgements_lapsed(turn, &judgement);
    if (wait > 0 && wait <= MAX_HOLD_MS && judgement.lapses <= 3) {
        if (first && wait > SOON_MS)
            tell_hold(turn, &judgement, wait);
        turn_timer(turn, &judgement_lapse_timer, id, turn_now(turn) + wait + LAPSE_MS);
    } else if (first) {
        turn_timer(turn, &judgement_lapse_timer, id, turn_now(turn) + LAPSE_MS - SOON_MS);
    } else if (judgement.what == JUDGE_SUBMIT || judgement.what == JUDGE_REVISE) {
        keep_waiting(turn, &judgement);
    } else if (is_known(turn, &judgement, &standing)) { /* AWS says nothing: by what the book has */
        forget(turn, id);
        flows_tell_judged(turn, &judgement, &standing.person, NULL);
    } else {
        drop(turn, &judgement);
    }
}

static const struct timer_type judgement_lapse_timer = {.name = "judgement.lapse", .due = lapse};

const struct flow judging_flow = {.timers = {&judgement_lapse_timer}, .on_answer = judge_again};
