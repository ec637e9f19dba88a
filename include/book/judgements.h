/* Clicks and submissions that were acknowledged and wait for fresh lists. */
#ifndef CPPO_BOOK_JUDGEMENTS_H
#define CPPO_BOOK_JUDGEMENTS_H

#include "engine/turn.h"
#include "offers/offer.h"

enum judged {
    JUDGE_APPROVE,
    JUDGE_REJECT,
    JUDGE_REQUEST_CHANGES,
    JUDGE_SUBMIT,
    JUDGE_DETAILS,
    JUDGE_RETRY,
};

struct judgement {
    int64_t id;
    enum judged what;
    int64_t offer;
    int revision; /* that the person saw */
    char person[PERSON_ID];
    char channel[32]; /* where the answer is shown, "" = a direct message */
    char reason[REASON_POINTS * 4 + 1];
    int64_t asked_at;
};

int64_t judgements_add(struct turn *turn, const struct judgement *judgement);
bool judgements_get(struct turn *turn, int64_t id, struct judgement *judgement);
void judgements_remove(struct turn *turn, int64_t id);
/* The oldest with an id above ${after}; false when there is none. */
bool judgements_next(struct turn *turn, int64_t after, struct judgement *judgement);

#endif
