#include "flows/app_context.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/settings.h"
#include "hash.h"
#include "text.h"

const struct app_context *app_context_of(const struct turn *turn)
{
    return turn_app_context(turn);
}

const struct config *app_config(const struct turn *turn)
{
    return app_context_of(turn)->config;
}

const struct zone *app_zone(const struct turn *turn, const char *name)
{
    const struct app_context *app = app_context_of(turn);
    return app->zone_of != NULL ? app->zone_of(name) : NULL;
}

static bool any(const struct config_people *people)
{
    return people->users[0] != NULL || people->groups[0] != NULL;
}

struct approval_rules app_rules(const struct turn *turn)
{
    return (struct approval_rules){.steps = {{.name = "approval",
                                              .lists = LIST_BIT(LIST_APPROVERS),
                                              .needed = app_config(turn)->needed}},
                                   .count = 1};
}

struct policy app_policy(const struct turn *turn)
{
    const struct config *config = app_config(turn);
    struct approval_rules rules = app_rules(turn);
    unsigned deciders = approval_lists(&rules) | config->rule_lists;
    return (struct policy){
        .home_team = app_context_of(turn)->home_team,
        .enterprise = app_context_of(turn)->enterprise,
        .teams = (const char *const *)config->teams,
        .requesters_configured = any(&config->people[LIST_REQUESTERS]),
        .deciders = deciders | config->breakers,
        .steps = deciders,
        .open = deciders,
        .breakers = config->breakers,
    };
}

void app_install(struct turn *turn, char id[TURN_ID])
{
    enum { DIGITS = 19 };
    const struct app_context *app = app_context_of(turn);
    const struct config *config = app->config;
    char digest[HASH_HEX];
    if (settings_get(turn, SETTING_INSTALL, id, TURN_ID))
        return;
    char *all =
        text_format("cppo install\n%s\n%s\n%s", config->aws_account,
                    *app->team != '\0' ? app->team : app->home_team, config->channel_approvals);
    hash_hex(all, strlen(all), digest);
    free(all);
    snprintf(id, TURN_ID, "i%.*s", DIGITS, digest); /* "i": no lot makes one */
    settings_put(turn, SETTING_INSTALL, id);
}
