/* What went wrong, in words. Functions that can fail return 0 or -1 and fill the
 * `struct err` that the caller passes last; on success it is left alone. */
#ifndef CPPO_ERR_H
#define CPPO_ERR_H

struct err {
    char text[512]; /* UTF-8, one sentence, no secret, no trailing newline */
};

/* Fill ${err}; always returns -1, so that `return err_set(...)` reads as the failure it is. */
int err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Put "format: " in front of the text that is there; returns -1. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
