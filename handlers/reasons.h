/* Buttons that ask for a reason before anything is done. */
#ifndef CPPO_HANDLERS_REASONS_H
#define CPPO_HANDLERS_REASONS_H

#include "engine/turn.h"
#include "handlers.h"
#include "offers/action.h"
#include "slack/payload.h"
#include "views/form.h"

struct reason {
    const char *button; /* its action, "reject" */
    struct reason_form form;
    const struct action_type *action; /* what is then done, with the reason */
};
/* Open the form, or say at once that the person may not. */
struct decision reasons_ask(struct turn *turn, const struct slack_envelope *from,
                            const struct reason *reason);
/* It came back. */
struct decision reasons_take(struct turn *turn, const struct slack_envelope *from,
                             const struct reason *reason);

#endif
