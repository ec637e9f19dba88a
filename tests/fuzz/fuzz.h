/* What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput: clang's libFuzzer
 * drives it (`make fuzz`), or replay.c feeds it the corpus (`make test`). */
#ifndef CPPO_TESTS_FUZZ_H
#define CPPO_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "mem.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise that was broken ends the process, as a bad memory access does. */
#define must(condition, words)                                                                     \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            dprintf(STDERR_FILENO, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, (words));    \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* The bot's log goes nowhere. */
static inline void fuzz_quietly(void)
{
    static FILE *nowhere;
    log_set_level(LOG_LEVEL_ERROR);
    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "we");
    must(nowhere != NULL, "there is a nowhere");
    stderr = nowhere;
}

/* The input as it is consumed. */
struct fuzz {
    const uint8_t *at;
    size_t left;
};

static inline unsigned fuzz_byte(struct fuzz *fuzz)
{
    if (fuzz->left == 0)
        return 0;
    fuzz->left--;
    return *fuzz->at++;
}

/* What is left as a text, up to a NUL. On the heap, no byte larger than it is: reading past its end
 * is seen. */
static inline char *fuzz_rest(struct fuzz *fuzz)
{
    const char *from = (const char *)fuzz->at;
    char *text =
        mem_slice(fuzz->left > 0 ? from : "", fuzz->left > 0 ? strnlen(from, fuzz->left) : 0);
    fuzz->left = 0;
    return text;
}

/* The text up to the next byte 0x1E (ASCII's record separator, which no form can hold) or NUL. */
static inline char *fuzz_field(struct fuzz *fuzz)
{
    size_t size = 0;
    while (size < fuzz->left && fuzz->at[size] != 0x1E && fuzz->at[size] != 0)
        size++;
    char *text = mem_slice(size > 0 ? (const char *)fuzz->at : "", size);
    size += size < fuzz->left;
    fuzz->at += size;
    fuzz->left -= size;
    return text;
}

static inline bool fuzz_utf8(const char *text)
{
    return text_is_utf8(text, strlen(text));
}

#endif
