/* Clicks and submissions that were acknowledged and wait for fresh lists. */
#ifndef CPPO_BOOK_PENDING_ACTIONS_H
#define CPPO_BOOK_PENDING_ACTIONS_H

#include "engine/turn.h"
#include "offers/action.h"
#include "offers/content.h"
#include "offers/filter.h"
#include "offers/rejection.h"
#include "offers/request.h"

extern const char book_schema_pending_actions[]; /* a migration */

enum { ACTION_FORM = 40, SHOWN_TEXT = 200 };

struct pending_action {
    int64_t id;
    const struct action_type *what;
    int64_t request;
    int revision; /* that the person saw, or sent in; 0 where no button was pressed */
    char digest[REFERENCE_DIGEST]; /* ... and what it held; "" as well */
    char shown[SHOWN_TEXT];        /* by which button, and where it stood; for the vote */
    char person[PERSON_ID];
    char channel[32]; /* where the answer is shown, "" = a direct message */
    char reason[REASON_POINTS * 4 + 1];
    char code[REJECTION_CODE]; /* of a rejection (offers/rejection.h); else "" */
    char form[ACTION_FORM];    /* a revision: the form that it came from */
    char question[32];         /* the ts of the message that the answer replaces; "": of none */
    int skipped;               /* of details: how many of the newest moves to leave out */
    char query[PAGE_TEXT]; /* of a list: which page of what (offers/filter.h); "": what one's own
                              and those that wait are, one below the other */
    bool whispered;        /* the button stood where only that person sees it, in no view */
    int lapses;            /* how often it was looked at and could not be done */
};

/* ${content}: of a revision, canonical, as its kind reads it; else NULL. */
int64_t pending_actions_add(struct turn *turn, const struct pending_action *pending,
                            const char *content);
/* False: it is done, or was taken back. */
bool pending_actions_get(struct turn *turn, int64_t id, struct pending_action *pending);
/* On the heap; NULL: it has none. */
char *pending_actions_content(struct turn *turn, int64_t id);
/* It was looked at once more and could not be done: counted in ${pending} and in the book. */
void pending_actions_note_lapse(struct turn *turn, struct pending_action *pending);
void pending_actions_remove(struct turn *turn, int64_t id);
/* The oldest with an id above ${after}; false at the end. */
bool pending_actions_next(struct turn *turn, int64_t after, struct pending_action *pending);
/* The pending revision from this form; false if there is no such one. */
bool pending_actions_by_form(struct turn *turn, const char *form, struct pending_action *pending);
/* Who sent in the pending revision of this request; false if none is pending. */
bool pending_actions_revision(struct turn *turn, int64_t request, char person[PERSON_ID]);

#endif
