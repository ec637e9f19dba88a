/* What people can do. Each file of handlers/ ends in its entry: the envelopes that come to it, and
 * where it is one, its subcommand of /cppo. One list names the entries; dispatch, help and what
 * the manifest has to say are made from it. */
#ifndef CPPO_HANDLERS_H
#define CPPO_HANDLERS_H

#include <jansson.h>

#include "engine/turn.h"
#include "flows/opening.h"
#include "slack/payload.h"
#include "views/messages.h"

/* ${rest}: what follows its word. */
typedef struct decision subcommand_fn(struct turn *turn, const struct slack_envelope *from,
                                      const char *rest);

enum { MAX_ROUTES = 6 };

/* The payload of its routes is a const struct slack_envelope *. */
struct entry {
    struct usage usage; /* no name: it is no subcommand */
    subcommand_fn *run;
    struct opening opening;          /* no action: it opens none that asks for a right */
    struct route routes[MAX_ROUTES]; /* a NULL name ends them, unless they are as many */
};

/* The list, a row each; its order is that of the help. */
#define HANDLERS(ROW)                                                                              \
    ROW(new_offer)                                                                                 \
    ROW(list)                                                                                      \
    ROW(list_mine)                                                                                 \
    ROW(list_search)                                                                               \
    ROW(home)                                                                                      \
    ROW(details)                                                                                   \
    ROW(edit)                                                                                      \
    ROW(copy)                                                                                      \
    ROW(withdraw)                                                                                  \
    ROW(nudge)                                                                                     \
    ROW(hold)                                                                                      \
    ROW(schedule)                                                                                  \
    ROW(break_glass)                                                                               \
    ROW(cppo)                                                                                      \
    ROW(approve)                                                                                   \
    ROW(authorization_options)                                                                     \
    ROW(form_follow)                                                                               \
    ROW(offer_form)                                                                                \
    ROW(reject)                                                                                    \
    ROW(agree)                                                                                     \
    ROW(request_changes)                                                                           \
    ROW(retry)

#define HANDLERS_DECLARE(name) extern const struct entry name##_entry;
HANDLERS(HANDLERS_DECLARE)

extern const struct entry *const handlers[]; /* NULL ends */

/* Who takes what comes by this route; NULL: nobody. */
handler_fn *handlers_route(const char *route);
/* The form that a button with this action opens; NULL: none that asks for a right. */
const struct opening *handlers_opening(const char *action);
/* What nobody takes: acknowledged, and nothing happens; a command is answered. */
struct decision handlers_unknown(struct turn *turn, const void *payload);

#endif
