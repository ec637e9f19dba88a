/* The places that AWS has for change sets of ours, and the line of offers that wait for one. Times
 * are ms on the engine's clock (turn_time). */
#ifndef CPPO_BOOK_PLACES_H
#define CPPO_BOOK_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "book/around.h" /* enum place_state */
#include "engine/turn.h"

extern const char book_schema_places[]; /* a migration */

/* What AWS let us know of them; all 0: nothing, it has refused none since the line was empty. */
struct places {
    int most;           /* that it took of ours at once */
    int refusals;       /* in a row */
    int64_t refused_at; /* the last */
    int64_t since;      /* the first of them; 0: it refused none */
};

void places_put(struct turn *turn, const struct places *places);
void places_forget(struct turn *turn);

/* --- the line --- */

enum place_state places_of(struct turn *turn, int64_t offer);
void places_wait(struct turn *turn, int64_t offer);
/* It is passed over, until all that were are in line again. */
void places_rest(struct turn *turn, int64_t offer);
void places_take_up(struct turn *turn);
void places_admit(struct turn *turn, int64_t offer);
void places_leave(struct turn *turn, int64_t offer);

/* How the places are used. An offer that was admitted before ${admitted_since} comes no more: it is
 * not counted. */
struct places_use {
    int64_t first; /* of those that wait; 0: none does */
    int admitted;
    int started; /* our change sets that AWS has not answered yet, begun after ${started_since} */
    int open;    /* ... and all of ours that are not over */
    struct places places;
};

void places_count(struct turn *turn, int64_t admitted_since, int64_t started_since,
                  struct places_use *use);
/* How many wait. */
int64_t places_waiting(struct turn *turn);
/* Those that come no more are not in line any more. */
void places_drop(struct turn *turn, int64_t admitted_before);

#endif
