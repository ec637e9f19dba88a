/* The rules of approval in the configuration, as a whole. */
#ifndef CPPO_CONFIG_RULES_H
#define CPPO_CONFIG_RULES_H

#include "config.h"
#include "text.h"

/* Read the rules that were written, each part of which could be read, into ${config}. What is wrong
 * with them or their lists is added to ${problems}, each with its line. */
void config_rules_read(struct config *config, const char *path, struct text *problems);

#endif
