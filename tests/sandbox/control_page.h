/* The orders of the page's buttons that concern the whole sandbox: the bot is killed, Slack goes
 * away for a while. */
#ifndef SANDBOX_CONTROL_PAGE_H
#define SANDBOX_CONTROL_PAGE_H

#include "sandbox.h"

/* As struct wish of control.c: the answer's members (a new reference), or NULL and *error. */
json_t *control_kill(struct sandbox *sandbox, const json_t *body, const char **error);
json_t *control_away(struct sandbox *sandbox, const json_t *body, const char **error); /* {ms} */

/* Is Slack away? Its sockets were cut then, and its API answers nothing. */
bool control_is_away(const struct sandbox *sandbox);

/* Adds "process" {running, pid, starts} (null without a bot of our own) and "away_ms" to GET
 * /_sandbox/state. */
void control_page_state(const struct sandbox *sandbox, json_t *state);

#endif
