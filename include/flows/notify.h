/* Telling people. Messages are {"text", "blocks"} objects, taken over. */
#ifndef CPPO_FLOWS_NOTIFY_H
#define CPPO_FLOWS_NOTIFY_H

#include <jansson.h>
#include <stdbool.h>

#include "book/settings.h"
#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/request.h"

/* A direct message, at least once. Where more wait for one reader than anybody could read, one
 * message says so in the place of the rest. */
void notify_person(struct turn *turn, const char *user, json_t *message);
/* What became of a request: unsent older news of it is not sent any more. */
void notify_news(struct turn *turn, const char *user, int64_t request, json_t *message);

/* The answer to what this person just did: ahead of all news. Where they acted they are answered by
 * flows/whispers.h. */
void notify_answer(struct turn *turn, const char *user, json_t *message);
/* The same after ${wait_ms}, unless its effect, which this returns, is cancelled before. 0: they
 * have enough of those waiting, and there is none. Copies ${message}. */
int64_t notify_answer_later(struct turn *turn, const char *user, int64_t wait_ms,
                            const json_t *message);

/* The operators' channel, or every operator we know of when there is none, none that takes it, or
 * people of other organisations read it; the approvals channel when nobody is named. */
void notify_operators(struct turn *turn, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A message of its own in the approvals channel: what all approvers are to hear. */
void notify_approvers(struct turn *turn, json_t *message);

/* Something that is met again and again, and told to the operators once: a const object in the file
 * that tells it. Where it is about what has a row of its own in the book, that they were told is
 * kept there instead, and goes with it: a change set, a doubt, a denial, a post. */
struct matter {
    enum {
        TOLD_FOR_EVER = 1, /* stored: no later process tells it again either */
        TOLD_UNTIL_WELL,   /* stored, until notify_well */
        TOLD_A_DAY,        /* in memory: told again after so long, and by the next process */
        TOLD_AN_HOUR,
    } lasts;
    enum setting setting; /* by which it is stored; of one that is not many, the newest ${about}
                             alone (settings_note) */
    const char *name;     /* in memory: by which it is noted, a name of its own */
};

/* The same as notify_operators, unless they were told of it: once for each ${about}.
 * True: they are told now. */
bool notify_operators_once(struct turn *turn, const struct matter *matter, const char *about,
                           const char *format, ...) __attribute__((format(printf, 4, 5)));
/* What they were told of is well again: it is told anew when it is met the next time. Of
 * TOLD_UNTIL_WELL alone. */
void notify_well(struct turn *turn, const struct matter *matter, const char *about);

/* A request that cannot be read is met: operators are told, once. Of any other: nothing. */
void notify_unreadable(struct turn *turn, const struct request *request);
/* The same of the request ${number}. True: it cannot be read, and what waits for it goes on
 * waiting. */
bool notify_if_unreadable(struct turn *turn, int64_t number);

#endif
