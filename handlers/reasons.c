/* Rejecting, and sending back for changes: both ask for a reason first. */
#include <stdlib.h>
#include <string.h>

#include "book/offers.h"
#include "common.h"
#include "flows/cards.h"
#include "flows/house.h"
#include "flows/judging.h"
#include "flows/notify.h"
#include "text.h"
#include "views/form.h"
#include "views/messages.h"

struct decision ask_reason(struct turn *turn, const struct slack_envelope *from, bool reject)
{
    struct judgement judgement;
    struct offer offer;
    struct person person;
    char form_id[TURN_ID];
    struct policy policy = policy_of(turn);
    const char *why = NULL;
    if (!judgement_of(from, JUDGE_REJECT, &judgement) || !offers_get(turn, judgement.offer, &offer))
        return turn_answer(turn, NULL);
    cards_seen(turn, judgement.offer, from->channel, from->message_ts);
    if (judging_fresh(turn, from->user, &person))
        why = policy_may_decide(&policy, &person, offer.requester);
    else
        judging_warm(turn, from->user); /* known by the time that the reason is typed */
    if (why != NULL) {
        notify_whisper(turn, from->channel, from->user, message_plain(why));
        return turn_answer(turn, NULL);
    }
    turn_mint(turn, form_id);
    open_view(turn, from,
              form_reason(reject ? REASON_REJECT : REASON_CHANGES, judgement.offer,
                          judgement.revision, form_id),
              reject ? "reject" : "request_changes", from->value);
    return turn_answer(turn, NULL);
}

struct decision take_reason(struct turn *turn, const struct slack_envelope *from, enum judged what)
{
    struct judgement judgement = {.what = what};
    struct form_origin origin;
    char why[300];
    if (!form_origin_read(from->private_metadata, &origin))
        return turn_answer(turn, NULL);
    if (!reason_read(slack_view_value(from, "reason"), judgement.reason, why, sizeof(why)))
        return answer_errors(turn, json_pack("{s:s}", "reason", why));
    judgement.offer = origin.offer;
    judgement.revision = origin.revision;
    text_fit(judgement.person, sizeof(judgement.person), from->user);
    return answer_judged(turn, &judgement);
}
