#include "common.h"

static struct decision reject_click(struct turn *turn, const void *payload)
{
    return reasons_ask(turn, payload, true);
}

static struct decision reject_form_submit(struct turn *turn, const void *payload)
{
    return reasons_take(turn, payload, &reject_action);
}

const struct entry reject_entry = {
    .routes = {{"action:reject", reject_click}, {"view:reject_form", reject_form_submit}},
};
