#include "offers/machine.h"

#include <stddef.h>
#include <string.h>

/* --- requests --- */

#define REQ ROLE_REQUESTER
#define APP ROLE_APPROVER
#define OPS ROLE_OPERATOR
#define BOT ROLE_BOT

const struct move_row approval_moves[] = {
    {OFFER_DRAFT, OFFER_SUBMIT, OFFER_PENDING, REQ},
    {OFFER_DRAFT, OFFER_WITHDRAW, OFFER_WITHDRAWN, REQ | OPS | BOT},

    {OFFER_PENDING, OFFER_SUBMIT, OFFER_PENDING, REQ}, /* edited before anyone decided */
    {OFFER_PENDING, OFFER_APPROVE, OFFER_APPROVED, APP},
    {OFFER_PENDING, OFFER_REQUEST_CHANGES, OFFER_CHANGES_REQUESTED, APP},
    {OFFER_PENDING, OFFER_LAPSE, OFFER_CHANGES_REQUESTED, BOT},
    {OFFER_PENDING, OFFER_GIVE_BACK, OFFER_CHANGES_REQUESTED, BOT},
    {OFFER_PENDING, OFFER_REJECT, OFFER_REJECTED, APP},
    {OFFER_PENDING, OFFER_WITHDRAW, OFFER_WITHDRAWN, REQ | OPS | BOT},

    {OFFER_CHANGES_REQUESTED, OFFER_SUBMIT, OFFER_PENDING, REQ},
    {OFFER_CHANGES_REQUESTED, OFFER_WITHDRAW, OFFER_WITHDRAWN, REQ | OPS | BOT},

    {OFFER_APPROVED, OFFER_FAIL, OFFER_FAILED, BOT},
    {OFFER_APPROVED, OFFER_WITHDRAW, OFFER_WITHDRAWN, REQ | OPS | BOT},

    {OFFER_FAILED, OFFER_SUBMIT, OFFER_PENDING, REQ},
    {OFFER_FAILED, OFFER_WITHDRAW, OFFER_WITHDRAWN, REQ | OPS | BOT},
    {.who = 0},
};

const struct move_row offer_moves[] = {
    {OFFER_PENDING, OFFER_REFUSE, OFFER_CHANGES_REQUESTED, BOT},
    {OFFER_APPROVED, OFFER_PUBLISH, OFFER_PUBLISHING, BOT},

    {OFFER_PUBLISHING, OFFER_RELEASE, OFFER_PUBLISHED, BOT},
    {OFFER_PUBLISHING, OFFER_FAIL, OFFER_FAILED, BOT},
    {OFFER_FAILED, OFFER_RETRY, OFFER_PUBLISHING, REQ | APP | OPS},

    {OFFER_PUBLISHED, OFFER_ACCEPT, OFFER_ACCEPTED, BOT},
    {OFFER_PUBLISHED, OFFER_EXPIRE, OFFER_EXPIRED, BOT},
    {OFFER_PUBLISHED, OFFER_CLOSE, OFFER_CLOSED, BOT},

    {OFFER_DRAFT, OFFER_FIND, OFFER_PUBLISHING, BOT},
    {OFFER_PENDING, OFFER_FIND, OFFER_PUBLISHING, BOT},
    {OFFER_CHANGES_REQUESTED, OFFER_FIND, OFFER_PUBLISHING, BOT},
    {OFFER_APPROVED, OFFER_FIND, OFFER_PUBLISHING, BOT},
    {OFFER_PUBLISHING, OFFER_FIND, OFFER_PUBLISHING, BOT},
    {OFFER_FAILED, OFFER_FIND, OFFER_PUBLISHING, BOT},
    {OFFER_REJECTED, OFFER_FIND, OFFER_PUBLISHING, BOT},
    {OFFER_WITHDRAWN, OFFER_FIND, OFFER_PUBLISHING, BOT},
    /* AWS tells late, and people move the date in its console. */
    {OFFER_EXPIRED, OFFER_ACCEPT, OFFER_ACCEPTED, BOT},
    {OFFER_EXPIRED, OFFER_REOPEN, OFFER_PUBLISHED, BOT},
    {OFFER_CLOSED, OFFER_ACCEPT, OFFER_ACCEPTED, BOT},
    {OFFER_CLOSED, OFFER_REOPEN, OFFER_PUBLISHED, BOT},
    {.who = 0},
};

static const char *const state_names[OFFER_STATES][2] = {
    [OFFER_DRAFT] = {"draft", "Draft"},
    [OFFER_PENDING] = {"pending", "Waiting for approval"},
    [OFFER_CHANGES_REQUESTED] = {"changes_requested", "Changes requested"},
    [OFFER_APPROVED] = {"approved", "Approved"},
    [OFFER_PUBLISHING] = {"publishing", "Publishing"},
    [OFFER_PUBLISHED] = {"published", "Published"},
    [OFFER_ACCEPTED] = {"accepted", "Accepted by the buyer"},
    [OFFER_EXPIRED] = {"expired", "Expired"},
    [OFFER_CLOSED] = {"closed", "Closed"},
    [OFFER_REJECTED] = {"rejected", "Rejected"},
    [OFFER_WITHDRAWN] = {"withdrawn", "Withdrawn"},
    [OFFER_FAILED] = {"failed", "Failed"},
    [OFFER_UNDER_WAY] = {"under_way", "Under way"},
    [OFFER_DONE] = {"done", "Done"},
    [OFFER_UNREADABLE] = {"unreadable", "Cannot be read"},
};

static const char *const event_names[OFFER_EVENTS + 1] = {
    [OFFER_SUBMIT] = "submit",
    [OFFER_APPROVE] = "approve",
    [OFFER_REQUEST_CHANGES] = "request_changes",
    [OFFER_REJECT] = "reject",
    [OFFER_WITHDRAW] = "withdraw",
    [OFFER_REFUSE] = "refuse",
    [OFFER_LAPSE] = "lapse",
    [OFFER_PUBLISH] = "publish",
    [OFFER_RELEASE] = "release",
    [OFFER_FAIL] = "fail",
    [OFFER_RETRY] = "retry",
    [OFFER_ACCEPT] = "accept",
    [OFFER_GIVE_BACK] = "give_back",
    [OFFER_FIND] = "find",
    [OFFER_EXPIRE] = "expire",
    [OFFER_CLOSE] = "close",
    [OFFER_REOPEN] = "reopen",
    [OFFER_TAKE_OVER] = "take_over",
    [OFFER_BEGIN] = "begin",
    [OFFER_FINISH] = "finish",
    [OFFER_EVENTS] = "unknown",
};

/* Whatever a caller has: a name out of these tables there always is. */
static const char *const *state_words(enum offer_state state)
{
    return state_names[(unsigned)state < OFFER_STATES ? state : OFFER_UNREADABLE];
}

const char *offer_state_name(enum offer_state state)
{
    return state_words(state)[0];
}

const char *offer_state_label(enum offer_state state)
{
    return state_words(state)[1];
}

const char *offer_event_name(enum offer_event event)
{
    return event_names[(unsigned)event < OFFER_EVENTS ? event : OFFER_EVENTS];
}

int offer_state_named(const char *name)
{
    for (int state = 0; state < OFFER_STATES; state++) {
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
    {DRAFT_MAKING, DRAFT_LEAVE, DRAFT_LEFT},
    {DRAFT_READY, DRAFT_UPDATE, DRAFT_UPDATING},
    {DRAFT_READY, DRAFT_MAKE, DRAFT_MAKING}, /* another one: the old is left */
    {DRAFT_READY, DRAFT_RELEASE, DRAFT_RELEASING},
    {DRAFT_READY, DRAFT_LEAVE, DRAFT_LEFT},
    {DRAFT_UPDATING, DRAFT_MADE, DRAFT_READY},
    {DRAFT_UPDATING, DRAFT_REFUSE, DRAFT_REFUSED},
    {DRAFT_UPDATING, DRAFT_LEAVE, DRAFT_LEFT},
    {DRAFT_REFUSED, DRAFT_UPDATE, DRAFT_UPDATING},
    {DRAFT_REFUSED, DRAFT_MAKE, DRAFT_MAKING},
    {DRAFT_REFUSED, DRAFT_LEAVE, DRAFT_LEFT},
    {DRAFT_RELEASING, DRAFT_RELEASE_DONE, DRAFT_RELEASED},
    {DRAFT_RELEASING, DRAFT_RELEASE_FAIL, DRAFT_READY},

    /* Whatever it was in the book, it is followed to the end of what AWS has. */
    {DRAFT_NONE, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_MAKING, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_READY, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_UPDATING, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_REFUSED, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_RELEASING, DRAFT_FIND, DRAFT_RELEASING},
    {DRAFT_LEFT, DRAFT_FIND, DRAFT_RELEASING},
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
    [DRAFT_NONE] = "none",         [DRAFT_MAKING] = "making",   [DRAFT_READY] = "ready",
    [DRAFT_UPDATING] = "updating", [DRAFT_REFUSED] = "refused", [DRAFT_RELEASING] = "releasing",
    [DRAFT_RELEASED] = "released", [DRAFT_LEFT] = "left",       [DRAFT_UNREADABLE] = "unreadable",
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
