/* `cppo-bot offers`: what the state file holds, beside a running bot or without one. */
#ifndef CPPO_RUN_OFFERS_COMMAND_H
#define CPPO_RUN_OFFERS_COMMAND_H

#include <stdbool.h>

#include "config.h"

/* ${which} NULL: a line an offer, newest first; a state's name: those in it; "CPPO-12" or "12": one
 * with its history. ${json}: for programs, with ids. The process's exit status. */
int offers_command(const struct config *config, const char *which, bool json);

#endif
