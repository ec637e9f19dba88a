#include "flows/publishing.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/change_sets.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "book/people.h"
#include "book/seen.h"
#include "book/votes.h"
#include "flows/access.h"
#include "flows/authorized.h"
#include "flows/catching_up.h"
#include "flows/flow.h"
#include "flows/gates.h"
#include "flows/app_context.h"
#include "flows/live.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/origins.h"
#include "flows/tracking.h"
#include "flows/unsure.h"
#include "flows/usable.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/kind.h"
#include "offers/release.h"
#include "text.h"

static const struct effect_type release_authorization_effect, release_draft_effect,
    release_start_effect, release_check_effect;
static const struct timer_type release_again_timer, release_late_timer, release_look_timer;
static const struct purpose release;

enum {
    MANY_LOOKS = 20,       /* for a release that AWS reports and does not show: some minutes */
    LOOKS_THAT_DIFFER = 4, /* AWS's reads lag: before what it shows is taken for what it holds */
    MAX_STALE = 5,         /* drafts that changed between the reading and the release */
};

/* A release that has not gone out by then is read back anew first. */
static const int64_t RELEASE_FRESH_MS = 60000;

/* Is this offer, now, on its way to its release with a draft that holds exactly its revision? */
static bool on_its_way(struct turn *turn, int64_t number, struct offer *offer, struct draft *draft)
{
    drafts_get(turn, number, draft);
    return offers_get(turn, number, offer) &&
           (offer->state == OFFER_APPROVED || offer->state == OFFER_PUBLISHING) &&
           draft->state == DRAFT_READY && draft->revision == offer->revision &&
           !unsure_holds(turn, number);
}

/* It goes one step on, if it can. */
static void advance(struct turn *turn, int64_t number)
{
    struct offer offer;
    struct draft draft;
    if (!unsure_stops(turn, number) && on_its_way(turn, number, &offer, &draft) &&
        catching_up_ready(turn)) /* else it is woken when it has caught up */
        tracking_read(turn, &release_authorization_effect, number, draft.authorization,
                      catalog_describe_entity(draft.authorization));
}

static bool not_found(const struct result *result)
{
    return result->outcome == OUTCOME_REFUSED &&
           strcmp(result->code, "ResourceNotFoundException") == 0;
}

static void fail_read(struct turn *turn, const struct result *result, const char *what)
{
    if (access_denied(result)) {
        access_block(turn, result->subject);
        return;
    }
    char *why = result->outcome == OUTCOME_OK
                    ? text_format("%s could not be read before the release: AWS's answer made no "
                                  "sense. It may be a temporary fault.",
                                  what)
                    : text_format("%s could not be read before the release: %s (%s)", what,
                                  result->text, result->code);
    moves_fail(turn, result->subject, why, true);
    free(why);
}

/* --- reading back --- */

static void on_release_authorization(struct turn *turn, const struct result *result)
{
    struct offer offer;
    struct draft draft;
    struct authorization authorization;
    struct terms terms;
    if (!on_its_way(turn, result->subject, &offer, &draft))
        return;
    if (not_found(result)) {
        authorized_unlisted(turn, offer.content.authorization, offer.number);
        moves_fail(turn, offer.number,
                   "AWS no longer knows the resale authorization: the ISV may have withdrawn "
                   "it. Ask the ISV, or edit the offer and choose another.",
                   true);
        return;
    }
    if (result->outcome != OUTCOME_OK ||
        !catalog_authorization(result->reply, &authorization, &terms) ||
        strcmp(authorization.id, offer.content.authorization) != 0) {
        fail_read(turn, result, "The resale authorization");
        return;
    }
    authorized_store(turn, &authorization, &terms, offer.number);
    draft.looks = 0;
    drafts_put(turn, &draft);
    if (!usable_for(turn, &offer, &authorization))
        return;
    tracking_read(turn, &release_draft_effect, offer.number, draft.entity,
                  catalog_describe_entity(draft.entity));
}

static void released(struct turn *turn, struct draft *draft)
{
    struct offer offer;
    drafts_move(turn, draft, DRAFT_RELEASE_DONE);
    if (offers_get(turn, draft->offer, &offer))
        moves_apply(turn, &offer, OFFER_RELEASE, actor_aws(), "");
}

/* The intent: from here on the offer cannot be withdrawn. */
static void start_release(struct turn *turn, struct offer *offer, struct draft *draft)
{
    assert(offer->state == OFFER_APPROVED || offer->state == OFFER_PUBLISHING);
    assert(draft->revision == offer->revision && *draft->entity != '\0');
    draft->why[0] = '\0';
    drafts_move(turn, draft, DRAFT_RELEASE);
    tracking_start(turn, &release, offer, draft);
    turn_timer(turn, &release_late_timer, offer->number, turn_now(turn) + RELEASE_FRESH_MS);
}

static char *body_of_release(struct turn *turn, const struct change_set_id *id,
                             const struct offer *offer, const struct draft *draft)
{
    (void)turn;
    (void)offer;
    return change_set_release(id, draft->entity, draft->entity_revision);
}

/* What differs between what AWS holds and what was approved; NULL: nothing. */
static char *differences_of(struct turn *turn, const struct offer *offer,
                            const struct catalog_offer *held)
{
    struct terms authorized;
    authorizations_terms(turn, offer->content.authorization, &authorized);
    const struct approved approved = {
        .offer = offer->number,
        .revision = offer->revision,
        .content = &offer->content,
        .authorized = &authorized,
        .eula_version = config_of(turn)->eula_version,
    };
    return catalog_differences(held, &approved);
}

/* It is not what was approved, however often it is read. */
static void fail_different(struct turn *turn, struct draft *draft, bool released,
                           const char *differences)
{
    char *why = text_format(released ? "The offer was released in the AWS console, and is not what "
                                       "was approved: %s."
                                     : "The Marketplace draft is not what was approved: %s. Trying "
                                       "again writes the approved content once more.",
                            differences);
    if (released) {
        char *alarm = text_format("CPPO-%lld (%s): %s The buyer can accept it. End it in the AWS "
                                  "Marketplace portal if it is wrong.",
                                  (long long)draft->offer, draft->entity, why);
        notify_operators(turn, alarm);
        free(alarm);
    }
    draft->revision = 0; /* it holds no revision of ours */
    draft->looks = 0;
    drafts_put(turn, draft);
    moves_fail(turn, draft->offer, why, !released);
    free(why);
}

/* AWS's reads lag behind what it took: it is looked at several times before it is called different.
 * False: again in a moment. */
static bool is_settled(struct turn *turn, struct draft *draft, const struct timer_type *timer)
{
    if (++draft->looks >= LOOKS_THAT_DIFFER)
        return true;
    drafts_put(turn, draft);
    turn_timer(turn, timer, draft->offer, turn_now(turn) + config_of(turn)->poll_first);
    return false;
}

/* AWS does not know the draft (any more), however often it is asked. */
static void fail_vanished(struct turn *turn, struct draft *draft)
{
    char *why =
        text_format("AWS no longer knows the Marketplace draft %s. Trying again makes a new one.",
                    draft->entity);
    draft->entity[0] = '\0';
    draft->revision = 0;
    draft->looks = 0;
    drafts_put(turn, draft);
    moves_fail(turn, draft->offer, why, true);
    free(why);
}

static void read_back(struct turn *turn, int64_t number)
{
    struct offer offer;
    struct draft draft;
    if (on_its_way(turn, number, &offer, &draft))
        tracking_read(turn, &release_draft_effect, number, draft.entity,
                      catalog_describe_entity(draft.entity));
}

/* The last question, asked of the book and of what was just read, whatever led here. */
static bool is_allowed(struct turn *turn, const struct offer *offer, const struct draft *draft,
                       bool equal)
{
    struct vote votes[MAX_VOTES];
    char requester[PERSON_ID];
    struct terms authorized;
    struct authorization authorization;
    struct approval_rules rules = rules_of(turn);
    authorizations_terms(turn, offer->content.authorization, &authorized);
    people_identity(turn, offer->requester, requester);
    struct release_facts facts = {
        .state = offer->state,
        .revision = offer->revision,
        .requester = requester,
        .rules = &rules,
        .votes = votes,
        .vote_count = votes_given(turn, offer->number, offer->revision, votes, MAX_VOTES),
        .buyers_covered = authorizations_get(turn, offer->content.authorization, &authorization) &&
                          content_uncovered(&offer->content, &authorization) == NULL,
        .draft_state = draft->state,
        .draft_revision = draft->revision,
        .entity = draft->entity,
        .read_back_equal = equal,
        .legal_ours = origins_ours(offer, draft),
        .terms_as_seen = seen_same(turn, offer->number, offer->revision, &authorized),
    };
    const char *why = release_allowed(&facts);
    if (why == NULL)
        return true;
    log_error("release not allowed", F_INT("offer", offer->number),
              F_INT("revision", offer->revision), F_TEXT("why", why));
    char *words = text_format("CPPO-%lld was not released: %s. Edit it and send it for approval "
                              "again.",
                              (long long)offer->number, why);
    notify_operators(turn, words);
    moves_fail(turn, offer->number, words, false);
    free(words);
    return false;
}

/* Looks take their time: the ISV may have restricted it since it was read for this release. */
static bool is_usable(struct turn *turn, const struct offer *offer)
{
    struct authorization authorization;
    return !authorizations_get(turn, offer->content.authorization, &authorization) ||
           usable_for(turn, offer, &authorization); /* of an unknown one nothing is allowed */
}

static void publish(struct turn *turn, struct offer *offer, struct draft *draft,
                    const struct catalog_offer *held)
{
    bool was_approved = offer->state == OFFER_APPROVED;
    draft->looks = 0;
    draft->why[0] = '\0';
    text_fit(draft->entity_revision, sizeof(draft->entity_revision), held->revision);
    if (held->released) /* by hand in the console, with exactly this content */
        drafts_move(turn, draft, DRAFT_RELEASE);
    else
        start_release(turn, offer, draft);
    if (was_approved)
        moves_apply(turn, offer, OFFER_PUBLISH, actor_bot(), "");
    if (held->released)
        released(turn, draft);
}

static void on_release_draft(struct turn *turn, const struct result *result)
{
    struct offer offer;
    struct draft draft;
    struct catalog_offer held;
    if (!on_its_way(turn, result->subject, &offer, &draft) || !catching_up_ready(turn))
        return;
    if (not_found(result)) {
        if (is_settled(turn, &draft, &release_again_timer))
            fail_vanished(turn, &draft);
        return;
    }
    if (result->outcome != OUTCOME_OK || !catalog_offer(result->reply, &held) ||
        strcmp(held.id, draft.entity) != 0) {
        fail_read(turn, result, "The Marketplace draft");
        return;
    }
    char *differences = differences_of(turn, &offer, &held);
    if (differences == NULL && !origins_known(turn, &offer, &draft, held.revision))
        return; /* it is asked who changed it, and then read once more */
    if (differences == NULL)
        differences = origins_difference(&offer, &draft);
    bool equal = differences == NULL;
    if (!equal && is_settled(turn, &draft, &release_again_timer))
        fail_different(turn, &draft, held.released, differences);
    else if (equal && is_usable(turn, &offer) && is_allowed(turn, &offer, &draft, equal))
        publish(turn, &offer, &draft, &held);
    free(differences);
}

/* --- the release and its end --- */

static void failed(struct turn *turn, struct draft *draft, const char *why, bool can_retry)
{
    draft->faults = 0;
    drafts_move(turn, draft, DRAFT_RELEASE_FAIL);
    moves_fail(turn, draft->offer, why, can_retry);
}

/* Nothing was released: what AWS holds is read anew, and what is equal then is released. */
static void read_back_again(struct turn *turn, struct draft *draft)
{
    struct offer offer;
    drafts_move(turn, draft, DRAFT_RELEASE_FAIL);
    if (offers_get(turn, draft->offer, &offer))
        moves_wake(turn, &offer);
}

/* The draft changed after it was read. Somebody is at work on it in the console, perhaps. */
static void stale(struct turn *turn, struct draft *draft, const char *why)
{
    if (++draft->stale < MAX_STALE) {
        read_back_again(turn, draft);
        return;
    }
    draft->stale = 0;
    char *words = text_format("AWS refused to release CPPO-%lld %d times: its draft (%s) changes "
                              "each time after I have read it. Is somebody editing it in the AWS "
                              "Marketplace portal? AWS says: %s",
                              (long long)draft->offer, MAX_STALE, draft->entity, why);
    notify_operators(turn, words);
    failed(turn, draft, words, true);
    free(words);
}

/* The draft that a change set was to release; false: it is not about that any more. */
static bool get_releasing(struct turn *turn, const struct change_set *set, struct draft *draft)
{
    drafts_get(turn, set->offer, draft);
    return draft->state == DRAFT_RELEASING;
}

/* Unsent, or certainly without effect until now: too old to be sent as it is. */
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
        turn_timer(turn, &release_late_timer, offer, turn_now(turn) + RELEASE_FRESH_MS);
}

/* Its answer was lost, and it was not taken, as far as can be seen: what was read back then may
 * have changed since. */
static void on_absent(struct turn *turn, const struct change_set *set)
{
    struct draft draft;
    if (get_releasing(turn, set, &draft))
        read_back_again(turn, &draft);
}

static void look(struct turn *turn, const struct draft *draft)
{
    tracking_read(turn, &release_check_effect, draft->offer, draft->entity,
                  catalog_describe_entity(draft->entity));
}

/* Has it been released? ${why}: what AWS said, should it turn out that it has not. */
static void start_looking(struct turn *turn, struct draft *draft, const char *why)
{
    text_fit(draft->why, sizeof(draft->why), why);
    draft->empty_looks = 0;
    draft->looked_at = turn_time(turn);
    drafts_put(turn, draft);
    look(turn, draft);
}

/* Lists and entities at AWS lag behind; but what is not released at last has failed. */
static void not_released(struct turn *turn, struct draft *draft)
{
    draft->empty_looks++;
    if (draft->empty_looks >= MANY_LOOKS && *draft->why != '\0') {
        failed(turn, draft, draft->why, true);
        return;
    }
    if (draft->empty_looks == MANY_LOOKS) {
        char *words = text_format("AWS reports CPPO-%lld as released, but the offer does not "
                                  "appear released yet (%s). I'll keep checking.",
                                  (long long)draft->offer, draft->entity);
        notify_operators(turn, words);
        free(words);
    }
    drafts_put(turn, draft);
    turn_timer(turn, &release_look_timer, draft->offer, tracking_next(turn, draft->looked_at));
}

/* A release says nothing that could be invalid but the revision. */
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
    if (access_denied(result)) { /* nothing was released: it is read back anew, then */
        drafts_move(turn, &draft, DRAFT_RELEASE_FAIL);
        access_block(turn, draft.offer);
    } else if (is_stale_refusal(&draft, result->code))
        stale(turn, &draft, why);
    else
        failed(turn, &draft, why, true);
    free(why);
}

static void on_succeeded(struct turn *turn, const struct change_set *set,
                         const struct change_set_state *state)
{
    struct draft draft;
    (void)state;
    if (!get_releasing(turn, set, &draft))
        return;
    access_done(turn, draft.offer, ACCESS_RELEASE);
    start_looking(turn, &draft, "");
}

static void on_failed(struct turn *turn, const struct change_set *set,
                      const struct change_set_state *state)
{
    struct draft draft;
    if (!get_releasing(turn, set, &draft))
        return;
    if (state->status == CHANGE_SET_CANCELLED) {
        failed(turn, &draft, "The release was cancelled in the AWS console.", true);
    } else if (strstr(state->why, "INVALID_UPDATE_REQUEST") != NULL) {
        start_looking(turn, &draft, state->why); /* it is released already, AWS says */
    } else if (state->server_fault && tracking_once_more(&draft)) {
        read_back_again(turn, &draft);
    } else if (state->stale) {
        stale(turn, &draft, state->why);
    } else if (state->of_account) { /* nothing was released: it is read back anew, then */
        drafts_move(turn, &draft, DRAFT_RELEASE_FAIL);
        access_unready(turn, draft.offer, ACCESS_RELEASE, state->why);
    } else {
        failed(turn, &draft, state->why, state->can_retry);
    }
}

void publishing_look(struct turn *turn, int64_t offer)
{
    turn_timer(turn, &release_look_timer, offer, turn_now(turn));
}

static void look_again(struct turn *turn, int64_t offer)
{
    struct draft draft;
    drafts_get(turn, offer, &draft);
    if (draft.state == DRAFT_RELEASING)
        look(turn, &draft);
}

static void on_release_check(struct turn *turn, const struct result *result)
{
    struct draft draft;
    struct offer offer;
    struct catalog_offer held;
    drafts_get(turn, result->subject, &draft);
    if (draft.state != DRAFT_RELEASING)
        return;
    if (access_denied(result)) { /* that says nothing of it */
        turn_timer(turn, &release_look_timer, draft.offer, tracking_next(turn, draft.looked_at));
        return;
    }
    if (result->outcome != OUTCOME_OK || !catalog_offer(result->reply, &held) || !held.released ||
        !offers_get(turn, draft.offer, &offer)) {
        not_released(turn, &draft);
        return;
    }
    if (offer.state == OFFER_UNREADABLE) { /* with what would it be compared? */
        notify_unreadable(turn, &offer);
        return;
    }
    char *differences = differences_of(turn, &offer, &held);
    bool known = differences == NULL || is_settled(turn, &draft, &release_look_timer);
    if (known) {
        draft.why[0] = '\0';
        draft.looks = draft.stale = 0;
        if (differences != NULL)
            live_differs(turn, &draft, differences);
        released(turn, &draft);
        origins_audit_later(turn, &offer);
    }
    free(differences);
}

/* --- what it hears of --- */

static void on_wake(struct turn *turn, const struct offer *offer)
{
    if (offer->state == OFFER_APPROVED || offer->state == OFFER_PUBLISHING)
        advance(turn, offer->number);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    on_wake(turn, moved->offer);
}

static void on_reread(struct turn *turn, int64_t offer, int64_t wait)
{
    if (wait > 0)
        turn_timer(turn, &release_again_timer, offer, turn_now(turn) + wait);
    else
        read_back(turn, offer);
}

static const struct purpose release = {
    .name = "release",
    .start = &release_start_effect,
    .body = body_of_release,
    .succeeded = on_succeeded,
    .failed = on_failed,
    .refused = on_refused,
    .taken = access_taken,
    .absent = on_absent,
};

static const struct effect_type release_authorization_effect = {
    .name = "release.authorization",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_release_authorization,
};
static const struct effect_type release_draft_effect = {
    .name = "release.draft",
    .kind = EFFECT_READ,
    .call = "aws:DescribeEntity",
    .done = on_release_draft,
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
static const struct timer_type release_again_timer = {.name = "release.again", .due = read_back};
static const struct timer_type release_late_timer = {.name = "release.late", .due = send_late};
static const struct timer_type release_look_timer = {.name = "release.look", .due = look_again};

const struct flow publishing_flow = {
    .effects = {&release_authorization_effect, &release_draft_effect, &release_start_effect,
                &release_check_effect},
    .timers = {&release_again_timer, &release_late_timer, &release_look_timer},
    .kind = KIND_OFFER,
    .on_move = on_move,
    .on_wake = on_wake,
    .on_reread = on_reread,
    .purposes = {&release}};
