/* The organisation of an Enterprise Grid, when the switch "grid" is on: our workspace and a sister,
 * one id of each person within a workspace (U...) and one in the whole organisation (W...).
 * Sources: docs.slack.dev/enterprise; what apps were really sent is reported in
 * looker/lookerbot#184, slackapi/bolt-js#1875, app-sre/qontract-reconcile#3926. */
#ifndef SANDBOX_ORG_H
#define SANDBOX_ORG_H

#include "sandbox.h"

#define ORG_ENTERPRISE "E0ORG"
#define ORG_SISTER "T0SISTER"

enum { ORG_ID = 32 };

struct workspace;
bool org_is_on(const struct workspace *workspace);
/* Add the people of the sister workspace, when the grid is on and they are not there yet: Sue, and
 * Gil, who is a guest there. They are in the channels that everybody is in. */
void org_settle(struct workspace *workspace);
/* Does this person belong to the organisation? */
bool org_has(const struct workspace *workspace, const json_t *user);
/* The id of ${user} as it stands in ${where} (the name of a switch: "list_ids", "click_ids"); that
 * of the workspace without a grid. */
const char *org_id(const struct workspace *workspace, const char *where, const char *user,
                   char id[ORG_ID]);
/* The other kind of ${id}: W... for U..., U... for W... */
void org_other_id(const char *id, char other[ORG_ID]);
/* A list of ids as it stands in ${where}: a new reference. */
json_t *org_ids(const struct workspace *workspace, const char *where, const json_t *users);
/* Add what users.info says of ${user} in a grid, who was asked for as ${asked}. */
void org_describe(const struct workspace *workspace, const json_t *user, const char *asked,
                  json_t *object);

#endif
