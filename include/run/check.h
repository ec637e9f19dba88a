/* `cppo-bot check`: what is wrong, before the first request meets it. */
#ifndef CPPO_RUN_CHECK_H
#define CPPO_RUN_CHECK_H

#include "config.h"

/* Prints a line for everything looked at: tokens by kind, scopes, channels, people, the state file,
 * AWS credentials, identity, permissions, authorizations. 0 when nothing is wrong, else 1. Changes
 * nothing anywhere. */
int check_run(const struct config *config);

#endif
