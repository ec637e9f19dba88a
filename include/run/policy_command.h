/* `cppo-bot policy test`: what the rules of a configuration say of the offers in the state file. */
#ifndef CPPO_RUN_POLICY_COMMAND_H
#define CPPO_RUN_POLICY_COMMAND_H

#include <stdbool.h>

#include "config.h"

/* ${which}: "CPPO-12" or "12", in full; NULL: a line each of those that wait for approval, or with
 * ${all} of every one there is. It judges by the functions that judge a click, as everything is
 * now: today's prices, checks, quota and people, these as the bot last read them. It only reads,
 * beside a running bot or without one. The process's exit status. */
int policy_command(const struct config *config, const char *which, bool all);

#endif
