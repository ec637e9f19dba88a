/* What went wrong, in words and in kind. Functions that can fail return 0 or -1 and fill the
 * `struct err` that the caller passes last; on success it is left alone. */
#ifndef CPPO_ERR_H
#define CPPO_ERR_H

enum err_kind {
    ERR_RETRY, /* trying again later can help: the network, a rate limit, a server's fault */
    ERR_USER,  /* somebody typed or configured something wrong; the text says what to do */
    ERR_BUG,   /* our own fault, or an answer that nobody expected */
};

struct err {
    enum err_kind kind;
    char text[512]; /* UTF-8, one sentence, no secret, no trailing newline */
};

/* Fill ${err}; always returns -1, so that `return err_set(...)` reads as the failure it is. */
int err_set(struct err *err, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put "format: " in front of the text that is there; returns -1. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
