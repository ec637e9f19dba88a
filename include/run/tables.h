/* The tables of what there is: routes, effects, timers, and the schema. */
#ifndef CPPO_RUN_TABLES_H
#define CPPO_RUN_TABLES_H

#include "engine/engine.h"

extern const struct tables bot_tables;
extern const char *const bot_migrations[];
extern const size_t bot_migration_count;

#endif
