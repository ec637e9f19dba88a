/* The running bot: builds the parts, owns the order of their birth and death. */
#ifndef CPPO_RUN_BOT_H
#define CPPO_RUN_BOT_H

#include "config.h"

/* Runs until SIGTERM or SIGINT; the process's exit status. */
int bot_run(const struct config *config);

#endif
