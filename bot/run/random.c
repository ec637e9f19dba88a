#include "run/random.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

void random_fill(void *bytes, size_t size)
{
    assert(size <= 256);
    if (getrandom(bytes, size, 0) != (ssize_t)size)
        abort(); /* the kernel always has some, once it has booted */
}
