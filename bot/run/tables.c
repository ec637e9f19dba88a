#include "run/tables.h"

#include <string.h>

#include "handlers.h"

#define FLOW_ADDRESS(name) &name##_flow,
const struct flow *const bot_flows[] = {FLOWS(FLOW_ADDRESS) NULL};

static const struct effect_type *effect_named(const char *name)
{
    for (const struct flow *const *flow = bot_flows; *flow != NULL; flow++) {
        for (size_t i = 0; i < MAX_TYPES && (*flow)->effects[i] != NULL; i++) {
            if (strcmp((*flow)->effects[i]->name, name) == 0)
                return (*flow)->effects[i];
        }
    }
    return NULL;
}

static const struct timer_type *timer_named(const char *name)
{
    for (const struct flow *const *flow = bot_flows; *flow != NULL; flow++) {
        for (size_t i = 0; i < MAX_TYPES && (*flow)->timers[i] != NULL; i++) {
            if (strcmp((*flow)->timers[i]->name, name) == 0)
                return (*flow)->timers[i];
        }
    }
    return NULL;
}

const struct tables bot_tables = {
    .handler_of = handlers_route,
    .effect_named = effect_named,
    .timer_named = timer_named,
    .start = flows_tell_start,
    .unknown = handlers_unknown,
    .alarm = flows_tell_alarm,
    .delivered = flows_tell_delivery,
    .completed = flows_tell_completion,
};
