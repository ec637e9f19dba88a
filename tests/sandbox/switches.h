/* What Slack may do one way or another: nobody outside knows, or it differs by workspace. Each is a
 * switch, POST /_sandbox/slack {name: value}; the first value of each is how the sandbox starts. */
#ifndef SANDBOX_SWITCHES_H
#define SANDBOX_SWITCHES_H

#include <jansson.h>
#include <stdbool.h>

struct workspace;
json_t *switches_new(void); /* {name: value}, as they stand at first */
bool switches_is(const struct workspace *workspace, const char *name, const char *value);
/* Turn all that ${wish} names, or none: false with *error, valid until the next call. */
bool switches_turn(struct workspace *workspace, const json_t *wish, const char **error);
json_t *switches_state(const struct workspace *workspace); /* [{name, value, values, about}], new */
void switches_print(void); /* the table for --help, to standard output */

#endif
