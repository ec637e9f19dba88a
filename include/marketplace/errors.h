/* What AWS's errors mean, in class and in plain words. Source: API reference of the Catalog API
 * (errors of each operation) and "Work with channel partner private offers" (codes of change
 * sets). */
#ifndef CPPO_MARKETPLACE_ERRORS_H
#define CPPO_MARKETPLACE_ERRORS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/turn.h"

enum aws_class {
    AWS_OK,
    AWS_RETRY,       /* throttled, locked: nothing happened, later it may */
    AWS_FULL,        /* as much is under way as our account may have: the same */
    AWS_UNSURE,      /* AWS's own trouble, or no answer: it may have happened */
    AWS_CREDENTIALS, /* expired or unknown credentials: nothing happened; refresh them */
    AWS_CLOCK,       /* our clock is off: nothing happened; learn the offset */
    AWS_REFUSED,     /* nothing happened, and nothing will */
};

struct aws_error {
    enum aws_class class;
    char code[80];
    char text[600]; /* AWS's own words with ours */
};

/* ${status} 0: no answer; ${sent}: whether the request may have arrived. ${type_header}:
 * x-amzn-ErrorType or NULL. */
void aws_error_read(struct aws_error *error, int status, bool sent, const char *type_header,
                    const char *body, size_t size);

/* A code of a change set's ErrorDetailList: what to do about it, or NULL for one that we do not
 * know; *${can_retry}: whether the same content can succeed later. */
const char *aws_change_error(const char *code, bool *can_retry);

/* Is it our seller account that AWS finds not in order, and nothing of the offer? */
bool aws_change_of_account(const char *code);

#endif
