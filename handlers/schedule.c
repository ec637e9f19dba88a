/* The time for a release is set, changed, or taken back. */
#include "answers.h"
#include "offers/content.h"
#include "text.h"
#include "typed_number.h"
#include "views/messages.h"

static struct decision schedule_command(struct turn *turn, const struct slack_envelope *from,
                                        const char *rest)
{
    struct pending_action pending = {.what = &schedule_action};
    const char *time;
    pending.request = typed_number(rest, &time);
    if (pending.request == 0)
        return answer_which(turn, from, &schedule_entry.usage);
    if (!text_fit(pending.reason, sizeof(pending.reason), time))
        return answer_message(turn, from, message_plain("That is too long for a time."));
    text_fit(pending.person, sizeof(pending.person), from->user);
    text_fit(pending.channel, sizeof(pending.channel), from->place);
    return answer_action(turn, &pending);
}

const struct entry schedule_entry = {
    .usage = {"schedule", "CPPO-12 2026-12-01 09:00 Europe/Berlin", "set when to publish one"},
    .run = schedule_command,
};
