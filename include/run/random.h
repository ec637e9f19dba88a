/* Random bytes from the kernel. */
#ifndef CPPO_RUN_RANDOM_H
#define CPPO_RUN_RANDOM_H

#include <stddef.h>

/* Fit for names that nobody may guess. At most 256 bytes, which the kernel gives whole; it ends the
 * process where there are none (getrandom(2)). */
void random_fill(void *bytes, size_t size);

#endif
