#include "common.h"

struct decision reject_click(struct turn *turn, const void *payload)
{
    return ask_reason(turn, payload, true);
}

struct decision reject_form_submit(struct turn *turn, const void *payload)
{
    return take_reason(turn, payload, JUDGE_REJECT);
}
