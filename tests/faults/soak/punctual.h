/* Did what is to happen at its time happen then? From the log and the book, after the fact. */
#ifndef SOAK_PUNCTUAL_H
#define SOAK_PUNCTUAL_H

#include <jansson.h>

struct punctual {
    int lapses, expiries, acceptances, listings; /* looked at */
    int late, early;
};

/* Prints each that was not. */
void punctual_check(const json_t *log, const json_t *book, struct punctual *punctual);

#endif
