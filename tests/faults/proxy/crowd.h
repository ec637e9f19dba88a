/* A place with people in it who do not stop, and what must be true when they have gone home: each
 * was answered, each form made exactly one offer, an independent judge finds nothing broken. */
#ifndef FAULTS_CROWD_H
#define FAULTS_CROWD_H

#include "place.h"
#include "traffic.h"

struct crowd {
    struct place place;
    struct traffic *traffic;
    unsigned random;
    bool tls;
    bool one_way; /* a direction may have stood still alone: so a close in order proves nothing */
};

void crowd_open(struct crowd *crowd, const char *name, int number, bool tls, int sockets);
void crowd_close(struct crowd *crowd);

unsigned crowd_draw(struct crowd *crowd, unsigned below);

/* Wait for place_hello. */
int64_t crowd_hello(const struct place *place, long from, int64_t at);

/* All work is done, and is right: so many offers, each with one card. */
void crowd_judge(struct place *place, long offers);

void wait_ms(long ms);
int64_t wall_ms(void);

#endif
