#include "offers/kind.h"

#include <stddef.h>
#include <string.h>

static const struct move_row no_moves[] = {{.who = 0}};

/* Of no kind in particular, or of one that another version knows. */
static const struct kind_words no_words = {
    .noun = "request",
    .nouns = "requests",
    .capital = "Requests",
    .carry_out = "carry it out",
    .joint = "",
    .approve = "Approve this?",
    .warning = "",
    .withdraw = "Withdraw this?",
    .withdrawn = "It cannot be resumed.",
    .failed = "could not be done",
};
static const struct request_kind unknown = {.name = "", .words = &no_words, .moves = no_moves};

bool kind_is(const struct request_kind *kind, const char *name)
{
    return strcmp(kind->name, name) == 0;
}

const struct kind_words *kinds_words(void)
{
    bool only = request_kinds[0] != NULL && request_kinds[1] == NULL;
    return only ? request_kinds[0]->words : &no_words;
}

const struct request_kind *kind_named(const char *name)
{
    for (const struct request_kind *const *kind = request_kinds; *kind != NULL; kind++) {
        if (kind_is(*kind, name))
            return *kind;
    }
    return &unknown;
}

static const struct move_row *find_row(const struct move_row *row, enum request_state from,
                                       enum request_event event)
{
    for (; row->who != 0; row++) {
        if (row->from == from && row->event == event)
            return row;
    }
    return NULL;
}

static const struct move_row *row_of(const struct request_kind *kind, enum request_state from,
                                     enum request_event event)
{
    const struct move_row *own = find_row(kind->moves, from, event);
    return own != NULL ? own : find_row(approval_moves, from, event);
}

int kind_move(const struct request_kind *kind, enum request_state from, enum request_event event)
{
    const struct move_row *row = row_of(kind, from, event);
    return row != NULL ? (int)row->to : -1;
}

unsigned kind_movers(const struct request_kind *kind, enum request_state from,
                     enum request_event event)
{
    const struct move_row *row = row_of(kind, from, event);
    return row != NULL ? row->who : 0;
}

static bool leads_to(const struct move_row *row, enum request_state state)
{
    for (; row->who != 0; row++) {
        if (row->to == state)
            return true;
    }
    return false;
}

bool kind_has(const struct request_kind *kind, enum request_state state)
{
    return state == STATE_DRAFT || leads_to(approval_moves, state) || leads_to(kind->moves, state);
}

static bool leads_on(const struct move_row *row, enum request_state state)
{
    for (; row->who != 0; row++) {
        if (row->from == state && row->event != EVENT_FIND && row->event != EVENT_REOPEN &&
            row->to != STATE_ACCEPTED)
            return true;
    }
    return false;
}

bool kind_ended(const struct request_kind *kind, enum request_state state)
{
    return !leads_on(approval_moves, state) && !leads_on(kind->moves, state);
}

const char *kind_label(const struct request_kind *kind, enum request_state state)
{
    const char *own = kind->labels[state];
    return own != NULL ? own : request_state_label(state);
}
