/* What people can ask for: a row each. */
#include <stddef.h>

#include "offers/action.h"

#define ACTION_ADDRESS(name) &name##_action,
const struct action_type *const action_types[] = {ACTIONS(ACTION_ADDRESS) NULL};
