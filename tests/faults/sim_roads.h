/* Every road that a small world can take. Wherever something else could happen next, the process
 * forks, and both go on; a world that was met before, whichever road led to it, is not walked
 * again.
 *
 *   SMALL_ROAD=12:3,40:1,  only this road, as a failure prints it: at crossing 12 take turning 3
 * ...
 */
#ifndef FAULTS_SIM_ROADS_H
#define FAULTS_SIM_ROADS_H

#include "sim.h"

/* Somebody who does one thing, or another, or nothing. */
struct road_actor {
    size_t choices;
    void (*act)(struct sim *sim, size_t choice);
};

struct road_plan {
    const struct road_actor *actors;
    size_t actor_count;
    int troubles;      /* sudden deaths and lost answers, together */
    int64_t for_ms;    /* the roads divide for so long ... */
    int64_t calm_ms;   /* ... and then each goes straight on */
    const char *title; /* of what is printed */
};

struct road_tally {
    uint64_t worlds, lives, again, failures;
};

/* From ${sim} as it stands. It is in no state to be used afterwards. What is wrong is printed. */
struct road_tally roads_walk(struct sim *sim, const struct road_plan *plan);

#endif
