/* What a button or a form refers to: a request at a revision, and a digest by which it is bound to
 * what it stood under. Messages in Slack outlive every state file, and numbers begin anew in a new
 * one: the number alone would let an old card speak for another request. */
#ifndef CPPO_OFFERS_REFERENCE_H
#define CPPO_OFFERS_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    REFERENCE_DIGEST = 25, /* 24 hex digits: 96 bits, which nobody guesses */
    REFERENCE_TEXT = 64,   /* the longest text, with its NUL */
};

struct reference {
    int64_t number;
    int revision;
    char digest[REFERENCE_DIGEST]; /* "": it has none */
};

/* The digest of this revision in the book with the random id ${book}; ${content} is canonical
 * (content_write). */
void reference_digest(const char *book, int64_t number, int revision, const char *content,
                      char digest[REFERENCE_DIGEST]);

/* "12.3.<digest>", the value of every button of a request. */
void reference_write(const struct reference *reference, char text[REFERENCE_TEXT]);

/* Back again; false when it is nothing of the kind. "12.3", as buttons were once, has no digest. */
bool reference_read(struct reference *reference, const char *text);

/* Are these the same, digest and all? One without a digest is the same as none. Takes the same time
 * whatever the digests are, so that nobody can find one out piece by piece. */
bool reference_same(const struct reference *a, const struct reference *b);

#endif
