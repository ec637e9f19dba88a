/* The tables of what there is: flows with their effects and timers, handlers, and the schema. */
#ifndef CPPO_RUN_TABLES_H
#define CPPO_RUN_TABLES_H

#include "engine/engine.h"
#include "flows/flow.h"

extern const struct flow *const bot_flows[]; /* NULL ends */
extern const struct tables bot_tables;
extern const char *const bot_migrations[];
extern const size_t bot_migration_count;

#endif
