/* Who may do what. Ids from the configuration against fresh lists; fail closed. */
#ifndef CPPO_OFFERS_POLICY_H
#define CPPO_OFFERS_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/lists.h"
#include "offers/zone.h"

enum { PERSON_ID = 32, PERSON_TEAMS = 4000, PERSON_ERROR = 80 };

/* Slack says it of the members of a workspace, and need not say it of anybody else. */
enum guest { GUEST_NOT, GUEST_IS, GUEST_UNKNOWN };

/* What Slack's users.info said of a person, and which of the configured lists they are on. On
 * Enterprise Grid a person has an id of the workspace (U...) and one of the organisation (W... or
 * U...), may be a member of many of its workspaces, and need have no home among them; any member of
 * the user object may be absent (docs.slack.dev/reference/objects/user-object). */
struct person {
    char id[PERSON_ID];         /* the one that was asked for */
    char identity[PERSON_ID];   /* the organisation's id for them, where there is one */
    char name[201];             /* for people to read; decides nothing */
    char zone[ZONE_NAME];       /* by which their clock goes, "" when Slack names none */
    char team[PERSON_ID];       /* home team, "" when Slack names none */
    char enterprise[PERSON_ID]; /* organisation on Grid, "" elsewhere */
    char teams[PERSON_TEAMS];   /* the organisation's workspaces they are in, between spaces */
    char error[PERSON_ERROR];   /* Slack's code when it does not show them; "" else */
    bool known;                 /* it was read, and may be relied on */
    bool deleted;
    bool bot;
    enum guest guest; /* is_restricted, is_ultra_restricted */
    bool stranger; /* Slack's is_stranger: of another workspace, and in no channel shared with us */
    unsigned lists; /* the set of those that name them, or a group that they are in */
};

/* Are they on this list? Only as true as what was read of it (flows/lists.h). */
bool person_on(const struct person *person, enum list list);

/* What somebody wants to do. */
enum right {
    RIGHT_REQUEST, /* something new */
    /* Approve, reject, request changes: never on one's own, nor on what one requested before
     * somebody took it over. */
    RIGHT_DECIDE,
    RIGHT_SEE,   /* all of it: requester, approver, operator */
    RIGHT_RETRY, /* the same */
    /* The requester, who must be one who may request; or an operator, who takes it over by it. */
    RIGHT_EDIT,
    RIGHT_WITHDRAW, /* requester, operator */
    RIGHT_HOLD,     /* as RIGHT_SEE: whoever has a part in it may stop it */
    /* What somebody holds: an approver, on no request of their own. Who holds it has it by
     * RIGHT_HOLD (flows/rosters.h). */
    RIGHT_CONTINUE,
    /* Approve alone in an emergency: whom the configuration names for it, and never on one's own
     * request, nor on what one requested before; no configuration changes that. */
    RIGHT_BREAK_GLASS,
};

struct policy {
    const char *home_team;
    const char *enterprise;     /* our organisation on Grid, "" elsewhere */
    const char *const *teams;   /* further teams whose members may act; NULL-terminated. Of
                                 * those of our organisation no guests; of others Slack does
                                 * not tell who is one. */
    bool requesters_configured; /* false: every member of the home team without guests */
    unsigned deciders;          /* the lists whose members decide, at any step */
    unsigned steps;             /* those whose members decide on the request in question */
    unsigned open;              /* and those at the step in question */
    unsigned breakers;          /* the lists whose members may break the glass; 0: nobody may */
};

/* A rule that keeps somebody from something; there is one object of each (compare by address). */
struct policy_rule;
struct kind_words;

/* NULL when allowed, else the rule that forbids it. ${own}: it is their request; one of no request
 * is their own. */
const struct policy_rule *policy_may(const struct policy *policy, enum right right,
                                     const struct person *person, bool own);
/* What is said to the person, of a request of that kind; on the heap. */
char *policy_words(const struct policy_rule *rule, const struct kind_words *kind);
/* Do they see the approvals channel, where the cards are? Approvers and operators do. */
bool policy_sees_cards(const struct policy *policy, const struct person *person);
/* Why one may not edit or withdraw what is another's; why one may not decide whose step is not
 * open. */
extern const struct policy_rule policy_not_theirs, policy_not_now;

#endif
