/* The lists of people that the configuration names (people.<name>). Who is on them is read from
 * Slack (flows/lists.h); what that lets them do, the policy says. */
#ifndef CPPO_OFFERS_LISTS_H
#define CPPO_OFFERS_LISTS_H

/* All there are, a row each: its constant; people.<name> in the configuration; what somebody on it
 * is called; and what its users and its groups are, for the configuration's table. */
#define PEOPLE(ROW)                                                                                \
    ROW(LIST_REQUESTERS, "requesters", "requester",                                                \
        "who may request; with no requesters at all: every member of the home team but guests",    \
        "user groups who may request")                                                             \
    ROW(LIST_APPROVERS, "approvers", "approver", "who decides", "user groups who decide")          \
    ROW(LIST_OPERATORS, "operators", "operator", "who runs the bot", "user groups who run the bot")

#define PEOPLE_LIST(list, name, one, users, groups) list,
enum list { PEOPLE(PEOPLE_LIST) LISTS };

/* What somebody on it is called: "approver". */
const char *lists_word(enum list list);

/* Lists are told in sets, a bit each. */
#define LIST_BIT(list) (1U << (unsigned)(list))

#endif
