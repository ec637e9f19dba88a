#include "flows/house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/settings.h"
#include "hash.h"
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
        .requesters_configured = any(&config->people[LIST_REQUESTERS]),
        .needed = config->needed,
    };
}

void install_of(struct turn *turn, char id[TURN_ID])
{
    enum { DIGITS = 19 };
    const struct config *config = config_of(turn);
    char digest[HASH_HEX];
    if (settings_get(turn, "install", id, TURN_ID))
        return;
    char *all = text_format("cppo install\n%s\n%s\n%s", config->aws_account,
                            house_of(turn)->home_team, config->channel_approvals);
    hash_hex(all, strlen(all), digest);
    free(all);
    snprintf(id, TURN_ID, "i%.*s", DIGITS, digest); /* "i": no lot makes one */
    settings_put(turn, "install", id);
}

static bool has_voted(const struct vote *votes, size_t count, const char *person)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(votes[i].person, person) == 0)
            return true;
    }
    return false;
}

char *approvers_mention(const struct turn *turn, const char *requester, const struct vote *votes,
                        size_t count)
{
    const struct config_people *approvers = &config_of(turn)->people[LIST_APPROVERS];
    const char *between = "";
    struct text who = {0};
    for (char **group = approvers->groups; *group != NULL; group++, between = ", ")
        text_addf(&who, "%s<!subteam^%s>", between, *group);
    for (char **user = approvers->users; *user != NULL; user++) {
        if (strcmp(*user, requester) == 0 || has_voted(votes, count, *user))
            continue;
        text_addf(&who, "%s<@%s>", between, *user);
        between = ", ";
    }
    return text_take(&who);
}

char *approval_rule(const struct turn *turn, const char *requester, const struct vote *votes,
                    size_t count)
{
    int needed = config_of(turn)->needed;
    char *who = approvers_mention(turn, requester, votes, count);
    char *rule;
    if (needed == 1)
        rule = text_format("Any one of %s can approve", who);
    else if (count > 0 && (int)count < needed)
        rule = text_format("%zu of %d approvals; %d more of %s", count, needed, needed - (int)count,
                           who);
    else
        rule = text_format("%d approvals are needed, of %s", needed, who);
    free(who);
    return rule;
}
