/* The state machines of requests and of the Marketplace draft, as tables. A move that is not in its
 * table does not happen. What leads to an approval is the same for every kind of request
 * (approval_moves); what then becomes of it, its kind says (offers/kind.h). An offer's way:
 *
 *   draft -submit-> pending -approve-> approved -publish-> publishing -release-> published
 *   published -> accepted | expired | closed;   expired, closed -accept-> accepted, when AWS says
 *   so late, or -reopen-> published, when somebody moved the date in AWS's console
 *   pending -submit-> pending (edited before anyone decided)
 *   pending -pass-> approved, by a rule that needs nobody
 *   pending -request_changes | refuse | lapse-> changes_requested -submit-> pending
 *   pending -reject-> rejected
 *   approved, publishing -fail-> failed -retry-> publishing;   failed -submit-> pending
 *   draft, pending, changes_requested, approved, failed -withdraw-> withdrawn
 *   all up to here but published and what follows it -find-> publishing
 *   approved, publishing -hold, continue-> the same;   each -schedule, due-> the same
 *
 * A kind that is done in one piece goes approved -begin-> under way -finish-> done instead.
 * Nothing leads to unreadable or out of it: such a request rests.
 */
#ifndef CPPO_OFFERS_MACHINE_H
#define CPPO_OFFERS_MACHINE_H

#include <stdbool.h>

/* What is true of a request in a state, whatever it is for. */
enum state_trait {
    IS_OPEN = 1,    /* people know of it, and wait for what comes of it */
    IS_GOING = 2,   /* it is approved and being done, and can fail */
    IS_STOPPED = 4, /* somebody put a stop to it: why is kept with it (problem) */
    IS_OUT = 8,     /* what it asked for is at AWS for its buyer to see, or was */
};

/* All states, a row each: its traits; how it is stored and logged; what people read; and the sign
 * before that. Unreadable is what cannot be read of what is stored: it is never stored itself. */
#define REQUEST_STATES(ROW)                                                                        \
    ROW(STATE_DRAFT, 0, "draft", "Draft", "📝")                                                     \
    ROW(STATE_PENDING, IS_OPEN, "pending", "Waiting for approval", "🟡")                         \
    ROW(STATE_CHANGES_REQUESTED, IS_OPEN | IS_STOPPED, "changes_requested", "Changes requested",   \
        "✏️")                                                                                  \
    ROW(STATE_APPROVED, IS_OPEN | IS_GOING, "approved", "Approved", "👍")                           \
    ROW(STATE_PUBLISHING, IS_OPEN | IS_GOING, "publishing", "Publishing", "⏳")                     \
    ROW(STATE_PUBLISHED, IS_OUT, "published", "Published", "✅")                                    \
    ROW(STATE_ACCEPTED, IS_OUT, "accepted", "Accepted by the buyer", "🎉")                          \
    ROW(STATE_EXPIRED, IS_OUT, "expired", "Expired", "⌛")                                          \
    ROW(STATE_CLOSED, IS_OUT, "closed", "Closed", "🔒")                                             \
    ROW(STATE_REJECTED, IS_STOPPED, "rejected", "Rejected", "⛔")                                   \
    ROW(STATE_WITHDRAWN, 0, "withdrawn", "Withdrawn", "↩️")                                    \
    ROW(STATE_FAILED, IS_OPEN | IS_STOPPED, "failed", "Failed", "❌")                               \
    ROW(STATE_UNDER_WAY, IS_OPEN | IS_GOING, "under_way", "Under way", "⏳")                        \
    ROW(STATE_DONE, 0, "done", "Done", "✅")                                                        \
    ROW(STATE_UNREADABLE, 0, "unreadable", "Cannot be read", "🚧")

#define REQUEST_STATE(state, traits, name, label, sign) state,
enum request_state { REQUEST_STATES(REQUEST_STATE) STATES };

/* Several states: a bit each, 1U << state. */
#define STATE_IF(trait, state, traits) | (((traits) & (trait)) != 0 ? 1U << (state) : 0U)
#define STATE_IF_OPEN(state, traits, name, label, sign) STATE_IF(IS_OPEN, state, traits)
#define STATE_IF_GOING(state, traits, name, label, sign) STATE_IF(IS_GOING, state, traits)
#define STATE_IF_STOPPED(state, traits, name, label, sign) STATE_IF(IS_STOPPED, state, traits)
#define STATE_IF_OUT(state, traits, name, label, sign) STATE_IF(IS_OUT, state, traits)
enum {
    STATES_OPEN = 0 REQUEST_STATES(STATE_IF_OPEN),
    STATES_GOING = 0 REQUEST_STATES(STATE_IF_GOING),
    STATES_STOPPED = 0 REQUEST_STATES(STATE_IF_STOPPED),
    STATES_OUT = 0 REQUEST_STATES(STATE_IF_OUT),
};
/* Is it one of these? */
bool request_state_in(enum request_state state, unsigned states);

enum request_event {
    EVENT_SUBMIT,          /* the requester sends a (new) revision */
    EVENT_APPROVE,         /* the last approval that was needed */
    EVENT_PASS,            /* a rule approves it by itself */
    EVENT_REQUEST_CHANGES, /* an approver */
    EVENT_REJECT,          /* an approver */
    EVENT_WITHDRAW,        /* the requester, or an operator */
    EVENT_REFUSE,          /* AWS refuses the Marketplace draft */
    EVENT_LAPSE,           /* accept_by is past before anyone decided */
    EVENT_PUBLISH,         /* the release's intent is committed */
    EVENT_RELEASE,         /* AWS shows it released */
    EVENT_FAIL,            /* publishing cannot go on */
    EVENT_RETRY,           /* requester, approver or operator, where the same content can succeed */
    EVENT_ACCEPT,          /* the buyer accepted */
    EVENT_EXPIRE,          /* nobody accepted in time */
    EVENT_CLOSE,           /* ended in AWS by somebody */
    EVENT_REOPEN,          /* can be accepted again: its date was moved in AWS by somebody */
    EVENT_TAKE_OVER,       /* an operator is the requester from now on; changes no state */
    EVENT_GIVE_BACK, /* a restored book holds it as waiting, and changes were asked for since */
    EVENT_FIND,      /* AWS has a release of ours that the book did not know of */
    EVENT_BEGIN,     /* what was approved is being done */
    EVENT_FINISH,    /* ... and is done */
    EVENT_SCHEDULE,  /* a time is set for it, or none; this and the next three change no state */
    EVENT_HOLD,      /* somebody holds what was approved */
    EVENT_CONTINUE,  /* ... and it is let go on */
    EVENT_DUE,       /* what it had to wait for is over */
    EVENTS,          /* in a history: one that this version does not know */
};

enum role { ROLE_REQUESTER = 1, ROLE_APPROVER = 2, ROLE_OPERATOR = 4, ROLE_BOT = 8 };

struct move_row {
    enum request_state from;
    enum request_event event;
    enum request_state to;
    unsigned who; /* roles; 0 ends a table */
};

/* What leads to an approval, or away from one. */
extern const struct move_row approval_moves[];
/* What an offer does besides. */
extern const struct move_row offer_moves[];

/* For an unknown value: the words of STATE_UNREADABLE, and "unknown". */
const char *request_state_name(enum request_state state);  /* "changes_requested": stored, logged */
const char *request_state_label(enum request_state state); /* "Changes requested" */
const char *request_state_sign(enum request_state state);  /* "✏️" */
const char *request_event_name(enum request_event event);
/* EVENTS: none that this version knows. */
enum request_event request_event_named(const char *name);
int request_state_named(const char *name); /* -1: no state has this name */
/* Does it bring a request further? What does not, and stands in the history all the same, is how
 * long it has to wait. */
bool request_event_moves(enum request_event event);

/* none -> making -> ready -> updating -> ready; making, updating -> refused -> updating | making;
 * ready -> releasing -> released, or back to ready; making, updating, ready, refused -> abandoned
 * (the offer ended); any but released -> releasing, when AWS turns out to have a release of it. The
 * revision and the entity id are kept with the state, in the book. */
enum draft_state {
    DRAFT_NONE,
    DRAFT_MAKING,
    DRAFT_READY,
    DRAFT_UPDATING,
    DRAFT_REFUSED,
    DRAFT_RELEASING,
    DRAFT_RELEASED,
    DRAFT_ABANDONED,
    DRAFT_UNREADABLE, /* it is stored under a name that this version does not know; never stored */
    DRAFT_STATES,
};

enum draft_event {
    DRAFT_MAKE,
    DRAFT_MADE,
    DRAFT_UPDATE,
    DRAFT_REFUSE,
    DRAFT_RELEASE,
    DRAFT_RELEASE_DONE,
    DRAFT_RELEASE_FAIL, /* releasing -> ready: the same draft may be released again */
    DRAFT_ABANDON,
    DRAFT_FIND, /* AWS has a release of it that the book did not know of */
    DRAFT_EVENTS,
};

/* The state that it leads to, -1: there is no such move. */
int draft_move(enum draft_state from, enum draft_event event);
/* As stored; "unreadable" for an unknown value. */
const char *draft_state_name(enum draft_state state);
int draft_state_named(const char *name); /* -1: no state is stored under it */

#endif
