#include "clicks.h"

#include <stdio.h>

#include "book/requests.h"
#include "flows/binding.h"
#include "flows/replies.h"
#include "flows/rosters.h"
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

bool click_opens(struct turn *turn, const struct slack_envelope *from,
                 const struct action_type *what, struct pending_action *pending,
                 struct request *request)
{
    struct standing standing;
    if (!click_action(turn, from, what, pending) || !requests_get(turn, pending->request, request))
        return false;
    rosters_settle(turn, what->right, from->user, request, ROSTERS_FRESH_MS, &standing);
    if (standing.settled && standing.why != NULL) {
        const struct reply_to to = reply_to_action(pending);
        reply_refused(turn, &to, &(struct refusal){what, standing.why, &standing.person, request});
        return false;
    }
    if (!standing.settled)
        rosters_ask(turn, from->user, request, &standing); /* while the form is filled in */
    return true;
}

void click_returns(const struct slack_envelope *from, const struct form_origin *origin,
                   struct pending_action *pending)
{
    pending->request = origin->request.number;
    pending->revision = origin->request.revision;
    text_fit(pending->digest, sizeof(pending->digest), origin->request.digest);
    snprintf(pending->shown, sizeof(pending->shown), "%s %s in a view", from->callback_id,
             origin->request.digest);
    text_fit(pending->person, sizeof(pending->person), from->user);
    text_fit(pending->channel, sizeof(pending->channel), origin->place);
    pending->whispered = origin->whispered;
}
