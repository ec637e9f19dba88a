/* The blank state file that lies beside the test programs (blank_book.c), copied. */
#ifndef TESTS_BLANK_BOOK_H
#define TESTS_BLANK_BOOK_H

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mem.h"
#include "text.h"

/* Its bytes, on the heap. Ends the program where there is none. */
static inline char *blank_book_read(size_t *size)
{
    enum { ROOM = 1024 * 1024 };
    char here[PATH_MAX] = "";
    if (readlink("/proc/self/exe", here, sizeof(here) - 1) <= 0)
        abort();
    char *path = text_format("%s/blank.db", dirname(here));
    FILE *file = fopen(path, "re");
    char *bytes = mem_new(ROOM, 1);
    *size = file != NULL ? fread(bytes, 1, ROOM, file) : 0;
    if (*size == 0 || *size == ROOM) {
        fprintf(stderr, "%s cannot be read\n", path);
        abort();
    }
    fclose(file);
    free(path);
    return mem_resize(bytes, *size, 1);
}

static inline void blank_book_copy(const char *to)
{
    size_t size;
    char *bytes = blank_book_read(&size);
    FILE *file = fopen(to, "we");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        fprintf(stderr, "%s cannot be written\n", to);
        abort();
    }
    free(bytes);
}

#endif
