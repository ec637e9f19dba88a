/* What people type and choose, as Slack reports it in view.state.values.
 * Source: docs.slack.dev/reference/views, "state". */
#ifndef SANDBOX_MODAL_VALUES_H
#define SANDBOX_MODAL_VALUES_H

#include "err.h"
#include "sandbox.h"

/* The state an element is in before anybody touched it. A new reference. */
json_t *modal_values_initial(const json_t *element);
/* state.values of ${blocks}, keeping from ${old} (may be NULL) what stands in elements that are
 * still there. A new reference. */
json_t *modal_values_of(const json_t *blocks, const json_t *old);

/* The state after somebody typed or chose ${value}: a text, null or "" to empty it, an array of
 * texts for several choices. ${suggested}: the options that were loaded for it, may be NULL. NULL
 * with an error when it cannot be chosen. A new reference. */
json_t *modal_values_enter(const json_t *element, const json_t *value, const json_t *suggested,
                           const json_t *current, struct err *err);

/* What the client itself refuses before anything is sent: {block_id: text}, empty when nothing. A
 * new reference. */
json_t *modal_values_invalid(const json_t *blocks, const json_t *values);

/* The block with this id; *element its (first) element with this action_id, NULL any. Borrowed. */
json_t *modal_values_block(const json_t *blocks, const char *block_id, const char *action_id,
                           json_t **element);
/* The option of this value in a list, NULL when there is none. Borrowed. */
json_t *modal_values_option(const json_t *options, const char *value);
/* The text, option values or date that a state holds; "" when empty. On the heap. */
char *modal_values_plain(const json_t *state);

#endif
