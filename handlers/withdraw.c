/* The requester takes an offer back. */
#include "common.h"
#include "flows/deciding.h"
#include "views/messages.h"

struct decision withdraw_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    int64_t number;
    int revision;
    if (read_button_value(from->value, &number, &revision))
        deciding_withdraw(turn, number, revision, from->user, from->channel);
    return turn_answer(turn, NULL);
}

struct decision withdraw_command(struct turn *turn, const struct slack_envelope *from,
                                 const char *rest)
{
    int64_t number = read_offer_number(rest);
    if (number == 0)
        return answer_message(turn, from, message_plain("Which one? Type /cppo withdraw CPPO-12."));
    deciding_withdraw(turn, number, 0, from->user, from->channel);
    return turn_answer(turn, NULL);
}
