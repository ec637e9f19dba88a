/* Points: where in which scenario what is done to the bot. */
#ifndef CRASH_POINTS_H
#define CRASH_POINTS_H

#include "play.h"

enum kind { KIND_KILL, KIND_POWER, KIND_TWICE, KIND_CALL, KIND_MEMORY, KIND_START, KINDS };
extern const char *const kind_words[KINDS]; /* for the command line */
extern const char *const kind_names[KINDS]; /* for people */

struct point {
    enum kind kind;
    const struct scenario *scenario;
    struct order orders[2];
};

/* What an undisturbed life of each scenario counted. */
struct measure {
    long calls, allocations;
    long start; /* our allocations before the bot first slept */
};

/* How many places there are for this kind, in all scenarios: each call killed before and after,
 * each call with each failure, each of our allocations of a start once and for ever. 0: the kind is
 * at random. */
long point_sites(enum kind kind, const struct measure *measures);

/* Point number ${nth} of this kind and ${seed}: kinds with places walk over all of them, none twice
 * before each was there once; the others take the scenarios by turns and the rest at random. */
struct point point_draw(uint64_t seed, enum kind kind, long nth, const struct measure *measures);

/* "publish kill-before:17:some:5,kill-after:3:none:0" and back; false: that is none. */
enum { POINT_TEXT = 160 };
void point_text(const struct point *point, char text[POINT_TEXT]);
bool point_read(struct point *point, const char *text);

#endif
