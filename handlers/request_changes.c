#include "reasons.h"

static const struct reason changes = {
    .button = "request_changes",
    .form = {.callback_id = "changes_form",
             .title = "Changes to",
             .question = "What should be changed?",
             .submit = "Send back",
             .hint = "The requester reads this. A line that begins with a field, for example "
                     "“Customer: the legal name, please”, stands at that field when they edit it. "
                     "Values such as “Markup: at least 28”, “Term: 3 years” or “Accept by: "
                     "2027-01-31” they can take over and send back with one click."},
    .action = &request_changes_action,
};

static struct decision request_changes_click(struct turn *turn, const void *payload)
{
    return reasons_ask(turn, payload, &changes);
}

static struct decision changes_form_submit(struct turn *turn, const void *payload)
{
    return reasons_take(turn, payload, &changes);
}

const struct entry request_changes_entry = {
    .routes =
        {
            {"action:request_changes", request_changes_click},
            {"view:changes_form", changes_form_submit},
        },
};
