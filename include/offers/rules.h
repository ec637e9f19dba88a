/* The rules of approval in their order: which is the first that applies to a request, why, and who
 * then decides. Pure: the facts of the request and the lists of people come in. */
#ifndef CPPO_OFFERS_RULES_H
#define CPPO_OFFERS_RULES_H

#include "offers/approval.h"
#include "offers/rule.h"

enum { RULE_MAX_LISTS = 32 };

/* The lists of people by their names, in the order of their numbers (flows/lists.h). Borrowed. */
struct rule_list {
    const char *name;
    char *const *users; /* NULL-terminated */
    bool groups;        /* and members of user groups, whose number nobody knows */
};
struct rule_lists {
    struct rule_list at[RULE_MAX_LISTS];
    size_t count;
};

enum fact_state {
    FACT_ABSENT, /* what is asked for has no such thing: no condition on it is met */
    FACT_KNOWN,
    FACT_LATER,  /* not known yet: which rule applies is not to be said before it is */
    FACT_SEVERAL /* no single number, or none in one currency: above every bound; a margin below */
};

struct rule_number {
    enum fact_state state;
    struct decimal value; /* a term's: days */
    char currency[4];
};

/* What is known of a request. */
struct rule_facts {
    struct rule_number numbers[RULE_NUMBERS];
    struct decimal tier;                    /* our tier's markup */
    char words[RULE_CONDITIONS][RULE_WORD]; /* of the conditions that are words; "": absent */
    unsigned on;                            /* the lists that its requester is on, a set */
    unsigned perhaps;                       /* and those of which it is not known yet */
    enum fact_state checks; /* known: all prices are, and nothing that was checked ... */
    char problem[300];      /* ... is wrong but for this; "" when all is well */
};

enum { RULES_NONE = -1, RULES_LATER = -2 };

/* The first rule from ${from} on that applies; RULES_NONE, or RULES_LATER: by what is known, it is
 * not to be said. One that approves by itself never applies where a check failed or warns, nor by a
 * number that is not a single one. */
int rules_next(const struct rule *rules, size_t count, size_t from, const struct rule_facts *facts,
               const struct rule_lists *lists);

/* Its conditions, each with the fact that meets it, a line each: "markup: 33.3 % (above tier, which
 * is 25 %)"; plain text, on the heap. */
char *rules_why(const struct rule *rule, const struct rule_facts *facts);

/* The steps that a rule makes; by itself: one, that nobody can click for. False: it names a list
 * that there is not. */
bool rules_steps(const struct rule *rule, const struct rule_lists *lists,
                 struct approval_rules *steps);

/* The number of the list of that name; -1: there is none. */
int rules_list(const struct rule_lists *lists, const char *name);

/* What is wrong with them: lists that do not exist, more approvals than there are people, what no
 * request reaches. ${wrong} is told of each, with the place of its rule. */
void rules_check(const struct rule *rules, size_t count, const struct rule_lists *lists,
                 void (*wrong)(void *about, size_t rule, const char *words), void *about);

#endif
