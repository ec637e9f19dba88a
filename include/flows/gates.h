/* What waits while the book may be older than the world (flows/catching_up.h). */
#ifndef CPPO_FLOWS_GATES_H
#define CPPO_FLOWS_GATES_H

#include "engine/turn.h"

/* Posts, and changes of them: what those that stand say is what a file that is older than they are
 * is compared with. */
extern const struct gate posts_gate;
extern const struct gate releases_gate;

#endif
