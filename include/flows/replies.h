/* The answer to what somebody did: for them alone, where they did it. */
#ifndef CPPO_FLOWS_REPLIES_H
#define CPPO_FLOWS_REPLIES_H

#include <jansson.h>
#include <stdbool.h>

#include "book/pending_actions.h"
#include "engine/turn.h"
#include "flows/rosters.h"
#include "offers/request.h"

/* Borrowed. */
struct reply_to {
    const char *person;
    const char *channel; /* where they did it: a channel's id, or a modal's; "": a direct message */
    const char *question; /* in the place of this message, seen by them alone (its ts); "": none */
    const char *typed;    /* shown below words of ours, so that it is not lost; "": nothing */
    bool kept;            /* it outlives this process */
};

/* Borrows from ${pending}. */
struct reply_to reply_to_action(const struct pending_action *pending);

/* Takes ${message}. */
void reply_message(struct turn *turn, const struct reply_to *to, json_t *message);
void reply_words(struct turn *turn, const struct reply_to *to, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* To who asked for it. */
void reply_action(struct turn *turn, const struct pending_action *pending, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same where nothing came of it: no card says so, and it was acknowledged. It is not lost with
 * the process. */
void reply_undone(struct turn *turn, const struct pending_action *pending, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What somebody tried and may not. */
struct refusal {
    const struct action_type *what;
    const struct policy_rule *why;
    const struct person *person;
    const struct request *request;
};

/* That line, where they are told in another way; ${number}: of the request, 0: of none. */
void reply_log_refused(const char *who, const char *what, int64_t number, const char *words);
/* They are told, and it leaves a line in the log. */
void reply_refused(struct turn *turn, const struct reply_to *to, const struct refusal *refusal);
/* May they? Says why not. */
bool reply_unless_allowed(struct turn *turn, const struct pending_action *pending,
                          const struct person *person, const struct request *request);

#endif
