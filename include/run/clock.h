/* The process's clocks. The machine's wall clock may be hours off, and set at any moment; Slack
 * says with every answer what time it is. Once it has, that counts, and goes on at the pace of the
 * monotonic clock: nothing that is done to the machine's own is felt. */
#ifndef CPPO_RUN_CLOCK_H
#define CPPO_RUN_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* --- pure --- */

struct true_clock {
    bool is_set;   /* by the source */
    int64_t ahead; /* of the monotonic clock, ms */
};

/* The time, given what the machine's two clocks say. */
int64_t true_clock_ms(const struct true_clock *clock, int64_t wall, int64_t monotonic);
/* A trusted source reported the time ${theirs} (whole seconds, slightly old). True when we were off
 * by more than a minute. */
bool true_clock_hear(struct true_clock *clock, int64_t theirs, int64_t wall, int64_t monotonic);

/* --- this machine's --- */

int64_t clock_ms(void);            /* wall time, ms since the epoch */
int64_t clock_monotonic_ms(void);  /* since some moment; goes on while the machine is suspended */
void clock_hear(const char *date); /* a Date header of Slack's; NULL: none */

#endif
