/* The direct messages that tell a requester how it goes, and where they are: earlier ones are
 * brought to the present. */
#ifndef CPPO_BOOK_LETTERS_H
#define CPPO_BOOK_LETTERS_H

#include "engine/turn.h"

extern const char book_schema_letters[];

enum { LETTER_DIGEST = 65 };

struct letter {
    int64_t id; /* rises with time */
    int64_t request;
    char channel[32];          /* the direct messages with that person, "" until it is known */
    char ts[32];               /* "" until then */
    char shown[LETTER_DIGEST]; /* of what it was last to show */
};

/* A new one; its id. */
int64_t letters_add(struct turn *turn, int64_t request, const char *shown);
/* Store where it is and what it shows; does nothing once it was forgotten. */
void letters_put(struct turn *turn, const struct letter *letter);
/* Those of this request that were not sent are not sent any more. */
void letters_forget_unsent(struct turn *turn, int64_t request);

/* False if there is no such letter, or it was forgotten. */
bool letters_get(struct turn *turn, int64_t id, struct letter *letter);
/* Those of this request, the newest first: at most ${capacity}; how many. */
size_t letters_newest(struct turn *turn, int64_t request, struct letter *letters, size_t capacity);

#endif
