/* Lists of requests: one's own, and those that wait for a decision. */
#ifndef CPPO_FLOWS_LISTING_H
#define CPPO_FLOWS_LISTING_H

#include <stdbool.h>

#include "engine/turn.h"
#include "offers/filter.h"
#include "offers/policy.h"
#include "views/list_view.h"

/* --- what is asked for --- */

/* What somebody typed behind the command, as ${query} (offers/filter.h), with the people whom it
 * names by their ids; ${query} is of PAGE_TEXT bytes. NULL; or what is wrong with it, plain, on the
 * heap: then ${query} means nothing. */
char *listing_query(struct turn *turn, const char *user, const char *typed, char *query);

/* Which page ${query} names, of what they may see; one that names none of ours, a page of their
 * own.
 * ${all}: they may see those of others, too. False: it is of others', which they may not; that is
 * said by listing_of_others, plain. */
bool listing_read(struct turn *turn, const char *user, bool all, const char *query,
                  struct list_page *page);
extern const char listing_of_others[];

/* --- what is shown --- */

/* A message, as the JSON text that is sent, on the heap: the page that ${query} names; "": their
 * own, and what waits below. Who may decide finds the buttons for that, and who sees the approvals
 * channel the way to each card. ${all}: as above. */
char *listing_show(struct turn *turn, const char *user, bool all, const char *query);

/* The same, of what they may see by what is known lately; or why they see nothing. NULL: Slack is
 * to be asked (list_action). */
char *listing_answer(struct turn *turn, const char *user, const char *query);

/* A page of a list with all that it shows, at most ${max}: to be freed by listing_free, and until
 * then what listing_view lends of it is good. */
struct loaded_list;
struct loaded_list *listing_load(struct turn *turn, const char *user, const struct list_page *asked,
                                 size_t max);
const struct listing_view *listing_view(const struct loaded_list *loaded);
void listing_free(struct loaded_list *loaded);

/* --- who may see it --- */

/* May ${user} see what waits of others? What is known lately settles it; LISTING_LATER: Slack is
 * being asked. LISTING_NONE: not even their own, *${why} says why (on the heap). */
enum listing { LISTING_ALL, LISTING_OWN, LISTING_NONE, LISTING_LATER };
enum listing listing_for(struct turn *turn, const char *user, char **why);

/* How many wait for a decision, of those that they may see as far as is known; *${own}: those are
 * theirs alone. */
int64_t listing_count(struct turn *turn, const char *user, bool *own);

#endif
