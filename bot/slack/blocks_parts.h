/* What the files that make blocks share: how long texts may be, and how they are cut. */
#ifndef CPPO_SLACK_BLOCKS_PARTS_H
#define CPPO_SLACK_BLOCKS_PARTS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    TEXT_POINTS = 3000,
    HEADER_POINTS = 150,
    FIELD_TEXT_POINTS = 2000,
    BUTTON_POINTS = 75,
    OPTION_POINTS = 75,
    LABEL_POINTS = 2000,
    TITLE_POINTS = 24,
    MESSAGE_POINTS = 3500,
};

/* ${text} as it may be sent, on the heap: never empty, harmless, and cut with an ellipsis to
 * ${max_points}; where it is ${markup}, not within a mention, a link or an entity. */
char *blocks_fit(const char *text, size_t max_points, bool markup);

#endif
