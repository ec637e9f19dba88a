/* What brings a state file of any version up to this one (io/store.h, store_open): in order, never
 * changed, only added to. */
#ifndef CPPO_RUN_MIGRATIONS_H
#define CPPO_RUN_MIGRATIONS_H

#include <stddef.h>

extern const char *const bot_migrations[];
extern const size_t bot_migration_count;

#endif
