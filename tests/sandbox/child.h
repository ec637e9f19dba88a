/* The bot as a child of the sandbox: started with the sandbox's environment, started again a second
 * after it ended by itself. Its standard error goes to DIR/bot.log. */
#ifndef SANDBOX_CHILD_H
#define SANDBOX_CHILD_H

#include "err.h"
#include "sandbox.h"

struct child;
/* ${command} ends with NULL and is kept. */
struct child *child_open(struct sandbox *sandbox, char **command, const char *dir, struct err *err);
/* End it with SIGTERM (SIGKILL after 5 s); ${done} is called when it has ended, perhaps at once.
 * ${child} may be NULL. */
void child_stop(struct child *child, void (*done)(void *ctx), void *ctx);
/* SIGKILL: it is started again as after any other end. False when none is running. */
bool child_kill(struct child *child);
/* {running, pid, starts}, a new reference; null when ${child} is NULL. */
json_t *child_state(const struct child *child);
void child_close(struct child *child); /* after it was stopped; NULL is fine */

#endif
