/* The lists of people that the configuration names (people.<name>). Who stands on them is read from
 * Slack (flows/lists.h); what that lets them do, the policy says. */
#ifndef CPPO_OFFERS_LISTS_H
#define CPPO_OFFERS_LISTS_H

enum list { LIST_REQUESTERS, LIST_APPROVERS, LIST_OPERATORS, LISTS };

/* Lists are told in sets, a bit each. */
#define LIST_BIT(list) (1U << (unsigned)(list))

#endif
