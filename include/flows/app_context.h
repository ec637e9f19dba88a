/* What handlers and flows may know of the installation: the configuration and who we are. */
#ifndef CPPO_FLOWS_APP_CONTEXT_H
#define CPPO_FLOWS_APP_CONTEXT_H

#include "config.h"
#include "engine/turn.h"
#include "offers/approval.h"
#include "offers/policy.h"
#include "offers/request.h"
#include "offers/zone.h"

struct flow;
struct opening;

struct app_context {
    const struct config *config;
    char team[PERSON_ID];      /* the bot token's workspace; "" until Slack has told it */
    char home_team[PERSON_ID]; /* configured, or that one */
    char bot_user[PERSON_ID];
    const char *slack_url;      /* of the Web API: $SLACK_API_URL, else Slack's own */
    char enterprise[PERSON_ID]; /* the organisation on Enterprise Grid, "" elsewhere */
    /* What lay beside the state file at the start (io/store.h): a mark; and whether the file is not
     * the one that it lay beside. */
    char beside[64];
    bool copied;
    const struct flow *const
        *flows; /* all there are, in the order in which they are told; NULL ends */
    /* The form that a button with this action opens (flows/opening.h); NULL if unknown. */
    const struct opening *(*opening_of)(const char *action);
    const struct zone *(*zone_of)(const char *name); /* NULL: all is UTC */
    int others; /* sockets of this app that Slack counts beside ours; -1: it has not said yet */
};

/* The machine's clock may be fast by up to an hour: what ends at some moment counts as over only
 * when the clock is an hour beyond that. */
enum { GRACE_MS = 3600 * 1000 };

/* Borrowed, good for the whole life of the process. */
const struct app_context *app_context_of(const struct turn *turn);
const struct config *app_config(const struct turn *turn);

/* A time zone by its name, for offers/zone.h; NULL, which is UTC, where there is no such. */
const struct zone *app_zone(const struct turn *turn, const char *name);

/* The steps that the configuration makes: one, of so many approvers. Its name is stored. */
struct approval_rules app_rules(const struct turn *turn);

/* The policy from the configuration, for any open step; borrows from it. */
struct policy app_policy(const struct turn *turn);

/* The name of this installation: part of every name and token that AWS sees, and in the metadata of
 * every post. Made once, from what a lost state file leaves: the seller's account, the token's
 * workspace and the approvals channel; a random one from an older version is kept. */
void app_install(struct turn *turn, char id[TURN_ID]);

#endif
