/* Lists of requests: a message of one or more of them, as the JSON text that is sent
 * (slack/blocks_json.h); within Slack's limits and an ack of 20 000 bytes. */
#ifndef CPPO_VIEWS_LIST_VIEW_H
#define CPPO_VIEWS_LIST_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/filter.h"
#include "offers/request.h"
#include "text.h"

/* A request in a list; borrowed. */
struct listed {
    const struct request *request;
    const char *permalink; /* of its card, "" where it is not known or not for the reader */
    bool decide;           /* the reader may decide on it */
    bool approved;         /* ... and has approved it */
    bool own;              /* it is theirs */
    const char *price;     /* what they decide on, "" where they do not, or it is not known */
};

/* How many are shown at most. */
enum { LIST_VIEW_ROWS = 20 };

/* A list, or a page of one; borrowed. */
struct listing_view {
    const char *heading;
    const char *empty;           /* said where it has none */
    const struct filter *filter; /* shown in words; NULL: the heading says it */
    const struct listed *list;
    size_t count;
    int64_t total; /* of all its pages */
    bool at_least; /* ... or more */
    bool too_many; /* not all that begins as was typed is looked at */
    bool oldest_first;
    const char *previous; /* the values of the buttons that turn its pages; "": there is no other */
    const char *next;
    int64_t now;
};

/* ${heading} and ${total}, as notifications have them; the lists follow, and list_view_end. */
void list_view_begin(struct text *json, const char *heading, int64_t total);
/* Its text, on the heap; ${json} is empty afterwards. */
char *list_view_end(struct text *json);

/* Two lines a request: number, state, customer, accept-by, by whom it was requested if not by the
 * reader, and how long ago; each with a `details` button. Where the reader may decide it has markup
 * and price, and the buttons `approve_again` (the list shows too little to approve on: it opens the
 * form that shows all), `request_changes` and `reject`. At most LIST_VIEW_ROWS; below, how many
 * there are, and `list_back` and `list_on` to the other pages. */
void list_view_add(struct text *json, const struct listing_view *view);

/* Parts of it, as mrkdwn: the two lines of a request; what is listed, in words; and how many there
 * are, "" where all of them are shown. */
void list_view_line(struct text *line, const struct listed *listed, int64_t now);
void list_view_filter(struct text *line, const struct filter *filter);
void list_view_total(struct text *line, const struct listing_view *view);

#endif
