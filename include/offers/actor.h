/* Who did something: a person, the bot by itself, or AWS. */
#ifndef CPPO_OFFERS_ACTOR_H
#define CPPO_OFFERS_ACTOR_H

#include <stdbool.h>

#include "offers/policy.h"

struct actor {
    enum actor_kind { ACTOR_PERSON, ACTOR_BOT, ACTOR_AWS } kind;
    char id[PERSON_ID]; /* of a person, "" else */
};

/* A person, by the Slack id that they acted with; the bot by itself; AWS, or whoever acts there. */
struct actor actor_person(const char *id);
struct actor actor_bot(void);
struct actor actor_aws(void);

/* As it is stored and logged: a person's id, "bot" or "aws". Borrowed. */
const char *actor_name(const struct actor *actor);
struct actor actor_named(const char *name);

#endif
