/* One request in full: /cppo show, and the Details buttons. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "clicks.h"
#include "flows/details.h"
#include "offers/reference.h"
#include "offers/typed.h"
#include "text.h"

static struct decision details_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct pending_action pending;
    if (!click_action(turn, from, &details_action, &pending))
        return turn_answer(turn, NULL);
    details_expect(turn, from->user, pending.request, from->trigger);
    return answer_action(turn, &pending);
}

/* "12.3.<digest> 40": of what the modal shows, all but the newest 40 moves. */
static struct decision history_click(struct turn *turn, const void *payload)
{
    struct slack_envelope from = *(const struct slack_envelope *)payload;
    struct pending_action pending;
    char reference[REFERENCE_TEXT];
    size_t size = strcspn(from.value, " ");
    char *end = NULL;
    long skipped = from.value[size] != '\0' ? strtol(from.value + size, &end, 10) : -1;
    bool good = skipped >= 0 && skipped <= 1000000 && *end == '\0' && size < sizeof(reference);
    snprintf(reference, sizeof(reference), "%.*s", good ? (int)size : 0, from.value);
    from.value = reference;
    if (!click_action(turn, &from, &details_action, &pending))
        return turn_answer(turn, NULL);
    pending.skipped = (int)skipped;
    return answer_action(turn, &pending);
}

static struct decision show_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    struct pending_action pending = {.what = &details_action,
                                     .request = typed_request_number(rest)};
    if (pending.request == 0)
        return answer_which(turn, from, &details_entry.usage);
    text_fit(pending.person, sizeof(pending.person), from->user);
    text_fit(pending.channel, sizeof(pending.channel), from->place);
    details_expect(turn, from->user, pending.request, from->trigger);
    return answer_action(turn, &pending);
}

const struct entry details_entry = {
    .usage = {"show", "CPPO-12", "one {noun} with its history"},
    .run = show_command,
    .routes =
        {
            {"action:details", details_click},
            {"action:history", history_click},
            {"action:history_newest", history_click},
        },
};
