/* Why something is rejected, in one word of a fixed few, so that it can be counted; what else there
 * is to say goes with it. */
#ifndef CPPO_OFFERS_REJECTION_H
#define CPPO_OFFERS_REJECTION_H

#include <stdbool.h>
#include <stddef.h>

enum { REJECTION_CODE = 24 };

struct rejection {
    const char *code;  /* stored with the decision: it stays what it is */
    const char *label; /* as people read it: "Price or margin" */
};

/* All there are; the last is for what fits none. */
extern const struct rejection rejections[];
extern const size_t rejection_count;

/* That of this code; the last of them for NULL, "", and what is none. */
const struct rejection *rejection_of(const char *code);
/* Does it say nothing without words? */
bool rejection_is_other(const struct rejection *rejection);

/* "Price or margin: too dear"; either part may be all there is. On the heap. */
char *rejection_words(const struct rejection *rejection, const char *words);

#endif
