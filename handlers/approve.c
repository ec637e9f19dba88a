#include "common.h"
#include "flows/cards.h"

struct decision approve_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct judgement judgement;
    if (!judgement_of(from, JUDGE_APPROVE, &judgement))
        return turn_answer(turn, NULL);
    cards_seen(turn, judgement.offer, from->channel, from->message_ts);
    return answer_judged(turn, &judgement);
}
