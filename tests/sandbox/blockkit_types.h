/* Block Kit's types as data, for blockkit.c. */
#ifndef SANDBOX_BLOCKKIT_TYPES_H
#define SANDBOX_BLOCKKIT_TYPES_H

#include <stdbool.h>

enum blockkit_kind {
    KIND_END,
    KIND_STRING,
    KIND_PLAIN, /* a plain_text object */
    KIND_TEXT,  /* any text object */
    KIND_BOOL,
    KIND_INT,
    KIND_DATE,
    KIND_TIME,
    KIND_STYLE,
    KIND_OPTION,
    KIND_OPTIONS,
    KIND_GROUPS,
    KIND_CONFIRM,
    KIND_TEXTS,    /* a section's fields */
    KIND_ELEMENT,  /* accessory or input */
    KIND_ELEMENTS, /* of actions or context */
    KIND_ANY,      /* not looked into */
};

struct blockkit_member {
    const char *name;
    enum blockkit_kind kind;
    int min; /* characters, items, or the smallest number */
    int max; /* 0: no limit */
    bool required;
};

enum {
    PLACE_MESSAGE = 1,
    PLACE_VIEW = 2,
    PLACE_ACTIONS = 4,
    PLACE_SECTION = 8,
    PLACE_INPUT = 16,
    PLACE_CONTEXT = 32,
};

struct blockkit_type {
    const char *name;
    unsigned places; /* where it may stand */
    struct blockkit_member members[12];
};

/* NULL: there is no such type. Context elements are text objects and images. */
const struct blockkit_type *blockkit_types_block(const char *name);
const struct blockkit_type *blockkit_types_element(const char *name);
/* The whole views; by "modal" and "home". */
const struct blockkit_type *blockkit_types_view(const char *name);

#endif
