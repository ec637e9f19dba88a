/* From approved to the release: read back what AWS holds, compare it with what was approved, and
 * ask for the release of that and nothing else (flows/releasing.h). */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "book/people.h"
#include "book/seen.h"
#include "book/votes.h"
#include "flows/access.h"
#include "flows/app_context.h"
#include "flows/approvals.h"
#include "flows/authorized.h"
#include "flows/catching_up.h"
#include "flows/flow.h"
#include "flows/line.h"
#include "flows/live.h"
#include "flows/moves.h"
#include "flows/notify.h"
#include "flows/origins.h"
#include "flows/releasing.h"
#include "flows/tracking.h"
#include "flows/unsure.h"
#include "flows/usable.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "offers/draft.h"
#include "offers/kind.h"
#include "offers/offer.h"
#include "offers/release.h"
#include "text.h"

static const struct effect_type release_authorization_effect, release_draft_effect;
static const struct timer_type release_again_timer;

/* Is this offer, now, on its way to its release with a draft that holds exactly its revision? One
 * that waits is woken when that is over (flows/waiting.c). */
static bool on_its_way(struct turn *turn, int64_t number, struct request *offer,
                       struct draft *draft)
{
    drafts_get(turn, number, draft);
    return offers_get(turn, number, offer) && request_state_in(offer->state, STATES_GOING) &&
           !timing_waits(&offer->timing) && draft->state == DRAFT_READY &&
           draft->revision == offer->revision && !unsure_holds(turn, number);
}

/* Takes it one step further, if that is possible. */
static void advance(struct turn *turn, int64_t number)
{
    struct request offer;
    struct draft draft;
    if (!unsure_stop(turn, number) && on_its_way(turn, number, &offer, &draft) &&
        catching_up_ensure_fresh(turn) && /* else it is woken when it has caught up */
        line_admits_soon(turn, number))   /* ... or when its turn comes */
        flow_read(turn, &release_authorization_effect, number, draft.authorization,
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
                    ? text_format("%s could not be read before the release. It may be a temporary "
                                  "fault.",
                                  what)
                    : text_format("%s could not be read before the release: %s (%s)", what,
                                  result->text, result->code);
    moves_fail(turn, result->subject, actor_aws(), true, "%s", why);
    free(why);
}

/* --- reading back --- */

static void on_release_authorization(struct turn *turn, const struct result *result)
{
    struct request offer;
    struct draft draft;
    struct authorization authorization;
    struct terms terms;
    if (!on_its_way(turn, result->subject, &offer, &draft))
        return;
    if (not_found(result)) {
        authorized_unlist(turn, offer_content(&offer)->authorization, offer.number);
        moves_fail(turn, offer.number, actor_aws(), true,
                   "AWS no longer knows the resale authorization: the ISV may have withdrawn "
                   "it. Ask the ISV, or edit the offer and choose another.");
        return;
    }
    if (result->outcome != OUTCOME_OK ||
        !catalog_authorization(result->reply, &authorization, &terms) ||
        strcmp(authorization.id, offer_content(&offer)->authorization) != 0) {
        fail_read(turn, result, "The resale authorization");
        return;
    }
    authorized_store(turn, &authorization, &terms, offer.number);
    draft.differing_reads = 0;
    drafts_put(turn, &draft);
    if (!usable_claim(turn, &offer, &authorization))
        return;
    flow_read(turn, &release_draft_effect, offer.number, draft.entity,
              catalog_describe_entity(draft.entity));
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
        notify_operators(turn,
                         "CPPO-%lld (%s): %s The buyer can accept it. End it in the AWS "
                         "Marketplace portal if it is wrong.",
                         (long long)draft->offer, draft->entity, why);
    }
    draft->revision = 0; /* it holds no revision of ours */
    draft->differing_reads = 0;
    drafts_put(turn, draft);
    moves_fail(turn, draft->offer, actor_bot(), !released, "%s", why);
    free(why);
}

/* AWS does not know the draft (any more), however often it is asked. */
static void fail_vanished(struct turn *turn, struct draft *draft)
{
    char entity[ENTITY_ID];
    text_fit(entity, sizeof(entity), draft->entity);
    draft->entity[0] = '\0';
    draft->revision = 0;
    draft->differing_reads = 0;
    drafts_put(turn, draft);
    moves_fail(turn, draft->offer, actor_aws(), true,
               "AWS no longer knows the Marketplace draft %s. Trying again makes a new one.",
               entity);
}

static void read_back(struct turn *turn, int64_t number)
{
    struct request offer;
    struct draft draft;
    if (on_its_way(turn, number, &offer, &draft))
        flow_read(turn, &release_draft_effect, number, draft.entity,
                  catalog_describe_entity(draft.entity));
}

/* The last check, against the book and what was just read, whatever led here: why it must not be
 * released (static text); NULL: it may be. */
static const char *why_not(struct turn *turn, const struct request *offer,
                           const struct draft *draft, bool equal)
{
    struct vote votes[MAX_VOTES];
    char requester[PERSON_ID];
    struct terms authorized;
    struct authorization authorization;
    struct approval_rules rules = approvals_rules(turn, offer);
    authorizations_terms(turn, offer_content(offer)->authorization, &authorized);
    people_identity(turn, offer->requester, requester);
    struct release_facts facts = {
        .state = offer->state,
        .revision = offer->revision,
        .requester = requester,
        .rules = &rules,
        .votes = votes,
        .vote_count = votes_given(turn, offer->number, offer->revision, votes, MAX_VOTES),
        .buyers_covered =
            authorizations_get(turn, offer_content(offer)->authorization, &authorization) &&
            content_uncovered(offer_content(offer), &authorization) == NULL,
        .draft_state = draft->state,
        .draft_revision = draft->revision,
        .entity = draft->entity,
        .read_back_equal = equal,
        .legal_ours = origins_ours(turn, offer, draft),
        .terms_as_seen = seen_same(turn, offer->number, offer->revision, &authorized),
        .timing = &offer->timing,
    };
    return release_allowed(&facts);
}

static void fail_not_allowed(struct turn *turn, const struct request *offer, const char *why)
{
    log_error("release not allowed", F_INT("request", offer->number),
              F_INT("revision", offer->revision), F_TEXT("why", why));
    char *words = text_format("CPPO-%lld was not released: %s. Edit it and send it for approval "
                              "again.",
                              (long long)offer->number, why);
    notify_operators(turn, "%s", words);
    moves_fail(turn, offer->number, actor_bot(), false, "%s", words);
    free(words);
}

/* Reading back takes a while, and the ISV may have restricted the authorization since it was read
 * for this release. False: that is so, and the offer has failed. */
static bool claim_authorization(struct turn *turn, const struct request *offer)
{
    struct authorization authorization;
    return !authorizations_get(turn, offer_content(offer)->authorization, &authorization) ||
           usable_claim(turn, offer, &authorization); /* nothing may be made from an unknown one */
}

static void publish(struct turn *turn, struct request *offer, struct draft *draft,
                    const struct catalog_offer *held)
{
    bool was_approved = offer->state == STATE_APPROVED;
    assert(draft->state == DRAFT_READY && draft->revision == offer->revision);
    assert(strcmp(draft->entity, held->id) == 0); /* what was compared is what is released */
    draft->differing_reads = 0;
    draft->why[0] = '\0';
    text_fit(draft->entity_revision, sizeof(draft->entity_revision), held->revision);
    bool begun = held->released /* somebody released exactly this in the console */
                     ? tracking_move(turn, draft, DRAFT_RELEASE)
                     : releasing_start(turn, offer, draft);
    if (!begun)
        return;
    if (was_approved)
        moves_apply(turn, offer, EVENT_PUBLISH, actor_bot(), "");
    if (held->released)
        releasing_done(turn, draft);
}

static void publish_if_allowed(struct turn *turn, struct request *offer, struct draft *draft,
                               const struct catalog_offer *held, bool equal)
{
    const char *why = why_not(turn, offer, draft, equal);
    if (why == NULL)
        publish(turn, offer, draft, held);
    else
        fail_not_allowed(turn, offer, why);
}

static void on_release_draft(struct turn *turn, const struct result *result)
{
    struct request offer;
    struct draft draft;
    struct catalog_offer held;
    if (!on_its_way(turn, result->subject, &offer, &draft) || !catching_up_ensure_fresh(turn))
        return;
    if (not_found(result)) {
        if (releasing_note_difference(turn, &draft, &release_again_timer))
            fail_vanished(turn, &draft);
        return;
    }
    if (result->outcome != OUTCOME_OK || !catalog_offer(result->reply, &held) ||
        strcmp(held.id, draft.entity) != 0) {
        fail_read(turn, result, "The Marketplace draft");
        return;
    }
    char *differences = live_differences(turn, &offer, &held);
    if (differences == NULL && !origins_find_out(turn, &offer, &draft, held.revision))
        return; /* we find out who changed it, then read it once more */
    if (differences == NULL)
        differences = origins_difference(turn, &offer, &draft);
    bool equal = differences == NULL;
    if (!equal && releasing_note_difference(turn, &draft, &release_again_timer))
        fail_different(turn, &draft, held.released, differences);
    else if (equal && claim_authorization(turn, &offer))
        publish_if_allowed(turn, &offer, &draft, &held, equal);
    free(differences);
}

/* --- what it hears of --- */

static void on_wake(struct turn *turn, const struct request *offer)
{
    if (request_state_in(offer->state, STATES_GOING))
        advance(turn, offer->number);
}

static void on_move(struct turn *turn, const struct moved *moved)
{
    on_wake(turn, moved->request);
}

static void on_reread(struct turn *turn, int64_t offer, int64_t wait)
{
    if (wait > 0)
        turn_timer(turn, &release_again_timer, offer, wait);
    else
        read_back(turn, offer);
}

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
static const struct timer_type release_again_timer = {
    .name = "release.again", .due = read_back, .rests = notify_if_unreadable};
const struct flow publishing_flow = {
    .effects = {&release_authorization_effect, &release_draft_effect},
    .timers = {&release_again_timer},
    .kind = KIND_OFFER,
    .on_move = on_move,
    .on_wake = on_wake,
    .on_reread = on_reread};
