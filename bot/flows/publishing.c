#include "flows/publishing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/authorizations.h"
#include "book/drafts.h"
#include "book/offers.h"
#include "flows/deciding.h"
#include "flows/drafting.h"
#include "flows/house.h"
#include "flows/notify.h"
#include "flows/tracking.h"
#include "log.h"
#include "marketplace/catalog.h"
#include "text.h"

enum { MANY_LOOKS = 20 }; /* for a release that AWS reports and does not show: some minutes */

/* Is this offer, now, on its way to its release with a draft that holds exactly its revision? */
static bool on_its_way(struct turn *turn, int64_t number, struct offer *offer, struct draft *draft)
{
    drafts_get(turn, number, draft);
    return offers_get(turn, number, offer) &&
           (offer->state == OFFER_APPROVED || offer->state == OFFER_PUBLISHING) &&
           draft->state == DRAFT_READY && draft->revision == offer->revision;
}

void publishing_advance(struct turn *turn, int64_t number)
{
    struct offer offer;
    struct draft draft;
    if (on_its_way(turn, number, &offer, &draft))
        tracking_read(turn, "release.authorization", number, draft.authorization,
                      catalog_describe_entity(draft.authorization));
    else
        drafting_want(turn, number);
}

void publishing_fail(struct turn *turn, int64_t number, const char *why, bool can_retry)
{
    struct offer offer;
    if (!offers_get(turn, number, &offer) || !offers_move(turn, &offer, OFFER_FAIL, "aws", why))
        return;
    offers_can_retry(turn, &offer, can_retry);
    deciding_moved(turn, &offer);
}

static void fail_read(struct turn *turn, const struct result *result, const char *what)
{
    char *why = text_format("%s could not be read before the release: %s (%s)", what, result->text,
                            result->code);
    publishing_fail(turn, result->subject, why, true);
    free(why);
}

/* --- reading back ------------------------------------------------------------------------- */

/* Used up by this very offer is no obstacle. */
static const char *unusable(struct turn *turn, struct authorization *authorization, int64_t offer)
{
    if (authorization->single_use && offers_claimed(turn, authorization->id) == offer)
        authorization->extended_status[0] = '\0';
    return authorization_unusable(authorization, turn_now(turn));
}

void publishing_authorization_read(struct turn *turn, const struct result *result)
{
    struct offer offer;
    struct draft draft;
    struct authorization authorization;
    if (!on_its_way(turn, result->subject, &offer, &draft))
        return;
    if (result->outcome != OUTCOME_OK || !catalog_authorization(result->reply, &authorization)) {
        fail_read(turn, result, "The resale authorization");
        return;
    }
    authorizations_put(turn, &authorization);
    int64_t owner =
        authorization.single_use ? offers_claim(turn, authorization.id, offer.number) : 0;
    if (owner != 0) { /* it was not known to be good for one offer when this one was approved */
        char *words = text_format("The resale authorization can be used once, and CPPO-%lld has "
                                  "it. Edit the offer and choose another.",
                                  (long long)owner);
        publishing_fail(turn, offer.number, words, false);
        free(words);
        return;
    }
    const char *why = unusable(turn, &authorization, offer.number);
    if (why != NULL) {
        char *words =
            text_format("The resale authorization %s. Edit the offer and choose another.", why);
        publishing_fail(turn, offer.number, words, false);
        free(words);
        return;
    }
    tracking_read(turn, "release.draft", offer.number, draft.entity,
                  catalog_describe_entity(draft.entity));
}

static void released(struct turn *turn, struct draft *draft)
{
    struct offer offer;
    drafts_move(turn, draft, DRAFT_RELEASE_DONE);
    if (offers_get(turn, draft->offer, &offer) &&
        offers_move(turn, &offer, OFFER_RELEASE, "aws", ""))
        deciding_moved(turn, &offer);
}

/* The intent: from here on the offer cannot be withdrawn. */
static void start_release(struct turn *turn, struct offer *offer, struct draft *draft)
{
    struct change_set_id id;
    char install[TURN_ID];
    char lane[40];
    draft->attempt++;
    draft->started_at = turn_now(turn);
    draft->change_set[0] = draft->why[0] = '\0';
    drafts_move(turn, draft, DRAFT_RELEASE);
    tracking_id(turn, draft, install, &id);
    char *body = change_set_release(&id, draft->entity);
    snprintf(lane, sizeof(lane), "offer:%lld", (long long)offer->number);
    turn_effect(turn, &(struct effect){.type = "release.start",
                                       .subject = offer->number,
                                       .lane = lane,
                                       .body = body,
                                       .body_size = strlen(body)});
    free(body);
}

void publishing_draft_read(struct turn *turn, const struct result *result)
{
    struct offer offer;
    struct draft draft;
    struct catalog_offer held;
    if (!on_its_way(turn, result->subject, &offer, &draft))
        return;
    if (result->outcome != OUTCOME_OK || !catalog_offer(result->reply, &held)) {
        fail_read(turn, result, "The Marketplace draft");
        return;
    }
    char *differences = catalog_differences(&held, offer.number, offer.revision, &offer.content,
                                            config_of(turn)->eula_version);
    if (differences != NULL) {
        char *why = text_format("The Marketplace draft is not what was approved: %s. Trying again "
                                "writes the approved content once more.",
                                differences);
        draft.revision = 0; /* it holds no revision of ours */
        drafts_put(turn, &draft);
        publishing_fail(turn, offer.number, why, true);
        free(why);
        free(differences);
        return;
    }
    bool was_approved = offer.state == OFFER_APPROVED;
    if (held.released) /* by hand in the console, with exactly this content */
        drafts_move(turn, &draft, DRAFT_RELEASE);
    else
        start_release(turn, &offer, &draft);
    if (was_approved && offers_move(turn, &offer, OFFER_PUBLISH, "bot", ""))
        deciding_moved(turn, &offer);
    if (held.released)
        released(turn, &draft);
}

/* --- the release and its end -------------------------------------------------------------- */

static void failed(struct turn *turn, struct draft *draft, const char *why, bool can_retry)
{
    draft->faults = 0;
    drafts_move(turn, draft, DRAFT_RELEASE_FAIL);
    publishing_fail(turn, draft->offer, why, can_retry);
}

static void look(struct turn *turn, const struct draft *draft)
{
    tracking_read(turn, "release.check", draft->offer, draft->entity,
                  catalog_describe_entity(draft->entity));
}

/* Has it been released? ${why}: what AWS said, should it turn out that it has not. */
static void start_looking(struct turn *turn, struct draft *draft, const char *why)
{
    text_fit(draft->why, sizeof(draft->why), why);
    draft->empty_looks = 0;
    draft->looked_at = turn_now(turn);
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
        char *words = text_format("AWS reports CPPO-%lld as released, but does not show it so "
                                  "(%s). I keep looking.",
                                  (long long)draft->offer, draft->entity);
        notify_operators(turn, words);
        free(words);
    }
    drafts_put(turn, draft);
    turn_timer(turn, "release.look", draft->offer, tracking_next(turn, draft->looked_at));
}

void publishing_started(struct turn *turn, const struct result *result)
{
    struct draft draft;
    drafts_get(turn, result->subject, &draft);
    if (draft.state != DRAFT_RELEASING || tracking_started(turn, &draft, result))
        return;
    char *why = text_format("%s (%s)", result->text, result->code);
    failed(turn, &draft, why, true);
    free(why);
}

void publishing_ended(struct turn *turn, struct draft *draft, const struct change_set_state *state)
{
    switch (state->status) {
    case CHANGE_SET_SUCCEEDED:
        start_looking(turn, draft, "");
        break;
    case CHANGE_SET_FAILED:
        if (strstr(state->why, "INVALID_UPDATE_REQUEST") != NULL) {
            start_looking(turn, draft, state->why); /* it is released already, AWS says */
        } else if (state->server_fault && tracking_once_more(draft)) {
            drafts_move(turn, draft, DRAFT_RELEASE_FAIL);
            publishing_advance(turn, draft->offer); /* reads everything back first */
        } else {
            failed(turn, draft, state->why, state->can_retry);
        }
        break;
    case CHANGE_SET_CANCELLED:
        failed(turn, draft, "The release was cancelled in the AWS console.", true);
        break;
    case CHANGE_SET_PREPARING:
    case CHANGE_SET_APPLYING:
    case CHANGE_SET_STRANGE:
        break;
    }
}

void publishing_look(struct turn *turn, int64_t offer)
{
    struct draft draft;
    drafts_get(turn, offer, &draft);
    if (draft.state == DRAFT_RELEASING)
        look(turn, &draft);
}

void publishing_released(struct turn *turn, const struct result *result)
{
    struct draft draft;
    struct catalog_offer held;
    drafts_get(turn, result->subject, &draft);
    if (draft.state != DRAFT_RELEASING)
        return;
    if (result->outcome == OUTCOME_OK && catalog_offer(result->reply, &held) && held.released)
        released(turn, &draft);
    else
        not_released(turn, &draft);
}
