/* The playbooks of the configuration, as a whole. */
#ifndef CPPO_CONFIG_PLAYBOOKS_H
#define CPPO_CONFIG_PLAYBOOKS_H

#include "config.h"
#include "text.h"

/* Read the playbooks that were written into ${config}. What is wrong with them is added to
 * ${problems}, each with its line. */
void config_playbooks_read(struct config *config, const char *path, struct text *problems);

#endif
