/* What waits while the book may be older than the world (flows/catching_up.h). */
#ifndef CPPO_FLOWS_GATES_H
#define CPPO_FLOWS_GATES_H

#include "engine/types.h"

extern const struct gate posts_gate; /* new posts */
extern const struct gate releases_gate;

#endif
