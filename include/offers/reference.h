/* What a button or a form refers to: a request at a revision, and a digest by which it is bound to
 * what it stood under. Messages in Slack outlive every state file, and numbers begin anew in a new
 * one: the number alone would let an old card speak for another request. */
#ifndef CPPO_OFFERS_REFERENCE_H
#define CPPO_OFFERS_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    DIGEST_DIGITS = 24,    /* hex: 96 bits, which nobody guesses */
    COVERS_TEXT = 9,       /* 8 hex digits */
    REFERENCE_DIGEST = 34, /* both, and a dot between them */
    REFERENCE_TEXT = 64,   /* the longest text, with its NUL */
};

struct reference {
    int64_t number;
    int revision;
    char digest[REFERENCE_DIGEST]; /* "": it has none; perhaps with what it covers (below) */
};

/* The digest of this revision in the book with the random id ${book}; ${content} is canonical
 * (content_write). */
void reference_digest(const char *book, int64_t number, int revision, const char *content,
                      char digest[REFERENCE_DIGEST]);

/* Where something is approved, that covers more than the content: prices that stand elsewhere, and
 * may be others by the time of the click. Put a short hash of these, ${covers}, behind the digest,
 * in the place of one that is there; "": none. */
void reference_cover(char digest[REFERENCE_DIGEST], const char *covers);
/* That hash; "" where there is none: also on a button that showed no prices. */
const char *reference_covers(const char digest[REFERENCE_DIGEST]);

/* "12.3.<digest>", the value of every button of a request. */
void reference_write(const struct reference *reference, char text[REFERENCE_TEXT]);

/* Back again; false when it is nothing of the kind. "12.3", as buttons were once, has no digest. */
bool reference_read(struct reference *reference, const char *text);

/* Are these the same, digest and all, whatever they cover? One without a digest is the same as
 * none. Takes the same time whatever the digests are, so that nobody can find one out piece by
 * piece. */
bool reference_same(const struct reference *a, const struct reference *b);

#endif
