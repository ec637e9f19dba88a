/* What was approved is stopped before it is released, and let go on. */
#include "answers.h"
#include "clicks.h"
#include "offers/content.h"
#include "offers/typed.h"
#include "typed_number.h"
#include "text.h"
#include "views/messages.h"

static struct decision hold_click(struct turn *turn, const void *payload)
{
    struct pending_action pending;
    if (!click_action(turn, payload, &hold_action, &pending))
        return turn_answer(turn, NULL);
    return answer_action(turn, &pending);
}

static struct decision continue_click(struct turn *turn, const void *payload)
{
    struct pending_action pending;
    if (!click_action(turn, payload, &continue_action, &pending))
        return turn_answer(turn, NULL);
    return answer_action(turn, &pending);
}

/* It asks nothing before it acts: there may be seconds left, and it can be undone. */
static struct decision hold_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    struct pending_action pending = {.what = &hold_action};
    const char *reason;
    char why[300];
    pending.request = typed_number(rest, &reason);
    if (pending.request == 0)
        return answer_which(turn, from, &hold_entry.usage);
    if (reason[typed_blanks(reason)] != '\0' &&
        !content_read_reason(reason, pending.reason, why, sizeof(why)))
        return answer_message(turn, from, message_plain(why));
    text_fit(pending.person, sizeof(pending.person), from->user);
    text_fit(pending.channel, sizeof(pending.channel), from->place);
    return answer_action(turn, &pending);
}

const struct entry hold_entry = {
    .usage = {"hold", "CPPO-12", "stop one that is approved before it is released"},
    .run = hold_command,
    .routes = {{"action:hold", hold_click}, {"action:continue", continue_click}},
};
