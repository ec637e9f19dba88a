/* Lists of requests: a message of one or more of them, as the JSON text that is sent
 * (slack/blocks_json.h); within Slack's limits and an ack of 20 000 bytes. */
#ifndef CPPO_VIEWS_LIST_VIEW_H
#define CPPO_VIEWS_LIST_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/request.h"
#include "text.h"

/* A request in a list; borrowed. */
struct listed {
    const struct request *request;
    const char *permalink; /* of its card, "" where it is not known or not for the reader */
    bool decide;           /* the reader may decide on it */
};

/* How many are shown at most. */
enum { LIST_VIEW_ROWS = 20 };

/* ${heading} and ${total}, as notifications have them; the lists follow, and list_view_end. */
void list_view_begin(struct text *json, const char *heading, int64_t total);
/* Its text, on the heap; ${json} is empty afterwards. */
char *list_view_end(struct text *json);

/* One line a request: number, state, customer, accept-by; each with a `details` button. Where the
 * reader may decide it has the markup, and the buttons `approve_again` (the list shows too little
 * to approve on: it opens the form that shows all), `request_changes` and `reject`. At most
 * LIST_VIEW_ROWS; ${total} says how many there are, and ${empty} is said for an empty list. */
void list_view_add(struct text *json, const char *heading, const char *empty,
                   const struct listed *list, size_t count, int64_t total);

#endif
