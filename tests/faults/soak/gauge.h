/* What a process holds, hour by hour, and whether that stays flat. */
#ifndef SOAK_GAUGE_H
#define SOAK_GAUGE_H

#include <stdbool.h>
#include <sys/types.h>

enum { MAX_HOURS = 100 };

struct gauge {
    int hours;
    int unread;             /* hours in which the process could not be looked at */
    long memory[MAX_HOURS]; /* resident, kB; -1: unread */
    long descriptors[MAX_HOURS];
};

/* Measure once more. */
void gauge_read(struct gauge *gauge, pid_t process);

/* The mean of the ${quarter}th quarter (1 to 4) of what was measured. */
double gauge_mean(const long *values, int hours, int quarter);

/* Every hour was read, and the last quarter is no more than this above the second. */
enum { MAX_MORE_KB = 256, MAX_MORE_DESCRIPTORS = 1 };
bool gauge_is_flat(const struct gauge *gauge);

#endif
