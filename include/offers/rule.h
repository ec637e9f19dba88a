/* A rule of approval: for which requests it is, and who then approves them. Written by operators
 * in the configuration, a part at a time, read by people who ask why. Pure. */
#ifndef CPPO_OFFERS_RULE_H
#define CPPO_OFFERS_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "offers/approval.h"
#include "offers/decimal.h"
#include "text.h"

/* Its parts, a row each: the constant; its key in the configuration; what it says, for the
 * configuration's table. All up to `approve` are conditions; one that is not given holds always. */
#define RULE_PARTS_ROWS(ROW)                                                                       \
    ROW(RULE_MARKUP, "markup",                                                                     \
        "the markup, percent: above tier, off tier, at least 20 and below 40")                     \
    ROW(RULE_PRICE, "price",                                                                       \
        "what the customer pays, by unit where there is one price for it, else in all: below "     \
        "0.02 USD")                                                                                \
    ROW(RULE_MARGIN, "margin", "what of it is ours: at least 100 USD")                             \
    ROW(RULE_TERM, "term", "how long it runs: above 3 years")                                      \
    ROW(RULE_BUYERS, "buyers", "how many buyers it has: above 1")                                  \
    ROW(RULE_EULA, "eula", "as authorized, standard or custom; or not custom")                     \
    ROW(RULE_BUYER, "buyer",                                                                       \
        "first-time: no offer was published to one of its buyers before; or known")                \
    ROW(RULE_AUTHORIZATION, "authorization", "the id of its resale authorization; or not that")    \
    ROW(RULE_REQUESTER, "requester", "one of approvals.groups whose member asks; or not that")     \
    ROW(RULE_KIND, "kind", "what is asked for: offer")                                             \
    ROW(RULE_APPROVE, "approve",                                                                   \
        "who approves: 2 of finance, then 1 of directors and 1 of legal or sales; or by itself, "  \
        "5 a day, for each requester and day (UTC)")                                               \
    ROW(RULE_ONE_CLICK, "one_click",                                                               \
        "what a click of somebody who is in several steps counts for: one step, or all steps")

#define RULE_PART(part, key, doc) part,
enum rule_part { RULE_PARTS_ROWS(RULE_PART) RULE_PARTS };
enum { RULE_CONDITIONS = RULE_APPROVE, RULE_NUMBERS = RULE_BUYERS + 1 };

enum {
    RULE_NAME = 25,
    RULE_WORD = 64,
    RULE_TEXT = 1200,
    RULE_PART_TEXT = 256,
    RULE_VERSION = 9,
    RULE_LIST = 25,  /* the name of a list of people */
    RULE_LISTS = 4,  /* of which a step takes anybody */
    RULE_VOTER = 32, /* in place of a person: "rule:small" */
};

/* A bound of a number; of a markup it may be that of our tier. */
struct rule_bound {
    bool set;
    bool open; /* above, below: not the bound itself */
    bool tier;
    struct decimal at;
};

struct rule_range {
    struct rule_bound low, high;
    bool off; /* anything but that (the tier) */
    char currency[4];
};

struct rule_word {
    bool set;
    bool but; /* anything but that */
    char word[RULE_WORD];
};

struct rule_step {
    char name[VOTE_STEP]; /* "finance", "legal or sales": kept with votes */
    char lists[RULE_LISTS][RULE_LIST];
    size_t list_count;
    int needed;
    int stage; /* those of one stage are open together; the next when they are complete */
};

struct rule {
    char name[RULE_NAME];
    char parts[RULE_PARTS][RULE_PART_TEXT]; /* as they were written; "" where none is */
    struct rule_range ranges[RULE_NUMBERS];
    struct rule_word words[RULE_CONDITIONS]; /* of those that are no numbers */
    bool by_itself;
    int quota; /* then: for each requester and day */
    struct rule_step steps[MAX_STEPS];
    size_t step_count;
    bool all_steps; /* a click counts for every step that its person is in */
};

const char *rule_part_key(enum rule_part part);
int rule_part_named(const char *key); /* -1: there is none */

/* Read one part into ${rule}; "" is none. False: what is wrong with ${text}, and what to write
 * instead, is added to ${why}. */
bool rule_read_part(struct rule *rule, enum rule_part part, const char *text, struct text *why);

/* As it is stored with a request, a part a line, on the heap; and back again: false when this
 * version cannot read it. The version is a short hash of that text. */
char *rule_write(const struct rule *rule);
bool rule_read(struct rule *rule, const char *text);
void rule_version(const char *text, char version[RULE_VERSION]);

/* Who gives its approval where a rule does so by itself. */
void rule_voter(const char *name, char voter[RULE_VOTER]);
/* The rule's name, where ${voter} is one; else NULL. */
const char *rule_of_voter(const char *voter);

#endif
