/* What people can do. Each file of handlers/ ends in its entry: the envelopes that come to it, and
 * where it is one, its subcommand of /cppo. One list names the entries; dispatch, help and what
 * the manifest has to say are made from it. */
#ifndef CPPO_HANDLERS_H
#define CPPO_HANDLERS_H

#include <jansson.h>

#include "engine/turn.h"
#include "flows/flow.h"
#include "flows/rosters.h"
#include "slack/payload.h"
#include "views/messages.h"

/* ${rest}: what follows its word. */
typedef struct decision subcommand_fn(struct turn *turn, const struct slack_envelope *from,
                                      const char *rest);

/* Opens a form, for a button with ${value}: NULL, or what to say instead. */
typedef json_t *start_fn(struct turn *turn, const struct slack_envelope *from, const char *value);

/* A form that names authorizations and prices: who may be shown it is looked up first
 * (handlers/opening.c). */
struct opening {
    const char *action; /* of the button that opens it (again) */
    enum right who;
    bool of_offer; /* the button's value refers to an offer; the right is to that one */
    start_fn *start;
};

enum { MAX_ROUTES = 4 };

/* The payload of its routes is a const struct slack_envelope *. */
struct entry {
    struct usage usage; /* no name: it is no subcommand */
    subcommand_fn *run;
    struct opening opening;
    struct route routes[MAX_ROUTES]; /* a NULL name ends them, unless they are as many */
};

/* The list, a row each; its order is that of the help. */
#define HANDLERS(ROW)                                                                              \
    ROW(new_offer)                                                                                 \
    ROW(list)                                                                                      \
    ROW(details)                                                                                   \
    ROW(edit)                                                                                      \
    ROW(withdraw)                                                                                  \
    ROW(cppo)                                                                                      \
    ROW(approve)                                                                                   \
    ROW(authorization_options)                                                                     \
    ROW(eula)                                                                                      \
    ROW(offer_form)                                                                                \
    ROW(reject)                                                                                    \
    ROW(request_changes)                                                                           \
    ROW(retry)

#define HANDLERS_DECLARE(name) extern const struct entry name##_entry;
HANDLERS(HANDLERS_DECLARE)

extern const struct entry *const handlers[]; /* NULL ends */

/* Who takes what comes by this route; NULL: nobody. */
handler_fn *handlers_route(const char *route);
/* What nobody takes: acknowledged, and nothing happens; a command is answered. */
struct decision handlers_unknown(struct turn *turn, const void *payload);

#endif
