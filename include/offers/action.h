/* What people ask for by a click, a form or a line, and what is then done when it is known that
 * they may. Each is one row: the name under which it is stored while it waits, what it is
 * called, whose right it is, what it is bound to, what it does. Common code asks the row. */
#ifndef CPPO_OFFERS_ACTION_H
#define CPPO_OFFERS_ACTION_H

#include <stdbool.h>

#include "offers/policy.h"

struct pending_action;
struct request;
struct turn;

/* What must still be there when it is done. */
enum action_binding {
    BINDS_SHOWN = 1, /* the request, as the button or form showed it */
    BINDS_BUTTON,    /* the same where a button was pressed; where a number was typed, as below */
    BINDS_NUMBER,    /* the request of that number, at any revision */
    BINDS_NOTHING,   /* it is about none */
};

/* What was typed for it. That is kept for longer, and taken by lists that are a little older. */
enum action_typed {
    TYPED_NOTHING, /* or a reason, which is shown again when it does not count */
    TYPED_NEW,     /* the content of a new request, which is there already */
    TYPED_CHANGE,  /* other content for one, held with it until it may count */
};

/* What is to be done, for whom. */
struct action {
    const struct pending_action *pending; /* as it was asked for */
    const struct person *person;
    struct request *request; /* as it is now; NULL where it is about none */
    const char *content;     /* of a change, canonical; else NULL */
};

struct action_type {
    const char *name; /* stored: it stays what it is */
    const char *verb; /* to people: "You can no longer" ... "CPPO-12"; and in logs */
    enum right right;
    enum action_binding binding;
    enum action_typed typed;
    bool approves; /* it may be the last approval: those that were given are looked up again */
    bool stops;    /* it only stops something: lists that are a little older are good enough */
    bool own_soon; /* on one's own request it does no harm: what was known of them last is enough */
    /* Is all known that it hangs on beside their right? What is not, it asks for. NULL: nothing. */
    bool (*ready)(struct turn *turn, const struct request *request);
    /* Do it: they may. Of what was typed, and of what is about no request, it is only known who
     * they are: then this looks whether they may, and says what becomes of it where they may not.
     */
    void (*run)(struct turn *turn, const struct action *action);
    /* Who they are could not be found out: it ends. Of what was typed alone. */
    void (*given_up)(struct turn *turn, const struct pending_action *pending, const char *content);
};

/* All there are, a word each: ${word}_action, at the end of the flow or handler that does it. */
#define ACTIONS(WORD)                                                                              \
    WORD(approve)                                                                                  \
    WORD(break_glass)                                                                              \
    WORD(reject)                                                                                   \
    WORD(request_changes)                                                                          \
    WORD(submit)                                                                                   \
    WORD(revise)                                                                                   \
    WORD(withdraw)                                                                                 \
    WORD(retry)                                                                                    \
    WORD(nudge)                                                                                    \
    WORD(hold)                                                                                     \
    WORD(schedule)                                                                                 \
    WORD(continue)                                                                                 \
    WORD(details)                                                                                  \
    WORD(list)

#define ACTION_DECLARE(name) extern const struct action_type name##_action;
ACTIONS(ACTION_DECLARE)

/* The table: bot/run/actions.c. NULL ends it. */
extern const struct action_type *const action_types[];

/* The action of that stored name; for a name that is not in the table, of an older or newer
 * version, one that does nothing (no run). */
const struct action_type *action_named(const char *name);

#endif
