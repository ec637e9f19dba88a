#include "typed_number.h"

#include <stdlib.h>

#include "mem.h"
#include "offers/typed.h"

int64_t typed_number(const char *typed, const char **rest)
{
    size_t size = 0;
    for (int words = 0; words < 2; words++) {
        size += typed_blanks(typed + size);
        size += typed_word(typed + size);
        char *first = mem_slice(typed, size);
        int64_t number = typed_request_number(first);
        free(first);
        *rest = typed + size;
        if (number != 0)
            return number;
    }
    return 0;
}
