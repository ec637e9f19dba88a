/* The book's requests of every kind: their revisions and their state. What is read is copied. */
#ifndef CPPO_BOOK_REQUESTS_H
#define CPPO_BOOK_REQUESTS_H

#include "engine/turn.h"
#include "offers/request.h"

extern const char book_schema_timing[]; /* migrations */
extern const char book_schema_dates_set[];

struct new_request {
    const struct request_kind *kind;
    int64_t subject; /* the offer that it is about; 0: none */
    int64_t copy_of; /* what it was filled with; 0: nothing */
    int copy_revision;
    const char *requester;
    const char *content; /* canonical, as its kind reads it */
    const char *form;    /* names what it was made from */
};

/* A new request in state draft, revision 1; its number. */
int64_t requests_add(struct turn *turn, const struct new_request *request);

/* One that is there but cannot be read is in state STATE_UNREADABLE, with no content; and so is
 * one whose draft or change sets are in a state that nobody knows. Its problem is what cannot be
 * read, in plain words. */
bool requests_get(struct turn *turn, int64_t number, struct request *request);
/* The same of all these ${numbers} that there are, the highest first; how many were filled in. */
size_t requests_get_all(struct turn *turn, const int64_t *numbers, size_t count,
                        struct request *requests);
/* What was kept of a request in this turn is read again: something of it was written elsewhere. */
void requests_forget(struct turn *turn);
/* The content of a revision as stored, on the heap; NULL if there is no such revision. */
char *requests_content(struct turn *turn, int64_t number, int revision);

/* Is this what the book holds, or once held, under this number and revision? False for what was
 * under a button or form of another book. */
bool requests_has(struct turn *turn, const struct reference *shown);

/* The request and revision that were made from this form; false when none was. */
bool requests_by_form(struct turn *turn, const char *form_id, int64_t *number, int *revision);

/* New content: revision + 1, votes of older revisions count no more. Compare-and-set on the
 * revision that ${request} holds; ${request} is brought up to date. False: somebody was quicker. */
bool requests_revise(struct turn *turn, struct request *request, const char *content,
                     const char *form_id);

/* The content of a later revision, which this book did not make: it counts from here on, with no
 * approvals. False when it is no later one. */
bool requests_adopt(struct turn *turn, struct request *request, int revision, const char *content,
                    const char *form_id);

/* The one way to change a request's state: by a move of the table (offers/machine.h), as a
 * compare-and-set on state and revision, with a row in the history. False, and nothing done, when
 * the table has no such move, or not for ${who}, or the request is no longer as ${request} says.
 * ${why} may be ""; it is kept with the request too (problem) where the new state is one of
 * trouble. */
bool requests_move(struct turn *turn, struct request *request, enum request_event event,
                   struct actor who, const char *why);

/* ${who} is its requester from now on; a row in the history says from whom (why: their id). The
 * state stays. False: it is no longer as ${request} says. */
bool requests_take_over(struct turn *turn, struct request *request, const char *who);

/* What it waits for; in the book and in ${request}. */
void requests_time(struct turn *turn, struct request *request, const struct timing *timing);
/* A row in the history that changes no state: EVENT_SCHEDULE and those that follow it. */
void requests_note(struct turn *turn, const struct request *request, enum request_event event,
                   struct actor who, const char *why);

/* May people try it again as it is, which has failed? In the book and in ${request}; every move
 * takes it back. */
void requests_can_retry(struct turn *turn, struct request *request, bool can_retry);

/* One from before keys were kept (book/search_keys.h) is found by what it holds now. */
void requests_put_keys(struct turn *turn, int64_t number);

/* The next one in any of these states (offers/machine.h) after number ${after}; false at the end.
 */
bool requests_next(struct turn *turn, unsigned states, int64_t after, struct request *request);

#endif
