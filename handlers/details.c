/* One offer in full: /cppo show, and the Details buttons. */
#include <stdlib.h>

#include "common.h"
#include "flows/details.h"
#include "offers/typed.h"
#include "text.h"

static struct decision details_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct judgement judgement;
    if (!judgement_of(turn, from, JUDGE_DETAILS, &judgement))
        return turn_answer(turn, NULL);
    judgement.revision = 0; /* the history from its newest move on */
    details_expected(turn, from->user, judgement.offer, from->trigger);
    return answer_judged(turn, &judgement);
}

/* "12.40": of CPPO-12, all but the newest 40 moves. */
static struct decision history_click(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    struct judgement judgement = {.what = JUDGE_DETAILS};
    char *end;
    judgement.offer = strtoll(from->value, &end, 10);
    long shown = *end == '.' ? strtol(end + 1, &end, 10) : -1;
    if (judgement.offer < 1 || shown < 0 || shown > 1000000 || *end != '\0')
        return turn_answer(turn, NULL);
    judgement.revision = (int)shown;
    text_fit(judgement.person, sizeof(judgement.person), from->user);
    text_fit(judgement.channel, sizeof(judgement.channel), from->place);
    return answer_judged(turn, &judgement);
}

static struct decision show_command(struct turn *turn, const struct slack_envelope *from,
                                    const char *rest)
{
    struct judgement judgement = {.what = JUDGE_DETAILS, .offer = typed_offer_number(rest)};
    if (judgement.offer == 0)
        return answer_which(turn, from, &details_entry.usage);
    text_fit(judgement.person, sizeof(judgement.person), from->user);
    text_fit(judgement.channel, sizeof(judgement.channel), from->place);
    details_expected(turn, from->user, judgement.offer, from->trigger);
    return answer_judged(turn, &judgement);
}

const struct entry details_entry = {
    .usage = {"show", "CPPO-12", "one offer with its history"},
    .run = show_command,
    .routes =
        {
            {"action:details", details_click},
            {"action:history", history_click},
            {"action:history_newest", history_click},
        },
};
