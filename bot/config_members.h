/* The members of a struct that a table fills (config_table.h). */
#ifndef CPPO_CONFIG_MEMBERS_H
#define CPPO_CONFIG_MEMBERS_H

#include <stddef.h>

#include "config_table.h"

/* Where the member of ${row} lies in the struct at ${into}. */
void *config_member(void *into, const struct config_row *row);

/* Of a list of maps: the array, whatever its members are; and how many there are. */
char *config_maps(void *into, const struct config_row *row);
size_t *config_count(void *into, const struct config_row *row);

/* Free what the members hold; not the struct. */
void config_clear(const struct config_row *rows, void *from);

#endif
