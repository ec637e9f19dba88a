#include "common.h"

static struct decision retry_click(struct turn *turn, const void *payload)
{
    struct judgement judgement;
    if (!judgement_of(turn, payload, JUDGE_RETRY, &judgement))
        return turn_answer(turn, NULL);
    return answer_judged(turn, &judgement);
}

const struct entry retry_entry = {.routes = {{"action:retry", retry_click}}};
