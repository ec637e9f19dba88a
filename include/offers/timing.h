/* When an approved request may be carried out, beside that it is approved: not before its undo
 * window has ended, not before the date that was set for it, and not while somebody holds it. What
 * is written here is the truth, whatever a clock says meanwhile: a wait is over when it is taken
 * out (flows/waiting.c). */
#ifndef CPPO_OFFERS_TIMING_H
#define CPPO_OFFERS_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/policy.h"
#include "offers/zone.h"

enum { HOLD_WHY = 300 };

/* All 0: it may go out at once. Times are wall ms since the epoch, but for the first. */
struct timing {
    int64_t opens; /* on the engine's clock (turn_time): the undo window ends; 0: there is none */
    int64_t opens_at;        /* when that will be, as people are told */
    char held_by[PERSON_ID]; /* by the id that they clicked with; "": nobody holds it */
    int64_t held_at;
    char held_why[HOLD_WHY]; /* "" where they did not say */
    int64_t date;            /* it was set for then; 0: for no time */
    char zone[ZONE_NAME];    /* ... which was said by the clocks of this place */
    bool came;               /* that time has come */
};

bool timing_held(const struct timing *timing);
/* Is it set for a time that has not come? */
bool timing_dated(const struct timing *timing);
/* Does it wait, for whatever of these? */
bool timing_waits(const struct timing *timing);

/* What the metadata of its card says in the place of its state while somebody holds it, or until
 * its date: "held", "until 1796115600". That names no state: whoever goes on with an older backup
 * must not take the approval that it has for the last word. False: it says its state. */
enum { TIMING_SHOWN = 32 };
bool timing_shown(const struct timing *timing, char text[TIMING_SHOWN]);

#endif
