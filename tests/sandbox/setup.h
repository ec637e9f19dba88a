/* What a bot needs to find its way into the sandbox: DIR/cppo.yaml and DIR/sandbox.env. */
#ifndef SANDBOX_SETUP_H
#define SANDBOX_SETUP_H

#include "err.h"
#include "sandbox.h"

/* Make ${dir} and write both files; a book of an earlier sandbox (DIR/cppo.db) is removed, since
 * the workspace it tells of is gone. */
int setup_write(const struct sandbox *sandbox, const char *dir, struct err *err);
/* The environment as "NAME=value" texts, ended by NULL: that of this process with the sandbox's in
 * front. Free the list only. ${storage} holds the sandbox's own. */
enum { SETUP_NAMES = 11 };
char **setup_environment(const struct sandbox *sandbox, char *storage[SETUP_NAMES]);

#endif
