/* Crowds: where envelope follows envelope, what they ask for would be done between the
 * acknowledgements of those who still wait. So the background waits: until there is a pause, or for
 * a quarter of a second, and then it has one round. Answers never wait. */
#include "internal.h"

enum {
    CROWD = 16,   /* envelopes ... */
    PAUSE_MS = 5, /* ... none of which comes so long after the one before */
    MAX_HELD_MS = 250,
};

void crowds_note(struct engine *engine)
{
    struct crowd *crowd = &engine->crowd;
    int64_t now = engine_monotonic(engine);
    if (now - crowd->last >= PAUSE_MS)
        crowd->size = 0;
    crowd->last = now;
    crowd->size++;
    if (crowd->size == CROWD)
        crowd->served_at = now;
}

void crowds_served(struct engine *engine)
{
    engine->crowd.served_at = engine_monotonic(engine);
    engine->crowd.answer_waits = false;
}

int64_t crowds_wait(const struct engine *engine)
{
    const struct crowd *crowd = &engine->crowd;
    int64_t now = engine_monotonic(engine);
    int64_t pause = crowd->last + PAUSE_MS - now;
    int64_t turn = crowd->served_at + MAX_HELD_MS - now;
    int64_t wait = pause < turn ? pause : turn;
    return crowd->size >= CROWD && !crowd->answer_waits && wait > 0 ? wait : 0;
}
