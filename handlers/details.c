/* One offer in full: /cppo show, and the Details buttons. */
#include "common.h"
#include "offers/typed.h"
#include "text.h"
#include "views/messages.h"

struct decision details_click(struct turn *turn, const void *payload)
{
    struct judgement judgement;
    if (!judgement_of(turn, payload, JUDGE_DETAILS, &judgement))
        return turn_answer(turn, NULL);
    return answer_judged(turn, &judgement);
}

struct decision show_command(struct turn *turn, const struct slack_envelope *from, const char *rest)
{
    struct judgement judgement = {.what = JUDGE_DETAILS, .offer = typed_offer_number(rest)};
    if (judgement.offer == 0)
        return answer_message(turn, from, message_plain("Which one? Type /cppo show CPPO-12."));
    text_fit(judgement.person, sizeof(judgement.person), from->user);
    text_fit(judgement.channel, sizeof(judgement.channel), from->channel);
    return answer_judged(turn, &judgement);
}
