#include "common.h"

#include <stdlib.h>
#include <string.h>

#include "flows/binding.h"
#include "flows/house.h"
#include "flows/judging.h"
#include "flows/notify.h"
#include "flows/rosters.h"
#include "text.h"
#include "views/form.h"
#include "views/messages.h"

enum { MOST_ACKED = 19000 };

/* An ack above 20 kB would cost us the connection: then the message takes the other way. */
struct decision answer_message(struct turn *turn, const struct slack_envelope *from,
                               json_t *message)
{
    char *payload = json_dumps(message, JSON_COMPACT);
    if (strlen(payload) > MOST_ACKED) {
        free(payload);
        notify_whisper(turn, from->channel, from->user, message);
        return turn_answer(turn, NULL);
    }
    json_decref(message);
    return turn_answer(turn, payload);
}

struct decision answer_errors(struct turn *turn, json_t *errors)
{
    json_t *answer = json_pack("{s:s, s:o}", "response_action", "errors", "errors", errors);
    char *payload = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    return turn_errors(turn, payload);
}

const char *may_not_request(struct turn *turn, const char *user)
{
    struct standing standing;
    rosters_judge(turn, RIGHT_REQUEST, user, NULL, ROSTERS_FRESH_MS, &standing);
    return standing.settled ? standing.why : NULL;
}

struct form_choices choices_for(struct turn *turn, const char *user,
                                const struct authorization *usable, size_t count)
{
    struct standing standing;
    rosters_judge(turn, RIGHT_REQUEST, user, NULL, ROSTERS_KNOWN_MS, &standing);
    bool may = standing.settled && standing.why == NULL;
    return (struct form_choices){usable, may ? count : 0, turn_now(turn)};
}

/* --- forms -------------------------------------------------------------------------------- */

void open_view(struct turn *turn, const struct slack_envelope *from, json_t *view,
               const char *action, const char *value)
{
    json_t *body = json_pack("{s:s, s:o}", "trigger_id", from->trigger, "view", view);
    char *text = json_dumps(body, JSON_COMPACT);
    char *target = text_format("%s %s %s", from->user, action, value);
    turn_effect(
        turn, &(struct effect){
                  .type = "view.open", .target = target, .body = text, .body_size = strlen(text)});
    free(target);
    free(text);
    json_decref(body);
}

void form_not_opened(struct turn *turn, const struct result *result)
{
    char user[PERSON_ID];
    char action[40];
    const char *at = result->target;
    size_t first = strcspn(at, " ");
    size_t second = at[first] != '\0' ? strcspn(at + first + 1, " ") : 0;
    if (result->outcome == OUTCOME_OK || first >= sizeof(user) || second == 0 ||
        second >= sizeof(action))
        return;
    memcpy(user, at, first);
    user[first] = '\0';
    memcpy(action, at + first + 1, second);
    action[second] = '\0';
    const char *value = at + first + 1 + second;
    notify_answer(turn, user,
                  message_button("The form could not be opened: Slack allows three seconds, and it "
                                 "took longer. Nothing is lost.",
                                 "Try again", action, *value == ' ' ? value + 1 : "-"));
}

/* --- judging ------------------------------------------------------------------------------ */

bool judgement_of(struct turn *turn, const struct slack_envelope *from, enum judged what,
                  struct judgement *judgement)
{
    struct offer_reference offer;
    *judgement = (struct judgement){.what = what};
    if (!binding_of_click(turn, from, &offer, judgement->shown))
        return false;
    judgement->offer = offer.number;
    judgement->revision = offer.revision;
    text_fit(judgement->digest, sizeof(judgement->digest), offer.digest);
    text_fit(judgement->person, sizeof(judgement->person), from->user);
    text_fit(judgement->channel, sizeof(judgement->channel), from->channel);
    return true;
}

struct decision answer_judged(struct turn *turn, const struct judgement *judgement)
{
    return judging_now_or_later(turn, judgement, NULL) ? turn_answer(turn, NULL)
                                                       : turn_judge_later(turn);
}

struct decision unknown_envelope(struct turn *turn, const void *payload)
{
    (void)payload;
    return turn_answer(turn, NULL);
}
