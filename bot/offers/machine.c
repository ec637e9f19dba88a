#include "offers/machine.h"

#include <stddef.h>
#include <string.h>

/* --- requests --- */

#define REQ ROLE_REQUESTER
#define APP ROLE_APPROVER
#define OPS ROLE_OPERATOR
#define BOT ROLE_BOT

const struct move_row approval_moves[] = {
    {STATE_DRAFT, EVENT_SUBMIT, STATE_PENDING, REQ},
    {STATE_DRAFT, EVENT_WITHDRAW, STATE_WITHDRAWN, REQ | OPS | BOT},

    {STATE_PENDING, EVENT_SUBMIT, STATE_PENDING, REQ}, /* edited before anyone decided */
    {STATE_PENDING, EVENT_APPROVE, STATE_APPROVED, APP},
    {STATE_PENDING, EVENT_PASS, STATE_APPROVED, BOT},
    {STATE_PENDING, EVENT_REQUEST_CHANGES, STATE_CHANGES_REQUESTED, APP},
    {STATE_PENDING, EVENT_LAPSE, STATE_CHANGES_REQUESTED, BOT},
    {STATE_PENDING, EVENT_GIVE_BACK, STATE_CHANGES_REQUESTED, BOT},
    {STATE_PENDING, EVENT_REJECT, STATE_REJECTED, APP},
    {STATE_PENDING, EVENT_WITHDRAW, STATE_WITHDRAWN, REQ | OPS | BOT},

    {STATE_CHANGES_REQUESTED, EVENT_SUBMIT, STATE_PENDING, REQ},
    {STATE_CHANGES_REQUESTED, EVENT_WITHDRAW, STATE_WITHDRAWN, REQ | OPS | BOT},

    {STATE_APPROVED, EVENT_FAIL, STATE_FAILED, BOT},
    {STATE_APPROVED, EVENT_WITHDRAW, STATE_WITHDRAWN, REQ | OPS | BOT},

    {STATE_FAILED, EVENT_SUBMIT, STATE_PENDING, REQ},
    {STATE_FAILED, EVENT_WITHDRAW, STATE_WITHDRAWN, REQ | OPS | BOT},
    {.who = 0},
};

const struct move_row offer_moves[] = {
    {STATE_PENDING, EVENT_REFUSE, STATE_CHANGES_REQUESTED, BOT},
    {STATE_APPROVED, EVENT_PUBLISH, STATE_PUBLISHING, BOT},

    {STATE_PUBLISHING, EVENT_RELEASE, STATE_PUBLISHED, BOT},
    {STATE_PUBLISHING, EVENT_FAIL, STATE_FAILED, BOT},
    {STATE_PUBLISHING, EVENT_WITHDRAW, STATE_WITHDRAWN, REQ | OPS | BOT}, /* unless irrevocable */
    {STATE_FAILED, EVENT_RETRY, STATE_PUBLISHING, REQ | APP | OPS},

    {STATE_PUBLISHED, EVENT_ACCEPT, STATE_ACCEPTED, BOT},
    {STATE_PUBLISHED, EVENT_EXPIRE, STATE_EXPIRED, BOT},
    {STATE_PUBLISHED, EVENT_CLOSE, STATE_CLOSED, BOT},

    {STATE_DRAFT, EVENT_FIND, STATE_PUBLISHING, BOT},
    {STATE_PENDING, EVENT_FIND, STATE_PUBLISHING, BOT},
    {STATE_CHANGES_REQUESTED, EVENT_FIND, STATE_PUBLISHING, BOT},
    {STATE_APPROVED, EVENT_FIND, STATE_PUBLISHING, BOT},
    {STATE_PUBLISHING, EVENT_FIND, STATE_PUBLISHING, BOT},
    {STATE_FAILED, EVENT_FIND, STATE_PUBLISHING, BOT},
    {STATE_REJECTED, EVENT_FIND, STATE_PUBLISHING, BOT},
    {STATE_WITHDRAWN, EVENT_FIND, STATE_PUBLISHING, BOT},
    /* AWS tells late, and people move the date in its console. */
    {STATE_EXPIRED, EVENT_ACCEPT, STATE_ACCEPTED, BOT},
    {STATE_EXPIRED, EVENT_REOPEN, STATE_PUBLISHED, BOT},
    {STATE_CLOSED, EVENT_ACCEPT, STATE_ACCEPTED, BOT},
    {STATE_CLOSED, EVENT_REOPEN, STATE_PUBLISHED, BOT},
    {.who = 0},
};

bool request_state_in(enum request_state state, unsigned states)
{
    return (unsigned)state < STATES && (states & 1U << state) != 0;
}

#define STATE_WORDS(state, traits, name, label, sign) {name, label, sign},
static const char *const state_names[STATES][3] = {REQUEST_STATES(STATE_WORDS)};

static const char *const event_names[EVENTS + 1] = {
    [EVENT_SUBMIT] = "submit",
    [EVENT_APPROVE] = "approve",
    [EVENT_PASS] = "pass",
    [EVENT_REQUEST_CHANGES] = "request_changes",
    [EVENT_REJECT] = "reject",
    [EVENT_WITHDRAW] = "withdraw",
    [EVENT_REFUSE] = "refuse",
    [EVENT_LAPSE] = "lapse",
    [EVENT_PUBLISH] = "publish",
    [EVENT_RELEASE] = "release",
    [EVENT_FAIL] = "fail",
    [EVENT_RETRY] = "retry",
    [EVENT_ACCEPT] = "accept",
    [EVENT_GIVE_BACK] = "give_back",
    [EVENT_FIND] = "find",
    [EVENT_EXPIRE] = "expire",
    [EVENT_CLOSE] = "close",
    [EVENT_REOPEN] = "reopen",
    [EVENT_TAKE_OVER] = "take_over",
    [EVENT_BEGIN] = "begin",
    [EVENT_FINISH] = "finish",
    [EVENT_SCHEDULE] = "schedule",
    [EVENT_HOLD] = "hold",
    [EVENT_CONTINUE] = "continue",
    [EVENT_DUE] = "due",
    [EVENTS] = "unknown",
};

/* Whatever a caller has: a name out of these tables there always is. */
static const char *const *state_words(enum request_state state)
{
    return state_names[(unsigned)state < STATES ? state : STATE_UNREADABLE];
}

const char *request_state_name(enum request_state state)
{
    return state_words(state)[0];
}

const char *request_state_label(enum request_state state)
{
    return state_words(state)[1];
}

const char *request_state_sign(enum request_state state)
{
    return state_words(state)[2];
}

const char *request_event_name(enum request_event event)
{
    return event_names[(unsigned)event < EVENTS ? event : EVENTS];
}

bool request_event_moves(enum request_event event)
{
    return event != EVENT_SCHEDULE && event != EVENT_HOLD && event != EVENT_CONTINUE &&
           event != EVENT_DUE;
}

enum request_event request_event_named(const char *name)
{
    for (int event = 0; event < EVENTS; event++) {
        if (strcmp(request_event_name((enum request_event)event), name) == 0)
            return (enum request_event)event;
    }
    return EVENTS;
}

int request_state_named(const char *name)
{
    for (int state = 0; state < STATES; state++) {
        if (strcmp(state_names[state][0], name) == 0)
            return state;
    }
    return -1;
}

/* --- the Marketplace draft --- */

struct draft_row {
    enum draft_state from;
    enum draft_event event;
    enum draft_state to;
};

static const struct draft_row draft_table[] = {
    {DRAFT_NONE, DRAFT_MAKE, DRAFT_MAKING},
    {DRAFT_MAKING, DRAFT_MADE, DRAFT_READY},
    {DRAFT_MAKING, DRAFT_REFUSE, DRAFT_REFUSED},
    {DRAFT_MAKING, DRAFT_ABANDON, DRAFT_ABANDONED},
    {DRAFT_READY, DRAFT_UPDATE, DRAFT_UPDATING},
    {DRAFT_READY, DRAFT_MAKE, DRAFT_MAKING}, /* another one: the old is abandoned */
    {DRAFT_READY, DRAFT_RELEASE, DRAFT_RELEASING},
    {DRAFT_READY, DRAFT_ABANDON, DRAFT_ABANDONED},
    {DRAFT_UPDATING, DRAFT_MADE, DRAFT_READY},
    {DRAFT_UPDATING, DRAFT_REFUSE, DRAFT_REFUSED},
    {DRAFT_UPDATING, DRAFT_ABANDON, DRAFT_ABANDONED},
    {DRAFT_REFUSED, DRAFT_UPDATE, DRAFT_UPDATING},
    {DRAFT_REFUSED, DRAFT_MAKE, DRAFT_MAKING},
    {DRAFT_REFUSED, DRAFT_ABANDON, DRAFT_ABANDONED},
    {DRAFT_RELEASING, DRAFT_RELEASE_DONE, DRAFT_RELEASED},
    {DRAFT_RELEASING, DRAFT_RELEASE_FAIL, DRAFT_READY},

    /* Whatever it was in the book, it is followed to the end of what AWS has. */
    {DRAFT_NONE, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_MAKING, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_READY, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_UPDATING, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_REFUSED, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_RELEASING, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_ABANDONED, DRAFT_FIND, DRAFT_RELEASING},
};

int draft_move(enum draft_state from, enum draft_event event)
{
    for (size_t i = 0; i < sizeof(draft_table) / sizeof(draft_table[0]); i++) {
        if (draft_table[i].from == from && draft_table[i].event == event)
            return (int)draft_table[i].to;
    }
    return -1;
}

static const char *const draft_names[DRAFT_STATES] = {
    [DRAFT_NONE] = "none",
    [DRAFT_MAKING] = "making",
    [DRAFT_READY] = "ready",
    [DRAFT_UPDATING] = "updating",
    [DRAFT_REFUSED] = "refused",
    [DRAFT_RELEASING] = "releasing",
    [DRAFT_RELEASED] = "released",
    [DRAFT_ABANDONED] = "abandoned",
    [DRAFT_UNREADABLE] = "unreadable",
};

const char *draft_state_name(enum draft_state state)
{
    return draft_names[(unsigned)state < DRAFT_STATES ? state : DRAFT_UNREADABLE];
}

int draft_state_named(const char *name)
{
    for (int state = 0; state < DRAFT_UNREADABLE; state++) {
        if (strcmp(draft_names[state], name) == 0)
            return state;
    }
    return -1;
}
