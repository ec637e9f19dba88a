/* Who may do what. Ids from the configuration against fresh lists; fail closed. */
#ifndef CPPO_OFFERS_POLICY_H
#define CPPO_OFFERS_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PERSON_ID = 32 };

/* What Slack's users.info said of a person, and which of the configured groups he stands in. */
struct person {
    char id[PERSON_ID];
    char name[201];       /* for people to read; decides nothing */
    char team[PERSON_ID]; /* home team or enterprise */
    bool known;           /* it was read at all */
    bool deleted;
    bool bot;
    bool guest; /* is_restricted, is_ultra_restricted */
    bool stranger;
    bool in_requesters; /* named, or in a named group, of people.requesters ... */
    bool in_approvers;
    bool in_operators;
};

struct policy {
    const char *home_team;
    const char *const
        *teams; /* further teams whose members (and guests) may act; NULL-terminated */
    bool requesters_configured; /* false: every member of the home team without guests */
    int needed;                 /* approvals */
};

/* NULL when allowed, else the reason in words that are said to the person (static text). */
const char *policy_may_request(const struct policy *policy, const struct person *person);
/* Approve, reject, request changes. ${requester} may never decide on his own offer. */
const char *policy_may_decide(const struct policy *policy, const struct person *person,
                              const char *requester);
const char *policy_may_see(const struct policy *policy, const struct person *person,
                           const char *requester); /* details: requester, approver, operator */
const char *policy_may_retry(const struct policy *policy, const struct person *person,
                             const char *requester);

/* Distinct approvals of exactly the current revision, ${count} user ids; duplicates count once. */
bool policy_enough(const struct policy *policy, const char *const *approvers, size_t count);

#endif
