/* The number of a request, with more behind it. */
#ifndef CPPO_HANDLERS_TYPED_NUMBER_H
#define CPPO_HANDLERS_TYPED_NUMBER_H

#include <stdint.h>

/* "CPPO-12 they asked for another date", "cppo 12 ...": the number, 0 where there is none; and what
 * follows it, in ${*rest}, which is borrowed from ${typed}. */
int64_t typed_number(const char *typed, const char **rest);

#endif
