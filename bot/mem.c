#include "mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *block)
{
    if (block == NULL) {
        fputs("level=error event=\"out of memory\"\n", stderr);
        _Exit(71);
    }
    return block;
}

void *mem_block(size_t size)
{
    return or_die(malloc(size > 0 ? size : 1));
}

void *mem_regrow(void *old, size_t size)
{
    return or_die(realloc(old, size > 0 ? size : 1));
}

void *mem_new(size_t count, size_t size)
{
    return or_die(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *mem_resize(void *old, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        return or_die(NULL);
    return mem_regrow(old, count * size);
}

char *mem_slice(const void *bytes, size_t size)
{
    char *copy = mem_new(size + 1, 1);
    if (size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

char *mem_copy(const char *text)
{
    return text == NULL ? NULL : mem_slice(text, strlen(text));
}

void mem_wipe_free(char *text)
{
    if (text == NULL)
        return;
    explicit_bzero(text, strlen(text));
    free(text);
}
