/* What was approved is stopped before it is released, and let go on. */
#include <stdlib.h>

#include "answers.h"
#include "clicks.h"
#include "mem.h"
#include "offers/content.h"
#include "offers/typed.h"
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

/* "CPPO-12 they asked for another date", "cppo 12 ...": the number, and what follows it. */
static int64_t read_number(const char *typed, const char **reason)
{
    size_t size = 0;
    for (int words = 0; words < 2; words++) {
        size += typed_blanks(typed + size);
        size += typed_word(typed + size);
        char *first = mem_slice(typed, size);
        int64_t number = typed_request_number(first);
        free(first);
        *reason = typed + size;
        if (number != 0)
            return number;
    }
    return 0;
}

/* It asks nothing before it acts: there may be seconds left, and it can be undone. */
static struct decision hold_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    struct pending_action pending = {.what = &hold_action};
    const char *reason;
    char why[300];
    pending.request = read_number(rest, &reason);
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
