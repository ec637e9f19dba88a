/* A request in full, with its history: a modal; or a message (views/card.h), where no modal can be
 * opened. */
#ifndef CPPO_VIEWS_FULL_VIEW_H
#define CPPO_VIEWS_FULL_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "views/card_facts.h"

/* For requester, approvers and operators: everything, with the history (oldest first) and the
 * buttons of what they may. */
json_t *full_view_message(const struct card *card, const struct move *moves, size_t count,
                          unsigned may);

/* The same as a modal (callback id `details`), the history by pages, which the buttons `history`
 * and `history_newest` turn: their value is that of the other buttons and how many of the newest
 * moves are skipped, "12.3.<digest> 40". */
enum { HISTORY_PAGE = 20 };
struct history {
    const struct move *moves; /* the oldest of the page first */
    size_t count;
    size_t skipped;
    bool older; /* there are older ones */
};
json_t *full_view_modal(const struct card *card, const struct history *history, unsigned may);

#endif
