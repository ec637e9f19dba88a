#include "offers/actor.h"

#include <string.h>

#include "text.h"

static const char bot_name[] = "bot";
static const char aws_name[] = "aws";

struct actor actor_person(const char *id)
{
    struct actor actor = {.kind = ACTOR_PERSON};
    text_fit(actor.id, sizeof(actor.id), id);
    return actor;
}

struct actor actor_bot(void)
{
    return (struct actor){.kind = ACTOR_BOT};
}

struct actor actor_aws(void)
{
    return (struct actor){.kind = ACTOR_AWS};
}

const char *actor_name(const struct actor *actor)
{
    switch (actor->kind) {
    case ACTOR_BOT:
        return bot_name;
    case ACTOR_AWS:
        return aws_name;
    case ACTOR_PERSON:
        break;
    }
    return actor->id;
}

struct actor actor_named(const char *name)
{
    if (strcmp(name, bot_name) == 0)
        return actor_bot();
    return strcmp(name, aws_name) == 0 ? actor_aws() : actor_person(name);
}
