/* What the benches share. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

#include "../scenarios/driver.h"
#include "offers/reference.h"

double bench_now_ms(void); /* of the monotonic clock */

/* The new entries of ${kind} in the sandbox's log behind *${read_to}, to its end: their
 * microseconds into ${us}; how many. */
size_t bench_read(struct world *world, long *read_to, const char *kind, long *us, size_t capacity);

void bench_sort(long *values, size_t count);
void bench_report(const char *what, long *us, size_t count);

/* One offer that is published, CPPO-1, and one that waits for a decision, CPPO-2: made by the bot,
 * which is running. */
void history_samples(struct world *world);

/* Give the world ${count} offers more, as if years had gone by: all that the book keeps of an offer
 * is copied from those samples, so that no column is forgotten. All but ${unfinished} of them have
 * ended, in the ways that offers end; of those, half wait for approval and half for the buyer. Four
 * of ten are U0SELLER's, the others those of a thousand sellers. The bot must not be running. */
void history_add(struct world *world, int count, int unfinished);

/* The offers that wait for approval, the newest first: the value of their buttons. */
size_t history_pending(struct world *world, char (*values)[REFERENCE_TEXT], size_t capacity);

/* The same with few offers in the state file and with ${many}; ends the process where that makes
 * what people do too much slower, or the bot too much larger. */
void growth_measure(int few, int many);

/* The bot, what a bot author would pick instead, and the floor, measured by turns in ${rounds}
 * rounds: all of it ("") or one ${part}, "commands", "stored", "disk", "sockets" or "kills". What
 * comes out is printed, and written to ${dir}: race.json and race.svg. */
void race_measure(int rounds, const char *part, const char *dir);

#endif
