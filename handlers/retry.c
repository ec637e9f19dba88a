#include "common.h"

struct decision retry_click(struct turn *turn, const void *payload)
{
    struct judgement judgement;
    if (!judgement_of(turn, payload, JUDGE_RETRY, &judgement))
        return turn_answer(turn, NULL);
    return answer_judged(turn, &judgement);
}
