/* Who may do what. Ids from the configuration against fresh lists; fail closed. */
#ifndef CPPO_OFFERS_POLICY_H
#define CPPO_OFFERS_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/lists.h"

enum { PERSON_ID = 32, PERSON_TEAMS = 4000, PERSON_ERROR = 80 };

/* What Slack's users.info said of a person, and which of the configured lists they stand on. On
 * Enterprise Grid a person has an id of the workspace (U...) and one of the organisation (W... or
 * U...), may be a member of many of its workspaces, and need have no home among them; any member of
 * the user object may be absent (docs.slack.dev/reference/objects/user-object). */
struct person {
    char id[PERSON_ID];         /* the one that was asked for */
    char identity[PERSON_ID];   /* the organisation's id for them, where there is one */
    char name[201];             /* for people to read; decides nothing */
    char team[PERSON_ID];       /* home team, "" when Slack names none */
    char enterprise[PERSON_ID]; /* organisation on Grid, "" elsewhere */
    char teams[PERSON_TEAMS];   /* the organisation's workspaces they are in, between spaces */
    char error[PERSON_ERROR];   /* Slack's code when it does not show them; "" else */
    bool known;                 /* it was read, and may be relied on */
    bool deleted;
    bool bot;
    bool guest; /* is_restricted, is_ultra_restricted */
    bool stranger;
    unsigned lists; /* the set of those that name them, or a group that they are in */
};

/* Are they on this list? Only as true as what was read of it (flows/lists.h). */
bool person_on(const struct person *person, enum list list);

/* What somebody wants to do. */
enum right {
    RIGHT_REQUEST,
    RIGHT_DECIDE,
    RIGHT_SEE,
    RIGHT_RETRY,
    RIGHT_EDIT,
    RIGHT_WITHDRAW,
};

struct policy {
    const char *home_team;
    const char *enterprise;     /* our organisation on Grid, "" elsewhere */
    const char *const *teams;   /* further teams whose members may act; NULL-terminated */
    bool requesters_configured; /* false: every member of the home team without guests */
    unsigned deciders;          /* the lists whose members decide, at whatever step */
    unsigned open;              /* those at the step in question */
};

/* NULL when allowed, else the reason in words that are said to the person (static text). ${own}:
 * it is their offer. */
const char *policy_may_request(const struct policy *policy, const struct person *person);
/* Approve, reject, request changes: never on one's own, nor on what one requested before somebody
 * took it over. */
const char *policy_may_decide(const struct policy *policy, const struct person *person, bool own);
/* Details: requester, approver, operator. */
const char *policy_may_see(const struct policy *policy, const struct person *person, bool own);
const char *policy_may_retry(const struct policy *policy, const struct person *person, bool own);
/* Do they see the approvals channel, where the cards are? Approvers and operators do. */
bool policy_sees_cards(const struct policy *policy, const struct person *person);
/* The requester, who must be one who may request; or an operator, who takes the offer over by it.
 */
const char *policy_may_edit(const struct policy *policy, const struct person *person, bool own);
const char *policy_may_withdraw(const struct policy *policy, const struct person *person,
                                bool own); /* requester, operator */
/* The reason both functions return to others (compare by pointer). */
extern const char policy_not_theirs[];

#endif
