/* Moves: the only way to change a request's state, and how everybody hears of it.
 *
 * A move is a compare-and-set on state and revision with a row in the history (book/requests.h);
 * then each flow is told, in the order of the table, in this turn. A move that is made while flows
 * are told of another is told after that, so that all hear of both in the same order. */
#ifndef CPPO_FLOWS_MOVES_H
#define CPPO_FLOWS_MOVES_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/request.h"

/* False, and nobody told, when the table of moves has no such move, or not for ${who}, or the
 * request is no longer as ${request} says; else ${request} is brought up to date.
 * ${why} may be "". */
bool moves_apply(struct turn *turn, struct request *request, enum request_event event,
                 struct actor who, const char *why);

/* It cannot go on: EVENT_FAIL. ${who}: AWS, where it is as AWS says; the bot, where the bot decided
 * so. ${can_retry}: the same content can succeed. ${format}: why, as printf. */
bool moves_fail(struct turn *turn, int64_t request, struct actor who, bool can_retry,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

/* It was withdrawn before submission: nobody but its requester knows of it. */
bool moves_unseen(const struct moved *moved);

/* Something that this request may wait for came: wakes the flow that handles it. */
void moves_wake(struct turn *turn, const struct request *request);
/* ... each that is in one of these states. */
void moves_wake_all(struct turn *turn, unsigned states);

#endif
