/* What the parts of `cppo-bot check` share: the lines that they print, and what they have learnt.
 */
#ifndef BOT_RUN_CHECK_UP_H
#define BOT_RUN_CHECK_UP_H

#include "config.h"
#include "offers/policy.h"
#include "run/ask.h"

enum { CHECK_MAX_PEOPLE = 2000 };

/* On Enterprise Grid a person has two ids: the one that somebody named, and the organisation's. */
struct check_person {
    char *id, *identity;
};

/* Distinct people; zeroed is empty. */
struct check_people {
    struct check_person at[CHECK_MAX_PEOPLE];
    size_t count;
};

struct check_up {
    const struct config *config;
    struct asker asker;
    char *app_token, *bot_token;
    char home_team[PERSON_ID];
    char enterprise[PERSON_ID];    /* organisation on Enterprise Grid, "" elsewhere */
    struct check_people approvers; /* those who could approve: read, and let in by the policy */
    char credentials_error[600];
    int wrong; /* lines that said so */
};

/* A line each: what is right; what must be fixed, counted; what an operator should know. */
void check_good(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));
void check_wrong(struct check_up *up, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void check_note(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Ids are copied; each person is kept once, and one too many not at all. */
void check_people_add(struct check_people *people, const char *id, const char *identity);
/* By either of these ids. */
bool check_people_has(const struct check_people *people, const char *id, const char *identity);
void check_people_clear(struct check_people *people);

/* The machine: the state file, its folder and disk. The file: values left from the example. */
void check_machine(struct check_up *up);
void check_example(struct check_up *up);
/* Tokens, channels; who is on the lists of people, and can each rule be met by them? */
void check_slack(struct check_up *up);
void check_lists(struct check_up *up);
/* Keys, identity, permissions, the service-linked role, authorizations. */
void check_aws(struct check_up *up);

#endif
