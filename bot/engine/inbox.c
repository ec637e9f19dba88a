/* What was answered already, so that a second delivery gets the same answer and nothing else. */
#include <stdlib.h>

#include "internal.h"
#include "io/store.h"
#include "mem.h"

static const int64_t PRUNE_EVERY_MS = INT64_C(6) * 3600 * 1000;
static const int64_t KEPT_MS = INT64_C(7) * 24 * 3600 * 1000;

bool inbox_find(struct engine *engine, const char *const *keys, char **answer)
{
    for (; *keys != NULL; keys++) {
        struct rows *rows =
            store_query(engine->store, "SELECT answer, answer IS NULL FROM inbox WHERE key = ?",
                        SQL_ARGS(SQL_TEXT(*keys)));
        if (!rows_next(rows))
            continue;
        *answer = rows_int(rows, 1) ? NULL : mem_copy(rows_text(rows, 0));
        rows_close(rows);
        return true;
    }
    return false;
}

void inbox_remember(struct turn *turn, const char *const *keys, const char *answer)
{
    for (; *keys != NULL; keys++)
        store_run(turn_writes(turn),
                  "INSERT INTO inbox (key, seen_at, answer) VALUES (?, ?, ?)"
                  " ON CONFLICT (key) DO NOTHING",
                  SQL_ARGS(SQL_TEXT(*keys), SQL_INT(turn->time), SQL_TEXT(answer)));
}

static void prune(struct turn *turn, int64_t unused)
{
    (void)unused;
    store_run(turn_writes(turn), "DELETE FROM inbox WHERE seen_at < ?",
              SQL_ARGS(SQL_INT(turn->time - KEPT_MS)));
    turn_timer(turn, &inbox_prune, 0, PRUNE_EVERY_MS);
}

const struct timer_type inbox_prune = {.name = "engine.prune", .due = prune};
