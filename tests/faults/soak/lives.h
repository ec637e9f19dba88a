/* The offers of a long day: each has a fate from the beginning, and people who bring it about. */
#ifndef SOAK_LIVES_H
#define SOAK_LIVES_H

#include "hands.h"

enum { MAX_LIVES = 2000 };

enum fate {                /* they have them by turns */
            FATE_LAPSES,   /* nobody decides before its accept-by date is past */
            FATE_EXPIRES,  /* approved, and nobody accepts in time */
            FATE_ACCEPTED, /* approved, and a buyer accepts */
            FATE_OPEN,     /* approved, with time to spare */
            FATE_CHANGED,  /* sent back, edited, approved, accepted */
            FATE_REJECTED,
            FATE_WITHDRAWN,
            FATES
};

struct life {
    enum fate fate;
    char customer[24];
    const char *seller;
    char accept_by[16];
    int step;    /* what is next */
    int64_t due; /* wall ms; INT64_MAX: no more */
    int tries;   /* of this step */
};

struct lives {
    struct life all[MAX_LIVES];
    int count;
    uint64_t dice;
};

uint64_t lives_roll(struct lives *lives, uint64_t sides);
/* One more, asked for at ${now}. */
void lives_begin(struct lives *lives, int64_t now);
/* The one whose next step is due first; NULL: none. */
struct life *lives_next(struct lives *lives);
/* That step. False: people gave up, since the bot did not do what it should. */
bool lives_step(struct lives *lives, struct life *life, struct hands *hands);

#endif
