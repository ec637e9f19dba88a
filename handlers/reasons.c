/* What asks for a reason first: the form, and what was typed into it. */
#include "reasons.h"

#include <string.h>

#include "answers.h"
#include "clicks.h"
#include "flows/binding.h"
#include "flows/forms.h"
#include "text.h"

struct decision reasons_ask(struct turn *turn, const struct slack_envelope *from,
                            const struct reason *reason)
{
    struct request request;
    struct pending_action pending;
    if (!click_opens(turn, from, reason->action, &pending, &request))
        return turn_answer(turn, NULL);
    struct form_origin origin = click_origin(turn, &pending);
    forms_open(turn, from, form_reason(&reason->form, &origin), reason->button, from->value);
    return turn_answer(turn, NULL);
}

/* A code says enough, but for that of what fits none: also when the form had no codes yet. */
static bool read_reason(const struct slack_envelope *from, const struct reason *reason,
                        struct pending_action *pending, char *why, size_t capacity)
{
    const char *typed = slack_view_value(from, "reason");
    const struct rejection *rejection = rejection_of(slack_view_value(from, "code"));
    if (!reason->form.coded)
        return content_read_reason(typed, pending->reason, why, capacity);
    text_fit(pending->code, sizeof(pending->code), rejection->code);
    return rejection_is_other(rejection)
               ? content_read_reason(typed, pending->reason, why, capacity)
               : content_read_words(typed, REASON_POINTS, pending->reason, why, capacity);
}

struct decision reasons_take(struct turn *turn, const struct slack_envelope *from,
                             const struct reason *reason)
{
    struct pending_action pending = {.what = reason->action};
    struct form_origin origin;
    char why[300];
    if (!form_origin_read(from->private_metadata, &origin))
        return turn_answer(turn, NULL);
    if (!read_reason(from, reason, &pending, why, sizeof(why)))
        return answer_errors(turn, json_pack("{s:s}", "reason", why));
    if (!binding_holds(turn, &origin.request))
        return answer_other_book(turn, from, "reason", &origin.request);
    click_returns(from, &origin, &pending);
    return answer_action(turn, &pending); /* what lies below the form will show the result */
}
