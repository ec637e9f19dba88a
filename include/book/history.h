/* What happened to a request, move by move: rows are added and never changed. */
#ifndef CPPO_BOOK_HISTORY_H
#define CPPO_BOOK_HISTORY_H

#include "engine/turn.h"
#include "offers/request.h"

/* A row: ${request}, still in the state that it leaves, goes to ${to}. For book/requests.h, which
 * changes the state in the same turn. */
void history_write(struct turn *turn, const struct request *request, enum request_event event,
                   enum request_state to, const char *who, const char *why);

/* Did this person, by any of their ids, ever send in a revision of it? */
bool history_requested_by(struct turn *turn, int64_t number, const char *person);

/* The history, oldest first: the last ${capacity} moves before the newest ${skipped}. */
size_t history_moves(struct turn *turn, int64_t number, size_t skipped, struct move *moves,
                     size_t capacity);
/* How many there are, which is the number (step) of the newest. */
int64_t history_steps(struct turn *turn, int64_t number);
/* The newest move; false if it never moved. */
bool history_last(struct turn *turn, int64_t number, struct move *move);

#endif
