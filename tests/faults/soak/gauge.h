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
    long book[MAX_HOURS]; /* the state file, kB: SQLite keeps the pages that it has read */
};

/* Measure once more. */
void gauge_read(struct gauge *gauge, pid_t process, long book_kb);

/* The least of the ${quarter}th quarter (1 to 4) of what was measured: what is held for good. What
 * a call under way holds comes on top of it, at the moments that happen to be measured. */
long gauge_least(const long *values, int hours, int quarter);

/* Every hour was read, and the last quarter's least is no more than this above the second's; for
 * memory, no more than this beyond what the state file has grown by. */
enum { MAX_MORE_KB = 320, MAX_MORE_DESCRIPTORS = 1 };
bool gauge_is_flat(const struct gauge *gauge);

#endif
