/* A request is taken back. */
#include <string.h>

#include "answers.h"
#include "book/requests.h"
#include "clicks.h"
#include "flows/notify.h"
#include "flows/replies.h"
#include "flows/requesting.h"
#include "flows/rosters.h"
#include "offers/kind.h"
#include "offers/typed.h"
#include "text.h"
#include "views/messages.h"

static struct decision withdraw_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct pending_action pending;
    if (!click_action(turn, from, &withdraw_action, &pending))
        return turn_answer(turn, NULL);
    if (strcmp(from->block_id, WITHDRAW_QUESTION) == 0)
        text_fit(pending.question, sizeof(pending.question), from->whisper_ts);
    return answer_action(turn, &pending);
}

static struct decision keep_click(struct turn *turn, const void *payload)
{
    answer_click(turn, payload, message_plain("Nothing was changed."));
    return turn_answer(turn, NULL);
}

/* Those who may see it are asked with its name; those not known yet with the number alone, which is
 * settled when they say yes. */
static json_t *question(struct turn *turn, const struct request *request, bool known)
{
    if (known && !requesting_withdrawable(turn, request))
        return message_format("CPPO-%lld can no longer be withdrawn: it is “%s”.",
                              (long long)request->number,
                              kind_label(request->kind, request->state));
    return message_withdraw(request, known);
}

/* Asks before it acts: a slip in the number would withdraw another request. */
static struct decision withdraw_command(struct turn *turn, const struct slack_envelope *from,
                                        const char *rest)
{
    struct request request;
    struct standing standing;
    int64_t number = typed_request_number(rest);
    if (number == 0)
        return answer_which(turn, from, &withdraw_entry.usage);
    if (!requests_get(turn, number, &request))
        return answer_message(turn, from,
                              message_format("There is no CPPO-%lld.", (long long)number));
    notify_unreadable(turn, &request);
    rosters_settle(turn, RIGHT_WITHDRAW, from->user, &request, ROSTERS_KNOWN_MS, &standing);
    if (standing.settled && standing.why != NULL) {
        reply_refused(
            turn,
            &(struct reply_to){
                .person = from->user, .channel = from->place, .question = "", .typed = ""},
            &(struct refusal){&withdraw_action, standing.why, &standing.person, &request});
        return turn_answer(turn, NULL);
    }
    if (!standing.settled)
        rosters_ask(turn, from->user, &request, &standing);
    return answer_message(turn, from, question(turn, &request, standing.settled));
}

const struct entry withdraw_entry = {
    .usage = {"withdraw", "CPPO-12", "withdraw one of your {nouns}"},
    .run = withdraw_command,
    .routes = {{"action:withdraw", withdraw_click}, {"action:keep", keep_click}},
};
