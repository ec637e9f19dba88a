/* The tables of what there is: flows with their effects and timers, and handlers. */
#ifndef CPPO_RUN_TABLES_H
#define CPPO_RUN_TABLES_H

#include "engine/engine.h"
#include "flows/flow.h"

extern const struct flow *const bot_flows[]; /* NULL ends */
extern const struct tables bot_tables;

#endif
