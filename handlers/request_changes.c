#include "common.h"

struct decision request_changes_click(struct turn *turn, const void *payload)
{
    return ask_reason(turn, payload, false);
}

struct decision changes_form_submit(struct turn *turn, const void *payload)
{
    return take_reason(turn, payload, JUDGE_REQUEST_CHANGES);
}
