#include "common.h"

static struct decision request_changes_click(struct turn *turn, const void *payload)
{
    return reasons_ask(turn, payload, false);
}

static struct decision changes_form_submit(struct turn *turn, const void *payload)
{
    return reasons_take(turn, payload, &request_changes_action);
}

const struct entry request_changes_entry = {
    .routes =
        {
            {"action:request_changes", request_changes_click},
            {"view:changes_form", changes_form_submit},
        },
};
