/* An offer is taken back. */
#include "common.h"
#include "offers/typed.h"
#include "text.h"
#include "views/messages.h"

struct decision withdraw_click(struct turn *turn, const void *payload)
{
    struct judgement judgement;
    if (!judgement_of(turn, payload, JUDGE_WITHDRAW, &judgement))
        return turn_answer(turn, NULL);
    return answer_judged(turn, &judgement);
}

struct decision withdraw_command(struct turn *turn, const struct slack_envelope *from,
                                 const char *rest)
{
    struct judgement judgement = {.what = JUDGE_WITHDRAW, .offer = typed_offer_number(rest)};
    if (judgement.offer == 0)
        return answer_message(turn, from, message_plain("Which one? Type /cppo withdraw CPPO-12."));
    text_fit(judgement.person, sizeof(judgement.person), from->user);
    text_fit(judgement.channel, sizeof(judgement.channel), from->channel);
    return answer_judged(turn, &judgement);
}
