/* A YAML file, read by a table (config_table.h) into a struct. */
#ifndef CPPO_CONFIG_READ_H
#define CPPO_CONFIG_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "config_table.h"
#include "text.h"

/* Read ${file} into the zeroed struct at ${into}: what it does not name gets its default; a list of
 * maps that holds none gets its default ones. What is wrong is added to ${problems}, a line for
 * each mistake with ${path} and its line. False: it is not YAML. Either way the struct is emptied
 * by config_clear (config_members.h). */
bool config_read(FILE *file, const char *path, const struct config_row *rows, void *into,
                 struct text *problems);

#endif
