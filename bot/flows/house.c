#include "flows/house.h"

#include "book/people.h"
#include "text.h"

const struct house *house_of(const struct turn *turn)
{
    return turn_house(turn);
}

const struct config *config_of(const struct turn *turn)
{
    return house_of(turn)->config;
}

static bool any(const struct config_people *people)
{
    return people->users[0] != NULL || people->groups[0] != NULL;
}

struct policy policy_of(const struct turn *turn)
{
    const struct config *config = config_of(turn);
    return (struct policy){
        .home_team = house_of(turn)->home_team,
        .enterprise = house_of(turn)->enterprise,
        .teams = (const char *const *)config->teams,
        .requesters_configured = any(&config->requesters),
        .needed = config->needed,
    };
}

static bool stands_in(struct turn *turn, const struct config_people *people, const char *user)
{
    for (char **one = people->users; *one != NULL; one++) {
        if (people_same(turn, *one, user))
            return true;
    }
    for (char **group = people->groups; *group != NULL; group++) {
        if (people_in_group(turn, *group, user))
            return true;
    }
    return false;
}

void person_of(struct turn *turn, const char *user, struct person *person)
{
    const struct config *config = config_of(turn);
    if (!people_get(turn, user, person)) {
        *person = (struct person){.known = false};
        text_fit(person->id, sizeof(person->id), user);
        text_fit(person->identity, sizeof(person->identity), user);
    }
    person->in_requesters = stands_in(turn, &config->requesters, user);
    person->in_approvers = stands_in(turn, &config->approvers, user);
    person->in_operators = stands_in(turn, &config->operators, user);
}

char *approval_rule(const struct turn *turn)
{
    const struct config *config = config_of(turn);
    struct text rule = {0};
    const char *between = "";
    text_addf(&rule, "%d of ", config->needed);
    for (char **group = config->approvers.groups; *group != NULL; group++, between = ", ")
        text_addf(&rule, "%s<!subteam^%s>", between, *group);
    for (char **user = config->approvers.users; *user != NULL; user++, between = ", ")
        text_addf(&rule, "%s<@%s>", between, *user);
    text_add(&rule, "; never the requester");
    return text_take(&rule);
}
