/* Clicks and submissions that were acknowledged and wait for fresh lists. */
#ifndef CPPO_BOOK_JUDGEMENTS_H
#define CPPO_BOOK_JUDGEMENTS_H

#include "engine/turn.h"
#include "offers/offer.h"

/* Kept by name: the order here means nothing. */
enum judged {
    JUDGE_APPROVE,
    JUDGE_REJECT,
    JUDGE_REQUEST_CHANGES,
    JUDGE_SUBMIT, /* a new offer */
    JUDGE_REVISE, /* new content for one; held with the judgement until it may count */
    JUDGE_WITHDRAW,
    JUDGE_DETAILS,
    JUDGE_RETRY,
    JUDGE_LIST, /* the offers of others that wait for a decision; of no offer */
    JUDGED,
};

enum { JUDGED_FORM = 40, SHOWN_TEXT = 200 };

struct judgement {
    int64_t id;
    enum judged what;
    int64_t offer;
    int revision; /* that the person saw; of a list: 1 when it takes the place of its question */
    char digest[OFFER_DIGEST]; /* ... and what it held; "" where no button was pressed */
    char shown[SHOWN_TEXT];    /* by which button, and where it stood; for the vote */
    char person[PERSON_ID];
    char channel[32]; /* where the answer is shown, "" = a direct message */
    char reason[REASON_POINTS * 4 + 1];
    char form[JUDGED_FORM]; /* a revision: the form that it came from */
    bool instead;           /* the answer takes the place of the question; not stored */
    int64_t asked_at;
    int lapses; /* how often it was looked at in vain */
};

/* ${content}: of a revision, canonical, as its kind reads it; else NULL. */
int64_t judgements_add(struct turn *turn, const struct judgement *judgement, const char *content);
bool judgements_get(struct turn *turn, int64_t id, struct judgement *judgement);
/* On the heap; NULL: it has none. */
char *judgements_content(struct turn *turn, int64_t id);
void judgements_lapsed(struct turn *turn, struct judgement *judgement);
void judgements_remove(struct turn *turn, int64_t id);
/* The oldest with an id above ${after}; false when there is none. */
bool judgements_next(struct turn *turn, int64_t after, struct judgement *judgement);
/* The revision of this form that waits; false when there is none. */
bool judgements_by_form(struct turn *turn, const char *form, struct judgement *judgement);
/* Who sent in a revision of this offer that waits; false when there is none. */
bool judgements_revision(struct turn *turn, int64_t offer, char person[PERSON_ID]);

#endif
