#include "reasons.h"

static const struct reason reject = {
    .button = "reject",
    .form = {"reject_form", "Reject", "Why is it rejected?", "Reject", true,
             "The requester reads this. It is needed where no reason above says enough."},
    .action = &reject_action,
};

static struct decision reject_click(struct turn *turn, const void *payload)
{
    return reasons_ask(turn, payload, &reject);
}

static struct decision reject_form_submit(struct turn *turn, const void *payload)
{
    return reasons_take(turn, payload, &reject);
}

const struct entry reject_entry = {
    .routes = {{"action:reject", reject_click}, {"view:reject_form", reject_form_submit}},
};
