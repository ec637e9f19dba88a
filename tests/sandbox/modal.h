/* Views: modals with their stacks, Home tabs, what was typed into them, triggers.
 *
 * A view: {id, user, view: what Slack sends (id, hash, blocks, state ...), errors: {block_id:
 * text}, line: text above all, options: {block_id: [suggestions, the last first]}}.
 * view.state.values holds what stands in it. */
#ifndef SANDBOX_MODAL_H
#define SANDBOX_MODAL_H

#include "blockkit.h"
#include "sandbox.h"

enum { MODAL_MAX_STACKED = 3, MODAL_TRIGGER = 80 };

/* A trigger of ${user}, valid for 3 s and one use. */
void modal_trigger(struct sandbox *sandbox, const char *user, char trigger[MODAL_TRIGGER]);
/* Use it up: NULL and *user, or Slack's error code. */
const char *modal_spend(struct sandbox *sandbox, const char *trigger, const char **user);

/* Slack's error code for ${view}, and what is wrong in *messages (a new reference, or NULL);
 * NULL when it is fine. */
const char *modal_check(const json_t *view, enum blockkit_surface surface, json_t **messages);

/* A modal of ${user} on top of their stack (${push}) or as a new one; NULL when it is full.
 * Borrowed.
 */
json_t *modal_show(struct sandbox *sandbox, const char *user, const json_t *view, bool push);
/* Replace the content of ${entry}; what stands in inputs that stay is kept. */
void modal_replace(struct sandbox *sandbox, json_t *entry, const json_t *view);
/* The Home tab of ${user}; made when there was none. */
json_t *modal_home(struct sandbox *sandbox, const char *user, const json_t *view);

json_t *modal_find(const struct sandbox *sandbox, const char *id); /* open ones and homes */
json_t *modal_find_external(const struct sandbox *sandbox, const char *external_id);
json_t *modal_top(const struct sandbox *sandbox, const char *user);
/* Close ${entry}, or (${all}) the whole stack that it is on. */
void modal_close(struct sandbox *sandbox, json_t *entry, bool all);

/* Act as Slack does on the acknowledgement of a submission of ${entry}; ${payload} may be NULL.
 * NULL, or why Slack would show its general error. */
const char *modal_answer(struct sandbox *sandbox, json_t *entry, const json_t *payload);

void modal_state(const struct sandbox *sandbox, json_t *state); /* adds "views" */

#endif
