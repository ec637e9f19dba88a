/* Those whose decision is missing are asked for it, by whoever waits for it. */
#include "answers.h"
#include "clicks.h"
#include "offers/typed.h"
#include "text.h"

static struct decision nudge_click(struct turn *turn, const void *payload)
{
    struct pending_action pending;
    if (!click_action(turn, payload, &nudge_action, &pending))
        return turn_answer(turn, NULL);
    return answer_action(turn, &pending);
}

static struct decision nudge_command(struct turn *turn, const struct slack_envelope *from,
                                     const char *rest)
{
    struct pending_action pending = {.what = &nudge_action};
    pending.request = typed_request_number(rest);
    if (pending.request == 0)
        return answer_which(turn, from, &nudge_entry.usage);
    text_fit(pending.person, sizeof(pending.person), from->user);
    text_fit(pending.channel, sizeof(pending.channel), from->place);
    return answer_action(turn, &pending);
}

const struct entry nudge_entry = {
    .usage = {"nudge", "CPPO-12", "ask those whose decision is missing, once a day"},
    .run = nudge_command,
    .routes = {{"action:nudge", nudge_click}},
};
