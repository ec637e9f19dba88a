/* The rosters: who is on which list, as fresh as it is asked for. A list is named people and
 * the members of user groups; Slack is asked only for what an answer hangs on, and its answer is
 * told to the flows (on_answer). The operators are notified of a group that is gone, once. */
#ifndef CPPO_FLOWS_ROSTERS_H
#define CPPO_FLOWS_ROSTERS_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/policy.h"
#include "offers/request.h"

/* How old what we know may be: to decide; and to show somebody what they may know, or to let them
 * begin something that is asked about once more. */
enum { ROSTERS_FRESH_MS = 60000, ROSTERS_KNOWN_MS = 600000 };

/* What it may hang on whether somebody may. */
enum unread {
    UNREAD_PERSON = 1,
    UNREAD_REQUESTER = 2, /* of the request: they may have another id that we do not know */
};

struct standing {
    bool settled;                  /* false: it hangs on what is not known, or too old */
    const struct policy_rule *why; /* settled: NULL when they may */
    unsigned unread;               /* enum unread: what it hangs on */
    unsigned lists;                /* and on which lists, a set */
    bool hopeless;        /* the lists say no, and nothing that Slack says will change it */
    struct person person; /* as far as known */
};

/* May ${user} do this, by what was read at most ${age} ms ago? ${request}: NULL where the right
 * hangs on none, or on any that is not their own. */
void rosters_settle(struct turn *turn, enum right right, const char *user,
                    const struct request *request, int64_t age, struct standing *standing);

/* May ${user} (still) approve it at a step where the members of these lists decide? */
void rosters_settle_vote(struct turn *turn, unsigned lists, const char *user,
                         const struct request *request, struct standing *standing);

/* Read from Slack what it hangs on whether ${user} may. */
void rosters_ask(struct turn *turn, const char *user, const struct request *request,
                 const struct standing *standing);

/* Is it theirs, by any of their ids? To see and to decide, it is also what they requested before
 * somebody took it over. */
bool rosters_own(struct turn *turn, enum right right, const struct request *request,
                 const char *user);

/* The rule of that right itself. */
const struct policy_rule *rosters_why(struct turn *turn, enum right right,
                                      const struct person *person, bool own);

/* And with this request, at the step where it is; NULL: they may. */
const struct policy_rule *rosters_refusal(struct turn *turn, enum right right,
                                          const struct person *person,
                                          const struct request *request);
bool rosters_may(struct turn *turn, enum right right, const struct person *person,
                 const struct request *request);

/* What was refused with ${why}, said as it is: with the reason why Slack does not show the person,
 * or a group of the list they should be on. ${request}: NULL where it is about none. On the
 * heap.
 */
char *rosters_words(struct turn *turn, enum right right, const struct policy_rule *why,
                    const struct person *person, const struct request *request);
/* The same of RIGHT_REQUEST: of something new of that kind. */
char *rosters_words_new(struct turn *turn, const struct policy_rule *why,
                        const struct person *person, const struct request_kind *kind);

/* For how many ms Slack wants not to be asked for people and groups; 0: it may be. */
int64_t rosters_backoff(struct turn *turn);

/* Read this person ahead of need, without a trace if the process ends. */
void rosters_warm(struct turn *turn, const char *user);

/* What Slack answered about a person (the target of ${result}). */
void rosters_take_person(struct turn *turn, const struct result *result);

/* Read the configured user groups that were not read in the last minute. */
void rosters_read_groups(struct turn *turn);

#endif
