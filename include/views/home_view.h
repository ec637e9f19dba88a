/* The app's Home tab. Within Slack's limits: 100 blocks, 250 kB. */
#ifndef CPPO_VIEWS_HOME_VIEW_H
#define CPPO_VIEWS_HOME_VIEW_H

#include <jansson.h>

#include "views/list_view.h"

enum { HOME_LISTS = 3 };

/* Borrowed. */
struct home_view {
    const char *why;    /* they see nothing, for this reason; "": they do; plain */
    const char *notice; /* above all; "": nothing; plain */
    const char *counts; /* "2 waiting for approval · 5 published", mrkdwn; "": nothing to count */
    const char *person; /* whose it is, by their member id */
    bool all;           /* they see those of others, too */
    const struct filter *filter; /* of the one list, a name looked up; NULL: all at a glance */
    const struct listing_view *lists;
    size_t count;
};

/* As views.publish takes it. In lists: Details; where they may decide `approve_again`,
 * `request_changes` and `reject`; on their own Edit, Withdraw and Try again; `home_back` and
 * `home_on` turn the pages. Above: `new_offer`, `home_filter` and the field `home_search`. A new
 * reference. */
json_t *home_view(const struct home_view *view);

#endif
