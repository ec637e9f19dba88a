#include "clicks.h"

#include "flows/binding.h"
#include "text.h"

bool click_action(struct turn *turn, const struct slack_envelope *from,
                  const struct action_type *what, struct pending_action *pending)
{
    struct reference request;
    *pending = (struct pending_action){.what = what};
    if (!binding_of_click(turn, from, &request, pending->shown))
        return false;
    pending->request = request.number;
    pending->revision = request.revision;
    text_fit(pending->digest, sizeof(pending->digest), request.digest);
    text_fit(pending->person, sizeof(pending->person), from->user);
    text_fit(pending->channel, sizeof(pending->channel), from->place);
    pending->whispered = *from->whisper_ts != '\0';
    return true;
}

struct form_origin click_origin(struct turn *turn, const struct pending_action *pending)
{
    struct form_origin origin = {
        .request = {.number = pending->request, .revision = pending->revision}};
    turn_new_id(turn, origin.form_id);
    text_fit(origin.request.digest, sizeof(origin.request.digest), pending->digest);
    text_fit(origin.place, sizeof(origin.place), pending->channel);
    origin.whispered = pending->whispered;
    return origin;
}
