/* The kinds of request: what is asked for, approved by people, and then done. Number, revision,
 * state, votes, history and card are the same for all of them; what differs is in a row of one
 * table, and common code asks the row. */
#ifndef CPPO_OFFERS_KIND_H
#define CPPO_OFFERS_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "offers/machine.h"

struct offer;
struct turn;

struct request_kind {
    const char *name; /* stored with each request: it stays what it is */
    /* What it may do beside what all do (approval_moves). */
    const struct move_row *moves;
    /* Where its states have words of their own; NULL: those that all have. */
    const char *labels[OFFER_STATES];
    /* Read what is stored as its content into ${request}; false when it cannot be read. */
    bool (*read)(struct offer *request, const char *content);
    /* One line for each thing in which ${after} is not as ${before}, both as they are stored: at
     * most ${room} bytes, plain text. */
    void (*changes)(const char *before, const char *after, char *text, size_t room);
    /* Would an approval be refused for something that is being asked at this moment? Then it waits
     * for the answer (on_answer). NULL: never. */
    bool (*doubt)(struct turn *turn, const struct offer *request);
};

/* The table: bot/run/kinds.c. NULL ends it. */
extern const struct request_kind *const request_kinds[];
/* A new offer (bot/flows/offering.c). */
extern const struct request_kind offer_kind;

/* The kind of that stored name; for a name that is not in the table one that can do nothing: its
 * requests cannot be read. */
const struct request_kind *kind_named(const char *name);

/* The state that ${event} leads to from ${from}, or -1 when there is no such move. */
int kind_move(const struct request_kind *kind, enum offer_state from, enum offer_event event);
/* Who may; 0: no such move. */
unsigned kind_movers(const struct request_kind *kind, enum offer_state from,
                     enum offer_event event);
/* May a request of this kind be in this state? */
bool kind_has(const struct request_kind *kind, enum offer_state state);
/* No move leads out of it but those that AWS makes. */
bool kind_ended(const struct request_kind *kind, enum offer_state state);
/* "Changes requested": shown. */
const char *kind_label(const struct request_kind *kind, enum offer_state state);

#endif
