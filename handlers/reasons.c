/* Rejecting, and sending back for changes: both ask for a reason first. */
#include <stdlib.h>
#include <string.h>

#include "book/offers.h"
#include "common.h"
#include "flows/cards.h"
#include "flows/deciding.h"
#include "flows/rosters.h"
#include "text.h"
#include "views/form.h"

struct decision ask_reason(struct turn *turn, const struct slack_envelope *from, bool reject)
{
    struct judgement judgement;
    struct offer offer;
    struct standing standing;
    char form_id[TURN_ID];
    if (!judgement_of(from, JUDGE_REJECT, &judgement) || !offers_get(turn, judgement.offer, &offer))
        return turn_answer(turn, NULL);
    cards_seen(turn, judgement.offer, from->channel, from->message_ts);
    rosters_judge(turn, RIGHT_DECIDE, from->user, &offer, ROSTERS_FRESH_MS, &standing);
    if (standing.settled && standing.why != NULL) {
        judgement.what = reject ? JUDGE_REJECT : JUDGE_REQUEST_CHANGES;
        deciding_apply(turn, &judgement, &standing.person, NULL);
        return turn_answer(turn, NULL);
    }
    if (!standing.settled)
        rosters_ask(turn, from->user, &offer, &standing); /* while the reason is typed */
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
