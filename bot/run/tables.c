#include "run/tables.h"

#include <string.h>

#include "book/acceptances.h"
#include "book/change_sets.h"
#include "book/doubts.h"
#include "book/letters.h"
#include "book/marks.h"
#include "book/offers.h"
#include "book/pending_actions.h"
#include "flows/access.h"
#include "flows/notify.h"
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

static void start(struct turn *turn)
{
    for (const struct flow *const *flow = bot_flows; *flow != NULL; flow++) {
        if ((*flow)->on_start != NULL)
            (*flow)->on_start(turn);
    }
}

const struct tables bot_tables = {
    .handler_of = handlers_route,
    .effect_named = effect_named,
    .timer_named = timer_named,
    .start = start,
    .unknown = handlers_unknown,
    .alarm = notify_operators,
    .delivered = notify_on_delivery,
    .completed = access_on_completion,
};

const char *const bot_migrations[] = {engine_schema,
                                      book_schema,
                                      book_schema_2,
                                      engine_schema_2,
                                      book_schema_people,
                                      book_schema_terms,
                                      book_schema_product,
                                      engine_schema_3,
                                      book_schema_dates,
                                      book_schema_tally,
                                      book_schema_3,
                                      book_schema_letters,
                                      book_schema_4,
                                      book_schema_slow,
                                      book_schema_after,
                                      book_schema_origins,
                                      book_schema_doubts,
                                      book_schema_names,
                                      book_schema_names_2,
                                      engine_schema_4,
                                      book_schema_sale,
                                      book_schema_steps,
                                      book_schema_change_sets,
                                      book_schema_kinds,
                                      book_schema_words,
                                      book_schema_marks,
                                      engine_schema_5,
                                      engine_schema_6,
                                      book_schema_pending_actions};
const size_t bot_migration_count = sizeof(bot_migrations) / sizeof(bot_migrations[0]);
