/* The app's Home tab: what waits for somebody, and what is theirs, always the present. It is drawn
 * when they open it, and again when something of it changes; of those who never opened it nothing
 * is sent. */
#ifndef CPPO_FLOWS_HOMES_H
#define CPPO_FLOWS_HOMES_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/request.h"

/* Show ${user} the page that ${query} names (offers/filter.h); "": all at a glance. ${notice}:
 * plain, above all; "": nothing. */
void homes_show(struct turn *turn, const char *user, const char *query, const char *notice);
/* Somebody approved ${request}, and it goes on waiting: for others. */
void homes_voted(struct turn *turn, const struct request *request);

#endif
